"""The slow and sure reading of CSV: record by record, every fault with its place."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from losscli.errors import SourceError, printable, quoted, setting, shortened
from losscli.sources.base import Key
from losscli.sources.csv_cells import MARKS, NUMBERS, Cells, mark_between, unquote
from losscli.sources.csv_chunks import LineMap


@dataclass(frozen=True)
class Records:
    """How the records of a file look: `width` cells, `names` if the first one has them.

    `forced_row` is the line of a first record that counts as data because the user said so;
    `empty` the last column, where lines only seem to have one as they end with the delimiter.
    """

    label: str
    delimiter: str
    reading: Cells
    width: int
    names: tuple[str, ...] | None
    forced_row: int | None
    empty: int | None = None

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
        key = self.text(line, cells, columns)
        if not all(key):
            raise SourceError(f"{self.place(line, columns[key.index('')])}: the id is empty")
        return key

    def text(self, line: int, cells: list[str], columns: Sequence[int]) -> Key:
        """The cells of these columns as text; one that is empty too."""
        return tuple([unquote(cells[column]) for column in columns])

    def place(self, line: int, column: int) -> str:
        """A cell, for messages: 'pred.csv, line 7, column 2 (p)'."""
        name = self.names[column] if self.names else ""
        name = f" ({printable(shortened(name))})" if name else ""
        return f"{self.label}, line {line}, column {column + 1}{name}"

    def blank(self, line: int) -> SourceError:
        """What is wrong with a blank line."""
        message = f"{self.label}, line {line} is blank, with rows after it"
        return SourceError(message, "a row may not be missing")

    def _number(self, cell: str, line: int, column: int) -> float:
        number = self.reading.number(cell)
        if number is None or column == self.empty:
            raise self._no_number(cell, line, column)
        return number

    def _no_number(self, cell: str, line: int, column: int) -> SourceError:
        what, hint = self.reading.complaint(cell)
        text = unquote(cell)
        if column == self.empty and not text:
            columns = "1" if column == 1 else f"1:{column}"
            what = f"the cell is empty, as lines end with {quoted(self.delimiter)}"
            hint = (
                f"choose the columns before it: {setting('true_cols', columns)}, "
                f"{setting('pred_cols', columns)}"
            )
        elif hint is None and self.width == 1:
            between = mark_between(cell, NUMBERS[self.reading.decimal])
            if between is not None:
                hint = (
                    f"if the file has several columns, say {setting('delimiter', MARKS[between])}"
                )
        if hint is None and line == self.forced_row:
            hint = f"leave out {setting('header', False)} if the first line names the columns"
        return SourceError(f"{self.place(line, column)}: {what}", hint)

    def _ragged(self, line: int, cells: list[str]) -> SourceError:
        shown = quoted(self.delimiter.join(cells))
        hint = None
        if self.width == 1 or len(cells) == 1:
            change = setting("delimiter")
            hint = f"cells are taken to end at {quoted(self.delimiter)}; {change} changes that"
        elif len(cells) == self.width + 1 and not cells[-1].strip():
            hint = f"the line ends with {quoted(self.delimiter)}, the first line does not"
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
    blanks = delimiter == " "  # a run of blanks is one delimiter, and none at a line's ends
    # The csv module counts a lone carriage return, which may stand in a cell, as a line's end.
    returns = has_bare_returns(text)
    ends = LineEnds(stream) if returns or blanks else None
    reader = csv.reader(
        stream if ends is None else ends, delimiter=delimiter, skipinitialspace=blanks
    )
    before = 0
    try:
        for cells in reader:
            if ends is not None and ends.last.endswith("\r"):
                raise SourceError(
                    f"{label}, line {lines.line(before)} has old Mac line ends: a bare carriage "
                    "return",
                    "convert its line ends to LF",
                )
            if blanks and ends is not None and ends.last.rstrip("\r\n").endswith(" "):
                cells.pop()
            yield lines.line(before), cells
            before = reader.line_num if ends is None else ends.seen
    except csv.Error as error:
        raise SourceError(f"{label}, line {lines.line(before)}: {error}") from None
