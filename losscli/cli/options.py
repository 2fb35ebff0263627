"""Options that commands share."""

import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from losscli.errors import printable

F = TypeVar("F", bound=Callable[..., Any])


def data_options(command: F) -> F:
    """The options that say where y_true and y_pred are and how to read them: see cli.data."""
    options = (
        click.option(
            "--true",
            metavar="T",
            help="The true values: a file (CSV, TSV, NPY, FILE.npz:KEY, JSON, JSON Lines; also "
            "compressed), '-' for standard input, or an inline JSON list.",
        ),
        click.option("--pred", metavar="P", help="The predictions, in the same forms."),
        click.option(
            "--data",
            metavar="FILE",
            help="One file for both, with --true-cols and --pred-cols.",
        ),
        click.option(
            "--true-cols",
            metavar="COLS",
            help="Columns of y_true: names, positions from 1, ranges a:b, /regex/, with commas.",
        ),
        click.option("--pred-cols", metavar="COLS", help="Columns of y_pred, likewise."),
        click.option(
            "--id",
            "id_",
            metavar="COLS",
            help="Pair the rows of both files by these columns instead of by position.",
        ),
        click.option(
            "--unmatched",
            type=click.Choice(["error", "drop"]),
            default="error",
            show_default=True,
            help="What to do with rows whose id the other file does not have.",
        ),
        click.option(
            "--weights",
            metavar="W",
            help="A weight a sample: a column of the true file, FILE:COLUMN, or a file of one.",
        ),
        click.option(
            "--nan",
            type=click.Choice(["error", "skip", "propagate"]),
            default="error",
            show_default=True,
            help="What to do with rows that hold NaN or infinities.",
        ),
        click.option(
            "--input-format",
            type=click.Choice(["csv", "tsv", "npy", "json", "jsonl"]),
            help="What the inputs are, where their content does not tell.",
        ),
        click.option(
            "--delimiter",
            metavar="CHAR",
            help="What parts the cells of a text file (default: tab, ';' or ',', whichever its "
            "first line has, in this order).",
        ),
        click.option(
            "--decimal",
            type=click.Choice([".", ","]),
            default=".",
            show_default=True,
            help="The decimal mark of a text file.",
        ),
        click.option(
            "--comment", metavar="MARK", help="Skip the lines of a text file that start with it."
        ),
        click.option(
            "--header/--no-header",
            default=None,
            help="The first line of a text file is one, or is data (default: by what it holds).",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def format_option(*formats: str) -> Callable[[F], F]:
    """--format, with the first format as the default."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How the result is written.",
    )


def say_notes(notes: Iterable[str]) -> None:
    """Notes go to standard error, a line each, after the results where both go to one place."""
    sys.stdout.flush()
    for note in notes:
        click.echo(printable(f"note: {note}"), err=True)
