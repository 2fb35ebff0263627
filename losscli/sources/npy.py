"""NumPy's .npy files, read in blocks without mapping them."""

import io
import re
import struct
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from math import prod

import numpy as np
from numpy.lib import format as npy_format

from losscli.errors import SourceError, printable, shortened
from losscli.sources.base import Array, Key, element, take_columns
from losscli.sources.binary import Binary
from losscli.sources.ids import array_keys, text_keys
from losscli.sources.missing import USUAL, Missing
from losscli.sources.values import (
    FIRST_ROWS,
    NUMBERS,
    can_be_read,
    column_kinds,
    number_type,
    to_numbers,
    to_texts,
)
from losscli.words import ColumnKind

MAGIC = b"\x93NUMPY"
READ_HEADER = {
    (1, 0): npy_format.read_array_header_1_0,
    (2, 0): npy_format.read_array_header_2_0,
}
# NumPy's parser of headers is Python's own.
HEADER_FAULTS = (
    ValueError,
    SyntaxError,
    TypeError,
    KeyError,
    OverflowError,
    struct.error,
    tokenize.TokenError,
    RecursionError,
    MemoryError,
)
# NumPy itself refuses longer headers than 10,000 bytes.
HEADER_BYTES = 1 << 16
# What ml_dtypes' bfloat16 is called in a header: bytes, to NumPy, but with a byte order.
BFLOAT16 = re.compile(rb"""(['"])descr\1: *(['"])(<V2|>V2|bfloat16)\2""")
# A Fortran-ordered file is read column by column; this many bytes at once make that bearable.
SLAB_BYTES = 1 << 23


class NpySource:
    """An array in an NPY file: numbers, bool or text, either order, either endianness.

    bfloat16 is read as float32, which has all its values.

    A file is read in blocks, in either order. Of a stream that does not seek (a pipe, compressed
    data, a member of an archive) an array in C order is read in blocks, one in Fortran order is
    read whole into memory. Raises SourceError if the header is none, if it promises more or less
    than there is (found at the end, where the size is not known before), or if the values are
    neither real numbers nor text. Text is refused with its place when its block is read.
    """

    names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()

    def __init__(self, binary: Binary, missing: Missing = USUAL) -> None:
        self.label = binary.label
        self._binary = binary
        self._missing = missing
        start, self._is_bfloat16 = _name_bfloat16(binary.peek(HEADER_BYTES))
        head = io.BytesIO(start)
        self._shape, self._fortran, self._dtype = self._read_header(head)
        self._offset = head.tell()
        self._whole: Array | None = None
        promised = prod(self._shape) * self._dtype.itemsize
        if binary.size is not None and binary.size - self._offset != promised:
            raise self._damaged(f"the file holds {binary.size - self._offset}")

    def _damaged(self, found: str) -> SourceError:
        promised = prod(self._shape) * self._dtype.itemsize
        return SourceError(
            f"{self.label}: its header promises {promised} bytes of data "
            f"({self._dtype} of shape {self._shape}), {found}",
            "the file is damaged or was not written to its end",
        )

    def _read_header(self, file: io.BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
        try:
            version = npy_format.read_magic(file)
            if version not in READ_HEADER:
                raise ValueError(f"version {version[0]}.{version[1]} of the format is not read")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what Python 2 wrote, or of what is no header
                shape, fortran, dtype = READ_HEADER[version](file)
        except HEADER_FAULTS as error:
            reason = "it cannot be parsed" if _is_internal(error) else _first_line(error)
            raise SourceError(f"{self.label}: not a usable NPY header: {reason}") from None
        if any(isinstance(size, bool) or size < 0 for size in shape):
            raise SourceError(f"{self.label}: not a usable NPY header: its shape is {shape}")
        if dtype.hasobject:
            raise SourceError(
                f"{self.label} holds Python objects, which could run code when read",
                "save it as numbers: np.save(path, array.astype(float))",
            )
        if not can_be_read(dtype) or not dtype.itemsize:
            raise SourceError(f"{self.label} holds {dtype}, not real numbers")
        if len(shape) == 0:
            raise SourceError(f"{self.label} holds a single number, not one per sample")
        return shape, fortran, dtype

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """The type of the values, in which torch and scikit-learn compute."""
        return self._dtype

    @property
    def shape(self) -> tuple[int | None, ...]:
        return (*self._shape, 1) if len(self._shape) == 1 else self._shape

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        stored = np.float32 if self._is_bfloat16 else self._dtype
        number = number_type(np.empty(0, dtype=stored), self._missing)
        start = 0
        for block in self._stored_blocks(rows):

            def place(index: tuple[int, ...], start: int = start) -> str:
                row, *rest = index
                if columns is not None:
                    rest[0] = columns[rest[0]]
                return self.locate(start + row, tuple(rest))

            yield to_numbers(take_columns(block, columns), number, self._missing, place)
            start += len(block)

    def keys(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        kind = self._dtype.kind
        return (array_keys if kind in NUMBERS else text_keys)(self, rows, columns)

    def texts(self, rows: int, columns: Sequence[int]) -> Iterator[list[tuple[str, ...]]]:
        for block in self._stored_blocks(rows):
            yield to_texts(block[:, list(columns)], self._missing)

    def column_kinds(self) -> tuple[ColumnKind, ...]:
        # A pipe's first rows are read again with the rest.
        first = next(self._stored_blocks(FIRST_ROWS, ahead=True), None)
        empty = np.empty((0, *(int(n or 0) for n in self.shape[1:])), dtype=self._dtype)
        return column_kinds(empty if first is None else first, self._missing)

    def _stored_blocks(self, rows: int, ahead: bool = False) -> Iterator[Array]:
        """Blocks in the byte order of the file, perhaps not contiguous; `ahead` only the first."""
        blocks = self._raw_blocks(rows, ahead)
        return map(_from_bfloat16, blocks) if self._is_bfloat16 else blocks

    def _raw_blocks(self, rows: int, ahead: bool) -> Iterator[Array]:
        if not self._fortran:
            return self._c_blocks(rows, ahead)
        if self._binary.seekable:
            return self._fortran_blocks(rows)
        return self._memory_blocks(rows)

    def _c_blocks(self, rows: int, ahead: bool) -> Iterator[Array]:
        total, *rest = self.shape
        assert total is not None
        buffer = np.empty((min(rows, total), *(int(n or 0) for n in rest)), dtype=self._dtype)
        with self._data(ahead) as file:
            for start in range(0, total, rows):
                block = buffer[: total - start]
                self._fill(file, block)
                yield block
            self._expect_end(file)

    def _memory_blocks(self, rows: int) -> Iterator[Array]:
        """Of a Fortran-ordered stream: its first row is complete only at its end."""
        if self._whole is None:
            values = np.empty(prod(self._shape), dtype=self._dtype)
            with self._data() as file:
                self._fill(file, values)
                self._expect_end(file)
            whole = values.reshape(self._shape, order="F")
            self._whole = whole.reshape(-1, 1) if whole.ndim == 1 else whole
        for start in range(0, len(self._whole), rows):
            yield self._whole[start : start + rows]

    def _fortran_blocks(self, rows: int) -> Iterator[Array]:
        """Of each column (all the places of a row, the second axis fastest) the rows of a slab."""
        total = self._shape[0]
        rest = self._shape[1:]
        width = prod(rest)
        itemsize = self._dtype.itemsize
        slab_rows = rows * max(1, SLAB_BYTES // max(1, rows * width * itemsize))
        with self._binary.open().detach() as file:
            for start in range(0, total, slab_rows):
                count = min(slab_rows, total - start)
                slab = np.empty((width, count), dtype=self._dtype)
                for column in range(width):
                    file.seek(self._offset + (column * total + start) * itemsize)
                    self._fill(file, slab[column])
                by_row = slab.T.reshape(count, *reversed(rest)).transpose(
                    0, *range(len(rest), 0, -1)
                )
                for first in range(0, count, rows):
                    yield by_row[first : first + rows].reshape(-1, *(rest or (1,)))

    def _data(self, ahead: bool = False) -> io.RawIOBase:
        """The file behind its header, unbuffered: blocks are larger than any buffer."""
        file = (self._binary.preview() if ahead else self._binary.open()).detach()
        if self._binary.seekable:
            file.seek(self._offset)
        else:
            self._fill(file, np.empty(self._offset, dtype=np.uint8))
        return file

    def _fill(self, file: io.RawIOBase, block: Array) -> None:
        view = memoryview(block.reshape(-1).view(np.uint8))  # type: ignore[arg-type]
        filled = 0
        while filled < len(view):
            got = file.readinto(view[filled:])
            if not got:
                raise SourceError(f"{self.label} ended early: it was cut short while being read")
            filled += got

    def _expect_end(self, file: io.RawIOBase) -> None:
        """What cannot be measured beforehand must be found to end; archives check sums there."""
        if not self._binary.seekable and file.read(1):
            raise self._damaged("more bytes follow")

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        return f"{self.label}, row {row + 1}, {element(index)}"


def _name_bfloat16(head: bytes) -> tuple[bytes, bool]:
    """The head of a file whose header NumPy can read, and whether its values are bfloat16.

    The header calls them integers of two bytes then: NumPy has no such type of its own.
    """
    found = BFLOAT16.search(head, 0, head.find(b"\n") + 1)
    if found is None:
        return head, False
    start, end = found.span(3)
    order = b">" if found[3] == b">V2" else b"<"
    plain = order + b"u2" + found[2]
    return head[:start] + plain.ljust(end + 1 - start) + head[end + 1 :], True


def _from_bfloat16(block: Array) -> Array:
    """Two bytes of each number as the upper half of a float32."""
    return (block.astype(np.uint32) << 16).view(np.float32)


def _is_internal(error: BaseException) -> bool:
    """Whether an error speaks of the parser rather than of the header."""
    if isinstance(error, ValueError | TypeError | struct.error):
        return not str(error) or "<ast." in str(error)
    return True


def _first_line(error: BaseException) -> str:
    """What an error says, as far as a message has room for it."""
    return shortened(printable(str(error).splitlines()[0]), 120)
