"""Sources whose rows are some of another source's, or stand in another order."""

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from losscli.errors import SourceError
from losscli.sources.base import Array, Key, Source, regrid, regrid_lists
from losscli.sources.described import Described
from losscli.words import ColumnKind

STRIDE = 1 << 16


class Masked:
    """The rows of `source` where `mask` (rows,) is true, streamed in their order."""

    def __init__(self, source: Source, mask: NDArray[np.bool_]) -> None:
        self.label = source.label
        self.names = source.names
        self.notes = source.notes
        self._source = source
        self._mask = mask
        starts = np.arange(0, len(mask), STRIDE)
        # How many rows are kept up to each stride: finds a row without counting from the first.
        self._kept = np.cumsum(np.add.reduceat(mask, starts, dtype=np.int64)) if len(mask) else None

    @property
    def dtype(self) -> object:
        """The type of the values, where the source knows it."""
        return getattr(self._source, "dtype", None)

    @property
    def shape(self) -> tuple[int | None, ...]:
        kept = 0 if self._kept is None else int(self._kept[-1])
        return (kept, *self._source.shape[1:])

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        return regrid(self._masked_blocks(rows, columns), rows)

    def keys(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        return regrid_lists(self._masked_lists(self._source.keys(rows, columns)), rows)

    def texts(self, rows: int, columns: Sequence[int]) -> Iterator[list[tuple[str, ...]]]:
        lists = cast(Described, self._source).texts(rows, columns)
        return regrid_lists(self._masked_lists(lists), rows)

    def column_kinds(self) -> tuple[ColumnKind, ...]:
        return cast(Described, self._source).column_kinds()

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        assert self._kept is not None
        stride = int(np.searchsorted(self._kept, row, side="right"))
        before = int(self._kept[stride - 1]) if stride else 0
        start = stride * STRIDE
        place = np.flatnonzero(self._mask[start : start + STRIDE])[row - before]
        return self._source.locate(start + int(place), index)

    def _masked_blocks(self, rows: int, columns: Sequence[int] | None) -> Iterator[Array]:
        start = 0
        for block in self._source.blocks(rows, columns):
            yield block[self._part(start, len(block))]
            start += len(block)
        self._expect_all(start)

    def _masked_lists(self, lists: Iterable[list[Key]]) -> Iterator[list[Key]]:
        start = 0
        for keys in lists:
            mask = self._part(start, len(keys)).tolist()
            yield [key for key, kept in zip(keys, mask, strict=True) if kept]
            start += len(keys)
        self._expect_all(start)

    def _part(self, start: int, count: int) -> NDArray[np.bool_]:
        part = self._mask[start : start + count]
        if len(part) != count:
            raise change_error(self.label)
        return part

    def _expect_all(self, rows: int) -> None:
        if rows != len(self._mask):
            raise change_error(self.label)


class Reordered:
    """The rows of `source`, which has `total`, in the `order` (rows,) given; held in memory.

    Only the columns that are asked for are held, and only those that were asked for last.
    """

    def __init__(self, source: Source, order: NDArray[np.int64], total: int) -> None:
        self.label = source.label
        self.names = source.names
        self.notes = source.notes
        self._source = source
        self._order = order
        self._total = total
        self._held: tuple[tuple[int, ...] | None, Array] | None = None

    @property
    def dtype(self) -> object:
        """The type of the values, where the source knows it."""
        return getattr(self._source, "dtype", None)

    @property
    def shape(self) -> tuple[int | None, ...]:
        return (len(self._order), *self._source.shape[1:])

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        values = self._values(rows, None if columns is None else tuple(columns))
        for start in range(0, len(self._order), rows):
            yield values[self._order[start : start + rows]]

    def keys(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        return self._reorder(self._source.keys(rows, columns), rows)

    def texts(self, rows: int, columns: Sequence[int]) -> Iterator[list[tuple[str, ...]]]:
        return self._reorder(cast(Described, self._source).texts(rows, columns), rows)

    def column_kinds(self) -> tuple[ColumnKind, ...]:
        return cast(Described, self._source).column_kinds()

    def _reorder(self, lists: Iterable[list[Key]], rows: int) -> Iterator[list[Key]]:
        keys = [key for block in lists for key in block]
        if len(keys) != self._total:
            raise change_error(self.label)
        for start in range(0, len(self._order), rows):
            yield [keys[row] for row in self._order[start : start + rows].tolist()]

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        return self._source.locate(int(self._order[row]), index)

    def _values(self, rows: int, columns: tuple[int, ...] | None) -> Array:
        """All rows of these columns, in the order of the source."""
        if self._held is not None and self._held[0] == columns:
            return self._held[1]
        self._held = values = None
        start = 0
        for block in self._source.blocks(rows, columns):
            if values is None:
                values = np.empty((self._total, *block.shape[1:]), dtype=block.dtype)
            if start + len(block) > self._total:
                raise change_error(self.label)
            values[start : start + len(block)] = block
            start += len(block)
        if values is None or start != self._total:
            raise change_error(self.label)
        self._held = (columns, values)
        return values


def change_error(label: str) -> SourceError:
    """What is wrong where a second reading finds other rows than the first."""
    return SourceError(f"{label} has changed while it was read")
