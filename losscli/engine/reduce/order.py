"""Losses that an order of the values makes: the largest of each column, or their median."""

import numpy as np

from losscli.engine.evaluate import Evaluated
from losscli.engine.reduce.pooled import pooled_value
from losscli.engine.reduce.weights import WeightTotals
from losscli.errors import LosscliError
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss
from losscli.words import Reduction

# How many values are held for a median: 80 MB in float64.
MEDIAN_VALUES = 10_000_000


class Room:
    """How many values may be held for a median, by the groups of a loss together."""

    def __init__(self, most: int | None = None) -> None:
        self.most = MEDIAN_VALUES if most is None else most
        self.left = self.most


class Largest:
    """The largest value of each column."""

    def __init__(self, loss: BoundLoss) -> None:
        self._loss = loss
        self._largest: Array | None = None

    def update(self, evaluated: Evaluated, weights: Array | None = None) -> None:
        """Fold in a block's values (n, columns); weights do not matter but where they are 0."""
        values = evaluated.statistics
        assert values is not None
        if weights is not None:
            values = values[weights > 0]
        if len(values):
            self._take(values.max(axis=0))

    def merge(self, other: "Largest") -> None:
        """Fold in all that another has seen."""
        if other._largest is not None:
            self._take(other._largest)

    def _take(self, largest: Array) -> None:
        before = self._largest
        self._largest = largest if before is None else np.maximum(before, largest)

    def value(self, reduction: Reduction, weights: WeightTotals) -> float | None:
        """The value of the columns together; None where they are not made one."""
        return pooled_value(self._loss, self.outputs(reduction, weights), reduction, weights)

    def outputs(self, reduction: Reduction, weights: WeightTotals) -> Array:
        """The largest of all, in one place; NaN where no value has a weight."""
        largest = self._largest
        return np.array([np.nan]) if largest is None else largest.max(keepdims=True)


class Medians:
    """The median of each column, of weighted values the one at half of the weights."""

    def __init__(self, loss: BoundLoss, room: Room) -> None:
        self._loss = loss
        self._room = room
        self._values: list[Array] = []
        self._weights: list[Array] = []

    def update(self, evaluated: Evaluated, weights: Array | None = None) -> None:
        """Hold a block's values (n, columns). Raises LosscliError where there is no room."""
        values = evaluated.statistics
        assert values is not None
        self._room.left -= values.size
        if self._room.left < 0:
            raise LosscliError(
                f"{self._loss.label} is a median, for which at most {self._room.most} values are "
                "held",
                "quantiles of larger data: 'losscli compute mae' shows p50 in its summary",
            )
        self._values.append(values.copy())
        if weights is not None:
            self._weights.append(weights.copy())

    def merge(self, other: "Medians") -> None:
        """Hold the values of another, too."""
        self._values += other._values
        self._weights += other._weights

    def value(self, reduction: Reduction, weights: WeightTotals) -> float | None:
        """The value of the columns' medians; None where they are not made one."""
        return pooled_value(self._loss, self.outputs(reduction, weights), reduction, weights)

    def outputs(self, reduction: Reduction, weights: WeightTotals) -> Array:
        """The median of each column."""
        values = _join(self._values)
        with np.errstate(all="ignore"):
            if not self._weights:
                return np.median(values, axis=0, overwrite_input=True)
            each = _join(self._weights)
            return np.array([weighted_median(column, each) for column in values.T])


def _join(parts: list[Array]) -> Array:
    """The parts in one array, which is then the only part: each is given back as it is copied."""
    together = np.empty((sum(map(len, parts)), *parts[0].shape[1:]), dtype=parts[0].dtype)
    end = len(together)
    while parts:
        part = parts.pop()
        together[end - len(part) : end] = part
        end -= len(part)
    parts.append(together)
    return together


def weighted_median(values: Array, weights: Array) -> float:
    """The value at which the weights, in the order of the values, reach half of their sum.

    It is NaN where no value has a weight, or one with a weight is NaN. Where they reach half at a
    value and exceed it by no more than rounding does, it is the mean of that and the next one of a
    weight: with equal weights this is the usual median. What counts as rounding is the machine
    epsilon, whatever the size of the weights, as in scikit-learn.
    """
    order = np.argsort(values, kind="stable")
    order = order[weights[order] > 0]
    if len(order) == 0 or np.isnan(values[order[-1]]):  # NaN is sorted behind all others
        return float("nan")
    reached = np.cumsum(weights[order], dtype=np.float64)
    half = reached[-1] / 2
    i = int(np.searchsorted(reached, half))
    is_tie = reached[i] - half <= np.finfo(values.dtype).eps
    j = i + 1 if is_tie and i + 1 < len(order) else i
    return float((values[order[i]] + values[order[j]]) / 2)
