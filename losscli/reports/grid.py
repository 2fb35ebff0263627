"""The tables of a run as plain text in cells: what the terminal and Markdown both draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isclose, isnan, nan

from losscli.engine.result import Result, Run, Sample
from losscli.losses.numerics import Array
from losscli.reports.numbers import Digits, exact_all, short_all
from losscli.words import SummaryStatistic, choices

STATISTICS = choices(SummaryStatistic)


@dataclass(frozen=True)
class Grid:
    """A table: headings, rows of cells, and which columns hold numbers.

    `styles` has the style of a cell by (row, column), where it has one; a rule is drawn above the
    rows of `rules`. Both are decoration: what they say is said by the cells, too.
    """

    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]
    numeric: frozenset[int]
    title: str | None = None
    styles: Mapping[tuple[int, int], str] = field(default_factory=dict)
    rules: frozenset[int] = frozenset()


def transposed(grid: Grid) -> Grid:
    """The table with rows and columns exchanged."""
    columns = list(zip(*grid.rows, strict=True))
    rows = [(heading, *column) for heading, column in zip(grid.headings, columns, strict=True)]
    styles = {(column - 1, row + 1): style for (row, column), style in grid.styles.items()}
    return Grid(rows[0], rows[1:], frozenset(range(1, len(rows[0]))), grid.title, styles)


def samples(run: Run, digits: Digits) -> Grid | None:
    """A row for each sample whose values are held, a column a loss; None if none is."""
    held = [(r, r.per_sample) for r in run.results if r.per_sample is not None]
    if not held:
        return None
    columns = [short_all(values.tolist(), r.dtype, digits) for r, values in held]
    numbers = [str(number) for number in run.numbers.tolist()]
    ids = [] if run.ids is None else [[id_text(key) for key in run.ids]]
    headings = ("sample", *(["id"] if ids else []), *(r.label for r, _ in held))
    rows = list(zip(numbers, *ids, *columns, strict=True))
    numeric = frozenset({0, *range(1 + len(ids), len(headings))})
    return Grid(headings, rows, numeric)


def more_samples(run: Run) -> str | None:
    """A sentence that tells how many samples are not shown."""
    shown = len(run.numbers)
    hidden = run.n.used - shown
    plural = "" if hidden == 1 else "s"
    more = f"… and {hidden} more sample{plural} (--rows all shows them)"
    return more if shown and hidden else None


def summaries(run: Run, digits: Digits) -> Grid:
    """A row a loss: its value, and the statistics of the samples' values."""
    rows: list[tuple[str, ...]] = []
    for r in run.results:
        numbers = [getattr(r.summary, name) for name in STATISTICS] if r.summary else []
        value = [] if r.value is None else [r.value]
        texts = short_all([*value, *numbers], r.dtype, digits)
        rows.append((r.label, *(texts if value else ["-", *texts])))
        rows[-1] = (*rows[-1][:2], str(r.n.used), *rows[-1][2:])
    headings = ("loss", "value", "n", *STATISTICS)
    styles = {(row, 1): "bold" for row in range(len(rows))}
    return Grid(headings, rows, frozenset(range(1, len(headings))), styles=styles)


# What a reduction does to weighted values, in a few words.
DIVISORS = {
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
        f"{r.dialect}@{r.dialect_version}",
        r.framework_name or r.name,
        texts[0],
        *difference,
    )


def outputs(run: Run, digits: Digits) -> Grid | None:
    """A row a loss, a column for each column of y_pred, where these are not made one."""
    kept = [(r, r.outputs) for r in run.results if r.outputs is not None]
    if not kept:
        return None
    width = max(len(values) for _, values in kept)
    rows = [
        (r.label, *(short_all(list(values), r.dtype, digits)), *[""] * (width - len(values)))
        for r, values in kept
    ]
    headings = ("loss", *(f"column {i + 1}" for i in range(width)))
    return Grid(headings, rows, frozenset(range(1, width + 1)))


def quantile_remark(run: Run) -> str | None:
    """A sentence on the error of the quantiles, where they are not exact."""
    errors = [r.summary.quantile_error for r in run.results if r.summary]
    worst = max(errors, default=0)
    return f"p50, p95 and p99 are within {worst:.1%} of exact" if worst else None


def worst(result: Result, digits: Digits) -> Grid:
    """The samples with a loss's largest values, the worst first."""
    with_id = any(sample.id is not None for sample in result.worst)
    headings = ("sample", *(["id"] if with_id else []), result.label, "y_true", "y_pred")
    values = short_all([sample.value for sample in result.worst], result.dtype, digits)
    rows = [
        (
            str(sample.number),
            *([id_text(sample.id or ())] if with_id else []),
            value,
            row_text(sample.y_true),
            row_text(sample.y_pred),
        )
        for sample, value in zip(result.worst, values, strict=True)
    ]
    place = 2 if with_id else 1
    whose = ", ".join(filter(None, [result.model, id_text(result.group or ())]))
    of_model = f" ({whose})" if whose else ""
    return Grid(
        headings, rows, frozenset({0, place}), title=f"largest values of {result.label}{of_model}"
    )


def worst_columns(sample: Sample) -> list[str]:
    """A sample's rows of both arrays in exact cells, as csv has them."""
    return [" ".join(exact_all(array.reshape(-1))) for array in (sample.y_true, sample.y_pred)]


def row_text(row: Array) -> str:
    """A row of data: its numbers, but not more than a table's cell should hold."""
    flat = row.reshape(-1)
    cells = [f"{x:.7g}" for x in flat[:10].tolist()]
    more = f" … ({len(flat)} values)" if len(flat) > len(cells) else ""
    return " ".join(cells) + more


def id_text(key: Sequence[str]) -> str:
    """An id of one or several columns, as one cell."""
    return ", ".join(key)
