"""`losscli compare` on terminals, with hostile names, and in little memory."""

import csv
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import losscli as api
from tests.cli.conftest import Screen
from tests.conftest import SAMPLE_DATA, Run, plain_environment

RIDGE = SAMPLE_DATA / "diabetes/ridge.csv"
FOREST = SAMPLE_DATA / "diabetes/forest.csv"
DIABETES = SAMPLE_DATA / "diabetes/y_true.csv"
TWO_MODELS = ("--true", "[0, 1, 2]", "--pred", "a=[0, 1, 3]", "--pred", "b=[0, 2, 2]")
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def is_harmless(text: str) -> bool:
    """Whether there is nothing in it but styles of rich's own and printable text."""
    return all(line.isprintable() for line in STYLE.sub("", text).split("\n"))


@pytest.mark.parametrize("models", [[RIDGE], [RIDGE, FOREST]], ids=["one", "two"])
def test_no_number_is_cut_on_a_narrow_terminal(
    screen: Screen, models: list[Path], losscli: Run, tmp_path: Path
) -> None:
    preds = [part for model in models for part in ("--pred", model)]
    asked = ("compare", "--true", DIABETES, *preds, "--digits", "full")
    sent = screen(*asked)
    found = STYLE.sub("", sent)
    assert losscli(*asked).stdout in found
    run = api.compare(DIABETES, {model.stem: model for model in models})
    assert len(run.results) >= 12 * len(models)
    assert {repr((r.value or 0) + 0.0) for r in run.results} <= set(found.split())
    assert "…" not in found
    assert is_harmless(sent)


def test_the_best_is_marked_in_colour_too(screen: Screen) -> None:
    asked = ("compare", *TWO_MODELS, "--pred", "c=[0, 1, 2]", "--loss", "mse")
    sent = screen(*asked)
    assert re.findall(r"\x1b\[1;32m([^\x1b]*)\x1b", sent) == ["0 *"]
    assert "* the best of its row" in STYLE.sub("", sent)


def test_an_ascii_encoding_gets_ascii(losscli: Run) -> None:
    ascii_ = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8"}
    done = losscli("compare", "--true", DIABETES, "--pred", f"été={RIDGE}", env=ascii_)
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert " 2975.246 |" in done.stdout
    assert "does not apply" in done.stdout


HOSTILE = "\x1b]0;title\x07[red]a|b`\x9b31m\u202e"


@pytest.mark.parametrize("format_", ["table", "markdown", "csv"])
def test_a_models_name_is_shown_escaped(format_: str, inside: Run) -> None:
    data = ("--true", "[1, 2]", "--pred", f"{HOSTILE}=[1, 2]", "--pred", "b=[2, 1]")
    worst = () if format_ in ("csv", "tsv", "value") else ("--worst", "1")
    done = inside("compare", *data, "--format", format_, *worst)
    assert done.returncode == 0, done.stderr
    assert is_harmless(done.stdout + done.stderr)
    assert "\x1b" not in done.stdout
    assert r"\x1b" in done.stdout


@pytest.mark.parametrize(
    "preds",
    [(f"{HOSTILE}=a.csv", f"{HOSTILE}=b.csv"), (f"a={HOSTILE}",), (f"{HOSTILE}=a.csv",)],
    ids=ascii,
)
def test_a_models_name_is_shown_escaped_in_errors(preds: tuple[str, ...], inside: Run) -> None:
    given = [part for pred in preds for part in ("--pred", pred)]
    done = inside("compare", "--true", "[1]", *given)
    assert done.returncode == 2
    assert is_harmless(done.stderr)
    assert "\x1b" not in done.stderr


# A process of its own, so that the peak is that of its only child.
MEASURE = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "losscli", *sys.argv[1:]])
unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit, file=sys.stderr)
sys.exit(done.returncode)
"""
LIMIT_MIB = 150


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """A folder whose files do not outlive the test: pytest would keep them for days."""
    yield tmp_path
    for path in tmp_path.iterdir():
        path.unlink()


def sparse_npy(path: Path, rows: int, columns: int) -> None:
    """An NPY file of float64 zeros that takes no room on the disk."""
    with path.open("wb") as file:
        header = {"descr": "<f8", "fortran_order": False, "shape": (rows, columns)}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + rows * columns * 8)


@pytest.mark.parametrize("by", [False, True], ids=["whole", "by group"])
def test_the_memory_stays_flat(by: bool, scratch: Path) -> None:
    """Ten columns and no group; one column and a hundred groups, which share what may be held."""
    rows = 1_000_000
    for name in ("t.npy", "p.npy"):
        sparse_npy(scratch / name, rows, 1 if by else 10)
    np.save(scratch / "g.npy", np.arange(rows) % 100)
    data = ("--true", "t.npy", "--pred", "p.npy", *(("--by", "g.npy") if by else ()))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, "compare", *data, "--format", "csv"],
        cwd=scratch,
        env=plain_environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len({row["loss"] for row in found}) >= 12
    assert sum(int(row["n"]) for row in found if row["loss"] == "mse") == rows
    peak = int(done.stderr.split()[-1]) / 2**20
    print(f"peak memory: {peak:.0f} MiB")  # noqa: T201 (shown by pytest -s)
    assert peak < LIMIT_MIB
