"""The value of a training log: the mean of the values of batches."""

import numpy as np

from losscli.engine.evaluate import Evaluated
from losscli.engine.reduce.reducer import reducer_for
from losscli.engine.reduce.sums import ExactSum, round_to
from losscli.engine.reduce.weights import WeightTotals
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss
from losscli.words import BatchMean, Reduction


class Batches:
    """The mean of a loss's values over batches of `size` samples, the last of which may be short.

    `weighted`, each batch weighs as many as it has samples (Keras), else all weigh the same (the
    usual loop over torch's batches).
    """

    def __init__(
        self,
        loss: BoundLoss,
        dtype: "np.dtype[np.floating]",
        reduction: Reduction,
        size: int,
        mean: BatchMean = "weighted",
    ) -> None:
        self._loss = loss
        self._dtype = dtype
        self._reduction = reduction
        self._size = size
        self._by_size = mean == "weighted"
        self._sum = ExactSum()
        self._shares = 0
        self._open()

    def _open(self) -> None:
        self._reducer = reducer_for(self._loss)
        self._weights = WeightTotals()

    def update(self, evaluated: Evaluated, weights: Array | None) -> None:
        """Fold in a block of rows."""
        start, n = 0, len(evaluated)
        while start < n:
            end = min(n, start + self._size - self._weights.n)
            rows = slice(start, end)
            some = None if weights is None else weights[rows]
            self._reducer.update(evaluated.at(rows), some)
            self._weights.update(end - start, some)
            if self._weights.n == self._size:
                self._close()
            start = end

    def _close(self) -> None:
        value = self._reducer.value(self._reduction, self._weights)
        assert value is not None
        share = self._weights.n if self._by_size else 1
        self._sum.add(round_to(self._dtype, value) * share)
        self._shares += share
        self._open()

    def value(self) -> float:
        """The mean over all batches, in the working precision."""
        if self._weights.n:
            self._close()
        return float(self._dtype.type(self._sum.result() / self._shares))
