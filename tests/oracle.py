"""The losses again, straight from their formulas, in 50 digits: what losscli is measured against.

Inputs and clip bounds are the floats that losscli sees (ε and 1 − ε as floats of the working
precision); from there on nothing is rounded that shows.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from mpmath import mp, mpf

mp.dps = 50

Number = Any  # an mpf; mpmath has no types
Element = Callable[..., Number]
Sample = Callable[..., Number]

EPSILON = 1e-7


def exact(x: float | np.floating[Any]) -> Number:
    """The number that a float of any precision stands for."""
    return mpf(float(x))


def bounds(dtype: type[np.floating[Any]] = np.float64) -> tuple[Number, Number]:
    """ε and 1 − ε, each rounded to a float of this precision."""
    low = dtype(EPSILON)
    return exact(low), exact(dtype(1) - low)


def clip(x: Number, low: Number, high: Number) -> Number:
    return min(max(x, low), high)


def log_cosh(x: Number) -> Number:
    """ln cosh x = ln(1 + 2·sinh²(x/2)): with log1p it keeps its digits near 0."""
    return mp.log1p(2 * mp.sinh(x / 2) ** 2)


def softplus(x: Number) -> Number:
    """ln(1 + e^x)."""
    return mp.log1p(mp.exp(x))


def huber(t: Number, p: Number, *, delta: float = 1.0) -> Number:
    error, d = abs(p - t), exact(delta)
    return error**2 / 2 if error <= d else d * (error - d / 2)


def binary_crossentropy(t: Number, p: Number, *, from_logits: bool = False) -> Number:
    if from_logits:
        return t * softplus(-p) + (1 - t) * softplus(p)
    q = clip(p, *bounds())
    return -(t * mp.log(q) + (1 - t) * mp.log(1 - q))


def contrastive(t: Number, p: Number, *, margin: float = 1.0) -> Number:
    return t * p**2 + (1 - t) * max(exact(margin) - p, 0) ** 2


def msle(t: Number, p: Number) -> Number:
    low, _ = bounds()
    return mp.log((1 + max(p, low)) / (1 + max(t, low))) ** 2


ELEMENT: dict[str, Element] = {
    "mse": lambda t, p: (p - t) ** 2,
    "mae": lambda t, p: abs(p - t),
    "mbe": lambda t, p: p - t,
    "mape": lambda t, p: abs(p - t) / max(abs(t), bounds()[0]),
    "msle": msle,
    "logcosh": lambda t, p: log_cosh(p - t),
    "huber": huber,
    "poisson": lambda t, p: p - t * mp.log(p + bounds()[0]),
    "binary_crossentropy": binary_crossentropy,
    "hinge": lambda t, p: max(0, 1 - t * p),
    "squared_hinge": lambda t, p: max(0, 1 - t * p) ** 2,
    "contrastive": contrastive,
}

Vector = Sequence[Number]


def rmse(t: Vector, p: Vector) -> Number:
    return mp.sqrt(mp.fsum((b - a) ** 2 for a, b in zip(t, p, strict=True)) / len(t))


def minus_log_softmax(z: Vector, index: int) -> Number:
    """−ln softmax(z)_t = ln(1 + Σ e^(z_j − z_t)) over the others."""
    return mp.log1p(mp.fsum(mp.exp(x - z[index]) for j, x in enumerate(z) if j != index))


def categorical_crossentropy(t: Vector, p: Vector, *, from_logits: bool = False) -> Number:
    if from_logits:
        return mp.fsum(a * minus_log_softmax(p, i) for i, a in enumerate(t))
    total = mp.fsum(p)
    return -mp.fsum(a * mp.log(clip(b / total, *bounds())) for a, b in zip(t, p, strict=True))


def sparse_categorical_crossentropy(t: Vector, p: Vector, *, from_logits: bool = False) -> Number:
    index = int(t[0])
    if from_logits:
        return minus_log_softmax(p, index)
    clipped = [clip(b, *bounds()) for b in p]
    return mp.log1p(mp.fsum(q for j, q in enumerate(clipped) if j != index) / clipped[index])


def categorical_hinge(t: Vector, p: Vector) -> Number:
    right = mp.fsum(a * b for a, b in zip(t, p, strict=True))
    wrong = max((1 - a) * b for a, b in zip(t, p, strict=True))
    return max(0, 1 + wrong - right)


def kld(t: Vector, p: Vector) -> Number:
    low, _ = bounds()
    pairs = [(clip(a, low, 1), clip(b, low, 1)) for a, b in zip(t, p, strict=True)]
    return mp.fsum(s * mp.log(s / q) for s, q in pairs)


def cosine_proximity(t: Vector, p: Vector) -> Number:
    def length(x: Vector) -> Number:
        return mp.sqrt(max(mp.fsum(a**2 for a in x), exact(1e-12)))

    return -mp.fsum(a * b for a, b in zip(t, p, strict=True)) / (length(t) * length(p))


SAMPLE: dict[str, Sample] = {
    "rmse": rmse,
    "categorical_crossentropy": categorical_crossentropy,
    "sparse_categorical_crossentropy": sparse_categorical_crossentropy,
    "categorical_hinge": categorical_hinge,
    "kld": kld,
    "cosine_proximity": cosine_proximity,
}


def ulps(computed: float | np.floating[Any], truth: Number, scale: Number | None = None) -> float:
    """How far `computed` is from `truth`, in units in the last place of `scale` (of the truth)."""
    if computed == truth:
        return 0.0
    if not np.isfinite(computed):
        return float("inf")
    unit = np.spacing(type(computed)(abs(truth if scale is None else scale)))
    return float(abs(exact(computed) - truth) / exact(unit))


def row_value(name: str, t: np.ndarray, p: np.ndarray, **params: Any) -> Number:
    """What a loss makes of the last axis of two arrays: of elements the mean (mape: times 100)."""
    a, b = [exact(x) for x in t], [exact(x) for x in p]
    if name in SAMPLE:
        return SAMPLE[name](a, b, **params)
    values = [ELEMENT[name](x, y, **params) for x, y in zip(a, b, strict=True)]
    return mp.fsum(values) / len(values) * (100 if name == "mape" else 1)
