"""Words as numbers: columns of labels, each cell the number that a codebook has for it."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from losscli.errors import DataError, quoted, setting, skip_hint
from losscli.sources.base import Array, Key
from losscli.sources.described import Described

# The number of a label; None of one that is none of the classes.
Code = Callable[[str], float | None]


class Codebook:
    """Numbers for labels in the order in which they are first seen; 1, 1.0 and 01 are one label."""

    def __init__(self) -> None:
        self._codes: dict[str | float, float] = {}

    def __call__(self, text: str) -> float:
        return self._codes.setdefault(label_of(text), float(len(self._codes)))


def label_of(text: str) -> str | float | int:
    """What labels are compared by: whole numbers exactly, others as floats, else the text."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


class Coded:
    """Columns of `source` as numbers, by a codebook. `classes` says in errors what there are."""

    names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()

    def __init__(
        self,
        source: Described,
        columns: Sequence[int],
        code: Code,
        *,
        classes: str = "",
        allow_missing: bool = False,
    ) -> None:
        self.label = source.label
        self._source = source
        self._columns = tuple(columns)
        self._code = code
        self._classes = classes
        self._allow_missing = allow_missing

    @property
    def shape(self) -> tuple[int | None, ...]:
        return (self._source.shape[0], len(self._columns))

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        start = 0
        for texts in self._source.texts(rows, self._chosen(columns)):
            cells = [
                [self._number(text, start + i, j) for j, text in enumerate(row)]
                for i, row in enumerate(texts)
            ]
            yield np.array(cells, dtype=np.float64).reshape(len(texts), -1)
            start += len(texts)

    def keys(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        return self._source.keys(rows, self._chosen(columns))

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        return self._source.locate(row, (self._columns[index[0]],))

    def _chosen(self, columns: Sequence[int] | None) -> tuple[int, ...]:
        return self._columns if columns is None else tuple(self._columns[c] for c in columns)

    def _number(self, text: str, row: int, column: int) -> float:
        if not text:
            if self._allow_missing:
                return float("nan")
            raise DataError(f"{self.locate(row, (column,))}: the label is missing", skip_hint())
        code = self._code(text)
        if code is None:
            raise DataError(
                f"{self.locate(row, (column,))}: {quoted(text)} is none of the classes "
                f"{self._classes}",
                f"{setting('labels')} says which there are, in the order of the columns",
            )
        return code
