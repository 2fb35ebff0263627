"""Options that commands share, and what they stand for."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from losscli.errors import UsageError, printable

if TYPE_CHECKING:
    from losscli.sources.columns import View

F = TypeVar("F", bound=Callable[..., Any])

DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " "}


def data_options(command: F) -> F:
    """The options that say where y_true and y_pred are."""
    options = (
        click.option(
            "--true",
            "true",
            metavar="T",
            help="The true values: a CSV, TSV or NPY file, or an inline JSON list.",
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
            "--delimiter",
            metavar="CHAR",
            help="What parts the cells of a text file (default: tab, ';' or ',', whichever its "
            "first line has, in this order).",
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


def open_data(
    true: str | None,
    pred: str | None,
    data: str | None,
    true_cols: str | None,
    pred_cols: str | None,
    delimiter: str | None,
) -> "tuple[View, View]":
    """The views of y_true and y_pred that the data options name. Raises LosscliError."""
    from losscli.sources.columns import select
    from losscli.sources.open import open_source

    parted_by = None if delimiter is None else parse_delimiter(delimiter)
    if data is not None:
        if true is not None or pred is not None:
            raise UsageError("--data takes the place of --true and --pred", "give one or the other")
        if true_cols is None or pred_cols is None:
            raise UsageError(
                "--data needs --true-cols and --pred-cols",
                f"losscli compute mse --data {printable(data)} --true-cols 1 --pred-cols 2",
            )
        source = open_source(data, "data", parted_by)
        return select(source, true_cols), select(source, pred_cols)
    for option, given in (("--true", true), ("--pred", pred)):
        if given is None:
            raise click.UsageError(f"{option} is missing", click.get_current_context())
    assert true is not None
    assert pred is not None
    return (
        select(open_source(true, "y_true", parted_by), true_cols),
        select(open_source(pred, "y_pred", parted_by), pred_cols),
    )


def parse_delimiter(text: str) -> str:
    """The character that --delimiter names. Raises UsageError."""
    character = DELIMITER_NAMES.get(text.lower(), text)
    if len(character) != 1 or character in '"\r\n.+-' or character.isalnum():
        raise UsageError(
            f"--delimiter must be one character, not '{printable(text)}'",
            "or one of: " + ", ".join(name for name in DELIMITER_NAMES if name.isalpha()),
        )
    return character


def say_notes(notes: "tuple[str, ...] | list[str]") -> None:
    """Notes go to standard error, a line each, after the results where both go to one place."""
    sys.stdout.flush()
    for note in notes:
        click.echo(printable(f"note: {note}"), err=True)
