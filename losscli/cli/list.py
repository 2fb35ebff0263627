"""`losscli list`: the losses there are."""

import sys

import click

from losscli.cli.command import Command
from losscli.cli.options import DIALECTS, format_option
from losscli.words import PlainFormat


@click.command("list", cls=Command, short_help="List the losses there are.")
@click.option("--dialect", type=click.Choice(DIALECTS), help="Only this framework's, by its names.")
@format_option(PlainFormat)
def command(dialect: str | None, format_: PlainFormat) -> None:
    """List the losses: names, families, and what y_true and y_pred must be.

    With --dialect, the names that a framework has, and what they stand for here.
    """
    from losscli.reports.pages import write_list
    from losscli.request.catalogue import find_dialect, list_losses

    dialect = None if dialect == DIALECTS[0] else dialect  # the home dialect has all of them
    found = list_losses(dialect)
    specs, names = [spec for spec, _ in found], {spec.name: rows for spec, rows in found}
    write_list(specs, names, find_dialect(dialect) if dialect else None, format_, sys.stdout)
