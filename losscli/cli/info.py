"""`losscli info`: all about a loss."""

import sys

import click

from losscli.cli import candidates
from losscli.cli.command import Command
from losscli.cli.options import DIALECTS, format_option
from losscli.words import PlainFormat


@click.command("info", cls=Command, short_help="Show all about a loss.")
@click.argument("loss", metavar="LOSS", shell_complete=candidates.losses)
@click.option(
    "--dialect",
    type=click.Choice(DIALECTS),
    default="keras2",
    show_default=True,
    help="The framework whose name and parameters LOSS has.",
)
@format_option(PlainFormat)
def command(loss: str, dialect: str, format_: str) -> None:
    """Show a loss: its formula, parameters, data, edge cases, references, and an example.

    The example is computed with the parameters that LOSS has: losscli info huber:delta=0.5. One of
    your own is FILE.py:NAME. What each framework calls it is shown with its value on the example.
    """
    from losscli.request.catalogue import describe_loss

    page = describe_loss(loss, dialect)
    example = page.example
    if format_ == "json":
        from losscli.reports import json

        arrays = {"y_true": example.y_true, "y_pred": example.y_pred, "inputs": example.inputs}
        shown = {**arrays, **example.result.to_dict()}
        by_dialect: dict[str, float | None] = {}
        for (table, _), value in zip(page.names, page.values, strict=True):
            if value is not None:
                by_dialect.setdefault(table.name, value)
        content = json.info(page.spec, page.names, shown, by_dialect)
        sys.stdout.write(json.dump("info", {"loss": content}))
        return
    from losscli.reports.losses import info
    from losscli.reports.terminal import Terminal

    rows = (example.y_true, example.y_pred, *example.inputs.values())
    info(page.spec, example.result, rows, page.names, page.values, Terminal())
