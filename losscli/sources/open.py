"""From what the user wrote to the Source it means."""

import io
import os
import re
import stat
from difflib import get_close_matches
from pathlib import Path, PurePath

from losscli.errors import SourceError, printable, quoted
from losscli.sources import literals, npz
from losscli.sources.base import Source
from losscli.sources.binary import (
    BUFFER_BYTES,
    Binary,
    File,
    copy_to_disk,
    standard_input,
    unreadable,
)
from losscli.sources.compression import SUFFIXES, decompress
from losscli.sources.csv import CsvSource
from losscli.sources.csv_chunks import BOM
from losscli.sources.json import from_file, from_text
from losscli.sources.jsonl import from_lines, is_json_lines
from losscli.sources.missing import Missing
from losscli.sources.npy import MAGIC, NpySource
from losscli.sources.options import DEFAULTS, InputOptions

__all__ = ["InputOptions", "open_source"]

FOREIGN = {
    b"\x1f\x8b": "gzip-compressed twice",
    b"\x28\xb5\x2f\xfd": "compressed twice",
    b"BZh": "bzip2-compressed",
    b"\xfd7zXZ": "xz-compressed",
    b"PAR1": "a Parquet file",
    b"\x89HDF": "an HDF5 file",
    **{bytes((0x80, protocol)): "a pickle" for protocol in range(2, 6)},
}
PEEK_BYTES = 1 << 12
# What inline data begins with.
INLINE_STARTS = ("[", "(")
# Files of these endings, and standard input, may hold lists as Python and NumPy print them.
PRINTED = (".txt", "")
# What JSON may begin with, to tell it from a header such as '[a],b'; perhaps it is cut.
JSON_START = re.compile(
    rb"""\s*(\[[\[\s]*([-+.0-9"{\]]|(true|false|null|NaN|Infinity)\b|$)|\{\s*(["}]|$))"""
)


def open_source(
    spec: str, role: str, options: InputOptions = DEFAULTS, *, twice: bool = False
) -> Source:
    """The source that `spec` names: inline data if it starts with '[' or '(', '-' for standard
    input, 'archive.npz:key' for an array of an archive, else a path.

    What a file is shows in its first bytes, after decompression, not in its name, but for JSON
    Lines. `role` ('y_true') is what messages call inline data. `twice` says that the source will
    be read more than once: an input that cannot be opened again is then copied to a temporary
    file. Raises SourceError, UsageError.
    """
    if spec.lstrip().startswith(INLINE_STARTS):
        return from_text(spec, f"inline {role}", missing=Missing.from_options(options))
    path, key = (spec, None) if spec == "-" else npz.split_key(spec)
    binary = standard_input() if spec == "-" else _file(path)
    try:
        return _source(binary, path, key, options, twice)
    except BaseException:
        binary.close()
        raise


def _source(
    binary: Binary, path: str, key: str | None, options: InputOptions, twice: bool
) -> Source:
    if twice and not binary.again:
        binary = copy_to_disk(binary)
    missing = Missing.from_options(options)
    if binary.peek(4) in npz.MAGICS and options.format in (None, "npy"):
        return NpySource(npz.member(binary, key), missing)
    if key is not None:
        raise SourceError(f"{binary.label} is not an NPZ archive", f"leave out :{printable(key)}")
    binary = decompress(binary)
    try:
        kind = options.format or _kind(binary, _suffix(path))
        if kind == "npy":
            return NpySource(binary, missing)
        if kind in ("json", "printed"):
            return from_file(binary, missing, printed=kind == "printed")
        if kind == "jsonl":
            return from_lines(binary, missing)
        return CsvSource(binary, options)
    except BaseException:
        binary.close()
        raise


def _kind(binary: Binary, suffix: str) -> str:
    """The format that the content shows. Raises SourceError for one that is not read."""
    head = binary.peek(PEEK_BYTES)
    if head.startswith(MAGIC):
        return "npy"
    for start, what in FOREIGN.items():
        if head.startswith(start):
            raise SourceError(
                f"{binary.label} is {what}", "inputs are CSV, TSV, NPY, NPZ or JSON, also gzipped"
            )
    if head.startswith(npz.MAGICS):
        raise SourceError(f"{binary.label} is a compressed zip archive", "decompress it first")
    if suffix == ".npy":
        message = f"{binary.label} is not an NPY file: it does not start with one's signature"
        raise SourceError(message)
    if suffix in (".jsonl", ".ndjson"):
        return "jsonl"
    if JSON_START.match(head.removeprefix(BOM)):
        if is_json_lines(binary):
            return "jsonl"
        return "printed" if suffix in PRINTED else "json"
    if suffix in PRINTED and literals.START.match(head.removeprefix(BOM)):
        return "printed"
    return "csv"


def _suffix(path: str) -> str:
    """The extension, the compression's left out."""
    pure = PurePath(path)
    return (pure.with_suffix("") if pure.suffix.lower() in SUFFIXES else pure).suffix.lower()


def _file(path: str) -> Binary:
    label = printable(path)
    stream = _open(path, label)
    status = os.fstat(stream.fileno())
    if not stat.S_ISREG(status.st_mode):
        return Binary(label, lambda: stream, again=False)
    stream.close()
    return Binary(label, lambda: _open(path, label), size=status.st_size, seekable=True)


def _open(path: str, label: str) -> io.BufferedReader:
    try:
        return io.BufferedReader(File(path, label), BUFFER_BYTES)
    except FileNotFoundError:
        raise _missing(path) from None
    except IsADirectoryError:
        raise SourceError(f"{label} is a folder, not a file") from None
    except (OSError, ValueError) as error:
        raise unreadable(label, error) from None


def _missing(path: str) -> SourceError:
    return SourceError(f"there is no file {quoted(path, 200)}", _hint(path))


INLINE = "inline data is a JSON list: '[0, 1, 1]'"


def _hint(spec: str) -> str | None:
    """Near names in the same folder, or how to write inline data."""
    if not spec.strip():
        return "it is empty: is a variable not set?"
    if spec.lstrip().startswith("{"):
        return INLINE
    path = Path(spec)
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except (OSError, ValueError):
        return f"there is no folder {quoted(str(path.parent), 200)} either"
    near = get_close_matches(path.name, names, n=2)
    if near:
        return f"did you mean {' or '.join(printable(str(path.parent / name)) for name in near)}?"
    numeric = spec.replace(",", "").replace(".", "").replace("-", "").replace(" ", "").isdecimal()
    return INLINE if numeric else None
