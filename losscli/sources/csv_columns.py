"""What the first rows of a CSV file show of its columns."""

import re
from dataclasses import dataclass
from functools import cached_property

from losscli.sources.csv_cells import TRUTH, WHOLE, Cells
from losscli.words import ColumnKind

# No sign, point or exponent; 007 is one.
PLAIN = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Column:
    """The cells of a column in the first rows, as text without quotes and the blanks around it."""

    cells: tuple[str, ...]
    reading: Cells

    @cached_property
    def words(self) -> list[str]:
        """The cells that are not missing."""
        return [word for word in self.cells if not self.reading.is_missing(word)]

    @cached_property
    def numbers(self) -> list[float]:
        """The values of those that are numbers."""
        values = map(self.reading.number, self.words)
        return [value for value in values if value is not None]

    @cached_property
    def texts(self) -> int:
        """How many are text."""
        return sum(not self._is_numeric(word) for word in self.words)

    def _is_numeric(self, word: str) -> bool:
        return self.reading.is_numeric(word) or word.lower() in TRUTH

    def below(self) -> "Column":
        """The column without its first cell."""
        return Column(self.cells[1:], self.reading)

    @property
    def kind(self) -> ColumnKind:
        """What `Described.column_kinds` says of it."""
        if not self.words:
            return "empty"
        if self.is_text:
            return "text"
        return "whole" if all(map(WHOLE.fullmatch, self.words)) else "number"

    @property
    def is_text(self) -> bool:
        """Whether it is text all the way down."""
        return 0 < self.texts == len(self.words)

    @property
    def is_fractional(self) -> bool:
        """Whether all its numbers are written with a point or an exponent."""
        finite = [word for word in self.words if any(c.isdigit() for c in word)]
        return bool(finite) and not any(map(WHOLE.fullmatch, finite)) and not self.texts

    @property
    def is_truth(self) -> bool:
        """Whether there is a truth value in it."""
        return any(word.lower() in TRUTH for word in self.words)
