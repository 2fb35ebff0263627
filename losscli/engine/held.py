"""The samples' values that a plan asks to hold, in the order of the rows."""

import numpy as np

from losscli.losses.numerics import Array
from losscli.sources.base import Key


class Kept:
    """Holds the first `keep` samples' values (None: all) of some losses.

    With `unreduced` it holds the whole unreduced arrays, too.
    """

    def __init__(self, keep: int | None, losses: int, unreduced: bool) -> None:
        self._keep = keep
        self._count = 0
        self._numbers: list[Array] = []
        self._values: list[list[Array]] = [[] for _ in range(losses)]
        self._unreduced: list[list[Array]] | None = None
        if unreduced:
            self._unreduced = [[] for _ in range(losses)]
        self.ids: list[Key] = []

    def values(self, i: int, samples: Array, unreduced: Array) -> None:
        """Take loss `i`'s values of a block; `end_block` follows when all losses are in."""
        room = self._room()
        if room is None or room > 0:
            self._values[i].append(samples[:room])
        if self._unreduced is not None:
            self._unreduced[i].append(unreduced)

    def end_block(self, numbers: Array, ids: list[Key] | None) -> None:
        """Take the numbers and ids of the block's samples."""
        room = self._room()
        if room is None or room > 0:
            self._numbers.append(numbers[:room])
            self.ids.extend((ids or [])[:room])
            self._count += len(numbers[:room])

    def _room(self) -> int | None:
        return None if self._keep is None else self._keep - self._count

    @property
    def numbers(self) -> Array:
        """The numbers, from 1, of the samples that are held."""
        return np.concatenate(self._numbers) if self._numbers else np.empty(0, dtype=np.int64)

    def values_of(self, i: int) -> Array | None:
        """Loss `i`'s values, None if none are held."""
        return np.concatenate(self._values[i]) if self._values[i] else None

    def unreduced_of(self, i: int) -> Array | None:
        """Loss `i`'s unreduced array, None if it is not held."""
        held = self._unreduced
        return np.concatenate(held[i]) if held is not None and held[i] else None
