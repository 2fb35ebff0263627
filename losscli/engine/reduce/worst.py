"""The samples with the largest values of a loss."""

import numpy as np

from losscli.engine.result import Sample
from losscli.losses.numerics import Array
from losscli.sources.base import Key


class Worst:
    """Keeps the `k` samples with the largest values; NaN counts as the largest of all.

    Of equal values the earlier sample is kept.
    """

    def __init__(self, k: int) -> None:
        self._k = k
        self._samples: list[tuple[float, Sample]] = []

    def update(
        self, values: Array, numbers: Array, ids: list[Key] | None, y_true: Array, y_pred: Array
    ) -> None:
        """Look at a block of samples."""
        key = np.where(np.isnan(values), np.inf, values)
        if len(self._samples) == self._k and not key.max() > self._samples[-1][0]:
            return
        for i in _find_largest(key, self._k):
            sample = Sample(
                int(numbers[i]),
                ids[i] if ids is not None else None,
                float(values[i]),
                y_true[i].copy(),
                y_pred[i].copy(),
            )
            self._samples.append((float(key[i]), sample))
        self._sort()

    def merge(self, other: "Worst") -> None:
        """Fold in all that another has seen."""
        self._samples.extend(other._samples)
        self._sort()

    def _sort(self) -> None:
        self._samples.sort(key=lambda ranked: (-ranked[0], ranked[1].number))
        del self._samples[self._k :]

    def samples(self) -> tuple[Sample, ...]:
        """The samples kept, the worst first."""
        return tuple(sample for _, sample in self._samples)


def _find_largest(key: Array, k: int) -> list[int]:
    """Where the `k` largest are, the earlier of equal ones; in no order."""
    if len(key) <= k:
        return list(range(len(key)))
    least = np.partition(key, len(key) - k)[len(key) - k]
    above = np.flatnonzero(key > least)
    equal = np.flatnonzero(key == least)[: k - len(above)]
    indices: list[int] = np.concatenate([above, equal]).tolist()
    return indices
