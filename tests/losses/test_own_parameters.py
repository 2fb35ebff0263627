"""The parameters of a loss of one's own are its function's, whatever they are called.

Many are names of something else here: of what the engine does, of what frameworks have words for,
of built-in losses' parameters. None of them may be taken for that.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import losscli
from losscli.custom.reading import as_spec
from losscli.engine.plan import Inputs, Plan
from losscli.engine.result import Result
from losscli.engine.run import run
from losscli.errors import UsageError
from losscli.frameworks.bind import bind_own
from losscli.frameworks.tables import DIALECTS
from losscli.losses.parameters import Spelled
from losscli.losses.registry import specs
from losscli.losses.spec import BoundLoss
from losscli.sources.array import ArraySource
from losscli.sources.columns import View

T = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
P = np.array([[0.5, 2.0], [-1.0, 3.0], [0.0, 0.25]])
MEAN = float(np.abs(T - P).mean())

NAMES = sorted(
    {
        *("rank", "form", "reduction", "classes", "labels", "multioutput", "outputs", "per_sample"),
        *("from_logits", "log_input", "name", "loss", "dtype", "axis", "axes", "weights", "weight"),
        *("sample_weight", "label", "called", "spec", "params", "text", "dialect", "version"),
        *("target", "empty", "ignored", "ignore_class", "scale", "size_average", "reduce", "where"),
        *("y_true", "y_pred", "function", "values", "call", "self", "normalize", "pos_label"),
        *(parameter.name for spec in specs() for parameter in spec.settings),
        *(key for table in DIALECTS.values() for row in table.rows for key in row.parameters),
    }
)
every_name = pytest.mark.parametrize("name", NAMES)


def own(name: str, default: object = 1.0) -> Any:
    """A loss of two arrays with one parameter of this name, a factor."""
    scope: dict[str, Any] = {}
    source = f"def f(x1, x2, *, {name}={default!r}): return abs(x1 - x2) * {name}"
    exec(source, scope)  # it is made of the names above
    return scope["f"]


def value(loss: BoundLoss) -> Result:
    views = View(ArraySource(T, "y_true")), View(ArraySource(P, "y_pred"))
    return run(Plan([loss], keep=None), Inputs(views[0], {"": views[1]})).results[0]


@every_name
def test_a_parameter_of_any_name_is_the_functions(name: str) -> None:
    spec = as_spec(own(name), "f", "own.py", {name})
    for given in (5, np.float64(5), Spelled("5")):
        found = value(bind_own(spec, {name: given}, called="f", text="f"))
        assert found.value == pytest.approx(5 * MEAN, rel=1e-12)
        assert found.params == found.changed == {name: 5.0}
        assert found.notes == ()
    for dialect in DIALECTS:
        loss = bind_own(spec, {name: Spelled("5")}, dialect=dialect, called="f", text="f")
        plain = bind_own(spec, dialect=dialect, called="f", text="f")
        assert (loss.params, plain.params) == ({name: 5.0}, {name: 1.0})
        assert loss.handling == plain.handling
        assert loss.domains == plain.domains


@pytest.mark.parametrize("name", ["rank", "form", "reduction", "classes", "labels", "axis"])
def test_a_whole_default_is_a_factor_too(name: str) -> None:
    """As in `def with_rank(t, p, *, rank=2): return abs(t - p) * rank`."""
    spec = as_spec(own(name, 2), "f", "own.py", {name})
    for given, factor in (({}, 2), ({name: 5}, 5), ({name: Spelled("5")}, 5)):
        loss = bind_own(spec, given, called="f", text="f")
        assert value(loss).value == pytest.approx(factor * MEAN, rel=1e-12)


@pytest.mark.parametrize("name", ["reduction", "form", "rank", "dtype", "name", "classes", "axis"])
def test_it_is_one_in_a_file_too(name: str, tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(f"def f(t, p, *, {name}=1.0): return abs(t - p) * {name}\n")
    for dialect in ("keras2", "keras3", "torch"):
        text = f"{path}:f:{name}=5"
        found = losscli.compute(text, T, P, dialect=dialect, dtype="float64", reduction="sum")
        assert found.value == pytest.approx(5 * own_sum(dialect), rel=1e-12)


def own_sum(dialect: str) -> float:
    """The sum of the unreduced array of |t − p| in a dialect."""
    elements = np.abs(T - P)
    table = DIALECTS[dialect]
    keeps = (table.own_form or table.form) == "elements"
    return float(elements.sum() if keeps else elements.mean(axis=1).sum())


def test_a_reduction_beside_a_parameter_of_that_name() -> None:
    spec = as_spec(own("reduction"), "f", "own.py", {"reduction"})
    loss = bind_own(spec, {"reduction": 5}, reduction="sum", called="f", text="f")
    assert (loss.params, loss.handling.reduction) == ({"reduction": 5.0}, "sum")
    assert value(loss).value == pytest.approx(5 * own_sum("keras2"), rel=1e-12)


def test_a_parameter_that_the_function_lacks_is_refused() -> None:
    spec = as_spec(own("delta"), "f", "own.py")
    for name in ("reduction", "axis", "size_average", "classes", "multioutput"):
        with pytest.raises(UsageError, match=f"f has no parameter '{name}'"):
            bind_own(spec, {name: Spelled("-1")}, dialect="torch", called="f", text="f")


def test_a_word_is_any_text(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text("def f(t, p, *, word='x'): return abs(t - p) * len(word)\n")
    for word in ("a,b=c", "[1,2]", "none", "x:y", "true", "2"):
        found = losscli.compute(f"{path}:f", T, P, word=word)
        assert found.params == {"word": word}
        assert found.value == pytest.approx(len(word) * MEAN, rel=1e-12)


def test_labels_and_logits_of_its_own_earn_no_hint_of_a_built_in_loss() -> None:
    """Labels 0 and -1 beside each other, and numbers beyond probabilities, are what they are."""
    y_true, y_pred = [0.0, -1.0, 7.5], [3.0, -2.0, 9.0]
    for name in ("labels", "from_logits", "classes"):
        for dialect in DIALECTS:
            found = losscli.compute(
                own(name), y_true, y_pred, dialect=dialect, dtype="float64", **{name: 2.0}
            )
            assert found.value == pytest.approx(2 * (3 + 1 + 1.5) / 3, rel=1e-12)
            assert found.notes == ()
