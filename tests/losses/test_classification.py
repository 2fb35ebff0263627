"""Losses of labels where a label, a weight or a tie is special."""

from typing import Any

import numpy as np
import pytest

import losscli
from losscli.errors import DataError
from losscli.losses.registry import find

Array = np.ndarray

# Of the logits ln 2 and 0 the first class has the probability 2/3.
Z = np.log([[2.0, 1.0], [2.0, 1.0], [2.0, 1.0]])
FIRST, SECOND = np.log(3 / 2), np.log(3)


def sparse(labels: list[float], **params: Any) -> losscli.Result:
    return losscli.compute(
        "sparse_categorical_crossentropy", np.array(labels), Z, from_logits=True, **params
    )


def call(name: str, t: Any, p: Any, **params: Any) -> Array:
    with np.errstate(all="ignore"):
        return find(name).bind(params)(np.array(t, dtype=float), np.array(p, dtype=float))


# Labels that do not count


def test_an_ignored_label_costs_nothing_and_is_left_out_of_the_mean() -> None:
    result = sparse([0, -100, 1], ignore_class=-100)
    np.testing.assert_allclose(result.per_sample, [FIRST, 0, SECOND])
    assert result.value == pytest.approx((FIRST + SECOND) / 2)


def test_a_real_class_may_be_ignored() -> None:
    assert sparse([0, 1, 0], ignore_class=1).value == pytest.approx(FIRST)


def test_an_ignored_label_costs_nothing_with_smoothing_and_weights() -> None:
    result = sparse([0, 7, 1], ignore_class=7, label_smoothing=0.2, class_weight=(1.0, 3.0))
    smooth = 0.1 * (FIRST + 3 * SECOND)
    expected = [0.8 * FIRST + smooth, 0, 0.8 * 3 * SECOND + smooth]
    np.testing.assert_allclose(result.per_sample, expected)
    assert result.value == pytest.approx(sum(expected) / 4)


def test_any_other_label_that_is_no_class_is_refused() -> None:
    with pytest.raises(DataError, match="row 3"):
        sparse([0, -100, -1], ignore_class=-100)


def test_a_label_that_is_no_class_costs_nothing_to_the_function() -> None:
    values = call("sparse_categorical_crossentropy", [-1, 2, np.nan], Z, from_logits=True)
    np.testing.assert_array_equal(values, [0, 0, np.nan])


def test_a_label_that_is_no_class_has_the_probability_0() -> None:
    p = [[0.25, 0.75]] * 3
    values = call("categorical_generalized_cross_entropy", [0, 5, np.nan], p, q=0.5)
    np.testing.assert_array_equal(values, [1, 2, np.nan])


# Weights


def test_weights_of_class_indices_divide_the_mean_and_those_of_rows_do_not() -> None:
    weights = (1.0, 3.0)
    total = FIRST + 3 * SECOND + FIRST
    assert sparse([0, 1, 0], class_weight=weights).value == pytest.approx(total / 5)
    rows = np.eye(2)[[0, 1, 0]]
    dense = losscli.compute(
        "categorical_crossentropy", rows, Z, from_logits=True, class_weight=weights
    )
    assert dense.value == pytest.approx(total / 3)


def test_weights_of_margins_do_not_divide_the_mean() -> None:
    t, z = np.array([0.0, 1.0]), np.array([[1.0, 0.5], [1.0, 0.5]])
    result = losscli.compute("multi_margin", t, z, class_weight=(1.0, 3.0))
    np.testing.assert_array_equal(result.per_sample, [0.25, 2.25])
    assert result.value == 1.25


def test_pos_weight_is_that_of_the_positive_term() -> None:
    t, p = np.array([[1.0, 0.0]]), np.array([[0.5, 0.5]])
    result = losscli.compute("binary_crossentropy", t, p, pos_weight=(3.0, 5.0))
    assert result.value == pytest.approx(2 * np.log(2))


def test_without_alpha_nothing_is_balanced() -> None:
    t, p = [[0, 1, 1]], [[0.2, 0.3, 0.9]]
    plain = call("binary_focal_crossentropy", t, p)
    none = call("binary_focal_crossentropy", t, p, apply_class_balancing=True, alpha=None)
    np.testing.assert_array_equal(plain, none)


# Infinities


@pytest.mark.parametrize("name", ["categorical_crossentropy", "ranking_softmax"])
def test_what_cannot_happen_costs_nothing(name: str) -> None:
    params = {"from_logits": True} if name == "categorical_crossentropy" else {}
    np.testing.assert_array_equal(call(name, [[1, 0]], [[0, -np.inf]], **params), [0])


@pytest.mark.parametrize(("clip", "cost"), [("log", 100), ("twice", -np.log(2e-7))])
def test_a_certain_wrong_answer_costs_what_its_clipping_says(clip: str, cost: float) -> None:
    values = call("binary_crossentropy", [0, 1], [1, 0], clip=clip)
    np.testing.assert_allclose(values, [cost, cost], rtol=1e-9)


@pytest.mark.parametrize(
    ("dtype", "cost"), [("float32", 15.942385), ("float64", 36.04365338911715)]
)
def test_the_machine_s_epsilon_is_that_of_the_precision(dtype: str, cost: float) -> None:
    loss = find("binary_crossentropy").bind({"epsilon": "machine"})
    (value,) = loss(np.ones(1, dtype), np.zeros(1, dtype))
    assert value == pytest.approx(cost, rel=1e-7)


# Signs


@pytest.mark.parametrize("name", ["hinge", "squared_hinge", "perceptron", "soft_margin"])
def test_signed_labels_count_0_as_minus_1(name: str) -> None:
    scores = [-0.5, 0.25, 2.0]
    as_signs = call(name, [-1, 1, -1], scores)
    np.testing.assert_array_equal(call(name, [0, 1, 0], scores, labels="signed"), as_signs)
    assert not np.array_equal(call(name, [0, 1, 0], scores), as_signs)


@pytest.mark.parametrize("name", ["hinge", "squared_hinge", "perceptron", "soft_margin"])
def test_two_labels_of_any_value_become_signs(name: str) -> None:
    t, z = np.array([3.0, 5.0, 3.0]), np.array([-0.5, 0.25, 2.0])
    result = losscli.compute(name, t, z, classes=(3, 5))
    np.testing.assert_array_equal(result.per_sample, call(name, [-1, 1, -1], z))


# Logarithms of probabilities


def test_logarithms_of_probabilities_are_logits_of_themselves() -> None:
    rows = np.array([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]])
    logs = call("sparse_categorical_crossentropy", [2, 0], np.log(rows), log_input=True)
    both = {"log_input": True, "from_logits": True}
    again = call("sparse_categorical_crossentropy", [2, 0], np.log(rows), **both)
    np.testing.assert_allclose(again, logs, rtol=1e-15)
    logits = call("sparse_categorical_crossentropy", [2, 0], 3 * rows, from_logits=True)
    np.testing.assert_array_equal(
        call("sparse_categorical_crossentropy", [2, 0], 3 * rows, **both), logits
    )


@pytest.mark.parametrize(
    ("loss", "remark"),
    [
        ("cce", "each is divided by its sum, as Keras does"),
        ("cce:normalise=last", "clipped, then each is divided by its sum"),
        ("cce:normalise=never", "computed as they are, not divided by their sums"),
        ("scce", "clipped, then each is divided by its sum, as Keras does"),
        ("scce:normalise=first", "each is divided by its sum, as Keras 3 does"),
        ("scce:normalise=never", "computed as they are, not divided by their sums"),
    ],
)
def test_a_note_says_what_becomes_of_rows_that_do_not_sum_to_1(loss: str, remark: str) -> None:
    t = np.array([[0.0, 1.0]] if loss.startswith("cce") else [1.0])
    (note,) = losscli.compute(loss, t, np.array([[0.2, 0.4]])).notes
    assert note.endswith(f"; {remark}")


# Lists and ranks


def test_a_list_of_classes_ends_at_its_first_minus_1() -> None:
    z = [[0.1, 0.2, 0.4, 0.8]]
    values = call("multilabel_margin", [[3, 0, -1, 1]], z)
    assert values == pytest.approx([0.85])
    np.testing.assert_array_equal(call("multilabel_margin", [[3, 0, -1, -1]], z), values)


def test_a_class_that_is_listed_twice_counts_twice() -> None:
    z = [[0.1, 0.2, 0.4]]
    once, twice = (call("multilabel_margin", [t], z)[0] for t in ([2, -1, -1], [2, 2, -1]))
    assert twice == pytest.approx(2 * once)


@pytest.mark.parametrize("label", [-2.0, 3.0, 0.5])
def test_a_list_holds_class_indices_only(label: float) -> None:
    with pytest.raises(DataError, match="or -1 for no more"):
        losscli.compute(
            "multilabel_margin", np.array([[0, label, -1.0]]), np.array([[0.1, 0.2, 0.4]])
        )


def test_a_tie_is_the_wrong_order() -> None:
    t = [[1, 0], [1, 0], [0, 0], [1, 1]]
    z = [[1, 1], [2, 1], [2, 1], [2, 1]]
    np.testing.assert_array_equal(call("label_ranking", t, z), [1, 0, 0, 0])
    np.testing.assert_array_equal(call("coverage_error", t, z), [2, 1, 0, 2])


def test_rows_of_labels_are_right_as_a_whole_or_in_part() -> None:
    t, p = [[1, 0, 1], [0, 0, 1]], [[1, 1, 1], [0, 0, 1]]
    np.testing.assert_array_equal(call("zero_one", t, p), [1, 0])
    np.testing.assert_array_equal(call("hamming", t, p), [[0, 1, 0], [0, 0, 0]])


def test_a_brier_score_of_two_classes_is_twice_that_of_one() -> None:
    p = np.array([0.2, 0.7])
    rows = np.stack([1 - p, p], axis=1)
    one = call("brier", [1, 0], p)
    np.testing.assert_allclose(call("multiclass_brier", [1, 0], rows), 2 * one)
    np.testing.assert_allclose(call("multiclass_brier", [1, 0], rows, scale_by_half=True), one)
    np.testing.assert_array_equal(call("brier", [1, 0], p, scale_by_half=False), 2 * one)
