"""Which cells meet: files as people have them, and what comes of each, on the command line."""

import json
from pathlib import Path

import numpy as np
import pytest

from losscli.sources.described import rising_step
from tests.conftest import SAMPLE_DATA, Run

CCE = "categorical_crossentropy"
SCCE = "sparse_categorical_crossentropy"

# What is computed, y_true's file, y_pred's, the value, and what the notes say.
VALUES = [
    (CCE, "cat,dog,fox\n1,0,0\n0,1,0\n", "dog,cat,fox\n.1,.8,.1\n.7,.2,.1\n", 0.28990924762647097,
     "by name"),
    ("mse", "a,b\n1,10\n2,20\n", "b,a\n10,1\n20,2\n", 0.0, "by name"),
    ("mse", "a,b\n1,10\n2,20\n", "a,b\n1,10\n2,20\n", 0.0, ""),
    ("mse", ",y\n0,1\n1,2\n", ",ridge\n0,1\n1,4\n", 2.0, "equal in both files"),
    ("mse", "Unnamed: 0,y\n0,1\n1,2\n", ",ridge\n0,1\n1,4\n", 2.0, "equal in both files"),
    ("mse", "id,y\n7,1\n9,2\n", "id,p\n7,1\n9,4\n", 2.0, "equal in both files"),
    ("rmse", "Id,SalePrice\n1461,200000\n1462,150000\n", "Id,SalePrice\n1461,210000\n1462,140000\n",
     10000.0, "equal in both files"),
    ("mse", "Id,y,Usage\n1,1,Public\n2,2,Private\n", "id,y,Usage\n1,1,Public\n2,4,Private\n", 2.0,
     "Usage"),
    ("mse", "ImageId,y\n7,1\n9,2\n", "imageid,p\n7,1\n9,4\n", 2.0, "ImageId"),
    ("mse", "id,y\n1,1\n2,2\n", "id,p\n1.0,1\n2.0,4\n", 2.0, "equal in both files"),
    ("mse", "date,y\n2026-01-01,1\n2026-01-02,2\n", "date,p\n2026-01-01,1\n2026-01-02,4\n", 2.0,
     "date"),
    ("mse", "id\n1\n2\n", "id\n1\n4\n", 2.0, ""),  # a file's only column is a value
    ("mse", "id,y\n7,1\n9,2\n", "p\n1\n4\n", 2.0, "is a key and is left out"),
    ("mse", "y\n1\n2\n", "index,p\n0,1\n1,4\n", 2.0, "is a key and is left out"),
    ("mse", "class_id\n1\n2\n", "class_id\n1\n4\n", 2.0, ""),
    ("mse", "class_id,y\n1,1\n2,2\n", "class_id,y\n1,1\n4,2\n", 1.0, ""),
    ("mse", "cat,dog\n1,10\n2,20\n", "p_dog,p_cat\n10,1\n20,2\n", 0.0, "have in common"),
    ("mse", "cat,dog\n1,10\n2,20\n", "cat_prob,dog_prob\n1,10\n2,20\n", 0.0, ""),
    ("mse", "y_true_1,y_true_2\n1,10\n", "p2,p1\n10,1\n", 0.0, "have in common"),
    ("mse", "Cat,Dog\n1,10\n", "dog,cat\n10,1\n", 0.0, "whatever the case"),
    ("mse", "u,v\n1,10\n2,20\n", "w,x\n1,10\n2,20\n", 0.0, "by position"),
    ("mse", "y\n1\n2\n", "p\n1\n4\n", 2.0, ""),
    ("mse", "sample,y\n1,1\n2,2\n", "sample,p\n1,1\n2,4\n", 2.0, "sample"),
    (SCCE, "label\n0\n1\n2\n", "0,1,2\n.8,.1,.1\n.1,.8,.1\n.1,.1,.8\n", 0.2231435513142097,
     "is taken as a header"),
    (SCCE, "label\n1\n2\n3\n", "1,2,3\n.8,.1,.1\n.1,.8,.1\n.1,.1,.8\n", 0.2231435513142097,
     "names of the columns"),
    (SCCE, "y\n2\n1\n0\n", "2,1,0\n.8,.1,.1\n.1,.8,.1\n.1,.1,.8\n", 0.2231435513142097,
     "names of the columns"),
    (SCCE, "y\ncat\ndog\n", "dog,cat\n.2,.8\n.8,.2\n", 0.2231435513142097, "by their names"),
    (SCCE, "y\ncat\ndog\n", "p_dog,p_cat\n.2,.8\n.8,.2\n", 0.2231435513142097, "by their names"),
    ("zero_one", "y\ncat\ndog\nfox\n", "p\ncat\ncat\nfox\n", 1 / 3, ""),
    ("zero_one", "file,y\na.png,cat\nb.png,dog\n", "file,y\na.png,cat\nb.png,cat\n", 0.5, "file"),
]  # fmt: skip

# The same of what is refused: what the error and the hint say.
REFUSED = [
    ("mse", "id,y\n1,1\n2,2\n", "id,p\n2,4\n1,1\n", "line 2", "--id id"),
    ("mse", ",y\n0,1\n1,2\n", ",p\n0,1\n2,4\n", "line 3", "--id 1"),
    ("mse", "Id,y\n1,1\n2,2\n", "id,p\n1,1\n3,4\n", "line 3", "--id Id=id"),
    ("mse", "a,y\n1,1\n2,2\n", "a,p\n1,1\n2,4\n", "both have a column a", "--true-cols y"),
    ("mse", "y_true\n1\n2\n", "y_true,y_pred\n1,1\n2,4\n", "both have a column y_true",
     "hint: --pred-cols y_pred"),
    ("mse", "a,b,c\n1,2,3\n", "a,b,d\n1,2,3\n", "both have the columns a, b", "--by-position"),
    ("mse", "id,y\n1,1\n2,2\n", "p,q\n1,1\n2,4\n", "must have one shape", "--true-cols"),
    ("mse", "0\n1.5\n2.5\n", "0\n1.0\n2.0\n", "may be a header", "--no-header"),
    ("mse", "0,1\n2,3\n4,5\n", "0,1\n2,3\n4,5\n", "may be a header", "--no-header"),
    ("mse", "2019,2020\n1.5,2.5\n", "2019,2020\n1.5,2.5\n", "may be a header", "--header"),
    ("mse", "0.1,0.5,0.9\n1,2,3\n2,3,4\n", "0.1,0.5,0.9\n1,2,4\n2,3,5\n", "may be a header",
     "--header"),
    (SCCE, "0\n1\n0\n1\n", "0,1\n.2,.8\n.7,.3\n.4,.6\n", "may be a header", "--header"),
    ("mse", "0\n1\n2\n", "0\n1\n3\n", "may be a header", "--header"),
    (SCCE, "y\ncat\nbird\n", "dog,cat\n.2,.8\n.8,.2\n", "'bird' is none of the classes dog, cat",
     "--labels"),
    (SCCE, "y\ncat\ndog\n", "a,b\n.2,.8\n.8,.2\n", "holds words", "--labels cat,dog"),
    ("bce", "y\ncat\ndog\n", "p\n.2\n.8\n", "which of them counts as 1", "--positive cat"),
    ("mse", "y\ncat\ndog\n", "p\n.2\n.8\n", "line 2, column 1 (y): 'cat' is not a number", ""),
]  # fmt: skip


def compute(losscli: Run, loss: str, *options: str) -> tuple[int, str, str]:
    done = losscli("compute", loss, "--true", "t.csv", "--pred", "p.csv", *options,
                   "--format", "value")  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def write(folder: Path, true: str, pred: str) -> None:
    (folder / "t.csv").write_text(true)
    (folder / "p.csv").write_text(pred)


@pytest.mark.parametrize(("loss", "true", "pred", "value", "note"), VALUES)
def test_the_right_cells_meet(
    loss: str, true: str, pred: str, value: float, note: str, losscli: Run, tmp_path: Path
) -> None:
    write(tmp_path, true, pred)
    code, out, err = compute(losscli, loss)
    assert (code, float(out or "nan")) == (0, pytest.approx(value, rel=1e-12)), err
    assert note in err
    assert bool(err) == bool(note)
    assert all(line.startswith("note: ") for line in err.splitlines())


@pytest.mark.parametrize(("loss", "true", "pred", "message", "hint"), REFUSED)
@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_what_can_be_meant_otherwise_is_asked(
    loss: str,
    true: str,
    pred: str,
    message: str,
    hint: str,
    quiet: tuple[str, ...],
    losscli: Run,
    tmp_path: Path,
) -> None:
    write(tmp_path, true, pred)
    code, out, err = compute(losscli, loss, *quiet)
    assert (code, out) == (2, "")
    assert message in err
    assert hint in err


@pytest.mark.parametrize(("loss", "true", "pred", "message", "hint"), REFUSED)
def test_no_gate_passes_on_a_doubt(
    loss: str, true: str, pred: str, message: str, hint: str, losscli: Run, tmp_path: Path
) -> None:
    write(tmp_path, true, pred)
    done = losscli(
        "check", "--true", "t.csv", "--pred", "p.csv", "--fail-if", f"{loss} > 1e9", "--quiet"
    )
    assert done.returncode == 2
    assert message in done.stderr


def as_records(text: str) -> str | None:
    """A CSV text as JSON Lines; None where a name stands twice or is empty."""
    names, *rows = [line.split(",") for line in text.splitlines()]
    if len(set(names)) < len(names) or not all(names):
        return None
    lines = [dict(zip(names, map(_cell, row), strict=True)) for row in rows]
    return "".join(json.dumps(line) + "\n" for line in lines)


def _cell(text: str) -> object:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def formats_of(true: str, pred: str) -> list[str]:
    """The formats in which both files have the same names; those of records are text."""
    have_records = all(
        as_records(text) is not None and not text[0].isdigit() for text in (true, pred)
    )
    if have_records:
        return ["tsv", "json", "jsonl"]
    return ["tsv"]


@pytest.mark.parametrize(
    ("loss", "true", "pred", "form"),
    [
        (loss, true, pred, form)
        for loss, true, pred, _, _ in VALUES
        for form in formats_of(true, pred)
    ],
)
def test_every_format_that_has_names_gives_the_same(
    loss: str, true: str, pred: str, form: str, losscli: Run, tmp_path: Path
) -> None:
    write(tmp_path, true, pred)
    expected = compute(losscli, loss)[1]
    paths = []
    for name, text in (("t", true), ("p", pred)):
        records = as_records(text) or ""
        listed = "[" + ",".join(records.splitlines()) + "]"
        content = {"tsv": text.replace(",", "\t"), "json": listed, "jsonl": records}[form]
        path = tmp_path / f"{name}.{form}"
        path.write_text(content)
        paths.append(str(path))
    done = losscli("compute", loss, "--true", paths[0], "--pred", paths[1], "--format", "value")
    assert (done.returncode, done.stdout) == (0, expected), done.stderr


def test_by_position_says_that_it_is_known(losscli: Run, tmp_path: Path) -> None:
    write(tmp_path, "a,b\n1,10\n", "b,a\n1,10\n")
    assert compute(losscli, "mse", "--by-position") == (0, "0.0\n", "")


def test_chosen_columns_are_paired_as_written_and_are_no_keys(losscli: Run, tmp_path: Path) -> None:
    write(tmp_path, "id,y\n1,1\n2,2\n", "id,p\n5,1\n6,4\n")
    both = ("--true-cols", "id", "--pred-cols", "id")
    assert compute(losscli, "mse", *both) == (0, "16.0\n", "")
    assert compute(losscli, "mse", "--true-cols", "2", "--pred-cols", "2") == (0, "2.0\n", "")
    done = losscli("compute", "mse", "--true", "t.csv:y", "--pred", "p.csv:p", "--format", "value")
    assert (done.stdout, done.stderr) == ("2.0\n", "")


def test_ids_may_have_another_name_in_the_other_file(losscli: Run, tmp_path: Path) -> None:
    write(tmp_path, "key,y\n1,1\n2,2\n", "nr,p\n2,4\n1,1\n")
    assert compute(losscli, "mse", "--id", "key=nr")[:2] == (0, "2.0\n")


def test_several_models_of_one_file(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("y,ridge,forest_v2\n1,1,2\n2,4,2\n")
    done = losscli("compare", "--data", "d.csv", "--true-cols", "y", "--pred-cols", "ridge",
                   "--pred-cols", "big=forest_v2", "--loss", "mse", "--format", "json")  # fmt: skip
    found = json.loads(done.stdout)
    assert [(r["model"], r["value"]) for r in found["results"]] == [("ridge", 2.0), ("big", 0.5)]


def test_labels_in_words_that_are_said(losscli: Run, tmp_path: Path) -> None:
    write(tmp_path, "y\ncat\ndog\n", "a,b\n.8,.2\n.2,.8\n")
    ln = 0.2231435513142097
    for labels in ("cat,dog", "sorted"):
        code, out, _ = compute(losscli, SCCE, "--labels", labels)
        assert (code, float(out)) == (0, pytest.approx(ln))
    assert float(compute(losscli, "log_loss", "--dialect", "sklearn")[1]) == pytest.approx(ln)
    write(tmp_path, "y\ncat\ndog\n", "p\n.2\n.8\n")
    assert float(compute(losscli, "bce", "--positive", "dog")[1]) == pytest.approx(ln)
    assert float(compute(losscli, "log_loss", "--dialect", "sklearn")[1]) == pytest.approx(ln)


def test_the_shuffled_sample_data_is_refused_without_an_id(losscli: Run) -> None:
    folder = SAMPLE_DATA / "diabetes"
    data = ("--true", folder / "y_true_id.csv", "--pred", folder / "ridge_shuffled.csv")
    done = losscli("compute", "mse", *data)
    assert (done.returncode, done.stdout) == (2, "")
    assert "line 2, column 1 (id) is '1'" in done.stderr
    assert "--id id" in done.stderr
    assert losscli("compute", "mse", *data, "--id", "id", "--format", "value").returncode == 0


@pytest.mark.parametrize("form", ["csv", "npy", "json", "jsonl"])
def test_an_index_in_files_without_names_is_no_value(
    form: str, losscli: Run, tmp_path: Path
) -> None:
    def save(name: str, table: list[list[float]]) -> str:
        path = tmp_path / f"{name}.{form}"
        if form == "npy":
            np.save(path, np.array(table, dtype=float))
        elif form == "csv":
            path.write_text("".join(f"{a:g},{b}\n" for a, b in table))
        elif form == "json":
            path.write_text(json.dumps(table))
        else:
            path.write_text("".join(json.dumps(row) + "\n" for row in table))
        return str(path)

    def run(true: list[list[float]], pred: list[list[float]], *options: str) -> tuple[int, str]:
        done = losscli("compute", "mse", "--true", save("t", true), "--pred", save("p", pred),
                       *options, "--format", "value")  # fmt: skip
        return done.returncode, done.stdout or done.stderr

    rows = range(1, 8)
    true, pred = [[i, 0.5] for i in rows], [[i, 1.5] for i in rows]
    code, said = run(true, pred)
    assert code == 2
    assert "column 1 counts the rows alike" in said
    assert "--true-cols" in said
    assert run(true, pred, "--true-cols", "2", "--pred-cols", "2") == (0, "1.0\n")
    assert run(true, pred, "--by-position") == (0, "0.5\n")
    assert run(true, true) == (0, "0.0\n")  # a perfect model
    assert run(true[:4], pred[:4]) == (0, "0.5\n")
    assert run([[i * i, 0.5] for i in rows], [[i * i, 1.5] for i in rows]) == (0, "0.5\n")


def test_typed_data_is_what_its_author_made_it(losscli: Run) -> None:
    data = [json.dumps([[i, i * d] for i in range(1, 8)]) for d in (0.5, 1.5)]
    assert losscli("compute", "mse", "--true", data[0], "--pred", data[1]).returncode == 0


def test_a_key_may_hold_a_number_of_any_size(losscli: Run, tmp_path: Path) -> None:
    """Whether it counts the rows is found in a time and a room of the rows, not of the numbers."""
    rows = ("1", "2", "900000000000000000")
    write(
        tmp_path,
        "sample,y\n" + "".join(f"{key},1\n" for key in rows),
        "sample,p\n" + "".join(f"{key},3\n" for key in rows),
    )
    code, out, err = compute(losscli, "mse")
    assert (code, out) == (2, ""), err  # it does not rise by one step: perhaps a measurement
    assert "--id sample" in err


@pytest.mark.parametrize(
    ("cells", "step"),
    [
        (("1", "2", "3"), 1),
        (("-4", "0", "4"), 4),
        (("1", "2", "4"), 0),
        (("3", "2", "1"), 0),
        (("2", "2"), 0),
        (("1",), 0),
        ((), 0),
        (("1", "2.0"), 0),
        (("1", "9" * 5000), 0),
    ],
)
def test_a_counter_rises_by_one_step(cells: tuple[str, ...], step: int) -> None:
    assert rising_step(cells) == step


def test_a_positive_label_that_is_none_is_told(losscli: Run, tmp_path: Path) -> None:
    write(tmp_path, "y\ncat\ndog\n", "p\n.2\n.8\n")
    code, _, err = compute(losscli, "bce", "--positive", "fox")
    assert code == 2
    assert "no label of" in err
    assert "is 'fox'" in err
    write(tmp_path, "y\ncat\ndog\nfox\n", "p\n.2\n.8\n.1\n")
    assert "more than two labels: cat, dog, fox" in compute(losscli, "bce", "--positive", "fox")[2]
