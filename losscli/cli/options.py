"""Options that commands share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from losscli.cli import candidates
from losscli.errors import UsageError, quoted
from losscli.words import (
    BatchMean,
    DecimalMark,
    DialectName,
    DomainPolicy,
    DType,
    InputFormat,
    NanPolicy,
    Unmatched,
    choices,
)

if TYPE_CHECKING:
    from losscli.reports.numbers import Digits

F = TypeVar("F", bound=Callable[..., Any])


def data_options(command: F, several: bool = False) -> F:
    """The options that say where y_true and y_pred are and how to read them: see request.parse.

    With `several`, --pred may be given for each of several models.
    """
    options = (
        click.option(
            "-t",
            "--true",
            shell_complete=candidates.files,
            metavar="T",
            help="The true values: a file (CSV, TSV, NPY, FILE.npz:KEY, JSON, JSON Lines; also "
            "compressed), '-' for standard input, or an inline JSON list. [env: LOSSCLI_TRUE]",
        ),
        pred_option(several),
        click.option(
            "--data",
            shell_complete=candidates.files,
            metavar="FILE",
            help="One file for both, with --true-cols and --pred-cols.",
        ),
        click.option(
            "--true-cols",
            shell_complete=candidates.columns_of("true", "data"),
            metavar="COLS",
            help="Columns of y_true: names, positions from 1, ranges a:b, /regex/, with commas.",
        ),
        click.option(
            "--pred-cols",
            shell_complete=candidates.columns_of("pred", "data"),
            metavar="[NAME=]COLS" if several else "COLS",
            multiple=several,
            help="Columns of y_pred, likewise."
            + (" Once for each of several models in one file." if several else ""),
        ),
        click.option(
            "--id",
            "id_",
            shell_complete=candidates.columns_of("true"),
            metavar="COLS",
            help="Pair the rows of both files by these columns instead of by position; a=b where "
            "the other file calls it b.",
        ),
        click.option(
            "--by-position",
            is_flag=True,
            help="Pair columns as they stand, whatever their names: I know they are in order.",
        ),
        click.option(
            "--labels",
            metavar="A,B,…|sorted",
            help="The words in y_true, in the order of the classes; 'sorted' is scikit-learn's.",
        ),
        click.option(
            "--positive", metavar="LABEL", help="Of two labels in y_true, the one that counts 1."
        ),
        click.option(
            "--unmatched",
            type=click.Choice(choices(Unmatched)),
            default="error",
            show_default=True,
            help="What to do with rows whose id the other file does not have.",
        ),
        click.option(
            "--input",
            "input_",
            metavar="NAME=FILE",
            multiple=True,
            help="A further array that a loss takes, such as var=FILE for gaussian_nll "
            "(repeatable).",
        ),
        click.option(
            "--weights",
            shell_complete=candidates.column_or_file,
            metavar="W",
            help="A weight a sample: a column of the true file, FILE:COLUMN, or a file of one.",
        ),
        click.option(
            "--nan",
            type=click.Choice(choices(NanPolicy)),
            default="error",
            show_default=True,
            help="What to do with rows that hold NaN, infinities or missing cells.",
        ),
        click.option(
            "--input-format",
            type=click.Choice(choices(InputFormat)),
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
            type=click.Choice(choices(DecimalMark)),
            default=".",
            show_default=True,
            help="The decimal mark of a text file.",
        ),
        click.option(
            "--thousands", metavar="CHAR", help="What stands between groups of three digits."
        ),
        click.option(
            "--missing",
            metavar="TEXT",
            multiple=True,
            help="Another mark of a missing cell, such as -999 or ?, beside an empty one, NA, NaN, "
            "null, None (repeatable).",
        ),
        click.option(
            "--encoding", metavar="NAME", help="The encoding of a text file (default: UTF-8)."
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


DIALECTS = choices(DialectName)


def dialect_options(command: F, every: bool = False) -> F:
    """The options that say whose losses are meant; with `every`, all dialects may be asked for."""
    options = (
        click.option(
            "--dialect",
            type=click.Choice([*DIALECTS, "all"] if every else DIALECTS),
            default=DIALECTS[0],
            show_default=True,
            help="The framework whose number it is to be, and whose names losses and parameters "
            "may have." + (" 'all' shows a row for each." if every else ""),
        ),
        click.option(
            "--domain",
            type=click.Choice(choices(DomainPolicy)),
            default="strict",
            show_default=True,
            help="Values that a loss does not allow are an error, or are computed by the "
            "framework's formula.",
        ),
        click.option(
            "--reduction",
            metavar="HOW",
            help="How samples make one number, with weights w and losses l: mean (Σwl/Σw), "
            "mean_over_batch (Σwl/n), mean_over_nonzero (Σwl/count(w≠0)), sum (Σwl), batchmean "
            "(Σwl by the number of samples), none; of a framework's own words the meaning is the "
            "framework's (default: as it does).",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def every_dialect_options(command: F) -> F:
    """`dialect_options` where all dialects may be asked for."""
    return dialect_options(command, every=True)


batch_size_option = click.option(
    "--batch-size",
    metavar="N",
    type=click.IntRange(min=1),
    help="The mean of the values of batches of N samples, as a training log shows it.",
)
batch_mean_option = click.option(
    "--batch-mean",
    type=click.Choice(choices(BatchMean)),
    help="Whether a batch weighs as many as it has samples (Keras; the default), or all weigh the "
    "same.",
)


def loss_file_option(command: F) -> F:
    """--loss-file: where losses of the user's own are."""
    return click.option(
        "--loss-file",
        shell_complete=candidates.files,
        metavar="FILE.py",
        multiple=True,
        help="A Python file with losses of your own, which is run (repeatable).",
    )(command)


def pred_option(several: bool) -> Callable[[F], F]:
    """--pred, once or as often as there are models."""
    if several:
        return click.option(
            "-p",
            "--pred",
            shell_complete=candidates.files,
            metavar="[NAME=]P",
            multiple=True,
            help="The predictions, in the same forms; once for each model, by the name of its "
            "file or NAME. [env: LOSSCLI_PRED]",
        )
    return click.option(
        "-p",
        "--pred",
        shell_complete=candidates.files,
        metavar="P",
        help="The predictions, in the same forms. [env: LOSSCLI_PRED]",
    )


def format_option(vocabulary: Any) -> Callable[[F], F]:
    """--format, one of a vocabulary, the first word of which is the default."""
    formats = choices(vocabulary)
    return click.option(
        "--format",
        "format_",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How the result is written.",
    )


dtype_option = click.option(
    "--dtype",
    type=click.Choice(choices(DType)),
    help="The precision of the arithmetic (default: float64; in a dialect the framework's: "
    "float32, for torch and sklearn that of the predictions).",
)
output_option = click.option(
    "-o",
    "--output",
    shell_complete=candidates.files,
    metavar="FILE",
    help="Write to a file, which is replaced as a whole.",
)
digits_option = click.option(
    "--digits",
    metavar="N|full",
    help="Significant digits in tables (default: 7, or a float32's shortest form).",
)


def parse_digits(text: str | None) -> "Digits":
    """How many digits tables show. Raises UsageError."""
    if text is None:
        return None
    if text == "full":
        return "full"
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= 17:
        return int(text)
    raise UsageError(f"--digits must be a number from 1 to 17 or 'full', not {quoted(text)}")
