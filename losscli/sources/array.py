"""Rows of an array in memory."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from losscli.errors import SourceError
from losscli.sources.base import Array, Key, element, take_columns
from losscli.sources.ids import array_keys, text_keys
from losscli.sources.missing import USUAL, Missing
from losscli.sources.values import (
    FIRST_ROWS,
    NUMBERS,
    can_be_read,
    column_kinds,
    number_type,
    to_numbers,
    to_texts,
    type_error,
    widen,
)
from losscli.words import ColumnKind


class ArraySource:
    """An array whose axis 0 is samples; a 1-D one is n samples of one value.

    It may be masked, and hold text or Python objects: what is no number is refused with its place
    when its block is read. `place` says where the element at an index stands, if that is not what
    `locate` says. Raises SourceError for types that have neither numbers nor text.
    """

    names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()

    def __init__(
        self,
        array: Array,
        label: str,
        missing: Missing = USUAL,
        place: Callable[[tuple[int, ...]], str] | None = None,
    ) -> None:
        array = widen(array)
        if not can_be_read(array.dtype):
            raise type_error(label, array.dtype)
        if array.ndim == 0:
            raise SourceError(
                f"{label} is a single number", "write a list, of one number per sample: [0.5]"
            )
        self.label = label
        self._array = array.reshape(-1, 1) if array.ndim == 1 else array
        self._missing = missing
        self._place = place
        self._type = number_type(self._array, missing)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the values, in which torch and scikit-learn compute."""
        return self._array.dtype

    @property
    def shape(self) -> tuple[int | None, ...]:
        return self._array.shape

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        for start in range(0, len(self._array), rows):
            # What is not asked for need not be numbers.
            block = take_columns(self._array[start : start + rows], columns)
            yield to_numbers(block, self._type, self._missing, self._placer(start, columns))

    def keys(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        if self._array.dtype.kind not in NUMBERS or isinstance(self._array, np.ma.MaskedArray):
            return text_keys(self, rows, columns)
        return array_keys(self, rows, columns)

    def texts(self, rows: int, columns: Sequence[int]) -> Iterator[list[tuple[str, ...]]]:
        for start in range(0, len(self._array), rows):
            yield to_texts(self._array[start : start + rows, list(columns)], self._missing)

    def column_kinds(self) -> tuple[ColumnKind, ...]:
        return column_kinds(self._array[:FIRST_ROWS], self._missing)

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        return f"{self.label}, row {row + 1}, {element(index)}"

    def _placer(
        self, start: int, columns: Sequence[int] | None
    ) -> Callable[[tuple[int, ...]], str]:
        """Where the elements of a block of these columns stand that begins at row `start`."""

        def place(index: tuple[int, ...]) -> str:
            row, *rest = index
            if columns is not None:
                rest[0] = columns[rest[0]]
            if self._place is not None:
                return self._place((start + row, *rest))
            return self.locate(start + row, tuple(rest))

        return place
