"""Losses of probabilities or logits against labels."""

import numpy as np

from losscli.losses.domain import (
    BINARY_LABELS,
    CLASS_INDICES,
    CLASS_LOGITS,
    CLASS_PROBABILITIES,
    LOGITS,
    ONE_HOT,
    PROBABILITIES,
)
from losscli.losses.numerics import Array, clip_probability, log_softmax, softplus, xlog1py, xlogy
from losscli.losses.parameters import Epsilon
from losscli.losses.spec import loss

NORMALISED = {
    "y_true.rows_sum_to_one": "computed as they are",
    "y_pred.rows_sum_to_one": "each is divided by its sum, as Keras does",
}


@loss(
    aliases=("bce",),
    family="classification",
    kind="element",
    y_true=BINARY_LABELS,
    y_pred=PROBABILITIES,
    y_pred_when={"from_logits": LOGITS},
)
def binary_crossentropy(
    y_true: Array, y_pred: Array, *, from_logits: bool = False, epsilon: Epsilon = 1e-7
) -> Array:
    """Binary cross-entropy.

    Formula:
        −( t · ln q + (1 − t) · ln(1 − q) ),   q = clip(p, ε, 1 − ε)
        from_logits:   t · ln(1 + e^(−z)) + (1 − t) · ln(1 + e^z)
    Parameters:
        from_logits: y_pred holds logits, the sigmoid of which is the probability
        epsilon: probabilities are clipped to [ε, 1 − ε]
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: a certain and wrong answer costs 16.118 (−ln 1e-7), in float32 15.942 where p = 1;
        logits are not clipped.
    References:
        Keras 2.1 losses.binary_crossentropy, backend.binary_crossentropy
    """
    if from_logits:
        # Both terms are at least 0 for t in [0, 1], so nothing cancels.
        return y_true * softplus(-y_pred) + (1 - y_true) * softplus(y_pred)
    q = clip_probability(y_pred, epsilon)
    return 0 - (xlogy(y_true, q) + xlog1py(1 - y_true, -q))


@loss(
    aliases=("cce",),
    family="classification",
    kind="sample",
    y_true=ONE_HOT,
    y_pred=CLASS_PROBABILITIES,
    y_pred_when={"from_logits": CLASS_LOGITS},
    remarks=NORMALISED,
)
def categorical_crossentropy(
    y_true: Array, y_pred: Array, *, from_logits: bool = False, epsilon: Epsilon = 1e-7
) -> Array:
    """Categorical cross-entropy of one-hot labels.

    Formula:
        −Σ t · ln q,   q = clip(p / Σp, ε, 1 − ε)
        from_logits:   −Σ t · ln softmax(z)
    Parameters:
        from_logits: y_pred holds logits, the softmax of which are the probabilities
        epsilon: probabilities are clipped to [ε, 1 − ε]
    Shape: (…, classes), the same for both; the last axis is summed.
    Edge cases: rows of y_pred are divided by their sum first; a row of zeros gives NaN.
    References:
        Keras 2.1 losses.categorical_crossentropy, backend.categorical_crossentropy
    """
    if from_logits:
        terms = y_true * log_softmax(y_pred)
    else:
        q = y_pred / y_pred.sum(axis=-1, keepdims=True)
        terms = xlogy(y_true, clip_probability(q, epsilon))
    return 0 - terms.sum(axis=-1)


@loss(
    aliases=("scce",),
    family="classification",
    kind="sample",
    y_true=CLASS_INDICES,
    y_pred=CLASS_PROBABILITIES,
    y_pred_when={"from_logits": CLASS_LOGITS},
    remarks={"y_pred.rows_sum_to_one": "clipped, then each is divided by its sum, as Keras does"},
)
def sparse_categorical_crossentropy(
    y_true: Array, y_pred: Array, *, from_logits: bool = False, epsilon: Epsilon = 1e-7
) -> Array:
    """Categorical cross-entropy of class indices.

    Formula:
        −ln( q_t / Σq ),   q = clip(p, ε, 1 − ε)
        from_logits:   −ln softmax(z)_t
    Parameters:
        from_logits: y_pred holds logits, the softmax of which are the probabilities
        epsilon: probabilities are clipped to [ε, 1 − ε]
    Shape: y_true (n,) or (…), y_pred (n, classes) or (…, classes); the last axis is consumed.
    Edge cases: clips first and normalises then, as Keras on TensorFlow does, and not the other way
        round as categorical_crossentropy: they differ by about 1e-7. A row of zeros counts as
        uniform.
    References:
        Keras 2.1 losses.sparse_categorical_crossentropy, backend.sparse_categorical_crossentropy
    """
    logits = y_pred if from_logits else np.log(clip_probability(y_pred, epsilon))
    known = y_true == y_true  # a NaN is no index; it comes out as it went in
    index = np.where(known, y_true, 0).astype(np.intp)[..., np.newaxis]
    loss_of_class = 0 - np.take_along_axis(log_softmax(logits), index, axis=-1)[..., 0]
    return np.where(known, loss_of_class, y_true)
