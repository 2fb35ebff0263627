"""Moments of values that come in blocks, merged without a loss of digits."""

from dataclasses import dataclass
from math import inf, nan, sqrt

import numpy as np

from losscli.losses.numerics import Array


@dataclass
class Moments:
    """Number, mean, sum of squared deviations, least and largest of the values so far."""

    n: int = 0
    mean: float = 0.0
    m2: float = 0.0
    low: float = inf
    high: float = -inf

    @classmethod
    def of(cls, values: Array) -> "Moments":
        """The moments of a block of at least one value, in float64."""
        x = values.astype(np.float64, copy=False)
        mean = float(x.mean())
        deviation = x - mean
        return cls(
            len(x), mean, float(np.dot(deviation, deviation)), float(x.min()), float(x.max())
        )

    def merge(self, other: "Moments") -> None:
        """Take in the moments of other values (T. F. Chan, G. H. Golub, R. J. LeVeque, 1979)."""
        if other.n == 0:
            return
        if self.n == 0:
            vars(self).update(vars(other))
            return
        n = self.n + other.n
        delta = other.mean - self.mean
        self.m2 += other.m2 + delta * delta * (self.n * other.n / n)
        self.mean += delta * (other.n / n)
        self.n = n
        # NaN must come through, whichever side it stands on; min() and max() would lose it.
        self.low = nan if self.low != self.low else float(np.minimum(self.low, other.low))
        self.high = nan if self.high != self.high else float(np.maximum(self.high, other.high))

    @property
    def std(self) -> float:
        """The population standard deviation (of the values as they are: divided by n)."""
        return sqrt(self.m2 / self.n) if self.n and self.m2 == self.m2 else nan
