"""One table of inputs through the command line and through Python: the same values, notes, counts,
errors; and checks, which run from Python as they do from a shell.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import losscli
from losscli.errors import LosscliError
from tests.conftest import Run

FILES = {
    "t.csv": "id,y,w\n1,1.5,1\n2,2.5,2\n3,4.0,1\n",
    "p.csv": "id,p\n3,3.0\n1,1.0\n2,2.0\n",
    "q.csv": "id,p\n1,1.0\n2,2.0\n3,3.0\n",
    "values.csv": "1.0\n2.0\n3.0\n",
    "nan.csv": "1.0\nnan\n3.0\n",
    "bad.csv": "1.0\nx\n3.0\n",
    "semicolon.csv": "y;p\n1,5;1,0\n2,5;2,0\n",
    "own.py": "def shifted(t, p, *, reduction=2, dtype=1):\n"
    "    print('hello')\n    return abs(t - p) * reduction * dtype\n",
}


@dataclass(frozen=True)
class Case:
    """A request: the loss, options of the command line, keywords of Python."""

    loss: str
    options: tuple[str, ...]
    keywords: dict[str, Any] = field(default_factory=dict)
    positional: tuple[Any, ...] = ()


def sides(true: str, pred: str) -> tuple[tuple[str, ...], tuple[str, str]]:
    return ("--true", true, "--pred", pred), (true, pred)


def case(loss: str, true: str, pred: str, *options: str, **keywords: Any) -> Case:
    named, positional = sides(true, pred)
    return Case(loss, (*named, *options), keywords, positional)


CASES = [
    case("mse", "[1,2]", "[1,4]"),
    case("huber:delta=2", "values.csv", "[1,2,9]"),
    case(
        "mse",
        "t.csv",
        "q.csv",
        "--true-cols",
        "y",
        "--pred-cols",
        "p",
        true_cols="y",
        pred_cols="p",
    ),
    case("mse", "t.csv", "p.csv", "--id", "id", "--true-cols", "y", id="id", true_cols="y"),
    case("mse", "t.csv", "q.csv", "--id", "id", "--weights", "w", id="id", sample_weight="w"),
    case("mae", "nan.csv", "values.csv", "--nan", "skip", nan="skip"),
    case("mae", "nan.csv", "values.csv", "--nan", "propagate", nan="propagate"),
    case("mae", "nan.csv", "values.csv"),
    case("mae", "bad.csv", "values.csv"),
    case("mae", "missing.csv", "values.csv"),
    case("mae", "values.csv", "[1,2]"),
    case("nonsense", "[1,2]", "[1,4]"),
    case("huber:delta=x", "[1,2]", "[1,4]"),
    case("hinge", "[0,1]", "[0.5,2]"),
    case("bce", "[0,1]", "[0.5,1.2]"),
    case("mse", "[1,2,3]", "[1,4,5]", "--batch-size", "2", batch_size=2),
    case("MeanSquaredError", "[1,2]", "[1,4]", "--dialect", "keras3", dialect="keras3"),
    case("mse", "[1,2]", "[1,4]", "--reduction", "sum", reduction="sum"),
    case("mse", "[1,2]", "[1,4]", "--reduction", "nonsense", reduction="nonsense"),
    case("own.py:shifted", "[1,2]", "[1,4]"),
    case("own.py:shifted:reduction=5,dtype=2", "[1,2]", "[1,4]"),
    Case(
        "mae",
        ("--data", "t.csv", "--true-cols", "y", "--pred-cols", "w"),
        {"data": "t.csv", "true_cols": "y", "pred_cols": "w"},
    ),
    Case(
        "mae",
        ("--data", "semicolon.csv", "--true-cols", "1", "--pred-cols", "2", "--decimal", ","),
        {"data": "semicolon.csv", "true_cols": "1", "pred_cols": "2", "decimal": ","},
    ),
    Case("mae", ("--data", "t.csv", "--true-cols", "y"), {"data": "t.csv", "true_cols": "y"}),
    case(
        "gaussian_nll",
        "values.csv",
        "[1,2,9]",
        "--input",
        "var=values.csv",
        inputs={"var": "values.csv"},
    ),
    case("gaussian_nll", "values.csv", "[1,2,9]"),
]


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)


def notes_of(stderr: str) -> list[str]:
    """The notes, without what only names a setting: an option there, a keyword in Python."""
    return [
        line.removeprefix("note: ") for line in stderr.splitlines() if line.startswith("note: ")
    ]


def bare(text: str) -> list[str]:
    """A message's words without those that the two front doors have of their own."""
    text = re.sub(r"inputs=\{'(\w+)': …\}", r"\1 FILE", text)
    return [word for word in text.replace("=", " ").replace("'", " ").split() if not _is_own(word)]


def _is_own(word: str) -> bool:
    return word.startswith("--") or word.strip(",;.") in {
        *("y_true", "y_pred", "true_cols", "pred_cols", "data", "sample_weight", "nan", "inputs"),
    }


@pytest.mark.parametrize("one", CASES, ids=lambda one: " ".join((one.loss, *one.options)))
def test_both_front_doors_say_the_same(one: Case, losscli: Run) -> None:
    import losscli as python

    done = losscli("compute", one.loss, *one.options, "--format", "json")
    if done.returncode == 2:
        with pytest.raises(LosscliError) as caught:
            python.compute(one.loss, *one.positional, **one.keywords)
        error, said = caught.value, done.stderr.splitlines()
        assert bare(said[0].removeprefix("error: ")) == bare(error.message)
        assert bare(" ".join(said[1:]).removeprefix("hint: ")) == bare(error.hint or "")
        assert "--" not in str(error).replace("'losscli", "")
        return
    assert done.returncode == 0, done.stderr
    result = python.compute(one.loss, *one.positional, **one.keywords)
    [entry] = json.loads(done.stdout)["results"]
    plain = result.to_dict()
    assert plain == entry
    counts = json.loads(done.stdout)["n"]
    assert counts == {
        "used": result.n.used,
        "skipped": result.n.skipped,
        "unmatched": result.n.unmatched,
    }
    assert list(map(bare, notes_of(done.stderr))) == list(map(bare, result.notes))


def test_some_of_these_have_notes_and_some_are_errors(losscli: Run) -> None:
    ends = [losscli("compute", one.loss, *one.options, "--format", "value") for one in CASES]
    assert sum(done.returncode == 2 for done in ends) >= 8
    assert sum(bool(notes_of(done.stderr)) for done in ends) >= 4


def test_compare_from_python_has_what_the_command_has(losscli: Run) -> None:
    import losscli as python

    done = losscli("compare", "--true", "t.csv", "--pred", "a=p.csv", "--pred", "b=q.csv", "--id",
                   "id", "--true-cols", "y", "--by", "w", "--format", "json")  # fmt: skip
    found = json.loads(done.stdout)
    run = python.compare("t.csv", {"a": "p.csv", "b": "q.csv"}, id="id", true_cols="y", by="w")
    assert [(r.model, r.value) for r in run.results] == [
        (entry["model"], entry["value"]) for entry in found["results"]
    ]
    assert [one.loss for one in run.not_applicable] == [
        entry["loss"] for entry in found["not_applicable"]
    ]
    assert list(map(bare, notes_of(done.stderr))) == list(map(bare, run.notes))


def test_what_a_file_earns_is_told_in_python_too() -> None:
    found = losscli.compute("mse", "t.csv", "q.csv", true_cols="y")
    assert found.notes == ("the column 'id' of q.csv is a key and is left out",)
    assert losscli.compare("t.csv", "q.csv", losses="mse", true_cols="y").notes == found.notes


@pytest.mark.parametrize(
    ("gates", "status"),
    [
        ({"fail_if": "mse > 3"}, "passed"),
        ({"fail_if": ["mse > 0.1", "mae > 5"]}, "failed"),
        ({"fail_if": "mse.nonsense > 3"}, "raises"),
        ({"max_regress": {"mse": "2%"}, "against": "[1,2.5]"}, "failed"),
        ({"max_regress": {"mse": 10}, "against": "[1,2]"}, "passed"),
        ({}, "raises"),
    ],
)
def test_checks_run_from_python(gates: dict[str, Any], status: str) -> None:
    if status == "raises":
        with pytest.raises(LosscliError):
            losscli.check([1, 2], [1, 3], **gates)
        return
    outcome = losscli.check(np.array([1, 2]), np.array([1, 3]), **gates)
    assert outcome.status == status


OWN_NAMES = tuple(
    "rank form classes labels multioutput per_sample from_logits name loss axis".split()
)
TAKEN = ("reduction", "dtype", "nan", "id", "params")


@pytest.mark.parametrize("name", [*OWN_NAMES, *TAKEN])
@pytest.mark.parametrize("dialect", ["keras2", "keras3", "tf2", "torch", "sklearn", "optax"])
def test_a_parameter_of_an_own_loss_may_have_any_name(
    name: str, dialect: str, tmp_path: Path, losscli: Run
) -> None:
    import losscli as python

    text = f"def f(t, p, *, {name}=2):\n    return abs(t - p) * {name}\n"
    (tmp_path / "any.py").write_text(text)
    scope: dict[str, Any] = {}
    exec(text, scope)
    done = losscli("compute", f"any.py:f:{name}=5", "--true", "[1,2,3]", "--pred", "[2,4,10]",
                   "--dialect", dialect, "--format", "value")  # fmt: skip
    assert (done.returncode, float(done.stdout or "nan")) == (0, pytest.approx(50 / 3, rel=1e-6))
    found = python.compute(scope["f"], [1, 2, 3], [2, 4, 10], dialect=dialect, params={name: 5})
    assert found.value == pytest.approx(50 / 3, rel=1e-6)
    if name in OWN_NAMES:
        by_keyword: dict[str, Any] = {name: 5}
        found = python.compute(scope["f"], [1, 2, 3], [2, 4, 10], dialect=dialect, **by_keyword)
        assert found.value == pytest.approx(50 / 3, rel=1e-6)


@pytest.mark.parametrize("name", ["reduction", "dtype", "nan"])
def test_an_argument_that_a_loss_has_too_is_asked_about(name: str) -> None:
    scope: dict[str, Any] = {}
    exec(f"def f(t, p, *, {name}=2):\n    return abs(t - p) * {name}\n", scope)
    given: dict[str, Any] = {name: "sum" if name == "reduction" else 5}
    with pytest.raises(LosscliError, match=f"{name} is an argument of losscli.compute"):
        losscli.compute(scope["f"], [1, 2, 3], [2, 4, 10], **given)


def test_python_has_every_option_that_makes_a_request_and_no_other() -> None:
    from losscli.api import Options
    from losscli.cli.check import command as check
    from losscli.cli.compute import command as compute
    from losscli.errors import PYTHON_NAMES
    from losscli.request.parse import READING
    from losscli.request.request import KEYS

    params = [*compute.params, *check.params]
    options = {str(param.name).rstrip("_") for param in params}
    of_requests = options & {*KEYS, *READING, "input", "loss_file"} - {"losses", "against", "true"}
    theirs = {PYTHON_NAMES.get(key, key) for key in of_requests}
    assert set(Options.__annotations__) == theirs
