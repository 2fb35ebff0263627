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
    default=DIALECTS[0],
    show_default=True,
    help="The framework whose name and parameters LOSS has.",
)
@format_option(PlainFormat)
def command(loss: str, dialect: str, format_: PlainFormat) -> None:
    """Show a loss: its formula, parameters, data, edge cases, references, and an example.

    The example is computed with the parameters that LOSS has: losscli info huber:delta=0.5. One of
    your own is FILE.py:NAME. What each framework calls it is shown with its value on the example.
    """
    from losscli.reports.pages import write_info
    from losscli.request.catalogue import describe_loss

    page = describe_loss(loss, dialect)
    example = page.example
    write_info(
        page.spec, example.result, example.arrays, page.names, page.values, format_, sys.stdout
    )
