"""What goes to standard error, and what happens when a standard stream is broken."""

import os
import sys
from collections.abc import Iterable
from typing import TextIO

from losscli.cli.context import global_option
from losscli.errors import printable


def say(line: str) -> None:
    """Write a line to standard error. That nobody can read it changes no exit code."""
    if sys.stderr is None:
        return
    try:
        print(printable(line), file=sys.stderr, flush=True)  # noqa: T201
    except (OSError, ValueError):
        silence(sys.stderr)


def remark(line: str) -> None:
    """As `say`, of what is neither a result nor an error: not with --quiet."""
    if not global_option("quiet"):
        say(line)


def say_notes(notes: Iterable[str]) -> None:
    """Notes, a line each, after the results where both streams go to one place; none if --quiet."""
    sys.stdout.flush()
    for note in notes:
        remark(f"note: {note}")


def silence(stream: TextIO | None) -> None:
    """Let what is still buffered go nowhere, or Python would fail when it flushes at exit."""
    try:
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return
