"""Losses of pairs and triplets: metric learning."""

from typing import Literal

import numpy as np

from losscli.losses.domain import (
    DISTANCES,
    MOSTLY_NON_NEGATIVE,
    REAL,
    SIGN_LABELS,
    SIMILARITY_LABELS,
)
from losscli.losses.numerics import Array, nan_where, p_norm
from losscli.losses.parameters import NonNegative, Positive
from losscli.losses.spec import family

pairwise = family("pairwise", kind="element")


@pairwise(
    aliases=("contrastive_loss",),
    y_true=SIMILARITY_LABELS,
    y_pred=DISTANCES,
    remarks={"y_true.zero_or_one": "both terms are blended"},
)
def contrastive(y_true: Array, y_pred: Array, *, margin: NonNegative = 1.0) -> Array:
    """Contrastive loss of the distance of two embeddings.

    Formula:
        t · d² + (1 − t) · max(0, margin − d)²
    Parameters:
        margin: distance from which a dissimilar pair costs nothing
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: y_true is 1 for a similar pair and 0 for a dissimilar one; y_pred is the distance.
    References:
        R. Hadsell et al. (2006), Dimensionality Reduction by Learning an Invariant Mapping
    """
    missing = np.maximum(margin - y_pred, 0)
    return y_true * (y_pred * y_pred) + (1 - y_true) * (missing * missing)


@pairwise(
    aliases=("hinge_embedding_loss",),
    y_true=SIGN_LABELS,
    y_pred=MOSTLY_NON_NEGATIVE,
    remarks={
        "y_true.signs": "they cost both terms",
        "y_pred.non_negative": "computed as they are",
    },
)
def hinge_embedding(y_true: Array, y_pred: Array, *, margin: float = 1.0) -> Array:
    """Hinge embedding loss of the distance of two embeddings.

    Formula:
        t = +1:   d
        t = −1:   max(0, margin − d)
    Parameters:
        margin: distance from which a dissimilar pair costs nothing
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: y_true is +1 for a similar pair and -1 for a dissimilar one; y_pred is the distance.
    """
    far = np.where(y_true != 1, np.maximum(margin - y_pred, 0), 0)
    return nan_where(far + np.where(y_true != -1, y_pred, 0), y_true)


@pairwise(
    aliases=("margin_ranking_loss",),
    y_true=SIGN_LABELS,
    inputs={"input2": REAL},
    remarks={"y_true.signs": "computed as they are"},
)
def margin_ranking(y_true: Array, y_pred: Array, input2: Array, *, margin: float = 0.0) -> Array:
    """Margin ranking loss: which of two scores should be the higher.

    Formula:
        max(0, margin − t · (p − p₂)),   p₂ being input2
    Parameters:
        margin: lead from which the right order costs nothing
    Shape: any, the same for all three; a sample's value is the mean over its elements.
    Edge cases: y_true is +1 where y_pred should be higher and -1 where input2 should be.
    """
    return np.maximum(margin - y_true * (y_pred - input2), 0)


Place = Literal["differences", "sum"]


@pairwise(aliases=("triplet_margin_loss",), kind="sample", inputs={"negative": REAL})
def triplet_margin(
    y_true: Array,
    y_pred: Array,
    negative: Array,
    *,
    margin: float = 1.0,
    p: Positive = 2.0,
    swap: bool = False,
    epsilon: NonNegative = 1e-6,
    epsilon_in: Place = "differences",
) -> Array:
    """Triplet loss: an anchor should be nearer to a positive than to a negative.

    Formula:
        max(0, d(a, t) − d(a, n) + margin),   a = y_pred,   t = y_true,   n = negative
        d(x, y) = ( Σ |x − y + ε|^P )^(1/P)
        epsilon_in=sum:   d(x, y) = ( ε + Σ (x − y)^P )^(1/P)
    Parameters:
        margin: how much nearer it should be
        p: P, the degree of the norm
        swap: the distance of positive and negative counts, where it is the smaller, for d(a, n)
        epsilon: keeps a distance from 0
        epsilon_in: added to each of the differences, or to the sum of their powers
    Shape: (…, dimensions), the same for all three; the last axis is consumed.
    Edge cases: with epsilon_in=sum differences have no absolute value, as in optax: with an odd P
        they cancel, or give NaN.
    References:
        V. Balntas et al. (2016), Learning local feature descriptors with triplets
    """

    def distance(x: Array, y: Array) -> Array:
        small = x.dtype.type(epsilon)
        if epsilon_in == "differences":
            return p_norm(x - y + small, p)
        return (((x - y) ** p).sum(axis=-1) + small) ** (1 / p)

    to_negative = distance(y_pred, negative)
    if swap:
        to_negative = np.minimum(to_negative, distance(y_true, negative))
    return np.maximum(distance(y_pred, y_true) - to_negative + margin, 0)
