"""Losses of probabilities or logits against labels 0 and 1."""

from typing import Annotated, Literal

import numpy as np

from losscli.losses.class_domains import HARD_LABELS
from losscli.losses.declaration import flag
from losscli.losses.domain import BINARY_LABELS, LOGITS, PROBABILITIES, Interval
from losscli.losses.numerics import (
    Array,
    clip_probability,
    nan_where,
    probability_bounds,
    sigmoid,
    smooth,
    softplus,
    weigh,
)
from losscli.losses.parameters import (
    CLASSES,
    ClassWeights,
    Fraction,
    MachineEpsilon,
    NonNegative,
)
from losscli.losses.spec import family

binary = family("classification", kind="element", y_true=BINARY_LABELS, y_pred=PROBABILITIES)

Clip = Literal["probability", "twice", "log"]


@binary(aliases=("bce",), shared=(CLASSES,), cases=(flag("from_logits", y_pred=LOGITS),))
def binary_crossentropy(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    epsilon: MachineEpsilon = 1e-7,
    clip: Clip = "probability",
    label_smoothing: Fraction = 0.0,
    pos_weight: ClassWeights = None,
    class_weight: ClassWeights = None,
) -> Array:
    """Binary cross-entropy.

    Formula:
        −w · ( v · t · ln q + (1 − t) · ln(1 − q) ),   q = clip(p, ε, 1 − ε)
        from_logits:   w · ( v · t · ln(1 + e^(−z)) + (1 − t) · ln(1 + e^z) )
    Parameters:
        from_logits: y_pred holds logits, the sigmoid of which is the probability
        epsilon: probabilities are clipped to [ε, 1 − ε]; machine is the precision's own, 2.2e-16 or
            1.2e-7
        clip: what is clipped: probability; twice, where ε is added to q and to 1 − q as well; or
            log, where logarithms count as at least −100 and ε is not used
        label_smoothing: part s of the label that goes to even odds: t(1 − s) + s/2
        pos_weight: weights v of the positive term, one for each column
        class_weight: weights w, one for each column; a mean divides by the number of values
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: a certain and wrong answer costs 16.118 (−ln 1e-7), in float32 15.942 where p = 1;
        15.425 or 15.333 where it is clipped twice, 100 by its logarithm. Logits are not clipped.
    """
    t = smooth(y_true, label_smoothing, 2)
    positive, negative = _costs(y_pred, from_logits, epsilon, clip)
    if pos_weight is not None:
        positive = positive * np.asarray(pos_weight, dtype=t.dtype)
    # Both terms are at least 0 for t in [0, 1], so nothing cancels.
    value = weigh(t, positive) + weigh(1 - t, negative)
    return value if class_weight is None else value * np.asarray(class_weight, dtype=t.dtype)


LOWEST_LOG = 100.0


def _costs(p: Array, from_logits: bool, epsilon: float | str, clip: Clip) -> tuple[Array, Array]:
    """−ln q and −ln(1 − q): what an answer costs where the label is 1, and where it is 0."""
    if from_logits:
        return softplus(-p), softplus(p)
    if clip == "log":
        return np.minimum(0 - np.log(p), LOWEST_LOG), np.minimum(0 - np.log1p(-p), LOWEST_LOG)
    q = clip_probability(p, epsilon)
    if clip == "twice":
        # The sums are rounded on purpose: at q = 1 − ε the value is that rounding.
        low, _ = probability_bounds(p.dtype, epsilon)
        return 0 - np.log(q + low), 0 - np.log(1 - q + low)
    return 0 - np.log(q), 0 - np.log1p(-q)


@binary(cases=(flag("from_logits", y_pred=LOGITS),))
def binary_focal_crossentropy(
    y_true: Array,
    y_pred: Array,
    *,
    gamma: NonNegative = 2.0,
    apply_class_balancing: bool = False,
    alpha: Annotated[float | None, Interval(0, 1)] = 0.25,
    from_logits: bool = False,
    clip_logits: bool = False,
    epsilon: MachineEpsilon = 1e-7,
    clip: Clip = "probability",
    label_smoothing: Fraction = 0.0,
) -> Array:
    """Binary focal cross-entropy: easy answers count less.

    Formula:
        a · (1 − r)^γ · BCE(t, p),   r = t · p + (1 − t)(1 − p),   a = 1
        apply_class_balancing:   a = t · α + (1 − t)(1 − α)
    Parameters:
        gamma: how much less easy answers count; 0 leaves the cross-entropy
        apply_class_balancing: weigh the two labels by α and 1 − α
        alpha: weight of label 1; none is the same as no balancing
        from_logits: y_pred holds logits, the sigmoid of which is the probability
        clip_logits: clip the sigmoid of logits to [ε, 1 − ε] in the cross-entropy, as Keras 3 does
        epsilon: probabilities are clipped to [ε, 1 − ε] in the cross-entropy, but not in r
        clip: what is clipped, as in binary_crossentropy
        label_smoothing: part s of the label that goes to even odds: t(1 − s) + s/2
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: a certain and right answer to a label 0 or 1 costs exactly 0.
    """
    t = smooth(y_true, label_smoothing, 2)
    p, q = (sigmoid(y_pred), sigmoid(-y_pred)) if from_logits else (y_pred, 1 - y_pred)
    z = y_pred
    if from_logits and clip_logits:
        # Clipping the logit to ln(q / (1 − q)) of both bounds is clipping its sigmoid to them.
        low, high = (np.float64(bound) for bound in probability_bounds(z.dtype, epsilon))
        with np.errstate(divide="ignore"):
            least, most = np.log(low) - np.log1p(-low), np.log(high) - np.log(1 - high)
        z = np.clip(z, z.dtype.type(least), z.dtype.type(most))
    positive, negative = _costs(z, from_logits, epsilon, clip)
    # 1 − r without its cancellation; below 0 only for what is no probability.
    missing = t * q + (1 - t) * p
    value = missing**gamma * (weigh(t, positive) + weigh(1 - t, negative))
    if apply_class_balancing and alpha is not None:
        value = value * (t * alpha + (1 - t) * (1 - alpha))
    return value


@binary(symmetric=True, zero_at_perfect=True, shared=(CLASSES,))
def brier(y_true: Array, y_pred: Array, *, scale_by_half: bool = True) -> Array:
    """Brier score of the probability of label 1.

    Formula:
        (p − t)²
        scale_by_half=false:   2 · (p − t)², both labels' errors
    Parameters:
        scale_by_half: count half of the two labels' squared errors, which are the same
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: of two or more classes, multiclass_brier adds all their squared errors.
    """
    difference = y_pred - y_true
    square = difference * difference
    return square if scale_by_half else 2 * square


@binary(
    aliases=("binary_sparsemax",),
    y_true=HARD_LABELS,
    y_pred=LOGITS,
    remarks={"y_true.zero_or_one": "all but 0 count as 1"},
)
def sparsemax(y_true: Array, y_pred: Array) -> Array:
    """Binary sparsemax loss.

    Formula:
        0 where u ≤ −1,   u where u ≥ 1,   (u + 1)² / 4 between;   u = −z where t = 1, z where t = 0
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: exactly 0 from a score of 1 on the right side on; linear on the wrong side.
    """
    u = np.where(y_true != 0, -y_pred, y_pred)
    near = np.clip(u, -1, 1) + 1
    return nan_where(near * near / 4 + np.maximum(u - 1, 0), y_true)
