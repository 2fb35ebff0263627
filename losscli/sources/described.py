"""Sources that tell what their columns hold: what rows and columns are paired by."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol, runtime_checkable

from losscli.sources.base import Key, Source
from losscli.words import ColumnKind

# No count of rows has more digits.
COUNT = re.compile(r"[+-]?[0-9]{1,18}")


@runtime_checkable
class Described(Source, Protocol):
    """A source whose columns may hold words: keys, dates, labels."""

    def column_kinds(self) -> tuple[ColumnKind, ...]:
        """What the cells of each column are, as far as the first rows show it.

        'whole': plain whole numbers; 'text': all cells that are not missing are no numbers;
        'number': others, also one of numbers with a faulty cell; 'empty': all cells are missing, or
        there is no row. What cannot be read any more (a pipe whose blocks were taken) raises
        SourceError.
        """
        ...

    def texts(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        """As `keys`, but an empty cell is empty text: labels, which may be missing."""
        ...


def rising_step(cells: Sequence[str]) -> int:
    """How much larger each cell is than the one before; 0 if they are not whole numbers that rise
    by the same step, two at least.
    """
    if len(cells) < 2 or not all(map(COUNT.fullmatch, cells)):
        return 0
    steps = {b - a for a, b in pairwise(map(int, cells))}
    step = steps.pop()
    return 0 if steps else max(step, 0)
