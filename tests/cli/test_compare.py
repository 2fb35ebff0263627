"""`losscli compare`: the numbers of `compute`, models side by side, and what it refuses."""

import csv
import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import losscli as api
from losscli.errors import LosscliError, UsageError
from losscli.losses import registry
from losscli.request.models import name_models
from tests.conftest import PRED, SAMPLE_DATA, TRUE, Run

NAMES = [spec.name for spec in registry.specs()]
RIDGE = SAMPLE_DATA / "diabetes/ridge.csv"
FOREST = SAMPLE_DATA / "diabetes/forest.csv"
DIABETES = SAMPLE_DATA / "diabetes/y_true.csv"
# Every pair of files in sample_data that fits by position, and those that fit by id.
PAIRS = [
    ("article/y_true.csv", "article/y_pred.csv"),
    ("article/y_true.npy", "article/y_pred.npy"),
    ("breast_cancer/y_true.csv", "breast_cancer/logistic.csv"),
    ("breast_cancer/y_true.csv", "breast_cancer/forest.csv"),
    ("diabetes/y_true.csv", "diabetes/ridge.csv"),
    ("diabetes/y_true.csv", "diabetes/forest.csv"),
    ("digits/y_true.csv", "digits/logistic.csv"),
    ("digits/y_true_onehot.csv", "digits/logistic.csv"),
    ("digits/y_true.npy", "digits/logistic.npy"),
    ("digits/y_true_onehot.npy", "digits/logistic.npy"),
]
PAIRS_BY_ID = [
    ("diabetes/y_true_id.csv", "diabetes/ridge_shuffled.csv"),
    ("diabetes/y_true_id.csv", "diabetes/forest_shuffled.csv"),
]
STATISTICS = ("min", "max", "mean", "std")
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The JSON document of a process that went well."""
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def facts(entry: dict[str, Any]) -> tuple[object, ...]:
    """What `compare` and `compute` must write alike, to the last digit."""
    statistics = (entry["summary"][name] for name in STATISTICS)
    return entry["loss"], entry["value"], entry["signature"], *statistics


def facts_of_compute(name: str, t: Path, p: Path) -> tuple[object, ...]:
    """The same of a loss that is computed alone."""
    r = api.compute(name, t, p)
    return name, r.value, r.signature, *(getattr(r.summary, name) for name in STATISTICS)


def refusal(name: str, t: Path, p: Path) -> str:
    """What `compute` says of a loss that cannot be computed."""
    with pytest.raises(LosscliError) as caught:
        api.compute(name, t, p)
    return caught.value.message


def test_the_pairs_are_all_of_sample_data() -> None:
    named = {SAMPLE_DATA / path for pair in PAIRS + PAIRS_BY_ID for path in pair}
    assert named == {path for path in SAMPLE_DATA.rglob("*") if path.suffix in (".csv", ".npy")}


@pytest.mark.parametrize(("t", "p"), PAIRS, ids=lambda path: path)
def test_compare_gives_the_digits_of_compute(t: str, p: str, losscli: Run) -> None:
    true, pred = SAMPLE_DATA / t, SAMPLE_DATA / p
    found = document(losscli("compare", "--true", true, "--pred", pred, "--format", "json"))
    assert found["models"] == [pred.stem]
    computed = [entry["loss"] for entry in found["results"]]
    assert [facts(entry) for entry in found["results"]] == [
        facts_of_compute(name, true, pred) for name in computed
    ]
    reasons = {entry["loss"]: entry["reason"] for entry in found["not_applicable"]}
    assert sorted([*computed, *reasons]) == sorted(NAMES)
    for name, reason in reasons.items():
        said = refusal(name, true, pred)
        must, _, where = reason.rpartition(" in ")
        if said.startswith(f"{name}: "):  # the shapes
            assert said.startswith(f"{name}: {reason.partition(';')[0]}; ")
        else:
            assert said == f"{where}: for {name}, {must}"


def test_rows_paired_by_id_give_the_digits_of_compute(losscli: Run) -> None:
    """Both models at once, each in an order of its own, against a process for each."""
    [(t, ridge), (_, forest)] = PAIRS_BY_ID
    true = ("--true", SAMPLE_DATA / t, "--id", "id", "--format", "json")
    preds = [SAMPLE_DATA / ridge, SAMPLE_DATA / forest]
    found = document(losscli("compare", *true, "--pred", preds[0], "--pred", preds[1]))
    assert found["models"] == ["ridge_shuffled", "forest_shuffled"]
    assert found["n"] == {"used": 442, "skipped": 0, "unmatched": 0}
    for pred in preds:
        ours = [entry for entry in found["results"] if entry["model"] == pred.stem]
        names = [entry["loss"] for entry in ours]
        assert len(names) >= 10
        alone = document(losscli("compute", *names, *true, "--pred", pred, "--summary"))
        assert list(map(facts, ours)) == list(map(facts, alone["results"]))


def test_the_predictions_may_come_from_a_pipe(losscli: Run) -> None:
    """What can be read only once is enough for every loss: there is one pass."""
    args = ("compare", "--true", DIABETES, "--format", "csv")
    piped = losscli(*args, "--pred", "ridge=-", stdin=RIDGE.read_text())
    assert piped.returncode == 0
    assert len(piped.stdout.splitlines()) >= 11
    assert piped.stdout == losscli(*args, "--pred", RIDGE).stdout


def test_a_fault_in_a_late_block(losscli: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    t, p = rng.integers(0, 2, 120_000).astype(float), rng.random(120_000)
    p[99_999] = 1.5
    np.save(tmp_path / "t.npy", t)
    np.save(tmp_path / "p.npy", p)
    found = document(losscli("compare", "--true", "t.npy", "--pred", "p.npy", "--format", "json"))
    reasons = {entry["loss"]: entry["reason"] for entry in found["not_applicable"]}
    must = "y_pred must be a number in [0, 1], found 1.5"
    assert reasons["binary_crossentropy"] == f"{must} in p.npy, row 100000, column 1"
    alone = losscli("compute", "bce", "--true", "t.npy", "--pred", "p.npy")
    assert alone.stderr.startswith(f"error: p.npy, row 100000, column 1: for bce, {must}\n")
    for entry in found["results"]:
        expected = facts_of_compute(entry["loss"], tmp_path / "t.npy", tmp_path / "p.npy")
        assert facts(entry) == expected


ONE = ("--true", "[0, 1]", "--pred", "[0.5, 2]")
TWO_MODELS = ("--true", "[0, 1, 2]", "--pred", "a=[0, 1, 3]", "--pred", "b=[0, 2, 2]")
ERRORS = {
    "no data": ([], "--true is missing"),
    "no predictions": (["--true", TRUE], "--pred is missing"),
    "nothing applies": ([*ONE, "--loss", "bce", "--loss", "kld"], "no loss can be computed"),
    "no shape fits": ([*ONE, "--loss", "categorical_hinge"], "must have a column per class"),
    "not finite": (["--true", "[0, 1]", "--pred", "[0, NaN]"], "nan is not a finite number"),
    "no loss": ([*ONE, "--loss", "mxe"], "there is no loss 'mxe'"),
    "no parameter": ([*ONE, "--loss", "huber:gamma=1"], "gamma"),
    "no family": ([*ONE, "--family", "marginal"], "there is no family 'marginal'"),
    "none is left": ([*ONE, "--loss", "mse", "--family", "margin"], "no loss is left"),
    "no order": ([*ONE, "--sort", "size"], "--sort"),
    "no format": ([*ONE, "--format", "xml"], "--format"),
    "no digits": ([*ONE, "--digits", "0"], "--digits"),
    "no worst": ([*ONE, "--worst", "0"], "--worst"),
    "no sum": ([*ONE, "--loss", "rmse", "--reduction", "sum"], "rmse pools all samples"),
    "by column": ([*ONE, "--loss", "mse:multioutput=raw_values"], "keeps a mean a column"),
    "no reduction": ([*ONE, "--reduction", "none"], "--reduction none"),
    "no group": ([*ONE, "--by", "region"], "region"),
    "one name": (["--true", "[1]", "--pred", "m=[1]", "--pred", "m=[2]"], "two models are named"),
    "one stem": (["--true", "[1]", "--pred", "[1]", "--pred", "[2]"], "two models are named"),
    "one pipe": (["--true", "-", "--pred", "a=-"], "only one of"),
    "two pipes": (["--true", "[1]", "--pred", "a=-", "--pred", "b=-"], "only one"),
    "no file": (["--true", "[1]", "--pred", "m=no.csv"], "there is no file 'no.csv'"),
    "two shapes": ([*ONE, "--pred", "b=[[1, 2], [2, 3]]"], "must have one shape"),
    "one short": (["--true", "[1, 2]", "--pred", "a=[1, 2]", "--pred", "b=[1]"], "rows differ"),
    "data twice": ([*ONE, "--data", "x.csv"], "--data takes the place"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_what_cannot_be_is_told_in_two_lines(name: str, losscli: Run) -> None:
    args, said = ERRORS[name]
    done = losscli("compare", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert said in done.stderr.splitlines()[0]
    assert len(done.stderr.splitlines()) <= 2


def test_without_data_the_usage_is_told_by_the_process(losscli: Run) -> None:
    done = losscli("compare")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'losscli compare --help'" in done.stderr


def test_the_data_may_come_from_the_environment(losscli: Run, tmp_path: Path) -> None:
    """A path is taken whole, blanks and all; what is typed goes first."""
    (tmp_path / "my true.csv").write_text("y\n1\n2\n")
    (tmp_path / "my pred.csv").write_text("p\n1\n4\n")
    env = {"LOSSCLI_TRUE": "my true.csv", "LOSSCLI_PRED": "my pred.csv"}
    asked = ("compare", "--loss", "mse", "--format", "json")
    found = document(losscli(*asked, env=env))
    assert (found["models"], found["results"][0]["value"]) == (["my pred"], 2.0)
    found = document(losscli(*asked, "--pred", "b=[1, 2]", env=env))
    assert (found["models"], found["results"][0]["value"]) == (["b"], 0.0)


def test_a_loss_may_be_named_twice(losscli: Run) -> None:
    done = losscli("compare", *TWO_MODELS, "--loss", "huber:delta=2", "--loss", "huber:delta=2")
    assert done.returncode == 0, done.stderr
    assert "huber:delta=2" in done.stdout


@pytest.mark.parametrize(
    ("preds", "named"),
    [
        (["runs/ridge.csv"], {"ridge": "runs/ridge.csv"}),
        (["r=runs/ridge.csv"], {"r": "runs/ridge.csv"}),
        (["r=a=b.csv"], {"r": "a=b.csv"}),
        (["lr=0.1.csv"], {"lr=0.1": "lr=0.1.csv"}),  # a file that is there
        (["m=lr=0.1.csv"], {"m": "lr=0.1.csv"}),
        (["lr=0.2.csv"], {"lr": "0.2.csv"}),
        (["runs/lr=0.1.csv"], {"lr=0.1": "runs/lr=0.1.csv"}),  # a name holds no slash
        (["./a=b.npy"], {"a=b": "./a=b.npy"}),
        (["p.csv.gz", "q.npy"], {"p": "p.csv.gz", "q": "q.npy"}),
        (["all.npz:a", "all.npz:b"], {"a": "all.npz:a", "b": "all.npz:b"}),
        (["r=all.npz:ridge"], {"r": "all.npz:ridge"}),
        (["-"], {"stdin": "-"}),
        (["r=-"], {"r": "-"}),
        (["[1, 2]"], {"inline": "[1, 2]"}),
        (["r=[1, 2]"], {"r": "[1, 2]"}),
        (["r=p.csv", "p.csv"], {"r": "p.csv", "p": "p.csv"}),
        (["p.csv", "x/p.csv"], "p"),
        (["m=p.csv", "m=q.csv"], "m"),
        (["m=p.csv", "m.csv"], "m"),
        (["a.npz:p", "p.csv"], "p"),
    ],
    ids=str,
)  # fmt: skip
def test_the_names_of_models(
    preds: list[str],
    named: dict[str, str] | str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "lr=0.1.csv").touch()
    monkeypatch.chdir(tmp_path)
    if isinstance(named, str):
        with pytest.raises(UsageError, match=f"two models are named '{named}'"):
            name_models(preds)
    else:
        assert name_models(preds) == named


def write_ids(folder: Path, name: str, column: str, ids: list[int], factor: float) -> None:
    lines = [f"{i},{i * factor}\n" for i in ids]
    (folder / name).write_text(f"id,{column}\n" + "".join(lines))


# Ids of y_true, of model a and of model b; those that all have; how many rows have no partner.
UNMATCHED = {
    "each lacks another": ([1, 2, 3, 4], [1, 2, 3], [2, 3, 4], [2, 3], 2 + 1 + 1),
    "in other orders": ([1, 2, 3, 4], [3, 1, 2], [4, 2, 3], [2, 3], 2 + 1 + 1),
    "unknown ids": ([1, 2, 3], [9, 3, 2, 1], [3, 8, 7, 1], [1, 3], 1 + 2 + 2),
    "true falls": ([4, 3, 2, 1], [1, 2, 3], [4, 3, 2, 9], [2, 3], 2 + 1 + 2),
    "true has more": ([1, 2, 3, 4, 5], [1, 2, 3], [1, 2, 3], [1, 2, 3], 2),
    "all match": ([1, 2, 3], [3, 2, 1], [2, 1, 3], [1, 2, 3], 0),
}


@pytest.mark.parametrize("name", UNMATCHED)
def test_models_are_computed_on_the_rows_that_all_have(
    name: str, losscli: Run, tmp_path: Path
) -> None:
    t, a, b, common, unmatched = UNMATCHED[name]
    for file, column, ids, factor in (("t", "y", t, 1), ("a", "p", a, 3), ("b", "p", b, 0)):
        write_ids(tmp_path, f"{file}.csv", column, ids, factor)
    options = ["--true", "t.csv", "--pred", "a.csv", "--pred", "b.csv", "--id", "id"]
    asked = [*options, "--loss", "mse", "--loss", "mbe", "--format", "json", "--worst", "1"]
    done = losscli("compare", *asked, "--unmatched", "drop")
    found = document(done)
    assert found["n"] == {"used": len(common), "skipped": 0, "unmatched": unmatched}
    assert ("rows without a partner were dropped" in done.stderr) == (unmatched > 0)
    x = np.array(common, dtype=float)
    expected = [(4 * x**2).mean(), (x**2).mean(), (2 * x).mean(), (-x).mean()]
    assert [entry["value"] for entry in found["results"]] == pytest.approx(expected, rel=1e-15)
    assert {entry["worst"][0]["id"] for entry in found["results"][:2]} == {str(max(common))}
    assert losscli("compare", *asked).returncode == (0 if unmatched == 0 else 2)


def test_the_true_file_may_be_a_model_of_its_own(losscli: Run, tmp_path: Path) -> None:
    """A baseline of itself is counted like a copy of it would be."""
    for name in ("t.csv", "copy.csv"):
        write_ids(tmp_path, name, "y", [1, 2, 3], 1)
    write_ids(tmp_path, "m.csv", "p", [3, 1], 2)
    asked = ("compare", "--true", "t.csv", "--pred", "m.csv", "--id", "id", "--unmatched", "drop")
    counts = [
        document(losscli(*asked, "--pred", f"base={file}", "--format", "json"))["n"]
        for file in ("copy.csv", "t.csv")
    ]
    assert counts == [{"used": 2, "skipped": 0, "unmatched": 2}] * 2


def test_skip_drops_a_row_for_all_models_and_tells(losscli: Run) -> None:
    data = (
        "--true",
        "[1, 2, 3, 4]",
        "--pred",
        "a=[1, NaN, 4, 4]",
        "--pred",
        "b=[1, 2, 3, Infinity]",
    )
    asked = ("compare", *data, "--loss", "mse", "--nan", "skip")
    found = document(losscli(*asked, "--format", "json"))
    assert found["n"] == {"used": 2, "skipped": 2, "unmatched": 0}
    assert [entry["value"] for entry in found["results"]] == [0.5, 0.0]
    assert all("|n:2|skipped:2|" in entry["signature"] for entry in found["results"])
    assert "2 samples, 2 skipped" in losscli(*asked).stdout


GROUPED = "region,w,y\n10,1,1\n9,2,2\n10,3,3\neast,1,4\n9,0,5\n"
# What each group's rows are: (y, p of a, p of b, weight).
OF_GROUP = {
    "9": [(2, 2, 0, 2), (5, 7, 0, 0)],
    "10": [(1, 2, 0, 1), (3, 3, 0, 3)],
    "east": [(4, 1, 0, 1)],
}


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("by", ["region", "groups.csv:region", "groups.csv"])
def test_groups_of_a_column(by: str, weighted: bool, losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(GROUPED)
    regions = [line.split(",")[0] for line in GROUPED.splitlines()]
    other = [f"{r}\n" if by == "groups.csv" else f"{i},{r}\n" for i, r in enumerate(regions)]
    (tmp_path / "groups.csv").write_text("".join(other))
    (tmp_path / "a.csv").write_text("a\n2\n2\n3\n1\n7\n")
    (tmp_path / "b.csv").write_text("b\n0\n0\n0\n0\n0\n")
    data = ("--true", "t.csv", "--true-cols", "y", "--pred", "a.csv", "--pred", "b.csv")
    options = ("--weights", "w", "--reduction", "mean") if weighted else ()
    asked = ("compare", *data, *options, "--by", by, "--loss", "mse", "--format", "csv")
    done = losscli(*asked)
    assert done.returncode == 0, done.stderr
    found = [
        (row["group"], row["model"], int(row["n"]), float(row["value"]))
        for row in csv.DictReader(io.StringIO(done.stdout))
    ]
    expected = []
    for group, rows in OF_GROUP.items():
        x = np.array(rows, dtype=float)
        w = x[:, 3] if weighted else np.ones(len(x))
        for column, model in ((1, "a"), (2, "b")):
            value = float((w * (x[:, 0] - x[:, column]) ** 2).sum() / w.sum())
            expected.append((group, model, len(x), value))
    assert found == expected


def test_the_column_of_groups_is_no_value(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(GROUPED)
    (tmp_path / "a.csv").write_text("a\n2\n2\n3\n1\n7\n")
    done = losscli(
        "compare", "--true", "t.csv", "--pred", "a.csv", "--by", "region", "--weights", "w"
    )
    assert done.returncode == 0, done.stderr
    headings = done.stdout.splitlines()[1]
    assert re.findall(r"(\w+) \(n = (\d)\)", headings) == [("9", "2"), ("10", "2"), ("east", "1")]


def test_too_many_groups(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("g,y\n" + "".join(f"{i},1\n" for i in range(1001)))
    (tmp_path / "p.csv").write_text("p\n" + "1\n" * 1001)
    done = losscli("compare", "--true", "t.csv", "--pred", "p.csv", "--by", "g", "--loss", "mse")
    assert (done.returncode, done.stdout) == (2, "")
    assert "more than 1000 groups" in done.stderr


def test_the_worst_samples_of_each_model(losscli: Run) -> None:
    asked = ("compare", *TWO_MODELS, "--loss", "mse", "--worst", "2")
    found = document(losscli(*asked, "--format", "json"))
    worst = {e["model"]: [(s["sample"], s["value"]) for s in e["worst"]] for e in found["results"]}
    assert worst == {"a": [(3, 1.0), (1, 0.0)], "b": [(2, 1.0), (1, 0.0)]}
    table = losscli(*asked).stdout
    assert "largest values of mse (a)" in table
    assert "largest values of mse (b)" in table


def test_the_worst_samples_of_each_group_are_told_apart(losscli: Run) -> None:
    asked = ("compare", *TWO_MODELS, "--by", "[1, 2, 1]", "--loss", "mse", "--worst", "1")
    titles = [line for line in losscli(*asked).stdout.splitlines() if line.startswith("largest")]
    assert len(titles) == 4
    assert len(set(titles)) == 4


MARGIN = [spec.name for spec in registry.specs() if spec.family == "margin"]
DIVERGENCE = [spec.name for spec in registry.specs() if spec.family == "divergence"]


@pytest.mark.parametrize(
    ("options", "losses"),
    [
        (("--family", "margin"), MARGIN),
        (("--family", "margin", "--family", "divergence"), [*MARGIN, *DIVERGENCE]),
        (("--loss", "mse", "--loss", "huber:delta=2"), ["mse", "huber"]),
        (("--loss", "mse", "--loss", "kld", "--family", "divergence"), ["kld"]),
    ],
    ids=str,
)  # fmt: skip
def test_only_the_losses_that_were_asked_for(
    options: tuple[str, ...], losses: list[str], losscli: Run
) -> None:
    data = ("--true", TRUE, "--pred", PRED)
    found = document(losscli("compare", *data, *options, "--format", "json"))
    named = [e["loss"] for e in (*found["results"], *found["not_applicable"])]
    assert set(named) == set(losses)
    assert len(named) == len(losses)


def test_two_runs_are_the_same_byte_for_byte(process: Run) -> None:
    asked = ("compare", "--true", DIABETES, "--pred", RIDGE, "--pred", FOREST, "--worst", "3")
    first, second = (process(*asked, env={"PYTHONHASHSEED": seed}) for seed in ("1", "2"))
    assert first.stdout
    assert (first.stdout, first.stderr) == (second.stdout, second.stderr)


def test_a_file_holds_what_standard_output_would(losscli: Run, tmp_path: Path) -> None:
    asked = ("compare", "--true", DIABETES, "--pred", RIDGE, "--format", "markdown")
    assert losscli(*asked, "--output", "out.md").stdout == ""
    assert (tmp_path / "out.md").read_text() == losscli(*asked).stdout
