"""Rows of an array in memory."""

from collections.abc import Iterator, Sequence

import numpy as np

from losscli.errors import SourceError
from losscli.sources.base import Array, Key, element, take_columns
from losscli.sources.ids import array_keys


class ArraySource:
    """An array whose axis 0 is samples; a 1-D one is n samples of one value. Raises SourceError."""

    names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()

    def __init__(self, array: Array, label: str) -> None:
        if array.dtype.kind not in "biuf":
            raise SourceError(f"{label} holds {array.dtype}, not numbers")
        if array.ndim == 0:
            raise SourceError(
                f"{label} is a single number", "write a list, of one number per sample: [0.5]"
            )
        self.label = label
        self._array = array.reshape(-1, 1) if array.ndim == 1 else array

    @property
    def shape(self) -> tuple[int | None, ...]:
        return self._array.shape

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        native = self._array.dtype.newbyteorder("=")
        for start in range(0, len(self._array), rows):
            block = np.ascontiguousarray(self._array[start : start + rows], dtype=native)
            yield take_columns(block, columns)

    def keys(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        return array_keys(self, rows, columns)

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        return f"{self.label}, row {row + 1}, {element(index)}"
