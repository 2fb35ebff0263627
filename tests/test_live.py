"""The live comparison itself, with stand-ins for the frameworks: none needs to be installed."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

import losscli
from losscli.frameworks.tables import DIALECTS
from tests import parity
from tests.golden_values import Value, got
from tests.live import Entry, called, calls_of, missing, rows, values_of
from tests.live_calls import HABITS, Call
from tests.live_frameworks import FRAMEWORKS, Framework

Array = np.ndarray


@dataclass(frozen=True)
class Named(Framework):
    """A framework that has every name of its table, with every parameter, but computes nothing."""

    def takes(self, name: str, keyword: str) -> bool:
        reduces = self.dialect == "torch" or self.is_class(name)
        return keyword != "sample_weight" and (keyword != "reduction" or reduces)

    def is_class(self, name: str) -> bool:
        return name[0].isupper()

    def call(self, name: str, arrays: list[Array], *settings: Any, **weights: Any) -> Array:
        raise NotImplementedError(name)


def named(dialect: str) -> Framework:
    return Named(dialect, "1.0", lambda name: name, lambda array: array)


def unreduced_calls(dialect: str) -> list[tuple[Call, Entry, Entry]]:
    """Every row, shape and set of parameters of a dialect, in float64 and reduced by default."""
    return [
        call
        for row in rows(dialect)
        for call in calls_of(named(dialect), row, row.name, 0)
        if call[1]["dtype"] == "float64" and "reduction" not in call[1]["params"]
    ]


@pytest.mark.parametrize("dialect", FRAMEWORKS)
def test_every_call_is_one_that_losscli_computes(dialect: str) -> None:
    for _, entry, case in unreduced_calls(dialect):
        value = Value(dialect, 0, entry, case)
        assert value.outcome.domain == "strict", (entry["loss"], value.outcome.error)
        assert value.outcome.result is not None, (entry["loss"], value.outcome.error)


@pytest.mark.parametrize("dialect", FRAMEWORKS)
def test_every_row_is_called(dialect: str) -> None:
    names = {row.name for row in DIALECTS[dialect].rows}
    assert {entry["loss"] for _, entry, _ in unreduced_calls(dialect)} == names


@pytest.mark.parametrize("dialect", HABITS)
def test_what_is_special_is_of_a_row(dialect: str) -> None:
    known = {
        row.name + ("" if row.target == "any" else f" {row.target}")
        for row in DIALECTS[dialect].rows
    }
    # tf.keras has no losses of overlap and no generalized one; what else Keras 3 has it has too.
    absent = (
        {"dice", "tversky", "categorical_generalized_cross_entropy"} if dialect == "tf2" else set()
    )
    assert set(HABITS[dialect].calls) - absent <= known


def test_the_dialects_without_a_live_framework_are_those_of_old_keras() -> None:
    assert set(DIALECTS) - set(FRAMEWORKS) == {"keras1", "keras2"}


# A framework of four functions, in the order and with the parameters of scikit-learn.


def mean_squared_error(y_true: Array, y_pred: Array, *, sample_weight: Any = None) -> float:
    return float(np.average((y_true - y_pred) ** 2, weights=sample_weight, axis=0).mean())


def mean_pinball_loss(y_true: Array, y_pred: Array, *, alpha: float = 0.5) -> float:
    difference = y_true - y_pred
    return float(np.maximum(alpha * difference, (alpha - 1) * difference).mean())


def mean_absolute_error(y_true: Array, y_pred: Array) -> float:
    return float(np.abs(y_true - y_pred).mean()) * 1.001


def max_error(y_true: Array, y_pred: Array) -> float:
    raise RuntimeError("not today\nnor tomorrow")


FUNCTIONS = {
    one.__name__: one
    for one in (mean_squared_error, mean_pinball_loss, mean_absolute_error, max_error)
}
SKLEARN = Framework("sklearn", "sklearn 0", FUNCTIONS.get, lambda array: array)


def test_numbers_are_compared_with_each_parameter_and_weight() -> None:
    values = values_of(SKLEARN)
    squared = [value for value in values if value.loss == "mean_squared_error"]
    assert {value.weights is None for value in squared} == {True, False}
    assert {value.dtype for value in squared} == {"float32", "float64"}
    assert len({value.entry["case"] for value in squared}) >= 3
    pinball = [value for value in values if value.loss == "mean_pinball_loss"]
    assert {value.params.get("alpha") for value in pinball} == {None, 0.1, 0.9}
    assert all(parity.judged(value) == ("agrees", "") for value in squared + pinball)


def test_another_number_differs() -> None:
    wrong = [value for value in values_of(SKLEARN) if value.loss == "mean_absolute_error"]
    assert wrong
    assert {parity.judged(value)[0] for value in wrong} == {"differs"}


def test_what_a_framework_raises_is_told() -> None:
    raised = [value for value in values_of(SKLEARN) if value.loss == "max_error"]
    assert {parity.judged(value) for value in raised} == {
        ("deliberate", "the framework raised an error: RuntimeError: not today")
    }


def test_names_that_a_framework_lacks_are_told() -> None:
    assert "log_loss" in missing(SKLEARN)
    assert "max_error" not in missing(SKLEARN)


def test_the_data_goes_by_the_seed() -> None:
    one, same, other = (values_of(SKLEARN, seed)[0].data[0] for seed in (0, 0, 1))
    assert (one == same).all()
    assert (one != other).any()


def test_classes_are_moved_to_the_axis_where_torch_has_them() -> None:
    seen: list[Any] = []

    def cross_entropy(y_pred: Array, y_true: Array) -> Array:
        seen.append((y_pred.shape, y_true.shape, y_true.dtype))
        rows = np.moveaxis(y_pred, 1, -1)
        value = losscli.compute("cross_entropy", y_true, rows, dialect="torch")
        return np.array(got(value, "reduced"))

    torch = replace(SKLEARN, dialect="torch", find={"cross_entropy": cross_entropy}.get)
    row = next(one for one in rows("torch") if one.target == "indices")
    calls = [one for one in calls_of(torch, row, "cross_entropy", 0) if one[1]["case"] == "3x5x4"]
    value = called(torch, 0, *calls[-1])
    assert value.agrees
    assert seen == [((3, 4, 5), (3, 5), np.dtype("int64"))]


def test_with_no_framework_nothing_is_passed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tests.live_frameworks.find_spec", lambda name: None)
    assert parity.main([]) == 2
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert "no framework is installed" in out
    assert "nothing was compared" in out


def test_the_frameworks_and_their_versions_are_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tests.live_frameworks.FRAMEWORKS", {"sklearn": lambda: SKLEARN})
    assert parity.main(["--dialect", "sklearn"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("compared live: sklearn 0, with the sklearn table\n")
    assert "passed over, not in this version: root_mean_squared_error" in out
