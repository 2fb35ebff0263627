"""What compute, compare and check write, word for word: the assertion is the text.

It stands in `screens/`; `python -m tests.reports.test_screens` writes it anew.
"""

import io
import os
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import losscli
from losscli.engine.result import Counts, Run, Sample
from losscli.frameworks.bind import parse
from losscli.gates.expression import fail_if
from losscli.gates.outcome import Checked, Fault, Judged, Outcome
from losscli.reports import check, compare, compute
from losscli.reports.compare import CompareView
from losscli.reports.compute import ComputeView
from losscli.sources.base import Key
from losscli.words import CheckFormat, CompareFormat, ComputeFormat

T = np.array([[0.0, 1, 1], [0, 0, 1], [1, 0, 0]])
P = np.array([[0, 1, 0.5], [0.25, 0, 1], [1, 1, 1]])
Q = np.array([[0, 1, 1], [0.5, 0.5, 1], [0, 0, 0.125]])
LOSSES: list[str | Callable[..., Any]] = ["mse", "huber:delta=0.5", "mbe"]


def run_of(worst: bool = False) -> Run:
    """Three samples' values of three losses, with ids; the largest of the first if `worst`."""
    run = losscli.compare(T, P, losses=LOSSES)
    first, *others = run.results
    if worst:
        first = replace(first, worst=(Sample(3, ("c", "z"), 2 / 3, T[2], P[2]),))
    ids: list[Key] = [("a", "x"), ("b", "y"), ("c", "z")]
    return replace(run, results=(first, *others), ids=ids)


def compute_text(format_: ComputeFormat, view: ComputeView, run: Run) -> str:
    stream = io.StringIO()
    labels = [r.label for r in run.results]
    compute.report(format_, view, labels, True, stream).finish(run)
    return stream.getvalue()


def compare_text(format_: CompareFormat, view: CompareView, run: Run) -> str:
    stream = io.StringIO()
    compare.write(run, format_, view, stream)
    return stream.getvalue()


def check_text(format_: CheckFormat) -> str:
    def judged(text: str, value: float, limit: int) -> Judged:
        margin = limit - Fraction(value)
        status = "passed" if margin > 0 else "failed"
        return Judged(fail_if(text, parse), status, value, Fraction(limit), margin)  # type: ignore[arg-type]

    gates = (judged("mse > 3", 2.5, 3), judged("mae.p95 > 1", 1.25, 1))
    fault = Judged(fail_if("mse > 1", parse), "error", fault=Fault("no file", "write one"))
    outcome = Outcome((Checked("a", gates, Counts(9)), Checked("b", (fault,))))
    stream = io.StringIO()
    check.write(outcome, format_, stream)
    return stream.getvalue()


def without_version(text: str) -> str:
    return text.replace(losscli.__version__, "VERSION")


ALL = ComputeView(samples=True, rows=2, sort=False, worst=False, digits=None)
SORTED = ComputeView(samples=True, rows=None, sort=True, worst=False, digits=None)
SUMMARY = ComputeView(samples=False, rows=None, sort=False, worst=False, digits=None)
SHORT = replace(ALL, digits=3)
WORST = ComputeView(samples=True, rows=None, sort=False, worst=True, digits=None)
BY_FAMILY = CompareView(None, None, False)
BY_VALUE = CompareView(4, "value", False)
WITH_REASONS = CompareView(None, None, True)


def models() -> Run:
    return losscli.compare(T, {"p": P, "q": Q}, losses=LOSSES)


def groups() -> Run:
    return losscli.compare(T, P, losses=LOSSES, by=["a", "b|", "a"])


def left_out() -> Run:
    return losscli.compare([0.5, 2.0] * 6, [2.0, 2.0] * 6, losses=["mse", "binary_crossentropy"])


SCREENS: dict[str, Callable[[], str]] = {
    "compute-table": lambda: compute_text("table", ALL, run_of()),
    "compute-markdown-worst": lambda: compute_text("markdown", SHORT, run_of(worst=True)),
    "compute-value": lambda: compute_text("value", ALL, run_of()),
    "compute-csv-sorted": lambda: compute_text("csv", SORTED, run_of()),
    "compute-tsv-worst": lambda: compute_text("tsv", WORST, run_of(worst=True)),
    "compute-jsonl-sorted": lambda: compute_text("jsonl", SORTED, run_of()),
    "compare-table": lambda: compare_text("table", BY_FAMILY, run_of()),
    "compare-table-models": lambda: compare_text("table", BY_FAMILY, models()),
    "compare-table-groups": lambda: compare_text("table", BY_VALUE, groups()),
    "compare-table-left-out": lambda: compare_text("table", BY_FAMILY, left_out()),
    "compare-markdown-models": lambda: compare_text("markdown", BY_VALUE, models()),
    "compare-csv-left-out": lambda: compare_text("csv", WITH_REASONS, left_out()),
    "compare-value": lambda: compare_text("value", BY_VALUE, models()),
    "check-table": lambda: check_text("table"),
    "check-markdown": lambda: check_text("markdown"),
    "check-json": lambda: check_text("json"),
    "compute-csv-summary": lambda: compute_text("csv", SUMMARY, run_of()),
}
FOLDER = Path(__file__).parent / "screens"


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_as_it_was(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    expected = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert without_version(SCREENS[name]()) == expected


def test_no_screen_is_left_over() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(SCREENS)


if __name__ == "__main__":
    os.environ["COLUMNS"] = "100"
    for name, screen in SCREENS.items():
        (FOLDER / f"{name}.txt").write_text(without_version(screen()), encoding="utf-8")
