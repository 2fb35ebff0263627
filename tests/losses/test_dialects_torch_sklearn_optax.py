"""The names and parameters of torch, scikit-learn and optax: what they mean here."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import losscli
from losscli.errors import DataError, LosscliError, UnknownNameError, UsageError
from losscli.frameworks.bind import bind, further_arrays, parse
from losscli.frameworks.tables import DIALECTS
from losscli.losses.registry import find
from tests.conftest import Run

LABELS = [1.0, 0.0, 1.0]
P = [0.8, 0.3, 0.6]
T2 = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
P2 = np.array([[0.8, 0.3], [0.6, 0.9], [0.2, 0.5]])
Z3 = np.array([[2.0, 0.5, -1.0], [-0.5, 0.25, 1.5], [0.1, 0.2, 0.3]])
INDICES = np.array([0, 2, 1])
COSTS = -np.log([0.8, 0.7, 0.6])


def value(text: str, t: Any, p: Any, **options: Any) -> float | None:
    return losscli.compute(text, t, p, **options).value


# Names


@pytest.mark.parametrize("dialect", ["torch", "sklearn", "optax"])
def test_every_name_of_a_dialect_is_bound_with_its_presets(dialect: str) -> None:
    for row in DIALECTS[dialect].rows:
        for name in row.names:
            loss = bind(name, dialect=dialect)
            choices = loss.alternatives or (loss,)
            assert row.loss in {one.spec.name for one in choices}, name
            assert loss.origin.name == row.name


@pytest.mark.parametrize("dialect", ["torch", "sklearn", "optax"])
def test_presets_and_renamed_parameters_are_those_of_the_loss(dialect: str) -> None:
    table = DIALECTS[dialect]
    for row in table.rows:
        spec = find(row.loss)
        known = {parameter.name for parameter in spec.settings} | set(spec.inputs)
        said = {key for word in row.words.values() for one in word.values() for key in one.params}
        assert set(row.presets) | set(row.parameters.values()) <= known, row.names
        assert said <= known, row.names
        assert len(row.why) <= 60, row.names


def test_a_function_and_its_module_are_one_loss() -> None:
    assert parse("smooth_l1_loss:beta=0.5", "torch").params == (
        parse("SmoothL1Loss:beta=0.5", "torch").params
    )


def test_a_loss_of_another_framework_is_named(losscli: Run) -> None:
    data = ("--true", "[1,0]", "--pred", "[1,0]")
    done = losscli("compute", "log_loss", "--dialect", "torch", *data)
    assert done.returncode == 2
    assert "torch calls this binary_cross_entropy" in done.stderr


# Parameters by the framework's names


def test_parameters_have_the_frameworks_names(losscli: Run) -> None:
    done = losscli(
        *("compute", "poisson_nll_loss:eps=0.5,log_input=false", "--dialect", "torch"),
        *("--true", "[2,1]", "--pred", "[0.5,1.5]", "--format", "value"),
    )
    assert float(done.stdout) == pytest.approx((0.5 + 1.5 - np.log(2)) / 2)


@pytest.mark.parametrize(
    ("text", "dialect", "changed"),
    [
        ("triplet_margin_loss:eps=0.1,p=3", "torch", {"epsilon": 0.1, "p": 3.0}),
        ("multi_margin_loss:weight=[1,2]", "torch", {"class_weight": (1.0, 2.0)}),
        ("nll_loss:ignore_index=3", "torch", {"log_input": True, "ignore_class": 3}),
        ("poly_loss_cross_entropy:epsilon=0.7", "optax", {"poly_epsilon": 0.7}),
        (
            "triplet_margin_loss:norm_degree=4,eps=0.1",
            "optax",
            {"epsilon_in": "sum", "p": 4.0, "epsilon": 0.1},
        ),
        ("log_loss:labels=[3,1]", "sklearn", {"epsilon": "machine", "classes": (1.0, 3.0)}),
        ("brier_score_loss:scale_by_half=auto", "sklearn", {}),
        ("brier_score_loss:scale_by_half=false", "sklearn", {"scale_by_half": False}),
        ("brier_score_loss:pos_label=0", "sklearn", {"classes": (1.0, 0.0)}),
    ],
)
def test_a_frameworks_parameters_are_ours(text: str, dialect: str, changed: dict[str, Any]) -> None:
    assert parse(text, dialect).changed == changed


def test_values_that_are_the_default_are_accepted() -> None:
    for text, dialect in (
        ("mse_loss:size_average=none,reduce=true", "torch"),
        ("cosine_distance:axis=-1,where=none", "optax"),
        ("dice_loss:axis=none", "optax"),
        ("ranking_softmax_loss:weights=none", "optax"),
    ):
        name = text.partition(":")[0]
        assert parse(text, dialect).params == parse(name, dialect).params


@pytest.mark.parametrize(
    ("text", "dialect", "message", "hint"),
    [
        ("huber_loss:foo=3", "torch", "huber_loss has no parameter 'foo'", "delta"),
        (
            "triplet_margin_loss:norm_degre=3",
            "optax",
            "triplet_margin_loss has no parameter 'norm_degre'",
            "did you mean norm_degree?",
        ),
        ("mse_loss:weight=3", "torch", "weight is an array", "inputs={'weight'"),
        (
            "triplet_margin_loss:negatives=3",
            "optax",
            "negatives is an array",
            "inputs={'negatives'",
        ),
        ("zero_one_loss:normalize=2", "sklearn", "normalize may be true or false", ""),
        ("cosine_similarity:axis=0", "optax", "axis may be -1", ""),
        ("binary_dice_loss:apply_sigmoid=false", "optax", "apply_sigmoid may be true", ""),
        ("dice_loss:reduction=batchmean", "optax", "reduction may be mean or sum or none", ""),
        ("mse_loss:reduction=weighted", "torch", "there is no reduction 'weighted'", "batchmean"),
        ("mse_loss:size_average=false,reduce=false", "torch", "cannot be given together", ""),
        ("brier_score_loss:labels=[1,2],pos_label=0", "sklearn", "cannot be given together", ""),
        ("brier_score_loss:pos_label=5", "sklearn", "pos_label may be none or 1 or 0", ""),
    ],
)
def test_a_wrong_parameter_is_answered_in_the_frameworks_names(
    text: str, dialect: str, message: str, hint: str
) -> None:
    with pytest.raises((UsageError, UnknownNameError)) as caught:
        parse(text, dialect)
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


# Alternatives by the shape of the data


@pytest.mark.parametrize(
    ("t", "p", "expected"),
    [
        (LABELS, P, COSTS.mean()),
        (np.reshape(LABELS, (3, 1)), np.reshape(P, (3, 1)), COSTS.mean()),
        ([0, 1, 1], P2 / P2.sum(axis=1, keepdims=True), None),
        (T2, P2, None),
    ],
)
def test_log_loss_goes_by_the_shapes(t: Any, p: Any, expected: float | None) -> None:
    if expected is None:
        rows = np.eye(2)[t] if np.ndim(t) == 1 else np.asarray(t)
        expected = float(-(rows * np.log(p)).sum(axis=1).mean())
    assert value("log_loss", t, p, dialect="sklearn") == pytest.approx(expected)


@pytest.mark.parametrize("half", ["auto", True, False])
def test_brier_scores_are_halved_for_two_labels_only(half: Any) -> None:
    options = {"dialect": "sklearn", "scale_by_half": half}
    square = ((np.array(P) - LABELS) ** 2).mean() * (2 if half is False else 1)
    p = np.array(P)
    both = np.stack([1 - p, p], axis=1)
    for t, of_two in ((LABELS, P), (LABELS, both), (np.eye(2)[[1, 0, 1]], both)):
        assert value("brier_score_loss", t, of_two, **options) == pytest.approx(square)
    rows = np.exp(Z3) / np.exp(Z3).sum(axis=1, keepdims=True)
    square = ((rows - np.eye(3)[INDICES]) ** 2).sum(axis=1).mean() * (0.5 if half is True else 1)
    for t in (INDICES, np.eye(3)[INDICES]):
        assert value("brier_score_loss", t, rows, **options) == pytest.approx(square)


def test_hinge_loss_takes_any_two_labels_or_several() -> None:
    scores = [0.5, -0.25, 2.0]
    expected = (0.5 + 0.75 + 0) / 3
    for labels, more in (([1, -1, 1], {}), ([1, 0, 1], {}), ([7, 3, 7], {"labels": [7, 3]})):
        got = value("hinge_loss", labels, scores, dialect="sklearn", **more)
        assert got == pytest.approx(expected)
    assert value("hinge_loss", INDICES, Z3, dialect="sklearn") == pytest.approx(1.1 / 3)
    with pytest.raises(DataError, match="found 7"):
        value("hinge_loss", [7, 3, 7], scores, dialect="sklearn")


def test_the_probability_may_be_that_of_the_smaller_label() -> None:
    other = 1 - np.array(P)
    assert value("brier_score_loss", LABELS, other, dialect="sklearn", pos_label=0) == (
        pytest.approx(value("brier_score_loss", LABELS, P, dialect="sklearn"))
    )


def test_cross_entropy_takes_indices_or_probabilities() -> None:
    for text in ("cross_entropy", "CrossEntropyLoss:label_smoothing=0.1"):
        of_indices = value(text, INDICES, Z3, dialect="torch")
        of_rows = value(text, np.eye(3)[INDICES], Z3, dialect="torch", ignore_index=-100)
        assert of_indices == pytest.approx(of_rows)
    weights = {"weight": [1.0, 2.0, 0.5], "dialect": "torch"}
    of_indices, of_rows = (
        value("cross_entropy", t, Z3, **weights) for t in (INDICES, np.eye(3)[INDICES])
    )
    assert of_indices is not None
    assert of_rows is not None
    assert of_indices * 3.5 == pytest.approx(of_rows * 3)


def test_probabilities_have_no_class_to_ignore() -> None:
    with pytest.raises(DataError, match="class indices"):
        losscli.compute("cross_entropy", np.eye(3), Z3, dialect="torch", ignore_index=1)


# Weights and reductions


@pytest.mark.parametrize(
    ("name", "divisor"), [("mse_loss", 9.0), ("L1Loss", 9.0), ("huber_loss", 6), ("BCELoss", 6)]
)
def test_a_mean_of_weighted_elements_is_the_losss_own(name: str, divisor: float) -> None:
    weight = np.array([[1.0, 2.0], [0.0, 3.0], [2.0, 1.0]])
    elements = losscli.compute(name, T2, P2, dialect="torch").unreduced
    expected = (weight * elements).sum()
    options = {"dialect": "torch", "weight": weight}
    for reduction in (None, "mean", "elementwise_mean"):
        given = options if reduction is None else {**options, "reduction": reduction}
        share = weight.sum() if reduction == "elementwise_mean" else divisor
        assert value(name, T2, P2, **given) == pytest.approx(expected / share)
    assert value(name, T2, P2, reduction="sum", **options) == pytest.approx(expected)


def test_weights_of_one_axis_are_those_of_columns_where_they_fit() -> None:
    elements = losscli.compute("BCELoss", T2, P2, dialect="torch").unreduced
    columns = value("BCELoss", T2, P2, dialect="torch", weight=[1.0, 3.0])
    assert columns == pytest.approx((elements * [1, 3]).mean())
    flat = value("BCELoss", LABELS, P, dialect="torch", weight=[1.0, 3.0, 0.5])
    assert flat == pytest.approx((COSTS * [1, 3, 0.5]).mean())
    assert flat == value("BCELoss", LABELS, P, dialect="torch", sample_weight=[1.0, 3.0, 0.5])


def test_weights_of_elements_on_the_command_line(losscli: Run) -> None:
    data = ("--true", "[1,0,1]", "--pred", "[0.8,0.3,0.6]", "--format", "value")
    done = losscli("compute", "BCELoss", "--dialect", "torch", *data, "--input", "weight=[1,3,0.5]")
    assert float(done.stdout) == pytest.approx((COSTS * [1, 3, 0.5]).mean())
    two = ("--true", "[[1,0]]", "--pred", "[[0.8,0.3]]", "--format", "value")
    done = losscli("compute", "BCELoss:weight=[1,3]", "--dialect", "torch", *two)
    assert float(done.stdout) == pytest.approx((COSTS[0] + 3 * COSTS[1]) / 2)


def test_a_sum_has_each_frameworks_word() -> None:
    assert value("log_loss", LABELS, P, dialect="sklearn", normalize=False) == (
        pytest.approx(COSTS.sum())
    )
    for words in ({"reduction": "sum"}, {"size_average": False}):
        assert value("BCELoss", LABELS, P, dialect="torch", **words) == pytest.approx(COSTS.sum())
    scores = losscli.compute("ranking_softmax_loss", T2, P2, dialect="optax", reduce_fn=None)
    assert scores.value is None
    assert value("ranking_softmax_loss", T2, P2, dialect="optax", reduce_fn="sum") == (
        pytest.approx(np.sum(scores.unreduced))
    )


def test_a_mean_divides_by_elements_and_a_batchmean_by_samples() -> None:
    p, t = np.log(np.array([[0.5, 0.5], [0.9, 0.1]])), np.array([[0.25, 0.75], [0.5, 0.5]])
    whole = value("kl_div", t, p, dialect="torch", reduction="sum")
    assert whole is not None
    assert value("kl_div", t, p, dialect="torch") == pytest.approx(whole / 4)
    assert value("kl_div", t, p, dialect="torch", reduction="batchmean") == pytest.approx(whole / 2)
    assert value("kl_divergence", t, p, dialect="optax") == pytest.approx(whole / 2)


# Unreduced arrays, best values


@pytest.mark.parametrize(
    ("name", "dialect", "shape"),
    [
        ("mse_loss", "torch", (3, 2)),
        ("multilabel_soft_margin_loss", "torch", (3,)),
        ("l2_loss", "optax", (3, 2)),
        ("cosine_similarity", "optax", (3,)),
        ("dice_loss", "optax", (3,)),
        ("dice_loss:reduction=none", "optax", (3, 2)),
        ("binary_dice_loss", "optax", (3,)),
    ],
)
def test_the_unreduced_array_is_the_frameworks(
    name: str, dialect: str, shape: Sequence[int]
) -> None:
    result = losscli.compute(name, T2, P2, dialect=dialect)
    assert np.shape(result.unreduced) == shape
    assert result.value == pytest.approx(np.mean(result.unreduced))


def test_classes_of_a_dice_loss_are_averaged_or_added() -> None:
    mean = value("dice_loss", T2, P2, dialect="optax")
    added = value("dice_loss", T2, P2, dialect="optax", reduction="sum")
    assert mean is not None
    assert added == pytest.approx(2 * mean)


def test_a_dice_loss_keeps_the_values_of_its_classes_where_asked() -> None:
    result = losscli.compute("multiclass_dice", T2, P2, per_sample=True, multioutput="raw_values")
    kept = losscli.compute("dice_loss:reduction=none,apply_softmax=false", T2, P2, dialect="optax")
    assert result.outputs == pytest.approx(np.mean(kept.unreduced, axis=0))


def test_the_best_similarity_is_the_highest() -> None:
    assert parse("cosine_similarity", "optax").spec.best == "highest"
    assert parse("cosine_distance", "optax").spec.best == "lowest"


def test_axes_are_of_the_data_that_they_number() -> None:
    masks = np.ones((2, 3, 3, 2))
    options = {"dialect": "optax", "axis": [1, 2]}
    whole = losscli.compute("dice_loss", masks, masks, dialect="optax")
    assert value("dice_loss", masks, masks, **options) == whole.value
    with pytest.raises(LosscliError, match="4 axes"):
        losscli.compute("dice_loss", T2, P2, **options)


# Further arrays, by any framework's name


def test_an_array_has_the_name_of_any_framework_in_each_dialect() -> None:
    for name in ("triplet_margin", "triplet_margin_loss", "TripletMarginLoss"):
        for dialect in ("keras2", "torch", "optax"):
            known = further_arrays(name, dialect)
            assert (known.get("negative"), known.get("negatives")) in (
                ("negative", "negative"),
                (None, None),  # not a name in this dialect
            )
    assert further_arrays("triplet_margin", "torch")["negatives"] == "negative"
    assert further_arrays("triplet_margin", "optax")["negative"] == "negative"
    assert further_arrays("mse", "torch")["weight"] == "sample_weight"
    assert "weight" not in further_arrays("mse", "keras3")


@pytest.mark.parametrize("name", ["negative", "negatives"])
def test_a_further_array_goes_to_all_dialects(losscli: Run, name: str) -> None:
    done = losscli(
        *("compute", "triplet_margin", "--dialect", "all", "--format", "json"),
        *("--true", "[[1,0],[0,1]]", "--pred", "[[0.5,0],[0,0.25]]"),
        *("--input", f"{name}=[[0,1],[1,1]]"),
    )
    assert done.returncode == 0, done.stderr
    assert '"dialect": "torch"' in done.stdout
    assert '"dialect": "optax"' in done.stdout
