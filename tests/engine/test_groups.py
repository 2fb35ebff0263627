"""Groups of rows: each is what its rows alone would be."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np
import pytest

import losscli
from losscli.engine.groups import MOST_GROUPS
from losscli.engine.result import Result, Run
from losscli.errors import DataError

Array = np.ndarray
RNG = np.random.default_rng(11)
ROWS = 70_000  # more than a block
SIZES = np.array(["north", "south", "2", "10", "1"])
GROUPS = SIZES[RNG.choice(5, size=ROWS, p=[0.6, 0.2, 0.1, 0.0999, 0.0001])]
T = RNG.integers(0, 2, ROWS).astype(np.float64)
P = RNG.random(ROWS)
W = np.where(RNG.random(ROWS) < 0.2, 0.0, RNG.random(ROWS) * 3)


def of_group(found: Run, group: str) -> list[Result]:
    return [r for r in found.results if r.group == (group,)]


def order(found: Run) -> list[str]:
    """The groups in the order in which they come, each once."""
    return [key[0] for key in dict.fromkeys(r.group for r in found.results) if key]


def assert_same(ours: Result, alone: Result) -> None:
    assert (ours.name, ours.model, ours.signature) == (alone.name, alone.model, alone.signature)
    assert ours.n.used == alone.n.used
    assert ours.value == pytest.approx(alone.value, rel=1e-13)
    assert ours.summary is not None
    assert alone.summary is not None
    # What may be held for exact quantiles depends on how many losses and groups there are.
    exact = ours.summary.quantile_error == alone.summary.quantile_error == 0
    for statistic in ("min", "max", *(("p50", "p95", "p99") if exact else ())):
        assert getattr(ours.summary, statistic) == getattr(alone.summary, statistic)
    assert ours.summary.mean == pytest.approx(alone.summary.mean, rel=1e-13)
    assert ours.summary.std == pytest.approx(alone.summary.std, rel=1e-12)


@pytest.mark.parametrize("weights", [None, W], ids=["plain", "weighted"])
@pytest.mark.parametrize(
    "models", [{"y_pred": P}, {"a": P, "b": P[::-1]}], ids=["one model", "two models"]
)
def test_a_group_is_what_its_rows_alone_are(models: dict[str, Array], weights: Any) -> None:
    found = losscli.compare(T, models, by=GROUPS.tolist(), sample_weight=weights)
    assert order(found) == ["1", "2", "10", "north", "south"]
    assert sum(r.n.used for r in found.results if r.name == "mse") == len(models) * ROWS
    for group in SIZES.tolist():
        rows = group == GROUPS
        some = None if weights is None else weights[rows]
        alone = losscli.compare(
            T[rows], {m: p[rows] for m, p in models.items()}, sample_weight=some
        )
        ours = of_group(found, group)
        assert len(ours) == len(alone.results) >= 12 * len(models)
        for mine, theirs in zip(ours, alone.results, strict=True):
            assert_same(mine, theirs)


def test_a_group_of_one_value_is_the_whole() -> None:
    grouped = losscli.compare(T, P, by=["all"] * ROWS)
    whole = losscli.compare(T, P)
    assert [(r.name, r.value, r.summary) for r in grouped.results] == [
        (r.name, r.value, r.summary) for r in whole.results
    ]


@pytest.mark.parametrize(
    ("by", "sorted_"),
    [
        ([10, 9, 2, 1, 100], ["1", "2", "9", "10", "100"]),
        (["1.5", "-3", "1e1", "b", "a"], ["-3", "1.5", "1e1", "a", "b"]),
        (["b", "a", "B", "é", ""], ["", "B", "a", "b", "é"]),
    ],
    ids=str,
)
def test_groups_come_numbers_by_value_then_text(by: Sequence[object], sorted_: list[str]) -> None:
    found = losscli.compare(np.zeros(5), np.ones(5), losses=["mse"], by=by)
    assert order(found) == sorted_


def test_the_order_of_groups_does_not_depend_on_the_order_of_rows() -> None:
    """'nan' and 'inf' are numbers to Python, but NaN has no place among them."""
    orders = {
        tuple(order(losscli.compare([0.0] * 4, [1.0] * 4, losses=["mse"], by=by)))
        for by in permutations(["2", "nan", "1", "inf"])
    }
    assert len(orders) == 1


@pytest.mark.parametrize("groups", [MOST_GROUPS, MOST_GROUPS + 1])
def test_there_may_be_a_thousand_groups(groups: int) -> None:
    t, p = np.zeros(3000), np.ones(3000)
    by = (np.arange(3000) % groups).tolist()
    if groups > MOST_GROUPS:
        with pytest.raises(DataError, match="more than 1000 groups"):
            losscli.compare(t, p, losses=["mse"], by=by)
    else:
        found = losscli.compare(t, p, losses=["mse"], by=by)
        assert order(found) == [str(i) for i in range(groups)]
        assert {(r.value, r.n.used) for r in found.results} == {(1.0, 3)}


@pytest.mark.parametrize("length", [3, 5])
def test_there_must_be_a_group_for_every_row(length: int) -> None:
    with pytest.raises(DataError, match="another number of rows"):
        losscli.compare(np.zeros(4), np.ones(4), by=["a"] * length)


def test_a_loss_that_one_group_forbids_is_left_out_of_all() -> None:
    p = P.copy()
    p[ROWS - 1] = 2.0
    found = losscli.compare(T, p, by=GROUPS.tolist())
    assert "binary_crossentropy" in {loss.loss for loss in found.not_applicable}
    names = [[r.name for r in of_group(found, group)] for group in SIZES.tolist()]
    assert names == [names[0]] * 5
    assert "binary_crossentropy" not in names[0]


def test_skipped_rows_leave_their_groups() -> None:
    p = P.copy()
    p[:300] = np.nan
    by = np.array(["x", "y"])[np.arange(ROWS) % 2]
    by[0] = "only here"
    found = losscli.compare(T, p, by=by.tolist(), nan="skip", losses=["mse"])
    assert (found.n.used, found.n.skipped) == (ROWS - 300, 300)
    assert order(found) == ["x", "y"]
    for r in found.results:
        assert r.group is not None
        rows = (by == r.group[0]) & (np.arange(ROWS) >= 300)
        assert r.n.used == np.count_nonzero(rows)
        assert r.value == pytest.approx(np.square(T[rows] - P[rows]).mean(), rel=1e-13)


def test_a_group_whose_weights_are_all_zero_is_no_internal_error() -> None:
    """Its rows weigh nothing: the loss of the others is what it is."""
    found = losscli.compare(
        [0.0, 0.0, 0.0, 0.0],
        [1.0, 2.0, 3.0, 5.0],
        losses=["mse", "rmse"],
        by=["a", "a", "b", "b"],
        sample_weight=[0.0, 0.0, 1.0, 1.0],
    )
    assert [r.value for r in of_group(found, "b")] == pytest.approx([17.0, 17.0**0.5])
    for r in of_group(found, "a"):
        assert r.status != "ok"
