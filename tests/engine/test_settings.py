"""What the engine does beside calling a loss: columns, labels, divisors, further arrays."""

from functools import partial

import numpy as np
import pytest

import losscli
from losscli.errors import DataError, UsageError

rng = np.random.default_rng(7)
T, P = rng.normal(size=(2, 9, 3))
W = rng.random(9)
Z = rng.normal(size=(9, 3))
LABELS = rng.integers(0, 3, 9)


# Columns


def columns(weights: np.ndarray | None = None) -> np.ndarray:
    return np.average((T - P) ** 2, axis=0, weights=weights)


@pytest.mark.parametrize("weights", [None, W])
def test_columns_may_be_kept_or_weighted(weights: np.ndarray | None) -> None:
    mse = partial(losscli.compute, "mse", T, P, reduction="mean", sample_weight=weights)
    each = mse(multioutput="raw_values")
    assert each.value is None
    assert each.status == "none"
    np.testing.assert_allclose(each.outputs, columns(weights), rtol=1e-14)
    one = mse(multioutput=[1, 0, 3])
    assert one.value == pytest.approx(np.average(columns(weights), weights=[1, 0, 3]), rel=1e-14)
    assert "multioutput=[1,0,3]" in one.signature


def test_medians_of_columns_may_be_kept() -> None:
    each = losscli.compute("median_absolute_error", T, P, multioutput="raw_values")
    np.testing.assert_allclose(each.outputs, np.median(np.abs(T - P), axis=0), rtol=1e-14)
    one = losscli.compute("median_absolute_error", T, P, multioutput=[0, 1, 0])
    assert one.value == pytest.approx(np.median(np.abs(T - P), axis=0)[1], rel=1e-14)


def test_a_list_for_columns_has_a_number_each() -> None:
    with pytest.raises(DataError, match="multioutput must have as many numbers"):
        losscli.compute("mse", T, P, multioutput=[1, 2])


# Labels


def test_labels_may_have_any_values() -> None:
    names = np.array([10.0, -3.0, 7.5])
    plain = losscli.compute("sparse_categorical_crossentropy:from_logits=true", LABELS, Z)
    named = losscli.compute(
        "sparse_categorical_crossentropy:from_logits=true,classes=[10,-3,7.5]", names[LABELS], Z
    )
    assert named.value == plain.value
    with pytest.raises(DataError, match=r"row 1.*one of the labels: 1, 2, 3, found 9"):
        losscli.compute("sparse_categorical_crossentropy:classes=[1,2,3]", [9], [[0.2, 0.3, 0.5]])
    with pytest.raises(DataError, match="classes must have as many numbers"):
        losscli.compute("sparse_categorical_crossentropy:classes=[1,2]", [1], [[0.2, 0.3, 0.5]])


def test_of_two_labels_the_second_is_positive() -> None:
    yes = losscli.compute("brier:classes=[5,6]", [5, 6], [0.25, 0.5])
    no = losscli.compute("brier:classes=[6,5]", [5, 6], [0.25, 0.5])
    np.testing.assert_allclose(yes.per_sample, [0.0625, 0.25])
    np.testing.assert_allclose(no.per_sample, [0.5625, 0.25])


def test_labels_0_and_minus_1_are_not_mixed() -> None:
    signed = losscli.compute("hinge:labels=signed", [0, 1], [0.5, 0.5])
    assert signed.value == losscli.compute("hinge", [-1, 1], [0.5, 0.5]).value
    with pytest.raises(DataError, match=r"row 2.*found -1 beside 0"):
        losscli.compute("hinge:labels=signed", [0, -1, 1], [0.5, 0.5, 0.5])


# What a mean divides by

SCCE = "sparse_categorical_crossentropy:from_logits=true"
WEIGHTED = f"{SCCE},class_weight=[1,2,0.5]"


def test_class_weights_divide_a_mean() -> None:
    plain = losscli.compute(SCCE, LABELS, Z).per_sample
    assert plain is not None
    share = np.array([1.0, 2.0, 0.5])[LABELS]
    weighted = losscli.compute(WEIGHTED, LABELS, Z)
    assert weighted.value == pytest.approx(np.average(plain, weights=share), rel=1e-14)
    np.testing.assert_allclose(weighted.per_sample, plain * share, rtol=1e-14)
    both = losscli.compute(
        f"{SCCE},class_weight=[1,2,0.5]", LABELS, Z, sample_weight=W, reduction="mean"
    )
    assert both.value == pytest.approx(np.average(plain, weights=share * W), rel=1e-14)
    total = losscli.compute(WEIGHTED, LABELS, Z, reduction="sum")
    assert total.value == pytest.approx(float((plain * share).sum()), rel=1e-14)


def test_ignored_labels_are_not_counted() -> None:
    labels = np.where(LABELS == 1, -100, LABELS)
    kept = labels >= 0
    found = losscli.compute(f"{SCCE},ignore_class=-100", labels, Z)
    assert found.value == pytest.approx(
        losscli.compute(SCCE, labels[kept], Z[kept]).value, rel=1e-14
    )
    assert found.per_sample is not None
    assert (found.per_sample[~kept] == 0).all()
    nothing = losscli.compute(f"{SCCE},ignore_class=-100", [-100], [[0.0, 1.0]])
    assert np.isnan(nothing.value)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="class index"):
        losscli.compute(f"{SCCE},ignore_class=-100", [-99], [[0.0, 1.0]])


# Further arrays


def test_a_further_array_is_needed_and_checked() -> None:
    t, p, var = T, P, np.full((9, 3), 0.5)
    found = losscli.compute("gaussian_nll", t, p, inputs={"var": var})
    np.testing.assert_allclose(found.value, np.mean((np.log(0.5) + (t - p) ** 2 / 0.5) / 2))
    assert losscli.compute("gaussian_nll", t, p, var=var).value == found.value
    narrow = losscli.compute("gaussian_nll", t, p, var=np.full(9, 0.5))
    assert narrow.value == found.value
    with pytest.raises(DataError, match="it takes a further array, var") as caught:
        losscli.compute("gaussian_nll", t, p)
    assert caught.value.hint == "inputs={'var': …}"
    with pytest.raises(DataError, match="var must have the shape of y_pred"):
        losscli.compute("gaussian_nll", t, p, var=np.ones((9, 2)))
    bad = var.copy()
    bad[2, 1] = -0.5
    with pytest.raises(DataError, match=r"var, row 3, column 2.*found -0.5"):
        losscli.compute("gaussian_nll", t, p, var=bad)
    with pytest.raises(DataError, match="numbers of rows differ"):
        losscli.compute("gaussian_nll", t, p, var=var[:5])
    with pytest.raises(UsageError, match="no loss here takes an input 'var'"):
        losscli.compute("mse", t, p, inputs={"var": var})


def test_compare_leaves_out_what_lacks_an_array() -> None:
    without, with_it = losscli.compare(T, P), losscli.compare(T, P, inputs={"var": np.ones((9, 3))})
    left_out = {one.loss: one.reason for one in without.not_applicable}
    assert "it takes a further array, var" in left_out["gaussian_nll"]
    assert "gaussian_nll" in {result.loss for result in with_it.results}


# Outside of the domain


def test_values_outside_of_the_domain_are_computed_on_demand() -> None:
    with pytest.raises(DataError, match=r"must be a number in \[0, 1\]"):
        losscli.compute("bce", [[1.0]], [[1.5]])
    found = losscli.compute("bce", [[1.0]], [[1.5]], domain="framework")
    assert found.value == pytest.approx(1e-7, rel=1e-6)
    assert "|domain:framework|" in found.signature
    with pytest.raises(DataError, match="class index"):
        losscli.compute(SCCE, [3], [[0.0, 1.0]], domain="framework")


# Pooled losses of each sample


def test_an_overlap_may_be_of_each_sample() -> None:
    t, p = (rng.random((4, 5)) > 0.5).astype(float), rng.random((4, 5))
    together = losscli.compute("dice", t, p)
    each = losscli.compute("dice:per_sample=true", t, p)
    np.testing.assert_array_equal(together.per_sample, each.per_sample)
    assert each.value == pytest.approx(np.mean(each.per_sample), rel=1e-14)  # type: ignore[arg-type]
    assert together.value != each.value
    total = losscli.compute("dice:per_sample=true", t, p, reduction="sum")
    assert total.value == pytest.approx(np.sum(each.per_sample), rel=1e-14)  # type: ignore[arg-type]


# Weights of leading axes


@pytest.mark.parametrize("shape", [(4,), (4, 1), (4, 1, 1), (4, 2)], ids=str)
def test_weights_may_be_of_leading_axes(shape: tuple[int, ...]) -> None:
    t, p = rng.normal(size=(2, 4, 2, 3))
    weights = rng.random(shape)
    unreduced = ((t - p) ** 2).mean(axis=-1)
    wide = np.broadcast_to(weights.reshape(4, -1), (4, 2))
    for reduction, expected in (
        ("mean", (wide * unreduced).sum() / wide.sum()),
        ("mean_over_batch", (wide * unreduced).mean()),
        ("sum", (wide * unreduced).sum()),
    ):
        found = losscli.compute("mse", t, p, sample_weight=weights, reduction=reduction)
        assert found.value == pytest.approx(float(expected), rel=1e-14)
    np.testing.assert_allclose(found.unreduced, wide * unreduced, rtol=1e-14)


def test_batchmean_divides_by_the_samples() -> None:
    t, p = rng.normal(size=(2, 4, 2, 3))
    found = losscli.compute("mse", t, p, reduction="batchmean")
    assert found.value == pytest.approx(((t - p) ** 2).mean(axis=-1).sum() / 4, rel=1e-14)


# What a review found


def test_ignored_labels_among_labels_of_any_values() -> None:
    p = [[0.5, 0.25, 0.25]] * 3
    found = losscli.compute("scce:classes=[3,0,1],ignore_class=0", [3, 1, 0], p)
    np.testing.assert_allclose(found.per_sample, [np.log(2), np.log(4), 0])
    assert found.value == pytest.approx(np.log(8) / 2)
    none = losscli.compute("scce:classes=[3,0,1],ignore_class=-100", [3, 1, -100], p)
    assert none.value == pytest.approx(np.log(8) / 2)


def test_labels_are_found_in_either_precision() -> None:
    for dtype in ("float32", "float64"):
        found = losscli.compute(
            "brier:classes=[0.1,0.2]",
            [0.1, 0.2],
            [0.5, 0.5],
            dtype=dtype,  # type: ignore[arg-type]
        )
        assert found.value == 0.25
    with pytest.raises(DataError, match="one stands twice"):
        losscli.compute("brier:classes=[1,1]", [1, 1], [0.5, 0.5])


def test_a_list_for_columns_is_for_the_values_there_are() -> None:
    with pytest.raises(UsageError, match="weighs 2 values, there are 1"):
        losscli.compute("rmse", [[1, 2]], [[1, 3]], multioutput=[1, 2])
    with pytest.raises(DataError, match="must not be 0 for all"):
        losscli.compute("mse", [[1, 2]], [[1, 3]], multioutput=[0, 0])
    t, p, weights = T[:2, :2], P[:2, :2], np.ones((2, 2))
    with pytest.raises(DataError, match="one weight a sample"):
        losscli.compute("mse", t, p, multioutput=[1, 2], dialect="torch", sample_weight=weights)


def test_columns_follow_the_reduction() -> None:
    t, p, weights = [[1, 2], [3, 4]], [[1, 3], [5, 4]], [0, 0.5]
    for reduction, expected in (
        ("mean", (4, 0)),
        ("mean_over_nonzero", (2, 0)),
        ("mean_over_batch", (1, 0)),
    ):
        options = {"sample_weight": weights, "reduction": reduction}
        found = losscli.compute("mse", t, p, multioutput="raw_values", **options)
        assert found.outputs == expected
    with pytest.raises(UsageError, match="no value of the reduction sum"):
        losscli.compute("mse", t, p, multioutput="raw_values", reduction="sum")


def test_a_class_weight_is_for_each_class() -> None:
    with pytest.raises(DataError, match="class_weight must have as many numbers"):
        losscli.compute(f"{SCCE},class_weight=2", LABELS, Z)
    one, each = (
        losscli.compute(f"bce:from_logits=true,pos_weight={w}", T > 0, P).value
        for w in ("2", "[2,2,2]")
    )
    assert one == each


def test_batches_of_a_loss_of_all_rows() -> None:
    def whole(y_true, y_pred):  # type: ignore[no-untyped-def]
        return float(np.mean((y_true - y_pred) ** 2))

    found = losscli.compute(whole, T, P, batch_size=4)
    by_hand = losscli.compute("mse", T, P, batch_size=4)
    assert found.value == pytest.approx(by_hand.value, rel=1e-14)
