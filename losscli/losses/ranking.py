"""Losses of the order of scores: of several labels, or of a list of items."""

import numpy as np

from losscli.losses.class_domains import INDICATORS, RELEVANCES
from losscli.losses.domain import CLASS_SCORES
from losscli.losses.numerics import Array, log_softmax, nan_where, weigh
from losscli.losses.spec import family

ranking = family("ranking", kind="sample", y_true=INDICATORS, y_pred=CLASS_SCORES)

ALL_BUT_ZERO = {"y_true.zero_or_one": "all but 0 count as 1"}


@ranking(y_true=RELEVANCES)
def ranking_softmax(y_true: Array, y_pred: Array) -> Array:
    """Softmax (listwise) ranking loss: scores of the items of a list against their relevance.

    Formula:
        −Σ t · ln softmax(z)
    Shape: (…, items), the same for both; the last axis is summed.
    Edge cases: relevances are not normalised; a list without any relevance costs nothing.
    """
    return 0 - weigh(y_true, log_softmax(y_pred)).sum(axis=-1)


@ranking(zero_at_perfect=True, remarks=ALL_BUT_ZERO)
def label_ranking(y_true: Array, y_pred: Array) -> Array:
    """Label ranking loss: the part of pairs of labels that are in the wrong order.

    Formula:
        #{ (i, j): t_i = 1, t_j = 0, z_j ≥ z_i } / ( #{ t = 1 } · #{ t = 0 } )
    Shape: (…, labels), the same for both; the last axis is consumed.
    Edge cases: a tie counts as wrong; a row with all labels, or with none, costs nothing.
    """
    irrelevant = y_true == 0
    # By rising score, of equal ones the relevant first: those behind a label score no less.
    order = np.lexsort((irrelevant, y_pred), axis=-1)
    irrelevant = np.take_along_axis(irrelevant, order, axis=-1)
    so_far = irrelevant.cumsum(axis=-1)
    total = so_far[..., -1]
    wrong = np.where(irrelevant, 0, total[..., np.newaxis] - so_far).sum(axis=-1)
    pairs = total * (y_true.shape[-1] - total)
    value = wrong.astype(y_pred.dtype) / np.maximum(pairs, 1).astype(y_pred.dtype)
    return nan_where(value, y_true, y_pred)


@ranking(remarks=ALL_BUT_ZERO)
def coverage_error(y_true: Array, y_pred: Array) -> Array:
    """Coverage error: how many of the best scores it takes to have all labels that apply.

    Formula:
        #{ j: z_j ≥ min z_i },   t_i = 1
    Shape: (…, labels), the same for both; the last axis is consumed.
    Edge cases: the best value is the number of labels that apply, not 0; ties count as better; a
        row without labels costs nothing.
    """
    lowest = np.where(y_true == 0, np.inf, y_pred).min(axis=-1, keepdims=True)
    depth = np.count_nonzero(y_pred >= lowest, axis=-1).astype(y_pred.dtype)
    return nan_where(depth, y_true, y_pred)
