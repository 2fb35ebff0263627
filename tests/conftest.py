"""What the tests share: the command line as a real process, and the golden values."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SAMPLE_DATA = ROOT / "sample_data"
TRUE, PRED = "[[0,1,1],[0,0,1]]", "[[1,1,0],[1,0,1]]"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def losscli(tmp_path: Path) -> Run:
    """Run `losscli ARGS` in a scratch folder: a process of its own, in a plain environment."""

    def run(
        *args: str | Path,
        env: dict[str, str] | None = None,
        stdin: str | bytes | None = None,
        timeout: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "losscli", *map(str, args)],
            cwd=tmp_path,
            env={**plain_environment(), **(env or {})},
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            timeout=timeout,
        )
        texts = done.stdout.decode(), done.stderr.decode()
        return subprocess.CompletedProcess(done.args, done.returncode, *texts)

    return run


def plain_environment() -> dict[str, str]:
    """The environment of the tests without what changes how a terminal program writes."""
    drop = (
        "NO_COLOR",
        "FORCE_COLOR",
        "COLUMNS",
        "LINES",
        "TERM",
        "PYTHONIOENCODING",
        "PYTHONUNBUFFERED",  # it hides what goes wrong when Python flushes at exit
    )
    kept = {k: v for k, v in os.environ.items() if k not in drop and not k.startswith("LOSSCLI_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def golden(dialect: str) -> dict[str, Any]:
    """The values that a framework computed: {'cases': …, 'values': […], 'versions': …}."""
    document: dict[str, Any] = json.loads((ROOT / f"tests/golden/{dialect}.json").read_text())
    return document
