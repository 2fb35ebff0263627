"""Nested lists, of JSON or of printed arrays, as rows; every fault with its place."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from losscli.errors import SourceError
from losscli.sources.array import ArraySource
from losscli.sources.base import EXACT, Array
from losscli.sources.json_text import TooLarge, count_elements, format_value, too_large_error
from losscli.sources.missing import USUAL, Missing
from losscli.sources.values import read_cells

# The most that every NumPy has (64 since version 2).
AXES = 32


def list_source(data: list[Any], label: str, missing: Missing = USUAL) -> ArraySource:
    """The source of nested lists of numbers, text and None. Raises SourceError with the place."""
    array = to_array(data, label)
    axes = array.ndim  # a flat list has no columns, though its rows have one
    return ArraySource(array, label, missing, lambda index: list_place(label, index[:axes]))


def list_place(label: str, index: tuple[int, ...]) -> str:
    """Where an element of nested lists stands: 'inline y_true, row 2, column 1'."""
    words = ("row", "column")
    steps = (f", {words[axis] if axis < 2 else 'element'} {i + 1}" for axis, i in enumerate(index))
    return label + "".join(steps)


def to_array(data: list[Any], label: str) -> Array:
    """Nested lists as an array: of float64, of integers where float64 cannot hold them, or of
    objects where there is text or None. Raises SourceError with the place.
    """
    shape = shape_of(data)
    if len(shape) > AXES:
        raise SourceError(f"{label} is nested more than {AXES} lists deep")
    array = numbers_or_none(data, shape)
    if array is not None:
        return array
    check(data, shape, label, ())
    cells = object_array(data, shape)
    if not all(isinstance(cell, int | float) for cell in cells.reshape(-1)):
        return cells
    if (integers := np.array(data)).dtype.kind in "iu":
        return integers
    return read_cells(cells, USUAL, lambda index: list_place(label, index))


def numbers_or_none(data: list[Any], shape: tuple[int, ...]) -> Array | None:
    """Nested lists of this shape as float64, where all is well; None where a second look is due:
    at text, at other shapes, at integers beyond 2^53.
    """
    try:
        # Text, null and integers of any size show in the type.
        array = np.array(data)
    except ValueError:
        return None
    if array.shape != shape or array.dtype.kind not in "biuf":
        return None
    # Perhaps too large a number, or an integer that was rounded beside a fraction.
    if array.dtype.kind != "b" and ((array >= EXACT) | (array <= -EXACT)).any():
        return None
    return array.astype(np.float64, copy=False)


def object_array(data: list[Any], shape: tuple[int, ...]) -> Array:
    """Nested lists of this shape as an array of their cells."""
    array = np.empty(shape, dtype=object)
    array.reshape(-1)[:] = list(_cells(data, len(shape)))
    return array


def _cells(data: Any, depth: int) -> Iterator[Any]:
    if depth == 1:
        yield from data
        return
    for item in data:
        yield from _cells(item, depth - 1)


def shape_of(data: Any) -> tuple[int, ...]:
    """The shape that the first element of each level promises."""
    shape = []
    level: Any = data
    while isinstance(level, list):
        shape.append(len(level))
        if not level:
            break
        level = level[0]
    return tuple(shape)


def check(data: Any, shape: tuple[int, ...], label: str, place: tuple[int, ...]) -> None:
    """Raise SourceError at the first place where `data` is not an array of cells of `shape`.

    A cell is a number, text or None.
    """
    where = list_place(label, place)
    if not shape:
        if isinstance(data, list):
            raise SourceError(f"{where} is a list; the rows before hold a number there")
        if isinstance(data, TooLarge):
            raise too_large_error(where, data)
        if not isinstance(data, int | float | complex | str | None):
            raise SourceError(f"{where}: {format_value(data)} is not a number")
        return
    if not isinstance(data, list):
        found = format_value(data)
        raise SourceError(f"{where}: {found} is no list; the rows before hold one there")
    if len(data) != shape[0]:
        raise SourceError(f"{where} has {count_elements(len(data))}, the first has {shape[0]}")
    for i, item in enumerate(data):
        check(item, shape[1:], label, (*place, i))
