"""Blocks of cells of any type: as numbers, as text, and of what kind their columns are."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscli.errors import SourceError
from losscli.sources.base import EXACT, Array, inexact
from losscli.sources.cells import (
    cell_kind,
    date_text,
    float_text,
    inexact_error,
    join_kinds,
    to_number,
    to_text,
)
from losscli.sources.missing import Missing, missing_error
from losscli.words import ColumnKind

# Where the element at an index of a block stands.
Place = Callable[[tuple[int, ...]], str]

# Rows that tell what kind a column is.
FIRST_ROWS = 1 << 12
NUMBERS = "biuf"
TEXTS = "USMm"
# Of ml_dtypes, whose types are none of NumPy's kinds.
SMALL_INTEGERS = ("int1", "int2", "int4", "uint1", "uint2", "uint4")


def widen(array: Array) -> Array:
    """The array, bfloat16 and other narrow types of ml_dtypes as the next type that holds them."""
    if not _is_foreign(array.dtype):
        return array
    return array.astype(np.int8 if array.dtype.name in SMALL_INTEGERS else np.float32)


def _is_foreign(dtype: np.dtype[Any]) -> bool:
    return dtype.type.__module__.startswith("ml_dtypes")


def can_be_read(dtype: np.dtype[Any]) -> bool:
    """Whether cells of this type are numbers, text or objects."""
    return dtype.kind in NUMBERS + TEXTS + "O" and not dtype.names and dtype.shape == ()


def number_type(array: Array, missing: Missing) -> np.dtype[Any]:
    """The type of the numbers of an array's blocks, one for all of them.

    It is the array's own; where cells may be missing, one that has NaN.
    """
    dtype = array.dtype.newbyteorder("=")
    if dtype.kind not in NUMBERS:
        return np.dtype(np.float64)
    nothing = np.ma.is_masked(array) or missing.numbers
    return np.dtype(np.float64) if nothing and dtype.kind != "f" else dtype


def to_numbers(block: Array, dtype: np.dtype[Any], missing: Missing, place: Place) -> Array:
    """The cells as a C-contiguous array of numbers of this type. Raises SourceError with the place.

    The block may be masked: a masked cell is missing.
    """
    if block.dtype.kind not in NUMBERS:
        return read_cells(block, missing, place)
    hidden = np.ma.getmaskarray(block) if isinstance(block, np.ma.MaskedArray) else None
    values = np.ma.getdata(block)
    found = missing.find(values)
    for mask, what in ((hidden, "a masked value"), (found, None)):
        if mask is not None and mask.any() and not missing.allowed:
            index = first_true(mask)
            raise missing_error(place(index), what or f"'{values[index]}'")
    if values.dtype.kind in "iu" and dtype.kind == "f":
        check_exact(values, place, hidden)
    # A copy where NaN is written into it: the array is the user's.
    numbers = np.array(values, dtype=dtype, order="C", copy=None)
    for mask in (hidden, found):
        if mask is not None and mask.any():
            numbers = numbers.copy() if np.may_share_memory(numbers, values) else numbers
            numbers[mask] = np.nan
    return numbers


def check_exact(block: Array, place: Place, hidden: NDArray[np.bool_] | None = None) -> None:
    """Raise SourceError at the first integer that float64 cannot hold, unless it is hidden."""
    wrong = inexact(block)
    if wrong is not None and hidden is not None:
        wrong &= ~hidden
    if wrong is not None and wrong.any():
        index = first_true(wrong)
        raise inexact_error(place(index), int(block[index]))


def read_cells(block: Array, missing: Missing, place: Place) -> Array:
    """Objects, text or dates as float64, one by one. Raises SourceError with the place."""
    numbers = np.empty(block.size, dtype=np.float64)
    shape = block.shape
    quick = not missing.numbers
    for at, cell in enumerate(_objects(block)):
        if quick and (type(cell) is float or (type(cell) is int and -EXACT <= cell <= EXACT)):
            numbers[at] = cell
        else:
            numbers[at] = to_number(cell, missing, lambda at=at: place(_unravel(at, shape)))  # type: ignore[misc]
    return numbers.reshape(shape)


def _unravel(at: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(at, shape))


def _objects(block: Array) -> list[Any]:
    """The cells of a block as Python objects, row by row; masked ones as None."""
    if block.dtype.kind in "Mm":  # as they are: tolist() makes integers of nanoseconds
        return list(block.reshape(-1))
    return list(block.reshape(-1).tolist())


def to_texts(block: Array, missing: Missing) -> list[tuple[str, ...]]:
    """The cells of a block of columns (rows, columns) as text, a tuple a row."""
    columns = [column_texts(block[:, column], missing) for column in range(block.shape[1])]
    return list(zip(*columns, strict=True)) if columns else [()] * len(block)


def column_texts(values: Array, missing: Missing) -> list[str]:
    """The cells of a column (rows,) as text; see `Described.texts`."""
    if values.dtype.kind not in NUMBERS:
        if values.dtype.kind == "M":
            return ["" if np.isnat(cell) else date_text(cell) for cell in values]
        return [to_text(cell, missing) for cell in _objects(values)]
    data = np.ma.getdata(values)
    if data.dtype.kind == "f":
        texts = list(map(float_text, data))
    else:
        texts = list(map(str, (data.astype(np.uint8) if data.dtype.kind == "b" else data).tolist()))
    for mask in (np.ma.getmaskarray(values), missing.find(data)):
        if mask is not None:
            for row in np.flatnonzero(mask).tolist():
                texts[row] = ""
    return texts


def column_kind(values: Array, missing: Missing) -> ColumnKind:
    """The kind of a column (rows,) with these cells."""
    if values.dtype.kind not in NUMBERS:
        return join_kinds({cell_kind(cell, missing) for cell in _objects(values)})
    data = np.ma.getdata(values)
    empty = np.ma.getmaskarray(values) | (data != data)
    found = missing.find(data)
    data = data[~(empty if found is None else empty | found)]
    if not data.size:
        return "empty"
    whole = data.dtype.kind != "f" or bool((np.isfinite(data) & (data == np.trunc(data))).all())
    return "whole" if whole else "number"


def column_kinds(block: Array, missing: Missing) -> tuple[ColumnKind, ...]:
    """The kind of each column of a block (rows, columns, …)."""
    return tuple(
        column_kind(block[:, column].reshape(-1), missing) for column in range(block.shape[1])
    )


def stack(columns: Sequence[Array], place: Place) -> Array:
    """Columns (rows,) as one block (rows, columns) of the type that holds all of them.

    Raises SourceError for an integer that is lost beside floats or signed beside unsigned ones.
    """
    dtype = np.result_type(*[column.dtype for column in columns])
    block = np.empty((len(columns[0]), len(columns)), dtype=dtype)
    for at, column in enumerate(columns):
        if dtype.kind == "f":
            check_exact(column, lambda index, at=at: place((index[0], at)))  # type: ignore[misc]
        block[:, at] = column
    return block


def first_true(mask: NDArray[np.bool_]) -> tuple[int, ...]:
    """The index of the first True, in row order."""
    return _unravel(int(np.argmax(mask)), mask.shape)


def type_error(label: str, dtype: np.dtype[Any]) -> SourceError:
    """What is wrong with an array of a type that is not read."""
    name = dtype.name if _is_foreign(dtype) else dtype
    return SourceError(f"{label} holds {name}, not numbers")
