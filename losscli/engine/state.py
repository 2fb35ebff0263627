"""Mergeable states: what is kept of the rows seen so far, so that blocks add up to the whole."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import numpy as np

from losscli.engine.evaluate import Evaluated, combined
from losscli.engine.quantiles import EXACT, Budget, Quantiles
from losscli.engine.result import Statistic, Summary
from losscli.engine.sums import ExactSum, Moments
from losscli.engine.whole import Room, Rows, whole_state
from losscli.engine.worst import Worst
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss
from losscli.words import Reduction


class WeightState:
    """What a reduction divides by: the number of weights, of those that are not 0, their sum."""

    def __init__(self) -> None:
        self.n = 0
        self.count: float = 0
        self.nonzero: float = 0
        self.given = False
        self._sum = ExactSum()

    def update(self, n: int, weights: Array | None) -> None:
        """Fold in `n` samples; None weighs each 1."""
        self.given |= weights is not None
        self.n += n
        self.count += n if weights is None else weights.size
        self.nonzero += n if weights is None else int(np.count_nonzero(weights))
        self._sum.add(n if weights is None else float(weights.sum(dtype=np.float64)))

    def update_parts(self, n: int, parts: Array, weights: Array | None) -> None:
        """Fold in `n` samples of which each unreduced value has a part to be divided by."""
        weighted = parts if weights is None else broadcast(weights, parts) * parts
        self.n += n
        self.count += float(parts.sum(dtype=np.float64))
        self.nonzero += float(parts[weighted != 0].sum(dtype=np.float64))
        self._sum.add(float(weighted.sum(dtype=np.float64)))

    def merge(self, other: "WeightState") -> None:
        """Fold in all that another has seen."""
        self.n += other.n
        self.count += other.count
        self.nonzero += other.nonzero
        self.given |= other.given
        self._sum.merge(other._sum)

    def divisor(self, reduction: Reduction) -> float:
        """What a weighted sum of one value a weight is divided by."""
        match reduction:
            case "mean":
                return self._sum.result()
            case "mean_over_batch":
                return self.count
            case "mean_over_nonzero":
                return self.nonzero
            case "batchmean":
                return self.n
            case "sum":
                return 1
            case "none":
                raise ValueError("what is not reduced is not divided")


class LossState:
    """What is kept of one loss: sums, and statistics of the samples' values where asked for."""

    def __init__(
        self,
        loss: BoundLoss,
        dtype: np.dtype[Any],
        summary: bool,
        worst: int = 0,
        exact: int | Budget = EXACT,
        statistics: Collection[str] = (),
        room: Room | None = None,
    ) -> None:
        self._loss = loss
        self._dtype = dtype
        self._n = 0
        self._entries = 0
        self._plain = ExactSum()
        self._weighted = ExactSum()
        self._divisor: WeightState | None = None
        self._totals: list[ExactSum] = []
        self._summary = summary
        self._statistics = statistics
        has_moments = summary or any(name in ("min", "max", "std") for name in statistics)
        has_quantiles = summary or any(name.startswith("p") for name in statistics)
        self._moments = Moments() if has_moments else None
        self._quantiles = Quantiles(exact) if has_quantiles else None
        self._has_mean = summary or "mean" in statistics
        self._whole = whole_state(loss, room)
        self.worst = Worst(worst) if worst else None

    def update(self, found: Evaluated, weights: Array | None = None) -> None:
        """Fold in a block, with a weight a sample, or for each place of its leading axes."""
        samples, unreduced = found.samples, found.unreduced
        self._n += len(samples)
        self._entries += unreduced.size
        if self._has_mean:
            self._plain.add(float(samples.sum(dtype=np.float64)))
        if self._moments is not None:
            self._moments.merge(Moments.of(samples))
        if self._quantiles is not None:
            self._quantiles.add(samples)
        if isinstance(self._whole, Rows):
            return
        if self._whole is not None:
            assert found.statistics is not None
            self._whole.add(found.statistics, weights)
            return
        if found.statistics is not None:
            self._add_totals(found.statistics, weights)
            return
        weighted = unreduced if weights is None else broadcast(weights, unreduced) * unreduced
        self._weighted.add(float(weighted.sum(dtype=np.float64)))
        if found.divisor is not None:
            self._divisor = self._divisor or WeightState()
            self._divisor.update_parts(len(samples), found.divisor, weights)

    def _add_totals(self, statistics: Array, weights: Array | None) -> None:
        if weights is not None and not self._loss.handling.weights_after:
            statistics = weights[:, np.newaxis] * statistics
        totals = statistics.sum(axis=0, dtype=np.float64).tolist()
        self._totals = self._totals or [ExactSum() for _ in totals]
        for total, value in zip(self._totals, totals, strict=True):
            total.add(value)

    def hold(self, y_true: Array, y_pred: Array) -> None:
        """Take the rows themselves, for a loss of the whole data."""
        if isinstance(self._whole, Rows):
            self._whole.add(y_true, y_pred)

    def release(self) -> None:
        """Give back what is held of the data."""
        self._whole = whole_state(self._loss)

    def merge(self, other: "LossState") -> None:
        """Fold in all that another state of the same loss has seen."""
        self._n += other._n
        self._entries += other._entries
        if self._whole is not None and other._whole is not None:
            self._whole.merge(other._whole)  # type: ignore[arg-type]
        self._plain.merge(other._plain)
        self._weighted.merge(other._weighted)
        if other._divisor is not None:
            self._divisor = self._divisor or WeightState()
            self._divisor.merge(other._divisor)
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
        """The loss of all the rows, None where it is not to be reduced to one number."""
        if reduction == "none" or self._loss.keeps_outputs:
            return None
        if isinstance(self._whole, Rows):
            return self._rounded(self._whole.value())
        if self._loss.is_pooled:
            return self._pooled(reduction, weights)
        if self._divisor is not None and reduction.startswith("mean"):
            divisor = self._divisor.divisor(reduction)
        else:
            # Of a weight for several unreduced values, each of them counts.
            each = self._entries / weights.count if reduction.startswith("mean") else 1
            if reduction == "mean" and weights.given and self._loss.handling.weights_as_given:
                each = 1
            divisor = weights.divisor(reduction) * each
        if not divisor:
            return self._rounded(self._loss.handling.empty)
        return self._rounded(self._weighted.result() / divisor)

    def _pooled(self, reduction: Reduction, weights: WeightState) -> float:
        outputs = self._all_outputs()
        value = combined(self._loss, outputs)
        if self._loss.handling.weights_after:
            value = value * (weights.divisor("mean") / weights.divisor(reduction))
        return self._rounded(float(value))

    def outputs(self, reduction: Reduction, weights: WeightState) -> tuple[float, ...] | None:
        """A value for each column, where these are not to be made one."""
        if not self._loss.keeps_outputs:
            return None
        values = self._all_outputs()
        if self._loss.spec.kind == "element":
            values = values * (weights.divisor("mean") / weights.divisor(reduction))
        return tuple(map(self._rounded, values.tolist()))

    def _all_outputs(self) -> Array:
        """What a pooled loss makes of the totals; of others, the columns' sums by their number."""
        with np.errstate(all="ignore"):
            if self._whole is not None:
                assert not isinstance(self._whole, Rows)
                return self._whole.outputs()
            totals = np.array([total.result() for total in self._totals])
            if self._loss.spec.finalise is not None and self._loss.is_pooled:
                return self._loss.finalise(totals)
            return totals[:-1] / totals[-1]

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


def broadcast(weights: Array, values: Array) -> Array:
    """Weights of leading axes, shaped to go with values of further ones."""
    return weights.reshape(*weights.shape, *(1,) * (values.ndim - weights.ndim))


def _certain(value: float) -> Statistic:
    """A statistic that is known as well as floats allow."""
    return Statistic(value, value, value)
