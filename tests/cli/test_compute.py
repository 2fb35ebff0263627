"""`losscli compute`: the numbers, in every format and from every kind of input."""

import csv
import io
import json
import shutil
import subprocess
import sysconfig
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import PRED, SAMPLE_DATA, TRUE, Run

ARTICLE = {
    "mse": ("0.6666667", "0.33333334"),
    "mape": ("3.3333338e+08", "3.3333331e+08"),
    "msle": ("0.32030192", "0.16015096"),
    "squared_hinge": ("0.6666667", "0.6666667"),
    "hinge": ("0.6666667", "0.6666667"),
    "logcosh": ("0.2891872", "0.1445936"),
    "categorical_hinge": ("1.0", "1.0"),
}
INPUTS = {
    "inline": (TRUE, PRED),
    "csv": (SAMPLE_DATA / "article/y_true.csv", SAMPLE_DATA / "article/y_pred.csv"),
    "npy": (SAMPLE_DATA / "article/y_true.npy", SAMPLE_DATA / "article/y_pred.npy"),
    "csv and npy": (SAMPLE_DATA / "article/y_true.csv", SAMPLE_DATA / "article/y_pred.npy"),
}
INLINE = ("--true", TRUE, "--pred", PRED)
DIABETES = ("--true", SAMPLE_DATA / "diabetes/y_true.csv")
RIDGE = (*DIABETES, "--pred", SAMPLE_DATA / "diabetes/ridge.csv")
SIGNATURE = "mse|dialect:home|reduction:mean|dtype:float64|nan:error|n:2|skipped:0|weights:no|rev:1"


def cells(table: str) -> list[list[str]]:
    """The rows of cells of the tables in the text."""
    rows = [line for line in table.splitlines() if line.startswith(("│", "┃", "|"))]
    return [[cell.strip() for cell in row.replace("┃", "│").split("│")[1:-1]] for row in rows]


def document(text: str) -> dict[str, Any]:
    assert text.count("\n") == 1
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("kind", INPUTS)
def test_the_articles_numbers_as_the_article_prints_them(kind: str, losscli: Run) -> None:
    true, pred = INPUTS[kind]
    done = losscli("compute", *ARTICLE, "--true", true, "--pred", pred, "--dtype", "float32")
    assert done.returncode == 0
    head, first, second = cells(done.stdout)[:3]
    assert head == ["sample", *ARTICLE]
    assert first == ["1", *(values[0] for values in ARTICLE.values())]
    assert second == ["2", *(values[1] for values in ARTICLE.values())]


def test_the_kind_of_input_does_not_show(losscli: Run) -> None:
    outputs = {
        losscli("compute", *ARTICLE, "--true", true, "--pred", pred, "--format", "json").stdout
        for true, pred in INPUTS.values()
    }
    assert len(outputs) == 1
    assert document(outputs.pop())["n"]["used"] == 2


def test_json_is_the_document_that_was_promised(losscli: Run) -> None:
    done = losscli("compute", "mse", *INLINE, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert document(done.stdout) == {
        "schema_version": 2,
        "command": "compute",
        "losscli": "0.1.0",
        "n": {"used": 2, "skipped": 0, "unmatched": 0},
        "results": [
            {
                "loss": "mse",
                "params": {},
                "dialect": "home",
                "reduction": "mean",
                "dtype": "float64",
                "value": 0.5,
                "status": "ok",
                "signature": SIGNATURE,
                "summary": {
                    "min": 1 / 3,
                    "p50": 0.5,
                    "p95": pytest.approx(0.65, rel=1e-15),
                    "p99": pytest.approx(0.99 * 2 / 3 + 0.01 / 3, rel=1e-15),
                    "max": 2 / 3,
                    "mean": 0.5,
                    "std": pytest.approx(1 / 6, rel=1e-15),
                    "quantile_error": 0.0,
                },
                "per_sample": [2 / 3, 1 / 3],
            }
        ],
    }


def test_json_with_summary_lacks_only_the_samples(losscli: Run) -> None:
    args = ("compute", "mse", "huber:delta=2", *INLINE, "--format", "json")
    whole, short = (document(losscli(*args, *more).stdout) for more in ((), ("--summary",)))
    for result in whole["results"]:
        assert len(result.pop("per_sample")) == 2
    assert short == whole


def test_json_names_parameters_and_what_the_user_called_the_loss(losscli: Run) -> None:
    done = losscli("compute", "huber_loss:delta=2", "bce", *INLINE, "--format", "json", "--summary")
    huber, bce = document(done.stdout)["results"]
    assert (huber["loss"], huber["params"]) == ("huber_loss", {"delta": 2.0})
    assert huber["signature"].startswith("huber:delta=2|")
    assert (bce["loss"], bce["params"]["from_logits"]) == ("bce", False)
    assert bce["signature"].startswith("binary_crossentropy|")


def test_json_float32_numbers_are_in_their_shortest_form(losscli: Run) -> None:
    args = ("compute", "mse", *INLINE, "--dtype", "float32", "--format", "json")
    (result,) = document(losscli(*args).stdout)["results"]
    assert result["per_sample"] == [0.6666667, 0.33333334]
    assert result["dtype"] == "float32"
    assert "|dtype:float32|" in result["signature"]


def test_csv_has_a_row_per_sample_and_a_column_per_loss(losscli: Run) -> None:
    done = losscli("compute", "mse", "huber:delta=2", *INLINE, "--format", "csv")
    assert done.stdout == (
        "sample,mse,huber:delta=2\n"
        "1,0.6666666666666666,0.3333333333333333\n"
        "2,0.3333333333333333,0.16666666666666666\n"
    )


def test_csv_quotes_a_loss_with_a_comma(losscli: Run) -> None:
    loss = "binary_crossentropy:epsilon=0.01,from_logits=true"
    done = losscli("compute", loss, *INLINE, "--format", "csv")
    assert rows_of(done.stdout)[0] == ["sample", loss]


def test_csv_with_summary_has_a_row_per_loss(losscli: Run) -> None:
    args = ("compute", "mse", "mae", *INLINE, "--summary", "--format")
    head, *rows = rows_of(losscli(*args, "csv").stdout)
    results = document(losscli(*args, "json").stdout)["results"]
    names = ["min", "p50", "p95", "p99", "max", "mean", "std", "quantile_error"]
    assert head == ["loss", "value", "n", *names, "signature"]
    for row, result in zip(rows, results, strict=True):
        statistics = [repr(result["summary"][name]) for name in names]
        wanted = [result["loss"], repr(result["value"]), "2", *statistics, result["signature"]]
        assert row == wanted


def test_value_is_a_number_per_loss_and_nothing_else(losscli: Run) -> None:
    done = losscli("compute", "mse", "rmse", *INLINE, "--format", "value")
    assert (done.stdout, done.stderr) == (f"0.5\n{sqrt(0.5)!r}\n", "")


def test_value_of_float32_is_in_its_shortest_form(losscli: Run) -> None:
    args = ("compute", "msle", *INLINE, "--dtype", "float32", "--format", "value")
    assert losscli(*args).stdout == "0.24022645\n"


@pytest.mark.parametrize(
    ("options", "shown", "more"),
    [
        ((), 10, "… and 432 more samples"),
        (("--rows", "3"), 3, "… and 439 more samples"),
        (("--rows", "441"), 441, "… and 1 more sample "),
        (("--rows", "442"), 442, None),
        (("--rows", "5000"), 442, None),
        (("--rows", "all"), 442, None),
    ],
)
def test_rows_of_the_table(
    options: tuple[str, ...], shown: int, more: str | None, losscli: Run
) -> None:
    done = losscli("compute", "mse", *RIDGE, *options)
    samples = [row for row in cells(done.stdout.partition("loss")[0]) if len(row) == 2][1:]
    assert [row[0] for row in samples] == [str(i + 1) for i in range(shown)]
    said = [line for line in done.stdout.splitlines() if line.startswith("…")]
    assert len(said) == (0 if more is None else 1)
    assert more is None or said[0].startswith(more)


@pytest.mark.parametrize("options", [("--summary",), ("--rows", "0")])
def test_a_table_without_samples(options: tuple[str, ...], losscli: Run) -> None:
    done = losscli("compute", "mse", "mae", *RIDGE, *options)
    if len(cells(done.stdout)[0]) == 3:  # too wide for a line: a row per statistic
        shown = list(zip(*cells(done.stdout), strict=True))
    else:
        shown = cells(done.stdout)
    head, mse, mae = ([*row] for row in shown)
    assert head == ["loss", "value", "n", "min", "p50", "p95", "p99", "max", "mean", "std"]
    assert mse[:3] == ["mse", "2975.246", "442"]
    assert mae[:3] == ["mae", "44.27416", "442"]


def test_the_table_ends_with_the_signatures(losscli: Run) -> None:
    done = losscli("compute", "mse", "huber:delta=2", *INLINE)
    last, huber = done.stdout.splitlines()[-2:]
    assert last == SIGNATURE
    assert huber == SIGNATURE.replace("mse", "huber:delta=2")


@pytest.mark.parametrize(
    ("args", "value"),
    [
        (("mse", *RIDGE), 2975.246457810528),
        (("mae", *RIDGE), 44.27415739348143),
        (("mse", *DIABETES, "--pred", SAMPLE_DATA / "diabetes/forest.csv"), 3406.082513122172),
        (
            (
                "binary_crossentropy:epsilon=0",
                "--true",
                SAMPLE_DATA / "breast_cancer/y_true.csv",
                "--pred",
                SAMPLE_DATA / "breast_cancer/logistic.csv",
            ),
            0.0738370416509833,
        ),
    ],
)
def test_the_sample_data_has_the_values_of_scikit_learn(
    args: tuple[str | Path, ...], value: float, losscli: Run
) -> None:
    done = losscli("compute", *args, "--format", "value")
    assert float(done.stdout) == pytest.approx(value, rel=1e-13)


@pytest.mark.parametrize("true", ["y_true.csv", "y_true.npy"])
@pytest.mark.parametrize("pred", ["logistic.csv", "logistic.npy"])
def test_sparse_and_one_hot_labels_agree(true: str, pred: str, losscli: Run) -> None:
    """Without epsilon: with it, Keras 2 clips the one and divides by the sum before or after."""
    digits = SAMPLE_DATA / "digits"
    sparse = losscli(
        "compute",
        "scce:epsilon=0",
        "--true",
        digits / true,
        "--pred",
        digits / pred,
        "--format",
        "value",
    )
    one_hot = digits / true.replace("y_true", "y_true_onehot")
    dense = losscli(
        "compute", "cce:epsilon=0", "--true", one_hot, "--pred", digits / pred, "--format", "value"
    )
    assert float(sparse.stdout) == pytest.approx(float(dense.stdout), rel=1e-12)


def test_columns_of_one_file(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "both.csv").write_text("id,price,guess,x\nann,1,2,7\nbob,3,5,8\n")
    for pred in ("guess", "3", "/^gu/", "guess:guess"):
        args = ("--data", "both.csv", "--true-cols", "price", "--pred-cols", pred)
        assert losscli("compute", "mse", *args, "--format", "value").stdout == "2.5\n"


def test_columns_of_two_files(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id;y\n1;1\n2;2\n")
    np.save(tmp_path / "p.npy", np.array([[9, 9, 1], [9, 9, 4]], dtype=">i2"))
    args = ("--true", "t.csv", "--true-cols", "y", "--pred", "p.npy", "--pred-cols", "3")
    assert losscli("compute", "mse", *args, "--format", "value").stdout == "2.0\n"


@pytest.mark.parametrize("name", ["|", "tab", "space", "semicolon", "comma"])
def test_delimiters_by_name(name: str, losscli: Run, tmp_path: Path) -> None:
    character = {"tab": "\t", "space": " ", "semicolon": ";", "comma": ","}.get(name, name)
    (tmp_path / "d.txt").write_text(f"a{character}b\n1{character}3\n")
    args = ("--data", "d.txt", "--true-cols", "a", "--pred-cols", "b", "--delimiter", name)
    assert losscli("compute", "mse", *args, "--format", "value").stdout == "4.0\n"


def test_many_losses_in_one_pass_are_each_as_alone(losscli: Run) -> None:
    names = ("mse", "rmse", "mae", "huber:delta=0.5", "logcosh", "mse")
    together = losscli("compute", *names, *RIDGE, "--format", "value").stdout.splitlines()
    alone = [losscli("compute", name, *RIDGE, "--format", "value").stdout.strip() for name in names]
    assert together == alone


def test_a_loss_that_is_no_finite_number_has_a_status_and_a_note(losscli: Run) -> None:
    data = ("--true", "[0, 0]", "--pred", "[1e200, 1]")
    done = losscli("compute", "mse", *data, "--format", "json")
    (result,) = document(done.stdout)["results"]
    assert (result["value"], result["status"]) == (None, "inf")
    assert result["per_sample"] == [None, 1.0]
    assert done.stderr == "note: mse: the value is inf\n"
    assert losscli("compute", "mse", *data, "--format", "value").stdout == "inf\n"


def test_notes_go_to_standard_error_once(losscli: Run) -> None:
    done = losscli("compute", "hinge", "squared_hinge", *INLINE, "--format", "value")
    assert done.stdout.count("\n") == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("note: hinge, squared_hinge: ")
    assert "Keras 3" in done.stderr


def test_the_order_of_options_is_free(losscli: Run) -> None:
    done = losscli("compute", "--format", "value", "--pred", PRED, "mse", "--true", TRUE, "mae")
    assert done.stdout == "0.5\n0.5\n"


def test_samples_are_numbered_through_all_blocks(losscli: Run, tmp_path: Path) -> None:
    """More rows than a block holds: 65536 for one column."""
    np.save(tmp_path / "t.npy", np.arange(150_000.0))
    args = ("--true", "t.npy", "--pred", "t.npy", "--format", "csv")
    rows = losscli("compute", "mae", *args).stdout.splitlines()[1:]
    assert all(int(b.split(",")[0]) - int(a.split(",")[0]) == 1 for a, b in pairwise(rows))
    assert (rows[0], rows[-1]) == ("1,0.0", "150000,0.0")


def test_the_installed_command_is_the_same(losscli: Run) -> None:
    script = shutil.which("losscli", path=sysconfig.get_path("scripts"))
    if script is None:
        pytest.skip("the package is not installed")
    args = ("compute", "mse", *INLINE, "--format", "json")
    installed = subprocess.run([script, *args], capture_output=True, text=True, check=True)
    assert installed.stdout == losscli(*args).stdout
