"""Quantiles of values that come in blocks: exact for millions, then in buckets of a known error."""

from math import ceil, floor, isfinite, isinf, nan

import numpy as np

from losscli.losses.numerics import Array

EXACT = 10_000_000
# A bucket holds the floats that share sign, exponent and the first 9 bits of the mantissa: its
# width is at most 1/512 of them, so its middle is within 1/1024 of every value in it.
ERROR = 0.001
SHIFT = 52 - 9
CHUNK = 1 << 16
SMALL = 1 << 12


class Budget:
    """How many values may be held, by several quantiles together."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._spent = 0
        self._is_exhausted = False

    def exhaust(self) -> None:
        """Leave room for nothing."""
        self._is_exhausted = True

    def spend(self, count: int) -> None:
        """Ask for room for more values."""
        self._spent += count

    @property
    def is_spent(self) -> bool:
        """Whether more was asked for than there is: then nobody may hold any."""
        return self._is_exhausted or self._spent > self.limit


class Quantiles:
    """Any quantile of the values seen so far.

    Within the budget all values are held and quantiles are exact (linear between neighbours, as
    NumPy's); beyond it only the numbers of values in buckets are, and quantiles are within ERROR of
    a value of that rank. A NaN makes every quantile NaN.
    """

    def __init__(self, exact: int | Budget = EXACT) -> None:
        self._budget = Budget(exact) if isinstance(exact, int) else exact
        self._held: list[Array] | None = []
        self._n = 0
        self._buckets = Buckets()
        self._has_nan = False

    @property
    def error(self) -> float:
        """The largest relative error of a quantile: 0 while all values are held."""
        self._keep_budget()
        return 0.0 if self._held is not None else ERROR

    def update(self, values: Array) -> None:
        """Take in a block of values."""
        self._budget.spend(len(values))
        self._add(values)

    def _add(self, values: Array) -> None:
        self._keep_budget()
        self._n += len(values)
        self._has_nan |= bool(np.isnan(values).any())
        if self._held is None:
            self._spill(values)
        elif self._held and len(self._held[-1]) < SMALL:
            self._held[-1] = np.concatenate([self._held[-1], values])
        else:
            self._held.append(values.astype(np.float64))

    def _keep_budget(self) -> None:
        """Let go of the values where the budget is spent."""
        if self._held is not None and self._budget.is_spent:
            while self._held:
                self._spill(self._held.pop())
            self._held = None

    def _join(self) -> Array:
        """All the values that are held, as one array; never twice in memory."""
        assert self._held is not None
        if len(self._held) != 1:
            joined = np.empty(self._n)
            end = self._n
            while self._held:
                part = self._held.pop()
                joined[end - len(part) : end] = part
                end -= len(part)
            self._held = [joined]
        return self._held[0]

    def merge(self, other: "Quantiles") -> None:
        """Take in all that another has seen."""
        other._keep_budget()
        if other._held is not None:
            if other._budget is not self._budget:
                self._budget.spend(other._n)
            for values in other._held:
                self._add(values)
            return
        self._budget.exhaust()
        self._keep_budget()
        self._n += other._n
        self._has_nan |= other._has_nan
        self._buckets.merge(other._buckets)

    def _spill(self, values: Array) -> None:
        """Count values in buckets."""
        for start in range(0, len(values), CHUNK):
            x = values[start : start + CHUNK].astype(np.float64)
            self._buckets.add(x)

    def results(self, fractions: tuple[float, ...]) -> list[float]:
        """The quantiles of these fractions. The order of what is held may change."""
        self._keep_budget()
        if self._n == 0 or self._has_nan:
            return [nan] * len(fractions)
        if self._held is not None:
            return [interpolate(self._join(), fraction) for fraction in fractions]
        middles, counts = self._buckets.contents()
        seen = np.cumsum(counts)
        ranks = [ceil(fraction * (self._n - 1)) for fraction in fractions]
        return [float(middles[np.searchsorted(seen, rank, side="right")]) for rank in ranks]

    def bounds(self, fraction: float) -> tuple[float, float]:
        """What the exact quantile lies between: both ends are it while all values are held."""
        self._keep_budget()
        if self._held is not None or self._n == 0 or self._has_nan:
            [value] = self.results((fraction,))
            return value, value
        lows, highs, counts = self._buckets.spans()
        seen = np.cumsum(counts)
        place = fraction * (self._n - 1)
        # The exact one lies between the values of both ranks.
        below, above = np.searchsorted(seen, [floor(place), ceil(place)], side="right").tolist()
        return float(lows[below]), float(highs[above])

    def histogram(self, bins: int) -> tuple[int, ...]:
        """How many values lie in each of `bins` equal parts from the least to the 99th percentile.

        What lies above that is in the last part; nothing can be said of NaN or infinities.
        """
        low, high = self.results((0.0, 0.99))
        if not (isfinite(low) and isfinite(high)):
            return ()
        if not isfinite(high - low):
            return ()
        if self._held is None:
            values, counts = self._buckets.contents()
        else:
            values, counts = self._join(), None
        width = (high - low) / bins or 1.0
        places = np.clip((np.clip(values, low, high) - low) / width, 0, bins - 1).astype(np.int64)
        counted: list[int] = np.bincount(places, counts, minlength=bins).astype(np.int64).tolist()
        return tuple(counted)


def interpolate(values: Array, fraction: float) -> float:
    """The quantile of values whose order may change: linear between neighbours, as NumPy's.

    An infinite neighbour counts only where the quantile does not lie on the other one.
    """
    place = fraction * (len(values) - 1)
    lower = floor(place)
    upper = min(lower + 1, len(values) - 1)
    values.partition((lower, upper))
    a, b, t = float(values[lower]), float(values[upper]), place - lower
    if t == 0 or a == b:
        return a
    if isinf(a) or isinf(b):
        return nan if isinf(a) and isinf(b) else (b if isinf(b) else a)
    return a + (b - a) * t if t < 0.5 else b - (b - a) * (1 - t)


class Buckets:
    """How many values lie in each bucket, for either sign; zeros are counted apart."""

    def __init__(self) -> None:
        self._zeros = 0
        self._counts = {sign: Counters() for sign in (-1, 1)}

    def add(self, x: Array) -> None:
        """Count the values of a block; NaN is not counted."""
        self._zeros += int(np.count_nonzero(x == 0))
        for sign, chosen in ((1, x > 0), (-1, x < 0)):
            index = np.abs(x[chosen]).view(np.int64) >> SHIFT
            if len(index):
                first = int(index.min())
                self._counts[sign].add(first, np.bincount(index - first))

    def merge(self, other: "Buckets") -> None:
        """Take in the counts of another."""
        self._zeros += other._zeros
        for sign, counts in other._counts.items():
            self._counts[sign].add(counts.first, counts.counts)

    def contents(self) -> tuple[Array, Array]:
        """The middles of the buckets that hold any value, ascending, and how many each holds."""
        lows, highs, counts = self.spans()
        inner, outer = np.where(lows < 0, highs, lows), np.where(lows < 0, lows, highs)
        with np.errstate(all="ignore"):
            middles = inner + (outer - inner) / 2
        # Infinities are their own middle; the last finite bucket ends at infinity: its end nearer
        # to zero stands for it.
        return np.where(np.isinf(outer), inner, middles), counts

    def spans(self) -> tuple[Array, Array, Array]:
        """The lower and upper ends of the buckets that hold any value, ascending, and the counts.

        Zeros and infinities have buckets of no width.
        """
        lows, highs, counts = {}, {}, {}
        for sign, run in self._counts.items():
            used = np.flatnonzero(run.counts)
            edges = [(used + run.first + more) << SHIFT for more in (0, 1)]
            inner, outer = (edge.astype(np.int64).view(np.float64) for edge in edges)
            outer = np.where(np.isinf(inner), inner, outer)
            lows[sign], highs[sign] = (inner, outer) if sign > 0 else (-outer, -inner)
            counts[sign] = run.counts[used]
        zero = np.zeros(1 if self._zeros else 0)
        return (
            np.concatenate([lows[-1][::-1], zero, lows[1]]),
            np.concatenate([highs[-1][::-1], zero, highs[1]]),
            np.concatenate([counts[-1][::-1], (zero + self._zeros).astype(np.int64), counts[1]]),
        )


class Counters:
    """Counts of consecutive buckets from `first` on, as many as have been needed."""

    def __init__(self) -> None:
        self.first = 0
        self.counts = np.zeros(0, dtype=np.int64)

    def add(self, first: int, counts: Array) -> None:
        """Add the counts of buckets from `first` on."""
        if not len(counts):
            return
        if not len(self.counts):
            self.first = first
        low = min(self.first, first)
        high = max(self.first + len(self.counts), first + len(counts))
        if (low, high) != (self.first, self.first + len(self.counts)):
            longer = np.zeros(high - low, dtype=np.int64)
            longer[self.first - low : self.first - low + len(self.counts)] = self.counts
            self.first, self.counts = low, longer
        self.counts[first - low : first - low + len(counts)] += counts
