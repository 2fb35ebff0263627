"""Where losscli's number is another than the framework's by intent: one table of rules.

A rule says when it applies, by what the call and the data are, and why. It is never a list of
cases: other data of the same format comes under the same rules.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from losscli.errors import LosscliError
from losscli.frameworks import bind
from losscli.losses.numerics import Array
from losscli.losses.spec import LossSpec
from tests.golden_values import Value, close, got

LATER = frozenset(
    "ctc CTC ctc_loss circle Circle ntxent make_fenchel_young_loss linear_cross_entropy "
    "triplet_margin_with_distance_loss smooth_labels".split()
)


@dataclass(frozen=True)
class Rule:
    """A class of deliberate differences.

    Those that are not in the golden files were met on other data.
    """

    name: str
    reason: str
    applies: Callable[[Value], bool]
    is_golden: bool = True


def is_not_there(value: Value) -> bool:
    return value.loss in LATER


def spec_of(value: Value) -> LossSpec | None:
    """What losscli knows of a framework's loss, None where it has no such."""
    try:
        return bind.bind(value.loss, dialect=value.dialect).spec
    except LosscliError:
        return None


def shapes_differ(value: Value) -> bool:
    """(n,) against (n, 1): frameworks broadcast, losscli takes both for n samples."""
    t, p = value.data
    return t.shape != p.shape and t.size == p.size


def is_one_vector(value: Value) -> bool:
    """A single axis that the loss consumes."""
    t, p = value.data
    spec = spec_of(value)
    return t.ndim == p.ndim == 1 and (
        value.outcome.result is None
        or spec is None
        or spec.kind == "sample"
        or spec.last_axis == "sum"
    )


def has_another_axis(value: Value) -> bool:
    axis = value.params.get("axis", -1)
    return axis in (0, [0]) or (
        isinstance(axis, int) and axis >= 0 and axis != value.data[1].ndim - 1
    )


def labels_are_out_of_range(value: Value) -> bool:
    return value.outcome.result is None and "class index" in value.outcome.error


def weights_do_not_fit(value: Value) -> bool:
    return value.outcome.result is None and "one weight a sample" in value.outcome.error


def overflows(value: Value) -> bool:
    """The framework's number is not finite, or is cut off, where the true one is."""
    if not has_extremes(value):
        return False
    return any(
        mine is not None and (~np.isfinite(theirs) & np.isfinite(np.asarray(mine))).any()
        for _, theirs, mine in value.parts()
        if mine is None or np.shape(mine) == theirs.shape
    )


def has_extremes(value: Value) -> bool:
    sizes = np.abs(np.concatenate([array.reshape(-1) for array in value.data]))
    return bool((sizes > 50).any() or ((sizes > 0) & (sizes < 1e-15)).any())


def loses_digits(value: Value) -> bool:
    """Ours are the numbers of a higher precision, from which the framework's are a few roundings.

    The roundings are of terms of the size of the data, or of 1.
    """
    if value.outcome.result is None or value.has_raised:
        return False
    truth = in_higher_precision(value)
    if truth is None:
        return False
    size = max(1.0, *(float(np.abs(a[np.isfinite(a)]).max(initial=0)) for a in value.data))
    rounding = 16 * float(np.finfo(value.precision).eps) * size
    for part, theirs, mine in value.parts():
        true = truth[part]
        if true is None or not np.shape(mine) == np.shape(true) == theirs.shape:
            return False
        ours = np.asarray(mine, dtype=np.float64)
        near = np.isclose(ours, true, rtol=value.relative, atol=value.slack(part), equal_nan=True)
        explained = np.isclose(theirs, true, rtol=value.relative, atol=rounding, equal_nan=True)
        if not (near & explained).all():
            return False
    return True


def in_higher_precision(value: Value) -> dict[str, Array | float | None] | None:
    """The unreduced array and the reduced number of a call that was computed in float32."""
    if value.precision != "float32":
        return None
    try:
        result = value.compute("framework", dtype="float64")
    except LosscliError:
        return None
    return {part: got(result, part) for part in ("unreduced", "reduced")}


# Of the Keras family.

KERAS = ("keras1", "keras2", "tf2", "keras3")


def named_ours(value: Value) -> str:
    """losscli's name of a framework's loss, nothing where it has no such."""
    spec = spec_of(value)
    return "" if spec is None else spec.name


def reduces_the_only_axis(value: Value) -> bool:
    """A 1-D array is one vector to Keras, the last axis of which it reduces."""
    t, p = value.data
    return value.dialect in KERAS and t.ndim == p.ndim == 1


def divides_integers(value: Value) -> bool:
    return str(value.entry.get("out_dtype", "")).startswith("int")


def has_float32_ln_2(value: Value) -> bool:
    """tf.keras subtracts a float32 ln 2, 1.9e-9 too large, in float64 too."""
    if value.dialect != "tf2" or value.dtype != "float64" or named_ours(value) != "logcosh":
        return False
    return all(
        mine is not None and np.abs(np.asarray(mine) - theirs).max() <= 2e-9 * _size(value, part)
        for part, theirs, mine in value.parts()
    )


def has_float32_delta(value: Value) -> bool:
    """With Huber's delta rounded to a float32 it is the framework's number."""
    if value.dialect != "tf2" or named_ours(value) != "huber":
        return False
    params = {**value.params, "delta": float(np.float32(value.params.get("delta", 1.0)))}
    return replace(value, entry={**value.entry, "params": params}).agrees


def cosh_overflows(value: Value) -> bool:
    """Keras 2.1 takes e^d: beyond its range it gives inf, or the largest logarithm."""
    t, p = value.data
    largest = np.log(np.finfo(value.dtype).max)
    return (
        value.dialect == "keras2"
        and named_ours(value) == "logcosh"
        and bool((np.abs(t - p) >= largest).any())
    )


def has_one_label(value: Value) -> bool:
    """Of a single label that is there, scikit-learn's hinge cannot tell that it is positive."""
    is_hinge = value.dialect == "sklearn" and named_ours(value) == "hinge"
    return is_hinge and "labels" not in value.params and len(np.unique(value.data[0])) == 1


def has_column_of_labels(value: Value) -> bool:
    """Labels (n, 1) against the (n,) probabilities picked by them make (n, n)."""
    t, p = value.data
    is_this = named_ours(value) == "categorical_generalized_cross_entropy"
    return value.dialect == "keras3" and is_this and t.ndim == p.ndim and t.shape[-1] == 1


def weighs_the_pooled_number(value: Value) -> bool:
    """The reduced numbers are the same; the array holds other things."""
    if value.dialect != "keras3" or named_ours(value) not in ("dice", "tversky"):
        return False
    parts = {part: close(mine, theirs, value.relative) for part, theirs, mine in value.parts()}
    return value.weights is not None and parts.get("reduced", False)


def keeps_the_pooled_number(value: Value) -> bool:
    """Without a reduction the number of all samples is left, times each weight if there are any."""
    is_pooled = value.dialect == "keras3" and named_ours(value) in ("dice", "tversky")
    if not is_pooled or value.outcome.result is None or value.params.get("reduction") != "none":
        return False
    pooled = value.compute("framework", reduction="mean_with_sample_weight").value
    expected = np.multiply(pooled, 1 if value.weights is None else value.weights)
    return all(close(expected, theirs, value.relative) for _, theirs, _ in value.parts())


def is_a_rounding(value: Value) -> bool:
    """The numbers differ by no more than a few roundings of terms as large as the data, or as 1.

    Such are ln(1 + p) and 1 - q of small p and q: of a value near 0 no digit may be left. That
    ours are the right ones is held against 50 digits in tests/losses/test_precision*.py.
    """
    return not value.has_raised and all(
        close(mine, theirs, value.relative, _rounding(value, part))
        for part, theirs, mine in value.parts()
    )


def rounds_the_sigmoid(value: Value) -> bool:
    """Keras 3 takes the logarithm of 1 - q, where a rounding of q counts for e^z as much.

    For z = 8.7 in float32 this leaves four digits. It is so in the focal loss alone.
    """
    is_this = named_ours(value) == "binary_focal_crossentropy" and value.params.get("from_logits")
    if value.dialect != "keras3" or not is_this or value.has_raised:
        return False
    odds = np.exp(np.minimum(np.abs(value.data[1]), -np.log(1e-7)))
    return all(
        close(mine, theirs, value.relative, _rounding(value, part, odds))
        for part, theirs, mine in value.parts()
    )


def _rounding(value: Value, part: str, odds: Array | None = None) -> Any:
    """16 roundings of the largest number of each row, which is taken to be from 1 to 1000.

    With `odds`, 4 roundings of as much as these.
    """
    arrays = value.data if odds is None else (odds / 4,)
    sizes = [np.abs(a.reshape(len(a), -1)) for a in arrays]
    rows = np.nan_to_num(np.concatenate(sizes, axis=1).max(axis=1))
    rows = np.maximum(rows if odds is not None else np.minimum(rows, 1000), 1)
    unit = 16 * float(np.finfo(value.precision).eps)
    shape = np.shape(value.entry.get("unreduced"))
    if part == "reduced" or shape[:1] != rows.shape:
        return unit * float(rows.max()) * _size(value, part)
    return unit * rows.reshape(-1, *(1,) * (len(shape) - 1))


def _size(value: Value, part: str) -> float:
    """How often an error of a value may count in the number: by weights, in a sum by samples."""
    weights = np.ones(1) if value.weights is None else value.weights
    if part == "reduced" and value.entry.get("reduction") == "sum":
        return float(value.data[1].size * max(weights.max(), 1))
    return float(max(weights.max(), 1))


RULES = (
    Rule("later", "a loss that losscli does not have yet", is_not_there),
    Rule("raised", "the framework raised an error", lambda v: v.has_raised),
    Rule("broadcast", "shapes differ: the framework broadcasts, losscli never does", shapes_differ),
    Rule("one_vector", "a 1-D array is one vector there, n samples here", is_one_vector),
    Rule("axis", "axis 0 is samples here: no other axis is reduced", has_another_axis),
    Rule("labels", "labels out of range are refused", labels_are_out_of_range),
    Rule("weights", "weights of a shape that is refused", weights_do_not_fit),
    Rule("overflow", "the framework overflows, losscli does not", overflows),
    Rule("digits", "the framework loses digits that losscli keeps", loses_digits),
    Rule("one_number", "a 1-D array is one vector there, n samples here", reduces_the_only_axis),
    Rule("integers", "tf.keras divides integers as integers", divides_integers),
    Rule("ln_2", "tf.keras takes a float32 ln 2 in float64", has_float32_ln_2),
    Rule("delta", "tf.keras rounds delta to a float32 in float64", has_float32_delta, False),
    Rule(
        "one_label", "scikit-learn takes the only label that is there for -1", has_one_label, False
    ),
    Rule("cosh", "Keras 2.1's cosh overflows: inf, or 88.72 in full SIMD blocks", cosh_overflows),
    Rule("label_column", "labels (n, 1) are broadcast to (n, n) there", has_column_of_labels),
    Rule(
        "pooled_weights",
        "Keras 3 multiplies the one number of all samples by each weight; "
        "losscli's array has each sample's own loss",
        weighs_the_pooled_number,
    ),
    Rule("sigmoid", "Keras 3 takes ln(1 - q) of a sigmoid q rounded near 1", rounds_the_sigmoid),
    Rule(
        "pooled_none",
        "of one number for all samples, reduction none leaves it there, the samples' own here",
        keeps_the_pooled_number,
    ),
    Rule("rounding", "the framework rounds larger terms than the value", is_a_rounding),
)


def listed(value: Value) -> list[Rule]:
    """The rules that a value comes under."""
    return [rule for rule in RULES if rule.applies(value)]
