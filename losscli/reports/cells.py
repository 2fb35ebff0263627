"""What stands in one cell: an id of several columns, a row of data."""

from collections.abc import Sequence

from losscli.engine.result import Result
from losscli.losses.numerics import Array
from losscli.reports.numbers import exact_all


def dialect_text(r: Result) -> str:
    """A result's dialect with its version, where it has one: 'keras3@3.15'."""
    return r.fields.conditions["dialect"]


def id_text(key: Sequence[str]) -> str:
    """An id of one or several columns."""
    return ", ".join(key)


def row_text(row: Array) -> str:
    """A row of data for people: its numbers, but not more than a table's cell should hold."""
    flat = row.reshape(-1)
    cells = [f"{x:.7g}" for x in flat[:10].tolist()]
    more = f" … ({len(flat)} values)" if len(flat) > len(cells) else ""
    return " ".join(cells) + more


def exact_row(row: Array) -> str:
    """A row of data for programs: all of its numbers, each of which reads back as itself."""
    return " ".join(exact_all(row.reshape(-1)))
