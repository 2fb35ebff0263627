"""`losscli list`: the losses there are."""

import sys

import click

from losscli.cli.command import Command
from losscli.cli.options import DIALECTS, format_option
from losscli.words import PlainFormat


@click.command("list", cls=Command, short_help="List the losses there are.")
@click.option("--dialect", type=click.Choice(DIALECTS), help="Only this framework's, by its names.")
@format_option(PlainFormat)
def command(dialect: str | None, format_: str) -> None:
    """List the losses: names, families, and what y_true and y_pred must be.

    With --dialect, the names that a framework has, and what they stand for here.
    """
    from losscli.frameworks import lookup
    from losscli.losses import registry

    rows = {spec.name: lookup.rows_for(spec, dialect) for spec in registry.specs()}
    specs = [spec for spec in registry.specs() if dialect is None or rows[spec.name]]
    if format_ == "json":
        from losscli.reports import json

        entries = [json.spec(spec, rows[spec.name]) for spec in specs]
        sys.stdout.write(json.dump("list", {"dialect": dialect, "losses": entries}))
        return
    from losscli.reports.losses import listing, names_of
    from losscli.reports.terminal import Terminal

    if dialect is None:
        listing(specs, Terminal())
    else:
        names_of(lookup.dialect_of(dialect), Terminal())
