"""The arrays of an NPZ archive, as bytes that can be opened."""

import io
import lzma
import os
import zipfile
import zlib
from difflib import get_close_matches

from losscli.errors import SourceError, UnknownNameError, printable, quoted, shortened
from losscli.sources.binary import BUFFER_BYTES, Binary, DecodedStream

MAGICS = (b"PK\x03\x04", b"PK\x05\x06")  # the latter of an archive without members
DAMAGE = (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError, OSError, ValueError)


def split_key(spec: str) -> tuple[str, str | None]:
    """'archive.npz:key' in two: at the last colon, only after .npz, and not if it is a file."""
    path, colon, key = spec.rpartition(":")
    if colon and path.lower().endswith(".npz") and not os.path.lexists(spec):
        return path, key
    return spec, None


def member(archive: Binary, key: str | None) -> Binary:
    """The bytes of one array of `archive`: of `key`, or of the only one.

    Raises SourceError, UnknownNameError.
    """
    label = archive.label
    if not archive.seekable:
        raise SourceError(f"{label} is a zip archive, which cannot be read from a pipe")
    with archive.open() as stream:
        try:
            with zipfile.ZipFile(stream) as opened:
                sizes = {info.filename: info.file_size for info in opened.infolist()}
        except SourceError:  # of the file beneath
            raise
        except DAMAGE as error:
            raise SourceError(f"{label} is a damaged zip archive: {_reason(error)}") from None
    keys = [name.removesuffix(".npy") for name in sizes if name.endswith(".npy")]
    if not keys:
        raise SourceError(
            f"{label} is a zip archive without NPY arrays", "inputs are CSV, TSV, NPY, NPZ or JSON"
        )
    if key is None:
        if len(keys) > 1:
            raise SourceError(
                f"{label} holds {len(keys)} arrays: {_list(keys)}",
                f"say which: {label}:{printable(keys[0])}",
            )
        key = keys[0]
    else:
        key = key.removesuffix(".npy") if key not in keys else key
        if key not in keys:
            near = get_close_matches(key, keys, n=2)
            raise UnknownNameError(
                f"{label} has no array {quoted(key)}",
                f"did you mean {' or '.join(printable(name) for name in near)}?"
                if near
                else f"its arrays: {_list(keys)}",
            )
        label = f"{label}:{printable(key)}"
    return _member(archive, f"{key}.npy", label, sizes[f"{key}.npy"])


def _member(archive: Binary, name: str, label: str, size: int) -> Binary:
    def complaint(error: BaseException) -> SourceError:
        return SourceError(f"{label}: the archive is damaged: {_reason(error)}")

    def open_() -> io.BufferedReader:
        stream = archive.open()
        try:
            opened = zipfile.ZipFile(stream)
            inner = opened.open(name)
        except SourceError:  # of the file beneath
            stream.close()
            raise
        except (*DAMAGE, RuntimeError, NotImplementedError) as error:  # a password, a method
            stream.close()
            raise SourceError(f"{label} cannot be read: {_reason(error)}") from None
        return io.BufferedReader(
            DecodedStream(inner, DAMAGE, complaint, opened, stream), BUFFER_BYTES
        )

    return Binary(label, open_, size=size)


def _reason(error: BaseException) -> str:
    """What an error says; it may quote the archive."""
    return shortened(printable(str(error)), 120)


def _list(keys: list[str]) -> str:
    more = f" and {len(keys) - 8} more" if len(keys) > 8 else ""
    return ", ".join(printable(key) for key in keys[:8]) + more
