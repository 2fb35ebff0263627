"""Divergences of distributions."""

import numpy as np

from losscli.losses.domain import DISTRIBUTIONS
from losscli.losses.numerics import Array, log_ratio
from losscli.losses.parameters import Positive
from losscli.losses.spec import loss


@loss(
    aliases=(
        "kullback_leibler_divergence",
        "kl_divergence",
    ),
    family="divergence",
    kind="sample",
    y_true=DISTRIBUTIONS,
    y_pred=DISTRIBUTIONS,
    zero_at_perfect=True,
    remarks={
        "y_true.rows_sum_to_one": "computed as they are, not normalised",
        "y_pred.rows_sum_to_one": "computed as they are, not normalised",
    },
)
def kld(y_true: Array, y_pred: Array, *, epsilon: Positive = 1e-7) -> Array:
    """Kullback-Leibler divergence.

    Formula:
        Σ s · ln(s / q),   s = clip(t, ε, 1),   q = clip(p, ε, 1)
    Parameters:
        epsilon: both arrays are clipped to [ε, 1]
    Shape: (…, classes), the same for both; the last axis is summed.
    Edge cases: t = 0 counts as ε and so adds ε·ln(ε / p), about −1.6e-6 for p = 1: a value may be
        slightly negative.
    References:
        Keras 2.1 losses.kullback_leibler_divergence
    """
    floor = y_true.dtype.type(epsilon)
    s, q = np.clip(y_true, floor, 1), np.clip(y_pred, floor, 1)
    return (s * log_ratio(s, q)).sum(axis=-1)
