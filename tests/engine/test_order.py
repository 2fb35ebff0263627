"""Losses that an order of the values makes: the largest, the median, in any number of parts."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import losscli
from losscli.engine.evaluate import Evaluated
from losscli.engine.reduce.order import Largest, Medians, weighted_median
from losscli.engine.reduce.reducer import reducer_for
from losscli.engine.reduce.weights import WeightTotals
from losscli.errors import LosscliError
from losscli.frameworks.bind import parse

columns = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=30)
LARGEST, MEDIAN = parse("max_error"), parse("median_absolute_error")


@given(columns, st.integers(0, 30))
def test_parts_merge_to_the_whole(rows: list[tuple[float, float]], cut: int) -> None:
    values = np.array(rows)
    for state, loss, expected in (
        (Largest, LARGEST, [values.max()]),
        (Medians, MEDIAN, np.median(values, axis=0)),
    ):
        first, second = reducer_for(loss), reducer_for(loss)
        assert isinstance(first, state)
        assert isinstance(second, state)
        for part, some in ((first, values[:cut]), (second, values[cut:])):
            if len(some):
                samples = some.mean(axis=1)
                part.update(Evaluated(samples, samples, some))
        first.merge(second)
        np.testing.assert_array_equal(first.outputs("mean", WeightTotals()), expected)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_with_equal_weights_it_is_the_median(values: list[float]) -> None:
    found = weighted_median(np.array(values), np.full(len(values), 2.0))
    assert found == pytest.approx(float(np.median(values)), rel=1e-15, abs=1e-300)


@pytest.mark.parametrize(
    ("values", "weights", "expected"),
    [
        ([1, 2, 3], [1, 1, 10], 3),
        ([1, 2, 3], [1, 0, 1], 2),
        ([3, 1, 2], [1, 1, 2], 2.5 - 0.5),
        ([5], [0.1], 5),
        ([5, 6], [0, 0], math.nan),
        ([1, 2, 3, 4], [0, 1, 1, 0], 2.5),
        ([1, 2, math.nan], [1, 1, 1], math.nan),
        ([1, 2, math.nan], [1, 1, 0], 1.5),
    ],
)
def test_weights_move_the_median(
    values: list[float], weights: list[float], expected: float
) -> None:
    found = weighted_median(np.array(values, float), np.array(weights, float))
    np.testing.assert_equal(found, expected)


# As scikit-learn 1.9 has them. In the first seven, the weights up to a value exceed half of their
# sum by a rounding, and the median is between two values; in the next two they fall short of it by
# one, and it is not.
ROUNDED = [
    ([7, 2, 6, 5, 1, 3, 4], [0.7, 0.6, 0.4, 0.8, 0.5, 0.7, 0.1], 4.5),
    ([9, 3, 2, 10], [0.7, 0.7, 0.9, 0.9], 6.0),
    ([2, 8, 7, 6], [0.9, 0.2, 0.2, 0.5], 4.0),
    ([5, 2, 3, 8, 11, 7, 10], [0.1, 0.8, 0.6, 0.6, 0.7, 0.2, 0.4], 7.5),
    ([11, 7, 3, 2], [0.2, 0.6, 0.4, 0.4], 5.0),
    ([10, 4, 9, 6, 8], [0.2, 0.8, 0.6, 0.2, 0.2], 7.0),
    ([8, 1, 0, 11, 2, 4, 10], [0.9, 0.5, 0.7, 0.3, 0.3, 0.0, 0.3], 5.0),
    ([4, 0, 3, 11, 10], [0.3, 0.1, 0.7, 0.2, 0.9], 10.0),
    ([10, 1, 9, 11], [0.4, 0.1, 0.7, 0.4], 10.0),
    ([5, 11, 8, 6, 3], [0.3, 0.5, 0.9, 0.7, 0.6], 6.0),
    ([4, 6, 9, 10, 1], [0.7, 0.6, 0.5, 0.8, 0.7], 6.0),
    ([3, 7, 11, 5, 6], [0.3, 0.1, 0.2, 0.4, 0.8], 6.0),
    ([9, 11, 1, 8, 4, 10, 6], [0.0, 0.2, 0.2, 0.6, 0.4, 0.1, 0.4], 6.0),
]


@pytest.mark.parametrize(("values", "weights", "expected"), ROUNDED)
def test_what_exceeds_half_of_the_weights_by_a_rounding_meets_it(
    values: list[float], weights: list[float], expected: float
) -> None:
    given = {"dialect": "sklearn", "sample_weight": weights}
    found = losscli.compute("median_absolute_error", np.zeros(len(values)), values, **given)
    assert found.value == expected


@pytest.mark.parametrize("weights", [None, [1.0, 2.0, 1.0]], ids=["plain", "weighted"])
@pytest.mark.parametrize("name", ["max_error", "median_absolute_error"])
def test_a_nan_is_not_lost_in_the_order(name: str, weights: list[float] | None) -> None:
    given = {"nan": "propagate", "sample_weight": weights}
    assert math.isnan(losscli.compute(name, [0.0, 0, 0], [1.0, math.nan, 3], **given).value)


def test_a_sample_of_no_weight_is_not_the_largest() -> None:
    result = losscli.compute("max_error", [0, 0, 0], [1, 9, 2], sample_weight=[1, 0, 1])
    assert result.value == 2


def test_compare_leaves_out_what_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("losscli.engine.plan.MEDIAN_VALUES", 5)
    found = losscli.compare(np.zeros(6), np.ones(6))
    reasons = {one.loss: one.reason for one in found.not_applicable}
    assert "at most 5 values are held" in reasons["median_absolute_error"]
    assert "mae" in {result.loss for result in found.results}


def test_a_median_of_too_much_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("losscli.engine.reduce.order.MEDIAN_VALUES", 5)
    with pytest.raises(LosscliError, match="at most 5 values are held"):
        losscli.compute("median_absolute_error", np.zeros(6), np.ones(6))
