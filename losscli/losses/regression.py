"""Losses of numbers against numbers."""

import numpy as np

from losscli.losses.domain import MOSTLY_NON_NEGATIVE, NON_NEGATIVES, NON_ZEROS, REAL
from losscli.losses.numerics import Array, log1p_ratio, log_cosh, xlogy
from losscli.losses.parameters import NonNegative, Positive
from losscli.losses.spec import loss


@loss(
    aliases=("mean_squared_error",),
    family="regression",
    kind="element",
    y_true=REAL,
    y_pred=REAL,
    symmetric=True,
    zero_at_perfect=True,
)
def mse(y_true: Array, y_pred: Array) -> Array:
    """Mean squared error.

    Formula:
        (p − t)²
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: overflows to inf where |p − t| exceeds 1.3e154 (1.8e19 in float32).
    References:
        Keras 2.1 losses.mean_squared_error
    """
    difference = y_pred - y_true
    return difference * difference


def _root_of_mean(totals: Array) -> Array:
    return np.sqrt(totals[..., 0] / totals[..., 1])


@loss(
    aliases=("root_mean_squared_error",),
    family="regression",
    kind="pooled",
    finalise=_root_of_mean,
    y_true=REAL,
    y_pred=REAL,
    symmetric=True,
    zero_at_perfect=True,
)
def rmse(y_true: Array, y_pred: Array) -> Array:
    """Root mean squared error: the root of the mean over everything.

    Formula:
        √( mean (p − t)² )
    Shape: any, the same for both; a sample's value is the root of its own mean.
    Edge cases: over several samples it is not the mean of the samples' values, but at least that.
    References:
        Keras 3.15 metrics.RootMeanSquaredError
    """
    difference = (y_pred - y_true).reshape(len(y_true), -1)
    squares = (difference * difference).sum(axis=1)
    return np.stack([squares, np.full_like(squares, difference.shape[1])], axis=1)


@loss(
    aliases=("mean_absolute_error",),
    family="regression",
    kind="element",
    y_true=REAL,
    y_pred=REAL,
    symmetric=True,
    zero_at_perfect=True,
)
def mae(y_true: Array, y_pred: Array) -> Array:
    """Mean absolute error.

    Formula:
        |p − t|
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: none.
    References:
        Keras 2.1 losses.mean_absolute_error
    """
    return np.abs(y_pred - y_true)


@loss(
    aliases=("mean_absolute_percentage_error",),
    family="regression",
    kind="element",
    y_true=NON_ZEROS,
    y_pred=REAL,
    zero_at_perfect=True,
    # Keras multiplies after the mean, which the last digit of a float32 shows.
    scale=100.0,
    remarks={"y_true.non_zero": "where y_true is 0 the error is divided by epsilon instead"},
)
def mape(y_true: Array, y_pred: Array, *, epsilon: Positive = 1e-7) -> Array:
    """Mean absolute percentage error.

    Formula:
        100 · |p − t| / max(|t|, ε)
    Parameters:
        epsilon: least size of the denominator
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: where t is 0 the error is divided by ε: an error of 1 counts 1e9.
    References:
        Keras 2.1 losses.mean_absolute_percentage_error
    """
    return np.abs(y_pred - y_true) / np.maximum(np.abs(y_true), y_true.dtype.type(epsilon))


@loss(
    aliases=("mean_squared_logarithmic_error",),
    family="regression",
    kind="element",
    y_true=MOSTLY_NON_NEGATIVE,
    y_pred=MOSTLY_NON_NEGATIVE,
    symmetric=True,
    zero_at_perfect=True,
    remarks={
        "y_true.non_negative": "Keras counts them as epsilon",
        "y_pred.non_negative": "Keras counts them as epsilon",
    },
)
def msle(y_true: Array, y_pred: Array, *, epsilon: Positive = 1e-7) -> Array:
    """Mean squared logarithmic error.

    Formula:
        ( ln(1 + max(p, ε)) − ln(1 + max(t, ε)) )²
    Parameters:
        epsilon: least value of both arrays
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: negative numbers silently count as ε in Keras; here a note says how many there are.
    References:
        Keras 2.1 losses.mean_squared_logarithmic_error
    """
    floor = y_true.dtype.type(epsilon)
    ratio = log1p_ratio(np.maximum(y_pred, floor), np.maximum(y_true, floor))
    return ratio * ratio


@loss(
    aliases=("log_cosh",),
    family="regression",
    kind="element",
    y_true=REAL,
    y_pred=REAL,
    symmetric=True,
    zero_at_perfect=True,
)
def logcosh(y_true: Array, y_pred: Array) -> Array:
    """Logarithm of the hyperbolic cosine of the error.

    Formula:
        ln cosh(p − t)
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: about (p − t)²/2 near 0 and |p − t| − ln 2 far from it; never overflows (Keras 2.1.0
        did, above a difference of 88 in float32).
    References:
        Keras 2.1 losses.logcosh
    """
    return log_cosh(y_pred - y_true)


@loss(
    aliases=("huber_loss",),
    family="regression",
    kind="element",
    y_true=REAL,
    y_pred=REAL,
    symmetric=True,
    zero_at_perfect=True,
)
def huber(y_true: Array, y_pred: Array, *, delta: Positive = 1.0) -> Array:
    """Huber loss: quadratic for small errors, linear for large ones.

    Formula:
        ½ (p − t)²            where |p − t| ≤ δ
        δ · (|p − t| − ½ δ)   elsewhere
    Parameters:
        delta: error at which the loss turns from quadratic to linear
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: large errors do not overflow.
    References:
        P. J. Huber (1964), Robust Estimation of a Location Parameter
        Keras 3.15 losses.huber
    """
    error = np.abs(y_pred - y_true)
    # min(e, δ)·(e − ½ min(e, δ)) is both branches in one, and squares nothing that is large.
    quadratic = np.minimum(error, error.dtype.type(delta))
    return quadratic * (error - quadratic / 2)


@loss(
    family="regression",
    kind="element",
    y_true=NON_NEGATIVES,
    y_pred=NON_NEGATIVES,
)
def poisson(y_true: Array, y_pred: Array, *, epsilon: NonNegative = 1e-7) -> Array:
    """Poisson loss: negative log-likelihood of counts, without its constant.

    Formula:
        p − t · ln(p + ε)
    Parameters:
        epsilon: added to the rate inside the logarithm
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: may be negative; p = 0 costs 16.1·t. A negative rate p, which would give NaN, is
        refused.
    References:
        Keras 2.1 losses.poisson
    """
    return y_pred - xlogy(y_true, y_pred + y_pred.dtype.type(epsilon))


@loss(
    aliases=("mean_bias_error",),
    family="regression",
    kind="element",
    best="nearest 0",
    y_true=REAL,
    y_pred=REAL,
    zero_at_perfect=True,
)
def mbe(y_true: Array, y_pred: Array) -> Array:
    """Mean bias error: how much predictions lie above the truth on average.

    Formula:
        p − t
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: errors of opposite sign cancel, so 0 does not mean that predictions are right.
    References:
        C. J. Willmott (1982), Some Comments on the Evaluation of Model Performance
    """
    return y_pred - y_true
