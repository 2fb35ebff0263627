"""The slow and sure reading of CSV: record by record, every fault with its place."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isinf

from losscli.errors import SourceError, quoted, shortened
from losscli.sources.base import Key
from losscli.sources.csv_chunks import LineMap

DELIMITERS = "\t;,"
# What NumPy's parser takes for a number, which is less than float() does (no 1_000, no 0x1p3).
NUMBER = re.compile(
    r"\s*[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|inf(inity)?|nan)\s*", re.IGNORECASE
)
NUMBERS = {".": NUMBER, ",": re.compile(NUMBER.pattern.replace(r"\.", ","), re.IGNORECASE)}
# Digits with points and commas: a number, if perhaps not in the form that was asked for.
NUMERIC = re.compile(r"[+-]?[0-9.,]*[0-9][0-9.,]*(e[+-]?[0-9]+)?", re.IGNORECASE)
# Only a number with one of these can be beyond float64: the others need no second look.
PERHAPS_TOO_LARGE = re.compile(r"[eE]\+?[0-9]{3}|[0-9]{200}")
# What parts cells in files of other kinds, the likeliest first, and what --delimiter calls it.
MARKS = {"|": "'|'", ";": "';'", "\t": "tab", "~": "'~'", "^": "'^'", " ": "space"}
# What stands for a missing number: never a column's name.
MISSING = {"na", "n/a", "#n/a", "nan", "null", "none", "?", "-", "."}


@dataclass(frozen=True)
class Records:
    """How the records of a file look: `width` cells, `names` if the first one has them.

    `forced_row` is the line of a first record that counts as data because the user said so.
    """

    label: str
    delimiter: str
    decimal: str
    width: int
    names: tuple[str, ...] | None
    forced_row: int | None

    def rows(self, text: str, lines: LineMap) -> Iterator[tuple[int, list[str]]]:
        """The line and the cells of each record. Raises SourceError for blank and ragged ones."""
        for line, cells in read_records(text, lines, self.delimiter, self.label):
            if not cells:
                raise self.blank(line)
            if len(cells) != self.width:
                raise self._ragged(line, cells)
            yield line, cells

    def numbers(self, line: int, cells: list[str], columns: Sequence[int]) -> list[float]:
        """The cells of these columns as numbers. Raises SourceError."""
        return [self._number(cells[column], line, column) for column in columns]

    def key(self, line: int, cells: list[str], columns: Sequence[int]) -> Key:
        """The cells of these columns as an id. Raises SourceError if one is empty."""
        key = tuple([cells[column].strip() for column in columns])
        if not all(key):
            raise SourceError(f"{self.place(line, columns[key.index('')])}: the id is empty")
        return key

    def place(self, line: int, column: int) -> str:
        """A cell, for messages: 'pred.csv, line 7, column 2 (p)'."""
        name = f" ({shortened(self.names[column])})" if self.names and self.names[column] else ""
        return f"{self.label}, line {line}, column {column + 1}{name}"

    def blank(self, line: int) -> SourceError:
        """What is wrong with a blank line."""
        message = f"{self.label}, line {line} is blank, with rows after it"
        return SourceError(message, "a row may not be missing")

    def _number(self, cell: str, line: int, column: int) -> float:
        if NUMBERS[self.decimal].fullmatch(cell):
            # float() by itself does not strip all that is a blank to NumPy and to str.
            number = float((cell.replace(",", ".") if self.decimal == "," else cell).strip())
            if isinf(number) and "inf" not in cell.lower():
                where = self.place(line, column)
                raise SourceError(f"{where}: {quoted(cell.strip())} is too large for float64")
            return number
        where = self.place(line, column)
        if not cell.strip():
            raise SourceError(f"{where}: the cell is empty")
        hint = None
        if self.decimal == "," and "." in cell and NUMERIC.fullmatch(cell.strip()):
            hint = "with --decimal , numbers take no point, for decimals or for thousands"
        elif re.fullmatch(r"\s*[+-]?[0-9]+,[0-9]+\s*", cell):
            hint = "decimals take a point; --decimal , reads those with a comma"
        elif self.width == 1 and (mark := mark_between(cell, NUMBERS[self.decimal])):
            hint = f"if the file has several columns, say --delimiter {MARKS[mark]}"
        elif line == self.forced_row:
            hint = "leave out --no-header if the first line names the columns"
        raise SourceError(f"{where}: {quoted(cell)} is not a number", hint)

    def _ragged(self, line: int, cells: list[str]) -> SourceError:
        shown = quoted(self.delimiter.join(cells))
        hint = None
        if self.width == 1 or len(cells) == 1:
            hint = f"cells are taken to end at {quoted(self.delimiter)}; --delimiter changes that"
        count = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
        message = f"{self.label}, line {line}: {count}, the first line has {self.width}: {shown}"
        return SourceError(message, hint)


class LineEnds:
    """The lines of a text as they are read, counted by their line feeds; `last` is the latest."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream
        self.seen = 0
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        for line in self._stream:
            self.seen += line.endswith("\n")
            self.last = line
            yield line


def has_bare_returns(text: str) -> bool:
    """Whether there are carriage returns that no line feed follows."""
    return "\r" in text and text.count("\r") != text.count("\r\n")


def read_records(
    text: str, lines: LineMap, delimiter: str, label: str
) -> Iterator[tuple[int, list[str]]]:
    """The cells of each record, with the line on which it starts.

    Raises SourceError, also for a carriage return that ends a record by itself.
    """
    stream = io.StringIO(text, newline="")
    # The csv module counts a lone carriage return, which may stand in a cell, as a line's end.
    ends = LineEnds(stream) if has_bare_returns(text) else None
    reader = csv.reader(stream if ends is None else ends, delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            if ends is not None and ends.last.endswith("\r"):
                raise SourceError(
                    f"{label}, line {lines.line(before)} has old Mac line ends: a bare carriage "
                    "return",
                    "convert its line ends to LF",
                )
            yield lines.line(before), cells
            before = reader.line_num if ends is None else ends.seen
    except csv.Error as error:
        raise SourceError(f"{label}, line {lines.line(before)}: {error}") from None


def guess_delimiter(text: str, decimal: str = ".") -> str:
    """The first of tab, semicolon and comma that stands in the text outside of quotes.

    If there is none the comma, or the semicolon where the comma marks decimals.
    """
    bare = re.sub(r'"[^"]*"', "", text)
    choices = DELIMITERS.replace(decimal, "")
    return next((d for d in choices if d in bare), choices[-1])


def mark_between(cell: str, number: re.Pattern[str] = NUMBER) -> str | None:
    """What stands between the numbers of a cell that holds several; None if it does not."""
    for mark in MARKS:
        parts = cell.split() if mark == " " else cell.split(mark)
        if len(parts) > 1 and all(map(number.fullmatch, parts)):
            return mark
    return None


def is_header(cells: list[str]) -> bool:
    """Whether the cells of the first line are names.

    Some cell must be text that does not stand for a missing number, or be the empty name of an
    index column before others; and the cells that are numbers must be plain integers, as names may
    be (0, 1, 2…), so that a row of data with one word in it is refused rather than lost.
    """
    words = [cell.strip() for cell in cells]
    if any(word.lower() in MISSING for word in words):
        return False
    if len(words) == 1 and mark_between(words[0]):
        return False  # a row of data with another delimiter
    numbers = numbers_of(words)
    if any(not word.isdecimal() for word in numbers):
        return False
    return len(numbers) < len(words) and any(words)


def numbers_of(words: list[str]) -> list[str]:
    """Those of the words that are numbers, in whatever form."""
    return [word for word in words if NUMBER.fullmatch(word) or NUMERIC.fullmatch(word)]
