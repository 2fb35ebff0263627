"""Losses of numbers against numbers."""

from typing import Literal

import numpy as np

from losscli.losses.domain import NON_ZEROS
from losscli.losses.numerics import Array, log_cosh
from losscli.losses.parameters import MULTIOUTPUT, Fraction, NonNegative, Positive
from losscli.losses.spec import family

regression = family("regression", kind="element", shared=(MULTIOUTPUT,))

Outputs = Literal["pooled", "separate"]


@regression(aliases=("mean_squared_error",), symmetric=True, zero_at_perfect=True)
def mse(y_true: Array, y_pred: Array) -> Array:
    """Mean squared error.

    Formula:
        (p − t)²
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: overflows to inf where |p − t| exceeds 1.3e154 (1.8e19 in float32).
    """
    difference = y_pred - y_true
    return difference * difference


@regression(symmetric=True, zero_at_perfect=True)
def half_squared_error(y_true: Array, y_pred: Array) -> Array:
    """Half of the squared error, the derivative of which is the error itself.

    Formula:
        ½ (p − t)²
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: overflows to inf where |p − t| exceeds 1.3e154 (1.8e19 in float32).
    """
    difference = y_pred - y_true
    return difference * difference / 2


def root_of_mean(totals: Array) -> Array:
    """The root of the mean of squares, for each output: (…, sums of squares, their number)."""
    return np.sqrt(totals[..., :-1] / totals[..., -1:])


def sums_by_output(squares: Array, outputs: Outputs) -> Array:
    """Each sample's sum of squares (n, …, k), of all of them or of each column, and their number.

    The last column counts what each of the sums before it is of.
    """
    n, columns = len(squares), squares.shape[-1] if outputs == "separate" else 1
    by_output = squares.reshape(n, -1, columns)
    count = np.full((n, 1), by_output.shape[1], dtype=squares.dtype)
    return np.concatenate([by_output.sum(axis=1), count], axis=1)


@regression(
    aliases=("root_mean_squared_error",),
    kind="pooled",
    finalise=root_of_mean,
    per_output=True,
    symmetric=True,
    zero_at_perfect=True,
)
def rmse(y_true: Array, y_pred: Array, *, outputs: Outputs = "pooled") -> Array:
    """Root mean squared error: the root of the mean over everything.

    Formula:
        √( mean (p − t)² )
        outputs=separate:   mean over the columns j of √( mean (pⱼ − tⱼ)² )
    Parameters:
        outputs: one root of the mean over all columns, or a root for each column, then averaged
    Shape: any, the same for both; a sample's value is the root of its own mean.
    Edge cases: over several samples it is not the mean of the samples' values, but at least that.
    References:
        Keras 3.15 metrics.RootMeanSquaredError
    """
    difference = y_pred - y_true
    return sums_by_output(difference * difference, outputs)


@regression(aliases=("mean_absolute_error",), symmetric=True, zero_at_perfect=True)
def mae(y_true: Array, y_pred: Array) -> Array:
    """Mean absolute error.

    Formula:
        |p − t|
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: none.
    """
    return np.abs(y_pred - y_true)


@regression(kind="order", order="median", symmetric=True, zero_at_perfect=True)
def median_absolute_error(y_true: Array, y_pred: Array) -> Array:
    """Median absolute error: what half of the errors do not exceed.

    Formula:
        median over samples of |p − t|, for each column; then the mean over the columns
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: of an even number of samples it is the mean of the middle two; with sample weights
        it is the weighted median.
    """
    return np.abs(y_pred - y_true)


@regression(kind="order", order="max", symmetric=True, zero_at_perfect=True)
def max_error(y_true: Array, y_pred: Array) -> Array:
    """Largest absolute error.

    Formula:
        maximum over samples of |p − t|, for each column; then the mean over the columns
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: one sample decides; scikit-learn refuses more than one column.
    """
    return np.abs(y_pred - y_true)


@regression(
    aliases=("mean_absolute_percentage_error",),
    y_true=NON_ZEROS,
    zero_at_perfect=True,
    # Keras multiplies after the mean, which the last digit of a float32 shows.
    scale="scale",
    remarks={"y_true.non_zero": "where y_true is 0 the error is divided by epsilon instead"},
)
def mape(
    y_true: Array, y_pred: Array, *, epsilon: Positive = 1e-7, scale: Positive = 100.0
) -> Array:
    """Mean absolute percentage error.

    Formula:
        scale · |p − t| / max(|t|, ε)
    Parameters:
        epsilon: least size of the denominator
        scale: 100 gives percentages, 1 fractions
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: where t is 0 the error is divided by ε: an error of 1 counts 1e9.
    """
    return np.abs(y_pred - y_true) / np.maximum(np.abs(y_true), y_true.dtype.type(epsilon))


@regression(aliases=("log_cosh",), symmetric=True, zero_at_perfect=True)
def logcosh(y_true: Array, y_pred: Array) -> Array:
    """Logarithm of the hyperbolic cosine of the error.

    Formula:
        ln cosh(p − t)
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: about (p − t)²/2 near 0 and |p − t| − ln 2 far from it; never overflows (Keras 2.1.0
        did, above a difference of 88 in float32).
    """
    return log_cosh(y_pred - y_true)


@regression(aliases=("huber_loss",), symmetric=True, zero_at_perfect=True)
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
    """
    error = np.abs(y_pred - y_true)
    # min(e, δ)·(e − ½ min(e, δ)) is both branches in one, and squares nothing that is large.
    quadratic = np.minimum(error, error.dtype.type(delta))
    return quadratic * (error - quadratic / 2)


@regression(aliases=("smooth_l1_loss",), symmetric=True, zero_at_perfect=True)
def smooth_l1(y_true: Array, y_pred: Array, *, beta: NonNegative = 1.0) -> Array:
    """Smooth L1 loss: the absolute error, rounded off near 0. It is the Huber loss divided by β.

    Formula:
        (p − t)² / (2β)   where |p − t| < β
        |p − t| − ½ β     elsewhere
    Parameters:
        beta: error at which the loss turns from quadratic to linear; 0 leaves the absolute error
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: large errors do not overflow.
    References:
        R. Girshick (2015), Fast R-CNN
    """
    error = np.abs(y_pred - y_true)
    if beta == 0:
        return error
    # As in huber, with min(e, β)/β, which is exactly 1 in the linear branch.
    bound = error.dtype.type(beta)
    quadratic = np.minimum(error, bound)
    return quadratic / bound * (error - quadratic / 2)


@regression(aliases=("pinball_loss", "quantile_loss"), zero_at_perfect=True)
def pinball(y_true: Array, y_pred: Array, *, alpha: Fraction = 0.5) -> Array:
    """Pinball loss of a predicted quantile.

    Formula:
        α · max(t − p, 0) + (1 − α) · max(p − t, 0)
    Parameters:
        alpha: the quantile that is predicted; 0.5 is the median and gives half the absolute error
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: 0 where p = t, whatever the quantile.
    References:
        R. Koenker, G. Bassett (1978), Regression Quantiles
    """
    difference = y_true - y_pred
    return np.where(difference >= 0, alpha * difference, (alpha - 1) * difference)


@regression(aliases=("mean_bias_error",), best="nearest 0", zero_at_perfect=True)
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
