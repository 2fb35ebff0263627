"""Bytes that can be opened: a file, standard input, a decompressed stream, an archive's member."""

import io
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import IO, Any, Protocol

from losscli.errors import SourceError

BUFFER_BYTES = 1 << 17
STANDARD_INPUT = "standard input"


class Binary:
    """Bytes under a name.

    `open_` gives them as a new buffered stream at their start. `again` says whether it can do so
    more than once; if not, `preview` still leaves everything to be read by `open`. `size` is their
    number, if known, and `seekable` says that a stream of them seeks at no cost. `beneath` are the
    bytes that these are made from.
    """

    def __init__(
        self,
        label: str,
        open_: Callable[[], io.BufferedReader],
        *,
        again: bool = True,
        size: int | None = None,
        seekable: bool = False,
        beneath: "Binary | None" = None,
    ) -> None:
        self.label = label
        self.again = again
        self.size = size
        self.seekable = seekable
        self._open = open_
        self._beneath = beneath
        self._stream: io.BufferedReader | None = None
        self._head = bytearray()  # what previews have read of a stream that opens only once
        self._spent = False

    def open(self) -> io.BufferedReader:
        """A stream at the start. Raises SourceError the second time, unless `again`."""
        if self.again:
            return self._open()
        stream = self._only()
        self._spent = True
        return io.BufferedReader(_Replay(self._head, stream, keep=False), BUFFER_BYTES)

    def preview(self) -> io.BufferedReader:
        """A stream at the start for a look ahead: what is read of it will be read again."""
        if self.again:
            return self._open()
        return io.BufferedReader(_Replay(self._head, self._only(), keep=True), BUFFER_BYTES)

    def peek(self, size: int) -> bytes:
        """The first `size` bytes, or all there are."""
        with self.preview() as stream:
            return stream.read(size)

    def close(self) -> None:
        """Let go of a stream that opens only once and will not be read."""
        for one in (self._stream, self._beneath):
            if one is not None:
                one.close()

    def _only(self) -> io.BufferedReader:
        if self._spent:
            raise SourceError(f"{self.label} is a pipe, which can be read only once")
        if self._stream is None:
            self._stream = self._open()
        return self._stream


class File(io.FileIO):
    """A file to read, whose errors name it as `label`."""

    def __init__(self, path: str, label: str) -> None:
        super().__init__(path)
        self._label = label

    def readinto(self, buffer: Any) -> int:
        try:
            return super().readinto(buffer) or 0
        except OSError as error:
            raise unreadable(self._label, error) from None

    def readall(self) -> bytes:
        # In pieces, as FileIO's own does, but through `readinto`.
        return io.RawIOBase.readall(self) or b""

    def read(self, size: int | None = -1) -> bytes:
        return io.RawIOBase.read(self, -1 if size is None else size) or b""


def unreadable(label: str, error: Exception) -> SourceError:
    """What is wrong where the system does not let a file be read."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return SourceError(f"{label} cannot be read: {reason}")


class _Replay(io.RawIOBase):
    """Bytes that were read before, then the stream they came from, recorded if `keep`."""

    def __init__(self, head: bytearray, stream: io.BufferedReader, *, keep: bool) -> None:
        self._head = head
        self._at = 0
        self._stream = stream
        self._keep = keep

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._at < len(self._head):
            piece = self._head[self._at : self._at + len(buffer)]
            buffer[: len(piece)] = piece
            self._at += len(piece)
            return len(piece)
        count = self._stream.readinto1(buffer)
        if self._keep:
            self._head += buffer[:count]
            self._at += count
        return count

    def close(self) -> None:
        if not self._keep and not self.closed:
            self._stream.close()
        super().close()


class Closable(Protocol):
    """What must be closed."""

    def close(self) -> None: ...


class Reader(Closable, Protocol):
    """What a decoder of the standard library offers."""

    def read(self, size: int = -1, /) -> bytes: ...


class DecodedStream(io.RawIOBase):
    """A decoder's bytes; the `errors` it raises become what `complaint` makes of them.

    Closing it closes `owned` as well, in this order.
    """

    def __init__(
        self,
        decoder: Reader,
        errors: tuple[type[BaseException], ...],
        complaint: Callable[[BaseException], SourceError],
        *owned: Closable,
    ) -> None:
        self._decoder = decoder
        self._errors = errors
        self._complaint = complaint
        self._owned = owned

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._decoder.read(len(buffer))
        except SourceError:  # of the stream beneath
            raise
        except self._errors as error:
            raise self._complaint(error) from None
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            for one in (self._decoder, *self._owned):
                one.close()
        super().close()


def standard_input() -> Binary:
    """What comes in on standard input. Raises SourceError if there is none."""
    if sys.stdin is None:
        raise SourceError("standard input is closed", "give a file in place of -")

    def open_() -> io.BufferedReader:
        return io.BufferedReader(_Borrowed(sys.stdin.buffer), BUFFER_BYTES)

    return Binary(STANDARD_INPUT, open_, again=False)


class _Borrowed(io.RawIOBase):
    """A stream of someone else's, which is not closed with this one."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        # One call of the system where the stream allows it: a pipe's writer is not waited for.
        read = getattr(self._stream, "read1", self._stream.read)
        try:
            data = read(len(buffer))
        except OSError as error:
            raise unreadable(STANDARD_INPUT, error) from None
        buffer[: len(data)] = data
        return len(data)


def copy_to_disk(binary: Binary) -> Binary:
    """`binary`, copied to a temporary file without a name, so that it can be opened again."""
    file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (see the finaliser below)
    try:
        with binary.open() as stream:
            size = sum(_append(file, piece, binary.label) for piece in _pieces(stream))
    except BaseException:
        file.close()
        raise
    lock = threading.Lock()
    copy = Binary(
        binary.label,
        lambda: io.BufferedReader(_SharedFile(file, lock), BUFFER_BYTES),
        size=size,
        seekable=True,
    )
    weakref.finalize(copy, file.close)  # sources hold on to what they read
    return copy


def _pieces(stream: io.BufferedReader) -> Iterator[bytes]:
    while piece := stream.read(BUFFER_BYTES):
        yield piece


def _append(file: IO[bytes], piece: bytes, label: str) -> int:
    """Write all of the piece, and return its size. Raises SourceError if there is no room."""
    view = memoryview(piece)
    try:
        while view:
            view = view[file.write(view) :]
    except OSError as error:
        raise SourceError(
            f"{label} does not fit into {tempfile.gettempdir()}, where it is kept to be read "
            f"again: {error.strerror}",
            "set TMPDIR to a folder with more room, or give a file",
        ) from None
    return len(piece)


class _SharedFile(io.RawIOBase):
    """A shared file with a position of its own."""

    def __init__(self, file: IO[bytes], lock: threading.Lock) -> None:
        self._file = file
        self._lock = lock
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        with self._lock:
            if whence == io.SEEK_END:
                offset += self._file.seek(0, io.SEEK_END)
            elif whence == io.SEEK_CUR:
                offset += self._at
        self._at = offset
        return offset

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with self._lock:
            self._file.seek(self._at)
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
