"""The quick reading of CSV, by NumPy's parser: what it is not sure of is read record by record."""

import csv
import io
import re
import warnings
from collections.abc import Sequence

import numpy as np

from losscli.sources.base import EXACT, Array
from losscli.sources.csv_cells import PERHAPS_INEXACT, PERHAPS_TOO_LARGE
from losscli.sources.csv_records import Records, has_bare_returns

# What the csv module takes for a cell, unless it is told otherwise.
CELL_CHARACTERS = csv.field_size_limit()


def parse(text: str, records: Records, columns: Sequence[int] | None) -> Array | None:
    """The numbers of whole records; None where the records' own reading could be another.

    NumPy skips blank lines, and with a choice of columns it does not look at the others: then the
    delimiters of each line are counted, which takes text without quotes.
    """
    quotes = '"' in text
    delimiter, reading = records.delimiter, records.reading
    if not is_plain(text, delimiter):
        return None
    if delimiter == " " and not quotes:
        text = squeeze(text)
    if columns is not None and (quotes or not is_even(text, records)):
        return None
    if reading.decimal == ",":
        if "." in text or delimiter == ",":
            return None
        text = text.replace(",", ".")
    width = records.width if columns is None else len(columns)
    shape = (text.count("\n") + (not text.endswith("\n")), width)
    array = _load(text, delimiter, quotes, columns)
    if array is None and reading.allow_missing and not quotes and records.width > 1:
        array = _load(reading.fill(text, delimiter), delimiter, quotes, columns)
    if array is None or array.shape != shape:
        return None
    large = np.abs(array) >= EXACT
    if large.any():
        if PERHAPS_INEXACT.search(text):
            return None
        if np.isinf(array).any() and PERHAPS_TOO_LARGE.search(text):
            return None
    if reading.missing_numbers:
        missing = np.isin(array, reading.missing_numbers)
        if missing.any() and not reading.allow_missing:
            return None
        array[missing] = np.nan
    return array


def _load(text: str, delimiter: str, quotes: bool, columns: Sequence[int] | None) -> Array | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "input contained no data"
            return np.loadtxt(
                io.StringIO(text),
                delimiter=delimiter,
                comments=None,
                quotechar='"' if quotes else None,
                usecols=columns,
                ndmin=2,
            )
    except ValueError:
        return None


def is_plain(text: str, delimiter: str) -> bool:
    """Whether NumPy's parser and the csv module part the text into the same lines and cells."""
    if has_bare_returns(text) or not delimiter.isascii():
        return False
    half = CELL_CHARACTERS // 2
    cuts = range(0, len(text) - half, half)
    return all(text.find("\n", cut, cut + half) >= 0 for cut in cuts)


def is_even(text: str, records: Records) -> bool:
    """Whether every line of text without quotes has as many cells as the first one."""
    width = records.width
    data = np.frombuffer(text.encode(), dtype=np.uint8)
    marks = data[(data == ord(records.delimiter)) | (data == ord("\n"))]
    if not text.endswith("\n"):
        marks = np.append(marks, np.uint8(ord("\n")))
    if len(marks) % width:
        return False
    line_ends = marks.reshape(-1, width) == ord("\n")
    return bool(line_ends[:, -1].all() and not line_ends[:, :-1].any())


def squeeze(text: str) -> str:
    """Text without quotes whose runs of blanks are one, and none at the ends of lines."""
    return re.sub(r"(?m)^ +| +(?=\r?$)| +(?= )", "", text)
