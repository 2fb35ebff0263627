"""Every public function of every room says what it does."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "losscli"
ROOMS = sorted(
    path for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
)


def without_docstring(source: str) -> Iterator[str]:
    """The public functions and classes that stand free in a file, and have no docstring."""
    for node in ast.parse(source).body:
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
            and not any("overload" in ast.unparse(d) for d in node.decorator_list)
        ):
            yield f"{node.name}, line {node.lineno}"


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.stem)
def test_every_public_function_of_a_room_has_a_docstring(room: Path) -> None:
    files = [room] if room.is_file() else sorted(room.rglob("*.py"))
    missing = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        for name in without_docstring(file.read_text(encoding="utf-8"))
    ]
    assert missing == []


def test_a_function_without_one_is_seen() -> None:
    source = 'def a(): pass\ndef _b(): pass\ndef c():\n    "said"\nclass D: pass\n'
    assert [*without_docstring(source)] == ["a, line 1", "D, line 5"]
