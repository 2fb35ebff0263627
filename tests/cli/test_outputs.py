"""Every output through the real command: bit-equal when parsed back, and files replaced whole."""

import csv
import io
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from losscli import compute
from losscli.losses.numerics import Array
from tests.cli.test_memory import sparse_npy
from tests.conftest import SAMPLE_DATA, Run, plain_environment

ROWS = 200
RANDOM = np.random.default_rng(3)
TRUE = RANDOM.normal(size=(ROWS, 2)) * 10.0 ** RANDOM.integers(-8, 8, size=(ROWS, 1))
PRED = RANDOM.normal(size=(ROWS, 2))
LOSSES = ("mse", "huber:delta=0.5")
STATISTICS = ("min", "p50", "p95", "p99", "max", "mean", "std")


@pytest.fixture
def data(tmp_path: Path) -> tuple[str, ...]:
    """The options for an input of many rows, with values far apart."""
    np.save(tmp_path / "t.npy", TRUE)
    np.save(tmp_path / "p.npy", PRED)
    return ("compute", *LOSSES, "--true", "t.npy", "--pred", "p.npy")


def expected(dtype: str = "float64") -> list[Array]:
    results = [compute(loss, TRUE, PRED, dtype=dtype) for loss in LOSSES]  # type: ignore[arg-type]
    return [r.per_sample for r in results if r.per_sample is not None]


def from_lines(mark: str) -> Callable[[str], list[list[float]]]:
    def parse(text: str) -> list[list[float]]:
        head, *rows = csv.reader(io.StringIO(text), delimiter=mark)
        assert head == ["sample", *LOSSES]
        assert [row[0] for row in rows] == [str(i + 1) for i in range(ROWS)]
        return [[float(row[i]) for row in rows] for i in (1, 2)]

    return parse


def from_json(text: str) -> list[list[float]]:
    return [result["per_sample"] for result in json.loads(text)["results"]]


def from_json_lines(text: str) -> list[list[float]]:
    rows = [json.loads(line) for line in text.splitlines()]
    assert [row["sample"] for row in rows] == list(range(1, ROWS + 1))
    return [[row[loss] for row in rows] for loss in LOSSES]


def cells(text: str) -> list[list[str]]:
    """The cells of tables, as drawn or in Markdown."""
    drawn = text.replace("┃", "|").replace("│", "|")
    rows = [line for line in drawn.splitlines() if line.startswith("|") and "---" not in line]
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]


def from_table(text: str) -> list[list[float]]:
    rows = cells(text)[1 : ROWS + 1]
    return [[float(row[i]) for row in rows] for i in (1, 2)]


TABLE = ("--rows", "all", "--digits", "full")
PARSERS: dict[str, tuple[Callable[[str], list[list[float]]], tuple[str, ...]]] = {
    "csv": (from_lines(","), ()),
    "tsv": (from_lines("\t"), ()),
    "json": (from_json, ()),
    "jsonl": (from_json_lines, ()),
    "table": (from_table, TABLE),
    "markdown": (from_table, TABLE),
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("format_", PARSERS)
def test_what_is_written_comes_back_bit_for_bit(
    format_: str, dtype: str, losscli: Run, data: tuple[str, ...]
) -> None:
    parse, options = PARSERS[format_]
    done = losscli(*data, "--format", format_, "--dtype", dtype, *options)
    assert (done.returncode, done.stderr) == (0, "")
    for found, wanted in zip(parse(done.stdout), expected(dtype), strict=True):
        assert np.array(found, dtype=dtype).tobytes() == wanted.tobytes()


@pytest.mark.parametrize("format_", PARSERS)
def test_a_file_holds_what_standard_output_would(
    format_: str, losscli: Run, data: tuple[str, ...], tmp_path: Path
) -> None:
    plain = losscli(*data, "--format", format_)
    done = losscli(*data, "--format", format_, "--output", "out")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "out").read_text(encoding="utf-8") == plain.stdout


def test_all_formats_have_the_same_values_and_statistics(
    losscli: Run, data: tuple[str, ...]
) -> None:
    results = json.loads(losscli(*data, "--summary", "--format", "json").stdout)["results"]
    assert [r["value"] for r in results] == [compute(loss, TRUE, PRED).value for loss in LOSSES]
    value = losscli(*data, "--format", "value").stdout
    assert value == "".join(f"{r['value']!r}\n" for r in results)
    for mark, format_ in ((",", "csv"), ("\t", "tsv")):
        text = losscli(*data, "--summary", "--format", format_).stdout
        rows = list(csv.DictReader(io.StringIO(text), delimiter=mark))
        assert [row["loss"] for row in rows] == list(LOSSES)
        for row, result in zip(rows, results, strict=True):
            assert row["value"] == repr(result["value"])
            assert row["n"] == str(ROWS)
            assert {k: row[k] for k in STATISTICS} == {
                k: repr(result["summary"][k]) for k in STATISTICS
            }
            assert row["signature"] == result["signature"]
    lines = losscli(*data, "--summary", "--format", "jsonl").stdout.splitlines()
    for line, result in zip(lines, results, strict=True):
        parsed = json.loads(line)
        assert {k: parsed[k] for k in result} == result
        assert parsed["n"] == {"used": ROWS, "skipped": 0, "unmatched": 0}


def test_quantiles_are_numpys(losscli: Run, data: tuple[str, ...]) -> None:
    results = json.loads(losscli(*data, "--summary", "--format", "json").stdout)["results"]
    for result, values in zip(results, expected(), strict=True):
        for q in (50, 95, 99):
            assert result["summary"][f"p{q}"] == pytest.approx(np.percentile(values, q), rel=1e-14)
        assert result["summary"]["quantile_error"] == 0


def test_quantiles_of_very_many_samples_keep_their_promise(losscli: Run, tmp_path: Path) -> None:
    """More than are held: so there is an error, but none that leaves the range of the values."""
    np.save(tmp_path / "t.npy", np.full(11_000_000, 0.7))
    sparse_npy(tmp_path / "p.npy", 11_000_000, 1)
    data = ("--true", "t.npy", "--pred", "p.npy", "--summary", "--format", "json")
    summary = json.loads(losscli("compute", "mae", *data).stdout)["results"][0]["summary"]
    for path in tmp_path.glob("*.npy"):
        path.unlink()
    assert summary["min"] == summary["max"] == 0.7
    for name in ("p50", "p95", "p99"):
        assert summary[name] == pytest.approx(0.7, rel=summary["quantile_error"])
    for name in ("p50", "p95", "p99"):
        assert summary["min"] <= summary[name] <= summary["max"]


@pytest.mark.parametrize("format_", ["csv", "tsv", "jsonl", "json", "table", "markdown"])
def test_worst(format_: str, losscli: Run, data: tuple[str, ...]) -> None:
    done = losscli(*data, "--worst", "3", "--format", format_, "--rows", "0", "--digits", "full")
    wanted = []
    for loss, values in zip(LOSSES, expected(), strict=True):
        for i in np.argsort(-values, kind="stable")[:3]:
            wanted.append((loss, int(i) + 1, values[i], TRUE[i].tolist(), PRED[i].tolist()))
    match format_:
        case "csv" | "tsv":
            mark = {"csv": ",", "tsv": "\t"}[format_]
            rows = [*csv.reader(io.StringIO(done.stdout), delimiter=mark)][1:]
            found = [
                (loss, int(i), float(v), [*map(float, t.split())], [*map(float, p.split())])
                for loss, i, v, t, p in rows
            ]
        case "jsonl":
            found = [tuple(json.loads(line).values()) for line in done.stdout.splitlines()]
        case "json":
            found = [
                (loss, *sample.values())
                for loss, result in zip(LOSSES, json.loads(done.stdout)["results"], strict=True)
                for sample in result["worst"]
            ]
        case _:
            rows = [row for row in cells(done.stdout) if row[0].isdecimal() and len(row) == 4]
            found = [(wanted[i][0], int(r[0]), float(r[1])) for i, r in enumerate(rows)]
            wanted = [row[:3] for row in wanted]
    assert found == wanted


@pytest.mark.parametrize("format_", PARSERS)
def test_sort(format_: str, losscli: Run, data: tuple[str, ...]) -> None:
    done = losscli(*data, "--sort", "--format", format_, *PARSERS[format_][1])
    order = np.argsort(-expected()[0], kind="stable") + 1
    match format_:
        case "json":
            found = json.loads(done.stdout)["samples"]
        case "jsonl":
            found = [json.loads(line)["sample"] for line in done.stdout.splitlines()]
        case "csv" | "tsv":
            found = [int(x.replace("\t", ",").split(",")[0]) for x in done.stdout.split("\n")[1:-1]]
        case _:
            found = [int(row[0]) for row in cells(done.stdout)[1 : ROWS + 1]]
    assert found == order.tolist()


# --output replaces a file whole or not at all.


def test_an_old_file_is_replaced_and_keeps_its_permissions(
    losscli: Run, data: tuple[str, ...], tmp_path: Path
) -> None:
    out, link = tmp_path / "out.csv", tmp_path / "link.csv"
    out.write_text("old")
    out.chmod(0o640)
    link.symlink_to("out.csv")
    for name in ("out.csv", "link.csv"):
        assert losscli(*data, "--output", name, "--format", "value").returncode == 0
        assert out.read_text().count("\n") == 2
        assert stat.S_IMODE(out.stat().st_mode) == 0o640
        out.write_text("old")
    assert link.is_symlink()
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv", ".csv", ".npy", ".npy"]


def test_a_new_file_has_the_umasks_permissions(
    losscli: Run, data: tuple[str, ...], tmp_path: Path
) -> None:
    mask = os.umask(0o027)
    try:
        losscli(*data, "--output", "out")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o640


@pytest.mark.parametrize("format_", ["table", "json", "csv"])
def test_an_error_leaves_the_old_file_and_nothing_else(
    format_: str, losscli: Run, tmp_path: Path
) -> None:
    """Even where rows were written before it: the fault is behind the first block."""
    (tmp_path / "a.csv").write_text("y\n" + "1\n" * 150_000 + "dog\n")
    (tmp_path / "out").write_text("old")
    args = ("--true", "a.csv", "--pred", "a.csv", "--format", format_, "--output", "out")
    done = losscli("compute", "mse", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert "a.csv, line 150002" in done.stderr
    assert (tmp_path / "out").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("signal_", "code", "files"),
    [(signal.SIGKILL, -signal.SIGKILL, 3), (signal.SIGINT, 130, 2)],
)
def test_a_run_that_is_killed_leaves_the_old_file_whole(
    signal_: signal.Signals, code: int, files: int, tmp_path: Path
) -> None:
    """After the first rows were written, beside the file; those stay only if nobody can tidy up."""
    fifo, out = tmp_path / "fifo", tmp_path / "out.csv"
    out.write_text("old")
    os.mkfifo(fifo)
    command = [sys.executable, "-m", "losscli", "compute", "mse", "--output", "out.csv"]
    data = ["--data", "fifo", "--true-cols", "1", "--pred-cols", "2", "--format", "csv"]
    process = subprocess.Popen(
        [*command, *data], cwd=tmp_path, env=plain_environment(), stderr=subprocess.DEVNULL
    )
    with fifo.open("wb", buffering=0) as writer:
        for _ in range(20):
            writer.write(b"1,2\n" * 20_000)
        deadline = time.monotonic() + 30
        while not any(path.stat().st_size for path in tmp_path.glob(".out.csv.*")):
            assert time.monotonic() < deadline, "nothing was written"
            time.sleep(0.02)
        process.send_signal(signal_)
        assert process.wait(timeout=30) == code
    assert out.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == files


@pytest.mark.parametrize("where", ["nowhere/out", "t.npy/out", ".", "x" * 300])
def test_where_nothing_can_be_written(
    where: str, losscli: Run, data: tuple[str, ...], tmp_path: Path
) -> None:
    done = losscli(*data, "--output", where)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {where[:20]}")
    assert "cannot be written" in done.stderr
    assert done.stderr.count("\n") <= 2
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(losscli: Run, data: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    done = losscli(*data, "--output", "locked/out")
    assert done.returncode == 2
    assert "locked/out cannot be written: Permission denied" in done.stderr


def test_devices(losscli: Run, data: tuple[str, ...], tmp_path: Path) -> None:
    plain = losscli(*data, "--format", "csv").stdout
    for where in ("/dev/stdout", "-", "/dev/fd/1"):
        done = losscli(*data, "--format", "csv", "--output", where)
        assert (done.returncode, done.stdout, done.stderr) == (0, plain, "")
    assert losscli(*data, "--output", "/dev/null").returncode == 0
    full = losscli(*data, "--output", "/dev/full")
    assert full.returncode == 2
    assert full.stderr == "error: /dev/full cannot be written: No space left on device\n"


def test_standard_output_that_is_a_file_is_appended_to(
    data: tuple[str, ...], tmp_path: Path
) -> None:
    """By its device's name too: what the shell opened with `>>` is not to be replaced."""
    (tmp_path / "log").write_text("old\n")
    with (tmp_path / "log").open("a") as log:
        command = [sys.executable, "-m", "losscli", *data, "--format", "value"]
        options = ["--output", "/dev/stdout"]
        env = plain_environment()
        subprocess.run([*command, *options], cwd=tmp_path, env=env, stdout=log, check=True)
    assert (tmp_path / "log").read_text().startswith("old\n")


def test_notes_are_not_in_the_file(losscli: Run, tmp_path: Path) -> None:
    args = ("compute", "hinge", "--true", "[0, 1]", "--pred", "[1, 1]", "--format", "value")
    done = losscli(*args, "--output", "out")
    assert done.stderr.startswith("note: hinge: ")
    assert (tmp_path / "out").read_text() == "0.5\n"


def test_the_sample_data_in_every_format(losscli: Run) -> None:
    """The same document, whichever way it is written."""
    digits = SAMPLE_DATA / "digits"
    files = ("--true", digits / "y_true.npy", "--pred", digits / "logistic.npy")
    args = ("compute", "scce", *files)
    document = json.loads(losscli(*args, "--format", "json").stdout)
    rows = losscli(*args, "--format", "csv").stdout.splitlines()
    values = document["results"][0]["per_sample"]
    assert rows == ["sample,scce", *(f"{i},{v!r}" for i, v in enumerate(values, 1))]
