"""What `compute` writes, in each format: what a pass must keep for it, and what is written when."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from losscli.engine.result import Run, SampleBlock
from losscli.reports import grid, json, markdown
from losscli.reports.csv import CsvWriter
from losscli.reports.grid import Grid
from losscli.reports.numbers import Digits, exact


@dataclass(frozen=True)
class Asked:
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


@dataclass(frozen=True)
class Report:
    """What a format needs of a pass, and how it ends: `keep` and `on_block` as in a Plan."""

    finish: Callable[[Run], object]
    summary: bool = True
    keep: int | None = 0
    on_block: Callable[[SampleBlock], object] | None = None


def report(format_: str, asked: Asked, labels: list[str], with_ids: bool, stream: TextIO) -> Report:
    """The report of this format, written to `stream`."""
    match format_:
        case "table":
            return _drawn(asked, lambda run: _on_terminal(run, asked, stream))
        case "markdown":
            return _drawn(asked, lambda run: stream.write(_as_markdown(run, asked)))
        case "json":
            keep = None if asked.samples else 0

            def write_json(run: Run) -> None:
                shown = run.by_value() if asked.sort else run
                stream.write(json.dump("compute", json.compute(shown)))

            return Report(write_json, keep=keep)
        case "value":
            return Report(lambda run: stream.writelines(_values(run)), summary=False)
        case _:
            return _lines(format_, asked, labels, with_ids, stream)


def _drawn(asked: Asked, draw: Callable[[Run], object]) -> Report:
    """A report of tables, which shows the first rows."""

    def finish(run: Run) -> None:
        draw((run.by_value() if asked.sort else run).first(asked.rows))

    return Report(finish, keep=(None if asked.sort else asked.rows) if asked.samples else 0)


def _lines(format_: str, asked: Asked, labels: list[str], with_ids: bool, stream: TextIO) -> Report:
    """A report of lines: a sample each, as the blocks come, or one of the worst, or a loss."""
    csv = CsvWriter("\t" if format_ == "tsv" else ",")
    is_json = format_ == "jsonl"
    if asked.worst:
        worst = json.worst_lines if is_json else csv.worst
        return Report(lambda run: stream.write(worst(run)), summary=False)
    if not asked.samples:
        summary = json.result_lines if is_json else csv.summary
        return Report(lambda run: stream.write(summary(run)))

    def on_block(block: SampleBlock) -> None:
        stream.write(json.sample_lines(labels, block) if is_json else csv.block(block))

    if not is_json:
        stream.write(csv.header(labels, with_ids))
    if asked.sort:
        return Report(lambda run: on_block(_held(run.by_value())), summary=False, keep=None)
    return Report(lambda run: None, summary=False, on_block=on_block)


def _held(run: Run) -> SampleBlock:
    """The samples that a run holds, as one block."""
    values = [r.per_sample for r in run.results if r.per_sample is not None]
    return SampleBlock(run.numbers, run.ids, values)


def _values(run: Run) -> list[str]:
    values = [[r.value] if r.outputs is None else list(r.outputs) for r in run.results]
    return [
        exact(value, r.dtype) + "\n"
        for r, several in zip(run.results, values, strict=True)
        for value in several
        if value is not None
    ]


def _parts(run: Run, asked: Asked) -> list[Grid | str]:
    """The tables and remarks of a run in their order; the signatures follow."""
    digits = asked.digits
    if asked.dialects:
        return [grid.dialects(run, digits)]
    found = [
        grid.samples(run, digits),
        grid.more_samples(run),
        *(grid.worst(result, digits) for result in run.results if result.worst),
        grid.outputs(run, digits),
        grid.summaries(run, digits),
        grid.quantile_remark(run),
    ]
    return [part for part in found if part is not None]


def _on_terminal(run: Run, asked: Asked, stream: TextIO) -> None:
    from losscli.reports.terminal import Terminal

    terminal = Terminal(stream)
    for part in _parts(run, asked):
        if isinstance(part, str):
            terminal.line(part, style="dim")
        else:
            terminal.grid(part, may_turn=part.headings[0] == "loss")
    terminal.line()
    for result in run.results:
        terminal.line(result.signature, style="dim")


def _as_markdown(run: Run, asked: Asked) -> str:
    texts = [
        part + "\n" if isinstance(part, str) else markdown.table(part)
        for part in _parts(run, asked)
    ]
    signatures = "".join(f"- `{result.signature}`\n" for result in run.results)
    return "\n".join([*texts, signatures])
