"""What is known about losses, for people: `list` and `info`."""

import textwrap
from collections.abc import Sequence
from itertools import groupby

from losscli.engine.result import Result
from losscli.frameworks.base import Dialect, Row, cite
from losscli.losses.domain import Domain, Rows
from losscli.losses.parameters import spell
from losscli.losses.spec import LossSpec
from losscli.reports.numbers import short
from losscli.reports.terminal import Terminal, text


def listing(specs: Sequence[LossSpec], terminal: Terminal) -> None:
    """A table of losses by family: name, aliases, and what the two arrays must be."""
    table = terminal.table(("loss, aliases", "left"), ("y_true", "left"), ("y_pred", "left"))
    table.columns[0].no_wrap = True  # a name is for copying
    for family, members in groupby(specs, key=lambda spec: spec.family):
        table.add_row(text(f"family: {family}", "italic"))
        for spec in members:
            names = text(spec.name, "bold")
            names.append("".join(f"\n  {alias}" for alias in spec.aliases), "dim not bold")
            table.add_row(names, spec.y_true.name, spec.y_pred.name)
        table.add_section()
    terminal.print(table, natural=False)


def dialect_listing(dialect: Dialect, terminal: Terminal) -> None:
    """A table of what a framework calls its losses, and what they are here."""
    headings = ((f"name in {dialect.framework}", "left"), ("loss", "left"), ("with", "left"))
    table = terminal.table(*headings)
    table.columns[0].no_wrap = True
    for row in dialect.rows:
        first, *others = row.names
        names = text(first, "bold").append("".join(f"\n{other}" for other in others))
        table.add_row(names, row.loss, _presets(row))
    terminal.print(table, natural=False)


def _presets(row: Row) -> str:
    """What a framework's loss sets of ours, and which parameters it calls otherwise."""
    presets = [f"{name}={spell(value)}" for name, value in row.presets.items()]
    renamed = [f"{theirs} is {ours}" for theirs, ours in row.parameters.items()]
    return "\n".join([*presets, *renamed])


def info(
    spec: LossSpec,
    result: Result,
    rows: Sequence[Rows],
    frameworks: Sequence[tuple[Dialect, Row]],
    values: Sequence[float | None],
    terminal: Terminal,
) -> None:
    """A page about a loss; `result` is its value on `rows`, two samples' y_true, y_pred and so on.

    `frameworks` is what each calls it, `values` theirs on the same rows.
    """
    terminal.line(spec.name, style="bold")
    if spec.docs.summary:
        _prose(spec.docs.summary, terminal)
    if spec.docs.formula:
        _section("Formula", terminal)
        for line in spec.docs.formula.splitlines():
            terminal.line("  " + line)
        terminal.line("  t is y_true; p, z or d is y_pred", style="dim")
    if spec.settings:
        _section("Parameters", terminal)
        for p in spec.settings:
            default = "…" if p.is_required else spell(p.default)
            value = result.params.get(p.name, p.default)
            here = "" if value == p.default else f"; here {spell(value)}"
            _prose(f"{p.name}={default}  ({p.choices}{here}) {p.description}", terminal)
    _section("Data", terminal)
    _prose(_domain("y_true", spec.y_true), terminal)
    _prose(_domain("y_pred", spec.y_pred), terminal)
    for name, domain in spec.inputs.items():
        _prose(_domain(f"--input {name}", domain), terminal)
    for parameter, domain in spec.y_true_when.items():
        _prose(_domain(f"with {parameter}, y_true", domain), terminal)
    for parameter, domain in spec.y_pred_when.items():
        _prose(_domain(f"with {parameter}, y_pred", domain), terminal)
    if spec.docs.shape:
        _prose(f"shape: {spec.docs.shape}", terminal)
    if spec.docs.edge_cases:
        _section("Edge cases", terminal)
        _prose(spec.docs.edge_cases, terminal)
    _section("Example", terminal)
    _example(spec, result, rows, terminal)
    if frameworks:
        _section("In the frameworks", terminal)
        _frameworks(frameworks, values, terminal)
    references = [*spec.docs.references, *(cite(*pair) for pair in frameworks)]
    if references:
        _section("References", terminal)
    for reference in dict.fromkeys(references):
        _prose(reference, terminal)
    if spec.aliases:
        _section("Aliases", terminal)
        _prose(", ".join(spec.aliases), terminal)


def _section(title: str, terminal: Terminal) -> None:
    terminal.line()
    terminal.line(title, style="bold")


def _prose(content: str, terminal: Terminal) -> None:
    for line in textwrap.wrap(content, max(20, min(terminal.width, 100) - 2)):
        terminal.line("  " + line)


def _domain(name: str, domain: Domain) -> str:
    return f"{name}: {domain.description}"


def _example(spec: LossSpec, result: Result, rows: Sequence[Rows], terminal: Terminal) -> None:
    names = ("y_true", "y_pred", *spec.inputs)
    table = terminal.table(*((name, "left") for name in names), (result.label, "right"))
    assert result.per_sample is not None
    assert result.value is not None
    for *arrays, value in zip(*rows, result.per_sample.tolist(), strict=True):
        table.add_row(*map(_numbers, arrays), short(value, result.dtype))
    table.add_section()
    table.add_row(
        *[""] * (len(names) - 1), "the loss", text(short(result.value, result.dtype), "bold")
    )
    terminal.print(table)


def _frameworks(
    frameworks: Sequence[tuple[Dialect, Row]],
    values: Sequence[float | None],
    terminal: Terminal,
) -> None:
    """A row for each name: what it presets, its value on the example, and why it is another."""
    table = terminal.table(
        ("dialect", "left"),
        ("its names", "left"),
        ("with", "left"),
        ("example", "right"),
        ("", "left"),
    )
    for (dialect, row), value in zip(frameworks, values, strict=True):
        table.add_row(
            f"{dialect.name}@{dialect.version}",
            "\n".join(row.names),
            _presets(row),
            "" if value is None else short(value, "float64"),
            row.why,
        )
    terminal.print(table, natural=False)


def _numbers(row: Sequence[float]) -> str:
    return " ".join(f"{x:g}" for x in row)
