"""Every kind of input through the real command: each gives the number that the others give."""

import csv
import gzip
import io
import json
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest

from losscli.losses.numerics import Array
from tests.conftest import SAMPLE_DATA, Run

RANDOM = np.random.default_rng(7)
TRUE, PRED = RANDOM.normal(size=(7, 3)), RANDOM.normal(size=(7, 3)) * 1e-3
VALUE = f"{float(np.sum(np.mean((TRUE - PRED) ** 2, axis=1)) / 7)!r}\n"
DIABETES = SAMPLE_DATA / "diabetes"


def table(array: Array, mark: str = ",", decimal: str = ".", header: str = "") -> bytes:
    rows = [mark.join(map(repr, row)).replace(".", decimal) for row in array.tolist()]
    return "".join(f"{line}\n" for line in ([header] if header else []) + rows).encode()


def npy(array: Array) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def lines(array: Array, key: str | None = None) -> bytes:
    rows = [row if key is None else {"id": i, key: row} for i, row in enumerate(array.tolist())]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def npz(array: Array) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, other=array[:2], data=np.asfortranarray(array))
    return buffer.getvalue()


# name -> (file name, the bytes of an array in it, what follows the path, options)
KINDS = {
    "csv": ("csv", table, "", ()),
    "csv with a header": ("csv", lambda a: table(a, header="a,b,c"), "", ()),
    "csv with CRLF": ("csv", lambda a: table(a).replace(b"\n", b"\r\n"), "", ()),
    "csv with a BOM": ("csv", lambda a: b"\xef\xbb\xbf" + table(a), "", ()),
    "tsv": ("tsv", lambda a: table(a, "\t"), "", ()),
    "semicolons": ("txt", lambda a: table(a, ";"), "", ()),
    "decimal commas": ("csv", lambda a: table(a, ";", ","), "", ("--decimal", ",")),
    "a delimiter": ("csv", lambda a: table(a, "|"), "", ("--delimiter", "|")),
    "comments": (
        "csv",
        lambda a: b"# made by\n" + table(a).replace(b"\n", b"\n# x,y\n"),
        "",
        ("--comment", "#"),
    ),
    "npy": ("npy", npy, "", ()),
    "npy, Fortran order": ("npy", lambda a: npy(np.asfortranarray(a)), "", ()),
    "npy, big-endian": ("npy", lambda a: npy(a.astype(">f8")), "", ()),
    "npz:key": ("npz", npz, ":data", ()),
    "json": ("json", lambda a: json.dumps(a.tolist(), indent=1).encode(), "", ()),
    "json of columns": (
        "json",
        lambda a: json.dumps(dict(zip("abc", a.T.tolist(), strict=True))).encode(),
        "",
        (),
    ),
    "json lines": ("jsonl", lines, "", ()),
    "json lines of objects": (
        "jsonl",
        lambda a: lines(a, "v"),
        "",
        ("--true-cols", "v", "--pred-cols", "v"),
    ),
    "csv, gzipped": ("csv.gz", lambda a: gzip.compress(table(a)), "", ()),
    "npy, gzipped": ("npy.gz", lambda a: gzip.compress(npy(a)), "", ()),
    "json lines, gzipped": ("jsonl.gz", lambda a: gzip.compress(lines(a)), "", ()),
}


def value(losscli: Run, *args: str | Path, stdin: str | bytes | None = None) -> str:
    """What --format value prints for the mse; nothing may go wrong or be noted."""
    done = losscli("compute", "mse", *args, "--format", "value", stdin=stdin)
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


def refused(done: CompletedProcess[str], *says: str) -> None:
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    for part in says:
        assert part in done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_input_gives_the_same_number(kind: str, losscli: Run, tmp_path: Path) -> None:
    suffix, write, key, options = KINDS[kind]
    (tmp_path / f"t.{suffix}").write_bytes(write(TRUE))
    (tmp_path / f"p.{suffix}").write_bytes(write(PRED))
    args = ("--true", f"t.{suffix}{key}", "--pred", f"p.{suffix}{key}", *options)
    assert value(losscli, *args) == VALUE


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "npz:key"])
@pytest.mark.parametrize("side", ["--true", "--pred"])
def test_standard_input(side: str, kind: str, losscli: Run, tmp_path: Path) -> None:
    """Its name tells nothing: lines of lists, and of objects, are told by their content."""
    suffix, write, _, options = KINDS[kind]
    array, other = (TRUE, PRED) if side == "--true" else (PRED, TRUE)
    (tmp_path / f"o.{suffix}").write_bytes(write(other))
    file = {"--true": "--pred", "--pred": "--true"}[side]
    args = (side, "-", file, f"o.{suffix}", *options)
    assert value(losscli, *args, stdin=write(array)) == VALUE


def test_standard_input_for_both_columns_of_data(losscli: Run) -> None:
    args = ("--data", "-", "--true-cols", "y", "--pred-cols", "p")
    assert value(losscli, *args, stdin="y,p\n1,1\n2,4\n") == "2.0\n"


@pytest.mark.parametrize(
    "args",
    [
        ("--true", "-", "--pred", "-"),
        ("--true", "-", "--pred", "[1, 2]", "--weights", "-"),
        ("--true", "[1, 2]", "--pred", "-", "--weights", "-"),
        ("--data", "-", "--true-cols", "1", "--pred-cols", "1", "--weights", "-"),
    ],
)
def test_standard_input_is_for_one_of_them(args: tuple[str, ...], losscli: Run) -> None:
    refused(losscli("compute", "mse", *args, stdin="1\n2\n"), "only one of", "standard input")


def test_all_inline(losscli: Run) -> None:
    args = ("--true", json.dumps(TRUE.tolist()), "--pred", json.dumps(PRED.tolist()))
    assert value(losscli, *args) == VALUE


# A word among numbers, columns 0, 1…: what the first line is.


def test_header_and_no_header(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1\n2\n3\n")
    (tmp_path / "b.csv").write_text("5\n2\n4\n")
    data = ("--true", "a.csv", "--pred", "b.csv")
    assert value(losscli, *data) == value(losscli, *data, "--no-header") == f"{17 / 3!r}\n"
    assert value(losscli, *data, "--header") == "0.5\n"


def test_a_header_with_numbers_in_it_is_noted(losscli: Run, tmp_path: Path) -> None:
    """Or a row of data would be gone without a word."""
    (tmp_path / "a.csv").write_text("1,dog\n2,3\n4,6\n")
    data = ("compute", "mse", "--data", "a.csv", "--true-cols", "1", "--pred-cols", "2")
    done = losscli(*data, "--format", "value")
    assert (done.stdout, done.returncode) == ("2.5\n", 0)
    assert done.stderr == (
        "note: a.csv, line 1: 1,dog is taken as a header; --no-header makes it a row\n"
    )
    refused(losscli(*data, "--no-header"), "a.csv, line 1, column 2", "'dog' is not a number")


def test_columns_that_may_be_named_by_their_numbers_are_asked_about(
    losscli: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("0,1\n2,3\n")
    both = ("compute", "mse", "--true", "a.csv", "--pred", "a.csv", "--format", "value")
    done = losscli(*both)
    assert done.returncode == 2
    assert "a.csv, line 1: 0,1 may be a header or a row of data" in done.stderr
    assert "--header or --no-header" in done.stderr
    assert losscli(*both, "--no-header").stdout == "0.0\n"
    names = ("--data", "a.csv", "--true-cols", "0", "--pred-cols", "1")
    assert value(losscli, *names, "--header") == "1.0\n"


def test_no_carriage_return_costs_a_row(losscli: Run, tmp_path: Path) -> None:
    """Of `a`, `1`, `2` and `3` three are rows, whatever ends the first line."""
    for end in ("\n", "\r\n"):
        (tmp_path / "a.csv").write_bytes(f"a{end}1\n2\n3\n".encode())
        args = ("--true", "a.csv", "--pred", "[0, 0, 0]")
        assert value(losscli, *args) == f"{14 / 3!r}\n"
    (tmp_path / "a.csv").write_bytes(b"a\r1\n2\n3\n")
    done = losscli("compute", "mse", "--true", "a.csv", "--pred", "[0, 0]")
    refused(done, "a.csv, line 1 has old Mac line ends", "hint: convert")


# Rows paired by their ids.


@pytest.mark.parametrize("model", ["ridge", "forest"])
def test_shuffled_rows_give_the_value_of_ordered_ones(model: str, losscli: Run) -> None:
    plain = losscli(
        *("compute", "mse", "mae", "huber", "--true", DIABETES / "y_true.csv"),
        *("--pred", DIABETES / f"{model}.csv", "--format", "json"),
    )
    paired = losscli(
        *("compute", "mse", "mae", "huber", "--true", DIABETES / "y_true_id.csv"),
        *("--pred", DIABETES / f"{model}_shuffled.csv", "--id", "id", "--format", "json"),
    )
    assert (paired.returncode, paired.stderr) == (0, "")
    document = json.loads(paired.stdout)
    assert document.pop("ids") == [str(i) for i in range(1, 443)]
    assert document == json.loads(plain.stdout)


def shuffled(format_: str, losscli: Run, *options: str) -> str:
    done = losscli(
        *("compute", "mse", "--true", DIABETES / "ridge_shuffled.csv", "--pred"),
        *(DIABETES / "y_true_id.csv", "--id", "id", "--format", format_, *options),
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_ids_stand_in_every_format(losscli: Run) -> None:
    """In the order of the true file, which is here the shuffled one."""
    ids = (DIABETES / "ridge_shuffled.csv").read_text().splitlines()[1:]
    ids = [line.split(",")[0] for line in ids]
    for mark, format_ in ((",", "csv"), ("\t", "tsv")):
        rows = list(csv.reader(io.StringIO(shuffled(format_, losscli)), delimiter=mark))
        assert rows[0] == ["sample", "id", "mse"]
        assert [row[:2] for row in rows[1:]] == [[str(i), x] for i, x in enumerate(ids, 1)]
    objects = [json.loads(line) for line in shuffled("jsonl", losscli).splitlines()]
    assert [list(entry) for entry in objects] == [["sample", "id", "mse"]] * 442
    assert [entry["id"] for entry in objects] == ids
    assert json.loads(shuffled("json", losscli))["ids"] == ids
    for format_, edge in (("table", "│"), ("markdown", "|")):
        shown = shuffled(format_, losscli, "--rows", "3").splitlines()
        cells = [[c.strip() for c in line.split(edge)[1:-1]] for line in shown if edge in line]
        found = [row[:2] for row in cells if row[0] in ("1", "2", "3")]
        assert found == [[str(i), x] for i, x in enumerate(ids[:3], 1)]


def pair(folder: Path, true: str, pred: str) -> tuple[str, ...]:
    (folder / "t.csv").write_text(true)
    (folder / "p.csv").write_text(pred)
    return ("compute", "mse", "--true", "t.csv", "--pred", "p.csv", "--id", "k")


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "a", "b")])
def test_unmatched_rows(order: tuple[str, ...], losscli: Run, tmp_path: Path) -> None:
    """Whether both files are sorted or not."""
    pred = "".join(f"{key},{ord(key) - 97}\n" for key in (*order, "z"))
    args = pair(tmp_path, "k,y\na,0\nb,3\nx,9\ny,9\n", f"k,p\n{pred}")
    says = ("t.csv, line 4, column 1 (k): the id 'x' is not in p.csv", "2 of t.csv, 2 of p.csv")
    refused(losscli(*args), *says, "hint: --unmatched drop leaves them out")
    done = losscli(*args, "--unmatched", "drop", "--format", "json")
    assert done.stderr == ("note: rows without a partner were dropped: 2 of t.csv, 2 of p.csv\n")
    document = json.loads(done.stdout)
    assert document["n"] == {"used": 2, "skipped": 0, "unmatched": 4}
    assert document["results"][0]["per_sample"] == [0, 4]
    assert document["ids"] == ["a", "b"]


@pytest.mark.parametrize(
    ("true", "pred", "says"),
    [
        ("k,y\n1,1\n1,2\n", "k,p\n1,1\n2,2\n", ("t.csv, line 3", "'1' stands there a second time")),
        ("k,y\n1,1\n2,2\n", "k,p\n2,1\n1,1\n2,2\n", ("p.csv, line 4", "'2'", "p.csv, line 2")),
        ("k,y\n1,1\n2,2\n", "k,p\na,1\nb,2\n", ("t.csv are whole", "('1')", "text ('a')", "alike")),
        ("k,y\n1,1\n", "k,p\n2,1\n", ("no id of t.csv is in p.csv", "'1' and '2'")),
        ("k,y\n1,1\n,2\n", "k,p\n1,1\n2,2\n", ("t.csv, line 3, column 1 (k): the id is empty",)),
        ("k,y\n1,1\n", "x,p\n1,1\n", ("p.csv has no column 'k'", "its columns: x, p")),
    ],
)
def test_ids_that_cannot_pair_rows(
    true: str, pred: str, says: tuple[str, ...], losscli: Run, tmp_path: Path
) -> None:
    refused(losscli(*pair(tmp_path, true, pred)), *says)


def test_ids_of_two_columns_and_two_formats(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("day,hour,y\nmo,1,1\nmo,2,2\ntu,1,3\n")
    rows = [("tu", 1, 3.5), ("mo", 2, 2.5), ("mo", 1, 1.5)]
    objects = [{"p": p, "hour": hour, "day": day} for day, hour, p in rows]
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(o) + "\n" for o in objects))
    args = ("--true", "t.csv", "--pred", "p.jsonl", "--id", "day,hour")
    assert value(losscli, *args) == "0.25\n"
    pred = (tmp_path / "p.jsonl").read_text()
    assert value(losscli, *args[:3], "-", *args[4:], stdin=pred) == "0.25\n"
    done = losscli("compute", "mse", *args, "--format", "csv")
    assert done.stdout.splitlines()[1] == '1,"mo, 1",0.25'


# Weights.

SUMS = {"mean": 7.0, "mean_over_batch": 28 / 3, "mean_over_nonzero": 14.0, "sum": 28.0}


@pytest.mark.parametrize("reduction", [*SUMS, "none", None])
@pytest.mark.parametrize("weights", ["w", "2", "w.csv:w", "w.npy", "a.npz:w", "[1, 0, 3]", "-"])
def test_weights(weights: str, reduction: str | None, losscli: Run, tmp_path: Path) -> None:
    """The samples' losses are 1, 4 and 9; the default is their weighted mean."""
    (tmp_path / "t.csv").write_text("y,w\n1,1\n2,0\n3,3\n")
    (tmp_path / "w.csv").write_text("x,w\n7,1\n7,0\n7,3\n")
    np.save(tmp_path / "w.npy", np.array([1, 0, 3]))
    np.savez(tmp_path / "a.npz", w=np.array([1.0, 0, 3]), x=0)
    args = ["compute", "mse", "--true", "t.csv", "--pred", "[0, 0, 0]", "--weights", weights]
    args += ["--true-cols", "y", *(["--reduction", reduction] if reduction else [])]
    done = losscli(*args, "--format", "json", stdin="1\n0\n3\n")
    assert (done.stderr, done.returncode) == ("", 0)
    (result,) = json.loads(done.stdout)["results"]
    expected = None if reduction == "none" else SUMS[reduction or "mean"]
    assert result["value"] == expected
    assert result["status"] == ("none" if expected is None else "ok")
    assert result["reduction"] == (reduction or "mean")
    assert "|weights:yes|" in result["signature"]
    assert result["per_sample"] == [1, 4, 9]
    assert result["summary"]["mean"] == 14 / 3


def test_a_column_of_weights_is_no_column_of_values(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("k,y,w\nb,2,0\na,1,4\n")
    (tmp_path / "p.csv").write_text("k,p\na,3\nb,9\n")
    args = ("--true", "t.csv", "--pred", "p.csv", "--id", "k", "--weights", "w")
    assert value(losscli, *args, "--reduction", "mean") == "4.0\n"


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ("[1, 2]", ("(3, 1)", "inline weights has shape (2, 1)")),
        ("[1, -1, 1]", ("inline weights, row 2", "from 0, found -1")),
        ("[0, 0, 0]", ("all weights are 0 in inline weights",)),
        ("zz", ("t.csv has no column 'zz'", "its columns: y, w")),
        ("nowhere.csv", ("there is no file 'nowhere.csv'",)),
        ("two.csv", ("two.csv has 2 columns; weights are one", "two.csv:COLUMN")),
        ("two.csv:zz", ("two.csv has no column 'zz'",)),
    ],
)
def test_weights_that_are_none(
    weights: str, says: tuple[str, ...], losscli: Run, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text("y,w\n1,1\n2,0\n3,3\n")
    (tmp_path / "two.csv").write_text("v,w\n1,1\n2,0\n3,3\n")
    args = ("--true", "t.csv", "--true-cols", "y", "--pred", "[0, 0, 0]", "--weights", weights)
    refused(losscli("compute", "mse", *args), *says)


# Values that are not finite.

HOLES = ("y\n1\nnan\n3\ninf\n5\n", "p\n2\n2\nnan\n4\n7\n")


def holes(folder: Path, *options: str) -> tuple[str, ...]:
    (folder / "t.csv").write_text(HOLES[0])
    (folder / "p.csv").write_text(HOLES[1])
    return ("compute", "mse", "--true", "t.csv", "--pred", "p.csv", *options)


def test_nan_is_an_error(losscli: Run, tmp_path: Path) -> None:
    for options in ((), ("--nan", "error")):
        done = losscli(*holes(tmp_path, *options))
        refused(done, "t.csv, line 3, column 1 (y): nan is not a finite number")


def test_nan_is_skipped_and_counted(losscli: Run, tmp_path: Path) -> None:
    args = holes(tmp_path, "--nan", "skip", "--format")
    assert losscli(*args, "csv").stdout == "sample,mse\n1,1.0\n5,4.0\n"
    assert [json.loads(line) for line in losscli(*args, "jsonl").stdout.splitlines()] == [
        {"sample": 1, "mse": 1.0},
        {"sample": 5, "mse": 4.0},
    ]
    document = json.loads(losscli(*args, "json").stdout)
    assert document["samples"] == [1, 5]
    assert document["n"] == {"used": 2, "skipped": 3, "unmatched": 0}
    (result,) = document["results"]
    assert (result["value"], result["per_sample"]) == (2.5, [1.0, 4.0])
    assert "|nan:skip|n:2|skipped:3|" in result["signature"]
    assert losscli(*args, "value").stdout == "2.5\n"
    worst = json.loads(losscli(*args, "json", "--worst", "1").stdout)["results"][0]["worst"]
    assert worst == [{"sample": 5, "value": 4.0, "y_true": [5.0], "y_pred": [7.0]}]


def test_nan_goes_on_if_asked(losscli: Run, tmp_path: Path) -> None:
    args = holes(tmp_path, "--nan", "propagate", "--format")
    done = losscli(*args, "csv")
    assert done.stdout == "sample,mse\n1,1.0\n2,nan\n3,nan\n4,inf\n5,4.0\n"
    (result,) = json.loads(losscli(*args, "json").stdout)["results"]
    assert (result["value"], result["status"]) == (None, "nan")
    assert result["per_sample"] == [1, None, None, None, 4]
    assert losscli(*args, "value").stdout == "nan\n"
    assert losscli(*args, "value").stderr == "note: mse: the value is nan\n"


def test_nothing_but_holes(losscli: Run) -> None:
    data = ("--true", "[NaN, 1]", "--pred", "[1, NaN]", "--nan", "skip")
    refused(losscli("compute", "mse", *data), "no row is left: all 2 hold")


def test_too_large_a_literal_is_no_infinity_to_skip(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("y\n1\n1e400\n")
    for policy in ("error", "skip", "propagate"):
        done = losscli("compute", "mse", "--true", "t.csv", "--pred", "[1, 2]", "--nan", policy)
        refused(done, "t.csv, line 3, column 1 (y): '1e400' is too large for float64")
