"""Losses of a probability or a logit per class."""

from typing import Annotated, Literal

import numpy as np

from losscli.losses.class_domains import CLASS_LOG_PROBABILITIES
from losscli.losses.declaration import flag
from losscli.losses.domain import (
    CLASS_INDICES,
    CLASS_LOGITS,
    CLASS_PROBABILITIES,
    ONE_HOT,
    Interval,
)
from losscli.losses.numerics import (
    Array,
    class_index,
    clip_probability,
    keep_labels,
    log_softmax,
    pick,
    probability_bounds,
    smooth,
    weigh,
)
from losscli.losses.parameters import (
    CLASSES,
    ClassWeights,
    Epsilon,
    Fraction,
    MachineEpsilon,
    NonNegative,
)
from losscli.losses.spec import family

one_hot = family("classification", kind="sample", y_true=ONE_HOT, y_pred=CLASS_PROBABILITIES)
indexed = family(
    "classification",
    kind="sample",
    y_true=CLASS_INDICES,
    y_pred=CLASS_PROBABILITIES,
    shared=(CLASSES,),
)

Normalise = Literal["first", "last", "never"]

AS_THEY_ARE = {"y_true.rows_sum_to_one": "computed as they are"}
NORMALISED = {
    **AS_THEY_ARE,
    "y_pred.rows_sum_to_one": "each is divided by its sum, as Keras does",
}
NORMALISED_OR_NOT = {
    **NORMALISED,
    "y_pred.rows_sum_to_one:normalise=last": "clipped, then each is divided by its sum",
    "y_pred.rows_sum_to_one:normalise=never": "computed as they are, not divided by their sums",
}


def _log_probabilities(
    p: Array, from_logits: bool, epsilon: float | str, normalise: Normalise
) -> Array:
    """The logarithms of the probabilities that y_pred stands for, (…, classes)."""
    if from_logits:
        return log_softmax(p)
    if normalise == "first":
        p = p / p.sum(axis=-1, keepdims=True)
    logs = np.log(clip_probability(p, epsilon))
    return log_softmax(logs) if normalise == "last" else logs


@one_hot(
    aliases=("cce",), remarks=NORMALISED_OR_NOT, cases=(flag("from_logits", y_pred=CLASS_LOGITS),)
)
def categorical_crossentropy(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    epsilon: MachineEpsilon = 1e-7,
    normalise: Normalise = "first",
    label_smoothing: Fraction = 0.0,
    class_weight: ClassWeights = None,
) -> Array:
    """Categorical cross-entropy of one-hot labels.

    Formula:
        −Σ w · t · ln q,   q = clip(p / Σp, ε, 1 − ε)
        from_logits:   −Σ w · t · ln softmax(z)
    Parameters:
        from_logits: y_pred holds logits, the softmax of which are the probabilities
        epsilon: probabilities are clipped to [ε, 1 − ε]; machine is the precision's own, 2.2e-16 or
            1.2e-7
        normalise: whether a row is divided by its sum first, last (after it is clipped) or never
        label_smoothing: part s of the labels that goes to all classes: t(1 − s) + s/classes
        class_weight: weights w of the classes; a mean divides by the number of samples
    Shape: (…, classes), the same for both; the last axis is summed.
    Edge cases: rows of y_pred are divided by their sum first; a row of zeros gives NaN. A label 0
        costs nothing, even at a logit of −∞.
    """
    logs = _log_probabilities(y_pred, from_logits, epsilon, normalise)
    terms = weigh(smooth(y_true, label_smoothing, y_true.shape[-1]), logs)
    if class_weight is not None:
        terms = terms * np.asarray(class_weight, dtype=terms.dtype)
    return 0 - terms.sum(axis=-1)


def _weights_of_labels(
    y_true: Array, y_pred: Array, *, class_weight: ClassWeights, ignore_class: int | None
) -> Array | None:
    """The weight of each label's class, 0 of ignored labels; None where each is 1."""
    if class_weight is None and ignore_class is None:
        return None
    index, _ = class_index(y_true, y_pred.shape[-1])
    weights = np.asarray(class_weight or (1,) * y_pred.shape[-1], dtype=y_pred.dtype)[index]
    return weights if ignore_class is None else np.where(y_true == ignore_class, 0, weights)


@indexed(
    aliases=("scce",),
    divisor=_weights_of_labels,
    ignore="ignore_class",
    remarks={
        "y_pred.rows_sum_to_one": "clipped, then each is divided by its sum, as Keras does",
        "y_pred.rows_sum_to_one:normalise=first": "each is divided by its sum, as Keras 3 does",
        "y_pred.rows_sum_to_one:normalise=never": "computed as they are, not divided by their sums",
    },
    cases=(
        flag("log_input", y_pred=CLASS_LOG_PROBABILITIES),
        flag("from_logits", y_pred=CLASS_LOGITS),
    ),
)
def sparse_categorical_crossentropy(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    epsilon: MachineEpsilon = 1e-7,
    normalise: Normalise = "last",
    log_input: bool = False,
    label_smoothing: Fraction = 0.0,
    class_weight: ClassWeights = None,
    ignore_class: int | None = None,
) -> Array:
    """Categorical cross-entropy of class indices.

    Formula:
        −w_t · ln( q_t / Σq ),   q = clip(p, ε, 1 − ε)
        from_logits:   −w_t · ln softmax(z)_t
        log_input:   −w_t · z_t
        label_smoothing:   (1 − s) · the above − s/classes · Σ w · ln q
    Parameters:
        from_logits: y_pred holds logits, the softmax of which are the probabilities
        epsilon: probabilities are clipped to [ε, 1 − ε]; machine is the precision's own, 2.2e-16 or
            1.2e-7
        normalise: whether a row is divided by its sum first, last (after it is clipped) or never
        log_input: y_pred holds logarithms of probabilities, which are taken as they are; with
            from_logits, too, the softmax is taken, which leaves them as they are if they sum to 1
        label_smoothing: part s of the label that goes to all classes
        class_weight: weights w of the classes; a mean divides by the sum of those of the labels
        ignore_class: a label that counts for nothing: its value is 0, and a mean leaves it out
    Shape: y_true (n,) or (…), y_pred (n, classes) or (…, classes); the last axis is consumed.
    Edge cases: clips first and normalises then, as Keras on TensorFlow does, and not the other way
        round as categorical_crossentropy: they differ by about 1e-7. A row of zeros counts as
        uniform. A label that is no class costs nothing where it is not refused, as in Keras 3.
    """
    taken = log_input and not from_logits
    logs = y_pred if taken else _log_probabilities(y_pred, from_logits, epsilon, normalise)
    if class_weight is not None:
        logs = logs * np.asarray(class_weight, dtype=logs.dtype)
    index, known = class_index(y_true, y_pred.shape[-1])
    value = 0 - pick(logs, index)
    if label_smoothing:
        even = logs.sum(axis=-1) * (label_smoothing / logs.shape[-1])
        value = value * (1 - label_smoothing) - even
    counted = known if ignore_class is None else known & (y_true != ignore_class)
    return keep_labels(value, y_true, counted)


@one_hot(remarks=NORMALISED, cases=(flag("from_logits", y_pred=CLASS_LOGITS),))
def categorical_focal_crossentropy(
    y_true: Array,
    y_pred: Array,
    *,
    gamma: NonNegative = 2.0,
    alpha: NonNegative = 0.25,
    class_weight: ClassWeights = None,
    from_logits: bool = False,
    epsilon: Epsilon = 1e-7,
    label_smoothing: Fraction = 0.0,
) -> Array:
    """Categorical focal cross-entropy of one-hot labels: easy answers count less.

    Formula:
        −Σ α · w · t · (1 − q)^γ · ln q,   q = clip(p / Σp, ε, 1 − ε)
        from_logits:   q = clip(softmax(z), ε, 1 − ε)
    Parameters:
        gamma: how much less easy answers count; 0 leaves α times the cross-entropy
        alpha: factor of all classes
        class_weight: weights w of the classes; Keras's alpha of one number per class is
            class_weight with alpha=1
        from_logits: y_pred holds logits, the softmax of which are the probabilities
        epsilon: probabilities are clipped to [ε, 1 − ε], those of logits too
        label_smoothing: part s of the labels that goes to all classes: t(1 − s) + s/classes
    Shape: (…, classes), the same for both; the last axis is summed.
    Edge cases: alpha multiplies always: gamma=0 gives a quarter of the cross-entropy by default.
    """
    low, high = probability_bounds(y_pred.dtype, epsilon)
    if from_logits:
        # Clipped as logarithms, a nearly certain answer keeps the digits of 1 − q.
        logs = np.clip(log_softmax(y_pred), np.log(low), np.log(high))
        missing = 0 - np.expm1(logs)
    else:
        q = np.clip(y_pred / y_pred.sum(axis=-1, keepdims=True), low, high)
        logs, missing = np.log(q), 1 - q
    terms = weigh(smooth(y_true, label_smoothing, y_true.shape[-1]), logs) * missing**gamma * alpha
    if class_weight is not None:
        terms = terms * np.asarray(class_weight, dtype=terms.dtype)
    return 0 - terms.sum(axis=-1)


@indexed(
    aliases=("gce",), remarks={"y_pred.rows_sum_to_one": "computed as they are, not normalised"}
)
def categorical_generalized_cross_entropy(
    y_true: Array, y_pred: Array, *, q: Annotated[float, Interval(0, 1, low_open=True)] = 0.5
) -> Array:
    """Generalised cross-entropy of class indices, which bears wrong labels.

    Formula:
        (1 − p_t^q) / q
    Parameters:
        q: between 0, the cross-entropy, and 1, the absolute error of the label's probability
    Shape: y_true (n,) or (…), y_pred (n, classes) or (…, classes); the last axis is consumed.
    Edge cases: nothing is clipped: the most a sample costs is 1/q, where p = 0.
    """
    index, known = class_index(y_true, y_pred.shape[-1])
    # 1 − p^q = −(e^(q·ln p) − 1): expm1 keeps the digits where p is nearly 1.
    p = keep_labels(pick(y_pred, index), y_true, known)
    return (0 - np.expm1(q * np.log(p))) / q


@one_hot(y_pred=CLASS_LOGITS, remarks=AS_THEY_ARE)
def poly_crossentropy(y_true: Array, y_pred: Array, *, poly_epsilon: float = 2.0) -> Array:
    """Poly-1 cross-entropy of one-hot labels and logits.

    Formula:
        −Σ t · ln q + ε · Σ t · (1 − q),   q = softmax(z)
    Parameters:
        poly_epsilon: factor ε of the first polynomial term; 0 leaves the cross-entropy
    Shape: (…, classes), the same for both; the last axis is summed.
    Edge cases: may be negative for poly_epsilon below −1.
    """
    logs = log_softmax(y_pred)
    # 1 − q = −(e^(ln q) − 1), which keeps the digits where q is nearly 1.
    terms = weigh(y_true, logs) + poly_epsilon * y_true * np.expm1(logs)
    return 0 - terms.sum(axis=-1)


@indexed(remarks={"y_pred.rows_sum_to_one": "computed as they are, not normalised"})
def multiclass_brier(y_true: Array, y_pred: Array, *, scale_by_half: bool = False) -> Array:
    """Brier score of a probability per class.

    Formula:
        (1 − p_t)² + Σ p_c² over the other classes c
    Parameters:
        scale_by_half: halve it, so that it lies in [0, 1]
    Shape: y_true (n,) or (…), y_pred (n, classes) or (…, classes); the last axis is consumed.
    Edge cases: of two classes it is twice brier, unless it is halved.
    """
    index, known = class_index(y_true, y_pred.shape[-1])
    error = y_pred.copy()
    place = index[..., np.newaxis]
    np.put_along_axis(error, place, 1 - np.take_along_axis(error, place, axis=-1), axis=-1)
    value = np.where(known, (error * error).sum(axis=-1), np.nan)
    return value / 2 if scale_by_half else value


@one_hot(
    zero_at_perfect=True,
    symmetric=True,
    remarks={**AS_THEY_ARE, "y_pred.rows_sum_to_one": "computed as they are, not normalised"},
)
def categorical_brier(y_true: Array, y_pred: Array, *, scale_by_half: bool = False) -> Array:
    """Brier score of one-hot labels, or of several labels that apply.

    Formula:
        Σ (p − t)²
    Parameters:
        scale_by_half: halve it, so that of one-hot labels it lies in [0, 1]
    Shape: (…, classes), the same for both; the last axis is summed.
    Edge cases: of one-hot labels it is multiclass_brier, which takes their indices.
    """
    difference = y_pred - y_true
    value = (difference * difference).sum(axis=-1)
    return value / 2 if scale_by_half else value
