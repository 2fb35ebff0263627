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
    floor = y_true.dtype.type(epsilon)

    def unit(x: Array) -> Array:
        unit_vector: Array = x / np.sqrt(np.maximum((x * x).sum(axis=-1, keepdims=True), floor))
        return unit_vector

    return -(unit(y_true) * unit(y_pred)).sum(axis=-1)
