"""Where results go: standard output, or a file that is replaced only when all of it is there."""

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from losscli.errors import LosscliError, OutputError, printable

# Opened as a file, /dev/stdout would be replaced where it is one.
STANDARD_OUTPUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


@contextmanager
def open_output(path: str | None) -> Iterator[TextIO]:
    """The stream to write a result to; None or '-' is standard output.

    A file is written beside its place, flushed to the disk and then renamed: whatever happens
    before, the old file stays whole. What is no regular file (a pipe, /dev/null) is written to
    directly. Raises OutputError.
    """
    if path is None or path in STANDARD_OUTPUT:
        yield sys.stdout
        return
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "w", encoding="utf-8", errors="backslashreplace") as stream:
                yield stream
            return
        how = {"encoding": "utf-8", "errors": "backslashreplace", "newline": "\n"}
        with _replacing(Path(os.path.realpath(path)), "w", **how) as stream:
            yield stream
    except (BrokenPipeError, LosscliError):
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{printable(path)} cannot be written: {reason}") from None


def write_bytes(path: str, content: bytes) -> None:
    """Write a file, which is replaced as a whole. Raises OutputError."""
    try:
        with _replacing(Path(os.path.realpath(path)), "wb") as stream:
            stream.write(content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{printable(path)} cannot be written: {reason}") from None


@contextmanager
def _replacing(path: Path, mode: str, **how: str) -> Iterator[Any]:
    permissions = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, mode, **how) as stream:  # type: ignore[call-overload]
            yield stream
            stream.flush()
            os.fchmod(stream.fileno(), permissions)
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
