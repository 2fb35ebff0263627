"""Losses of a score per class that ask for a margin, or compare the best with the right one."""

from typing import Annotated

import numpy as np

from losscli.losses.class_domains import CLASS_LISTS
from losscli.losses.domain import CLASS_INDICES, CLASS_SCORES, ONE_HOT, Interval
from losscli.losses.numerics import Array, class_index, pick
from losscli.losses.parameters import CLASSES, ClassWeights
from losscli.losses.spec import family

multiclass = family(
    "margin", kind="sample", y_true=CLASS_INDICES, y_pred=CLASS_SCORES, shared=(CLASSES,)
)


@multiclass(y_true=ONE_HOT, shared=(), remarks={"y_true.rows_sum_to_one": "computed as they are"})
def categorical_hinge(y_true: Array, y_pred: Array) -> Array:
    """Categorical hinge loss of one-hot labels.

    Formula:
        max(0, 1 + max((1 − t) · z) − Σ t · z)
    Shape: (…, classes), the same for both; the last axis is consumed.
    Edge cases: the product leaves a 0 in the true class's place, so the best wrong score counts as
        at least 0: with negative scores alone it exceeds the Crammer-Singer hinge.
    """
    right = (y_true * y_pred).sum(axis=-1)
    wrong = ((1 - y_true) * y_pred).max(axis=-1)
    return np.maximum(1 + wrong - right, 0)


def _leads(y_true: Array, y_pred: Array) -> tuple[Array, Array, Array]:
    """By how much each score exceeds the label's own; the labels' indices; where they are known."""
    index, known = class_index(y_true, y_pred.shape[-1])
    return y_pred - pick(y_pred, index)[..., np.newaxis], index, known


@multiclass(aliases=("crammer_singer_hinge",))
def multiclass_hinge(y_true: Array, y_pred: Array) -> Array:
    """Crammer-Singer hinge loss of class indices.

    Formula:
        max(0, 1 + max z_c − z_t),   c ≠ t
    Shape: y_true (n,) or (…), y_pred (n, classes) or (…, classes); the last axis is consumed.
    Edge cases: only the best of the other scores counts, be it negative or not.
    """
    leads, index, known = _leads(y_true, y_pred)
    np.put_along_axis(leads, index[..., np.newaxis], -np.inf, axis=-1)
    return np.where(known, np.maximum(1 + leads.max(axis=-1), 0), np.nan)


@multiclass()
def multiclass_perceptron(y_true: Array, y_pred: Array) -> Array:
    """Perceptron loss of class indices.

    Formula:
        max z − z_t
    Shape: y_true (n,) or (…), y_pred (n, classes) or (…, classes); the last axis is consumed.
    Edge cases: 0 where the label's score is the best, or among the best.
    """
    leads, _, known = _leads(y_true, y_pred)
    return np.where(known, leads.max(axis=-1), np.nan)


@multiclass()
def multi_margin(
    y_true: Array,
    y_pred: Array,
    *,
    p: Annotated[int, Interval(1, 2)] = 1,
    margin: float = 1.0,
    class_weight: ClassWeights = None,
) -> Array:
    """Multi-class margin loss: what each other class lacks of its distance.

    Formula:
        w_t · Σ max(0, margin + z_c − z_t)^p / classes,   c ≠ t
    Parameters:
        p: power of what is lacking, 1 or 2
        margin: by how much the label's score must exceed the others
        class_weight: weights w of the classes; a mean divides by the number of samples
    Shape: y_true (n,) or (…), y_pred (n, classes) or (…, classes); the last axis is consumed.
    Edge cases: divided by the number of all classes, though the label's own adds nothing.
    """
    leads, index, known = _leads(y_true, y_pred)
    missing = np.maximum(leads + margin, 0)
    np.put_along_axis(missing, index[..., np.newaxis], 0, axis=-1)
    if p == 2:
        missing = missing * missing
    value = missing.sum(axis=-1) / y_pred.shape[-1]
    if class_weight is not None:
        value = value * np.asarray(class_weight, dtype=value.dtype)[index]
    return np.where(known, value, np.nan)


@multiclass(y_true=CLASS_LISTS, shared=())
def multilabel_margin(y_true: Array, y_pred: Array) -> Array:
    """Multi-label margin loss: each listed class against each that is not listed.

    Formula:
        Σ max(0, 1 + z_i − z_j) / classes,   j in the list, i not in it
    Shape: (…, classes), the same for both; the last axis is consumed.
    Edge cases: a row of y_true lists class indices up to the first −1, what follows does not count;
        a class that stands there twice counts twice; an empty list costs nothing.
    """
    classes = y_pred.shape[-1]
    index, known = class_index(y_true, classes)
    # Not the same as > −1: a NaN does not end the list, and is no class.
    listed = np.logical_and.accumulate(~(y_true <= -1), axis=-1)
    member = np.zeros(y_pred.shape, dtype=bool)
    total = np.zeros(y_pred.shape[:-1], dtype=y_pred.dtype)
    for place in range(classes):
        here = np.arange(classes) == index[..., place, np.newaxis]
        member |= here & listed[..., place, np.newaxis]
    for place in range(classes):
        lead = y_pred - pick(y_pred, index[..., place])[..., np.newaxis]
        missing = np.where(member, 0, np.maximum(1 + lead, 0)).sum(axis=-1)
        total += np.where(listed[..., place], missing, 0)
    return np.where((known | ~listed).all(axis=-1), total / classes, np.nan)


@multiclass()
def multiclass_sparsemax(y_true: Array, y_pred: Array) -> Array:
    """Sparsemax loss of class indices.

    Formula:
        Σ s · (z − z_t) + (1 − Σ s²) / 2,   s = the point nearest to z with s ≥ 0, Σ s = 1
    Shape: y_true (n,) or (…), y_pred (n, classes) or (…, classes); the last axis is consumed.
    Edge cases: exactly 0 where the label's score exceeds all others by 1.
    References:
        A. Martins, R. Astudillo (2016), From Softmax to Sparsemax
    """
    # With v = z − max z, s = max(v − τ, 0), where τ in [−1, 0) makes Σ s = 1. Of the sorted v, the
    # first j are positive in s for the largest j at which 1 + j·v_j exceeds the sum of the first j.
    v = y_pred - y_pred.max(axis=-1, keepdims=True)
    falling = -np.sort(-v, axis=-1)
    sums = np.cumsum(falling, axis=-1)
    ranks = np.arange(1, v.shape[-1] + 1, dtype=v.dtype)
    support = np.count_nonzero(1 + ranks * falling > sums, axis=-1)
    threshold = (pick(sums, support - 1) - 1) / support.astype(v.dtype)
    s = np.maximum(v - threshold[..., np.newaxis], 0)
    # Let u = z − z_t and τ now be that of u: u_c = s_c + τ wherever s_c > 0. Where s_t > 0 it is
    # τ = −s_t, and with r = Σ s_c over c ≠ t, s_t = 1 − r, the formula becomes (r² + Σ s_c²)/2;
    # where s_t = 0, r is 1 and τ ≥ 0 is to be added. No term is negative: nothing cancels.
    index, known = class_index(y_true, y_pred.shape[-1])
    beyond = np.maximum(threshold - pick(v, index), 0)
    np.put_along_axis(s, index[..., np.newaxis], 0, axis=-1)
    rest = s.sum(axis=-1)
    value = beyond + (rest * rest + (s * s).sum(axis=-1)) / 2
    return np.where(known, value, np.nan)
