"""A loss whose values add up: their weighted sum, divided at the end."""

import numpy as np

from losscli.engine.evaluate import Evaluated
from losscli.engine.reduce.pooled import StatisticTotals
from losscli.engine.reduce.sums import ExactSum
from losscli.engine.reduce.weights import MEANS, WeightTotals, expand
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss
from losscli.words import Reduction


class Mean:
    """The weighted sum of the unreduced values, and of what each is divided by if not 1."""

    def __init__(self, loss: BoundLoss) -> None:
        self._loss = loss
        self._sum = ExactSum()
        self._entries = 0
        self._divisor: WeightTotals | None = None

    def update(self, evaluated: Evaluated, weights: Array | None = None) -> None:
        """Fold in a block."""
        values = evaluated.unreduced
        self._entries += values.size
        weighted = values if weights is None else expand(weights, values) * values
        self._sum.add(float(weighted.sum(dtype=np.float64)))
        if evaluated.divisor is not None:
            self._divisor = self._divisor or WeightTotals()
            self._divisor.update_parts(len(evaluated), evaluated.divisor, weights)

    def merge(self, other: "Mean") -> None:
        """Fold in all that another has seen."""
        self._entries += other._entries
        self._sum.merge(other._sum)
        if other._divisor is not None:
            self._divisor = self._divisor or WeightTotals()
            self._divisor.merge(other._divisor)

    def value(self, reduction: Reduction, weights: WeightTotals) -> float:
        """The sum divided as the reduction says; the loss's `empty` where that is by 0."""
        divisor = self._find_divisor(reduction, weights)
        return self._sum.result() / divisor if divisor else self._loss.handling.empty

    def _find_divisor(self, reduction: Reduction, weights: WeightTotals) -> float:
        if reduction not in MEANS:
            return weights.divisor(reduction)
        if self._divisor is not None:
            return self._divisor.divisor(reduction)
        # Of a weight for several unreduced values, each of them counts.
        each = self._entries / weights.count
        if reduction == "mean" and weights.given and self._loss.handling.weights_as_given:
            each = 1
        return weights.divisor(reduction) * each

    def outputs(self, reduction: Reduction, weights: WeightTotals) -> Array:
        """The value, of the one output there is."""
        return np.array([self.value(reduction, weights)])


class ColumnMeans(StatisticTotals):
    """A mean for each column, of a loss that does not make them one: of their sums, which are its
    statistics, with the number of samples last.
    """

    def value(self, reduction: Reduction, weights: WeightTotals) -> None:
        """There is no single one."""
        return

    def outputs(self, reduction: Reduction, weights: WeightTotals) -> Array:
        """The columns' sums by what the reduction divides them by."""
        with np.errstate(all="ignore"):
            totals = self._totals.results()
            means = totals[:-1] / totals[-1]
        if self._loss.spec.kind == "element":
            means = means * (weights.divisor("mean") / weights.divisor(reduction))
        return means
