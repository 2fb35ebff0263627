"""Losses of predicted labels: right or wrong."""

import numpy as np

from losscli.losses.class_domains import LABELS
from losscli.losses.numerics import Array, nan_where
from losscli.losses.spec import family

labels = family("labels", y_true=LABELS, y_pred=LABELS, symmetric=True, zero_at_perfect=True)


@labels(kind="sample")
def zero_one(y_true: Array, y_pred: Array) -> Array:
    """Zero-one loss: whether a label, or any label of a row, is wrong.

    Formula:
        1 where any t ≠ p,   0 elsewhere
    Shape: (n,) labels or (…, labels), the same for both; the last axis of rows is consumed.
    Edge cases: labels must be equal exactly; no probability is turned into a label.
    """
    wrong = np.any(y_true != y_pred, axis=-1).astype(y_pred.dtype)
    return nan_where(wrong, y_true, y_pred)


@labels(kind="element")
def hamming(y_true: Array, y_pred: Array) -> Array:
    """Hamming loss: the part of the labels that is wrong.

    Formula:
        1 where t ≠ p,   0 elsewhere
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: labels must be equal exactly; no probability is turned into a label.
    """
    return nan_where((y_true != y_pred).astype(y_pred.dtype), y_true, y_pred)
