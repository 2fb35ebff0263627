"""What a reduction divides by."""

from typing import assert_never

import numpy as np

from losscli.engine.reduce.sums import ExactSum
from losscli.losses.numerics import Array
from losscli.words import Reduction

# The reductions that divide by what the weights come to.
MEANS: tuple[Reduction, ...] = ("mean", "mean_over_batch", "mean_over_nonzero")


class WeightTotals:
    """The number of weights, of those that are not 0, and their sum."""

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
        weighted = parts if weights is None else expand(weights, parts) * parts
        self.n += n
        self.count += float(parts.sum(dtype=np.float64))
        self.nonzero += float(parts[weighted != 0].sum(dtype=np.float64))
        self._sum.add(float(weighted.sum(dtype=np.float64)))

    def merge(self, other: "WeightTotals") -> None:
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
            case _:
                assert_never(reduction)


def expand(weights: Array, values: Array) -> Array:
    """Weights of leading axes, shaped to go with values of further ones."""
    return weights.reshape(*weights.shape, *(1,) * (values.ndim - weights.ndim))
