"""The value of a training log: the mean of the values of batches."""

from collections.abc import Callable

import numpy as np

from losscli.engine.evaluate import Evaluated
from losscli.engine.state import LossState, WeightState
from losscli.engine.sums import ExactSum
from losscli.losses.numerics import Array
from losscli.words import Reduction


class Batches:
    """The mean of a loss's values over batches of `size` samples, the last of which may be short.

    With `by_size` each batch weighs as many as it has samples (Keras), else all weigh the same (the
    usual loop over torch's batches).
    """

    def __init__(
        self, size: int, by_size: bool, reduction: Reduction, new_state: Callable[[], LossState]
    ) -> None:
        self._size = size
        self._by_size = by_size
        self._reduction = reduction
        self._new_state = new_state
        self._sum = ExactSum()
        self._shares = 0
        self._open()

    def _open(self) -> None:
        self._state = self._new_state()
        self._weights = WeightState()

    def update(self, found: Evaluated, weights: Array | None, y_true: Array, y_pred: Array) -> None:
        """Fold in a block of rows."""
        start, n = 0, len(y_true)  # of a loss of the whole data there may be no samples' values
        while start < n:
            end = min(n, start + self._size - self._weights.n)
            rows = slice(start, end)
            some = None if weights is None else weights[rows]
            self._state.update(found.at(rows), some)
            self._state.hold(y_true[rows], y_pred[rows])
            self._weights.update(end - start, some)
            if self._weights.n == self._size:
                self._close()
            start = end

    def _close(self) -> None:
        value = self._state.value(self._reduction, self._weights)
        assert value is not None
        share = self._weights.n if self._by_size else 1
        self._sum.add(value * share)
        self._shares += share
        self._open()

    def value(self, dtype: "np.dtype[np.floating]") -> float:
        """The mean over all batches, in the working precision."""
        if self._weights.n:
            self._close()
        return float(dtype.type(self._sum.result() / self._shares))
