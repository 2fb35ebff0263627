"""A terminal of 60 columns."""

import os
import pty
import subprocess
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import plain_environment

Screen = Callable[..., str]


@pytest.fixture
def screen(tmp_path: Path) -> Screen:
    """What a terminal of 60 columns is sent on standard output and standard error."""

    def run(*args: str | Path, **environment: str) -> str:
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(ours, (24, 60))
        process = subprocess.Popen(
            [sys.executable, "-m", "losscli", *args],
            cwd=tmp_path,
            env={**plain_environment(), "TERM": "xterm-256color", **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        received = b""
        with suppress(OSError):  # EIO: the other end was closed
            while piece := os.read(ours, 1 << 16):
                received += piece
        process.wait(timeout=60)
        os.close(ours)
        return received.decode().replace("\r\n", "\n")

    return run
