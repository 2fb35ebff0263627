"""`losscli baseline`, and checks against what it saves."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import SAMPLE_DATA, Run

DIABETES = SAMPLE_DATA / "diabetes"
TRUE = ("--true", DIABETES / "y_true.csv")
RIDGE = (*TRUE, "--pred", DIABETES / "ridge.csv")
FOREST = (*TRUE, "--pred", DIABETES / "forest.csv")
AGAINST = ("--against", "b.json", "--max-regress")


def save(run: Run, *args: object) -> str:
    done = run("baseline", "save", "mse", "mae", *RIDGE, "-o", "b.json", *args)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return "b.json"


@pytest.mark.parametrize(
    ("regress", "code"),
    [("mse=14.5%", 0), ("mse=14.4%", 1), ("mae=2.8", 0), ("mae=2.7", 1), ("rmse=1", 2)],
)
def test_a_check_against_a_baseline(regress: str, code: int, losscli: Run) -> None:
    save(losscli)
    done = losscli("check", *FOREST, *AGAINST, regress)
    assert done.returncode == code
    if code == 2:
        assert "b.json has no rmse\nhint: it has: mse, mae\n" in done.stderr


def test_a_model_does_not_regress_against_itself(losscli: Run) -> None:
    save(losscli)
    assert losscli("check", *RIDGE, *AGAINST, "mse=0").returncode == 0


def test_what_is_saved(losscli: Run, tmp_path: Path) -> None:
    save(losscli)
    document = json.loads((tmp_path / "b.json").read_text())
    assert document["losses"][0]["value"] == 2975.246457810528
    assert document["n"] == {"used": 442, "skipped": 0, "unmatched": 0}
    numbers = np.loadtxt(DIABETES / "y_true.csv", skiprows=1)
    digest = hashlib.sha256(numbers.astype("<f8").tobytes()).hexdigest()
    assert document["y_true"] == {"sha256": digest, "shape": [442, 1]}
    assert (tmp_path / "b.json").read_text().endswith("}\n")


def test_it_is_the_same_bytes_again(losscli: Run, tmp_path: Path) -> None:
    contents = []
    for _ in range(2):
        save(losscli, "--samples")
        contents.append([(tmp_path / n).read_bytes() for n in ("b.json", "b.samples.npy")])
    assert contents[0] == contents[1]


def test_the_samples_stand_beside_it(losscli: Run, tmp_path: Path) -> None:
    save(losscli, "--samples")
    values = np.load(tmp_path / "b.samples.npy")
    assert values.shape == (442, 2)
    assert values.mean(axis=0) == pytest.approx([2975.246457810528, 44.27415739348143])
    samples = json.loads((tmp_path / "b.json").read_text())["samples"]
    assert samples["file"] == "b.samples.npy"
    content = (tmp_path / "b.samples.npy").read_bytes()
    assert samples["sha256"] == hashlib.sha256(content).hexdigest()


def test_samples_need_a_file(losscli: Run) -> None:
    done = losscli("baseline", "save", "mse", *RIDGE, "-o", "-", "--samples")
    assert done.returncode == 2
    assert "--samples needs a file" in done.stderr


def test_it_may_go_to_standard_output(losscli: Run) -> None:
    done = losscli("baseline", "save", "mse", *RIDGE, "-o", "-")
    assert json.loads(done.stdout)["command"] == "baseline"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((*RIDGE, "--dtype", "float32"), "dtype is float64 there and float32 here"),
        ((*RIDGE, "--nan", "skip"), "nan is error there and skip here"),
        (
            (*RIDGE, "--weights", "w.csv"),
            "weights is no there and yes here",
        ),
        (
            ("--true", "short.csv", "--pred", "short.csv"),
            "n is 442 there and 2 here; y_true has shape (442, 1) there and (2, 1) here",
        ),
        (("--true", DIABETES / "ridge.csv", "--pred", DIABETES / "ridge.csv"), "y_true holds"),
    ],
)
def test_what_differs_is_an_error_that_can_be_overruled(
    args: tuple[str, ...], says: str, losscli: Run, tmp_path: Path
) -> None:
    (tmp_path / "short.csv").write_text("1\n2\n")
    (tmp_path / "w.csv").write_text("1\n" * 442)
    save(losscli)
    done = losscli("check", *args, *AGAINST, "mse=1000")
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "--allow-different" in done.stderr
    done = losscli("check", *args, *AGAINST, "mse=1000", "--allow-different")
    assert done.returncode == 0
    assert f"note: mse is compared with b.json though they differ: {says}" in done.stderr


def test_the_same_data_in_another_file_is_the_same(losscli: Run, tmp_path: Path) -> None:
    save(losscli)
    numbers = np.loadtxt(DIABETES / "y_true.csv", skiprows=1)
    np.save(tmp_path / "t.npy", numbers)
    (tmp_path / "t.json").write_text(json.dumps(numbers.tolist()))
    for name in ("t.npy", "t.json"):
        args = ("--true", name, "--pred", DIABETES / "ridge.csv")
        assert losscli("check", *args, *AGAINST, "mse=0").returncode == 0


def test_a_loss_whose_parameter_changed_is_another(losscli: Run) -> None:
    losscli("baseline", "save", "huber:delta=2", *RIDGE, "-o", "b.json")
    assert losscli("check", *RIDGE, *AGAINST, "huber:delta=2=0").returncode == 0
    done = losscli("check", *RIDGE, *AGAINST, "huber=0")
    assert done.returncode == 2
    assert "b.json has no huber\nhint: it has: huber:delta=2" in done.stderr


def test_a_baseline_serves_a_check_of_one_file(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("y,p\n1,2\n3,4\n")
    one = ("--data", "d.csv", "--true-cols", "y", "--pred-cols", "p")
    assert losscli("baseline", "save", "mse", *one, "-o", "b.json").returncode == 0
    assert losscli("check", *one, *AGAINST, "mse=0").returncode == 0


@pytest.mark.parametrize("text", ['{"command": "baseline"', '{"command": "baseline"}'])
def test_a_damaged_baseline_is_an_error(text: str, losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(text)
    for args in (("check", *RIDGE, *AGAINST, "mse=0"), ("baseline", "show", "b.json")):
        done = losscli(*args)
        assert (done.returncode, done.stdout) == (2, "")
        assert "error: b.json is not a baseline: " in done.stderr


def test_what_is_no_number_is_not_saved(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text("old")
    args = ("mse", "--true", "[0, 0]", "--pred", "[1e200, 1]", "-o", "b.json", "--samples")
    done = losscli("baseline", "save", *args)
    assert done.returncode == 2
    assert "mse is inf: a baseline must be a finite number" in done.stderr
    assert (tmp_path / "b.json").read_text() == "old"
    assert not (tmp_path / "b.samples.npy").exists()


def test_show(losscli: Run, tmp_path: Path) -> None:
    save(losscli, "--samples")
    done = losscli("baseline", "show", "b.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert "│ mse  │ 2975.246457810528 │" in done.stdout
    assert "y_true: shape (442, 1), sha256 4911e8747a" in done.stdout
    assert "samples: b.samples.npy, unchanged\n" in done.stdout
    (tmp_path / "b.samples.npy").write_bytes(b"")
    assert "b.samples.npy, changed since\n" in losscli("baseline", "show", "b.json").stdout


@pytest.mark.parametrize("command", ["save", "show"])
def test_subcommands_have_help(command: str, losscli: Run) -> None:
    done = losscli("baseline", command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: losscli baseline {command}")
