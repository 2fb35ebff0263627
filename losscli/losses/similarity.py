"""Similarities of vectors."""

import numpy as np

from losscli.losses.domain import PAIR_SIGNS, REAL, VECTORS
from losscli.losses.numerics import Array, nan_where
from losscli.losses.parameters import NonNegative
from losscli.losses.spec import family

similarity = family("similarity", kind="sample", y_true=VECTORS)

SINGLE = {"y_true.several_columns": "the cosine of two single numbers is only their sign"}


@similarity(aliases=("cosine",), kind="element", last_axis="sum", symmetric=True, remarks=SINGLE)
def cosine_proximity(
    y_true: Array, y_pred: Array, *, epsilon: NonNegative = 1e-12, negate: bool = True
) -> Array:
    """Cosine proximity: the cosine of the angle between two vectors, negated.

    Formula:
        −Σ u · v,   u = t / √max(Σt², ε),   v = p / √max(Σp², ε)
    Parameters:
        epsilon: least squared length of a vector
        negate: true makes less better, as in a loss; false gives the cosine itself
    Shape: (…, dimensions), the same for both; the last axis is summed.
    Edge cases: −1 is best, +1 worst; a zero vector gives 0, with epsilon=0 NaN.
    """
    products = _unit(y_true, epsilon) * _unit(y_pred, epsilon)
    return 0 - products if negate else products


@similarity(symmetric=True, zero_at_perfect=True, remarks=SINGLE)
def cosine_distance(y_true: Array, y_pred: Array, *, epsilon: NonNegative = 1e-12) -> Array:
    """Cosine distance: 1 minus the cosine of the angle between two vectors.

    Formula:
        1 − Σ u · v,   u = t / √max(Σt², ε),   v = p / √max(Σp², ε)
    Parameters:
        epsilon: least squared length of a vector
    Shape: (…, dimensions), the same for both; the last axis is consumed.
    Edge cases: from 0 to 2; a zero vector gives 1, with epsilon=0 NaN.
    """
    u, v = _unit(y_true, epsilon), _unit(y_pred, epsilon)
    difference = u - v
    # Of vectors of length 1 it is ½·|u − v|²: small angles keep the digits that 1 − cos loses.
    of_units = (difference * difference).sum(axis=-1) / 2
    shorter = np.minimum((y_true * y_true).sum(axis=-1), (y_pred * y_pred).sum(axis=-1))
    is_unit = shorter > y_true.dtype.type(epsilon)
    return np.where(is_unit, of_units, 1 - (u * v).sum(axis=-1))


@similarity(
    aliases=("cosine_embedding_loss",),
    y_true=PAIR_SIGNS,
    inputs={"input2": REAL},
    remarks={"y_true.signs": "they cost nothing, whatever the vectors"},
)
def cosine_embedding(
    y_true: Array,
    y_pred: Array,
    input2: Array,
    *,
    margin: float = 0.0,
    epsilon: NonNegative = 1e-12,
) -> Array:
    """Cosine embedding loss of pairs of vectors that should be alike, or not.

    Formula:
        t = +1:   1 − c
        t = −1:   max(0, c − margin)
        c = Σ a·b / √( (Σa² + ε) (Σb² + ε) )
    Parameters:
        margin: cosine up to which a pair that should not be alike costs nothing
        epsilon: added to each squared length
    Shape: y_true (n,) or (…), y_pred and input2 (…, dimensions); the last axis is consumed.
    Edge cases: a zero vector has the cosine 0 with any other.
    """
    floor = y_pred.dtype.type(epsilon)
    # A root for each length, since the product of their squares would overflow sooner.
    lengths = [np.sqrt((x * x).sum(axis=-1) + floor) for x in (y_pred, input2)]
    cosine = (y_pred * input2).sum(axis=-1) / lengths[0] / lengths[1]
    unlike = np.where(y_true == -1, np.maximum(cosine - margin, 0), 0)
    return nan_where(np.where(y_true == 1, 1 - cosine, unlike), y_true)


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
