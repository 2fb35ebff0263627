"""The losses of labels, scores and ranks again, in 50 digits: see tests/oracle.py.

Each takes a row of y_true (a single label where that is what the loss takes) and a row of y_pred,
as exact numbers, and gives the row's value, or for a loss of elements that of a single element.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from mpmath import mp

from tests.oracle import (
    Number,
    Vector,
    binary_crossentropy,
    clip,
    exact,
    minus_log_softmax,
    softplus,
)

MACHINE = float(np.finfo(np.float64).eps)


def limits(epsilon: float | str) -> tuple[Number, Number]:
    low = np.float64(MACHINE if epsilon == "machine" else epsilon)
    return exact(low), exact(1 - low)


def minus_log(x: Number) -> Number:
    return mp.inf if x == 0 else -mp.log(x)


def costs(p: Number, clipping: str, epsilon: float | str) -> tuple[Number, Number]:
    """−ln q and −ln(1 − q); clipped twice, of sums that are floats."""
    if clipping == "log":
        return min(minus_log(p), 100), min(minus_log(1 - p), 100)
    q = clip(p, *limits(epsilon))
    if clipping == "twice":
        near, e = np.float64(q), np.float64(epsilon)
        return -mp.log(exact(near + e)), -mp.log(exact(1 - near + e))
    return -mp.log(q), -mp.log(1 - q)


def smoothed(t: Number, s: float, classes: int) -> Number:
    return t * exact(1 - s) + exact(s) / classes


def bce(
    t: Number,
    p: Number,
    *,
    clip: str = "probability",
    epsilon: float | str = 1e-7,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    pos_weight: Sequence[float] = (1.0,),
    class_weight: Sequence[float] = (1.0,),
) -> Number:
    t = smoothed(t, label_smoothing, 2) if label_smoothing else t
    positive, negative = (softplus(-p), softplus(p)) if from_logits else costs(p, clip, epsilon)
    return exact(class_weight[0]) * (t * exact(pos_weight[0]) * positive + (1 - t) * negative)


def focal(
    t: Number,
    p: Number,
    *,
    gamma: float = 2.0,
    from_logits: bool = False,
    clip_logits: bool = False,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
) -> Number:
    right = 1 / (1 + mp.exp(-p)) if from_logits else p
    wrong = 1 / (1 + mp.exp(p)) if from_logits else 1 - p
    if from_logits and not clip_logits:
        value = binary_crossentropy(t, p, from_logits=True)
    else:
        low, high = limits(1e-7)
        # 1 − sigmoid beyond the upper bound has no digits of its own.
        q = low if right < low else high if wrong < 1 - high else right
        other = 1 - q if q in (low, high) else wrong
        value = -(t * mp.log(q) + (1 - t) * mp.log(other))
    value *= (t * wrong + (1 - t) * right) ** exact(gamma)
    if apply_class_balancing:
        value *= t * exact(alpha) + (1 - t) * (1 - exact(alpha))
    return value


def sparsemax(t: Number, z: Number) -> Number:
    u = -z if t else z
    return 0 if u <= -1 else u if u >= 1 else (u + 1) ** 2 / 4


def minus_logs(
    p: Vector, *, from_logits: bool, log_input: bool, normalise: str, epsilon: float | str
) -> list[Number]:
    """−ln of the probability of each class."""
    if log_input:
        return [-x for x in p]
    if from_logits:
        return [minus_log_softmax(p, j) for j in range(len(p))]
    total = mp.fsum(p) if normalise == "first" else 1
    q = [clip(x / total, *limits(epsilon)) for x in p]
    total = mp.fsum(q) if normalise == "last" else 1
    return [-mp.log(x / total) for x in q]


def crossentropy(
    t: Vector,
    p: Vector,
    *,
    from_logits: bool = False,
    log_input: bool = False,
    normalise: str = "first",
    epsilon: float | str = 1e-7,
    label_smoothing: float = 0.0,
    class_weight: Sequence[float] | None = None,
) -> Number:
    """Of one-hot rows; a class index is the row of that class."""
    k = len(p)
    logs = minus_logs(
        p, from_logits=from_logits, log_input=log_input, normalise=normalise, epsilon=epsilon
    )
    labels = [smoothed(a, label_smoothing, k) if label_smoothing else a for a in t]
    weights = [exact(w) for w in class_weight or (1.0,) * k]
    return mp.fsum(a * w * x for a, w, x in zip(labels, weights, logs, strict=True))


def hot(label: Number, classes: int) -> list[Number]:
    return [mp.mpf(j == int(label)) for j in range(classes)]


def sparse_crossentropy(t: Number, p: Vector, **params: Any) -> Number:
    params = {"normalise": "last", **params}
    return crossentropy(hot(t, len(p)), p, **params)


def categorical_focal(
    t: Vector, p: Vector, *, gamma: float = 2.0, alpha: float = 0.25, from_logits: bool = False
) -> Number:
    low, high = limits(1e-7)
    shares = [mp.exp(x - max(p)) for x in p] if from_logits else p
    q = [clip(x / mp.fsum(shares), low, high) for x in shares]
    return mp.fsum(
        exact(alpha) * a * (1 - x) ** exact(gamma) * -mp.log(x) for a, x in zip(t, q, strict=True)
    )


def gce(t: Number, p: Vector, *, q: float = 0.5) -> Number:
    return (1 - p[int(t)] ** exact(q)) / exact(q)


def poly(t: Vector, z: Vector, *, poly_epsilon: float = 2.0) -> Number:
    logs = [minus_log_softmax(z, j) for j in range(len(z))]
    return mp.fsum(
        a * (x + exact(poly_epsilon) * -mp.expm1(-x)) for a, x in zip(t, logs, strict=True)
    )


def multiclass_brier(t: Number, p: Vector) -> Number:
    return mp.fsum((x - (j == int(t))) ** 2 for j, x in enumerate(p))


def categorical_brier(t: Vector, p: Vector) -> Number:
    return mp.fsum((y - x) ** 2 for x, y in zip(t, p, strict=True))


def others(t: Number, z: Vector) -> list[Number]:
    return [x for j, x in enumerate(z) if j != int(t)]


def multiclass_hinge(t: Number, z: Vector) -> Number:
    return max(0, 1 + max(others(t, z)) - z[int(t)])


def multi_margin(t: Number, z: Vector, *, p: int = 1, margin: float = 1.0) -> Number:
    right, m = z[int(t)], exact(margin)
    return mp.fsum(max(0, m + x - right) ** p for x in others(t, z)) / len(z)


def listed(t: Vector) -> list[int]:
    end = next((i for i, x in enumerate(t) if x < 0), len(t))
    return [int(x) for x in t[:end]]


def multilabel_margin(t: Vector, z: Vector) -> Number:
    labels = listed(t)
    wrong = [x for i, x in enumerate(z) if i not in labels]
    return mp.fsum(max(0, 1 - z[j] + x) for j in labels for x in wrong) / len(z)


def simplex(z: Vector) -> list[Number]:
    """The point of the probability simplex nearest to z."""
    falling = sorted(z, reverse=True)
    sums = [mp.fsum(falling[: j + 1]) for j in range(len(z))]
    support = max(j for j, x in enumerate(falling) if 1 + (j + 1) * x > sums[j])
    threshold = (sums[support] - 1) / (support + 1)
    return [max(x - threshold, 0) for x in z]


def multiclass_sparsemax(t: Number, z: Vector) -> Number:
    s, right = simplex(z), z[int(t)]
    inner = mp.fsum(a * (x - right) for a, x in zip(s, z, strict=True))
    return inner + (1 - mp.fsum(a * a for a in s)) / 2


def ranking_softmax(t: Vector, z: Vector) -> Number:
    return mp.fsum(a * minus_log_softmax(z, i) for i, a in enumerate(t))


def label_ranking(t: Vector, z: Vector) -> Number:
    relevant = [x for a, x in zip(t, z, strict=True) if a]
    rest = [x for a, x in zip(t, z, strict=True) if not a]
    pairs = [y >= x for x in relevant for y in rest]
    return mp.mpf(sum(pairs)) / len(pairs) if pairs else 0


def coverage_error(t: Vector, z: Vector) -> Number:
    relevant = [x for a, x in zip(t, z, strict=True) if a]
    return sum(x >= min(relevant) for x in z) if relevant else 0
