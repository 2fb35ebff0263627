"""Every number that Keras 2.1 gave is reproduced, or stands in a table of deliberate differences.

A value is a golden entry's `unreduced`, its `reduced`, or the error that stands in their place. A
rule of the table says for which values it speaks, why, and what losscli does instead: this is
checked too, so that no rule can hide a value that is in fact reproduced.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import losscli
from losscli.engine.result import Result
from losscli.errors import DataError, LosscliError
from losscli.losses import registry
from tests import oracle
from tests.conftest import golden

RELATIVE = {"float32": 2e-6, "float64": 1e-11}
Array = np.ndarray


@dataclass(frozen=True)
class Value:
    """One number or array that Keras gave (None where it raised), and what it was given."""

    entry: int
    part: str
    loss: str
    case: str
    dtype: str
    weights: tuple[Any, ...] | None
    keras: Any

    @property
    def name(self) -> str:
        """losscli's name of the loss."""
        return registry.find(self.loss).name

    @property
    def id(self) -> str:
        weighted = "-weighted" if self.weights else ""
        return f"{self.entry}-{self.loss}-{self.case}-{self.dtype}-{self.part}{weighted}"

    def data(self) -> tuple[Array, Array]:
        """y_true and y_pred, rounded to the precision of the call."""
        case = GOLDEN["cases"][self.case]
        t, p = (np.array(case[side], dtype=self.dtype) for side in ("y_true", "y_pred"))
        return t, p

    def compute(self) -> Result:
        return losscli.compute(
            self.loss,
            *self.data(),
            dtype=self.dtype,  # type: ignore[arg-type]
            sample_weight=self.weights,
        )


GOLDEN = golden("keras2")


def values() -> list[Value]:
    """All the values of the file, of entries with two parts both."""
    found = []
    for i, entry in enumerate(GOLDEN["values"]):
        assert entry["params"] == {}, "a call with parameters would need them passed on"
        parts = {part: entry[part] for part in ("unreduced", "reduced") if entry[part] is not None}
        if "error" in entry:
            parts["error"] = None
        weights = entry["sample_weight"] and as_tuple(entry["sample_weight"])
        found += [
            Value(i, part, entry["loss"], entry["case"], entry["dtype"], weights, value)
            for part, value in parts.items()
        ]
    return found


def as_tuple(weights: Any) -> Any:
    """Weights of any rank, hashable."""
    return tuple(map(as_tuple, weights)) if isinstance(weights, list) else weights


def close(mine: Any, keras: Any, relative: float) -> bool:
    """Equal within a relative error; an infinity or NaN only to itself. Nothing is broadcast."""
    a, b = np.asarray(mine, dtype=np.float64), np.asarray(keras, dtype=np.float64)
    if a.shape != b.shape:
        return False
    return bool(np.isclose(a, b, rtol=relative, atol=0, equal_nan=True).all())


def reproduced(value: Value) -> bool:
    """Whether losscli gives Keras's number; there is none where Keras raised."""
    if value.keras is None:
        return False
    try:
        result = value.compute()
    except LosscliError:
        return False
    mine = result.value if value.part == "reduced" else result.unreduced
    return close(mine, value.keras, RELATIVE[value.dtype])


# What losscli does instead.


def has_nothing_to_match(value: Value) -> None:
    assert value.keras is None


def refuses_data(value: Value) -> None:
    with pytest.raises(DataError):
        value.compute()


def truth_of(value: Value, t: Array, p: Array) -> Array:
    """The samples' values in 50 digits, rounded to the precision of the call, underflow too."""
    exact = [float(oracle.row_value(value.name, a, b)) for a, b in zip(t, p, strict=True)]
    return np.array(exact, dtype=value.dtype)


def takes_rows_for_rows(value: Value) -> None:
    """Row i against row i: n samples of one value."""
    t, p = (array.reshape(-1, 1) for array in value.data())
    result = value.compute()
    truth = truth_of(value, t, p)
    assert close(result.unreduced, truth, RELATIVE[value.dtype])
    assert close(result.value, np.mean(truth), RELATIVE[value.dtype])


def is_nearer_the_truth(value: Value) -> None:
    """losscli's numbers are those of 50 digits; Keras's are not."""
    t, p = (array.reshape(-1, array.shape[-1]) for array in value.data())
    truth = truth_of(value, t, p)
    result = value.compute()
    assert result.unreduced is not None
    tolerance = RELATIVE[value.dtype]
    if value.part == "reduced":
        assert close(result.value, truth.mean(), tolerance)
        assert not close(value.keras, truth.mean(), tolerance)
    else:
        truth = truth.reshape(result.unreduced.shape)
        assert close(result.unreduced, truth, tolerance)
        assert not close(value.keras, truth, tolerance)


@dataclass(frozen=True)
class Rule:
    """A class of deliberate differences."""

    name: str
    reason: str
    applies: Callable[[Value], bool]
    instead: Callable[[Value], None]


def plain(value: Value, *places: str) -> bool:
    """Whether a value that Keras gave stands at one of the places `loss case`."""
    return value.keras is not None and f"{value.loss} {value.case}" in places


RULES = (
    Rule(
        "keras_raised",
        "the framework raised an error: labels out of range, and categorical_hinge in float64, "
        "which Keras 2.1 adds to a float32 zero",
        lambda v: v.keras is None,
        has_nothing_to_match,
    ),
    Rule(
        "broadcasting",
        "Keras broadcasts (n,) against (n, 1) to (n, n): losscli takes both for n samples",
        lambda v: v.case in ("mix1d", "mix2d"),
        takes_rows_for_rows,
    ),
    Rule(
        "one_sample",
        "Keras takes a 1-D array for one vector, losscli for n samples of one value; for all "
        "other losses the means agree",
        lambda v: plain(v, "cosine_proximity flat"),
        takes_rows_for_rows,
    ),
    Rule(
        "no_probabilities",
        "y_pred is no probability: Keras clips what it gets, logits and scores alike",
        lambda v: plain(
            v,
            "binary_crossentropy binlogit",
            "binary_crossentropy e_out01",
            "categorical_crossentropy mc_pos",
            "categorical_crossentropy mc_logit",
            "categorical_crossentropy e_onehot",
            "sparse_categorical_crossentropy sp_pos",
            "sparse_categorical_crossentropy sp_logit",
            "sparse_categorical_crossentropy e_sparse",
            "kullback_leibler_divergence pos",
            "kullback_leibler_divergence e_onehot",
        ),
        refuses_data,
    ),
    Rule(
        "one_column",
        "categories of a single column: the value is 0 whatever the prediction",
        lambda v: plain(v, "categorical_crossentropy col", "categorical_crossentropy bin"),
        refuses_data,
    ),
    Rule(
        "no_one_hot",
        "y_true is not one-hot but holds -1",
        lambda v: plain(v, "categorical_hinge pm1m"),
        refuses_data,
    ),
    Rule(
        "no_counts",
        "counts and rates are negative: the logarithm is NaN",
        lambda v: plain(v, "poisson reg", "poisson e_mag"),
        refuses_data,
    ),
    Rule(
        "logcosh_overflow",
        "Keras 2.1's cosh overflows: inf, or 88.72 in full SIMD blocks (float32)",
        lambda v: plain(v, "logcosh e_mag", "logcosh e_diff"),
        is_nearer_the_truth,
    ),
    Rule(
        "cosine_overflow",
        "squares of 1e30 overflow in float32: Keras gives NaN",
        lambda v: plain(v, "cosine_proximity e_mag") and v.dtype == "float32",
        is_nearer_the_truth,
    ),
    Rule(
        "cancellation",
        "ln(cosh x) and ln(1 + p) − ln(1 + t) lose their digits in Keras where the error is small",
        lambda v: v.part == "unreduced" and (v.loss, v.case, v.dtype) in CANCELLED,
        is_nearer_the_truth,
    ),
)
CANCELLED = {
    ("logcosh", "col", "float32"),
    ("mean_squared_logarithmic_error", "seq", "float32"),
    ("mean_squared_logarithmic_error", "e_diff", "float32"),
    ("mean_squared_logarithmic_error", "e_mag", "float32"),
    ("mean_squared_logarithmic_error", "e_mag", "float64"),
}

VALUES = values()


def listed(value: Value) -> list[Rule]:
    return [rule for rule in RULES if rule.applies(value)]


@pytest.mark.parametrize("value", VALUES, ids=lambda v: v.id)
def test_a_value_is_either_reproduced_or_listed_once(value: Value) -> None:
    rules = [rule.name for rule in listed(value)]
    assert len(rules) == (0 if reproduced(value) else 1), rules


@pytest.mark.parametrize("value", [v for v in VALUES if listed(v)], ids=lambda v: v.id)
def test_a_listed_value_is_what_its_rule_says(value: Value) -> None:
    for rule in listed(value):
        rule.instead(value)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_a_value_and_a_reason(rule: Rule) -> None:
    assert any(rule.applies(value) for value in VALUES)
    assert rule.reason


def test_most_plain_values_are_reproduced() -> None:
    """The whole file is looked at: a golden file cut short would show here."""
    plain_values = [v for v in VALUES if v.keras is not None]
    assert len(GOLDEN["values"]) == 390
    assert sum(not listed(v) for v in plain_values) > 0.7 * len(plain_values)


ARTICLE = [
    v
    for v in VALUES
    if (v.case, v.dtype, v.part, v.weights) == ("article", "float32", "unreduced", None)
]


def test_the_article_has_thirteen_losses() -> None:
    assert len({v.loss for v in ARTICLE}) == 13


@pytest.mark.parametrize("value", ARTICLE, ids=lambda v: v.loss)
def test_the_numbers_of_the_article_hold_within_two_float32_ulp(value: Value) -> None:
    mine = value.compute().unreduced
    assert mine is not None
    assert mine.dtype == np.float32
    np.testing.assert_array_max_ulp(mine, np.array(value.keras, dtype=np.float32), maxulp=2)
