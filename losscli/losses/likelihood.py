"""Negative log-likelihoods of numbers, and the deviances of exponential families."""

from math import log, pi

import numpy as np

from losscli.losses.declaration import Case, flag
from losscli.losses.domain import LOG_RATES, NON_NEGATIVES, POSITIVES, REAL, VARIANCES, Interval
from losscli.losses.numerics import Array, exp_excess, log_ratio, xlogy
from losscli.losses.parameters import NonNegative, Positive
from losscli.losses.spec import family

likelihood = family("likelihood", kind="element")


@likelihood(y_true=NON_NEGATIVES, y_pred=NON_NEGATIVES)
def poisson(y_true: Array, y_pred: Array, *, epsilon: NonNegative = 1e-7) -> Array:
    """Poisson loss: negative log-likelihood of counts, without its constant.

    Formula:
        p − t · ln(p + ε)
    Parameters:
        epsilon: added to the rate inside the logarithm
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: may be negative; p = 0 costs 16.1·t. A negative rate p, which would give NaN, is
        refused.
    """
    return y_pred - xlogy(y_true, y_pred + y_pred.dtype.type(epsilon))


@likelihood(
    aliases=("poisson_nll_loss",),
    y_true=NON_NEGATIVES,
    y_pred=NON_NEGATIVES,
    cases=(flag("log_input", y_pred=LOG_RATES),),
)
def poisson_nll(
    y_true: Array,
    y_pred: Array,
    *,
    log_input: bool = True,
    full: bool = False,
    epsilon: NonNegative = 1e-8,
) -> Array:
    """Poisson negative log-likelihood of counts, by default of the logarithms of rates.

    Formula:
        log_input:         e^z − t · z
        log_input=false:   p − t · ln(p + ε)
        full, t > 1:       + t · ln t − t + ½ ln(2πt)
    Parameters:
        log_input: y_pred holds logarithms of rates
        full: Stirling's approximation of ln t! is added where t exceeds 1
        epsilon: added to the rate inside the logarithm; not to the logarithm of one
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: may be negative; e^z overflows above z = 709 (88 in float32).
    """
    if log_input:
        value = np.exp(y_pred) - y_true * y_pred
    else:
        value = y_pred - xlogy(y_true, y_pred + y_pred.dtype.type(epsilon))
    if full:
        many = np.maximum(y_true, 1)
        stirling = many * np.log(many) - many + np.log(2 * pi * many) / 2
        value = np.where(y_true > 1, value + stirling, value)
    return value


@likelihood(aliases=("gaussian_nll_loss",), inputs={"var": VARIANCES}, symmetric=True)
def gaussian_nll(
    y_true: Array,
    y_pred: Array,
    var: Array,
    *,
    full: bool = False,
    epsilon: Positive = 1e-6,
) -> Array:
    """Gaussian negative log-likelihood of predicted means and variances.

    Formula:
        ½ ( ln v + (p − t)² / v ),   v = max(var, ε)
        full:   + ½ ln 2π
    Parameters:
        full: the constant is added
        epsilon: least variance
    Shape: any, the same for both; var too, or a value for each row. A sample's value is the mean
        over its elements.
    Edge cases: negative where the variance is small and the error smaller.
    References:
        D. A. Nix, A. S. Weigend (1994), Estimating the mean and variance of the target
    """
    by_row = var if var.ndim == y_pred.ndim else var[..., np.newaxis]
    v = np.maximum(by_row, var.dtype.type(epsilon))
    difference = y_pred - y_true
    value = (np.log(v) + difference * difference / v) / 2
    return value + y_pred.dtype.type(log(2 * pi) / 2) if full else value


def _poisson(t: Array, p: Array) -> Array:
    """t·ln(t/p) − t + p. With L = ln(t/p), p = t·e^(−L): it is t·(e^(−L) − 1 + L)."""
    ratio = log_ratio(t, p)
    near, far = t * exp_excess(-ratio), t * ratio - (t - p)
    return np.where(t == 0, p, np.where(np.abs(ratio) <= 1, near, far))


def _gamma(t: Array, p: Array) -> Array:
    """t/p − 1 − ln(t/p), which is e^L − 1 − L with L = ln(t/p)."""
    ratio = log_ratio(t, p)
    return np.where(np.abs(ratio) <= 1, exp_excess(ratio), (t - p) / p - ratio)


def _tweedie(t: Array, p: Array, power: float) -> Array:
    """t^b/(ab) − t·p^a/a + p^b/b with a = 1 − power, b = 2 − power, neither of them 0.

    With L = ln(t/p), t = p·e^L, and since b − a = 1, it is p^b/a·( (e^(bL) − 1)/b − (e^L − 1) ).
    The terms in L cancel, so e^x − 1 − x may stand for e^x − 1 in both, and what is left is of the
    order of L². Far from L = 0 nothing is gained by it, and powers lose less.
    """
    a, b = 1 - power, 2 - power
    ratio = log_ratio(t, p)
    near = p**b / a * (exp_excess(b * ratio) / b - exp_excess(ratio))
    counted = np.maximum(t, 0) if power < 0 else t
    far = counted**b / (a * b) - t * p**a / a + p**b / b
    return np.where(np.abs(ratio) <= 1, near, far)


@likelihood(
    aliases=("mean_poisson_deviance",), y_true=NON_NEGATIVES, y_pred=POSITIVES, zero_at_perfect=True
)
def poisson_deviance(y_true: Array, y_pred: Array) -> Array:
    """Deviance of counts from their predicted rates.

    Formula:
        2 ( t · ln(t / p) − t + p )
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: t = 0 costs 2p, since 0 · ln 0 = 0; rates must be positive.
    """
    return 2 * _poisson(y_true, y_pred)


@likelihood(
    aliases=("mean_gamma_deviance",), y_true=POSITIVES, y_pred=POSITIVES, zero_at_perfect=True
)
def gamma_deviance(y_true: Array, y_pred: Array) -> Array:
    """Deviance of positive numbers from predicted means: it depends on their ratio alone.

    Formula:
        2 ( ln(p / t) + t / p − 1 )
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: numbers of both arrays must be positive.
    """
    return 2 * _gamma(y_true, y_pred)


# What t and p must be for a Tweedie distribution of a power to exist.
TWEEDIE = (
    Case(
        "power",
        Interval(0, 1, low_open=True, high_open=True),
        refused=(
            "no Tweedie distribution has power {value}",
            "it may be 0 or less, or 1 or more",
        ),
    ),
    Case("power", Interval(high=0), y_true=REAL),
    Case("power", 0.0, y_pred=REAL),
    Case("power", Interval(2), y_true=POSITIVES),
)


@likelihood(
    aliases=("mean_tweedie_deviance",),
    y_true=NON_NEGATIVES,
    y_pred=POSITIVES,
    zero_at_perfect=True,
    cases=TWEEDIE,
)
def tweedie_deviance(y_true: Array, y_pred: Array, *, power: float = 1.5) -> Array:
    """Deviance of a Tweedie distribution, the variance of which is a power of its mean.

    Formula:
        2 ( t^(2−P) / ((1−P)(2−P)) − t · p^(1−P) / (1−P) + p^(2−P) / (2−P) )
        P = 0:   (p − t)²
        P = 1:   2 ( t · ln(t / p) − t + p )
        P = 2:   2 ( ln(p / t) + t / p − 1 )
    Parameters:
        power: P; 0 is normal, 1 Poisson, 1 to 2 compound Poisson, 2 gamma, 3 inverse normal
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: between 0 and 1 there is no such distribution. For P = 0 any numbers will do; else
        p must be positive, t too from P = 2 on and not negative from P = 1 on. For P < 0 a negative
        t counts as 0 in the first term.
    References:
        B. Jørgensen (1987), Exponential Dispersion Models
    """
    if power == 0:
        difference = y_pred - y_true
        return difference * difference
    if power == 1:
        return 2 * _poisson(y_true, y_pred)
    if power == 2:
        return 2 * _gamma(y_true, y_pred)
    return 2 * _tweedie(y_true, y_pred, power)
