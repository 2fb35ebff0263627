"""Losses of pairs: metric learning."""

import numpy as np

from losscli.losses.domain import DISTANCES, SIMILARITY_LABELS
from losscli.losses.numerics import Array
from losscli.losses.parameters import NonNegative
from losscli.losses.spec import loss


@loss(
    aliases=("contrastive_loss",),
    family="pairwise",
    kind="element",
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
