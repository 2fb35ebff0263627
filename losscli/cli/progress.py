"""The pass over the data, with its progress on standard error where someone waits for it."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TextIO

from losscli.cli.context import global_option
from losscli.cli.say import silence
from losscli.request.opened import Inputs, Plan, Run, run_pass

PATIENCE = 1.0  # seconds before anything is shown
PAUSE = 0.1  # seconds between two states on a terminal; in a file a state is a line, PATIENCE apart


def run(plan: Plan, inputs: Inputs, stream: TextIO) -> Run:
    """As `request.opened.run_pass`; `stream` is where the results go. Raises LosscliError."""
    if not _is_wanted(is_streaming=plan.on_block is not None, stream=stream):
        return run_pass(plan, inputs)
    with _shown(sys.stderr, inputs.y_true.shape[0]) as progress:
        return run_pass(replace(plan, on_rows=progress.rows), inputs)


def _is_wanted(is_streaming: bool, stream: TextIO) -> bool:
    if sys.stderr is None or global_option("quiet"):
        return False
    when = global_option("progress") or "auto"
    if when != "auto":
        return bool(when == "always")
    # Rows that run over the terminal are progress enough, and would mix with it.
    return sys.stderr.isatty() and not (is_streaming and stream.isatty())


class _Progress:
    """How many rows are done, of `total` if that is known: '1,000,000 of 2,000,000 rows (50%)'."""

    def __init__(self, stream: TextIO, total: int | None) -> None:
        self._stream = stream
        self._total = total
        self._is_terminal = stream.isatty()
        self._next = time.monotonic() + (0 if global_option("progress") == "always" else PATIENCE)
        self._width = 0

    def rows(self, done: int) -> None:
        """Show it, unless that was just done."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + (PAUSE if self._is_terminal else PATIENCE)
        of = f" of {self._total:,} rows ({100 * done // self._total}%)" if self._total else " rows"
        text = f"{done:,}{of}"
        if self._is_terminal:
            self._write("\r" + text.ljust(self._width))
            self._width = len(text)
        else:
            self._write(text + "\n")

    def erase(self) -> None:
        """Leave no trace of it on a terminal."""
        if self._width:
            self._write("\r" + " " * self._width + "\r")  # a dumb terminal knows no more

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            silence(self._stream)


@contextmanager
def _shown(stream: TextIO, total: int | None) -> Iterator[_Progress]:
    progress = _Progress(stream, total)
    try:
        yield progress
    finally:
        progress.erase()
