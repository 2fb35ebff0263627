"""The tables of a run as plain text in cells: what the terminal and Markdown both draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from losscli.engine.plain import STATISTICS
from losscli.engine.result import Result, Run, Sample
from losscli.losses.numerics import Array
from losscli.reports.numbers import Digits, exact_all, short_all


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
    rows = []
    for r in run.results:
        numbers = [getattr(r.summary, name) for name in STATISTICS] if r.summary else []
        value = [] if r.value is None else [r.value]
        texts = short_all([*value, *numbers], r.dtype, digits)
        rows.append((r.label, *(texts if value else ["-", *texts])))
        rows[-1] = (*rows[-1][:2], str(r.n.used), *rows[-1][2:])
    headings = ("loss", "value", "n", *STATISTICS)
    styles = {(row, 1): "bold" for row in range(len(rows))}
    return Grid(headings, rows, frozenset(range(1, len(headings))), styles=styles)


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
