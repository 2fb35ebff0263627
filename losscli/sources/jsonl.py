"""JSON Lines: a number, a list or an object a line, read in blocks."""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from losscli.errors import SourceError
from losscli.sources.base import Array, Key, Source, element, take_columns
from losscli.sources.binary import Binary
from losscli.sources.cells import to_text
from losscli.sources.csv_chunks import BOM, RECORD_BYTES
from losscli.sources.ids import number_text
from losscli.sources.json_text import FORCE_CSV, parse
from losscli.sources.lists import AXES, check, list_place, numbers_or_none, object_array, shape_of
from losscli.sources.missing import USUAL, Missing
from losscli.sources.objects import ObjectsSource, Records
from losscli.sources.values import (
    FIRST_ROWS,
    column_kinds,
    to_numbers,
    to_texts,
)
from losscli.words import ColumnKind

LOOK_BYTES = 1 << 16


def is_json_lines(binary: Binary) -> bool:
    """Whether text that begins with '[' or '{' is JSON Lines rather than one document.

    It is if its first line is a complete value and another line follows that is not blank, or if
    it is an object that holds a value which is no list.
    """
    for size in (LOOK_BYTES, RECORD_BYTES):
        head = binary.peek(size)
        first, newline, rest = head.removeprefix(BOM).lstrip().partition(b"\n")
        if (newline and rest.strip()) or len(head) < size:
            break
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        return False
    if rest.strip():
        return True
    return isinstance(value, dict) and not all(isinstance(v, list) for v in value.values())


def from_lines(binary: Binary, missing: Missing = USUAL) -> Source:
    """The source of JSON Lines; the first line says what all of them are. Raises SourceError."""
    with binary.preview() as stream:
        _, first = next(_values(lambda: stream, binary.label))

    def records() -> Iterator[tuple[int, Any]]:
        return _values(binary.open, binary.label)

    def ahead() -> Iterator[tuple[int, Any]]:
        return _values(binary.preview, binary.label)

    if isinstance(first, dict):
        return ObjectsSource(records, first, binary.label, "line", None, missing, ahead)
    return ListsSource(records, first, binary.label, missing, ahead)


def _values(open_: Callable[[], Any], label: str) -> Iterator[tuple[int, Any]]:
    """The value of each line, with the line's number."""
    blank = 0
    with open_() as stream:
        number = 0
        while line := stream.readline(RECORD_BYTES):
            number += 1
            if len(line) == RECORD_BYTES:
                raise SourceError(f"{label} has a line of more than {RECORD_BYTES >> 20} MiB")
            if number == 1:
                line = line.removeprefix(BOM)
            if not line.strip():
                blank = blank or number
                continue
            if blank:
                message = f"{label}, line {blank} is blank, with rows after it"
                raise SourceError(message, "a row may not be missing")
            try:
                text = line.decode().rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise SourceError(
                    f"{label}, line {number}: byte 0x{line[error.start]:02x} is not UTF-8",
                    "save it as UTF-8",
                ) from None
            yield number, parse(text, label, FORCE_CSV, number)
    if number == 0 or blank == 1:
        raise SourceError(f"{label} is empty")


class ListsSource:
    """A cell or a (nested) list of them a line, all of the shape of the `first`.

    A cell is a number, text or null. `records` and `ahead` are as in ObjectsSource. Raises
    SourceError.
    """

    names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()

    def __init__(
        self,
        records: Records,
        first: Any,
        label: str,
        missing: Missing = USUAL,
        ahead: Records | None = None,
    ) -> None:
        self.label = label
        self._records = records
        self._ahead = ahead or records
        self._missing = missing
        self._shape = shape_of(first)
        if len(self._shape) >= AXES:
            raise SourceError(f"{label}, line 1 is nested more than {AXES - 1} lists deep")
        check(first, self._shape, f"{label}, line 1", ())
        if 0 in self._shape:
            raise SourceError(f"{label}, line 1 holds an empty list")

    @property
    def shape(self) -> tuple[int | None, ...]:
        return (None, *(self._shape or (1,)))

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        return f"{self.label}, line {row + 1}, {element(index)}"

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        for start, block in self._cells(self._records, rows):

            def place(index: tuple[int, ...], start: int = start) -> str:
                row, *rest = index
                if columns is not None:
                    rest[0] = columns[rest[0]]
                where = f"{self.label}, line {start + row + 1}"
                if not self._shape:
                    return where
                return list_place(f"{where}, column {rest[0] + 1}", tuple(rest[1:]))

            chosen = take_columns(block, columns)
            yield to_numbers(chosen, np.dtype(np.float64), self._missing, place)

    def keys(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        for start, block in self._cells(self._records, rows):
            yield [
                tuple([self._id(cells[column], start + i, column) for column in columns])
                for i, cells in enumerate(block.tolist())
            ]

    def texts(self, rows: int, columns: Sequence[int]) -> Iterator[list[tuple[str, ...]]]:
        for _, block in self._cells(self._records, rows):
            yield to_texts(block[:, list(columns)], self._missing)

    def column_kinds(self) -> tuple[ColumnKind, ...]:
        _, block = next(self._cells(self._ahead, FIRST_ROWS))
        return column_kinds(block, self._missing)

    def _cells(self, open_: Records, rows: int) -> Iterator[tuple[int, Array]]:
        """The cells of `rows` lines at a time, with the first one's row."""
        for start, values in self._lists(open_, rows):
            yield start, self._array(values, start).reshape(len(values), *(self._shape or (1,)))

    def _lists(self, open_: Records, rows: int) -> Iterator[tuple[int, list[Any]]]:
        """The values of `rows` lines at a time, with the first one's row."""
        records = open_()
        start = 0
        while values := [value for _, value in islice(records, rows)]:
            yield start, values
            start += len(values)

    def _array(self, values: list[Any], start: int) -> Array:
        """Lines as an array of numbers, or of objects where they need a look one by one."""
        array = numbers_or_none(values, (len(values), *self._shape))
        if array is not None:
            return array
        for line, value in enumerate(values, start + 1):
            _check_line(value, self._shape, f"{self.label}, line {line}")
        return object_array(values, (len(values), *self._shape))

    def _id(self, value: Any, row: int, column: int) -> str:
        if isinstance(value, int | float):
            return number_text(value, lambda: self.locate(row, (column,)))
        text = to_text(value, self._missing)
        if not text:
            raise SourceError(f"{self.locate(row, (column,))}: the id is empty")
        return text


def _check_line(value: Any, shape: tuple[int, ...], where: str) -> None:
    """As `check` of one line, whose first axis is columns."""
    if not shape:
        check(value, shape, where, ())
        return
    if not isinstance(value, list) or len(value) != shape[0]:
        check(value, shape, where, ())
    for column, item in enumerate(value):
        check(item, shape[1:], f"{where}, column {column + 1}", ())
