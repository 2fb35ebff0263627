"""Each reducer: any split of the rows, folded in or merged, makes what all rows at once make."""

import itertools
import math
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import losscli
from losscli.custom.reading import as_spec
from losscli.engine.evaluate import evaluate
from losscli.engine.plan import Inputs, Plan
from losscli.engine.reduce.mean import ColumnMeans, Mean
from losscli.engine.reduce.order import Largest, Medians
from losscli.engine.reduce.pooled import Pooled
from losscli.engine.reduce.reducer import Reducer, reducer_for
from losscli.engine.reduce.statistics import COMPUTED, list_statistics, parse_percentile
from losscli.engine.reduce.weights import WeightTotals
from losscli.engine.reduce.whole import Whole
from losscli.engine.run import run
from losscli.losses.domain import CLASS_INDICES
from losscli.losses.registry import find
from losscli.losses.spec import BoundLoss, loss
from losscli.sources.array import ArraySource
from losscli.sources.columns import View
from losscli.words import Kind, SummaryStatistic

ROWS = 24
RNG = np.random.default_rng(5)
T, P = RNG.normal(size=(2, ROWS, 3))
LABELS = RNG.integers(0, 3, (ROWS, 1)).astype(float)
WEIGHTS = RNG.integers(1, 4, ROWS).astype(float)


def largest(y_true: np.ndarray, y_pred: np.ndarray) -> Any:
    return np.sqrt(np.square(y_true - y_pred).mean())


def whole() -> BoundLoss:
    return as_spec(loss(kind="whole")(largest), "largest", "").bind()


Truth = Callable[[np.ndarray | None], np.ndarray | float]


def squares(weights: np.ndarray | None) -> float:
    return float(np.average(np.square(T - P).mean(axis=1), weights=weights))


def spread(weights: np.ndarray | None) -> np.ndarray:
    return np.average(np.square(T - P), axis=0, weights=weights)


def median(weights: np.ndarray | None) -> float:
    count = np.ones(ROWS, int) if weights is None else weights.astype(int)
    return float(np.median(np.repeat(np.abs(T - P), count, axis=0), axis=0).mean())


CASES: dict[str, tuple[BoundLoss, type, Truth]] = {
    "mean": (find("mse").bind(), Mean, squares),
    "columns": (find("mse").bind({"multioutput": "raw_values"}), ColumnMeans, spread),
    "pooled": (find("rmse").bind(), Pooled, lambda w: float(np.sqrt(spread(w).mean()))),
    "largest": (find("max_error").bind(), Largest, lambda w: float(np.abs(T - P).max())),
    "medians": (find("median_absolute_error").bind(), Medians, median),
    "whole": (whole(), Whole, lambda w: float(np.sqrt(spread(None).mean()))),
}


def fold(chosen: BoundLoss, rows: slice, weights: np.ndarray | None, into: Reducer) -> None:
    some = None if weights is None else weights[rows]
    into.update(evaluate(chosen, T[rows], P[rows]), some)


def totals(weights: np.ndarray | None) -> WeightTotals:
    total = WeightTotals()
    total.update(ROWS, weights)
    return total


@given(cuts=st.lists(st.integers(1, ROWS - 1), max_size=5), weighted=st.booleans())
@pytest.mark.parametrize("name", CASES)
def test_any_split_is_the_whole(name: str, cuts: list[int], weighted: bool) -> None:
    chosen, reducer, truth = CASES[name]
    weights = WEIGHTS if weighted and name != "whole" else None
    edges = [0, *sorted(set(cuts)), ROWS]
    updated, merged = reducer_for(chosen), reducer_for(chosen)
    assert type(updated) is reducer
    for start, end in itertools.pairwise(edges):
        part = reducer_for(chosen)
        for into in (updated, part):
            fold(chosen, slice(start, end), weights, into)
        merged.merge(part)
    expected = truth(weights)
    for one in (updated, merged):
        value = one.value("mean", totals(weights))
        if isinstance(expected, float):
            assert value == pytest.approx(expected, rel=1e-14)
        else:
            assert value is None
            np.testing.assert_allclose(one.outputs("mean", totals(weights)), expected, rtol=1e-14)


@pytest.mark.parametrize("name", CASES)
def test_what_has_seen_nothing_merges_both_ways(name: str) -> None:
    chosen = CASES[name][0]
    full, empty = reducer_for(chosen), reducer_for(chosen)
    fold(chosen, slice(None), None, full)
    before = full.outputs("mean", totals(None)).tolist()
    full.merge(reducer_for(chosen))
    empty.merge(full)
    assert full.outputs("mean", totals(None)).tolist() == before
    assert empty.outputs("mean", totals(None)).tolist() == before


def test_every_kind_of_loss_has_a_reducer_of_its_own() -> None:
    sample = find("zero_one").bind()
    assert type(reducer_for(sample)) is Mean
    kinds = {sample.spec.kind, *(chosen.spec.kind for chosen, _, _ in CASES.values())}
    assert kinds == set(get_args(Kind))


# Statistics


@pytest.mark.parametrize("name", get_args(SummaryStatistic))
def test_every_statistic_of_a_summary_can_be_computed_and_named(name: str) -> None:
    assert name in COMPUTED or parse_percentile(name) is not None, (
        f"{name} is no percentile: say in COMPUTED of losscli/engine/reduce/statistics.py how it "
        "is computed"
    )
    assert name in list_statistics()
    result = losscli.compute("mae", [0.0] * 9, np.arange(9.0))
    assert result.summary is not None
    assert result.to_dict()["summary"][name] == getattr(result.summary, name)


def test_another_percentile_is_one_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statistic is added to the vocabulary, and computed, without any other change."""
    statistics = "losscli.engine.reduce.statistics"
    monkeypatch.setattr(f"{statistics}.IN_SUMMARY", (*get_args(SummaryStatistic), "p90"))
    result = losscli.compute("mae", [0.0] * 11, np.arange(11.0))
    assert result.to_dict()["summary"]["p90"] == 9.0
    assert "p90" in list_statistics()


def test_a_summary_has_no_other_statistic() -> None:
    summary = losscli.compute("mae", [0.0], [1.0]).summary
    with pytest.raises(AttributeError, match="a summary has no 'spread'"):
        summary.spread  # type: ignore[union-attr]  # noqa: B018


def counted(chosen: BoundLoss, statistics: tuple[str, ...]) -> float:
    views = [View(ArraySource(array, "y")) for array in (T, P)]
    plan = Plan([chosen], summary=False, statistics={chosen.label: statistics})
    return run(plan, Inputs(views[0], {"": views[1]})).results[0].statistics["n"].value


def test_samples_are_counted_where_none_has_a_value() -> None:
    """Of a loss of the whole data, samples' values are computed only where they are shown."""
    assert counted(whole(), ("n",)) == counted(whole(), ("n", "max")) == ROWS


# Losses of the whole data


def test_the_whole_data_is_what_a_sample_of_it_is() -> None:
    """Rows without a column axis come to the function as such, one row or all of them."""
    shapes = set()

    def miss(y_true: np.ndarray, y_pred: np.ndarray) -> Any:
        shapes.add((y_true.ndim, y_pred.ndim))
        return np.asarray((y_pred.argmax(axis=-1) != y_true).mean())

    chosen = as_spec(loss(kind="whole", y_true=CLASS_INDICES)(miss), "miss", "").bind()
    views = [View(ArraySource(array, "y")) for array in (LABELS, P)]
    [result] = run(Plan([chosen]), Inputs(views[0], {"": views[1]})).results
    assert shapes == {(1, 2)}
    assert result.summary is not None
    assert result.value == pytest.approx(result.summary.mean)
    assert not math.isnan(result.summary.mean)
