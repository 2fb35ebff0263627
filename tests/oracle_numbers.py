"""Formulas of regression, likelihoods, divergences, vectors and masks, in 50 digits."""

from collections.abc import Callable, Sequence
from typing import Any

from mpmath import mp, mpf

from tests.oracle import Number, clip, exact

Vector = Sequence[Number]


def pinball(t: Number, p: Number, *, alpha: float = 0.5) -> Number:
    a = exact(alpha)
    return a * max(t - p, 0) + (1 - a) * max(p - t, 0)


def smooth_l1(t: Number, p: Number, *, beta: float = 1.0) -> Number:
    error, b = abs(p - t), exact(beta)
    return error**2 / (2 * b) if error < b else error - b / 2


def log_ratio_of_sums(t: Number, p: Number, *, epsilon: float | None = 1e-7) -> Number:
    if epsilon is not None:
        t, p = max(t, exact(epsilon)), max(p, exact(epsilon))
    return mp.log((1 + p) / (1 + t)) ** 2


def stirling(t: Number) -> Number:
    return t * mp.log(t) - t + mp.log(2 * mp.pi * t) / 2 if t > 1 else mpf(0)


def poisson_nll(
    t: Number, p: Number, *, log_input: bool = True, full: bool = False, epsilon: float = 1e-8
) -> Number:
    value = mp.exp(p) - t * p if log_input else p - t * mp.log(p + exact(epsilon))
    return value + (stirling(t) if full else 0)


def gaussian_nll(
    t: Number, p: Number, var: Number, *, full: bool = False, epsilon: float = 1e-6
) -> Number:
    v = max(var, exact(epsilon))
    return (mp.log(v) + (p - t) ** 2 / v + (mp.log(2 * mp.pi) if full else 0)) / 2


def xlogx(t: Number) -> Number:
    return t * mp.log(t) if t else mpf(0)


def poisson_deviance(t: Number, p: Number) -> Number:
    return 2 * (xlogx(t) - t * mp.log(p) - t + p)


def gamma_deviance(t: Number, p: Number) -> Number:
    return 2 * (mp.log(p / t) + t / p - 1)


def tweedie_deviance(t: Number, p: Number, *, power: float = 1.5) -> Number:
    if power == 0:
        return (p - t) ** 2
    if power in (1, 2):
        return poisson_deviance(t, p) if power == 1 else gamma_deviance(t, p)
    a, b = 1 - exact(power), 2 - exact(power)
    counted = max(t, 0) if power < 0 else t
    return 2 * (counted**b / (a * b) - t * p**a / a + p**b / b)


def kld(
    t: Number,
    p: Number,
    *,
    epsilon: float = 1e-7,
    log_input: bool = False,
    log_target: bool = False,
) -> Number:
    """One term of the sum."""
    s, q = (mp.exp(x) if is_log else x for x, is_log in ((t, log_target), (p, log_input)))
    if epsilon:
        s, q = clip(s, exact(epsilon), 1), clip(q, exact(epsilon), 1)
    return s * mp.log(s / q) if s else mpf(0)


def generalized_kld(t: Number, p: Number, *, log_input: bool = False) -> Number:
    return poisson_deviance(t, mp.exp(p) if log_input else p) / 2


def hinge_embedding(t: Number, p: Number, *, margin: float = 1.0) -> Number:
    return p if t == 1 else max(exact(margin) - p, 0)


def margin_ranking(t: Number, p: Number, input2: Number, *, margin: float = 0.0) -> Number:
    return max(exact(margin) - t * (p - input2), 0)


ELEMENT: dict[str, Callable[..., Number]] = {
    "half_squared_error": lambda t, p: (p - t) ** 2 / 2,
    "median_absolute_error": lambda t, p: abs(p - t),
    "max_error": lambda t, p: abs(p - t),
    "smooth_l1": smooth_l1,
    "pinball": pinball,
    "msle": log_ratio_of_sums,
    "poisson_nll": poisson_nll,
    "gaussian_nll": gaussian_nll,
    "poisson_deviance": poisson_deviance,
    "gamma_deviance": gamma_deviance,
    "tweedie_deviance": tweedie_deviance,
    "kld": kld,
    "generalized_kld": generalized_kld,
    "hinge_embedding": hinge_embedding,
    "margin_ranking": margin_ranking,
}


def dot(a: Vector, b: Vector) -> Number:
    return mp.fsum(x * y for x, y in zip(a, b, strict=True))


def cosine(t: Vector, p: Vector, epsilon: float) -> Number:
    lengths = [mp.sqrt(max(dot(x, x), exact(epsilon))) for x in (t, p)]
    return dot(t, p) / lengths[0] / lengths[1]


def cosine_proximity(
    t: Vector, p: Vector, *, epsilon: float = 1e-12, negate: bool = True
) -> Number:
    return cosine(t, p, epsilon) * (-1 if negate else 1)


def cosine_distance(t: Vector, p: Vector, *, epsilon: float = 1e-12) -> Number:
    return 1 - cosine(t, p, epsilon)


def cosine_embedding(
    t: Vector, p: Vector, input2: Vector, *, margin: float = 0.0, epsilon: float = 1e-12
) -> Number:
    e = exact(epsilon)
    c = dot(p, input2) / mp.sqrt((dot(p, p) + e) * (dot(input2, input2) + e))
    return 1 - c if t[0] == 1 else max(c - exact(margin), 0)


def distance(a: Vector, b: Vector, p: float, epsilon: float, epsilon_in: str) -> Number:
    e, q = exact(epsilon), exact(p)
    pairs = list(zip(a, b, strict=True))
    if epsilon_in == "sum":
        return (mp.fsum((x - y) ** q for x, y in pairs) + e) ** (1 / q)
    return mp.fsum(abs(x - y + e) ** q for x, y in pairs) ** (1 / q)


def triplet_margin(
    t: Vector,
    a: Vector,
    negative: Vector,
    *,
    margin: float = 1.0,
    p: float = 2.0,
    swap: bool = False,
    epsilon: float = 1e-6,
    epsilon_in: str = "differences",
) -> Number:
    far = distance(a, negative, p, epsilon, epsilon_in)
    if swap:
        far = min(far, distance(t, negative, p, epsilon, epsilon_in))
    return max(distance(a, t, p, epsilon, epsilon_in) - far + exact(margin), 0)


def rmsle(t: Vector, p: Vector, *, epsilon: float | None = None, outputs: str = "pooled") -> Number:
    squares = [log_ratio_of_sums(a, b, epsilon=epsilon) for a, b in zip(t, p, strict=True)]
    if outputs == "separate":
        return mp.fsum(map(mp.sqrt, squares)) / len(squares)
    return mp.sqrt(mp.fsum(squares) / len(squares))


def overlap(t: Vector, p: Vector, alpha: Any, beta: Any, smooth: Any, epsilon: Any) -> Number:
    """1 − (I + s)/(I + α·FP + β·FN + s + ε)."""
    common = dot(t, p)
    invented, missed = mp.fsum(p) - common, mp.fsum(t) - common
    whole = common + exact(alpha) * invented + exact(beta) * missed + exact(smooth) + exact(epsilon)
    return 1 - (common + exact(smooth)) / whole


def sigmoid(z: Number) -> Number:
    return 1 / (1 + mp.exp(-z))


def softmax(z: Vector) -> Vector:
    powers = [mp.exp(x - max(z)) for x in z]
    return [x / mp.fsum(powers) for x in powers]


def dice(
    t: Vector,
    p: Vector,
    *,
    from_logits: bool = False,
    epsilon: float = 1e-7,
    smooth: float = 0.0,
) -> Number:
    q = [sigmoid(z) for z in p] if from_logits else p
    return overlap(t, q, 0.5, 0.5, smooth, epsilon / 2)


def tversky(
    t: Vector, p: Vector, *, alpha: float = 0.5, beta: float = 0.5, epsilon: float = 1e-7
) -> Number:
    return overlap(t, p, alpha, beta, 0, epsilon)


def jaccard(t: Vector, p: Vector, *, epsilon: float = 1e-7) -> Number:
    return overlap(t, p, 1, 1, 0, epsilon)


def dice_of_classes(
    t: Sequence[Vector], p: Sequence[Vector], from_logits: bool, **parts: float
) -> list[Number]:
    """The values of the classes of rows (pixels, classes)."""
    q = [softmax(z) for z in p] if from_logits else p
    columns = zip(zip(*t, strict=True), zip(*q, strict=True), strict=True)
    return [overlap(a, b, epsilon=0, **parts) for a, b in columns]


def multiclass_dice(
    t: Sequence[Vector],
    p: Sequence[Vector],
    *,
    from_logits: bool = False,
    alpha: float = 0.5,
    beta: float = 0.5,
    smooth: float = 1.0,
    class_weight: Sequence[float] | None = None,
    ignore_background: bool = False,
    sum_classes: bool = False,
) -> Number:
    values = dice_of_classes(t, p, from_logits, alpha=alpha, beta=beta, smooth=smooth)
    weights = class_weight or [1.0] * len(values)
    values = [exact(w) * value for w, value in zip(weights, values, strict=True)]
    kept = values[1:] if ignore_background else values
    return mp.fsum(kept) / (1 if sum_classes else len(kept))


def generalized_dice(
    t: Sequence[Vector],
    p: Sequence[Vector],
    *,
    from_logits: bool = False,
    smooth: float = 1.0,
    epsilon: float = 1e-7,
    ignore_background: bool = False,
) -> Number:
    """Of a single sample."""
    values = dice_of_classes(t, p, from_logits, alpha=0.5, beta=0.5, smooth=smooth)
    weights = [1 / (mp.fsum(column) ** 2 + exact(epsilon)) for column in zip(*t, strict=True)]
    share = [len(weights) * w / mp.fsum(weights) for w in weights]
    terms = [w * value for w, value in zip(share, values, strict=True)]
    kept = terms[1:] if ignore_background else terms
    return mp.fsum(kept) / len(kept)


ROW: dict[str, Callable[..., Number]] = {
    "rmsle": rmsle,
    "cosine_proximity": cosine_proximity,
    "cosine_distance": cosine_distance,
    "cosine_embedding": cosine_embedding,
    "triplet_margin": triplet_margin,
    "dice": dice,
    "tversky": tversky,
    "jaccard": jaccard,
    "multiclass_dice": multiclass_dice,
    "generalized_dice": generalized_dice,
}
