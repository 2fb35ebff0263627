"""What `compute` writes, in each format: what a pass must keep for it, and what is written when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TextIO, assert_never

from losscli.engine.result import Run, SampleBlock
from losscli.reports import dialects, json, markdown, tables
from losscli.reports.csv import CsvLines
from losscli.reports.grid import Grid
from losscli.reports.jsonl import JsonLines
from losscli.reports.numbers import Digits, exact
from losscli.words import ComputeFormat


@dataclass(frozen=True)
class ComputeView:
    """What the user wants to see.

    `samples`: the values per sample, the first `rows` of them in tables (None: all), from the
    largest down if `sort`. `worst`: the samples with the largest values, in place of the values
    per sample where the format has a line for each. `dialects`: the loss in each dialect, in place
    of its values per sample.
    """

    samples: bool
    rows: int | None
    sort: bool
    worst: bool
    digits: Digits
    dialects: bool = False

    def order(self, run: Run) -> Run:
        """The run with its samples in the order asked for."""
        return run.by_value() if self.sort else run


class Lines(Protocol):
    """What a format of lines writes; one without a head has an empty text for it."""

    def head(self, labels: Sequence[str], with_ids: bool) -> str:
        """What stands above the lines of samples."""
        ...

    def samples(self, labels: Sequence[str], block: SampleBlock) -> str:
        """A line for each sample of a block."""
        ...

    def results(self, run: Run) -> str:
        """A line a loss."""
        ...

    def worst(self, run: Run) -> str:
        """A line for each of the worst samples of each loss."""
        ...


@dataclass(frozen=True)
class Report:
    """What a format needs of a pass, and how it ends: `keep` and `on_block` as in a Plan."""

    finish: Callable[[Run], object]
    summary: bool = True
    keep: int | None = 0
    on_block: Callable[[SampleBlock], object] | None = None


def report(
    format_: ComputeFormat, view: ComputeView, labels: list[str], with_ids: bool, stream: TextIO
) -> Report:
    """The report of this format, written to `stream`."""
    match format_:
        case "table":
            return _report_tables(view, lambda run: _draw(run, view, stream))
        case "json":
            return _report_document(view, stream)
        case "jsonl":
            return _report_lines(JsonLines(), view, labels, with_ids, stream)
        case "csv":
            return _report_lines(CsvLines(","), view, labels, with_ids, stream)
        case "tsv":
            return _report_lines(CsvLines("\t"), view, labels, with_ids, stream)
        case "markdown":
            return _report_tables(view, lambda run: stream.write(_markdown(run, view)))
        case "value":
            return Report(lambda run: stream.writelines(_values(run)), summary=False)
        case _:
            assert_never(format_)


def _report_tables(view: ComputeView, draw: Callable[[Run], object]) -> Report:
    """A report of tables, which shows the first rows."""
    keep = None if view.sort else view.rows
    return Report(
        lambda run: draw(view.order(run).first(view.rows)), keep=keep if view.samples else 0
    )


def _report_document(view: ComputeView, stream: TextIO) -> Report:
    """A report in one piece, with all samples."""

    def finish(run: Run) -> None:
        stream.write(json.dump("compute", json.compute(view.order(run))))

    return Report(finish, keep=None if view.samples else 0)


def _report_lines(
    lines: Lines, view: ComputeView, labels: list[str], with_ids: bool, stream: TextIO
) -> Report:
    """A report of lines: a sample each, as the blocks come, or one of the worst, or a loss."""
    if view.worst:
        return Report(lambda run: stream.write(lines.worst(run)), summary=False)
    if not view.samples:
        return Report(lambda run: stream.write(lines.results(run)))

    def on_block(block: SampleBlock) -> None:
        stream.write(lines.samples(labels, block))

    stream.write(lines.head(labels, with_ids))
    if view.sort:
        return Report(lambda run: on_block(_block(run.by_value())), summary=False, keep=None)
    return Report(lambda run: None, summary=False, on_block=on_block)


def _block(run: Run) -> SampleBlock:
    """The samples that a run holds, as one block."""
    values = [r.per_sample for r in run.results if r.per_sample is not None]
    return SampleBlock(run.numbers, run.ids, values)


def _values(run: Run) -> list[str]:
    """The bare values, a line each; one that there is none of has no line."""
    values = [[r.value] if r.outputs is None else list(r.outputs) for r in run.results]
    return [
        exact(value, r.dtype) + "\n"
        for r, several in zip(run.results, values, strict=True)
        for value in several
        if value is not None
    ]


def _parts(run: Run, view: ComputeView) -> list[Grid | str]:
    """The tables and remarks of a run in their order; the signatures follow."""
    digits = view.digits
    if view.dialects:
        return [dialects.dialects(run, digits)]
    parts = [
        tables.samples(run, digits),
        tables.more_samples(run),
        *(tables.worst(result, digits) for result in run.results if result.worst),
        tables.outputs(run, digits),
        tables.summaries(run, digits),
        tables.quantile_remark(run),
    ]
    return [part for part in parts if part is not None]


def _draw(run: Run, view: ComputeView, stream: TextIO) -> None:
    from losscli.reports.terminal import Terminal

    terminal = Terminal(stream)
    for part in _parts(run, view):
        if isinstance(part, str):
            terminal.line(part, style="dim")
        else:
            terminal.grid(part, may_turn=part.headings[0] == "loss")
    terminal.line()
    for result in run.results:
        terminal.line(result.signature, style="dim")


def _markdown(run: Run, view: ComputeView) -> str:
    texts = [
        part + "\n" if isinstance(part, str) else markdown.table(part) for part in _parts(run, view)
    ]
    signatures = "".join(f"- `{result.signature}`\n" for result in run.results)
    return "\n".join([*texts, signatures])
