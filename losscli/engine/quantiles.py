"""Quantiles of values that come in blocks: exact for millions, then in buckets of a known error."""

import math
from math import ceil, exp, log, nan

import numpy as np

from losscli.losses.numerics import Array

EXACT = 10_000_000
# A bucket of values with one sign is 2·ERROR wide, relative to them (C. Masson et al., 2019,
# DDSketch): its middle is within ERROR of every value in it.
ERROR = 0.001
LOG_BASE = log((1 + ERROR) / (1 - ERROR))
CHUNK = 1 << 16


class Quantiles:
    """Any quantile of the values seen so far.

    Up to EXACT values are held and quantiles are exact (linear between neighbours, as NumPy's);
    with more, only the numbers of values in buckets are, and quantiles are within ERROR of a value
    of that rank. A NaN makes every quantile NaN.
    """

    def __init__(self, exact: int = EXACT) -> None:
        self._limit = exact
        self._held: Array | None = np.empty(0)
        self._n = 0
        self._buckets: dict[tuple[int, int], int] = {}
        self._has_nan = False

    @property
    def error(self) -> float:
        """The largest relative error of a quantile: 0 while all values are held."""
        return 0.0 if self._held is not None else ERROR

    def add(self, values: Array) -> None:
        """Take in a block of values."""
        start, self._n = self._n, self._n + len(values)
        if self._held is not None and self._n > self._limit:
            self._spill(self._held[:start])
            self._held = None
        if self._held is None:
            self._spill(values)
            return
        if self._n > len(self._held):
            # Memory that is reserved is only used as it is filled, so there is no harm in plenty;
            # growing step by step would hold two copies at times.
            room = 4 * CHUNK if self._n <= 4 * CHUNK else self._limit
            grown = np.empty(max(self._n, min(room, self._limit)))
            grown[:start] = self._held[:start]
            self._held = grown
        self._held[start : self._n] = values

    def merge(self, other: "Quantiles") -> None:
        """Take in all that another has seen."""
        if other._held is not None:
            self.add(other._held[: other._n])
            return
        if self._held is not None:
            self._spill(self._held[: self._n])
            self._held = None
        self._n += other._n
        self._has_nan |= other._has_nan
        for bucket, count in other._buckets.items():
            self._buckets[bucket] = self._buckets.get(bucket, 0) + count

    def _spill(self, values: Array) -> None:
        """Count values in buckets, keyed (sign, index); an infinity has a bucket of its own."""
        for start in range(0, len(values), CHUNK):
            x = values[start : start + CHUNK].astype(np.float64)
            self._has_nan |= bool(np.isnan(x).any())
            with np.errstate(divide="ignore", invalid="ignore"):
                index = np.ceil(np.log(np.abs(x)) / LOG_BASE)
            index = np.clip(np.nan_to_num(index, nan=0), -(2.0**40), 2.0**40).astype(np.int64)
            for sign in (-1, 0, 1):
                found, counts = np.unique(index[np.sign(x) == sign], return_counts=True)
                for i, count in zip(found.tolist(), counts.tolist(), strict=True):
                    key = (sign, i if sign else 0)
                    self._buckets[key] = self._buckets.get(key, 0) + count

    def results(self, fractions: tuple[float, ...]) -> list[float]:
        """The quantiles of these fractions. The order of what is held may change."""
        if self._n == 0 or self._has_nan:
            return [nan] * len(fractions)
        if self._held is not None:
            held = self._held[: self._n]
            found: list[float] = np.quantile(held, fractions, overwrite_input=True).tolist()
            return found
        return [self._from_buckets(ceil(fraction * (self._n - 1))) for fraction in fractions]

    def _from_buckets(self, rank: int) -> float:
        """The middle of the bucket that holds the value of this rank, from 0."""
        seen = 0
        # Negative values have the larger ones first.
        for sign, index in sorted(self._buckets, key=lambda bucket: (bucket[0], math.prod(bucket))):
            seen += self._buckets[sign, index]
            if seen > rank:
                if sign == 0:
                    return 0.0
                if index == 2**40:
                    return sign * np.inf
                # The bucket is (b^(i−1), b^i]; 2·b^i/(b + 1) is as far from both, relatively.
                return sign * 2 * exp(index * LOG_BASE) / (exp(LOG_BASE) + 1)
        return nan
