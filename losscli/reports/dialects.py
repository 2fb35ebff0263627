"""The table of one loss in every dialect: what each calls it, its number, and how it differs."""

from collections.abc import Mapping, Sequence
from math import isclose, isnan, nan

from losscli.engine.result import Result, Run
from losscli.reports.cells import dialect_text
from losscli.reports.grid import Grid
from losscli.reports.numbers import Digits, short_all

# What a reduction does to weighted values, in a few words.
DIVISORS: Mapping[str, str] = {
    "mean": "divided by the sum of the weights",
    "mean_over_batch": "divided by the number of values",
    "mean_over_nonzero": "divided by the number of weights that are not 0",
    "batchmean": "divided by the number of samples",
    "sum": "a sum",
    "none": "not reduced",
}


def dialects(run: Run, digits: Digits) -> Grid:
    """A row a dialect: what it calls the loss, its number, and how and why it differs.

    Differences are from keras2's number of the same loss where it has one, else from the first.
    """
    groups: list[list[Result]] = []
    for r in run.results:
        group = groups[-1] if groups else []
        if not group or r.loss != group[0].loss or r.dialect in {one.dialect for one in group}:
            groups.append([])
        groups[-1].append(r)
    rows = [_dialect_row(r, _base(group), digits) for group in groups for r in group]
    headings = ("dialect", "its name", "value", "difference", "why")
    styles = {(row, 2): "bold" for row in range(len(rows))}
    return Grid(headings, rows, frozenset({2, 3}), styles=styles)


def _base(group: Sequence[Result]) -> Result:
    """That of one loss's results which the others are compared with."""
    return next((r for r in group if r.dialect == "keras2"), group[0])


def _dialect_row(r: Result, base: Result, digits: Digits) -> tuple[str, ...]:
    value, other = (nan if one.value is None else one.value for one in (r, base))
    texts = short_all([value, value - other], r.dtype, digits)
    # What summing in another order does to the last digits has no cause worth telling.
    same = isclose(value, other, rel_tol=1e-14) or (isnan(value) and isnan(other))
    causes = [r.why] if r.why else []
    if r.reduction != base.reduction:
        causes.append(DIVISORS[r.reduction])
    difference = ("", "") if same else (texts[1], "; ".join(causes))
    return (
        dialect_text(r),
        r.framework_name or r.name,
        texts[0],
        *difference,
    )
