"""Sums and moments that are exact, or merge exactly, so that no order of rows shows in them."""

from dataclasses import dataclass
from math import fsum, inf, isfinite, nan, sqrt

import numpy as np

from losscli.losses.numerics import Array

HUGE = 2.0**900
SCALE = 2.0**200


class ExactSum:
    """A sum of floats that is exact until it is rounded once, at the end.

    It keeps partial sums that do not overlap (J. R. Shewchuk, 1997), a handful whatever the number
    of terms; so neither their order nor their grouping shows in the result.
    """

    def __init__(self) -> None:
        self._partials: list[float] = []
        self._huge: list[float] = []  # partial sums of terms that are scaled by 1/SCALE
        self._special = 0.0

    def add(self, x: float) -> None:
        """Add a term; infinities and NaN add up as floats do."""
        if not isfinite(x):
            self._special += x
        elif abs(x) > HUGE:
            # Partial sums of these could overflow though the sum does not.
            self._huge = grown(self._huge, x / SCALE)
        else:
            self._partials = grown(self._partials, x)

    def merge(self, other: "ExactSum") -> None:
        """Add all the terms of another sum."""
        for partial in other._partials:
            self._partials = grown(self._partials, partial)
        for partial in other._huge:
            self._huge = grown(self._huge, partial)
        self._special += other._special

    def result(self) -> float:
        """The sum, rounded to the nearest float."""
        if self._special != 0:  # an infinity or NaN
            return self._special
        if self._huge:
            return fsum([*self._huge, *(partial / SCALE for partial in self._partials)]) * SCALE
        return fsum(self._partials)


def grown(partials: list[float], x: float) -> list[float]:
    """Partial sums that do not overlap, with `x` added to their sum without any rounding."""
    kept = []
    for y in partials:
        if abs(x) < abs(y):
            x, y = y, x
        high = x + y
        low = y - (high - x)
        if low:
            kept.append(low)
        x = high
    return [*kept, x]


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
