"""The careful pieces of arithmetic that several losses share.

`ulp` below is a unit in the last place of the result, in the working precision of the arguments.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def clip_probability(p: Array, epsilon: float) -> Array:
    """p clipped to [ε, 1 − ε], both bounds being floats of p's own precision, as in Keras.

    In float32 with ε = 1e-7 the upper bound is 0.99999988 and not 1 − 1e-7: this is why a certain
    wrong answer costs 15.942385 on one side and 16.118095 on the other in the frameworks.
    """
    low = p.dtype.type(epsilon)
    return np.clip(p, low, p.dtype.type(1) - low)


def log_ratio(a: Array, b: Array) -> Array:
    """ln(a / b) for positive a and b, without loss where they are close.

    With hi = max(a, b) and lo = min(a, b), ln(hi / lo) = log1p((hi − lo) / lo). For x ≥ 0 the
    condition number of log1p is x / ((1 + x)·log1p(x)) ≤ 1, so the roundings of the argument (one
    in the difference, one in the quotient) never grow: about 2 ulp. ln(a) − ln(b) would lose every
    digit where a ≈ b.
    """
    high, low = np.maximum(a, b), np.minimum(a, b)
    magnitude = np.log1p((high - low) / low)
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


def xlog1py(x: Array, y: Array) -> Array:
    """x · ln(1 + y), and 0 where x is 0 and y is −1."""
    return np.where((x == 0) & (y == -1), 0, x * np.log1p(y))


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
