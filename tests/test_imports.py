"""Imports run one way: read off the source, imports inside functions included."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, plain_environment

PACKAGE = ROOT / "losscli"

# What each room may import of losscli besides itself: rooms, or single modules of them. The package
# itself (`losscli`) is only its version and lazy names.
GROUND = {"losscli.words", "losscli.errors"}
PASS = {"losscli.losses", "losscli.frameworks", "losscli.sources.base", "losscli.sources.columns"}
ALLOWED: dict[str, set[str]] = {
    "losscli": set(),
    "losscli.words": set(),
    "losscli.errors": set(),
    "losscli.losses": GROUND,
    "losscli.sources": GROUND,
    "losscli.frameworks": {*GROUND, "losscli.losses"},
    "losscli.backend": set(),
    "losscli.engine": {*GROUND, *PASS},
    "losscli.custom": {*GROUND, "losscli.losses", "losscli.frameworks", "losscli.backend"},
    "losscli.request": {
        *GROUND,
        "losscli.losses",
        "losscli.frameworks",
        "losscli.sources",
        "losscli.engine",
        "losscli.custom",
    },
    "losscli.gates": {*GROUND, *PASS, "losscli.engine", "losscli.request"},
    "losscli.settings": {*GROUND, "losscli.request", "losscli.gates"},
    "losscli.reports": {
        *GROUND,
        "losscli",
        "losscli.losses",
        "losscli.frameworks",
        "losscli.engine.result",
        "losscli.engine.plain",
        "losscli.gates.baseline",
        "losscli.gates.expression",
        "losscli.gates.outcome",
    },
    "losscli.api": {
        *GROUND,
        "losscli.losses.numerics",
        "losscli.frameworks",
        "losscli.engine.result",
        "losscli.gates",
        "losscli.request",
    },
    # Losses and sources are reached through `request` alone.
    "losscli.cli": {
        *GROUND,
        "losscli",
        "losscli.request",
        "losscli.gates",
        "losscli.settings",
        "losscli.reports",
    },
    "losscli.__main__": {"losscli.cli"},
}
# The package's face imports these when a name is first used, by name: not an import statement.
LAZY = {"losscli.api", "losscli.engine", "losscli.errors", "losscli.losses"}

# Packages from outside, and the rooms that may import them. Any other is refused.
OUTSIDE = {
    "compression": {"losscli.sources"},  # in the standard library from Python 3.14 on
    "numpy": {"losscli.losses", "losscli.sources", "losscli.engine", "losscli.reports",
              "losscli.backend", "losscli.custom", "losscli.request", "losscli.api", "losscli.cli"},
    "rich": {"losscli.reports", "losscli.cli"},
    "click": {"losscli.cli"},
}  # fmt: skip

FILES = sorted(PACKAGE.rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    """The part of the package that a module belongs to: `losscli.engine` of `losscli.engine.x`."""
    return ".".join(module.split(".")[:2])


def is_module(name: str) -> bool:
    path = ROOT / Path(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def imports(source: str) -> Iterator[str]:
    """Every module that the source imports, wherever in it; `from a import b` is a.b if one."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import in line {node.lineno}: not the house's way"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if is_module(whole) else str(node.module)
        elif isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func):
            yield from _literal_import(node)


def _literal_import(call: ast.Call) -> Iterator[str]:
    """import_module("a.b") is an import like any other; of an f-string its fixed beginning is."""
    argument = call.args[0]
    if isinstance(argument, ast.JoinedStr):
        argument = argument.values[0]
    if isinstance(argument, ast.Constant):
        yield str(argument.value).rstrip(".")


def faults(module: str, source: str) -> list[str]:
    """The imports that the module may not have."""
    home = room(module)
    wrong = []
    for name in imports(source):
        top = name.partition(".")[0]
        if top == "losscli":
            may = ALLOWED[home] | ({home} if home != "losscli" else LAZY)
            fine = name in may or any(name.startswith(f"{m}.") for m in may if m != "losscli")
        else:
            fine = top in sys.stdlib_module_names or home in OUTSIDE.get(top, ())
        if not fine:
            wrong.append(name)
    return wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    assert faults(module_name(path), path.read_text(encoding="utf-8")) == []


def test_every_room_has_its_rule() -> None:
    assert {room(module_name(path)) for path in FILES} == set(ALLOWED)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("losscli.errors", "import numpy"),
        ("losscli.losses.spec", "from losscli.sources.base import Source"),
        ("losscli.losses.spec", "from losscli.sources import base"),
        ("losscli.losses.spec", "from losscli import sources"),
        ("losscli.sources.csv", "def f():\n    from losscli.losses.numerics import Array"),
        ("losscli.sources.csv", "def f():\n    import pandas"),
        ("losscli.engine.run", "from losscli.sources.csv import CsvSource"),
        ("losscli.engine.run", "from losscli.sources.open import open_source"),
        ("losscli.engine.result", "import rich"),
        ("losscli.reports.table", "from losscli.sources.base import Source"),
        ("losscli.reports.table", "from losscli.cli.main import run"),
        ("losscli.reports.table", "from losscli.engine.run import run"),
        ("losscli.reports.table", "import click"),
        ("losscli.backend.keras", "from losscli.errors import LosscliError"),
        ("losscli.backend.keras", "from losscli.losses.numerics import Array"),
        ("losscli.backend.keras", "import tensorflow"),
        ("losscli.custom.files", "from losscli.engine.run import run"),
        ("losscli.losses.spec", "from losscli.backend.base import Loss"),
        ("losscli.engine.probe", "from losscli.custom.files import load"),
        ("losscli.settings.config", "from losscli.reports.csv import CsvWriter"),
        ("losscli.settings.config", "from losscli.sources.open import open_source"),
        ("losscli.engine.plan", "from losscli.settings.config import load"),
        ("losscli.api", "from losscli.cli import main"),
        ("losscli.api", "from rich.table import Table"),
        ("losscli.cli.main", "import losscli.__main__"),
        ("losscli.cli.main", "import pandas"),
        ("losscli", "from losscli.cli.main import run"),
        ("losscli.engine.run", 'import_module(f"losscli.cli.{name}")'),
    ],
)
def test_the_rule_sees_a_wrong_import(module: str, source: str) -> None:
    assert len(faults(module, source)) == 1


def test_the_lazy_names_come_from_where_the_face_may_look() -> None:
    from losscli import _HOME

    assert {room(module) for module in _HOME.values()} <= LAZY


HEAVY = ("numpy", "rich")


@pytest.mark.parametrize(
    "arguments",
    [
        *(["--help"], ["--version"], ["compute", "--help"], ["check", "--help"]),
        *(["baseline", "save", "--help"], ["version", "--all"], ["completion", "zsh"]),
    ],
)
def test_help_and_version_import_neither_numpy_nor_rich(arguments: list[str]) -> None:
    program = (
        "import sys\n"
        "from losscli.cli.main import run\n"
        f"code = run({arguments!r})\n"
        f"found = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "print('LOADED', code, found, file=sys.stderr)\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        env=plain_environment(),
        cwd=ROOT,
        timeout=60,
        check=True,
    )
    assert process.stdout
    assert process.stderr.splitlines()[-1] == "LOADED 0 []"
