"""Text of any encoding as UTF-8, so that all that comes after reads one encoding."""

import codecs
import io

from losscli.errors import SourceError, printable, setting
from losscli.sources.binary import BUFFER_BYTES, Binary

# A byte order mark and the encoding that it shows; of two that begin alike the longer one first.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8"),
)


def as_utf8(binary: Binary, encoding: str | None) -> Binary:
    """`binary` in UTF-8: as it is, or decoded by its byte order mark, else by `encoding`.

    What cannot be decoded is found while it is read, as a SourceError with its line.
    """
    head = binary.peek(4)
    found = next((name for mark, name in MARKS if head.startswith(mark)), encoding or "utf-8")
    name = codecs.lookup(found).name
    if name == "utf-8":
        return binary

    def open_() -> io.BufferedReader:
        return io.BufferedReader(_Transcoded(binary.open(), name, binary.label), BUFFER_BYTES)

    return Binary(binary.label, open_, again=binary.again, beneath=binary)


class _Transcoded(io.RawIOBase):
    """The text of a stream in UTF-8."""

    def __init__(self, stream: io.BufferedReader, encoding: str, label: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._label = label
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._held = b""
        self._line = 1
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._held and not self._ended:
            # One call of the system at most: a pipe's writer is not waited for.
            data = self._stream.read1(BUFFER_BYTES)
            self._ended = not data
            self._held = self._utf8(data)
        piece, self._held = self._held[: len(buffer)], self._held[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()

    def _utf8(self, data: bytes) -> bytes:
        state = self._decoder.getstate()
        try:
            piece = self._decoder.decode(data, final=not data).encode()
        except UnicodeError:
            self._decoder.setstate(state)
            raise self._undecodable(data) from None
        self._line += piece.count(b"\n")
        return piece

    def _undecodable(self, data: bytes) -> SourceError:
        """The place of the first byte of `data` that cannot be decoded, found one by one."""
        what = "the text ends within a character"
        try:
            for byte in data:
                what = f"byte 0x{byte:02x} cannot be decoded"
                self._line += self._decoder.decode(bytes((byte,))).encode().count(b"\n")
        except UnicodeError:
            pass
        return SourceError(
            f"{self._label}, line {self._line}: {what} as {printable(self._encoding)}",
            f"{setting('encoding')} names the encoding of a text: {setting('encoding', 'cp1252')}",
        )
