"""What goes to standard error, and what happens when a standard stream is broken."""

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from losscli.cli.command import told
from losscli.errors import printable

if TYPE_CHECKING:
    from losscli.engine.result import Counts, Run


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
    if not told("quiet"):
        say(line)


def say_notes(notes: Iterable[str]) -> None:
    """Notes, a line each, after the results where both streams go to one place; none if --quiet."""
    sys.stdout.flush()
    for note in notes:
        remark(f"note: {note}")


def status_notes(run: "Run") -> list[str]:
    """A note on rows that were skipped, and one for each value that is no finite number."""
    found = skipped_notes(run.n)
    for r in run.results:
        if r.status not in ("ok", "none"):
            whose = f" of {r.model}" if len(run.models) > 1 else ""
            found.append(f"{r.label}{whose}: the value is {r.status}")
    return found


def skipped_notes(n: "Counts") -> list[str]:
    """A note on rows that were skipped, if any were."""
    if not n.skipped:
        return []
    rows = "1 row was" if n.skipped == 1 else f"{n.skipped} rows were"
    return [f"{rows} skipped for a value that is not finite"]


def silence(stream: TextIO | None) -> None:
    """Let what is still buffered go nowhere, or Python would fail when it flushes at exit."""
    try:
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return
