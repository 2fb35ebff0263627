"""Losses of one's own through the real command line."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import PRED, TRUE, Run

OWN = """\
from losscli import backend as K
from losscli.backend import Loss


def my_loss(y_true, y_pred):
    return K.mean(y_pred - y_true, axis=-1)


class MyHuber(Loss):
    '''Quadratic near zero.

    Parameters:
        threshold: where it turns linear
    '''

    def __init__(self, threshold=1):
        super().__init__()
        self.threshold = threshold

    def call(self, y_true, y_pred):
        error = K.abs(y_true - y_pred)
        large = self.threshold * (error - 0.5 * self.threshold)
        return K.switch(error <= self.threshold, K.square(error) / 2, large)
"""
DATA = ("--true", TRUE, "--pred", PRED)


@pytest.fixture
def own(tmp_path: Path) -> str:
    (tmp_path / "own.py").write_text(OWN, encoding="utf-8")
    return "own.py"


def test_compute_and_compare(own: str, losscli: Run, tmp_path: Path) -> None:
    process = losscli("compute", f"{own}:my_loss", "mse", *DATA, "--format", "json")
    assert process.stderr == ""
    first, second = json.loads(process.stdout)["results"]
    assert (first["value"], first["per_sample"]) == (1 / 6, [0.0, 1 / 3])
    assert second["value"] == 0.5
    process = losscli("compare", *DATA, "--loss", f"{own}:MyHuber:threshold=0.5", "--loss", "mse",
                      "--format", "json")  # fmt: skip
    assert process.returncode == 0
    assert "0.1875" in process.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own.py"]


def test_info_lists_the_parameters(own: str, losscli: Run) -> None:
    process = losscli("info", f"{own}:MyHuber")
    assert process.returncode == 0, process.stderr
    assert "Quadratic near zero." in process.stdout
    assert "threshold=1" in process.stdout
    assert "where it turns linear" in process.stdout
    document = json.loads(losscli("info", f"{own}:MyHuber", "--format", "json").stdout)
    (parameter,) = document["loss"]["parameters"]
    assert (parameter["name"], parameter["default"]) == ("threshold", 1)
    assert document["loss"]["revision"].startswith("sha256-")


def test_a_file_is_never_run_unless_it_is_named(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("raise SystemExit('run')\n")
    check = '[[check]]\nname = "own"\nloss_file = "own.py"\nfail_if = "f > 1"\n'
    (tmp_path / "losscli.toml").write_text(check)
    assert losscli("compute", "mse", *DATA, "--format", "value").stdout == "0.5\n"
    assert losscli("compare", *DATA, "--loss", "mse", "--format", "value").returncode == 0
    assert "SystemExit: run" in losscli("compute", "own.py:f", *DATA).stderr


def test_the_template_runs_as_it_is_printed(losscli: Run, process: Run, tmp_path: Path) -> None:
    made = process("new-loss", "my_loss", env={"PYTHONIOENCODING": "ascii"})
    assert made.returncode == 0
    assert made.stdout.isascii()
    (tmp_path / "my_losses.py").write_text(made.stdout)
    error = np.array(json.loads(PRED)) - np.array(json.loads(TRUE))
    done = losscli("compute", "my_losses.py:my_loss", "my_losses.py:my_loss_root",
                   "my_losses.py:my_loss:threshold=0.5", *DATA, "--format", "json")  # fmt: skip
    assert done.stderr == ""
    values = [result["value"] for result in json.loads(done.stdout)["results"]]
    np.testing.assert_allclose(values, [0.25, np.sqrt((error**2).mean()), 0.1875], rtol=1e-15)
    done = losscli("compare", "--loss-file", "my_losses.py", *DATA, "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert "my_loss_root" in done.stdout


@pytest.mark.parametrize("name", ["a-b", "1a", "class", "_a", "K", "loss", ""])
def test_a_template_needs_a_name_for_a_function(name: str, losscli: Run) -> None:
    process = losscli("new-loss", name)
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.startswith("error: ")


MARKED = """
from losscli import loss
from losscli import backend as K

@loss
def fine(y_true, y_pred):
    return K.square(y_true - y_pred)

@loss
def broken(y_true, y_pred):
    return nope
"""


def test_compute_takes_what_a_file_marks(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(MARKED.split("@loss\ndef broken")[0])
    done = losscli("compute", "--loss-file", "own.py", "--true", TRUE, "--pred", PRED, "--summary")
    assert done.returncode == 0, done.stderr
    assert "fine" in done.stdout
    assert losscli("compute", "--true", TRUE, "--pred", PRED).returncode == 2


def test_a_broken_loss_does_not_stop_a_comparison(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(MARKED)
    done = losscli("compare", "--loss-file", "own.py", "--true", TRUE, "--pred", PRED)
    assert done.returncode == 0, done.stderr
    assert "  broken: own.py, line 11, in broken: NameError" in done.stdout


def test_a_named_loss_that_does_not_apply_is_said(losscli: Run) -> None:
    data = ("--true", "[1, 2]", "--pred", "[1, 3]", "--loss", "bce", "--loss", "mse")
    csv = losscli("compare", *data, "--format", "csv")
    assert csv.returncode == 0
    assert "note: bce does not apply: y_true must be" in csv.stderr
    value = losscli("compare", *data, "--format", "value")
    assert (value.returncode, value.stdout) == (2, "")


def test_groups_of_a_pipe(losscli: Run) -> None:
    data = ("--true", "-", "--true-cols", "y", "--pred", "[1, 2]", "--by", "g", "--loss", "mse")
    done = losscli("compare", *data, "--format", "value", stdin="y,g\n1,a\n4,b\n")
    assert done.stdout.split() == ["0.0", "4.0"], done.stderr
