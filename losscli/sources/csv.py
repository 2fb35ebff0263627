"""CSV and TSV: read in chunks by NumPy's parser, every fault found again by the csv module."""

import csv
import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from losscli.errors import SourceError, quoted
from losscli.sources.base import Array, regrid

CHUNK_BYTES = 1 << 18
# No record is longer; a quote that opens and never closes would swallow the rest of the file.
RECORD_BYTES = 1 << 26
BOM = b"\xef\xbb\xbf"
DELIMITERS = "\t;,"
# What NumPy's parser takes for a number, which is less than float() does (no 1_000, no 0x1p3).
NUMBER = re.compile(
    r"\s*[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|inf(inity)?|nan)\s*", re.IGNORECASE
)
# What stands for a missing number: never a column's name.
MISSING = {"na", "n/a", "#n/a", "nan", "null", "none", "?", "-", "."}


class CsvSource:
    """A delimited text file with one row of numbers a line, with or without a header line.

    `stream` stands at the file's start; `reopen` gives it there again, or is None for a pipe. The
    first line is a header unless a cell of it is a number with a fraction, a sign or an exponent,
    or stands for a missing one. Raises SourceError, with file and line, for what is not such a
    file: ragged rows, text, empty cells, blank lines but at the end.
    """

    def __init__(
        self,
        stream: io.BufferedReader,
        label: str,
        reopen: Callable[[], io.BufferedReader] | None,
        delimiter: str | None = None,
    ) -> None:
        self.label = label
        self._stream: io.BufferedReader | None = stream
        self._reopen = reopen
        first = self._read_first(stream)
        self._start = len(first)
        text = self._decode(first.removeprefix(BOM), 1)
        self._delimiter = delimiter or guess_delimiter(text)
        cells = next(self._records(text, 1), (1, []))[1]
        if not any(cell.strip() for cell in cells):
            raise SourceError(f"{label}, line 1 is blank; it must be a header or a row of numbers")
        header = is_header(cells)
        self.names = tuple(cell.strip() for cell in cells) if header else None
        self._width = len(cells)
        self._first_line = 1 + first.count(b"\n") if header else 1
        self._first_row = b"" if header else first.removeprefix(BOM)
        # Where lines and rows part ways: (row, line) of each chunk that has a line end in a cell.
        self._shifts: list[tuple[int, int]] = []

    @property
    def shape(self) -> tuple[int | None, ...]:
        return (None, self._width)

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        line = row + self._first_line
        for first_row, first_line in self._shifts:
            if row >= first_row:
                line = row - first_row + first_line
        return self._place(line, index[0])

    def _place(self, line: int, column: int) -> str:
        name = f" ({self.names[column]})" if self.names and self.names[column] else ""
        return f"{self.label}, line {line}, column {column + 1}{name}"

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        return regrid(self._arrays(columns), rows)

    def _arrays(self, columns: Sequence[int] | None) -> Iterator[Array]:
        row = 0
        blank: int | None = None
        self._shifts = []
        with self._rewound() as stream:
            for chunk, line in self._chunks(stream):
                if not chunk.strip(b"\r\n"):
                    blank = blank or line
                    continue
                if blank:
                    raise SourceError(*self._blank(blank))
                text = self._decode(chunk, line)
                array = self._parse(text, columns)
                if array is None:
                    array, blank = self._parse_by_record(text, line, columns)
                if len(array) != text.count("\n") + (not text.endswith("\n")):
                    lines = chunk.count(b"\n")
                    self._shifts.append((row + len(array), line + lines))
                row += len(array)
                yield array

    def _rewound(self) -> io.BufferedReader:
        """The stream behind the first record: the open one if it still stands there."""
        if self._stream is not None:
            stream, self._stream = self._stream, None
            return stream
        if self._reopen is None:
            raise SourceError(f"{self.label} is a pipe, which can be read only once")
        stream = self._reopen()
        stream.seek(self._start)
        return stream

    def _read_first(self, stream: io.BufferedReader) -> bytes:
        """The bytes of the first record, a byte order mark included."""
        first = self._complete(stream, self._line(stream), 1)
        if not first.removeprefix(BOM):
            raise SourceError(f"{self.label} is empty")
        if first.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise SourceError(f"{self.label} is UTF-16 text", "save it as UTF-8")
        if b"\0" in first[:1024]:
            raise SourceError(f"{self.label} is not text", "inputs are CSV, TSV, NPY or JSON")
        return first

    def _chunks(self, stream: io.BufferedReader) -> Iterator[tuple[bytes, int]]:
        """Whole records, some CHUNK_BYTES at a time, each with the number of its first line."""
        line = self._first_line
        pending = self._first_row
        while chunk := pending + stream.read(CHUNK_BYTES):
            pending = b""
            if not chunk.endswith(b"\n"):
                chunk += self._line(stream)
            chunk = self._complete(stream, chunk, line)
            body = chunk.rstrip(b"\r\n")
            # Blank lines are held apart: at the end of the file they are none of our business.
            end = body and len(body) + (2 if chunk[len(body) :].startswith(b"\r\n") else 1)
            for part in (chunk[: end or 0], chunk[end or 0 :]):
                if part:
                    yield part, line
                    line += part.count(b"\n")

    def _line(self, stream: io.BufferedReader) -> bytes:
        """The rest of the line; a file without line ends must not fill the memory."""
        line = stream.readline(RECORD_BYTES)
        if len(line) == RECORD_BYTES:
            raise SourceError(f"{self.label} has a line of more than {RECORD_BYTES >> 20} MiB")
        return line

    def _complete(self, stream: io.BufferedReader, chunk: bytes, line: int) -> bytes:
        """`chunk`, and as many lines more as it takes to close the quotes that it opens."""
        parts, size, is_open = [chunk], len(chunk), chunk.count(b'"') % 2
        while is_open:
            more = self._line(stream)
            size += len(more)
            if not more or size > RECORD_BYTES + CHUNK_BYTES:
                raise SourceError(
                    f"{self.label}: a quote that opens on line {line} or after it never closes"
                )
            parts.append(more)
            is_open ^= more.count(b'"') % 2
        return b"".join(parts)

    def _decode(self, chunk: bytes, line: int) -> str:
        try:
            return chunk.decode()
        except UnicodeDecodeError as error:
            at = line + chunk.count(b"\n", 0, error.start)
            raise SourceError(
                f"{self.label}, line {at}: byte 0x{chunk[error.start]:02x} is not UTF-8",
                "save it as UTF-8",
            ) from None

    def _parse(self, text: str, columns: Sequence[int] | None) -> Array | None:
        """The numbers of whole records, by NumPy's parser; None if it is not sure of them.

        It skips blank lines, and with a choice of columns it does not look at the others: then
        the delimiters of each line are counted, which takes text without quotes.
        """
        quotes = '"' in text
        if columns is not None and (quotes or not self._is_even(text)):
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # "input contained no data"
                array = np.loadtxt(
                    io.StringIO(text),
                    delimiter=self._delimiter,
                    comments=None,
                    quotechar='"' if quotes else None,
                    usecols=columns,
                    ndmin=2,
                )
        except ValueError:
            return None
        lines = text.count("\n") + (not text.endswith("\n"))
        width = self._width if columns is None else len(columns)
        return array if array.shape == (lines, width) else None

    def _is_even(self, text: str) -> bool:
        """Whether every line of text without quotes has as many cells as the first one."""
        data = np.frombuffer(text.encode(), dtype=np.uint8)
        marks = data[(data == ord(self._delimiter)) | (data == ord("\n"))]
        if not text.endswith("\n"):
            marks = np.append(marks, np.uint8(ord("\n")))
        if len(marks) % self._width:
            return False
        line_ends = marks.reshape(-1, self._width) == ord("\n")
        return bool(line_ends[:, -1].all() and not line_ends[:, :-1].any())

    def _parse_by_record(
        self, text: str, line: int, columns: Sequence[int] | None
    ) -> tuple[Array, int | None]:
        """As `_parse`, record by record, and with the line of a blank line at the end, if any.

        Slow, and sure: either it raises at the first fault, or these are the numbers.
        """
        wanted = range(self._width) if columns is None else columns
        rows: list[list[float]] = []
        blank: int | None = None
        for at, cells in self._records(text, line):
            if not any(cells) and len(cells) <= 1:
                blank = blank or at
                continue
            if blank:
                raise SourceError(*self._blank(blank))
            if len(cells) != self._width:
                raise SourceError(*self._ragged(at, cells))
            rows.append([self._number(cells[column], at, column) for column in wanted])
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(wanted)), blank

    def _records(self, text: str, line: int) -> Iterator[tuple[int, list[str]]]:
        """The cells of each record, with the number of the line on which it starts."""
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter)
        before = 0
        try:
            for cells in reader:
                yield line + before, cells
                before = reader.line_num
        except csv.Error as error:
            raise SourceError(f"{self.label}, line {line + before}: {error}") from None

    def _number(self, cell: str, line: int, column: int) -> float:
        if NUMBER.fullmatch(cell):
            return float(cell)
        where = self._place(line, column)
        if not cell.strip():
            raise SourceError(f"{where}: the cell is empty")
        decimal_comma = re.fullmatch(r"\s*[+-]?[0-9]+,[0-9]+\s*", cell)
        raise SourceError(
            f"{where}: {quoted(cell)} is not a number",
            "decimals take a point" if decimal_comma else None,
        )

    def _ragged(self, line: int, cells: list[str]) -> tuple[str, str | None]:
        shown = quoted(self._delimiter.join(cells))
        hint = None
        if self._width == 1 or len(cells) == 1:
            hint = f"cells are taken to end at {quoted(self._delimiter)}; --delimiter changes that"
        count = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
        message = f"{self.label}, line {line}: {count}, the first line has {self._width}: {shown}"
        return message, hint

    def _blank(self, line: int) -> tuple[str, str]:
        return f"{self.label}, line {line} is blank, with rows after it", "a row may not be missing"


def guess_delimiter(text: str) -> str:
    """The first of tab, semicolon and comma that stands in the text outside of quotes, or comma."""
    bare = re.sub(r'"[^"]*"', "", text)
    return next((d for d in DELIMITERS if d in bare), ",")


def is_header(cells: list[str]) -> bool:
    """Whether the cells of the first line are names.

    Some cell must be text that does not stand for a missing number, or be the empty name of an
    index column before others; and the cells that are numbers must be plain integers, as names may
    be (0, 1, 2…), so that a row of data with one word in it is refused rather than lost.
    """
    words = [cell.strip() for cell in cells]
    if any(word.lower() in MISSING for word in words):
        return False
    numbers = [word for word in words if NUMBER.fullmatch(word)]
    if any(not word.isdecimal() for word in numbers):
        return False
    return len(numbers) < len(words) and any(words)
