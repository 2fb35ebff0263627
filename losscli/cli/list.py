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
    from losscli.request.catalogue import find_dialect, list_losses

    found = list_losses(dialect)
    if format_ == "json":
        from losscli.reports import json

        entries = [json.spec(spec, names) for spec, names in found]
        sys.stdout.write(json.dump("list", {"dialect": dialect, "losses": entries}))
        return
    from losscli.reports.losses import listing, names_of
    from losscli.reports.terminal import Terminal

    if dialect is None:
        listing([spec for spec, _ in found], Terminal())
    else:
        names_of(find_dialect(dialect), Terminal())
