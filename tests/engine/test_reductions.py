"""Weights and reductions, against the definitions and against what Keras 2.1 computed."""

from typing import Any

import numpy as np
import pytest

import losscli
from losscli.errors import DataError, UsageError

RNG = np.random.default_rng(3)
T, P = RNG.normal(size=(50, 2)), RNG.normal(size=(50, 2))
W = np.where(RNG.random(50) < 0.3, 0.0, RNG.random(50) * 3)
LOSSES = np.square(T - P).mean(axis=1)
DEFINITIONS = {
    "mean": (W * LOSSES).sum() / W.sum(),
    "mean_over_batch": (W * LOSSES).sum() / 50,
    "mean_over_nonzero": (W * LOSSES).sum() / np.count_nonzero(W),
    "sum": (W * LOSSES).sum(),
}


@pytest.mark.parametrize("reduction", DEFINITIONS)
def test_reduction_is_its_definition(reduction: Any) -> None:
    result = losscli.compute("mse", T, P, sample_weight=W, reduction=reduction)
    assert result.value == pytest.approx(DEFINITIONS[reduction], rel=1e-14)
    assert f"|reduction:{reduction}|" in result.signature
    assert "|weights:yes|" in result.signature


def test_the_default_is_the_weighted_mean() -> None:
    result = losscli.compute("mse", T, P, sample_weight=W)
    assert result.value == pytest.approx(DEFINITIONS["mean"], rel=1e-14)


def test_keras_2_divides_by_the_number_of_weights_that_are_not_0() -> None:
    result = losscli.compute("mse", T, P, sample_weight=W, dialect="keras2", dtype="float64")
    assert result.value == pytest.approx(DEFINITIONS["mean_over_nonzero"], rel=1e-14)


@pytest.mark.parametrize("reduction", [None, "mean", "mean_over_batch", "mean_over_nonzero"])
def test_without_weights_all_means_are_one(reduction: Any) -> None:
    result = losscli.compute("mse", T, P, reduction=reduction)
    assert result.value == pytest.approx(LOSSES.mean(), rel=1e-14)
    assert "|reduction:mean|" in result.signature
    assert "|weights:no|" in result.signature


def test_none_leaves_no_value() -> None:
    result = losscli.compute("mse", T, P, reduction="none")
    assert (result.value, result.status) == (None, "none")
    assert result.per_sample == pytest.approx(LOSSES)


def test_a_pooled_loss_pools_with_the_weights() -> None:
    result = losscli.compute("rmse", T, P, sample_weight=W)
    assert result.value == pytest.approx(np.sqrt((W * LOSSES).sum() / W.sum()), rel=1e-14)
    assert "|reduction:mean|" in result.signature
    with pytest.raises(UsageError, match="has no sum"):
        losscli.compute("rmse", T, P, reduction="sum")


def test_a_pooled_loss_of_each_sample_is_reduced_like_others() -> None:
    t, p = (T > 0).astype(float), np.clip(np.abs(P), 0, 1)
    rows = [losscli.compute("dice", t[i : i + 1], p[i : i + 1]).value for i in range(50)]
    for weights, value in ((None, np.mean(rows)), (W, (W * rows).sum() / W.sum())):
        result = losscli.compute(
            "dice", t, p, per_sample=True, sample_weight=weights, reduction="mean"
        )
        assert result.value == pytest.approx(value, rel=1e-14)
        assert result.per_sample == pytest.approx(rows, rel=1e-14)


def test_the_samples_values_and_their_summary_are_unweighted() -> None:
    result = losscli.compute("mse", T, P, sample_weight=W)
    assert result.per_sample == pytest.approx(LOSSES)
    assert result.summary is not None
    assert result.summary.mean == pytest.approx(LOSSES.mean())


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, -0.5, 1], "sample_weight, row 2, column 1: a weight must be .* found -0.5"),
        ([1, 1, np.nan], "sample_weight, row 3, column 1: a weight must be .* found nan"),
        ([0, 0, 0], "all weights are 0"),
        ([1, 1], r"numbers of rows differ: .*\(3, 1\).*sample_weight has shape \(2, 1\)"),
    ],
)
def test_bad_weights_are_refused(weights: list[float], message: str) -> None:
    with pytest.raises(DataError, match=message):
        losscli.compute("mse", [1, 2, 3], [1, 2, 4], sample_weight=weights)
