"""The tables that a run has: its samples, the worst, columns of y_pred, a line for each loss."""

from losscli.engine.result import Result, Run
from losscli.reports import statistics
from losscli.reports.cells import id_text, row_text
from losscli.reports.grid import Grid
from losscli.reports.numbers import Digits, short_all


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
        value = [] if r.value is None else [r.value]
        texts = short_all([*value, *statistics.values(r.summary)], r.dtype, digits)
        first, *others = texts if value else ["-", *texts]
        rows.append((r.label, first, str(r.n.used), *others))
    headings = ("loss", "value", "n", *statistics.names())
    styles = {(row, 1): "bold" for row in range(len(rows))}
    return Grid(headings, rows, frozenset(range(1, len(headings))), styles=styles)


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
    return f"{statistics.quantiles()} are within {worst:.1%} of exact" if worst else None


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
