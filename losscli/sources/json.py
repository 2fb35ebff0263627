"""Numbers from JSON text: nested lists, every fault with its place."""

import json
from typing import Any

import numpy as np

from losscli.errors import SourceError, quoted
from losscli.sources.array import ArraySource


def from_json(text: str, label: str) -> ArraySource:
    """The source of a JSON list of numbers or of (lists of …) lists. Raises SourceError."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        found = text[error.pos : error.pos + 20].split("\n")[0]
        raise SourceError(
            f"{label} is not valid JSON at line {error.lineno}, column {error.colno}: "
            + (f"{error.msg}, found {quoted(found)}" if found else f"{error.msg}, it ends there")
        ) from None
    except (RecursionError, ValueError) as error:  # nested too deep, or an integer of 5000 digits
        raise SourceError(f"{label} cannot be read as JSON: {error}") from None
    if not isinstance(data, list):
        raise SourceError(f"{label} is not a list", "write [1, 0.5] or [[0, 1], [1, 0]]")
    shape = _shape(data)
    _check(data, shape, label, ())
    try:
        array = np.array(data, dtype=np.float64)
    except OverflowError:
        raise SourceError(f"{label} holds an integer that is too large") from None
    return ArraySource(array.reshape(shape), label)


def _shape(data: list[Any]) -> tuple[int, ...]:
    """The shape that the first element of each level promises."""
    shape = []
    level: Any = data
    while isinstance(level, list):
        shape.append(len(level))
        if not level:
            break
        level = level[0]
    return tuple(shape)


def _check(data: Any, shape: tuple[int, ...], label: str, place: tuple[int, ...]) -> None:
    """Raise SourceError at the first place where `data` is not an array of numbers of `shape`."""
    where = label + "".join(
        f", {'row' if axis == 0 else 'column'} {i + 1}" if axis < 2 else f", element {i + 1}"
        for axis, i in enumerate(place)
    )
    if not shape:
        if isinstance(data, list):
            raise SourceError(f"{where} is a list; the rows before hold a number there")
        if not isinstance(data, int | float):
            shown = "null" if data is None else quoted(json.dumps(data, ensure_ascii=False))
            raise SourceError(f"{where}: {shown} is not a number")
        return
    if not isinstance(data, list):
        shown = quoted(json.dumps(data, ensure_ascii=False))
        raise SourceError(f"{where}: {shown} is no list; the rows before hold one there")
    if len(data) != shape[0]:
        raise SourceError(f"{where} has {_numbers(len(data))}, the first has {shape[0]}")
    for i, item in enumerate(data):
        _check(item, shape[1:], label, (*place, i))


def _numbers(count: int) -> str:
    return f"{count} element{'' if count == 1 else 's'}"
