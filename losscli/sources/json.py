"""Rows from a JSON document: nested lists, objects, every fault with its place."""

from collections.abc import Iterator
from typing import Any

from losscli.errors import SourceError, quoted
from losscli.sources.base import Source
from losscli.sources.binary import Binary
from losscli.sources.json_text import FORCE_CSV, count_elements, format_value, parse
from losscli.sources.lists import list_source
from losscli.sources.literals import parse_printed
from losscli.sources.missing import USUAL, Missing
from losscli.sources.objects import ObjectsSource


def from_file(binary: Binary, missing: Missing = USUAL, *, printed: bool = False) -> Source:
    """The source of a JSON document, which is read whole into memory. Raises SourceError.

    If it may be `printed`, a list as Python and NumPy print it will do.
    """
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
    read = from_text if printed else from_json
    return read(text, binary.label, FORCE_CSV, missing)


def from_text(text: str, label: str, hint: str | None = None, missing: Missing = USUAL) -> Source:
    """The source of JSON text, or of a list as Python and NumPy print it. Raises SourceError."""
    return from_value(parse_printed(text, label, hint), label, missing)


def from_json(text: str, label: str, hint: str | None = None, missing: Missing = USUAL) -> Source:
    """The source of JSON text: a list of numbers, of (lists of …) lists or of objects, or an object
    of lists, which are columns. Raises SourceError, with the `hint` where the text is no JSON.
    """
    return from_value(parse(text, label, hint), label, missing)


def from_value(data: Any, label: str, missing: Missing = USUAL) -> Source:
    """The source of what JSON text stands for. Raises SourceError."""
    if isinstance(data, dict):
        data = _rows(data, label)
    if not isinstance(data, list):
        raise SourceError(f"{label} is not a list", "write [1, 0.5] or [[0, 1], [1, 0]]")
    if data and isinstance(data[0], dict):
        return _objects(data, label, missing)
    return list_source(data, label, missing)


def _objects(data: list[Any], label: str, missing: Missing) -> Source:
    def records() -> Iterator[tuple[int, Any]]:
        return enumerate(data, 1)

    return ObjectsSource(records, data[0], label, "row", len(data), missing)


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
