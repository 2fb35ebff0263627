"""`losscli list`: the losses there are."""

import sys
from typing import TYPE_CHECKING

import click

from losscli.cli.command import Command
from losscli.cli.options import DIALECTS, format_option

if TYPE_CHECKING:
    from losscli.words import PlainFormat


@click.command("list", cls=Command, short_help="List the losses there are.")
@click.option("--dialect", type=click.Choice(DIALECTS), help="Only this framework's, by its names.")
@format_option("table", "json")
def command(dialect: str | None, format_: "PlainFormat") -> None:
    """List the losses: names, families, and what y_true and y_pred must be.

    With --dialect, the names that a framework has, and what they stand for here.
    """
    from losscli.frameworks import lookup
    from losscli.losses import registry
    from losscli.reports.pages import write_list

    rows = {spec.name: lookup.rows_for(spec, dialect) for spec in registry.specs()}
    specs = [spec for spec in registry.specs() if dialect is None or rows[spec.name]]
    table = None if dialect is None else lookup.dialect_of(dialect)
    write_list(specs, rows, table, format_, sys.stdout)
