"""What `compare` writes: losses by family, models side by side, groups, and what does not apply."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TextIO

from losscli.engine.result import Result, Run
from losscli.reports import grid, json, markdown
from losscli.reports.csv import CsvWriter
from losscli.reports.grid import Grid, id_text
from losscli.reports.numbers import Digits, exact, short, short_all

SHOWN = ("min", "p50", "p95", "max")
BARS = "▁▂▃▄▅▆▇█"
BEST, UNUSUAL = "*", "!"


@dataclass(frozen=True)
class Asked:
    """What the user wants to see: digits of tables, an order, what does not apply in csv, too."""

    digits: Digits
    sort: Literal["value", "name"] | None
    everything: bool


def write(run: Run, format_: str, asked: Asked, stream: TextIO) -> None:
    """Write a comparison in this format."""
    csv = CsvWriter("\t" if format_ == "tsv" else ",")
    run = _ordered(run, asked)
    match format_:
        case "table":
            _on_terminal(run, asked, stream)
        case "markdown":
            stream.write(_as_markdown(run, asked))
        case "json":
            stream.write(json.dump("compare", json.compare(run)))
        case "jsonl":
            stream.write(json.compared_lines(run))
        case "value":
            stream.writelines(
                ("" if r.value is None else exact(r.value, r.dtype)) + "\n" for r in run.results
            )
        case _:
            stream.write(csv.compared(run, asked.everything))


def _grids(run: Run, asked: Asked) -> list[Grid]:
    """The tables, in their order."""
    groups = list(dict.fromkeys(r.group for r in run.results))
    found: list[Grid] = []
    if groups == [None]:
        found.extend(_few_samples(run, asked))
        is_single = len(run.models) == 1
        found.append(_spread(run.results, asked) if is_single else _models(run, asked))
    elif len(run.models) == 1:
        found.append(_groups(run, asked))
    else:
        for group in groups:
            members = tuple(r for r in run.results if r.group == group)
            title = f"{id_text(group or ())} (n = {members[0].n.used})"
            found.append(_models(run, asked, members, title))
    found.extend(grid.worst(r, asked.digits) for r in run.results if r.worst)
    return found


def _ordered(run: Run, asked: Asked) -> Run:
    """The run with its losses in the order asked for, within each group."""
    if asked.sort is None:
        return run
    groups = list(dict.fromkeys(r.group for r in run.results))
    rows = [
        row
        for group in groups
        for row in sorted(
            _rows([r for r in run.results if r.group == group], len(run.models)),
            key=lambda row: row[0].label if asked.sort == "name" else _rank(row[0]),
        )
    ]
    return replace(run, results=tuple(r for row in rows for r in row))


def _rows(results: Sequence[Result], width: int) -> list[list[Result]]:
    """The results of each loss together: those of its models, which follow each other."""
    return [list(results[i : i + width]) for i in range(0, len(results), width)]


def _rank(r: Result) -> tuple[bool, float]:
    """Which of two results is better: the lower rank; none or NaN comes last."""
    if r.value is None or r.value != r.value:
        return True, 0.0
    size = {"nearest 0": abs(r.value), "highest": -r.value}
    return False, size.get(r.best, r.value)


def _table(
    rows: list[list[Result]],
    cells: list[list[str]],
    headings: tuple[str, ...],
    asked: Asked,
    styles: dict[tuple[int, int], str] | None = None,
    title: str | None = None,
) -> Grid:
    """A row a loss, below the name of its family unless another order was asked for."""
    lines: list[tuple[str, ...]] = []
    drawn: dict[tuple[int, int], str] = {}
    rules: set[int] = set()
    family = None
    for i, (row, texts) in enumerate(zip(rows, cells, strict=True)):
        if asked.sort is None and row[0].family != family:
            family = row[0].family
            rules.add(len(lines))
            drawn[len(lines), 0] = "italic"
            lines.append((f"{family}:", *[""] * (len(headings) - 1)))
        for column in range(len(headings)):
            if styles and (i, column) in styles:
                drawn[len(lines), column] = styles[i, column]
        mark = f" {UNUSUAL}" if any(r.unusual for r in row) else ""
        lines.append((row[0].label + mark, *texts))
    numeric = frozenset(range(1, len(headings)))
    return Grid(headings, lines, numeric, title, drawn, frozenset(rules))


def _spread(results: Sequence[Result], asked: Asked) -> Grid:
    """One model: each loss's value, and how the samples' values are spread."""
    rows = _rows(results, 1)
    cells = []
    for [r] in rows:
        statistics = [getattr(r.summary, name) for name in SHOWN]
        value = [] if r.value is None else [r.value]
        texts = short_all([*value, *statistics], r.dtype, asked.digits)
        cells.append([*(texts if value else ["-", *texts]), _bars(r.histogram)])
    styles = {(i, 1): "bold" for i in range(len(rows))}
    return _table(rows, cells, ("loss", "value", *SHOWN, "spread"), asked, styles)


def _models(
    run: Run, asked: Asked, results: Sequence[Result] | None = None, title: str | None = None
) -> Grid:
    """Several models: a column each, the best of each row marked by a sign and a colour."""
    rows = _rows(results or run.results, len(run.models))
    cells, styles = [], {}
    for i, row in enumerate(rows):
        best = min(map(_rank, row))
        are_equal = all(_rank(r) == best for r in row)
        texts = []
        for column, r in enumerate(row, start=1):
            is_best = _rank(r) == best and not are_equal
            texts.append(_value(r, asked.digits) + (f" {BEST}" if is_best else "  "))
            if is_best:
                styles[i, column] = "bold green"
        cells.append(texts)
    return _table(rows, cells, ("loss", *run.models), asked, styles, title)


def _groups(run: Run, asked: Asked) -> Grid:
    """One model by groups: a column each, with the number of its samples in the heading."""
    members = {r.group: r.n.used for r in run.results}
    losses = len(run.results) // len(members)
    rows = [list(run.results[i::losses]) for i in range(losses)]
    cells = [[_value(r, asked.digits) for r in row] for row in rows]
    headings = tuple(f"{id_text(key or ())} (n = {n})" for key, n in members.items())
    return _table(rows, cells, ("loss", *headings), asked)


def _few_samples(run: Run, asked: Asked) -> Iterable[Grid]:
    """The samples' values of each model, a column a sample, where there are only a few."""
    if len(run.numbers) != run.n.used:
        return
    for model in run.models:
        results = [r for r in run.results if r.model == model and r.per_sample is not None]
        rows = _rows(results, 1)
        cells = [
            short_all(r.per_sample.tolist(), r.dtype, asked.digits)
            for [r] in rows
            if r.per_sample is not None
        ]
        of_model = f" of {model}" if len(run.models) > 1 else ""
        numbers = [f"sample {number}" for number in run.numbers.tolist()]
        yield _table(rows, cells, ("loss", *numbers), asked, title=f"values per sample{of_model}")


def _value(r: Result, digits: Digits) -> str:
    return "-" if r.value is None else short(r.value, r.dtype, digits)


def _bars(counts: Sequence[int]) -> str:
    """A small histogram: the height of a bar is relative to the highest, none is where none lie."""
    highest = max(counts, default=0)
    if highest == 0:
        return ""
    return "".join(
        " " if count == 0 else BARS[(count * len(BARS) - 1) // highest] for count in counts
    )


def _remarks(run: Run) -> list[str]:
    """What the signs mean, where they stand, and how exact the quantiles are."""
    found = []
    if any(r.unusual for r in run.results):
        found.append(f"{UNUSUAL} the data is not as this loss expects: see the notes")
    if len(run.models) > 1:
        found.append(f"{BEST} the best of its row")
    remark = grid.quantile_remark(run)
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
    basis = f"{r.dialect}@{r.dialect_version}, {r.dtype}"
    return f"{n.used} sample{'' if n.used == 1 else 's'}{extra}; {basis}"


def _on_terminal(run: Run, asked: Asked, stream: TextIO) -> None:
    from losscli.reports.terminal import Terminal

    terminal = Terminal(stream)
    for part in _grids(run, asked):
        terminal.grid(part)
    for line in (_count(run), *_remarks(run)):
        terminal.line(line, style="dim")
    if run.not_applicable:
        terminal.line()
        terminal.line("does not apply", style="bold")
        for line in _left_out(run):
            terminal.line("  " + line, style="dim")


def _as_markdown(run: Run, asked: Asked) -> str:
    tables = [markdown.table(part) for part in _grids(run, asked)]
    lines = "".join(f"- {markdown.escaped(line)}\n" for line in (_count(run), *_remarks(run)))
    left_out = "".join(f"- {markdown.escaped(line)}\n" for line in _left_out(run))
    parts = [*tables, lines, *([f"Does not apply:\n\n{left_out}"] if left_out else [])]
    return "\n".join(parts)
