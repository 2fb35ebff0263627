"""Tables for people: the results of `compute`."""

from collections.abc import Sequence

from losscli.engine.result import Result
from losscli.reports.numbers import short_all
from losscli.reports.terminal import Terminal, text


def compute(results: Sequence[Result], terminal: Terminal) -> None:
    """The samples' values that the results hold, the values and statistics, the signatures."""
    if results[0].per_sample is not None:
        samples(results, terminal)
        terminal.line()
    summaries(results, terminal)
    terminal.line()
    for result in results:
        terminal.line(result.signature, style="dim")


def samples(results: Sequence[Result], terminal: Terminal) -> None:
    """A row for each sample that is held, a column a loss; a line tells how many more there are."""
    table = terminal.table(("sample", "right"), *((result.label, "right") for result in results))
    columns = [
        short_all(r.per_sample.tolist(), r.dtype) for r in results if r.per_sample is not None
    ]
    for number, row in enumerate(zip(*columns, strict=True), start=1):
        table.add_row(str(number), *row)
    terminal.print(table)
    n, shown = results[0].n.used, len(columns[0])
    if n > shown:
        terminal.line(f"… and {n - shown} more samples (--rows all shows them)", style="dim")


def summaries(results: Sequence[Result], terminal: Terminal) -> None:
    """A row a loss: its value, and the statistics of the samples' values."""
    statistics = ("min", "max", "mean", "std")
    table = terminal.table(
        ("loss", "left"), ("value", "right"), ("n", "right"), *((s, "right") for s in statistics)
    )
    for r in results:
        numbers = [getattr(r.summary, s) for s in statistics] if r.summary is not None else []
        value, *rest = short_all([r.value, *numbers], r.dtype)
        table.add_row(
            text(r.label),
            text(value, "bold"),
            str(r.n.used),
            *rest,
        )
    terminal.print(table)
