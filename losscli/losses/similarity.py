"""Similarities of vectors."""

import numpy as np

from losscli.losses.domain import REAL, VECTORS
from losscli.losses.numerics import Array
from losscli.losses.parameters import NonNegative
from losscli.losses.spec import loss


@loss(
    aliases=("cosine",),
    family="similarity",
    kind="sample",
    y_true=VECTORS,
    y_pred=REAL,
    symmetric=True,
    remarks={"y_true.several_columns": "the cosine of two single numbers is only their sign"},
)
def cosine_proximity(y_true: Array, y_pred: Array, *, epsilon: NonNegative = 1e-12) -> Array:
    """Cosine proximity: the cosine of the angle between two vectors, negated.

    Formula:
        −Σ u · v,   u = t / √max(Σt², ε),   v = p / √max(Σp², ε)
    Parameters:
        epsilon: least squared length of a vector
    Shape: (…, dimensions), the same for both; the last axis is summed.
    Edge cases: −1 is best, +1 worst; a zero vector gives 0.
    References:
        Keras 2.1 losses.cosine_proximity
    """
    return 0 - (_unit(y_true, epsilon) * _unit(y_pred, epsilon)).sum(axis=-1)


def _unit(x: Array, epsilon: float) -> Array:
    """The vectors divided by their length, the square of which counts as at least ε.

    Squares of long vectors would overflow: these are scaled first by a power of two, which rounds
    nothing, so that their largest component is about 1.
    """
    exponent = np.frexp(np.abs(x).max(axis=-1, keepdims=True))[1]
    is_long = exponent > np.finfo(x.dtype).maxexp // 2 - 16
    scale = np.ldexp(x.dtype.type(1), np.where(is_long, -exponent, 0))
    scaled = x * scale
    squared_length = (scaled * scaled).sum(axis=-1, keepdims=True)
    return scaled / np.sqrt(np.maximum(squared_length, x.dtype.type(epsilon) * scale * scale))
