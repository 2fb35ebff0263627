"""The text of a CSV file in chunks of whole records, with the lines that they come from."""

import io
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from losscli.errors import SourceError, setting

CHUNK_BYTES = 1 << 18
# No record is longer; a quote that opens and never closes would swallow the rest of the file.
RECORD_BYTES = 1 << 26
BOM = b"\xef\xbb\xbf"


class LineMap:
    """Which line of a file something counted (a row, a line that is kept) stands on.

    Only the places where the distance between the two changes are held. `first` is the line of the
    first one as long as nothing else is known.
    """

    def __init__(self, first: int) -> None:
        self._first = first
        self._items = array("q")
        self._lines = array("q")

    def add(self, item: int, line: int) -> None:
        """Note that `item` stands on `line`; items come in ascending order, known ones again."""
        if self._items:
            if item <= self._items[-1]:
                return
            if line - item == self._lines[-1] - self._items[-1]:
                return
        self._items.append(item)
        self._lines.append(line)

    def line(self, item: int) -> int:
        """The line of `item`."""
        at = bisect_right(self._items, item) - 1
        if at < 0:
            return self._first + item
        return self._lines[at] + item - self._items[at]

    def runs(self, items: int) -> Iterator[tuple[int, int]]:
        """(item, line) wherever the distance changes, among the first `items`."""
        for item, line in zip(self._items, self._lines, strict=True):
            if item < items:
                yield item, line


@dataclass(frozen=True)
class Chunk:
    """Whole records, without comments; `lines` maps a line of `data` to that of the file.

    `is_blank` says that there are only blank lines in it.
    """

    data: bytes
    lines: LineMap
    is_blank: bool = False

    def text(self, label: str) -> str:
        """The data, decoded. Raises SourceError."""
        try:
            return self.data.decode()
        except UnicodeDecodeError as error:
            at = self.lines.line(self.data.count(b"\n", 0, error.start))
            raise SourceError(
                f"{label}, line {at}: byte 0x{self.data[error.start]:02x} is not UTF-8",
                f"save it as UTF-8, or name its encoding, as in {setting('encoding', 'cp1252')}",
            ) from None


@dataclass(frozen=True)
class Quotes:
    """Where quotes open and close, as the csv module has it: a quote opens at the start of a cell
    alone, closes it unless another one follows, and is text everywhere else.
    """

    # What comes before a quote that never closes, or everything; the rest of a quoted cell.
    whole: re.Pattern[bytes]
    rest: re.Pattern[bytes]

    @classmethod
    def of(cls, delimiters: str) -> Self:
        """Those of text whose cells may be parted by any of these characters."""
        marks = "|".join(f"(?<={re.escape(mark)})" for mark in delimiters)
        start = rf"\A|{marks}|(?<=[\r\n])"
        rest = r'[^"]*+(?:""[^"]*+)*+"'
        whole = rf'(?:[^"]++|(?:{start})"{rest}|(?!{start})")*+'
        return cls(re.compile(whole.encode()), re.compile(rest.encode()))

    def opened(self, data: bytes, *, within: bool = False) -> int | None:
        """Where in `data` the quote stands that is open at its end; None if none is.

        `within` says that the data begins within a quote; if that is still the one, it is at -1.
        """
        start = 0
        if within:
            closed = self.rest.match(data)
            if closed is None:
                return -1
            start = closed.end()
        found = self.whole.match(data, start)
        end = start if found is None else found.end()
        return end if end < len(data) else None


@dataclass(frozen=True)
class ChunkReader:
    """Reads chunks of the file that messages call `label`; lines that start with `comment` go.

    `blanks` are the bytes that make a blank line if it has no others.
    """

    label: str
    comment: bytes | None
    quotes: Quotes
    blanks: bytes = b"\r\n"

    def record(self, stream: io.BufferedReader, line: int) -> tuple[bytes, int, int]:
        """The next record, empty if there is none; its line, and how many bytes come before it.

        `line` is the one that the stream is at: comments may come before the record.
        """
        before = 0
        while self._is_comment(raw := self._line(stream)):
            before += len(raw)
            line += 1
        return self._complete(stream, raw, LineMap(line)), line, before

    def chunks(
        self, stream: io.BufferedReader, pending: bytes, line: int, size: int | None = None
    ) -> Iterator[Chunk]:
        """Whole records, some `size` (CHUNK_BYTES) bytes at a time; blank lines at a chunk's end
        are one by themselves. `pending` stands before what the stream gives; its first line is
        `line`.
        """
        while data := pending + stream.read(CHUNK_BYTES if size is None else size):
            pending = b""
            if not data.endswith(b"\n"):
                data += self._line(stream)
            kept, lines = self._without_comments(data, line)
            whole = self._complete(stream, kept, lines)
            line += data.count(b"\n") + whole.count(b"\n", len(kept))
            body = whole.rstrip(self.blanks)
            # Blank lines are held apart: at the end of the file they are none of our business.
            end = (whole.find(b"\n", len(body)) + 1 or len(whole)) if body else 0
            if body:
                yield Chunk(whole[:end], lines)
            if whole[end:]:
                blank = LineMap(lines.line(whole.count(b"\n", 0, end)))
                yield Chunk(whole[end:], blank, is_blank=True)

    def _is_comment(self, line: bytes) -> bool:
        return self.comment is not None and line.lstrip(b" \t").startswith(self.comment)

    def _without_comments(self, data: bytes, line: int) -> tuple[bytes, LineMap]:
        """The data without comments, and the lines that are left."""
        lines = LineMap(line)
        if self.comment is None or self.comment not in data:
            return data, lines
        kept: list[bytes] = []
        is_open = False
        for at, text in enumerate(io.BytesIO(data), line):
            if not is_open and self._is_comment(text):
                continue
            lines.add(len(kept), at)
            kept.append(text)
            is_open = self.quotes.opened(text, within=is_open) is not None
        return b"".join(kept), lines

    def _line(self, stream: io.BufferedReader) -> bytes:
        """The rest of the line; a file without line ends must not fill the memory."""
        line = stream.readline(RECORD_BYTES)
        if len(line) == RECORD_BYTES:
            raise SourceError(f"{self.label} has a line of more than {RECORD_BYTES >> 20} MiB")
        return line

    def _complete(self, stream: io.BufferedReader, data: bytes, lines: LineMap) -> bytes:
        """The data, and as many lines more as it takes to close the quote that it opens."""
        quote = self.quotes.opened(data)
        if quote is None:
            return data
        parts, size, ends = [data], 0, data.count(b"\n")
        opening = lines.line(data.count(b"\n", 0, quote))
        while quote is not None:
            more = self._line(stream)
            size += len(more)
            if not more or size > RECORD_BYTES:
                raise SourceError(
                    f"{self.label}, line {opening}: a quote opens on this line and never closes"
                )
            parts.append(more)
            quote = self.quotes.opened(more, within=True)
            if quote is not None and quote >= 0:
                opening = lines.line(ends)
            ends += more.count(b"\n")
        return b"".join(parts)
