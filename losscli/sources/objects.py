"""Rows that are JSON objects: their keys are columns, of which only the chosen must be numbers."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from losscli.errors import SourceError, printable, quoted
from losscli.sources.base import Array, Key, index_notes
from losscli.sources.ids import number_text
from losscli.sources.json_text import TooLarge, count_elements, format_value, too_large_error


class ObjectsSource:
    """Objects with the keys of the `first` one; others may come and go unless they are chosen.

    A key that holds a list has a column `key[0]`, `key[1]`… for each of its elements. `records`
    gives (number, object) from the start, where the number is that of the `unit`, 'line' or 'row',
    which is the row's plus one. `rows` is their count, if known. Raises SourceError.
    """

    def __init__(
        self,
        records: Callable[[], Iterator[tuple[int, Any]]],
        first: dict[str, Any],
        label: str,
        unit: str,
        rows: int | None = None,
    ) -> None:
        self.label = label
        self._records = records
        self._unit = unit
        self._rows = rows
        self._lengths = {k: len(v) for k, v in first.items() if isinstance(v, list) and v}
        self._columns: list[tuple[str, int | None]] = []
        for key in first:
            places = range(self._lengths[key]) if key in self._lengths else (None,)
            self._columns.extend((key, place) for place in places)
        if not self._columns:
            raise SourceError(f"{label}, {unit} 1: the object has no keys")
        self.names: tuple[str, ...] | None = tuple(
            key if place is None else f"{key}[{place}]" for key, place in self._columns
        )
        self.notes: tuple[str, ...] = index_notes(label, self.names)

    @property
    def shape(self) -> tuple[int | None, ...]:
        return (self._rows, len(self._columns))

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        return self._place(row + 1, index[0])

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        wanted = range(len(self._columns)) if columns is None else columns
        records = self._records()
        while True:
            values = [
                [self._number(record, at, column, columns is None) for column in wanted]
                for at, record in islice(records, rows)
            ]
            if not values:
                return
            yield np.array(values, dtype=np.float64).reshape(len(values), len(wanted))

    def keys(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        records = self._records()
        while keys := [
            tuple([self._id(record, at, column) for column in columns])
            for at, record in islice(records, rows)
        ]:
            yield keys

    def _place(self, at: int, column: int) -> str:
        key, place = self._columns[column]
        name = quoted(key) if place is None else f"{quoted(key)}, element {place}"
        return f"{self.label}, {self._unit} {at}, key {name}"

    def _value(self, record: Any, at: int, column: int) -> Any:
        """What the object holds in a column."""
        key, place = self._columns[column]
        where = f"{self.label}, {self._unit} {at}"
        if not isinstance(record, dict):
            raise SourceError(f"{where}: {format_value(record)} is no object; the first one is")
        if key not in record:
            raise SourceError(f"{where}: there is no key {quoted(key)}")
        value = record[key]
        if place is None:
            return value
        if not isinstance(value, list):
            raise SourceError(
                f"{where}, key {quoted(key)}: {format_value(value)} is no list; the first one is"
            )
        if len(value) != self._lengths[key]:
            raise SourceError(
                f"{where}, key {quoted(key)} has {count_elements(len(value))}, "
                f"the first has {self._lengths[key]}"
            )
        return value[place]

    def _number(self, record: Any, at: int, column: int, everything: bool) -> float:
        value = self._value(record, at, column)
        if isinstance(value, TooLarge):
            raise too_large_error(self._place(at, column), value)
        if isinstance(value, int | float):
            return float(value)
        where = self._place(at, column)
        hint = None
        if everything and len(self._columns) > 1:
            keys = list(dict.fromkeys(key for key, _ in self._columns))
            more = ", …" if len(keys) > 8 else ""
            listed = ", ".join(printable(key) for key in keys[:8])
            hint = f"choose columns with --true-cols and --pred-cols, from: {listed}{more}"
        raise SourceError(f"{where}: {format_value(value)} is not a number", hint)

    def _id(self, record: Any, at: int, column: int) -> str:
        value = self._value(record, at, column)
        if isinstance(value, int | float):
            return number_text(value, lambda: self._place(at, column))
        if value is None or (isinstance(value, str) and not value.strip()):
            raise SourceError(f"{self._place(at, column)}: the id is empty")
        if not isinstance(value, str):
            raise SourceError(f"{self._place(at, column)}: {format_value(value)} is no id")
        return value.strip()
