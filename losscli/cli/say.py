"""What goes to standard error, and what happens when a standard stream is broken."""

import os
import sys
from collections.abc import Iterable
from typing import TextIO

import click

from losscli.errors import printable


def say(line: str) -> None:
    """Write a line to standard error. That nobody can read it changes no exit code."""
    try:
        click.echo(printable(line), err=True)
    except OSError:
        silence(sys.stderr)


def say_notes(notes: Iterable[str]) -> None:
    """Notes, a line each, after the results where both streams go to one place."""
    sys.stdout.flush()
    for note in notes:
        say(f"note: {note}")


def silence(stream: TextIO | None) -> None:
    """Let what is still buffered go nowhere, or Python would fail when it flushes at exit."""
    try:
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return
