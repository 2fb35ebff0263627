"""What a source can tell of its columns before their cells are taken for numbers."""

from collections.abc import Iterator, Sequence
from typing import Literal, Protocol

from losscli.sources.base import Source

ColumnKind = Literal["number", "whole", "text", "empty"]


class Described(Source, Protocol):
    """A source that knows what its columns hold, and gives their cells as text."""

    def column_kinds(self) -> tuple[ColumnKind, ...]:
        """The kind of each column, from the first block: 'whole' if all its numbers are whole ones,
        'text' if any cell is text, 'empty' if all are missing. Raises SourceError.
        """
        ...

    def texts(self, rows: int, columns: Sequence[int]) -> Iterator[list[tuple[str, ...]]]:
        """The cells of these columns as text, a tuple a row, in lists of `rows` rows.

        A missing cell is the empty text; whole numbers have no point. Raises SourceError.
        """
        ...
