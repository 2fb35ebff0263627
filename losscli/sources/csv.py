"""CSV and TSV: read in chunks by NumPy's parser, every fault found again by the csv module."""

import csv
import io
import warnings
from collections.abc import Iterator, Sequence
from operator import itemgetter

import numpy as np

from losscli.errors import SourceError, printable
from losscli.sources.base import Array, Key, index_notes, regrid, regrid_lists
from losscli.sources.binary import Binary
from losscli.sources.csv_chunks import Chunk, ChunkReader, LineMap
from losscli.sources.csv_records import (
    PERHAPS_TOO_LARGE,
    Records,
    guess_delimiter,
    has_bare_returns,
    is_header,
    numbers_of,
    read_records,
)
from losscli.sources.options import DEFAULTS, InputOptions


class CsvSource:
    """A delimited text file with one row of numbers a line, with or without a header line.

    Unless the options say so, the first line is a header if some cell of it is text and none is a
    number with a fraction, a sign or an exponent, or stands for a missing one. Lines that start
    with the options' comment are no part of the table. Raises SourceError, with file and line, for
    what is not such a file: ragged rows, text, empty cells, blank lines but at the end.
    """

    def __init__(self, binary: Binary, options: InputOptions = DEFAULTS) -> None:
        self.label = binary.label
        self._binary = binary
        comment = None if options.comment is None else options.comment.encode()
        self._reader = ChunkReader(binary.label, comment)
        with binary.preview() as stream:
            first, line, self._start = self._reader.first(stream)
        text = Chunk(first, LineMap(line)).text(self.label)
        delimiter = options.delimiter or guess_delimiter(text, options.decimal)
        _, cells = next(read_records(text, LineMap(line), delimiter, self.label), (line, []))
        if not any(cell.strip() for cell in cells):
            raise SourceError(
                f"{self.label}, line {line} is blank; it must be a header or a row of numbers"
            )
        header = is_header(cells) if options.header is None else options.header
        self.names = tuple(cell.strip() for cell in cells) if header else None
        # A quote within a cell opens nothing to the csv module: then the first record ends there.
        rest = self._behind_first(text, delimiter).encode() if header else first
        self._first_rows = rest
        self._first_line = line + (first.count(b"\n") - rest.count(b"\n") if header else 0)
        self._lines = LineMap(self._first_line)
        forced = line if options.header is False else None
        self._records = Records(
            self.label, delimiter, options.decimal, len(cells), self.names, forced
        )
        self.notes: tuple[str, ...] = index_notes(self.label, self.names or ())
        if options.header is None and not self.notes:
            self.notes = self._header_notes(cells, line)

    def _header_notes(self, cells: list[str], line: int) -> tuple[str, ...]:
        """A note if the first line, whose kind the user did not say, could be of the other kind."""
        words = [cell.strip() for cell in cells]
        where = f"{self.label}, line {line}"
        if self.names is not None and numbers_of(words):
            shown = printable(",".join(words[:4])) + ",…" * (len(words) > 4)
            return (f"{where}: {shown} is taken as a header; --no-header makes it a row",)
        counted = [str(i) for i in range(len(words))]
        if len(words) > 1 and words == counted:
            shown = ", ".join(counted[:4]) + "…" * (len(words) > 4)
            said = "is taken as a row of data; say --header if it names the columns"
            return (f"{where}: {shown} {said}",)
        return ()

    @staticmethod
    def _behind_first(text: str, delimiter: str) -> str:
        lines = io.StringIO(text, newline="")
        next(csv.reader(lines, delimiter=delimiter))
        return lines.read()

    @property
    def shape(self) -> tuple[int | None, ...]:
        return (None, self._records.width)

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        return self._records.place(self._lines.line(row), index[0])

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        return regrid(self._arrays(columns), rows)

    def keys(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        return regrid_lists(self._keys(columns), rows)

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

    def _keys(self, columns: Sequence[int]) -> Iterator[list[Key]]:
        row = 0
        for text, lines in self._texts():
            keys = self._plain_keys(text, columns)
            if keys is None:
                keys = []
                for line, cells in self._records.rows(text, lines):
                    self._lines.add(row + len(keys), line)
                    keys.append(self._records.key(line, cells, columns))
            else:
                self._note_lines(row, lines, len(keys))
            row += len(keys)
            yield keys

    def _plain_keys(self, text: str, columns: Sequence[int]) -> list[Key] | None:
        """The keys of text without quotes, whose rows are its lines; None if it has any fault."""
        if '"' in text or has_bare_returns(text) or not self._is_even(text):
            return None
        try:
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=self._records.delimiter)
            parts = [[cell.strip() for cell in p] for p in self._parts(rows, columns)]
        except (csv.Error, IndexError):  # a blank line has no cells
            return None
        return list(zip(*parts, strict=True)) if all(map(all, parts)) else None

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
        """The numbers of whole records, by NumPy's parser; None if it is not sure of them.

        It skips blank lines, and with a choice of columns it does not look at the others: then
        the delimiters of each line are counted, which takes text without quotes.
        """
        delimiter = self._records.delimiter
        quotes = '"' in text
        if has_bare_returns(text):
            return None
        if columns is not None and (quotes or not self._is_even(text)):
            return None
        if self._records.decimal == ",":
            if "." in text:
                return None
            text = text.replace(",", ".")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # "input contained no data"
                array = np.loadtxt(
                    io.StringIO(text),
                    delimiter=delimiter,
                    comments=None,
                    quotechar='"' if quotes else None,
                    usecols=columns,
                    ndmin=2,
                )
        except ValueError:
            return None
        if np.isinf(array).any() and PERHAPS_TOO_LARGE.search(text):
            return None
        lines = text.count("\n") + (not text.endswith("\n"))
        width = self._records.width if columns is None else len(columns)
        return array if array.shape == (lines, width) else None

    def _is_even(self, text: str) -> bool:
        """Whether every line of text without quotes has as many cells as the first one."""
        width = self._records.width
        data = np.frombuffer(text.encode(), dtype=np.uint8)
        marks = data[(data == ord(self._records.delimiter)) | (data == ord("\n"))]
        if not text.endswith("\n"):
            marks = np.append(marks, np.uint8(ord("\n")))
        if len(marks) % width:
            return False
        line_ends = marks.reshape(-1, width) == ord("\n")
        return bool(line_ends[:, -1].all() and not line_ends[:, :-1].any())

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
