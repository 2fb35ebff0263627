"""What the tests share: the command line, and the golden values."""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:  # each has a core; threads of NumPy's would wait for none
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests import inside

ROOT = Path(__file__).parent.parent
SAMPLE_DATA = ROOT / "sample_data"
TRUE, PRED = "[[0,1,1],[0,0,1]]", "[[1,1,0],[1,0,1]]"

Run = Callable[..., subprocess.CompletedProcess[str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--processes", action="store_true", help="run each command as a process of its own"
    )


def pytest_collection_finish() -> None:
    """Look no more for garbage among the tests themselves: there are more than ten thousand."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def losscli(tmp_path: Path, pytestconfig: pytest.Config) -> Run:
    """Run `losscli ARGS` in a scratch folder and a plain environment, within this process.

    It is as a process of its own would be, but for what the interpreter does when it starts and
    ends: `process` is for that, for signals, and for descriptors that are closed or terminals.
    """
    return in_process(tmp_path) if pytestconfig.getoption("--processes") else within(tmp_path)


@pytest.fixture
def process(tmp_path: Path) -> Run:
    """As `losscli`, but a process of its own."""
    return in_process(tmp_path)


def within(folder: Path) -> Run:
    def run(
        *args: str | Path,
        env: dict[str, str] | None = None,
        stdin: str | bytes | None = None,
        cwd: Path = folder,
        timeout: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        for name in env or {}:
            assert not name.startswith(inside.OF_THE_INTERPRETER), f"{name} needs a process"
        done = inside.call(
            [*map(str, args)],
            folder=cwd,
            environment={**plain_environment(), **(env or {})},
            stdin=stdin.encode() if isinstance(stdin, str) else stdin,
            timeout=timeout,
        )
        return text(done)

    return run


def in_process(folder: Path) -> Run:
    def run(
        *args: str | Path,
        env: dict[str, str] | None = None,
        stdin: str | bytes | None = None,
        cwd: Path = folder,
        timeout: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "losscli", *map(str, args)],
            cwd=cwd,
            env={**plain_environment(), **(env or {})},
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            timeout=timeout,
        )
        return text(done)

    return run


def text(done: subprocess.CompletedProcess[bytes]) -> subprocess.CompletedProcess[str]:
    texts = done.stdout.decode(), done.stderr.decode()
    return subprocess.CompletedProcess(done.args, done.returncode, *texts)


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
