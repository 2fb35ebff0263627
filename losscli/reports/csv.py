"""CSV: a row a sample, written as the blocks come, or a row a loss."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

from losscli.engine.result import Result
from losscli.losses.numerics import Array
from losscli.reports.numbers import exact, exact_all


def line(cells: Sequence[Any]) -> str:
    """A row, quoted where it has to be."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()


def sample_header(labels: Sequence[str]) -> str:
    """The header of a row a sample."""
    return line(["sample", *labels])


def sample_writer(write: Callable[[str], object]) -> Callable[[int, list[Array]], None]:
    """A consumer of blocks that writes a row a sample, counted from 1."""

    def on_block(start: int, values: list[Array]) -> None:
        numbers = map(str, range(start + 1, start + 1 + len(values[0])))
        rows = zip(numbers, *map(exact_all, values), strict=True)
        write("".join([",".join(row) + "\n" for row in rows]))

    return on_block


def summary(results: Sequence[Result]) -> str:
    """A header, and a row a loss."""
    rows = [line(["loss", "value", "n", "min", "max", "mean", "std", "signature"])]
    for r in results:
        s = r.summary
        numbers = [] if s is None else [exact(x, r.dtype) for x in (s.min, s.max, s.mean, s.std)]
        rows.append(line([r.label, exact(r.value, r.dtype), r.n.used, *numbers, r.signature]))
    return "".join(rows)
