"""What `compare` writes: losses by family, models side by side, groups, and what does not apply."""

from dataclasses import dataclass
from typing import TextIO, assert_never

from losscli.engine.result import Run
from losscli.reports import json, markdown, ranking, tables
from losscli.reports.cells import dialect_text
from losscli.reports.comparison import BEST, UNUSUAL, Comparison
from losscli.reports.csv import CsvLines
from losscli.reports.grid import Grid
from losscli.reports.jsonl import JsonLines
from losscli.reports.numbers import Digits, exact
from losscli.words import CompareFormat, SortKey


@dataclass(frozen=True)
class CompareView:
    """What the user wants to see: digits of tables, an order, what does not apply in csv, too."""

    digits: Digits
    sort: SortKey | None
    everything: bool


def write(run: Run, format_: CompareFormat, view: CompareView, stream: TextIO) -> None:
    """Write a comparison in this format."""
    run = ranking.sort(run, view.sort)
    match format_:
        case "table":
            _draw(run, view, stream)
        case "json":
            stream.write(json.dump("compare", json.compare(run)))
        case "jsonl":
            stream.write(JsonLines().comparison(run))
        case "csv":
            stream.write(CsvLines(",").comparison(run, view.everything))
        case "tsv":
            stream.write(CsvLines("\t").comparison(run, view.everything))
        case "markdown":
            stream.write(_markdown(run, view))
        case "value":
            stream.writelines(_values(run))
        case _:
            assert_never(format_)


def _values(run: Run) -> list[str]:
    """The bare values, a line each; that of one that there is none of is empty."""
    return [("" if r.value is None else exact(r.value, r.dtype)) + "\n" for r in run.results]


def _grids(run: Run, view: CompareView) -> list[Grid]:
    return Comparison(run, view.digits, by_family=view.sort is None).grids()


def _remarks(run: Run) -> list[str]:
    """What the signs mean, where they stand, and how exact the quantiles are."""
    found = []
    if any(r.unusual for r in run.results):
        found.append(f"{UNUSUAL} the data is not as this loss expects: see the notes")
    if len(run.models) > 1:
        found.append(f"{BEST} the best of its row")
    remark = tables.quantile_remark(run)
    return found + ([remark] if remark and len(run.models) == 1 else [])


def _left_out(run: Run) -> list[str]:
    return [f"{left_out.loss}: {left_out.reason}" for left_out in run.not_applicable]


def _count(run: Run) -> str:
    n = run.n
    extra = "".join(
        f", {count} {what}"
        for count, what in ((n.skipped, "skipped"), (n.unmatched, "unmatched"))
        if count
    )
    r = run.results[0]
    basis = f"{dialect_text(r)}, {r.dtype}"
    return f"{n.used} sample{'' if n.used == 1 else 's'}{extra}; {basis}"


def _draw(run: Run, view: CompareView, stream: TextIO) -> None:
    from losscli.reports.terminal import Terminal

    terminal = Terminal(stream)
    for part in _grids(run, view):
        terminal.grid(part)
    for line in (_count(run), *_remarks(run)):
        terminal.line(line, style="dim")
    if run.not_applicable:
        terminal.line()
        terminal.line("does not apply", style="bold")
        for line in _left_out(run):
            terminal.line("  " + line, style="dim")


def _markdown(run: Run, view: CompareView) -> str:
    tables = [markdown.table(part) for part in _grids(run, view)]
    lines = "".join(f"- {markdown.escape(line)}\n" for line in (_count(run), *_remarks(run)))
    left_out = "".join(f"- {markdown.escape(line)}\n" for line in _left_out(run))
    parts = [*tables, lines, *([f"Does not apply:\n\n{left_out}"] if left_out else [])]
    return "\n".join(parts)
