"""The careful pieces of arithmetic that several losses share.

`ulp` below is a unit in the last place of the result, in the working precision of the arguments.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def clip_probability(p: Array, epsilon: float | str) -> Array:
    """p clipped to [ε, 1 − ε], both bounds being floats of p's own precision, as in Keras.

    In float32 with ε = 1e-7 the upper bound is 0.99999988 and not 1 − 1e-7: this is why a certain
    wrong answer costs 15.942385 on one side and 16.118095 on the other in the frameworks.
    "machine" is the distance from 1 to the next float of that precision, as in scikit-learn.
    """
    low, high = probability_bounds(p.dtype, epsilon)
    return np.clip(p, low, high)


def probability_bounds(dtype: np.dtype[Any], epsilon: float | str) -> tuple[Any, Any]:
    """ε and 1 − ε as floats of this precision."""
    low = dtype.type(np.finfo(dtype).eps if epsilon == "machine" else epsilon)
    return low, dtype.type(1) - low


def log_ratio(a: Array, b: Array) -> Array:
    """ln(a / b) for positive a and b, without loss where they are close.

    With hi = max(a, b) and lo = min(a, b), ln(hi / lo) = log1p((hi − lo) / lo). For x ≥ 0 the
    condition number of log1p is x / ((1 + x)·log1p(x)) ≤ 1, so the roundings of the argument (one
    in the difference, one in the quotient) never grow: about 2 ulp. ln(a) − ln(b) would lose every
    digit where a ≈ b; it serves where the quotient overflows.
    """
    high, low = np.maximum(a, b), np.minimum(a, b)
    x = (high - low) / low
    magnitude = np.log1p(x)
    is_far = np.isinf(x)
    if is_far.any():
        magnitude = np.where(is_far, np.log(high) - np.log(low), magnitude)
    return np.where(a >= b, magnitude, -magnitude)


def log1p_ratio(a: Array, b: Array) -> Array:
    """ln((1 + a) / (1 + b)) for a, b > −1, without loss where they are close or tiny.

    As `log_ratio`: log1p((hi − lo) / (1 + lo)). Adding 1 before the difference would lose the low
    digits of small a and b.

    What is squared afterwards doubles its relative error, so the roundings of difference and sum
    are put right: with their exact errors e and f (Dekker's fast two-sum, the larger term first),
    x = (d + e)/(s + f) ≈ (d/s)·(1 + e/d − f/s), and d log1p(x) = dx/(1 + x).
    """
    high, low = np.maximum(a, b), np.minimum(a, b)
    d, s = high - low, 1 + low
    e = (high - d) - low
    f = np.minimum(low, 1) - (s - np.maximum(low, 1))
    x = d / s
    magnitude = np.log1p(x) + x / (1 + x) * (e / np.where(d == 0, 1, d) - f / s)
    return np.where(a >= b, magnitude, -magnitude)


def xlogy(x: Array, y: Array) -> Array:
    """x · ln(y), and 0 where x and y are both 0: what cannot happen costs nothing."""
    return np.where((x == 0) & (y == 0), 0, x * np.log(y))


def nan_where(value: Array, *arrays: Array) -> Array:
    """The value, but NaN where an array has one, be it anywhere on a last axis that value lacks.

    For what is made of comparisons: all of these are false of a NaN, which would be lost.
    """
    for x in arrays:
        unknown = np.isnan(x)
        value = np.where(unknown if x.ndim == value.ndim else unknown.any(axis=-1), np.nan, value)
    return value


def log_cosh(x: Array) -> Array:
    """ln(cosh(x)), finite for every finite x and accurate near 0.

    With a = |x|:
    - a ≤ 1: cosh(a) = 1 + 2·sinh²(a/2), so log1p(2·sinh²(a/2)). No cancellation; the textbook form
      a + log1p(e^(−2a)) − ln 2 gives 0 for a = 1e-9, where the value is 5e-19.
    - a > 1: cosh(a) = e^a·(1 + e^(−2a))/2, so a − ln 2 + log1p(e^(−2a)), which cannot overflow.
    """
    a = np.abs(x)
    half_sinh = np.sinh(np.minimum(a, 1) / 2)
    near = np.log1p(2 * half_sinh * half_sinh)
    far = (a - a.dtype.type(np.log(2))) + np.log1p(np.exp(-2 * a))
    return np.where(a <= 1, near, far)


def softplus(x: Array) -> Array:
    """ln(1 + e^x) = max(x, 0) + log1p(e^(−|x|)): no overflow, no cancellation."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def log_softmax(z: Array) -> Array:
    """z − ln Σ e^z over the last axis.

    With m = max z and s = Σ e^(z−m) over all but one place of the maximum, ln Σ e^z = m + log1p(s):
    the term of the maximum is exactly 1 and is left to log1p, so a loss near 0 keeps its digits.
    """
    top = np.argmax(z, axis=-1, keepdims=True)
    shifted = z - np.take_along_axis(z, top, axis=-1)
    terms = np.exp(shifted)
    np.put_along_axis(terms, top, 0, axis=-1)
    return shifted - np.log1p(terms.sum(axis=-1, keepdims=True))


# For deviances and distances


def exp_excess(x: Array) -> Array:
    """e^x − 1 − x, which is about x²/2 near 0 and never negative.

    Where |x| ≤ 1 by its series x²·(1/2! + x/3! + x²/4! + …): expm1(x) − x would lose the digits of
    a small x twice over. Twenty terms leave less than 2/22! = 2e-21 of the first. Beyond, x is at
    most as large as expm1(x) and takes no more than a digit.
    """
    near = np.clip(x, -1, 1)
    series = np.zeros_like(near)
    for k in range(21, 1, -1):
        series = (series * near + 1) / k  # (1 + (1 + …·x/4)·x/3)/2, from the inside
    return np.where(np.abs(x) <= 1, near * near * series, np.expm1(x) - x)


def p_norm(x: Array, p: float) -> Array:
    """(Σ |x|^p)^(1/p) over the last axis, without overflow: scaled by a power of two, exactly."""
    size = np.abs(x)
    exponent = np.frexp(size.max(axis=-1, keepdims=True))[1]
    scaled = np.ldexp(size, -exponent)
    total = (scaled * scaled).sum(axis=-1) if p == 2 else (scaled**p).sum(axis=-1)
    root = np.sqrt(total) if p == 2 else total ** (1 / p)
    return np.ldexp(root, exponent[..., 0])


# What labels weigh, and the probabilities of logits.


def weigh(weight: Array, x: Array) -> Array:
    """weight · x, and 0 where the weight is 0, even of an infinity: what cannot happen is free."""
    return np.where((weight == 0) & np.isinf(x), 0, weight * x)


def smooth(labels: Array, smoothing: float, classes: int) -> Array:
    """The labels moved towards the even distribution: t·(1 − s) + s/k."""
    return labels * (1 - smoothing) + smoothing / classes if smoothing else labels


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^(−x)).

    With e = e^(−|x|) ≤ 1 it is 1/(1 + e) for x ≥ 0 and e/(1 + e) below: nothing overflows, nothing
    cancels, and for very negative x it keeps the digits of e^x. 1 − sigmoid(x) is sigmoid(−x).
    """
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def pick(x: Array, index: Array) -> Array:
    """The value of the last axis of x at each index: (…, k) and (…) make (…)."""
    return np.take_along_axis(x, index[..., np.newaxis], axis=-1)[..., 0]


def class_index(labels: Array, classes: int) -> tuple[Array, Array]:
    """Labels as indices, 0 where they are none; and where they are, as booleans.

    A fraction is cut off, as frameworks do; NaN and numbers of no class are no indices.
    """
    known = (labels > -1) & (labels < classes)
    return np.where(known, labels, 0).astype(np.intp), known


def keep_labels(value: Array, labels: Array, counted: Array) -> Array:
    """The values of labels that count, 0 of the others, and NaN where the label is NaN."""
    return np.where(np.isnan(labels), labels, np.where(counted, value, 0))
