"""Files of any size in little memory: the peak of a real process, measured by the system."""

import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

import numpy as np
import pytest

from tests.conftest import plain_environment

pytestmark = pytest.mark.slow

LIMIT_MIB = 150
# A process of its own, so that the peak is that of its only child.
MEASURE = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "losscli", *sys.argv[1:]])
unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit, file=sys.stderr)
sys.exit(done.returncode)
"""
CHUNK_ROWS = 100_000


def measured(*args: str, cwd: Path) -> tuple[list[str], float]:
    """The lines on standard output, and the peak in MiB."""
    done = run(
        [sys.executable, "-c", MEASURE, *args],
        cwd=cwd,
        env=plain_environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    peak = int(done.stderr.split()[-1]) / 2**20
    print(f"peak memory: {peak:.0f} MiB")  # noqa: T201 (shown by pytest -s)
    return done.stdout.splitlines(), peak


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """A folder whose files do not outlive the test: pytest would keep them for days."""
    yield tmp_path
    for path in tmp_path.iterdir():
        path.unlink()


def sparse_npy(path: Path, rows: int, columns: int, *, fortran: bool = False) -> None:
    """An NPY file of float64 zeros that takes no room on the disk."""
    header = {"descr": "<f8", "fortran_order": fortran, "shape": (rows, columns)}
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + rows * columns * 8)


def long_csv(path: Path, column: str, size: int, shift: int) -> int:
    """A CSV file of about this size; its number of rows."""
    rows = (f"{(i * 7919 + shift) % CHUNK_ROWS / CHUNK_ROWS:.17f}\n" for i in range(CHUNK_ROWS))
    chunk = "".join(rows).encode()
    repeats = size // len(chunk) + 1
    with path.open("wb") as file:
        file.write(f"{column}\n".encode())
        for _ in range(repeats):
            file.write(chunk)
    return repeats * CHUNK_ROWS


def test_two_gigabytes_of_npy(scratch: Path) -> None:
    rows = 1 << 24
    sparse_npy(scratch / "t.npy", rows, 8)
    sparse_npy(scratch / "p.npy", rows, 8)
    assert (scratch / "t.npy").stat().st_size >= 1 << 30
    data = ("--true", "t.npy", "--pred", "p.npy")
    lines, peak = measured("compute", "mse", *data, "--summary", "--format", "csv", cwd=scratch)
    assert lines[1].startswith(f"mse,0.0,{rows},0.0,0.0,0.0,0.0,")
    assert peak < LIMIT_MIB


def test_half_a_gigabyte_of_csv(scratch: Path) -> None:
    rows = long_csv(scratch / "t.csv", "y", 250_000_000, 0)
    assert long_csv(scratch / "p.csv", "p", 250_000_000, CHUNK_ROWS // 2) == rows
    data = ("--true", "t.csv", "--pred", "p.csv")
    lines, peak = measured("compute", "mae", *data, "--summary", "--format", "csv", cwd=scratch)
    found = dict(zip(*(line.split(",") for line in lines), strict=True))
    assert int(found["n"]) == rows
    # The two are half a turn apart, so every error is 0.5 but for its last digits.
    for name in ("value", "min", "max", "mean"):
        assert float(found[name]) == pytest.approx(0.5, rel=1e-12)
    for name in ("p50", "p95", "p99"):
        assert float(found[name]) == pytest.approx(0.5, rel=float(found["quantile_error"]) + 1e-12)
    assert peak < LIMIT_MIB


def test_a_fortran_file_against_a_c_file(scratch: Path) -> None:
    """A quarter of a gigabyte: what is read column by column is not held whole either."""
    sparse_npy(scratch / "t.npy", 1 << 21, 16, fortran=True)
    sparse_npy(scratch / "p.npy", 1 << 21, 16)
    data = ("--true", "t.npy", "--pred", "p.npy")
    lines, peak = measured("compute", "mse", *data, "--format", "value", cwd=scratch)
    assert lines == ["0.0"]
    assert peak < LIMIT_MIB


def test_half_a_gigabyte_of_csv_is_written(scratch: Path) -> None:
    """The values per sample of 6.3 million rows in four columns, which takes some 20 seconds."""
    rows = 6_300_000
    sparse_npy(scratch / "t.npy", rows, 1)
    sparse_npy(scratch / "p.npy", rows, 1)
    data = ("--true", "t.npy", "--pred", "p.npy", "--format", "csv", "--output", "out.csv")
    lines, peak = measured("compute", "bce", "bce", "bce", "mse", *data, cwd=scratch)
    assert lines == []
    assert (scratch / "out.csv").stat().st_size >= 500_000_000
    with (scratch / "out.csv").open("rb") as file:
        assert file.readline() == b"sample,bce,bce,bce,mse\n"
        file.seek(-100, os.SEEK_END)
        assert file.readlines()[-1].startswith(b"6300000,1.00000005")
    assert peak < LIMIT_MIB


@pytest.mark.parametrize("by", [False, True], ids=["whole", "by group"])
def test_every_loss_at_once(by: bool, scratch: Path) -> None:
    """Ten columns and no group; one column and a hundred groups, which share what may be held."""
    rows = 1_000_000
    for name in ("t.npy", "p.npy"):
        sparse_npy(scratch / name, rows, 1 if by else 10)
    np.save(scratch / "g.npy", np.arange(rows) % 100)
    data = ("--true", "t.npy", "--pred", "p.npy", *(("--by", "g.npy") if by else ()))
    lines, peak = measured("compare", *data, "--format", "csv", cwd=scratch)
    found = list(csv.DictReader(lines))
    assert len({row["loss"] for row in found}) >= 12
    assert sum(int(row["n"]) for row in found if row["loss"] == "mse") == rows
    assert peak < LIMIT_MIB
