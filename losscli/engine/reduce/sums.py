"""Sums that are exact until they are rounded, so that no order of rows shows in them."""

from fractions import Fraction
from math import fsum, inf, isfinite

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
            self._huge = add_partial(self._huge, x / SCALE)
        else:
            self._partials = add_partial(self._partials, x)

    def merge(self, other: "ExactSum") -> None:
        """Add all the terms of another sum."""
        for partial in other._partials:
            self._partials = add_partial(self._partials, partial)
        for partial in other._huge:
            self._huge = add_partial(self._huge, partial)
        self._special += other._special

    def result(self) -> float:
        """The sum, rounded to the nearest float."""
        if self._special != 0:  # an infinity or NaN
            return self._special
        if self._huge:
            # In floats, a small term that decides a tie would be lost when it is scaled.
            huge = sum(map(Fraction, self._huge), Fraction(0)) * int(SCALE)
            total = huge + sum(map(Fraction, self._partials), Fraction(0))
            try:
                return float(total)
            except OverflowError:
                return inf if total > 0 else -inf
        return fsum(self._partials)


def add_partial(partials: list[float], x: float) -> list[float]:
    """Partial sums that do not overlap, with `x` added to their sum without any rounding."""
    partial_sums = []
    for y in partials:
        if abs(x) < abs(y):
            x, y = y, x
        high = x + y
        low = y - (high - x)
        if low:
            partial_sums.append(low)
        x = high
    return [*partial_sums, x]


class Totals:
    """Sums of the columns of blocks (n, m)."""

    def __init__(self) -> None:
        self._sums: list[ExactSum] = []

    def add(self, block: Array, weights: Array | None = None) -> None:
        """Add the rows of a block, each times its weight."""
        if weights is not None:
            block = weights[:, np.newaxis] * block
        totals = block.sum(axis=0, dtype=np.float64).tolist()
        self._sums = self._sums or [ExactSum() for _ in totals]
        for mine, value in zip(self._sums, totals, strict=True):
            mine.add(value)

    def merge(self, other: "Totals") -> None:
        """Add the rows that another has seen."""
        self._sums = self._sums or [ExactSum() for _ in other._sums]
        for mine, theirs in zip(self._sums, other._sums, strict=bool(other._sums)):
            mine.merge(theirs)

    def results(self) -> Array:
        """The sums (m,)."""
        return np.array([one.result() for one in self._sums])


def round_to(dtype: "np.dtype[np.floating]", x: float) -> float:
    """The number in a working precision, which may make an infinity of it."""
    with np.errstate(over="ignore"):
        return float(dtype.type(x))
