"""Losses of a score that asks for a margin: labels −1 and +1."""

from typing import Literal

import numpy as np

from losscli.losses.class_domains import SIGN_OR_BINARY_LABELS
from losscli.losses.declaration import Case
from losscli.losses.domain import SIGN_LABELS
from losscli.losses.numerics import Array, softplus
from losscli.losses.parameters import CLASSES
from losscli.losses.spec import family

margin = family(
    "margin",
    kind="element",
    y_true=SIGN_LABELS,
    cases=(Case("labels", "signed", y_true=SIGN_OR_BINARY_LABELS),),
    shared=(CLASSES,),
)

Labels = Literal["as_is", "signed"]

ZERO_IS_MINUS_ONE = {
    "y_true.signs_or_zero": "computed as they are, and a 0 beside them as -1 (Keras 3 and tf.keras "
    "map labels 0 only where all are 0 and 1)"
}
AS_THEY_ARE = {"y_true.signs": "computed as they are", **ZERO_IS_MINUS_ONE}
AS_KERAS_DOES = {
    "y_true.signs": "computed as they are, as Keras 1 and 2 do "
    "(Keras 3 and tf.keras map labels 0 to -1)",
    **ZERO_IS_MINUS_ONE,
}


def _signed(y_true: Array, labels: Labels) -> Array:
    return np.where(y_true == 0, -1, y_true) if labels == "signed" else y_true


@margin(zero_at_perfect=True, remarks=AS_KERAS_DOES)
def hinge(y_true: Array, y_pred: Array, *, labels: Labels = "as_is") -> Array:
    """Hinge loss.

    Formula:
        max(0, 1 − t · z)
    Parameters:
        labels: as_is, or signed, which counts a label 0 as −1
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: labels are -1 and +1; a label 0 costs 1 whatever the score, unless it is signed.
    """
    return np.maximum(1 - _signed(y_true, labels) * y_pred, 0)


@margin(zero_at_perfect=True, remarks=AS_KERAS_DOES)
def squared_hinge(y_true: Array, y_pred: Array, *, labels: Labels = "as_is") -> Array:
    """Squared hinge loss.

    Formula:
        max(0, 1 − t · z)²
    Parameters:
        labels: as_is, or signed, which counts a label 0 as −1
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: labels are -1 and +1; a label 0 costs 1 whatever the score, unless it is signed.
    """
    missing = np.maximum(1 - _signed(y_true, labels) * y_pred, 0)
    return missing * missing


@margin(zero_at_perfect=True, remarks=AS_THEY_ARE)
def perceptron(y_true: Array, y_pred: Array, *, labels: Labels = "as_is") -> Array:
    """Perceptron loss: a hinge without a margin.

    Formula:
        max(0, −t · z)
    Parameters:
        labels: as_is, or signed, which counts a label 0 as −1
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: a score of the right sign costs nothing, and so does a score of 0.
    """
    return np.maximum(0 - _signed(y_true, labels) * y_pred, 0)


@margin(remarks=AS_THEY_ARE)
def soft_margin(y_true: Array, y_pred: Array, *, labels: Labels = "as_is") -> Array:
    """Soft margin (logistic) loss.

    Formula:
        ln(1 + e^(−t · z))
    Parameters:
        labels: as_is, or signed, which counts a label 0 as −1
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: never overflows; torch, which takes the plain exponential, gives inf from a score of
        709 on the wrong side on (89 in float32), and 0 on the right side from 37 on (17).
    """
    return softplus(0 - _signed(y_true, labels) * y_pred)
