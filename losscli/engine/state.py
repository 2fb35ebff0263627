"""Mergeable states: what is kept of the rows seen so far, so that blocks add up to the whole."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from math import fsum, inf, isfinite, nan, sqrt
from typing import Any

import numpy as np

from losscli.engine.plan import Reduction
from losscli.engine.quantiles import EXACT, Budget, Quantiles
from losscli.engine.result import Statistic, Summary
from losscli.engine.worst import Worst
from losscli.errors import LosscliError
from losscli.losses.numerics import Array
from losscli.losses.spec import Loss

# How many values of both arrays are held for a loss of the whole data: 80 MB in float64.
WHOLE_VALUES = 10_000_000
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


class WeightState:
    """What a reduction divides by: the number of weights, of those that are not 0, their sum."""

    def __init__(self) -> None:
        self.n = 0
        self._count = 0
        self.nonzero = 0
        self._sum = ExactSum()

    def update(self, n: int, weights: Array | None) -> None:
        """Fold in `n` samples; None weighs each 1."""
        self.n += n
        self._count += n if weights is None else weights.size
        self.nonzero += n if weights is None else int(np.count_nonzero(weights))
        self._sum.add(n if weights is None else float(weights.sum(dtype=np.float64)))

    def merge(self, other: "WeightState") -> None:
        """Fold in all that another has seen."""
        self.n += other.n
        self._count += other._count
        self.nonzero += other.nonzero
        self._sum.merge(other._sum)

    def divisor(self, reduction: Reduction) -> float:
        """What the weighted sum is divided by."""
        match reduction:
            case "mean":
                return self._sum.result()
            case "mean_over_batch":
                return self._count
            case "mean_over_nonzero":
                return self.nonzero
            case "sum":
                return 1
            case "none":
                raise ValueError("what is not reduced is not divided")


class Rows:
    """The rows themselves, for a loss that is one number for all of them."""

    def __init__(self, loss: Loss) -> None:
        self._loss = loss
        self._parts: list[tuple[Array, Array]] = []
        self._size = 0

    def add(self, y_true: Array, y_pred: Array) -> None:
        """Hold some rows. Raises LosscliError beyond WHOLE_VALUES."""
        self._size += y_true.size + y_pred.size
        if self._size > WHOLE_VALUES:
            raise LosscliError(
                f"{self._loss.label} is one number for all rows, which are held for it only up to "
                f"{WHOLE_VALUES} values",
                'declare it with @loss(kind="pooled", finalise=…) and it streams: see losscli '
                "new-loss",
            )
        self._parts.append((y_true.copy(), y_pred.copy()))

    def merge(self, other: "Rows") -> None:
        """Hold the rows of another, behind these."""
        for y_true, y_pred in other._parts:
            self.add(y_true, y_pred)

    def value(self) -> float:
        """The loss of all the rows."""
        y_true, y_pred = (np.concatenate(side) for side in zip(*self._parts, strict=True))
        return float(self._loss(y_true, y_pred))


class LossState:
    """What is kept of one loss: sums, and statistics of the samples' values where asked for."""

    def __init__(
        self,
        loss: Loss,
        dtype: np.dtype[Any],
        summary: bool,
        worst: int = 0,
        exact: int | Budget = EXACT,
        statistics: Collection[str] = (),
    ) -> None:
        self._loss = loss
        self._dtype = dtype
        self._n = 0
        self._plain = ExactSum()
        self._weighted = ExactSum()
        self._totals: list[ExactSum] = []
        self._summary = summary
        self._statistics = statistics
        has_moments = summary or any(name in ("min", "max", "std") for name in statistics)
        has_quantiles = summary or any(name.startswith("p") for name in statistics)
        self._moments = Moments() if has_moments else None
        self._quantiles = Quantiles(exact) if has_quantiles else None
        self._rows = Rows(loss) if loss.spec.kind == "whole" else None
        self.worst = Worst(worst) if worst else None

    def update(
        self,
        samples: Array,
        statistics: Array | None,
        weighed: tuple[Array, Array] | None,
    ) -> None:
        """Fold in a block: the samples' values (n,), a pooled loss's statistics (n, m).

        `weighed` holds values (k,) and their weights, where there are any.
        """
        self._n += len(samples)
        plain = float(samples.sum(dtype=np.float64))
        self._plain.add(plain)
        if weighed is None:
            self._weighted.add(plain)
        else:
            values, weights = weighed
            self._weighted.add(float((weights * values).sum(dtype=np.float64)))
        if statistics is not None:
            if weighed is not None:
                statistics = weighed[1][:, np.newaxis] * statistics
            totals = statistics.sum(axis=0, dtype=np.float64).tolist()
            self._totals = self._totals or [ExactSum() for _ in totals]
            for total, value in zip(self._totals, totals, strict=True):
                total.add(value)
        if self._moments is not None:
            self._moments.merge(Moments.of(samples))
        if self._quantiles is not None:
            self._quantiles.add(samples)

    def hold(self, y_true: Array, y_pred: Array) -> None:
        """Take the rows themselves, for a loss of the whole data."""
        if self._rows is not None:
            self._rows.add(y_true, y_pred)

    def merge(self, other: "LossState") -> None:
        """Fold in all that another state of the same loss has seen."""
        self._n += other._n
        if self._rows is not None and other._rows is not None:
            self._rows.merge(other._rows)
        self._plain.merge(other._plain)
        self._weighted.merge(other._weighted)
        self._totals = self._totals or [ExactSum() for _ in other._totals]
        for mine, theirs in zip(self._totals, other._totals, strict=bool(other._totals)):
            mine.merge(theirs)
        if self._moments is not None and other._moments is not None:
            self._moments.merge(other._moments)
        if self._quantiles is not None and other._quantiles is not None:
            self._quantiles.merge(other._quantiles)
        if self.worst is not None and other.worst is not None:
            self.worst.merge(other.worst)

    def value(self, reduction: Reduction, weights: WeightState) -> float | None:
        """The loss of all the rows, None where it is not to be reduced."""
        if reduction == "none":
            return None
        if self._rows is not None:
            return self._rounded(self._rows.value())
        finalise = self._loss.spec.finalise
        if finalise is None:
            divisor = weights.divisor(reduction)
            return self._rounded(self._weighted.result() / divisor) if divisor else nan
        totals = np.array([total.result() for total in self._totals])
        with np.errstate(all="ignore"):
            return self._rounded(float(finalise(totals)))

    def summary(self) -> Summary | None:
        """The statistics of the samples' values, unweighted, if they were asked for."""
        m, q = self._moments, self._quantiles
        if m is None or q is None or not self._summary:
            return None
        # The middle of a bucket may lie outside of what was seen.
        found = [min(max(x, m.low), m.high) if x == x else x for x in q.results((0.5, 0.95, 0.99))]
        p50, p95, p99 = map(self._rounded, found)
        return Summary(m.low, m.high, self._mean(), self._rounded(m.std), p50, p95, p99, q.error)

    def statistics(self) -> dict[str, Statistic]:
        """The statistics that were named when the state was made, unweighted."""
        return {name: self._statistic(name) for name in self._statistics}

    def _statistic(self, name: str) -> Statistic:
        m, q = self._moments, self._quantiles
        if name.startswith("p") and q is not None:
            fraction = float(Decimal(name[1:]) / 100)
            [value] = q.results((fraction,))
            found = (value, *q.bounds(fraction))
            return Statistic(*map(self._rounded, found))
        if name == "n":
            return _certain(float(self._n))
        if name == "mean":
            return _certain(self._mean())
        assert m is not None
        return _certain({"min": m.low, "max": m.high, "std": self._rounded(m.std)}[name])

    def _mean(self) -> float:
        """The mean of the samples' values."""
        return self._rounded(self._plain.result() / self._n)

    def histogram(self, bins: int) -> tuple[int, ...]:
        """How the samples' values are spread, if their summary was asked for."""
        if self._quantiles is None or not self._summary:
            return ()
        return self._quantiles.histogram(bins)

    def _rounded(self, x: float) -> float:
        """x in the working precision."""
        with np.errstate(over="ignore"):
            return float(self._dtype.type(x))


def _certain(value: float) -> Statistic:
    """A statistic that is known as well as floats allow."""
    return Statistic(value, value, value)
