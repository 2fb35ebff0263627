"""States of losses that no sum makes: the rows themselves, the largest values, the medians."""

import numpy as np

from losscli.errors import LosscliError
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss

# How many values are held for a loss of the whole data: 80 MB in float64.
WHOLE_VALUES = 10_000_000


class Rows:
    """The rows themselves, for a loss that is one number for all of them."""

    def __init__(self, loss: BoundLoss) -> None:
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


class Room:
    """How many values may be held for a median, by the groups of a loss together."""

    def __init__(self, most: int | None = None) -> None:
        self.most = WHOLE_VALUES if most is None else most
        self.left = self.most


class Largest:
    """The largest value of each column."""

    def __init__(self) -> None:
        self._largest: Array | None = None

    def add(self, values: Array, weights: Array | None) -> None:
        """Look at values (n, columns); weights do not matter but where they are 0."""
        if weights is not None:
            values = values[weights > 0]
        if len(values):
            self._take(values.max(axis=0))

    def merge(self, other: "Largest") -> None:
        """Take in what another has seen."""
        if other._largest is not None:
            self._take(other._largest)

    def _take(self, largest: Array) -> None:
        before = self._largest
        self._largest = largest if before is None else np.maximum(before, largest)

    def outputs(self) -> Array:
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

    def add(self, values: Array, weights: Array | None) -> None:
        """Hold values (n, columns). Raises LosscliError where there is no room for them."""
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

    def outputs(self) -> Array:
        """The median of each column."""
        values = _joined(self._values)
        if not self._weights:
            return np.median(values, axis=0, overwrite_input=True)
        weights = _joined(self._weights)
        return np.array([weighted_median(column, weights) for column in values.T])


def _joined(parts: list[Array]) -> Array:
    """The parts in one array, which is then the only part: each is given back as it is copied."""
    joined = np.empty((sum(map(len, parts)), *parts[0].shape[1:]), dtype=parts[0].dtype)
    end = len(joined)
    while parts:
        part = parts.pop()
        joined[end - len(part) : end] = part
        end -= len(part)
    parts.append(joined)
    return joined


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


def whole_state(loss: BoundLoss, room: Room | None = None) -> Rows | Largest | Medians | None:
    """What is kept of a loss that no sum makes, in this room; None for all others."""
    if loss.spec.kind == "whole":
        return Rows(loss)
    if loss.spec.kind == "order":
        return Largest() if loss.spec.order == "max" else Medians(loss, room or Room())
    return None
