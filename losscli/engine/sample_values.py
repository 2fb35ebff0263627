"""The samples' values that a plan asks to hold, in the order of the rows."""

import numpy as np

from losscli.losses.numerics import Array
from losscli.sources.base import Key


class SampleNumbers:
    """Holds the numbers, from 1, and the ids of the first `keep` samples (None: of all)."""

    def __init__(self, keep: int | None) -> None:
        self._keep = keep
        self._numbers: list[Array] = []
        self._count = 0
        self.ids: list[Key] = []

    def update(self, numbers: Array, ids: list[Key] | None) -> None:
        """Take the numbers and ids of a block's samples."""
        room = None if self._keep is None else self._keep - self._count
        if room is None or room > 0:
            self._numbers.append(numbers[:room])
            self.ids.extend((ids or [])[:room])
            self._count += len(numbers[:room])

    @property
    def numbers(self) -> Array:
        """The numbers that are held."""
        return np.concatenate(self._numbers) if self._numbers else np.empty(0, dtype=np.int64)


class SampleValues:
    """Holds a loss's values of the first `keep` samples (None: of all).

    With `unreduced` it holds the whole unreduced array, too.
    """

    def __init__(self, keep: int | None, unreduced: bool) -> None:
        self._keep = keep
        self._has_unreduced = unreduced
        self._count = 0
        self._values: list[Array] = []
        self._unreduced: list[Array] = []

    def update(self, samples: Array, unreduced: Array) -> None:
        """Take the values of a block."""
        room = None if self._keep is None else self._keep - self._count
        if room is None or room > 0:
            self._values.append(samples[:room])
            self._count += len(samples[:room])
        if self._has_unreduced:
            self._unreduced.append(unreduced)

    @property
    def values(self) -> Array | None:
        """The values, None if none are held."""
        return np.concatenate(self._values) if self._values else None

    @property
    def unreduced(self) -> Array | None:
        """The unreduced array, None if it is not held."""
        return np.concatenate(self._unreduced) if self._unreduced else None
