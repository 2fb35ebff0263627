"""A fingerprint of an array: the same for the same numbers, whatever file they came from."""

import hashlib
from dataclasses import dataclass

import numpy as np

from losscli.losses.numerics import Array


@dataclass(frozen=True)
class Fingerprint:
    """The SHA-256 of an array's numbers, in hexadecimal, and the array's shape."""

    sha256: str
    shape: tuple[int, ...]


class Fingerprinter:
    """Takes an array in blocks of rows, of any size.

    Hashed are the numbers as float64, least byte first, in the order of the rows; -0.0 counts as 0
    and every NaN is one.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._shape: tuple[int, ...] = ()

    def update(self, block: Array) -> None:
        """Take some rows."""
        numbers = block.astype("<f8") + 0.0
        numbers[np.isnan(numbers)] = np.nan
        self._hash.update(np.ascontiguousarray(numbers).tobytes())
        rows = self._shape[0] if self._shape else 0
        self._shape = (rows + len(block), *block.shape[1:])

    def result(self) -> Fingerprint:
        """The fingerprint of what was taken so far."""
        return Fingerprint(self._hash.hexdigest(), self._shape)
