"""A pooled loss: statistics that add up over samples, of which its function makes the value."""

from typing import Self

import numpy as np

from losscli.engine.evaluate import Evaluated, combine_outputs
from losscli.engine.reduce.sums import Totals
from losscli.engine.reduce.weights import WeightTotals
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss
from losscli.words import Reduction


class StatisticTotals:
    """The totals of the samples' statistics: what of a loss adds up over samples."""

    def __init__(self, loss: BoundLoss) -> None:
        self._loss = loss
        self._totals = Totals()

    def update(self, evaluated: Evaluated, weights: Array | None = None) -> None:
        """Fold in a block."""
        assert evaluated.statistics is not None
        after = self._loss.handling.weights_after
        self._totals.add(evaluated.statistics, None if after else weights)

    def merge(self, other: Self) -> None:
        """Fold in all that another has seen."""
        self._totals.merge(other._totals)


class Pooled(StatisticTotals):
    """What its function makes of the totals."""

    def value(self, reduction: Reduction, weights: WeightTotals) -> float | None:
        """What the loss makes of the totals; None where its outputs are not made one."""
        return pooled_value(self._loss, self.outputs(reduction, weights), reduction, weights)

    def outputs(self, reduction: Reduction, weights: WeightTotals) -> Array:
        """The value of each output."""
        with np.errstate(all="ignore"):
            return self._loss.finalise(self._totals.results())


def pooled_value(
    loss: BoundLoss, outputs: Array, reduction: Reduction, weights: WeightTotals
) -> float | None:
    """The value of a loss of all samples together, of its outputs; None if they are not made one.

    Weights that multiply the finished number come in here.
    """
    if loss.keeps_outputs:
        return None
    value = combine_outputs(loss, outputs)
    if loss.handling.weights_after:
        value = value * (weights.divisor("mean") / weights.divisor(reduction))
    return float(value)
