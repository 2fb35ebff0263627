"""The text of a CSV file in chunks of whole records, with the lines that they come from."""

import io
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from losscli.errors import SourceError

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
    """Whole records, without comments; `lines` maps a line of `data` to that of the file."""

    data: bytes
    lines: LineMap

    @property
    def is_blank(self) -> bool:
        """Whether there are only blank lines in it."""
        return not self.data.strip(b"\r\n")

    def text(self, label: str) -> str:
        """The data, decoded. Raises SourceError."""
        try:
            return self.data.decode()
        except UnicodeDecodeError as error:
            at = self.lines.line(self.data.count(b"\n", 0, error.start))
            raise SourceError(
                f"{label}, line {at}: byte 0x{self.data[error.start]:02x} is not UTF-8",
                "save it as UTF-8",
            ) from None


@dataclass(frozen=True)
class ChunkReader:
    """Reads chunks of the file that messages call `label`; lines that start with `comment` go."""

    label: str
    comment: bytes | None

    def first(self, stream: io.BufferedReader) -> tuple[bytes, int, int]:
        """The first record without a byte order mark, its line, and where it ends in the stream.

        Raises SourceError if there is none, or if it is not text.
        """
        start, line = 0, 1
        while True:
            raw = self._line(stream)
            bare = raw.removeprefix(BOM) if line == 1 else raw
            if not raw or not self._is_comment(bare):
                break
            start += len(raw)
            line += 1
        first = self._complete(stream, [bare], bare.count(b'"') % 2, line)
        if not first:
            only = " but for comments" if line > 1 else ""
            raise SourceError(f"{self.label} is empty{only}")
        if first.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise SourceError(f"{self.label} is UTF-16 text", "save it as UTF-8")
        if b"\0" in first[:1024]:
            raise SourceError(f"{self.label} is not text", "inputs are CSV, TSV, NPY, NPZ or JSON")
        return first, line, start + len(raw) - len(bare) + len(first)

    def chunks(self, stream: io.BufferedReader, pending: bytes, line: int) -> Iterator[Chunk]:
        """Whole records, some CHUNK_BYTES at a time; blank lines at a chunk's end are one by
        themselves. `pending` stands before what the stream gives; its first line is `line`.
        """
        while data := pending + stream.read(CHUNK_BYTES):
            pending = b""
            if not data.endswith(b"\n"):
                data += self._line(stream)
            kept, lines, is_open = self._without_comments(data, line)
            whole = self._complete(stream, [kept], is_open, line)
            line += data.count(b"\n") + whole.count(b"\n", len(kept))
            body = whole.rstrip(b"\r\n")
            # Blank lines are held apart: at the end of the file they are none of our business.
            end = (len(body) + (2 if whole[len(body) :].startswith(b"\r\n") else 1)) if body else 0
            if body:
                yield Chunk(whole[:end], lines)
            if whole[end:]:
                yield Chunk(whole[end:], LineMap(lines.line(whole.count(b"\n", 0, end))))

    def _is_comment(self, line: bytes) -> bool:
        return self.comment is not None and line.lstrip(b" \t").startswith(self.comment)

    def _without_comments(self, data: bytes, line: int) -> tuple[bytes, LineMap, int]:
        """The data without comments, the lines that are left, and whether a quote is open."""
        lines = LineMap(line)
        if self.comment is None or self.comment not in data:
            return data, lines, data.count(b'"') % 2
        kept: list[bytes] = []
        is_open = 0
        for at, text in enumerate(io.BytesIO(data), line):
            if not is_open and self._is_comment(text):
                continue
            lines.add(len(kept), at)
            kept.append(text)
            is_open ^= text.count(b'"') % 2
        return b"".join(kept), lines, is_open

    def _line(self, stream: io.BufferedReader) -> bytes:
        """The rest of the line; a file without line ends must not fill the memory."""
        line = stream.readline(RECORD_BYTES)
        if len(line) == RECORD_BYTES:
            raise SourceError(f"{self.label} has a line of more than {RECORD_BYTES >> 20} MiB")
        return line

    def _complete(
        self, stream: io.BufferedReader, parts: list[bytes], is_open: int, line: int
    ) -> bytes:
        """The parts, and as many lines more as it takes to close the quotes that they open."""
        size = 0
        while is_open:
            more = self._line(stream)
            size += len(more)
            if not more or size > RECORD_BYTES:
                raise SourceError(
                    f"{self.label}: a quote that opens on line {line} or after it never closes"
                )
            parts.append(more)
            is_open ^= more.count(b'"') % 2
        return b"".join(parts)
