"""Ids of rows: text, whatever they are made from."""

import re
from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Any, Literal

import numpy as np

from losscli.errors import SourceError, quoted
from losscli.sources.base import Array, Key, Source
from losscli.sources.described import Described

WHOLE = re.compile(r"0|-?[1-9][0-9]*")


def key_type(key: Key) -> Literal["whole", "text"]:
    """Whether all parts of a key are whole numbers in their plain form ('17', not '17.0')."""
    return "whole" if all(map(WHOLE.fullmatch, key)) else "text"


def array_keys(source: Source, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
    """The keys of a source of numbers, a list for each of its blocks. Raises SourceError.

    Whole numbers are written without a point, so that 17 and 17.0 are one key.
    """
    start = 0
    for block in source.blocks(rows, columns):
        parts = [
            number_column_keys(source, block[:, i], start, column)
            for i, column in enumerate(columns)
        ]
        yield list(zip(*parts, strict=True))
        start += len(block)


def text_keys(source: Described, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
    """The keys of a source of text, a list for each of its blocks. Raises SourceError."""
    start = 0
    for block in source.texts(rows, columns):
        for row, key in enumerate(block, start):
            if not all(key):
                column = columns[key.index("")]
                raise SourceError(f"{source.locate(row, (column,))}: the id is empty")
        yield block
        start += len(block)


def number_column_keys(source: Source, values: Array, start: int, column: int) -> list[str]:
    """One column of a block as ids; the block begins at row `start`."""
    if values.dtype.kind != "f":
        plain = values.astype(np.uint8) if values.dtype.kind == "b" else values
        return list(map(str, plain.tolist()))
    exact = 2 ** (np.finfo(values.dtype).nmant + 1)
    bad = ~(np.abs(values) <= exact) & ((values == np.trunc(values)) | ~np.isfinite(values))
    if bad.any():
        row = int(np.argmax(bad))
        raise _id_error(source.locate(start + row, (column,)), values[row])
    return [str(int(v)) if v == int(v) else str(v) for v in values]


def number_text(value: float, where: Callable[[], str]) -> str:
    """A number of a JSON text as an id; `where` tells the place to an error."""
    if isinstance(value, int):
        return str(int(value))
    if not isfinite(value) or abs(value) > 2**53:
        raise _id_error(where(), value)
    return str(int(value)) if value == int(value) else repr(value)


def _id_error(where: str, value: Any) -> SourceError:
    found = quoted(str(value))
    if not isfinite(value):
        return SourceError(f"{where}: {found} is no id")
    return SourceError(
        f"{where}: {found} is too large to be an exact id as a floating-point number",
        "write ids as whole numbers or as text",
    )
