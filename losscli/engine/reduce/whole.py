"""A loss that is one number for all rows: the rows themselves are held for it."""

import numpy as np

from losscli.engine.evaluate import Evaluated
from losscli.engine.reduce.weights import WeightTotals
from losscli.errors import LosscliError
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss
from losscli.words import Reduction

# How many values are held for a loss of the whole data: 80 MB in float64.
WHOLE_VALUES = 10_000_000


class Whole:
    """The rows, of which the loss is computed at the end."""

    def __init__(self, loss: BoundLoss) -> None:
        self._loss = loss
        self._parts: list[tuple[Array, ...]] = []
        self._size = 0

    def update(self, evaluated: Evaluated, weights: Array | None = None) -> None:
        """Hold a block's rows. Raises LosscliError beyond WHOLE_VALUES."""
        assert evaluated.arrays is not None
        assert weights is None
        self._hold(tuple(array.copy() for array in evaluated.arrays))

    def _hold(self, arrays: tuple[Array, ...]) -> None:
        self._size += sum(array.size for array in arrays)
        if self._size > WHOLE_VALUES:
            raise LosscliError(
                f"{self._loss.label} is one number for all rows, which are held for it only up to "
                f"{WHOLE_VALUES} values",
                'declare it with @loss(kind="pooled", finalise=…) and it streams: see losscli '
                "new-loss",
            )
        self._parts.append(arrays)

    def merge(self, other: "Whole") -> None:
        """Hold the rows of another, behind these."""
        for arrays in other._parts:
            self._hold(arrays)

    def value(self, reduction: Reduction, weights: WeightTotals) -> float:
        """The loss of all the rows."""
        arrays = (np.concatenate(parts) for parts in zip(*self._parts, strict=True))
        return float(self._loss(*arrays))

    def outputs(self, reduction: Reduction, weights: WeightTotals) -> Array:
        """The value, of the one output there is."""
        return np.array([self.value(reduction, weights)])
