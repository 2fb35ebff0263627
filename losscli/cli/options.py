"""Options that commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def data_options(command: F, several: bool = False) -> F:
    """The options that say where y_true and y_pred are and how to read them: see cli.data.

    With `several`, --pred may be given for each of several models.
    """
    options = (
        click.option(
            "--true",
            metavar="T",
            help="The true values: a file (CSV, TSV, NPY, FILE.npz:KEY, JSON, JSON Lines; also "
            "compressed), '-' for standard input, or an inline JSON list. [env: LOSSCLI_TRUE]",
        ),
        pred_option(several),
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


def loss_file_option(command: F) -> F:
    """--loss-file: where losses of the user's own are."""
    return click.option(
        "--loss-file",
        "loss_files",
        metavar="FILE.py",
        multiple=True,
        help="A Python file with losses of your own, which is run (repeatable).",
    )(command)


def pred_option(several: bool) -> Callable[[F], F]:
    """--pred, once or as often as there are models."""
    if several:
        return click.option(
            "--pred",
            metavar="[NAME=]P",
            multiple=True,
            help="The predictions, in the same forms; once for each model, by the name of its "
            "file or NAME. [env: LOSSCLI_PRED]",
        )
    return click.option(
        "--pred",
        metavar="P",
        help="The predictions, in the same forms. [env: LOSSCLI_PRED]",
    )


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
