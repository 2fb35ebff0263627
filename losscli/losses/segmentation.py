"""Overlaps of masks: losses of all the pixels together.

Each has the same parts, of a mask t and a prediction p: the overlap I = Σ t·p, what is missed
FN = Σ t·(1 − p), and what is invented FP = Σ (1 − t)·p. Sums of t and of p are I + FN and I + FP.
Written as 1 − I/(I + …), a nearly perfect overlap would lose its digits; as (… − I)/… it does not.
"""

import numpy as np

from losscli.losses.declaration import flag
from losscli.losses.domain import (
    BINARY_LABELS,
    LOGITS,
    MASK_PROBABILITIES,
    PROBABILITIES,
)
from losscli.losses.numerics import Array, log_softmax
from losscli.losses.parameters import MULTIOUTPUT, PER_SAMPLE, ClassWeights, NonNegative, Positive
from losscli.losses.spec import family

segmentation = family(
    "segmentation", kind="pooled", y_true=BINARY_LABELS, y_pred=PROBABILITIES, shared=(PER_SAMPLE,)
)

ROWS = {"y_pred.rows_sum_to_one": "computed as they are (optax refuses them)"}


def _shares(y_pred: Array, from_logits: bool, several: bool) -> tuple[Array, Array]:
    """p and 1 − p of probabilities or logits; `several` columns of logits are classes."""
    if not from_logits:
        return y_pred, 1 - y_pred
    if several and y_pred.shape[-1] > 1:
        logarithms = log_softmax(y_pred)
        return np.exp(logarithms), -np.expm1(logarithms)
    return 1 / (1 + np.exp(-y_pred)), 1 / (1 + np.exp(y_pred))


def _parts(
    y_true: Array, y_pred: Array, from_logits: bool = False, by_class: bool = False
) -> Array:
    """I, FN and FP of each sample: (n, 3), or (n, 3, classes), the classes being the columns."""
    p, rest = _shares(y_pred, from_logits, by_class)
    pixels = np.stack([y_true * p, y_true * rest, (1 - y_true) * p], axis=1)
    n, columns = len(y_true), y_true.shape[-1]
    return pixels.reshape(n, 3, -1, columns).sum(axis=2) if by_class else _summed(pixels)


def _summed(pixels: Array) -> Array:
    return pixels.reshape(*pixels.shape[:2], -1).sum(axis=2)


def _dice(totals: Array, *, epsilon: float, smooth: float) -> Array:
    overlap, missed, invented = np.moveaxis(totals, -1, 0)
    wrong = missed + invented + epsilon
    return wrong / (2 * (overlap + smooth) + wrong)


@segmentation(finalise=_dice, cases=(flag("from_logits", y_pred=LOGITS),))
def dice(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    epsilon: NonNegative = 1e-7,
    smooth: NonNegative = 0.0,
) -> Array:
    """Dice loss: how little of two masks overlaps, of all pixels together.

    Formula:
        1 − 2 (I + s) / (Σt + Σp + 2s + ε),   I = Σ t · p
        from_logits:   p = 1 / (1 + e^(−z))
    Parameters:
        from_logits: y_pred holds logits, the sigmoid of which is the probability
        epsilon: added to the denominator
        smooth: s, added to both sides of the fraction
    Shape: any, the same for both; everything is summed, so the loss of a batch is no mean.
    Edge cases: two empty masks cost 1, with epsilon=0 and a positive smooth 0.
    References:
        F. Milletari et al. (2016), V-Net
    """
    return _parts(y_true, y_pred, from_logits)


def _tversky(totals: Array, *, alpha: float, beta: float, epsilon: float) -> Array:
    overlap, missed, invented = np.moveaxis(totals, -1, 0)
    wrong = alpha * invented + beta * missed + epsilon
    return wrong / (overlap + wrong)


@segmentation(finalise=_tversky)
def tversky(
    y_true: Array,
    y_pred: Array,
    *,
    alpha: NonNegative = 0.5,
    beta: NonNegative = 0.5,
    epsilon: NonNegative = 1e-7,
) -> Array:
    """Tversky loss: a Dice loss that weighs what is invented and what is missed differently.

    Formula:
        1 − I / (I + α · FP + β · FN + ε),   I = Σ t · p,   FP = Σ (1 − t) · p,   FN = Σ t · (1 − p)
    Parameters:
        alpha: weight of false positives
        beta: weight of false negatives
        epsilon: added to the denominator
    Shape: any, the same for both; everything is summed, so the loss of a batch is no mean.
    Edge cases: two empty masks cost 1. In Keras 3.15 alpha weighs false negatives, beta false
        positives.
    References:
        S. S. M. Salehi et al. (2017), Tversky loss function for image segmentation
    """
    return _parts(y_true, y_pred)


def _jaccard(totals: Array, *, epsilon: float) -> Array:
    return _tversky(totals, alpha=1, beta=1, epsilon=epsilon)


@segmentation(aliases=("iou",), finalise=_jaccard)
def jaccard(y_true: Array, y_pred: Array, *, epsilon: NonNegative = 1e-7) -> Array:
    """Jaccard loss: 1 minus intersection over union, of all pixels together.

    Formula:
        1 − I / (Σt + Σp − I + ε),   I = Σ t · p
    Parameters:
        epsilon: added to the denominator
    Shape: any, the same for both; everything is summed, so the loss of a batch is no mean.
    Edge cases: two empty masks cost 1. It is the Tversky loss with alpha and beta 1.
    References:
        M. A. Rahman, Y. Wang (2016), Optimizing Intersection-Over-Union in Deep Neural Networks
    """
    return _parts(y_true, y_pred)


def _smoothed(parts: Array, alpha: float, beta: float, smooth: float) -> Array:
    """1 − (I + s)/(I + α·FP + β·FN + s) of parts (…, 3, classes): (…, classes)."""
    overlap, missed, invented = np.moveaxis(parts, -2, 0)
    wrong = alpha * invented + beta * missed
    return wrong / (overlap + smooth + wrong)


def _multiclass_dice(
    totals: Array,
    *,
    alpha: float,
    beta: float,
    smooth: float,
    class_weight: tuple[float, ...] | None,
    ignore_background: bool,
    sum_classes: bool,
) -> Array:
    parts = totals.reshape(*totals.shape[:-1], 3, -1)
    values = _smoothed(parts, alpha, beta, smooth)
    if class_weight is not None:
        values = values * np.array(class_weight, dtype=values.dtype)
    values = _foreground(values, ignore_background)
    return values.sum(axis=-1, keepdims=True) if sum_classes else values


def _foreground(values: Array, ignore_background: bool) -> Array:
    """The values of all classes, or of all but the first if there are several."""
    return values[..., 1:] if ignore_background and values.shape[-1] > 1 else values


@segmentation(
    y_pred=MASK_PROBABILITIES,
    shared=(PER_SAMPLE, MULTIOUTPUT),
    finalise=_multiclass_dice,
    per_output=True,
    remarks=ROWS,
    cases=(flag("from_logits", y_pred=LOGITS),),
)
def multiclass_dice(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    alpha: NonNegative = 0.5,
    beta: NonNegative = 0.5,
    smooth: NonNegative = 1.0,
    class_weight: ClassWeights = None,
    ignore_background: bool = False,
    sum_classes: bool = False,
) -> Array:
    """Dice loss of each class, then their mean.

    Formula:
        mean over classes of w · ( 1 − (I + s) / (I + α · FP + β · FN + s) )
        I = Σ t · p,   FP = Σ (1 − t) · p,   FN = Σ t · (1 − p)
        from_logits:   p = softmax(z)
    Parameters:
        from_logits: y_pred holds logits; of a single column the sigmoid is taken
        alpha: weight of false positives
        beta: weight of false negatives
        smooth: s, added to both sides of the fraction
        class_weight: w, a weight for each class; the mean is divided by their number all the same
        ignore_background: the first class is left out
        sum_classes: the classes' values are added rather than averaged
    Shape: (…, classes), the same for both, y_true one-hot; all but the last axis are summed.
    Edge cases: a class that is in neither mask costs 0; with smooth=0 it would be NaN.
    References:
        F. Milletari et al. (2016), V-Net
    """
    return _parts(y_true, y_pred, from_logits, by_class=True).reshape(len(y_true), -1)


def _generalized_dice(totals: Array, *, epsilon: float, ignore_background: bool) -> Array:
    sizes, values = np.moveaxis(totals[..., :-1].reshape(*totals.shape[:-1], 2, -1), -2, 0)
    weights = 1 / (sizes * sizes + epsilon)
    weights = weights / weights.sum(axis=-1, keepdims=True) * weights.shape[-1]
    return _foreground(weights * (values / totals[..., -1:]), ignore_background).mean(axis=-1)


@segmentation(
    y_pred=MASK_PROBABILITIES,
    shared=(),
    finalise=_generalized_dice,
    remarks=ROWS,
    cases=(flag("from_logits", y_pred=LOGITS),),
)
def generalized_dice(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: bool = False,
    smooth: NonNegative = 1.0,
    epsilon: Positive = 1e-7,
    ignore_background: bool = False,
) -> Array:
    """Dice loss of each class, weighted by the inverse square of how often it occurs.

    Formula:
        mean over classes of w · mean over samples of ( 1 − 2 (I + s) / (Σt + Σp + 2s) )
        w = classes · v / Σ v,   v = 1 / ( (Σ t over all samples)² + ε )
        from_logits:   p = softmax(z)
    Parameters:
        from_logits: y_pred holds logits; of a single column the sigmoid is taken
        smooth: s, added to both sides of the fraction
        epsilon: added to the square of a class's size
        ignore_background: the first class is left out of the mean, but not of the weights
    Shape: (…, classes), the same for both, y_true one-hot; all but the first and last axes are
        summed in I, Σt and Σp.
    Edge cases: a class that does not occur has the weight 1/ε, beside which others hardly count.
    References:
        C. H. Sudre et al. (2017), Generalised Dice overlap as a deep learning loss function
    """
    parts = _parts(y_true, y_pred, from_logits, by_class=True)
    values = _smoothed(parts, 0.5, 0.5, smooth)
    sizes = y_true.reshape(len(y_true), -1, y_true.shape[-1]).sum(axis=1)
    return np.concatenate([sizes, values, np.ones_like(values[:, :1])], axis=1)
