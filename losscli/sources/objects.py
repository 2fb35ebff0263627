"""Rows that are JSON objects: their keys are columns, of which only the chosen must be numbers."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from losscli.errors import SourceError, printable, quoted, setting
from losscli.sources.base import EXACT, Array, Key
from losscli.sources.cells import cell_kind, is_missing, join_kinds, to_number, to_text
from losscli.sources.ids import number_text
from losscli.sources.json_text import count_elements, format_value
from losscli.sources.missing import USUAL, Missing
from losscli.sources.values import FIRST_ROWS
from losscli.words import ColumnKind

# How deep objects within objects are looked for columns.
DEPTH = 32

Records = Callable[[], Iterator[tuple[int, Any]]]


class ObjectsSource:
    """Objects with the keys of the `first` one; others may come and go unless they are chosen.

    A key that holds a list has a column `key[0]`, `key[1]`… for each of its elements, one that
    holds an object has a column `key.inner` for each of its keys. `records` gives (number, object)
    from the start, where the number is that of the `unit`, 'line' or 'row', which is the row's
    plus one; `ahead` does so without using them up, where they can be read only once. `rows` is
    their count, if known. Raises SourceError.
    """

    def __init__(
        self,
        records: Records,
        first: dict[str, Any],
        label: str,
        unit: str,
        rows: int | None = None,
        missing: Missing = USUAL,
        ahead: Records | None = None,
    ) -> None:
        self.label = label
        self._records = records
        self._ahead = ahead or records
        self._unit = unit
        self._rows = rows
        self._missing = missing
        self._lengths: dict[tuple[str, ...], int] = {}
        # Where a column's value lies: the keys that lead there, and its place in a list.
        self._columns: list[tuple[tuple[str, ...], int | None]] = []
        self._add_columns(first, ())
        if not self._columns:
            raise SourceError(f"{label}, {unit} 1: the object has no keys")
        self.names: tuple[str, ...] | None = tuple(
            ".".join(keys) + ("" if place is None else f"[{place}]")
            for keys, place in self._columns
        )
        self.notes: tuple[str, ...] = ()

    def _add_columns(self, record: dict[str, Any], path: tuple[str, ...]) -> None:
        for key, value in record.items():
            keys = (*path, key)
            if isinstance(value, dict) and value and len(path) < DEPTH:
                self._add_columns(value, keys)
            elif isinstance(value, list) and value:
                self._lengths[keys] = len(value)
                self._columns.extend((keys, place) for place in range(len(value)))
            else:
                self._columns.append((keys, None))

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
        return self._tuples(self._records(), rows, columns, self._id)

    def texts(self, rows: int, columns: Sequence[int]) -> Iterator[list[tuple[str, ...]]]:
        return self._tuples(self._records(), rows, columns, self._text)

    def column_kinds(self) -> tuple[ColumnKind, ...]:
        kinds: list[set[ColumnKind]] = [set() for _ in self._columns]
        for at, record in islice(self._ahead(), FIRST_ROWS):
            for column, found in enumerate(kinds):
                # A key that comes and goes is a fault only where it is chosen.
                found.add(self._kind(record, at, column))
        return tuple(map(join_kinds, kinds))

    def _tuples(
        self,
        records: Iterator[tuple[int, Any]],
        rows: int,
        columns: Sequence[int],
        read: Callable[[Any, int, int], str],
    ) -> Iterator[list[Key]]:
        while block := [
            tuple([read(record, at, column) for column in columns])
            for at, record in islice(records, rows)
        ]:
            yield block

    def _place(self, at: int, column: int) -> str:
        keys, place = self._columns[column]
        key = quoted(".".join(keys))
        return f"{self.label}, {self._unit} {at}, key {key}" + (
            "" if place is None else f", element {place}"
        )

    def _value(self, record: Any, at: int, column: int) -> Any:
        """What the object holds in a column."""
        keys, place = self._columns[column]
        value, where = record, f"{self.label}, {self._unit} {at}"
        for depth, key in enumerate(keys, 1):
            if not isinstance(value, dict):
                raise SourceError(f"{where}: {format_value(value)} is no object; the first one is")
            if key not in value:
                raise SourceError(f"{where}: there is no key {quoted(key)}")
            value = value[key]
            path = quoted(".".join(keys[:depth]))
            where = f"{self.label}, {self._unit} {at}, key {path}"
        if place is None:
            return value
        if not isinstance(value, list):
            raise SourceError(f"{where}: {format_value(value)} is no list; the first one is")
        if len(value) != self._lengths[keys]:
            raise SourceError(
                f"{where} has {count_elements(len(value))}, the first has {self._lengths[keys]}"
            )
        return value[place]

    def _number(self, record: Any, at: int, column: int, everything: bool) -> float:
        value = self._value(record, at, column)
        kind = type(value)
        if not self._missing.numbers and (
            kind is float or (kind is int and -EXACT <= value <= EXACT)
        ):
            return float(value)
        try:
            return to_number(value, self._missing, lambda: self._place(at, column))
        except SourceError as error:
            if everything and len(self._columns) > 1 and not is_missing(value, self._missing):
                error.hint = error.hint or self._choice()
            raise

    def _choice(self) -> str:
        """How to choose columns, of which some are text."""
        names = list(dict.fromkeys(".".join(keys) for keys, _ in self._columns))
        more = ", …" if len(names) > 8 else ""
        listed = ", ".join(printable(name) for name in names[:8])
        return (
            f"choose columns with {setting('true_cols')} and {setting('pred_cols')}, from: "
            f"{listed}{more}"
        )

    def _id(self, record: Any, at: int, column: int) -> str:
        value = self._value(record, at, column)
        if isinstance(value, int | float):
            return number_text(value, lambda: self._place(at, column))
        if value is None or (isinstance(value, str) and not value.strip()):
            raise SourceError(f"{self._place(at, column)}: the id is empty")
        if not isinstance(value, str):
            raise SourceError(f"{self._place(at, column)}: {format_value(value)} is no id")
        return value.strip()

    def _text(self, record: Any, at: int, column: int) -> str:
        value = self._value(record, at, column)
        if isinstance(value, list | dict):
            raise SourceError(f"{self._place(at, column)}: {format_value(value)} is no label")
        return to_text(value, self._missing)

    def _kind(self, record: Any, at: int, column: int) -> ColumnKind:
        try:
            return cell_kind(self._value(record, at, column), self._missing)
        except SourceError:
            return "empty"
