"""The mergeable states: exact sums, merged moments, pooled values."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import losscli
from losscli.engine.evaluate import Evaluated
from losscli.engine.reduce.moments import Moments
from losscli.engine.reduce.sums import ExactSum
from losscli.engine.reduce.tally import Tally
from losscli.engine.reduce.weights import WeightTotals
from losscli.losses.registry import find

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300)


def exact_sum(terms: list[float]) -> ExactSum:
    total = ExactSum()
    for term in terms:
        total.add(term)
    return total


@given(st.lists(finite, max_size=60))
def test_a_sum_is_the_exact_one_rounded_once(terms: list[float]) -> None:
    truth = sum((Fraction(x) for x in terms), Fraction(0))
    assert exact_sum(terms).result() == math.fsum(terms) == float(truth)


@given(st.lists(finite, min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_a_sum_does_not_depend_on_the_order(terms: list[float], random: object) -> None:
    shuffled = list(terms)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert exact_sum(shuffled).result() == exact_sum(terms).result()


@given(st.lists(st.lists(finite, max_size=10), max_size=8))
def test_a_sum_does_not_depend_on_the_grouping(groups: list[list[float]]) -> None:
    merged = ExactSum()
    for group in groups:
        merged.merge(exact_sum(group))
    assert merged.result() == math.fsum(x for group in groups for x in group)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([], 0.0),
        ([1e16, 1.0, -1e16], 1.0),
        ([0.1] * 10, 1.0),
        ([math.inf, 1.0], math.inf),
        ([1.0, -math.inf], -math.inf),
        ([math.inf, -math.inf], math.nan),
        ([math.nan, 1.0], math.nan),
        ([1.0, math.inf, math.nan], math.nan),
        ([1e308, 1e308], math.inf),
        ([-1e308, -1e308], -math.inf),
        ([1e308, 1e308, 5.0], math.inf),
    ],
    ids=str,
)
def test_infinities_and_nan_add_up_as_floats_do(terms: list[float], expected: float) -> None:
    for ordered in (terms, terms[::-1]):
        np.testing.assert_equal(exact_sum(ordered).result(), expected)
        merged = ExactSum()
        for term in ordered:
            merged.merge(exact_sum([term]))
        np.testing.assert_equal(merged.result(), expected)


def test_a_sum_that_is_finite_is_finite_in_any_order() -> None:
    """Partial sums may overflow on the way: their order must not show in the result either."""
    for terms in ([1e308, 1e308, -1e308], [1e308, -1e308, 1e308]):
        assert exact_sum(terms).result() == 1e308


@given(
    st.lists(
        st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=12),
        min_size=1,
        max_size=6,
    )
)
def test_merged_moments_are_those_of_the_whole(groups: list[list[float]]) -> None:
    moments = Moments()
    for group in groups:
        moments.merge(Moments.of(np.array(group)))
    whole = np.array([x for group in groups for x in group])
    size = float(np.abs(whole).max())
    assert moments.n == len(whole)
    assert (moments.low, moments.high) == (whole.min(), whole.max())
    assert moments.mean == pytest.approx(whole.mean(), rel=1e-13, abs=1e-14 * size)
    assert moments.std == pytest.approx(whole.std(), rel=1e-9, abs=1e-14 * size)


def test_moments_keep_the_spread_of_large_numbers_that_hardly_differ() -> None:
    moments = Moments()
    for block in np.split(1e9 + np.arange(1000) % 2, 10):
        moments.merge(Moments.of(block))
    assert moments.std == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize("place", range(4))
def test_nan_comes_through_wherever_it_stands(place: int) -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0])
    values[place] = math.nan
    moments = Moments()
    for block in np.split(values, 2):
        moments.merge(Moments.of(block))
    assert [math.isnan(x) for x in (moments.low, moments.high, moments.mean, moments.std)] == [
        True
    ] * 4


def test_merging_nothing_changes_nothing() -> None:
    moments = Moments.of(np.array([1.0, 3.0]))
    moments.merge(Moments())
    assert moments == Moments(n=2, mean=2.0, m2=2.0, low=1.0, high=3.0)
    empty = Moments()
    empty.merge(moments)
    assert empty == moments
    assert math.isnan(Moments().std)


def test_rmse_of_several_rows_is_not_the_mean_of_the_rows_roots() -> None:
    result = losscli.compute("rmse", [[0.0, 0.0], [0.0, 0.0]], [[1.0, 1.0], [7.0, 7.0]])
    assert result.per_sample is not None
    assert result.per_sample.tolist() == [1.0, 7.0]
    assert result.value == 5.0  # √((1 + 1 + 49 + 49)/4), not (1 + 7)/2
    assert result.summary is not None
    assert result.summary.mean == 4.0


def test_a_state_that_has_seen_nothing_merges_both_ways() -> None:
    loss = find("rmse").bind()

    def seen(rows: int) -> Tally:
        state = Tally(loss, np.dtype(np.float64), summary=True)
        if rows:
            statistics = np.array([[2.0, 2.0]] * rows)
            state.update(Evaluated(np.ones(rows), np.ones(rows), statistics))
        return state

    for left, right in ((0, 3), (3, 0), (1, 2)):
        state = seen(left)
        state.merge(seen(right))
        assert state.value("mean", WeightTotals()) == 1.0


def test_a_float32_value_is_a_float32() -> None:
    state = Tally(find("mse").bind(), np.dtype(np.float32), summary=True)
    samples = np.array([0.1, 0.2, 0.25], dtype=np.float32)
    state.update(Evaluated(samples, samples))
    weights = WeightTotals()
    weights.update(3, None)
    value = state.value("mean", weights)
    assert value is not None
    assert value == float(np.float32(value))
    summary = state.statistics.summary()
    assert summary is not None
    assert summary.std == float(np.float32(summary.std))


def test_a_small_term_decides_a_tie_beside_huge_ones() -> None:
    terms = [8.0, 3.6028797018963976e16, 3.6028797018963976e16, 6.005706154954722e16]
    terms += [1e300, 4.431852682374429e-300, -1e300]
    assert exact_sum(terms).result() == math.fsum(terms)
