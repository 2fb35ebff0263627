"""Numbers from a JSON document: nested lists, objects, every fault with its place."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from losscli.errors import SourceError, quoted
from losscli.sources.array import ArraySource
from losscli.sources.base import Array, Source
from losscli.sources.binary import Binary
from losscli.sources.json_text import (
    FORCE_CSV,
    TooLarge,
    count_elements,
    format_value,
    parse,
    too_large_error,
)
from losscli.sources.objects import ObjectsSource

# The most that every NumPy has (64 since version 2).
AXES = 32


def from_file(binary: Binary) -> Source:
    """The source of a JSON document, which is read whole into memory. Raises SourceError."""
    with binary.open() as stream:
        data = stream.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"{binary.label}, line {line}: byte 0x{data[error.start]:02x} is not UTF-8",
            "save it as UTF-8",
        ) from None
    return from_json(text, binary.label, FORCE_CSV)


def from_json(text: str, label: str, hint: str | None = None) -> Source:
    """The source of JSON text: a list of numbers, of (lists of …) lists or of objects, or an object
    of lists, which are columns. Raises SourceError, with the `hint` where the text is no JSON.
    """
    data = parse(text, label, hint)
    if isinstance(data, dict):
        data = _rows(data, label)
    if not isinstance(data, list):
        raise SourceError(f"{label} is not a list", "write [1, 0.5] or [[0, 1], [1, 0]]")
    if data and isinstance(data[0], dict):
        return _objects(data, label)
    return ArraySource(to_array(data, label), label)


def to_array(data: list[Any], label: str) -> Array:
    """Nested lists of numbers as an array of float64. Raises SourceError with the place."""
    shape = shape_of(data)
    if len(shape) > AXES:
        raise SourceError(f"{label} is nested more than {AXES} lists deep")
    try:
        # Quick where all is well; text, null and integers of any size show in the type.
        array = np.array(data)
    except ValueError:
        array = None
    if (
        array is None
        or array.shape != shape
        or array.dtype.kind not in "biuf"
        or (array.dtype.kind == "f" and np.isinf(array).any())
    ):
        check(data, shape, label, ())
        array = np.array(data, dtype=np.float64)
    return array.astype(np.float64, copy=False).reshape(shape)


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
    """Raise SourceError at the first place where `data` is not an array of numbers of `shape`."""
    where = label + "".join(
        f", {'row' if axis == 0 else 'column'} {i + 1}" if axis < 2 else f", element {i + 1}"
        for axis, i in enumerate(place)
    )
    if not shape:
        if isinstance(data, list):
            raise SourceError(f"{where} is a list; the rows before hold a number there")
        if not isinstance(data, int | float):
            raise SourceError(f"{where}: {format_value(data)} is not a number")
        if isinstance(data, TooLarge):
            raise too_large_error(where, data)
        return
    if not isinstance(data, list):
        raise SourceError(
            f"{where}: {format_value(data)} is no list; the rows before hold one there"
        )
    if len(data) != shape[0]:
        raise SourceError(f"{where} has {count_elements(len(data))}, the first has {shape[0]}")
    for i, item in enumerate(data):
        check(item, shape[1:], label, (*place, i))


def _objects(data: list[Any], label: str) -> Source:
    def records() -> Iterator[tuple[int, Any]]:
        return enumerate(data, 1)

    return ObjectsSource(records, data[0], label, "row", len(data))


def _rows(data: dict[str, Any], label: str) -> list[Any]:
    """The rows of an object whose values are columns."""
    lengths = {}
    for key, values in data.items():
        if not isinstance(values, list):
            raise SourceError(
                f"{label}, key {quoted(key)}: {format_value(values)} is not a list",
                "an object holds a list of equal length for each column",
            )
        lengths[key] = len(values)
    if not lengths:
        raise SourceError(f"{label} is an object without keys")
    first = next(iter(lengths))
    for key, length in lengths.items():
        if length != lengths[first]:
            raise SourceError(
                f"{label}, key {quoted(key)} has {count_elements(length)}, "
                f"key {quoted(first)} has {lengths[first]}"
            )
    return [dict(zip(data, row, strict=True)) for row in zip(*data.values(), strict=True)]
