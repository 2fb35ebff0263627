"""What is known about losses, for people: `list` and `info`."""

import textwrap
from collections.abc import Sequence
from itertools import groupby

from losscli.engine.result import Result
from losscli.losses.domain import Domain, Rows
from losscli.losses.spec import LossSpec, spell
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


def info(spec: LossSpec, result: Result, rows: tuple[Rows, Rows], terminal: Terminal) -> None:
    """A page about a loss; `result` is its value on `rows`, (y_true, y_pred) of two samples."""
    terminal.line(spec.name, style="bold")
    if spec.docs.summary:
        _prose(spec.docs.summary, terminal)
    if spec.docs.formula:
        _section("Formula", terminal)
        for line in spec.docs.formula.splitlines():
            terminal.line("  " + line)
        terminal.line("  t is y_true; p, z or d is y_pred", style="dim")
    if spec.parameters:
        _section("Parameters", terminal)
        for p in spec.parameters:
            allowed = "true or false" if p.type is bool else f"in {p.allowed}"
            default = "…" if p.default is None else spell(p.default)
            _prose(f"{p.name}={default}  ({allowed}) {p.description}", terminal)
    _section("Data", terminal)
    _prose(_domain("y_true", spec.y_true), terminal)
    _prose(_domain("y_pred", spec.y_pred), terminal)
    for parameter, domain in spec.y_pred_when.items():
        _prose(_domain(f"with {parameter}, y_pred", domain), terminal)
    if spec.docs.shape:
        _prose(f"shape: {spec.docs.shape}", terminal)
    if spec.docs.edge_cases:
        _section("Edge cases", terminal)
        _prose(spec.docs.edge_cases, terminal)
    _section("Example", terminal)
    _example(result, rows, terminal)
    if spec.docs.references:
        _section("References", terminal)
    for reference in spec.docs.references:
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


def _example(result: Result, rows: tuple[Rows, Rows], terminal: Terminal) -> None:
    table = terminal.table(("y_true", "left"), ("y_pred", "left"), (result.label, "right"))
    assert result.per_sample is not None
    assert result.value is not None
    for t, p, value in zip(*rows, result.per_sample.tolist(), strict=True):
        table.add_row(_numbers(t), _numbers(p), short(value, result.dtype))
    table.add_section()
    table.add_row("", "the loss", text(short(result.value, result.dtype), "bold"))
    terminal.print(table)


def _numbers(row: Sequence[float]) -> str:
    return " ".join(f"{x:g}" for x in row)
