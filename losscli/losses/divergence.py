"""Divergences of distributions."""

import numpy as np

from losscli.losses.declaration import flag
from losscli.losses.domain import (
    DISTRIBUTIONS,
    LOG_DISTRIBUTIONS,
    LOG_NON_NEGATIVES,
    NON_NEGATIVES,
    POSITIVES,
)
from losscli.losses.numerics import Array, exp_excess, log_ratio, nan_where, xlogy
from losscli.losses.parameters import NonNegative
from losscli.losses.spec import family

divergence = family("divergence", kind="element", last_axis="sum", zero_at_perfect=True)


@divergence(
    aliases=(
        "kullback_leibler_divergence",
        "kl_divergence",
    ),
    y_true=DISTRIBUTIONS,
    y_pred=DISTRIBUTIONS,
    remarks={
        "y_true.rows_sum_to_one": "computed as they are, not normalised",
        "y_pred.rows_sum_to_one": "computed as they are, not normalised",
    },
    cases=(
        flag("log_target", y_true=LOG_DISTRIBUTIONS),
        flag("log_input", y_pred=LOG_DISTRIBUTIONS),
    ),
)
def kld(
    y_true: Array,
    y_pred: Array,
    *,
    epsilon: NonNegative = 1e-7,
    log_input: bool = False,
    log_target: bool = False,
) -> Array:
    """Kullback-Leibler divergence.

    Formula:
        Σ s · ln(s / q),   s = clip(t, ε, 1),   q = clip(p, ε, 1)
        epsilon=0:    s = t,   q = p,   and 0 · ln 0 = 0
        log_input:    ln q is clipped in place of q
        log_target:   ln s is clipped in place of s
    Parameters:
        epsilon: both arrays are clipped to [ε, 1]; 0 leaves them as they are
        log_input: y_pred holds the logarithms of probabilities
        log_target: y_true holds the logarithms of probabilities
    Shape: (…, classes), the same for both; the last axis is summed.
    Edge cases: t = 0 counts as ε and so adds ε·ln(ε / p), about −1.6e-6 for p = 1: a value may be
        slightly negative.
    """
    if not log_input and not log_target:
        if epsilon:
            floor = y_true.dtype.type(epsilon)
            y_true, y_pred = np.clip(y_true, floor, 1), np.clip(y_pred, floor, 1)
        costs = np.where(y_true == 0, 0, y_true * log_ratio(y_true, y_pred))
        return nan_where(costs, y_pred)
    log_q = _logarithms(y_pred, log_input, epsilon)
    if log_target:
        log_s = _logarithms(y_true, True, epsilon)
        return np.exp(log_s) * (log_s - log_q)
    s = np.clip(y_true, y_true.dtype.type(epsilon), 1) if epsilon else y_true
    return xlogy(s, s) - s * log_q


def _logarithms(x: Array, are_given: bool, epsilon: float) -> Array:
    """The logarithms of probabilities, which may be given, clipped to [ln ε, 0]."""
    logarithms = x if are_given else np.log(x)
    if not epsilon:
        return logarithms
    return np.clip(logarithms, np.log(x.dtype.type(epsilon)), 0)


@divergence(
    aliases=("generalized_kl_divergence",),
    y_true=NON_NEGATIVES,
    y_pred=POSITIVES,
    cases=(flag("log_input", y_pred=LOG_NON_NEGATIVES),),
)
def generalized_kld(y_true: Array, y_pred: Array, *, log_input: bool = False) -> Array:
    """Kullback-Leibler divergence of what need not sum to 1: masses rather than probabilities.

    Formula:
        Σ t · ln(t / p) − t + p
    Parameters:
        log_input: y_pred holds logarithms
    Shape: (…, classes), the same for both; the last axis is summed.
    Edge cases: 0 · ln 0 = 0, so t = 0 adds p; never negative. Where rows of both sum to 1 it is the
        Kullback-Leibler divergence.
    References:
        I. Csiszár (1975), I-Divergence Geometry of Probability Distributions
    """
    # With L = ln(t / p), p = t·e^(−L), so it is t·(e^(−L) − 1 + L): no cancellation near L = 0.
    p = np.exp(y_pred) if log_input else y_pred
    ratio = np.log(y_true) - y_pred if log_input else log_ratio(y_true, y_pred)
    near, far = y_true * exp_excess(-ratio), y_true * ratio - (y_true - p)
    # A logarithm of −∞ against t = 0 is NaN, as 0·∞ is in the frameworks.
    nothing = p - y_true * y_pred if log_input else p
    return np.where(y_true == 0, nothing, np.where(np.abs(ratio) <= 1, near, far))
