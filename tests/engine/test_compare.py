"""Many losses and models in one pass: a loss that the data forbids hurts no other."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

import losscli
from losscli.engine.blocks import rows_per_block
from losscli.engine.plan import FEW_SAMPLES, Inputs, comparison
from losscli.engine.result import Result, Run
from losscli.engine.run import run
from losscli.errors import DataError, LosscliError
from losscli.losses import registry
from losscli.sources.array import ArraySource
from losscli.sources.columns import View

Array = np.ndarray
RNG = np.random.default_rng(5)
NAMES = [spec.name for spec in registry.specs()]
ROWS = 70_000  # two blocks
FAULT = 69_499  # in row 69,500
FAULT_PLACE = f"row {FAULT + 1}, column 1"


class CountingSource(ArraySource):
    """An array that counts how often it is read from the start, and the rows it gave."""

    def __init__(self, array: Array, label: str) -> None:
        super().__init__(array, label)
        self.readings = 0
        self.rows_given = 0

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        self.readings += 1
        for block in super().blocks(rows, columns):
            self.rows_given += len(block)
            yield block


def labels_and_probabilities(*shape: int) -> tuple[Array, Array]:
    return RNG.integers(0, 2, shape).astype(np.float64), RNG.random(shape)


def compare_all(t: View, models: dict[str, View]) -> Run:
    inputs = Inputs(t, models)
    return run(comparison([spec.bind() for spec in registry.specs()], inputs), inputs)


def facts(r: Result) -> tuple[object, ...]:
    """What a comparison and a computation of one loss must agree on, to the last bit."""
    assert r.summary is not None
    s = r.summary
    return r.name, r.value, r.signature, r.n, s.min, s.max, s.mean, s.std


def fault_of_compute(name: str, t: Array, p: Array) -> str:
    with pytest.raises(LosscliError) as caught:
        losscli.compute(name, t, p)
    return caught.value.message


@pytest.mark.parametrize("shape", [(150_000,), (50_000, 3)], ids=str)
def test_every_source_is_read_once_whatever_is_asked(shape: tuple[int, ...]) -> None:
    t, p = labels_and_probabilities(*shape)
    sources = [CountingSource(x, label) for x, label in ((t, "t"), (p, "a"), (p[::-1], "b"))]
    assert len(t) > 2 * rows_per_block(1 if t.ndim == 1 else 3)
    first, *models = (View(source) for source in sources)
    found = compare_all(first, dict(zip("ab", models, strict=True)))
    assert len({r.name for r in found.results}) >= 12
    assert [source.readings for source in sources] == [1, 1, 1]
    assert [source.rows_given for source in sources] == [len(t)] * 3


@pytest.mark.parametrize("shape", [(150_000,), (50_000, 3), (9_000, 2, 5)], ids=str)
def test_a_loss_among_all_is_what_it_is_alone(shape: tuple[int, ...]) -> None:
    """The bits, over several blocks; and what compute refuses does not apply."""
    t, p = labels_and_probabilities(*shape)
    found = losscli.compare(t, p)
    assert [facts(r) for r in found.results] == [
        facts(losscli.compute(r.name, t, p)) for r in found.results
    ]
    left_out = [loss.loss for loss in found.not_applicable]
    assert sorted([*left_out, *(r.name for r in found.results)]) == sorted(NAMES)
    for name in left_out:
        assert fault_of_compute(name, t, p)


def test_each_of_several_models_is_what_it_is_alone() -> None:
    t, p = labels_and_probabilities(70_000)
    models = {"p": p, "half": np.full_like(p, 0.5), "worse": p[::-1]}
    found = losscli.compare(t, models)
    assert found.models == tuple(models)
    alone = {name: losscli.compare(t, x) for name, x in models.items()}
    for name in models:
        of_model = [facts(r) for r in found.results if r.model == name]
        assert of_model == [facts(r) for r in alone[name].results]


@pytest.mark.parametrize(("faulty", "value"), [("y_true", 1.5), ("y_pred", -0.25)])
def test_a_fault_in_a_late_block_excludes_the_losses_that_forbid_it(
    faulty: str, value: float
) -> None:
    t, p = labels_and_probabilities(ROWS)
    sides = {"y_true": t, "y_pred": p}
    sides[faulty][FAULT] = value
    found = losscli.compare(t, p)
    reasons = {loss.loss: loss.reason for loss in found.not_applicable}
    for name in ("binary_crossentropy", "kld"):
        must = f"{faulty} must be a number in [0, 1], found {value}"
        assert reasons[name] == f"{must} in {faulty}, {FAULT_PLACE}"
        assert fault_of_compute(name, t, p) == f"{faulty}, {FAULT_PLACE}: for {name}, {must}"
    kept = [r.name for r in found.results]
    assert {"mse", "mae", "hinge"} <= set(kept)
    assert [facts(r) for r in found.results] == [facts(losscli.compute(n, t, p)) for n in kept]
    among_kept = losscli.compare(t, p, losses=kept)
    assert [facts(r) for r in found.results] == [facts(r) for r in among_kept.results]


@pytest.mark.parametrize(
    ("t_row", "p_row", "first"),
    [
        (69_000, 68_000, "y_pred"),
        (68_000, 69_000, "y_true"),
        (10, 69_000, "y_true"),
        (69_000, 10, "y_pred"),
        (500, 500, "y_true"),
    ],
)
def test_the_reason_is_the_first_fault_of_both_sides(t_row: int, p_row: int, first: str) -> None:
    t, p = labels_and_probabilities(ROWS)
    t[t_row], p[p_row] = 2.0, 3.0
    row = min(t_row, p_row)
    value = 2.0 if first == "y_true" else 3.0
    reasons = {loss.loss: loss.reason for loss in losscli.compare(t, p).not_applicable}
    assert reasons["binary_crossentropy"] == (
        f"{first} must be a number in [0, 1], found {value} in {first}, row {row + 1}, column 1"
    )


def test_a_fault_of_one_model_excludes_the_loss_for_all_and_names_the_model() -> None:
    t, p = labels_and_probabilities(ROWS)
    bad = p.copy()
    bad[FAULT] = 1.25
    found = losscli.compare(t, {"good": p, "bad": bad})
    reasons = {loss.loss: loss.reason for loss in found.not_applicable}
    assert reasons["binary_crossentropy"].endswith(f"found 1.25 in bad, {FAULT_PLACE}")
    assert "binary_crossentropy" not in {r.name for r in found.results}
    good = losscli.compare(t, p)
    kept = {r.name for r in found.results}
    of_good = [facts(r) for r in found.results if r.model == "good"]
    assert of_good == [facts(r) for r in good.results if r.name in kept]


def test_a_loss_that_was_left_out_earns_no_note() -> None:
    t, p = np.full((20, 2), 0.25), np.full((20, 2), 0.5)
    assert any("kld" in note for note in losscli.compare(t, p).notes)
    p[-1] = 7.0
    found = losscli.compare(t, p)
    assert not any("kld" in note for note in found.notes)
    assert any("hinge" in note for note in found.notes)


@pytest.mark.parametrize("losses", [["mse"], ["hinge"], ["kld", "hinge"]], ids=str)
def test_what_is_only_expected_is_marked_and_not_left_out(losses: list[str]) -> None:
    t, p = np.full((5, 2), 0.25), np.full((5, 2), 0.5)
    found = losscli.compare(t, p, losses=losses)
    assert found.not_applicable == ()
    assert [r.unusual for r in found.results] == [name != "mse" for name in losses]
    assert bool(found.notes) == any(r.unusual for r in found.results)


@pytest.mark.parametrize(
    ("losses", "t", "p", "said"),
    [
        (["bce", "kld"], [0.5], [2.0], "y_pred must be a number in [0, 1], found 2.0"),
        (["categorical_hinge"], [0.5], [2.0], "must have a column per class"),
        (["categorical_hinge", "bce"], [0.5], [2.0], "y_pred must be a number in [0, 1]"),
        (["bce"], [0.5] * ROWS, [0.5] * (ROWS - 1) + [-1.0], f"row {ROWS}, column 1"),
    ],
    ids=["values", "shapes", "both", "late"],
)
def test_it_is_an_error_if_nothing_applies(
    losses: list[str], t: list[float], p: list[float], said: str
) -> None:
    with pytest.raises(DataError) as caught:
        losscli.compare(t, p, losses=losses)
    assert said in caught.value.message


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_no_reason_but_an_error(value: float) -> None:
    t, p = labels_and_probabilities(ROWS)
    p[FAULT] = value
    with pytest.raises(DataError, match=rf"^p2, {FAULT_PLACE}: {value} is not a finite number\n"):
        losscli.compare(t, {"p1": np.zeros(ROWS), "p2": p})


def test_skip_drops_a_row_for_all_models_alike() -> None:
    t, p = labels_and_probabilities(40_000, 2)
    a, b, t_ = p.copy(), 1 - p, t.copy()
    a[3, 0], b[35_000, 1], t_[39_990, 0] = math.nan, math.inf, -math.inf
    b[3, 1] = math.nan  # a row that two models spoil is one row
    found = losscli.compare(t_, {"a": a, "b": b}, nan="skip")
    assert (found.n.used, found.n.skipped) == (len(t) - 3, 3)
    rest = np.delete(np.arange(len(t)), [3, 35_000, 39_990])
    alone = losscli.compare(t[rest], {"a": p[rest], "b": 1 - p[rest]})
    assert len(found.results) == len(alone.results) > 20
    for ours, theirs in zip(found.results, alone.results, strict=True):
        assert (ours.name, ours.model, ours.n.used) == (theirs.name, theirs.model, len(t) - 3)
        # The blocks are cut elsewhere, so that the last bits may differ.
        assert ours.value == pytest.approx(theirs.value, rel=1e-13)


def test_propagate_makes_only_its_own_model_nan() -> None:
    t = np.zeros(20)
    bad = np.ones(20)
    bad[7] = math.nan
    found = losscli.compare(t, {"good": np.ones(20), "bad": bad}, losses=["mse"], nan="propagate")
    assert [r.status for r in found.results] == ["ok", "nan"]


@pytest.mark.parametrize(("rows", "held"), [(1, 1), (FEW_SAMPLES, 10), (FEW_SAMPLES + 1, None)])
def test_the_samples_values_are_there_where_they_are_few(rows: int, held: int | None) -> None:
    """All of them or none: ten of many would be no `per_sample`."""
    t, p = np.zeros(rows), np.arange(rows) + 1.0
    [result] = losscli.compare(t, p, losses=["mse"]).results
    if held is None:
        assert result.per_sample is None
    else:
        assert result.per_sample is not None
        assert result.per_sample.tolist() == [float(x**2) for x in range(1, held + 1)]


def test_models_of_other_shapes_are_refused() -> None:
    with pytest.raises(DataError, match=r"b has \(4, 3\)"):
        losscli.compare(np.zeros((4, 2)), {"a": np.zeros((4, 2)), "b": np.zeros((4, 3))})
    with pytest.raises(DataError, match=r"numbers of rows differ"):
        losscli.compare(np.zeros((4, 2)), {"a": np.zeros((4, 2)), "b": np.zeros((5, 2))})


def test_no_model_is_an_error_of_the_caller() -> None:
    with pytest.raises(LosscliError):
        losscli.compare([1.0, 2.0], {})


def test_parameters_and_aliases_keep_what_they_were_called() -> None:
    found = losscli.compare([1.0, 9.0], [2.0, 3.0], losses=["MSE", "huber:delta=2", "huber"])
    assert [r.label for r in found.results] == ["MSE", "huber:delta=2", "huber"]
    for r in found.results:
        assert facts(r) == facts(losscli.compute(r.label, [1.0, 9.0], [2.0, 3.0]))
