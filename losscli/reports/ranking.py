"""Which of two results is better, and a comparison's losses in an order."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, assert_never

from losscli.engine.result import Result, Run
from losscli.words import Best, SortKey


def sort(run: Run, key: SortKey | None) -> Run:
    """The run with its losses in the order asked for, within each group."""
    match key:
        case None:
            return run
        case "name":
            return _sort(run, lambda r: r.label)
        case "value":
            return _sort(run, rank)
        case _:
            assert_never(key)


def _sort(run: Run, key: Callable[[Result], Any]) -> Run:
    """The run with its losses in the order of the first model's keys."""
    groups = list(dict.fromkeys(r.group for r in run.results))
    rows = [
        row
        for group in groups
        for row in sorted(
            rows_of([r for r in run.results if r.group == group], len(run.models)),
            key=lambda row: key(row[0]),
        )
    ]
    return replace(run, results=tuple(r for row in rows for r in row))


def rows_of(results: Sequence[Result], width: int) -> list[list[Result]]:
    """The results of each loss together: those of its models, which follow each other."""
    return [list(results[i : i + width]) for i in range(0, len(results), width)]


def rank(r: Result) -> tuple[bool, float]:
    """Of two results the better has the lower rank; none or NaN comes last."""
    if r.value is None or r.value != r.value:
        return True, 0.0
    best: Best = r.best
    match best:
        case "lowest":
            return False, r.value
        case "nearest 0":
            return False, abs(r.value)
        case "highest":
            return False, -r.value
        case _:
            assert_never(best)
