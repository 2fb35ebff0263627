"""From what the user wrote to the Source it means."""

import io
import os
import stat
from difflib import get_close_matches
from pathlib import Path

from losscli.errors import SourceError, printable, quoted
from losscli.sources.base import Source
from losscli.sources.csv import CsvSource
from losscli.sources.json import from_json
from losscli.sources.npy import MAGIC, NpySource

FOREIGN = {
    b"\x1f\x8b": "gzip-compressed",
    b"PK\x03\x04": "a zip archive (npz, xlsx…)",
    b"PAR1": "a Parquet file",
    b"\x89HDF": "an HDF5 file",
    b"\x80\x04\x95": "a pickle",
}
PEEK_BYTES = 8


def open_source(spec: str, role: str, delimiter: str | None = None) -> Source:
    """The source that `spec` names: inline JSON if it starts with '[', else a path.

    What a file is shows in its first bytes, not in its name. `role` ('y_true') is what messages
    call inline data. Raises SourceError.
    """
    if spec.lstrip().startswith("["):
        return from_json(spec, f"inline {role}")
    label = printable(spec)
    stream = _open(spec, label)
    status = os.fstat(stream.fileno())
    is_file = stat.S_ISREG(status.st_mode)
    magic = stream.peek(PEEK_BYTES)[:PEEK_BYTES]
    if magic.startswith(MAGIC):
        if not is_file:
            raise SourceError(f"{label} is a pipe with NPY data", "NPY is read from files")
        stream.close()
        return NpySource(lambda: open(spec, "rb", buffering=0), label, status.st_size)
    for start, what in FOREIGN.items():
        if magic.startswith(start):
            raise SourceError(f"{label} is {what}", "inputs are CSV, TSV, NPY or inline JSON")
    if spec.endswith(".npy"):
        raise SourceError(f"{label} is not an NPY file: it does not start with one's signature")
    if magic.lstrip(b"\xef\xbb\xbf \r\n").startswith((b"[", b"{")):
        raise SourceError(
            f"{label} is JSON", f'pass its text inline: "$(cat {label})", or write CSV or NPY'
        )
    return CsvSource(stream, label, (lambda: open(spec, "rb")) if is_file else None, delimiter)


def _open(spec: str, label: str) -> io.BufferedReader:
    try:
        return open(spec, "rb")
    except FileNotFoundError:
        raise SourceError(f"there is no file {quoted(spec, 200)}", _hint(spec)) from None
    except IsADirectoryError:
        raise SourceError(f"{label} is a folder, not a file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SourceError(f"{label} cannot be read: {reason}") from None


def _hint(spec: str) -> str | None:
    """Near names in the same folder, or how to write inline data."""
    path = Path(spec)
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except (OSError, ValueError):
        return f"there is no folder {quoted(str(path.parent), 200)} either"
    near = get_close_matches(path.name, names, n=2)
    if near:
        return f"did you mean {' or '.join(printable(str(path.parent / name)) for name in near)}?"
    numeric = spec.replace(",", "").replace(".", "").replace("-", "").replace(" ", "").isdecimal()
    return "inline data is a JSON list: '[0, 1, 1]'" if numeric else None
