"""The Source protocol, and what its kinds share."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
# The id of a row: the cells of the id columns.
Key = tuple[str, ...]
# Integers up to here are float64 numbers, each of them.
EXACT = 2**53


class Keyed(Protocol):
    """Rows that have keys: ids, or what they are grouped by."""

    label: str

    def keys(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        """The cells of these columns as text, a tuple a row, in lists of `rows` rows.

        Whole numbers have no point ('17'). Raises SourceError for an empty one, with its place.
        """
        ...


class Source(Keyed, Protocol):
    """Rows of numbers, read in order and in blocks.

    `shape` has the rows on axis 0, None where their number is not known before they are read, and
    at least two axes: a flat list of numbers is n rows of one. `names` are the column names, if it
    has any. `label` is what messages call it. `notes` are sentences for the user about what was
    found in it and may not be meant.
    """

    names: tuple[str, ...] | None
    notes: tuple[str, ...]

    @property
    def shape(self) -> tuple[int | None, ...]: ...

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        """C-contiguous blocks of exactly `rows` rows (the last may be shorter), of `columns` only.

        Values keep the type they have in the source, in native byte order. A block is valid until
        the next one is asked for.
        """
        ...

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        """Where a value stands, for messages: 'pred.csv, line 7, column 2 (p)'."""
        ...


def inexact(block: Array) -> NDArray[np.bool_] | None:
    """Where a block holds integers that float64 cannot hold; None if nowhere."""
    if block.dtype.kind not in "iu" or block.dtype.itemsize < 8 or not block.size:
        return None
    if int(block.min()) >= -EXACT and int(block.max()) <= EXACT:
        return None
    rounded = block.astype(np.float64)
    # The highest ones round up to a number that the integer type does not have.
    top = rounded >= 2.0 ** (64 if block.dtype.kind == "u" else 63)
    back = np.where(top, 0.0, rounded).astype(block.dtype)
    wrong: NDArray[np.bool_] = top | (back != block)
    return wrong if wrong.any() else None


def regrid(pieces: Iterable[Array], rows: int) -> Iterator[Array]:
    """Pieces of any number of rows, cut anew into blocks of `rows` (the last may be shorter)."""
    held: list[Array] = []
    missing = rows
    for piece in pieces:
        while len(piece) >= missing:
            held.append(piece[:missing])
            yield np.concatenate(held)
            piece, held, missing = piece[missing:], [], rows
        if len(piece):
            held.append(piece)
            missing -= len(piece)
    if held:
        yield np.concatenate(held)


def regrid_lists(pieces: Iterable[list[Key]], rows: int) -> Iterator[list[Key]]:
    """As `regrid`, of lists of keys."""
    held: list[Key] = []
    for piece in pieces:
        held.extend(piece)
        while len(held) >= rows:
            yield held[:rows]
            del held[:rows]
    if held:
        yield held


def take_columns(block: Array, columns: Sequence[int] | None) -> Array:
    """These columns of a block, C-contiguous; the block itself where all are wanted."""
    if columns is None:
        return block
    chosen = block[:, list(columns)]
    return chosen if isinstance(chosen, np.ma.MaskedArray) else np.ascontiguousarray(chosen)


def element(index: tuple[int, ...], names: tuple[str, ...] | None = None) -> str:
    """A place within a row: 'column 2 (p)', or 'element [0, 4]' where a row is itself an array."""
    if len(index) != 1:
        return f"element {list(index)}"
    name = f" ({names[index[0]]})" if names and names[index[0]] else ""
    return f"column {index[0] + 1}{name}"
