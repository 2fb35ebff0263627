"""`losscli list`: the losses there are."""

import sys

import click

from losscli.cli.command import Command
from losscli.cli.options import format_option


@click.command("list", cls=Command, short_help="List the losses there are.")
@format_option("table", "json")
def command(format_: str) -> None:
    """List the losses: names, families, and what y_true and y_pred must be."""
    from losscli.losses import registry

    if format_ == "json":
        from losscli.reports import json

        entries = [json.spec(spec) for spec in registry.specs()]
        sys.stdout.write(json.dump("list", {"losses": entries}))
        return
    from losscli.reports.losses import listing
    from losscli.reports.terminal import Terminal

    listing(registry.specs(), Terminal())
