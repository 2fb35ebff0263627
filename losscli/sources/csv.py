"""CSV and TSV: read in chunks by NumPy's parser, every fault found again by the csv module."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from operator import itemgetter
from typing import Self

import numpy as np

from losscli.errors import SourceError
from losscli.sources.base import Array, Key, regrid, regrid_lists
from losscli.sources.binary import Binary
from losscli.sources.csv_cells import Cells, unquote
from losscli.sources.csv_chunks import LineMap
from losscli.sources.csv_columns import Column
from losscli.sources.csv_encoding import as_utf8
from losscli.sources.csv_header import FirstLine, describe, header_notes, is_header
from losscli.sources.csv_numpy import is_even, is_plain, parse, squeeze
from losscli.sources.csv_records import Records
from losscli.sources.csv_start import read_start
from losscli.sources.options import DEFAULTS, InputOptions
from losscli.words import ColumnKind

# How much of a file is looked at to tell what its columns hold.
SAMPLE_BYTES = 1 << 16


class CsvSource:
    """A delimited text file with one row of numbers a line, with or without a header line.

    Unless the options say so, the first line is a header if some cell of it is text and none is a
    number with a fraction, a sign or an exponent, or stands for a missing one; `first_line` says
    whether it could be otherwise. Lines that start with the options' comment are no part of the
    table. Raises SourceError, with file and line, for what is not such a file: ragged rows, text,
    missing cells unless they are allowed, blank lines but at the end.
    """

    def __init__(self, binary: Binary, options: InputOptions = DEFAULTS) -> None:
        self.label = binary.label
        self._given, self._options = binary, options
        self._binary = as_utf8(binary, options.encoding)
        start = read_start(self._binary, options)
        self._reader, self._start = start.reader, start.end
        cells = Cells(options)
        words = [unquote(cell) for cell in start.cells]
        self._words, self._at = words, start.line
        self.header = is_header(words, cells) if options.header is None else options.header
        self.names = tuple(words) if self.header else None
        self._first_rows = b"" if self.header else start.data
        self._first_line = start.line + (start.data.count(b"\n") if self.header else 0)
        self._lines = LineMap(self._first_line)
        forced = start.line if options.header is False else None
        self._records = Records(self.label, start.delimiter, cells, len(words), self.names, forced)
        if len(words) > 1 and not words[-1] and self.column_kinds()[-1] == "empty":
            self._records = replace(self._records, empty=len(words) - 1)
        self.notes: tuple[str, ...] = ()
        if options.header is None and self.header:
            self.notes = header_notes(self.label, start.line, words)

    @cached_property
    def first_line(self) -> FirstLine:
        """The first line, and whether it could be of the other kind; a pipe must not be read yet.

        Where the options say what it is there is no doubt.
        """
        if self._options.header is not None:
            return FirstLine(self._at, tuple(self._words))
        below = self._sample if self.header else [column.below() for column in self._sample]
        return describe(self._at, self._words, self.header, below, self._records.reading)

    def reread(self, header: bool) -> Self:
        """The same bytes with the first line as a header or as a row. Nothing may be read yet of
        what can be read only once; of the two sources only one can then be read.
        """
        return type(self)(self._given, replace(self._options, header=header))

    def column_kinds(self) -> tuple[ColumnKind, ...]:
        """See `Described`; a pipe must not be read yet, unless this was asked before."""
        return tuple(column.kind for column in self._sample)

    @cached_property
    def _sample(self) -> list[Column]:
        """The columns of the first rows: those before the first fault, which is found later."""
        rows: list[list[str]] = []
        try:
            with self._binary.preview() as stream:
                stream.read(self._start)
                chunks = self._reader.chunks(
                    stream, self._first_rows, self._first_line, SAMPLE_BYTES
                )
                for chunk in chunks:
                    if not chunk.is_blank:
                        for _, cells in self._records.rows(chunk.text(self.label), chunk.lines):
                            rows.append([unquote(cell) for cell in cells])
                    break
        except SourceError:
            pass
        reading = self._records.reading
        columns = zip(*rows, strict=True) if rows else [()] * self._records.width
        return [Column(tuple(cells), reading) for cells in columns]

    @property
    def shape(self) -> tuple[int | None, ...]:
        return (None, self._records.width)

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        return self._records.place(self._lines.line(row), index[0])

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        return regrid(self._arrays(columns), rows)

    def keys(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        return regrid_lists(self._keys(columns), rows)

    def texts(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        """See `Described`."""
        return regrid_lists(self._keys(columns, empty=True), rows)

    def _arrays(self, columns: Sequence[int] | None) -> Iterator[Array]:
        row = 0
        for text, lines in self._texts():
            array = self._parse(text, columns)
            if array is None:
                array = self._parse_by_record(text, lines, columns, row)
            else:
                self._note_lines(row, lines, len(array))
            row += len(array)
            yield array

    def _keys(self, columns: Sequence[int], *, empty: bool = False) -> Iterator[list[Key]]:
        row = 0
        for text, lines in self._texts():
            keys = self._plain_keys(text, columns, empty)
            if keys is None:
                keys = []
                of_cells = self._records.text if empty else self._records.key
                for line, cells in self._records.rows(text, lines):
                    self._lines.add(row + len(keys), line)
                    keys.append(of_cells(line, cells, columns))
            else:
                self._note_lines(row, lines, len(keys))
            row += len(keys)
            yield keys

    def _plain_keys(self, text: str, columns: Sequence[int], empty: bool) -> list[Key] | None:
        """The keys of text without quotes, whose rows are its lines; None if it has any fault."""
        records = self._records
        if '"' in text or not is_plain(text, records.delimiter):
            return None
        if records.delimiter == " ":
            text = squeeze(text)
        if not is_even(text, records):
            return None
        try:
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=records.delimiter)
            parts = [[cell.strip() for cell in p] for p in self._parts(rows, columns)]
        except (csv.Error, IndexError):  # a blank line has no cells
            return None
        keys = list(zip(*parts, strict=True))
        return keys if empty or all(map(all, parts)) else None

    @staticmethod
    def _parts(rows: Iterator[list[str]], columns: Sequence[int]) -> Iterator[Sequence[str]]:
        """The cells of these columns, column by column."""
        if len(columns) == 1:
            return iter([list(map(itemgetter(columns[0]), rows))])
        return zip(*map(itemgetter(*columns), rows), strict=True)

    def _note_lines(self, row: int, lines: LineMap, rows: int) -> None:
        """Where rows stand that are lines: `row` and those behind it."""
        self._lines.add(row, lines.line(0))
        for index, line in lines.runs(rows):
            self._lines.add(row + index, line)

    def _texts(self) -> Iterator[tuple[str, LineMap]]:
        """Whole records behind the header; a blank line must not have any after it."""
        blank: int | None = None
        with self._binary.open() as stream:
            stream.read(self._start)
            for chunk in self._reader.chunks(stream, self._first_rows, self._first_line):
                if chunk.is_blank:
                    blank = blank or chunk.lines.line(0)
                    continue
                if blank:
                    raise self._records.blank(blank)
                yield chunk.text(self.label), chunk.lines

    def _parse(self, text: str, columns: Sequence[int] | None) -> Array | None:
        """The numbers of whole records, by NumPy's parser; None if it is not sure of them."""
        return parse(text, self._records, columns)

    def _parse_by_record(
        self, text: str, lines: LineMap, columns: Sequence[int] | None, row: int
    ) -> Array:
        """As `_parse`, record by record: either it raises at the first fault, or it is sure."""
        wanted = range(self._records.width) if columns is None else columns
        rows: list[list[float]] = []
        for line, cells in self._records.rows(text, lines):
            self._lines.add(row + len(rows), line)
            rows.append(self._records.numbers(line, cells, wanted))
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(wanted))
