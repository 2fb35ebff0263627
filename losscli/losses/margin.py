"""Losses of scores that ask for a margin."""

import numpy as np

from losscli.losses.domain import CLASS_SCORES, ONE_HOT, REAL, SIGN_LABELS
from losscli.losses.numerics import Array
from losscli.losses.spec import loss

AS_THEY_ARE = {
    "y_true.signs": "computed as they are, as Keras 1 and 2 do "
    "(Keras 3 and tf.keras map labels 0 to -1)"
}


@loss(
    family="margin",
    kind="element",
    y_true=SIGN_LABELS,
    y_pred=REAL,
    zero_at_perfect=True,
    remarks=AS_THEY_ARE,
)
def hinge(y_true: Array, y_pred: Array) -> Array:
    """Hinge loss.

    Formula:
        max(0, 1 − t · z)
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: labels are -1 and +1; a label 0 costs 1 whatever the score.
    References:
        Keras 2.1 losses.hinge
    """
    return np.maximum(1 - y_true * y_pred, 0)


@loss(
    family="margin",
    kind="element",
    y_true=SIGN_LABELS,
    y_pred=REAL,
    zero_at_perfect=True,
    remarks=AS_THEY_ARE,
)
def squared_hinge(y_true: Array, y_pred: Array) -> Array:
    """Squared hinge loss.

    Formula:
        max(0, 1 − t · z)²
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: labels are -1 and +1; a label 0 costs 1 whatever the score.
    References:
        Keras 2.1 losses.squared_hinge
    """
    missing = np.maximum(1 - y_true * y_pred, 0)
    return missing * missing


@loss(
    family="margin",
    kind="sample",
    y_true=ONE_HOT,
    y_pred=CLASS_SCORES,
    remarks={"y_true.rows_sum_to_one": "computed as they are"},
)
def categorical_hinge(y_true: Array, y_pred: Array) -> Array:
    """Categorical hinge loss of one-hot labels.

    Formula:
        max(0, 1 + max((1 − t) · z) − Σ t · z)
    Shape: (…, classes), the same for both; the last axis is consumed.
    Edge cases: the product leaves a 0 in the true class's place, so the best wrong score counts as
        at least 0: with negative scores alone it exceeds the Crammer-Singer hinge.
    References:
        Keras 2.1 losses.categorical_hinge
    """
    right = (y_true * y_pred).sum(axis=-1)
    wrong = ((1 - y_true) * y_pred).max(axis=-1)
    return np.maximum(1 + wrong - right, 0)
