"""A file of losses in a scratch folder, and the command line in this process."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from losscli.cli.main import run

HEAD = """from losscli import backend as K
from losscli import loss
from losscli.backend import tf, Loss
"""

Write = Callable[..., str]
Shell = Callable[..., tuple[int, str, str]]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a file of losses, three lines of imports before it, and return its relative path."""
    monkeypatch.chdir(tmp_path)

    def write(source: str, name: str = "own.py", head: str = HEAD) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head + textwrap.dedent(source), encoding="utf-8")
        return name

    return write


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """Run the command line in this process: (exit code, stdout, stderr)."""

    def shell(*args: str) -> tuple[int, str, str]:
        code = run(args)
        out, err = capsys.readouterr()
        return code, out, err

    return shell
