"""What `list`, `info`, `config` and `baseline show` write: a page for people, or a JSON document.

rich is imported for a page alone.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO, assert_never

from losscli.engine.result import Result
from losscli.frameworks.base import Dialect, Row
from losscli.gates.baseline import Baseline
from losscli.losses.domain import Rows
from losscli.losses.spec import LossSpec
from losscli.reports import json
from losscli.words import PlainFormat

if TYPE_CHECKING:
    from losscli.reports.terminal import Terminal


def _write(
    format_: PlainFormat,
    command: str,
    content: Callable[[], dict[str, Any]],
    page: Callable[["Terminal"], object],
    stream: TextIO,
) -> None:
    """Write what a command shows in this format."""
    match format_:
        case "table":
            from losscli.reports.terminal import Terminal

            page(Terminal(stream))
        case "json":
            stream.write(json.dump(command, content()))
        case _:
            assert_never(format_)


def write_list(
    specs: Sequence[LossSpec],
    rows: Mapping[str, Sequence[tuple[Dialect, Row]]],
    dialect: Dialect | None,
    format_: PlainFormat,
    stream: TextIO,
) -> None:
    """Write the losses there are, or those of a dialect; `rows` are the frameworks' by loss."""

    def content() -> dict[str, Any]:
        entries = [json.spec(spec, rows[spec.name]) for spec in specs]
        return {"dialect": dialect and dialect.name, "losses": entries}

    def page(terminal: "Terminal") -> None:
        from losscli.reports import losses

        if dialect is None:
            losses.listing(specs, terminal)
        else:
            losses.dialect_listing(dialect, terminal)

    _write(format_, "list", content, page, stream)


def write_info(
    spec: LossSpec,
    result: Result,
    arrays: Mapping[str, Rows],
    frameworks: Sequence[tuple[Dialect, Row]],
    values: Sequence[float | None],
    format_: PlainFormat,
    stream: TextIO,
) -> None:
    """Write all about a loss, with an example: its `result` on `arrays`, two samples' data.

    `frameworks` is what each calls it, `values` theirs on the same data, None where it is of
    another kind.
    """

    def content() -> dict[str, Any]:
        further = {name: rows for name, rows in arrays.items() if name in spec.inputs}
        both = {name: rows for name, rows in arrays.items() if name not in spec.inputs}
        example = {**both, "inputs": further, **result.to_dict()}
        by_dialect: dict[str, float | None] = {}
        for (dialect, _), value in zip(frameworks, values, strict=True):
            if value is not None:
                by_dialect.setdefault(dialect.name, value)
        return {"loss": json.info(spec, frameworks, example, by_dialect)}

    def page(terminal: "Terminal") -> None:
        from losscli.reports import losses

        losses.info(spec, result, tuple(arrays.values()), frameworks, values, terminal)

    _write(format_, "info", content, page, stream)


def write_config(
    file: str | None,
    settings: Sequence[tuple[str, Any, str]],
    checks: Sequence[str],
    format_: PlainFormat,
    stream: TextIO,
) -> None:
    """Write the settings in force, each with its value and origin, and the checks' names."""

    def page(terminal: "Terminal") -> None:
        from losscli.reports.settings import listing

        listing(file, settings, checks, terminal)

    _write(format_, "config", lambda: json.config(file, settings, checks), page, stream)


def write_baseline(
    baseline: Baseline,
    state: Callable[[], str | None],
    format_: PlainFormat,
    stream: TextIO,
) -> None:
    """Write what a baseline holds; `state` tells how the file of samples beside it fares."""

    def page(terminal: "Terminal") -> None:
        from losscli.reports.baseline import listing

        listing(baseline, state(), terminal)

    _write(format_, "baseline", baseline.content, page, stream)
