"""Decompression, told by the first bytes: gzip, and zstd where Python has it."""

import gzip
import importlib
import io
import zlib
from collections.abc import Callable
from typing import Any

from losscli.errors import SourceError
from losscli.sources.binary import BUFFER_BYTES, Binary, DecodedStream

GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
SUFFIXES = (".gz", ".zst")


def decompress(binary: Binary) -> Binary:
    """`binary`, decompressed if it is compressed. Raises SourceError where it cannot be.

    What is damaged or cut short is found while it is read, as a SourceError too.
    """
    magic = binary.peek(len(ZSTD))
    if magic.startswith(GZIP):
        return _decode(binary, "gzip", _gunzip, (EOFError, zlib.error, gzip.BadGzipFile))
    if magic == ZSTD:
        zstd = _zstd(binary.label)
        return _decode(binary, "zstd", zstd.ZstdFile, (EOFError, zstd.ZstdError))
    return binary


def _gunzip(stream: io.BufferedReader) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=stream, mode="rb")


def _zstd(label: str) -> Any:
    try:
        return importlib.import_module("compression.zstd")
    except ImportError:
        raise SourceError(
            f"{label} is zstd-compressed, which Python reads from version 3.14 on",
            "decompress it first (zstd -d), or pass it on: zstd -dc FILE | losscli … --pred -",
        ) from None


def _decode(
    binary: Binary,
    what: str,
    decoder: Callable[[io.BufferedReader], Any],
    errors: tuple[type[BaseException], ...],
) -> Binary:
    def complaint(error: BaseException) -> SourceError:
        if isinstance(error, EOFError):
            return SourceError(f"{binary.label}: its {what} data ends early; it was cut short")
        return SourceError(f"{binary.label}: its {what} data is damaged: {error}")

    def open_() -> io.BufferedReader:
        stream = binary.open()
        return io.BufferedReader(
            DecodedStream(decoder(stream), errors, complaint, stream), BUFFER_BYTES
        )

    return Binary(binary.label, open_, again=binary.again, beneath=binary)
