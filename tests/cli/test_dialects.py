"""Dialects on the command line: names, all of them side by side, further arrays, batches."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import losscli as losscli_
from losscli.cli.options import DIALECTS
from losscli.frameworks import tables as dialects
from tests.conftest import Run

PAIR = ("--true", "[1,0]", "--pred", "[0.5,0.25]")


def rows(text: str) -> list[list[str]]:
    """The cells of a table's rows."""
    return [
        [cell.strip() for cell in line.strip("│").split("│")]
        for line in text.splitlines()
        if line.startswith("│")
    ]


def test_the_names_of_dialects_stand_in_two_places() -> None:
    assert ("home", *dialects.DIALECTS) == DIALECTS


def test_a_row_a_dialect(losscli: Run) -> None:
    done = losscli("compute", "bce", "hinge", "--dialect", "all", *PAIR)
    assert done.returncode == 0
    found = rows(done.stdout)
    assert [row[0].partition("@")[0] for row in found[:6]] == [*DIALECTS[1:7]]
    by_name = {(row[0].partition("@")[0], row[1]): row[2:] for row in found}
    assert by_name["keras2", "hinge"] == ["0.75", "", ""]
    assert by_name["keras3", "hinge"] == ["0.875", "0.125", "labels 0 count as -1"]
    assert "bce: not in optax" in done.stderr
    assert "only with from_logits: sigmoid_binary_cross_entropy" in done.stderr


def test_each_setting_has_differences_of_its_own(losscli: Run) -> None:
    losses = ("huber:delta=0.1", "huber:delta=2", "--dtype", "float64")
    done = losscli("compute", *losses, "--dialect", "all", *PAIR)
    found = rows(done.stdout)
    assert len(found) == 8
    assert {row[3] for row in found} == {""}


def test_weights_are_a_cause(losscli: Run) -> None:
    done = losscli("compute", "mse", "--dialect", "all", *PAIR, "--weights", "[1,3]")
    by_name = {row[0].partition("@")[0]: row[2:] for row in rows(done.stdout)}
    assert by_name["sklearn"][2] == "divided by the sum of the weights"
    assert by_name["keras2"][1:] == ["", ""]


def test_what_a_name_says_of_the_data_holds_elsewhere(losscli: Run) -> None:
    args = ("BCEWithLogitsLoss", "--dialect", "all", "--true", "[1,0]", "--pred", "[1,2.5]",
            "--dtype", "float64")  # fmt: skip
    values = {row[2] for row in rows(losscli("compute", *args).stdout)}
    assert values == {"1.446076"}


@pytest.mark.parametrize(
    ("loss", "says"),
    [
        ("bce", "bce:from_logits=true"),
        ("bce:epsilon=1e-6", "bce:epsilon=1e-6,from_logits=true"),
    ],
)
@pytest.mark.parametrize("dialect", ["all", "keras3"])
def test_a_hint_can_be_typed(loss: str, says: str, dialect: str, losscli: Run) -> None:
    data = ("--true", "[1]", "--pred", "[1.5]")
    done = losscli("compute", loss, "--dialect", dialect, *data)
    assert done.returncode == 2
    assert done.stderr.splitlines()[1] == f"hint: if y_pred holds logits: {says}"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("my.py:f", "--dialect", "all"), "no framework has it"),
        (("mse", "--dialect", "all", "--worst", "1"), "shows no samples"),
        (("mse", "--dialect", "all", "--reduction", "none"), "shows one number each"),
        (("mse:multioutput=raw_values", "--dialect", "all"), "shows one number each"),
        (("mse:reduction=none", "--format", "value"), "is not reduced"),
        (("mse", "--batch-mean", "unweighted"), "give --batch-size"),
        (("mse", "--dialect", "tensorflow"), "'tf2'"),
        (
            ("BCELoss", "--dialect", "keras2"),
            "keras2 calls this binary_crossentropy; it is",
        ),
        (("BCEWithLogitsLoss", "--dialect", "keras2"), "binary_crossentropy:from_logits=true"),
        (("kl_dib",), "kl_div of --dialect torch"),
        (("log_loss:from_logits=true", "--dialect", "sklearn"), "has no from_logits"),
        (("MSELoss:wat=1", "--dialect", "torch"), "MSELoss has no parameter 'wat'"),
        (("mse", "--input", "var=[1,2]"), "no loss here takes an input 'var'"),
        (("gaussian_nll",), "--input var=FILE"),
        (("gaussian_nll", "--input", "var"), "--input must be NAME=FILE"),
        (("mse", "--batch-size", "0"), "--batch-size"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_cannot_be(args: tuple[str, ...], says: str, losscli: Run) -> None:
    done = losscli("compute", *args, *PAIR)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) <= 2


def test_further_arrays(losscli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "v.csv").write_text("v\n1\n4\n")
    (tmp_path / "t.csv").write_text("y,var\n1,1\n0,4\n")
    inline = losscli("compute", "gaussian_nll", *PAIR, "--input", "var=[1,4]", "--format", "value")
    of_file = ("--input", "var=v.csv", "--format", "value")
    file = losscli("compute", "gaussian_nll", *PAIR, *of_file)
    column = ("--true", "t.csv", "--pred", "[0.5,0.25]", "--input", "var=var", "--format", "value")
    of_true = losscli("compute", "gaussian_nll", *column)
    assert inline.stdout == file.stdout == of_true.stdout
    assert inline.stdout


def test_a_framework_lists_its_names(losscli: Run) -> None:
    text = losscli("list", "--dialect", "torch").stdout
    assert "\\n" not in text
    assert {"mse_loss", "MSELoss", "NLLLoss2d"} <= set(text.split())
    document = json.loads(losscli("list", "--dialect", "optax", "--format", "json").stdout)
    assert document["dialect"] == "optax"
    frameworks = {one["dialect"] for loss in document["losses"] for one in loss["frameworks"]}
    assert frameworks == {"optax"}


def test_info_is_of_the_name_that_was_asked_for(losscli: Run) -> None:
    done = losscli("info", "BCEWithLogitsLoss", "--dialect", "torch")
    found = {row[1]: row for row in rows(done.stdout) if len(row) == 5}
    assert found["binary_cross_entropy_with_logits"][3]
    assert not found["binary_cross_entropy"][3]
    by_dialect = json.loads(losscli("info", "bce", "--format", "json").stdout)["loss"]
    assert list(by_dialect["example_by_dialect"]) == [*DIALECTS[1:7]]


def test_a_name_that_one_framework_alone_has_is_its_own(losscli: Run) -> None:
    done = losscli("compute", "BCELoss", *PAIR, "--format", "json")
    [result] = json.loads(done.stdout)["results"]
    assert (result["dialect"], result["framework_name"]) == ("torch", "binary_cross_entropy")
    assert "BCELoss is torch 2.14's, and computed as there: --dialect torch" in done.stderr
    check = losscli("check", *PAIR, "--fail-if", "BCELoss > 9")
    assert check.returncode == 2
    assert "add --dialect torch" in check.stderr
    named = losscli("check", *PAIR, "--fail-if", "BCELoss > 9", "--dialect", "torch")
    assert named.returncode == 0


@pytest.mark.parametrize(
    ("dialect", "dtype"),
    [
        *(("home", "float64"), ("keras1", "float32"), ("keras2", "float32"), ("tf2", "float32")),
        *(
            ("keras3", "float32"),
            ("optax", "float32"),
            ("torch", "float64"),
            ("sklearn", "float64"),
        ),
    ],
)
def test_a_framework_has_its_precision(dialect: str, dtype: str, losscli: Run) -> None:
    name = {"torch": "l1_loss", "optax": "squared_error"}.get(dialect, "mean_absolute_error")
    if dialect == "home":
        name = "mae"
    data = ("--true", "[0.1,0.7]", "--pred", "[0.3,0.2]")
    done = losscli("compute", name, "--dialect", dialect, *data, "--format", "json")
    [result] = json.loads(done.stdout)["results"]
    assert result["dtype"] == dtype
    assert f"|dtype:{dtype}|" in result["signature"]
    done = losscli("compute", name, "--dialect", dialect, *data, "--dtype", "float64",
                   "--format", "json")  # fmt: skip
    assert json.loads(done.stdout)["results"][0]["dtype"] == "float64"


@pytest.mark.parametrize("dialect", ["torch", "sklearn"])
@pytest.mark.parametrize(
    ("kind", "dtype"), [("f2", "float32"), ("f4", "float32"), ("f8", "float64")]
)
def test_torch_and_sklearn_compute_in_the_type_of_the_predictions(
    dialect: str, kind: str, dtype: str
) -> None:
    name = {"torch": "l1_loss", "sklearn": "mean_absolute_error"}[dialect]
    pred = np.array([0.3, 0.2], dtype=kind)
    assert losscli_.compute(name, [0.1, 0.7], pred, dialect=dialect).dtype == dtype


@pytest.mark.parametrize("kind", ["f2", "f4", "f8"])
@pytest.mark.parametrize("dtype", [None, "float32", "float64"])
def test_scikit_learn_clips_at_the_epsilon_of_the_data(kind: str, dtype: Any) -> None:
    """Whatever it is computed in: scikit-learn 1.9's are -ln of each type's epsilon."""
    pred = np.array([1, 0], dtype=kind)
    found = losscli_.compute("log_loss", [0, 1], pred, dialect="sklearn", dtype=dtype)
    coarser = (
        np.finfo(kind).eps if dtype != "float32" else max(np.finfo(kind).eps, np.finfo("f4").eps)
    )
    expected = -np.log(coarser)
    assert found.value == pytest.approx(float(expected), rel=1e-3 if kind == "f2" else 1e-6)
