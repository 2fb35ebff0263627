"""Keras 1, 2 and 3 and tf.keras in their own words: names, parameters, reductions, errors.

That the numbers are the frameworks' is held by their golden values.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import losscli
from losscli.cli.main import cli
from losscli.errors import DataError, LosscliError, UsageError
from losscli.frameworks import bind
from losscli.frameworks.tables import DIALECTS
from tests.losses.catalogue import NAMES

FAMILY = ("keras1", "keras2", "tf2", "keras3")
T = [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
P = [[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]]
INDICES = [1, 2]
W = [1.0, 3.0]


@pytest.mark.parametrize("dialect", FAMILY)
def test_a_dialect_has_the_frameworks_names_and_no_others(dialect: str) -> None:
    table = [name for row in DIALECTS[dialect].rows for name in row.names]
    assert set(table) == NAMES[dialect]


@pytest.mark.parametrize(
    ("dialect", "name", "hint"),
    [
        ("keras1", "logcosh", "it is there with dialect='keras2'"),
        ("keras1", "CategoricalHinge", "it is there with dialect='tf2' or dialect='keras3'"),
        ("tf2", "Dice", "it is there with dialect='keras3'"),
        ("tf2", "dice", "it is there with dialect='keras3'"),
        ("tf2", "Hubert", "did you mean Huber or huber_loss?"),
    ],
)
def test_a_name_that_a_framework_lacks_leads_on(dialect: str, name: str, hint: str) -> None:
    with pytest.raises(UsageError, match=f"has no loss '{name}'") as refusal:
        bind.parse(name, dialect)
    assert hint in str(refusal.value.hint)


@pytest.mark.parametrize(
    ("dialect", "name", "theirs"),
    [
        ("keras2", "LogCosh", "logcosh"),
        ("keras3", "meansquarederror", "mean_squared_error"),
        ("keras3", "logcosh", "log_cosh"),
        ("keras3", "huber_loss", "huber"),
        ("tf2", "cosine_proximity", "cosine_similarity"),
    ],
)
def test_other_cases_and_our_names_are_taken_too(dialect: str, name: str, theirs: str) -> None:
    assert bind.parse(name, dialect).origin.name == theirs


def number(loss: str, dialect: str, t: Any = T, p: Any = P, **params: Any) -> float:
    value = losscli.compute(loss, t, p, dialect=dialect, dtype="float64", **params).value
    assert value is not None
    return value


def test_keras_1_averages_the_cosine_and_the_others_add_it_up() -> None:
    numbers = [
        number(name, dialect)
        for dialect, name in zip(
            FAMILY, ("cosine", "cosine", "CosineSimilarity", "cosine_similarity"), strict=True
        )
    ]
    assert numbers == pytest.approx([numbers[1] / 3, *[numbers[1]] * 3], rel=1e-12)


def test_keras_1_takes_a_float32_epsilon() -> None:
    for dialect, epsilon in (("keras1", float(np.float32(1e-7))), ("keras2", 1e-7)):
        found = number("binary_crossentropy", dialect, [[1.0]], [[0.0]])
        assert found == pytest.approx(-np.log(epsilon), rel=1e-15)


def test_tf_keras_clips_twice() -> None:
    assert number("bce", "tf2", [[1.0]], [[0.0]]) == pytest.approx(-np.log(2e-7), rel=1e-12)
    assert number("bce", "keras3", [[1.0]], [[0.0]]) == pytest.approx(-np.log(1e-7), rel=1e-12)


@pytest.mark.parametrize(
    ("dialect", "value"), [("keras1", 1), ("keras2", 1), ("tf2", 0), ("keras3", 0)]
)
@pytest.mark.parametrize("name", ["hinge", "squared_hinge"])
def test_a_label_0_counts_as_minus_1_since_tf_keras(dialect: str, name: str, value: float) -> None:
    assert number(name, dialect, [[0.0]], [[-1.5]]) == value


def test_labels_0_and_minus_1_do_not_go_together() -> None:
    with pytest.raises(DataError, match=r"found .* beside"):
        number("hinge", "keras3", [[0.0], [-1.0]], [[-1.5], [1.0]])


@pytest.mark.parametrize("label", [0.5, 2.0])
def test_labels_that_are_no_signs_have_no_signed_hinge(label: float) -> None:
    with pytest.raises(DataError, match=r"must be -1, 0 or \+1 \(soft labels"):
        number("hinge", "keras3", [[0.0], [label]], [[-1.5], [1.0]])
    result = losscli.compute(
        "hinge",
        [[0.0], [label]],
        [[-1.5], [0.0]],
        dialect="keras3",
        dtype="float64",
        domain="framework",
    )
    np.testing.assert_array_equal(result.per_sample, [0, 1])
    assert any("neither -1, 0 nor +1" in note for note in result.notes)


def test_keras_3_normalises_before_it_clips() -> None:
    p = [[1e-9, 0.5, 0.3], [0.5, 0.3, 0.2]]
    first = -np.log([0.5 / (0.8 + 1e-9), 0.2]).mean()
    assert number("scce", "keras3", INDICES, p) == pytest.approx(first, rel=1e-12)
    last = -np.log([0.5 / (0.8 + 1e-7), 0.2]).mean()
    assert number("SparseCategoricalCrossentropy", "tf2", INDICES, p) == pytest.approx(
        last, rel=1e-12
    )


# Reductions, in the frameworks' words

LOSSES = np.square(np.array(T) - P).mean(axis=1)
REDUCTIONS = {
    ("keras1", None): (W * LOSSES).sum() / 2,
    ("keras2", None): (W * LOSSES).sum() / 2,
    ("tf2", None): (W * LOSSES).sum() / 2,
    ("tf2", "auto"): (W * LOSSES).sum() / 2,
    ("tf2", "sum_over_batch_size"): (W * LOSSES).sum() / 2,
    ("tf2", "sum"): (W * LOSSES).sum(),
    ("keras3", None): (W * LOSSES).sum() / 2,
    ("keras3", "sum_over_batch_size"): (W * LOSSES).sum() / 2,
    ("keras3", "mean"): (W * LOSSES).sum() / 2,
    ("keras3", "mean_with_sample_weight"): (W * LOSSES).sum() / 4,
    ("keras3", "sum"): (W * LOSSES).sum(),
}


@pytest.mark.parametrize(("dialect", "reduction"), REDUCTIONS)
def test_a_reduction_by_the_frameworks_name(dialect: str, reduction: str | None) -> None:
    expected = REDUCTIONS[dialect, reduction]
    found = number("mse", dialect, sample_weight=W, reduction=reduction)
    assert found == pytest.approx(expected, rel=1e-12)


def test_keras_1_and_2_divide_by_the_weights_that_are_not_0() -> None:
    for dialect, divisor in (("keras1", 1), ("keras2", 1), ("tf2", 2), ("keras3", 2)):
        found = number("mse", dialect, sample_weight=[2.0, 0.0])
        assert found == pytest.approx(2 * LOSSES[0] / divisor, rel=1e-12)


def test_none_reduces_nothing() -> None:
    result = losscli.compute(
        "MeanSquaredError", T, P, dialect="keras3", dtype="float64", reduction=None
    )
    assert result.value is not None
    result = losscli.compute(
        "MeanSquaredError", T, P, dialect="keras3", dtype="float64", reduction="none"
    )
    assert result.value is None
    assert result.unreduced == pytest.approx(LOSSES)


def test_a_reduction_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UsageError, match="no reduction 'median'") as refusal:
        number("mse", "keras3", reduction="median")
    assert "mean_with_sample_weight" in str(refusal.value.hint)


def test_an_element_loss_of_ones_own_keeps_its_elements_in_tf_keras() -> None:
    def absolute(y_true: Any, y_pred: Any) -> Any:
        return np.abs(y_true - y_pred)

    for dialect, shape in (("keras2", (2,)), ("tf2", (2, 3)), ("keras3", (2, 3))):
        result = losscli.compute(absolute, T, P, dialect=dialect, dtype="float64")
        assert result.unreduced is not None
        assert result.unreduced.shape == shape
        assert result.value == pytest.approx(np.abs(np.array(T) - P).mean(), rel=1e-12)


# Ignored and stray labels


@pytest.mark.parametrize("dialect", ["tf2", "keras3"])
def test_an_ignored_class_is_left_out_of_the_mean(dialect: str) -> None:
    loss = "SparseCategoricalCrossentropy"
    found = number(loss, dialect, [1, -1], P, ignore_class=-1)
    assert found == pytest.approx(-np.log(0.7), rel=1e-6)


def test_nothing_but_ignored_labels_is_0_in_keras_3() -> None:
    loss = "SparseCategoricalCrossentropy:ignore_class=2"
    assert number(loss, "keras3", [2, 2], P) == 0
    assert np.isnan(number(loss, "tf2", [2, 2], P))


def test_keras_3_computes_labels_that_are_no_class_where_it_is_asked_to() -> None:
    for dialect in ("tf2", "keras3"):
        with pytest.raises(DataError, match="class index"):
            number("sparse_categorical_crossentropy", dialect, [1, 7], P)
    with pytest.raises(DataError, match="class index"):
        number("sparse_categorical_crossentropy", "tf2", [1, 7], P, domain="framework")
    found = number("sparse_categorical_crossentropy", "keras3", [1, 7], P, domain="framework")
    assert found == pytest.approx(-np.log(0.7) / 2, rel=1e-12)
    q = number("CategoricalGeneralizedCrossEntropy", "keras3", [1, -1], P, domain="framework")
    assert q == pytest.approx(((1 - 0.7**0.5) / 0.5 + 2) / 2, rel=1e-12)


# Parameters


def test_alpha_of_the_focal_loss_is_a_number_or_one_a_class() -> None:
    for dialect in ("tf2", "keras3"):
        each = [number("CategoricalFocalCrossentropy", dialect, T, P, alpha=a) for a in (1, 2)]
        assert each[1] == pytest.approx(2 * each[0], rel=1e-12)
        rows = losscli.compute(
            "CategoricalFocalCrossentropy", T, P, alpha=1, dialect=dialect, dtype="float64"
        )
        assert rows.unreduced is not None
        found = number("CategoricalFocalCrossentropy", dialect, T, P, alpha=[7, 1, 3])
        assert found == pytest.approx((rows.unreduced * [1, 3]).mean(), rel=1e-12)


def test_keras_3_exchanges_alpha_and_beta_of_tversky() -> None:
    theirs = number("Tversky", "keras3", alpha=0.3, beta=0.7)
    assert theirs == pytest.approx(number("tversky", "home", alpha=0.7, beta=0.3), rel=1e-15)
    assert number("Tversky", "keras3", alpha=0.3) != pytest.approx(theirs)


@pytest.mark.parametrize("name", ["dice", "Dice", "Tversky"])
def test_masks_are_pooled_unless_the_axes_of_a_sample_are_named(name: str) -> None:
    y_true = np.array([T, np.ones_like(T), np.zeros_like(T)])[..., np.newaxis]
    y_pred = np.array([P, P, P])[..., np.newaxis]
    each = [number(name, "keras3", y_true[i : i + 1], y_pred[i : i + 1]) for i in range(3)]
    per_sample = number(name, "keras3", y_true, y_pred, axis=(1, 2, 3))
    assert per_sample == pytest.approx(np.mean(each), rel=1e-12)
    pooled = number(name, "keras3", y_true, y_pred)
    assert pooled == number(name, "keras3", y_true, y_pred, axis=None)
    assert pooled != pytest.approx(per_sample, rel=1e-3)


def test_weights_multiply_the_one_number_of_masks() -> None:
    pooled = number("Dice", "keras3")
    for reduction, factor in (("sum", 4), ("sum_over_batch_size", 2), ("mean", 2)):
        found = number("Dice", "keras3", sample_weight=W, reduction=reduction)
        assert found == pytest.approx(factor * pooled, rel=1e-12)
    found = number("Dice", "keras3", sample_weight=W, reduction="mean_with_sample_weight")
    assert found == pytest.approx(pooled, rel=1e-12)
    assert number("Dice", "keras3", reduction="sum") == pooled


@pytest.mark.parametrize("dialect", ["tf2", "keras3"])
def test_the_last_axis_may_be_named(dialect: str) -> None:
    plain = number("CosineSimilarity", dialect)
    assert number("CosineSimilarity", dialect, axis=-1) == plain
    assert number("CosineSimilarity", dialect, axis=1) == plain
    assert number("BinaryCrossentropy", dialect, axis=-1) > 0


BAD = {
    ("tf2", "CosineSimilarity:axis=0"): "axis may be -1",
    ("tf2", "CosineSimilarity:axis=2"): "y_pred must have 3 axes",
    ("keras3", "Dice:axis=0"): "axis may be none",
    ("keras3", "Dice:axis=[1,2,3]"): "y_pred must have 4 axes",
    ("keras3", "MeanSquaredError:epsilon=1"): "no parameter 'epsilon'",
    ("keras3", "Huber:delta=1,5"): "delta must be one number",
    ("keras3", "Huber:delta=-1"): "delta must lie in",
    ("keras3", "Tversky:gamma=1"): "no parameter 'gamma'",
    ("keras3", "BinaryCrossentropy:from_logits=maybe"): "must be true or false",
    ("keras3", "BinaryCrossentropy:label_smoothing=2"): "must lie in",
    ("keras3", "CategoricalGeneralizedCrossEntropy:q=0"): "must lie in",
    ("keras1", "hinge:from_logits=true"): "Keras 1.2 has no from_logits",
}


@pytest.mark.parametrize(("dialect", "text"), BAD)
def test_a_wrong_parameter_is_refused(dialect: str, text: str) -> None:
    with pytest.raises(LosscliError) as refusal:
        number(text, dialect)
    assert BAD[dialect, text] in refusal.value.message


# On the command line


def run(*arguments: str) -> dict[str, Any]:
    outcome = CliRunner().invoke(cli, [*arguments, "--format", "json"])
    assert outcome.exit_code == 0, outcome.output
    document: dict[str, Any] = json.loads(outcome.stdout)
    return document


def test_the_command_line_takes_the_frameworks_words(tmp_path: Path) -> None:
    weights = tmp_path / "w.csv"
    weights.write_text("1\n3\n")
    data = ("--true", json.dumps(T), "--pred", json.dumps(P))
    found = run(
        *("compute", "MeanSquaredError", *data, "--dialect", "keras3"),
        *("--weights", str(weights), "--reduction", "mean_with_sample_weight"),
    )
    [result] = found["results"]
    assert result["value"] == pytest.approx((W * LOSSES).sum() / 4)
    assert (result["dialect"], result["framework_name"]) == ("keras3", "mean_squared_error")
    [result] = run("compute", "Tversky:alpha=0.3,beta=0.7", *data, "--dialect", "keras3")["results"]
    assert result["value"] == pytest.approx(number("Tversky", "keras3", alpha=0.3, beta=0.7))
    [result] = run("compute", "BCE:from_logits=true", *data, "--dialect", "tf2")["results"]
    assert result["value"] == pytest.approx(number("bce", "tf2", from_logits=True))
    [result] = run("compute", "Dice:axis=1", *data, "--dialect", "keras3")["results"]
    assert result["value"] == pytest.approx(number("Dice", "keras3", axis=1))
