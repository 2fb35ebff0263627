"""What one pass saves: `compare` against a `compute` for each of its losses.

Run by hand: python -m tests.bench.compare_once. Whole processes are timed, so that what a start
costs is in both; the two ways alternate, and the median of the rounds counts.
"""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from tests.conftest import plain_environment

ROWS, COLUMNS = 1_000_000, 10
ROUNDS = 3
DATA = ("--true", "y_true.npy", "--pred", "y_pred.npy", "--format", "csv")


def write_data(folder: Path) -> None:
    """Random labels 0 or 1 and random probabilities, which most losses take."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, (ROWS, COLUMNS)).astype(np.float64)
    np.save(folder / "y_true.npy", labels)
    np.save(folder / "y_pred.npy", rng.random((ROWS, COLUMNS)))


def run(folder: Path, *args: str) -> tuple[float, list[dict[str, str]]]:
    """The seconds that a process took, and the rows that it wrote."""
    start = perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "losscli", *args, *DATA],
        cwd=folder,
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = perf_counter() - start
    return seconds, list(csv.DictReader(done.stdout.splitlines()))


def main() -> None:
    """Print the times of both ways, and their ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_data(folder)
        _, rows = run(folder, "compare")  # warms the file cache, too
        values = {row["loss"]: row["value"] for row in rows}
        together: list[float] = []
        apart: list[float] = []
        for i in range(ROUNDS):
            together.append(run(folder, "compare")[0])
            alone = {loss: run(folder, "compute", loss, "--summary") for loss in values}
            apart.append(sum(seconds for seconds, _ in alone.values()))
            if {loss: found[0]["value"] for loss, (_, found) in alone.items()} != values:
                sys.exit("the two ways do not give the same digits")
            seconds = f"compare {together[-1]:.2f} s, compute {apart[-1]:.2f} s"
            print(f"round {i + 1}: {seconds}")  # noqa: T201
    once, each = median(together), median(apart)
    size = f"{len(values)} losses of {ROWS} x {COLUMNS} float64"
    print(f"{size}: one compare {once:.2f} s, a compute each {each:.2f} s, {each / once:.2f} times")  # noqa: T201


if __name__ == "__main__":
    main()
