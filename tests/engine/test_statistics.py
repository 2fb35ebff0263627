"""Statistics of the samples' values on demand, and fingerprints of y_true."""

from pathlib import Path

import numpy as np
import pytest

from losscli.engine.fingerprint import Fingerprint, Fingerprinter
from losscli.engine.plan import Inputs, Plan
from losscli.engine.reduce import statistics as folded
from losscli.engine.reduce.quantiles import Quantiles
from losscli.engine.result import Run
from losscli.engine.run import run
from losscli.frameworks.bind import parse
from losscli.sources.array import ArraySource
from losscli.sources.columns import View
from losscli.sources.open import open_source


def passed(plan: Plan, y_true: np.ndarray, y_pred: np.ndarray) -> Run:
    views = [View(ArraySource(np.asarray(array, float), "y")) for array in (y_true, y_pred)]
    return run(plan, Inputs(views[0], {"": views[1]}))


def test_only_what_is_named_is_there() -> None:
    errors = np.random.default_rng(0).normal(size=1000)
    names = ("mean", "min", "max", "std", "p50", "p99.9", "p0", "p100", "n")
    plan = Plan([parse("mae"), parse("mse")], summary=False, statistics={"mae": names})
    mae, mse = passed(plan, np.zeros(1000), errors).results
    sizes = np.abs(errors)
    assert mse.statistics == {}
    assert mae.summary is None
    assert mae.histogram == ()
    assert {name: s.value for name, s in mae.statistics.items()} == {
        "mean": pytest.approx(sizes.mean(), rel=1e-15),
        "min": sizes.min(),
        "max": sizes.max(),
        "std": pytest.approx(sizes.std(), rel=1e-12),
        "p50": np.quantile(sizes, 0.5),
        "p99.9": np.quantile(sizes, 0.999),
        "p0": sizes.min(),
        "p100": sizes.max(),
        "n": 1000,
    }
    assert all(s.low == s.value == s.high for s in mae.statistics.values())


def test_they_are_those_of_the_summary() -> None:
    names = ("mean", "min", "max", "std", "p50", "p95", "p99")
    plan = Plan([parse("mae")], dtype="float32", statistics={"mae": names})
    [mae] = passed(plan, np.zeros(77), np.random.default_rng(1).normal(size=77)).results
    assert {n: s.value for n, s in mae.statistics.items()} == {
        n: getattr(mae.summary, n) for n in names
    }


@pytest.mark.parametrize(
    ("statistics", "made"),
    [((), []), (("n", "mean"), []), (("max",), ["Moments"]), (("p95",), ["Quantiles"])],
)
def test_nothing_is_kept_that_nobody_asked_for(
    statistics: tuple[str, ...], made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for name in ("Moments", "Quantiles"):
        original = getattr(folded, name)

        class Spy(original):
            def __init__(self, *args: object, _name: str = name, **more: object) -> None:
                seen.append(_name)
                super().__init__(*args, **more)

        monkeypatch.setattr(folded, name, Spy)
    plan = Plan([parse("mae")], summary=False, statistics={"mae": statistics})
    passed(plan, np.zeros(9), np.ones(9))
    assert list(dict.fromkeys(seen)) == made


def test_a_whole_loss_is_not_computed_row_by_row_unless_its_samples_count() -> None:
    calls = []

    def whole(y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
        calls.append(len(y_pred))
        return np.asarray(np.abs(y_pred).max())

    from losscli.custom.reading import as_spec

    def count(statistics: tuple[str, ...]) -> int:
        calls.clear()
        loss = as_spec(whole, "whole", "").bind()
        plan = Plan([loss], summary=False, statistics={loss.label: statistics})
        [result] = passed(plan, np.zeros(50), np.arange(50.0)).results
        assert (result.value, result.kind) == (49.0, "whole")
        return len(calls)

    assert count(("n",)) + 50 == count(("max",))


@pytest.mark.parametrize("name", ["normal", "one sign", "zeros", "tiny", "infinite"])
def test_bounds_hold_the_exact_quantile(name: str) -> None:
    values = np.random.default_rng(2).normal(size=5000)
    match name:
        case "one sign":
            values = -np.exp(9 * values)
        case "zeros":
            values[::2] = 0
        case "tiny":
            values *= 1e-320
        case "infinite":
            values[:100] = np.inf
    approximate, exact = Quantiles(10), Quantiles(10_000)
    for quantiles in (approximate, exact):
        quantiles.update(values)
    for fraction in (0.0, 0.01, 0.5, 0.95, 0.999, 1.0):
        [value], (low, high) = exact.results((fraction,)), approximate.bounds(fraction)
        assert low <= value <= high
        assert exact.bounds(fraction) == (value, value)
        assert low <= approximate.results((fraction,))[0] <= high


def test_a_quantile_of_more_than_may_be_held_has_bounds_around_it() -> None:
    errors = np.random.default_rng(3).normal(size=3000)
    plan = Plan([parse("mae")], summary=False, statistics={"mae": ("p95",)}, exact=100)
    [mae] = passed(plan, np.zeros(3000), errors).results
    p95 = mae.statistics["p95"]
    assert p95.low < p95.value < p95.high
    assert p95.low <= np.quantile(np.abs(errors), 0.95) <= p95.high


def fingerprint(*blocks: object) -> Fingerprint:
    taker = Fingerprinter()
    for block in blocks:
        taker.update(np.asarray(block))
    return taker.result()


def test_a_fingerprint_is_of_the_numbers_alone() -> None:
    whole = fingerprint([[1.0, 2.0], [3.0, 0.0]])
    assert whole.shape == (2, 2)
    assert whole == fingerprint([[1, 2]], [[3, 0]])
    assert whole == fingerprint(np.asfortranarray(np.array([[1, 2], [3, -0.0]], ">f4")))
    assert whole != fingerprint([[1.0, 2.0], [3.0, 1e-300]])
    assert whole.sha256 == fingerprint([[1.0], [2.0], [3.0], [0.0]]).sha256
    assert whole != fingerprint([[1.0], [2.0], [3.0], [0.0]])


def test_a_fingerprint_knows_one_nan() -> None:
    other = np.array([0x7FF8000000000001], np.uint64).view(np.float64)
    assert fingerprint([np.nan]) == fingerprint(other) == fingerprint([-np.nan])


def test_a_fingerprint_does_not_depend_on_the_file(tmp_path: Path) -> None:
    values = np.random.default_rng(4).normal(size=200_000)
    np.save(tmp_path / "a.npy", values)
    (tmp_path / "a.csv").write_text("y\n" + "".join(f"{x!r}\n" for x in values.tolist()))
    (tmp_path / "a.json").write_text(str(values.tolist()))
    found = set()
    for name in ("a.npy", "a.csv", "a.json"):
        for dtype in ("float64", "float32"):
            view = View(open_source(str(tmp_path / name), "y"))
            inputs = Inputs(view, {"": View(ArraySource(np.zeros(200_000), "p"))})
            plan = Plan([parse("mse")], dtype=dtype, summary=False, fingerprint=True)  # type: ignore[arg-type]
            found.add(run(plan, inputs).fingerprint)
    assert len(found) == 1


def test_a_fingerprint_is_of_the_rows_that_are_used() -> None:
    y_true = np.array([1.0, 2.0, 3.0])
    plan = Plan([parse("mse")], nan="skip", summary=False, fingerprint=True)
    found = passed(plan, y_true, np.array([1.0, np.nan, 3.0])).fingerprint
    assert found == fingerprint([[1.0], [3.0]])
    assert passed(Plan([parse("mse")]), y_true, y_true).fingerprint is None
