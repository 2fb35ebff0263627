"""Pairing the rows of two sources by their ids.

Three ways, tried in this order, each from the start of both sources:
- a merge, while the ids of both ascend: nothing but a mask of the rows is held;
- in step, while the ids are equal: a hash of each is held, to find duplicates;
- a table of y_pred's ids.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise, zip_longest
from operator import lt
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from losscli.errors import DataError, SourceError, UsageError, quoted, setting
from losscli.sources.base import Key, Source
from losscli.sources.ids import WHOLE, key_type
from losscli.sources.joined import Masked, Reordered

# How many ids the table holds: about a gigabyte of them.
TABLE_ROWS = 5_000_000
# How many rows may be looked through for duplicates by 8 bytes of hash each.
HASHED_ROWS = 100_000_000
BLOCK_ROWS = 1 << 14

Mask = NDArray[np.bool_]
POINT_ZERO = re.compile(r"(?<=[0-9])\.0+$")


@dataclass(frozen=True)
class Alignment:
    """Two sources with equally many rows, paired, and how many rows of each were left out."""

    y_true: Source
    y_pred: Source
    dropped_true: int
    dropped_pred: int


@dataclass(frozen=True)
class Side:
    """A source with the columns of its ids."""

    source: Source
    ids: tuple[int, ...]

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.source.label

    def blocks(self) -> Iterator[list[Key]]:
        """The ids, in lists."""
        return map(_plain, self.source.keys(BLOCK_ROWS, self.ids))

    def place(self, row: int) -> str:
        """Where the id of a row stands."""
        return self.source.locate(row, (self.ids[0],))

    def key(self, row: int) -> Key:
        """The id of a row, which is looked up from the start."""
        return next(islice(chain.from_iterable(self.blocks()), row, None))

    def duplicate_error(self, key: Key, first: int, second: int) -> DataError:
        """What is wrong where two rows have one id."""
        return DataError(
            f"{self.place(second)}: the id {format_key(key)} stands there a second time, "
            f"first in {self.place(first)}",
            "ids pair rows, so each may stand in a file once",
        )


def _plain(keys: list[Key]) -> list[Key]:
    """Ids with whole numbers in one form: a table with a gap in it writes 17 as 17.0."""
    if not any(".0" in part for key in keys for part in key):
        return keys
    return [tuple([POINT_ZERO.sub("", part) for part in key]) for key in keys]


class _OutOfOrderError(Exception):
    """The ids do not ascend, or are not of the kind they began with."""


def align(
    y_true: Source,
    y_pred: Source,
    true_ids: Sequence[int],
    pred_ids: Sequence[int],
    unmatched: Literal["error", "drop"],
) -> Alignment:
    """The sources to read in place of these two, so that rows with equal ids stand in step.

    Rows keep y_true's order; where nothing is left out or moved, the source is the same object.
    The sources are read again for this, and must allow it. Up to TABLE_ROWS rows may stand in any
    order; more must be sorted by the id or in the same order.

    Raises DataError for ids that stand in a file twice, for those without partner (if `unmatched`
    is 'error', or if it is all of them) and if they are numbers in one file and text in the other;
    SourceError if there are too many; UsageError if the ids have not equally many columns.
    """
    if len(true_ids) != len(pred_ids):
        raise UsageError(
            f"an id has {len(true_ids)} columns in {y_true.label} and {len(pred_ids)} in "
            f"{y_pred.label}"
        )
    true, pred = Side(y_true, tuple(true_ids)), Side(y_pred, tuple(pred_ids))
    masks = _align_ascending(true, pred)
    if masks is None:
        if _in_step(true, pred):
            return Alignment(y_true, y_pred, 0, 0)
        kept, order, total = _align_by_table(true, pred)
        used = np.zeros(total, dtype=np.bool_)
        used[order] = True
        _check(true, pred, kept, used, unmatched)
        if bool((order[1:] > order[:-1]).all()):
            return _mask_both(true, pred, kept, used)
        dropped = total - len(order)
        reordered = Reordered(y_pred, order, total)
        return Alignment(_mask(y_true, kept), reordered, int((~kept).sum()), dropped)
    _check(true, pred, *masks, unmatched)
    return _mask_both(true, pred, *masks)


def _mask_both(true: Side, pred: Side, kept: Mask, used: Mask) -> Alignment:
    return Alignment(
        _mask(true.source, kept), _mask(pred.source, used), int((~kept).sum()), int((~used).sum())
    )


def _mask(source: Source, mask: Mask) -> Source:
    return source if mask.all() else Masked(source, mask)


def _check(true: Side, pred: Side, kept: Mask, used: Mask, unmatched: str) -> None:
    """Raise DataError if there are rows without partner that may not be left out."""
    missing = int((~kept).sum()), int((~used).sum())
    if not any(missing):
        return
    if not kept.any():
        for side, mask in ((true, kept), (pred, used)):
            if not len(mask):
                raise DataError(f"{side.label} holds no rows")
        raise _no_partners_error(true, pred)
    if unmatched == "drop":
        return
    one, mask, other = (true, kept, pred) if missing[0] else (pred, used, true)
    row = int(np.argmin(mask))
    key = one.key(row)
    raise DataError(
        f"{one.place(row)}: the id {format_key(key)} is not in {other.label}; rows without "
        f"partner: {missing[0]} of {true.label}, {missing[1]} of {pred.label}",
        f"{setting('unmatched', 'drop')} leaves them out",
    )


def _no_partners_error(true: Side, pred: Side) -> DataError:
    """What is wrong where no id of one file is in the other."""
    a, b = (next(side.blocks()) for side in (true, pred))
    for column, (x, y) in enumerate(zip(a[0], b[0], strict=True)):
        kinds = [{key_type((key[column],)) for key in keys} for keys in (a, b)]
        if kinds in ([{"whole"}, {"text"}], [{"text"}, {"whole"}]):
            words = ["whole numbers" if kind == {"whole"} else "text" for kind in kinds]
            return DataError(
                f"the ids of {true.label} are {words[0]} ({quoted(x)}), those of {pred.label} "
                f"are {words[1]} ({quoted(y)})",
                "write them alike in both files",
            )
    return DataError(
        f"no id of {true.label} is in {pred.label}: the first are {format_key(a[0])} "
        f"and {format_key(b[0])}",
        "are these the id columns, and files of the same rows?",
    )


def format_key(key: Key) -> str:
    """An id as a message shows it."""
    return quoted(", ".join(key))


# ------------------------------------------------------------------------- ids that ascend


def _align_ascending(true: Side, pred: Side) -> tuple[Mask, Mask] | None:
    """The rows of each side that have a partner, if the ids of both ascend; else None.

    They may ascend as numbers where they are whole ones, or as text.
    """
    whole = _whole_columns(true, pred)
    for columns in dict.fromkeys((whole, (False,) * len(whole))):
        try:
            return _merge(_Ascending(true, columns), _Ascending(pred, columns))
        except _OutOfOrderError:
            continue
    return None


def _whole_columns(true: Side, pred: Side) -> tuple[bool, ...]:
    """Which parts of the ids are whole numbers on both sides, as far as the first blocks tell."""
    first = [key for side in (true, pred) for key in next(side.blocks(), [])]
    return tuple(
        all(WHOLE.fullmatch(key[column]) for key in first) for column in range(len(true.ids))
    )


class _Ascending:
    """The ids of a side as values that compare in the order they stand in, block by block."""

    def __init__(self, side: Side, whole: tuple[bool, ...]) -> None:
        self._side = side
        self._whole = whole
        self._blocks = side.blocks()
        self._rows = 0
        self._last: Any = None
        self.values: list[Any] = []
        self.at = 0
        self.mask = bytearray()

    def fill(self) -> bool:
        """Get the next block if this one is used up; False at the end.

        Raises _OutOfOrderError, and DataError for an id that stands there twice in a row.
        """
        while self.at == len(self.values):
            keys = next(self._blocks, None)
            if keys is None:
                return False
            values = self._comparable(keys)
            before = values if self._last is None else [self._last, *values]
            if not all(map(lt, before, before[1:])):
                self._raise(before, self._rows - (len(before) - len(values)))
            self._last = values[-1] if values else self._last
            self._rows += len(keys)
            self.values, self.at = values, 0
        return True

    def take(self, count: int, matched: bool) -> None:
        """Go `count` rows on, which have a partner or not."""
        self.mask += (b"\1" if matched else b"\0") * count
        self.at += count

    def _comparable(self, keys: list[Key]) -> list[Any]:
        columns = [
            self._numbers(part) if whole else part
            for whole, part in zip(self._whole, zip(*keys, strict=True), strict=True)
        ]
        return list(columns[0]) if len(columns) == 1 else list(zip(*columns, strict=True))

    def _numbers(self, part: Sequence[str]) -> list[int]:
        if not all(map(WHOLE.fullmatch, part)):
            raise _OutOfOrderError
        try:
            return list(map(int, part))
        except ValueError:  # thousands of digits
            raise _OutOfOrderError from None

    def _raise(self, values: list[Any], first: int) -> None:
        """At the first step that does not go up, the first value being that of row `first`."""
        for row, (low, high) in enumerate(pairwise(values), first + 1):
            if low == high:
                raise self._side.duplicate_error(self._side.key(row), row - 1, row)
            if high < low:
                raise _OutOfOrderError


def _merge(true: _Ascending, pred: _Ascending) -> tuple[Mask, Mask]:
    """Walk both sides in step; where they differ, the lower id has no partner."""
    while true.fill() and pred.fill():
        a, b = true.values, pred.values
        if true.at == pred.at == 0 and a == b:
            true.take(len(a), True)
            pred.take(len(b), True)
            continue
        while true.at < len(a) and pred.at < len(b):
            x, y = a[true.at], b[pred.at]
            if x <= y:
                true.take(1, x == y)
            if y <= x:
                pred.take(1, x == y)
    for side in (true, pred):
        while side.fill():
            side.take(len(side.values) - side.at, False)
    return _as_mask(true.mask), _as_mask(pred.mask)


def _as_mask(flags: bytearray) -> Mask:
    return np.frombuffer(flags, dtype=np.bool_)


# --------------------------------------------------------------------- ids in the same order


def _in_step(true: Side, pred: Side) -> bool:
    """Whether the ids of both sides are equal, row by row. Raises DataError for duplicates."""
    hashes: list[NDArray[np.int64]] = []
    rows = 0
    for a, b in zip_longest(true.blocks(), pred.blocks()):
        if a != b:
            return False
        rows += len(a)
        if rows > HASHED_ROWS:
            raise SourceError(
                f"the ids of {true.label} and {pred.label} are not sorted, and more than "
                f"{HASHED_ROWS:,} cannot be checked for duplicates",
                "sort both files by the id",
            )
        hashes.append(np.fromiter(map(hash, a), dtype=np.int64, count=len(a)))
    _check_hashes(true, np.concatenate(hashes) if hashes else np.empty(0, dtype=np.int64))
    return True


def _check_hashes(side: Side, hashes: NDArray[np.int64]) -> None:
    """Raise DataError if ids with the same hash are the same."""
    hashes.sort()
    suspicious = set(hashes[1:][hashes[1:] == hashes[:-1]].tolist())
    if not suspicious:
        return
    seen: dict[Key, int] = {}
    row = 0
    for block in side.blocks():
        for key in block:
            if hash(key) in suspicious and seen.setdefault(key, row) != row:
                raise side.duplicate_error(key, seen[key], row)
            row += 1


# ---------------------------------------------------------------------- ids in any order


def _align_by_table(true: Side, pred: Side) -> tuple[Mask, NDArray[np.int64], int]:
    """Which rows of y_true have a partner, its row in y_pred for each, and the rows of y_pred.

    Raises DataError for duplicates, SourceError for more than TABLE_ROWS rows.
    """
    table = _table(pred)
    unmatched: dict[Key, int] = {}
    taken = array("q", [-1]) * len(table)  # y_true's row for each of y_pred
    flags = bytearray()
    order: list[NDArray[np.int64]] = []
    row = 0
    for block in true.blocks():
        found = [table.get(key, -1) for key in block]
        for key, partner in zip(block, found, strict=True):
            if partner >= 0:
                before, taken[partner] = taken[partner], row
            else:
                before = unmatched.setdefault(key, row)
                before = -1 if before == row else before
            if before >= 0:
                raise true.duplicate_error(key, before, row)
            row += 1
        if len(unmatched) > TABLE_ROWS:
            raise _too_many_error(true)
        partners = np.array(found, dtype=np.int64)
        order.append(partners[partners >= 0])
        flags += (partners >= 0).tobytes()
    joined = np.concatenate(order) if order else np.empty(0, dtype=np.int64)
    return _as_mask(flags), joined, len(table)


def _table(side: Side) -> dict[Key, int]:
    """The row of each id."""
    table: dict[Key, int] = {}
    row = 0
    for block in side.blocks():
        for key in block:
            if table.setdefault(key, row) != row:
                raise side.duplicate_error(key, table[key], row)
            row += 1
        if row > TABLE_ROWS:
            raise _too_many_error(side)
    return table


def _too_many_error(side: Side) -> SourceError:
    return SourceError(
        f"{side.label} has more than {TABLE_ROWS:,} rows, and its ids are not in the other "
        "file's order",
        "sort both files by the id",
    )
