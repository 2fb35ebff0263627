"""NumPy's .npy files, read in blocks without mapping them."""

import struct
from collections.abc import Callable, Iterator, Sequence
from io import FileIO
from math import prod

import numpy as np
from numpy.lib import format as npy_format

from losscli.errors import SourceError
from losscli.sources.base import Array, element, take_columns

MAGIC = b"\x93NUMPY"
READ_HEADER = {
    (1, 0): npy_format.read_array_header_1_0,
    (2, 0): npy_format.read_array_header_2_0,
}
# A Fortran-ordered file is read column by column; this many bytes at once make that bearable.
SLAB_BYTES = 1 << 23


class NpySource:
    """An array in an NPY file: any real numeric or bool type, either order, either endianness.

    `open_` gives the file at its start, unbuffered. Raises SourceError if the header is none, if it
    promises more or less than the file holds, or if the values are not real numbers.
    """

    names: tuple[str, ...] | None = None

    def __init__(self, open_: Callable[[], FileIO], label: str, size: int | None) -> None:
        self.label = label
        self._open = open_
        with open_() as file:
            self._shape, self._fortran, self._dtype = self._read_header(file)
            self._offset = file.tell()
        promised = prod(self._shape) * self._dtype.itemsize
        if size is not None and size - self._offset != promised:
            raise SourceError(
                f"{label}: its header promises {promised} bytes of data "
                f"({self._dtype} of shape {self._shape}), the file holds {size - self._offset}",
                "the file is damaged or was not written to its end",
            )

    def _read_header(self, file: FileIO) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
        try:
            version = npy_format.read_magic(file)
            if version not in READ_HEADER:
                raise ValueError(f"version {version[0]}.{version[1]} of the format is not read")
            shape, fortran, dtype = READ_HEADER[version](file)
        except (ValueError, SyntaxError, TypeError, struct.error) as error:
            reason = str(error).splitlines()[0]
            raise SourceError(f"{self.label}: not a usable NPY header: {reason}") from None
        if dtype.hasobject:
            raise SourceError(
                f"{self.label} holds Python objects, which could run code when read",
                "save it as numbers: np.save(path, array.astype(float))",
            )
        if dtype.kind not in "biuf" or dtype.shape:
            raise SourceError(f"{self.label} holds {dtype}, not real numbers")
        if len(shape) == 0:
            raise SourceError(f"{self.label} holds a single number, not one per sample")
        return shape, fortran, dtype

    @property
    def shape(self) -> tuple[int | None, ...]:
        return (*self._shape, 1) if len(self._shape) == 1 else self._shape

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        read = self._fortran_blocks if self._fortran else self._c_blocks
        native = self._dtype.newbyteorder("=")
        for block in read(rows):
            yield take_columns(np.ascontiguousarray(block, dtype=native), columns)

    def _c_blocks(self, rows: int) -> Iterator[Array]:
        total, *rest = self.shape
        assert total is not None
        buffer = np.empty((min(rows, total), *(int(n or 0) for n in rest)), dtype=self._dtype)
        with self._open() as file:
            file.seek(self._offset)
            for start in range(0, total, rows):
                block = buffer[: total - start]
                self._fill(file, block)
                yield block

    def _fortran_blocks(self, rows: int) -> Iterator[Array]:
        """Of each column (all the places of a row, the second axis fastest) the rows of a slab."""
        total = self._shape[0]
        rest = self._shape[1:]
        width = prod(rest)
        itemsize = self._dtype.itemsize
        slab_rows = rows * max(1, SLAB_BYTES // max(1, rows * width * itemsize))
        with self._open() as file:
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

    def _fill(self, file: FileIO, block: Array) -> None:
        view = memoryview(block.reshape(-1).view(np.uint8))  # type: ignore[arg-type]
        filled = 0
        while filled < len(view):
            got = file.readinto(view[filled:])
            if not got:
                raise SourceError(f"{self.label} ended early: it was cut short while being read")
            filled += got

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        return f"{self.label}, row {row + 1}, {element(index)}"
