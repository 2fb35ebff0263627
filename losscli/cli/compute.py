"""`losscli compute`: losses of predictions, per sample and in the mean."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from losscli.cli import candidates
from losscli.cli.command import Command
from losscli.cli.options import (
    batch_mean_option,
    batch_size_option,
    data_options,
    digits_option,
    dtype_option,
    every_dialect_options,
    format_option,
    loss_file_option,
    output_option,
    parse_digits,
)
from losscli.cli.request import parse_request, require_losses
from losscli.cli.say import say_notes
from losscli.errors import UsageError, printable, quoted
from losscli.words import ComputeFormat

if TYPE_CHECKING:
    from losscli.request.losses import BoundLoss


@click.command("compute", cls=Command, short_help="Compute losses, per sample and in the mean.")
@click.argument("losses", metavar="LOSS...", nargs=-1, shell_complete=candidates.losses)
@data_options
@loss_file_option
@every_dialect_options
@batch_size_option
@batch_mean_option
@dtype_option
@format_option(ComputeFormat)
@output_option
@click.option(
    "--rows",
    metavar="N|all",
    default="10",
    show_default=True,
    help="How many samples a table shows.",
)
@digits_option
@click.option("--summary", is_flag=True, help="Leave out the values per sample.")
@click.option(
    "--sort", is_flag=True, help="Order the samples by the first loss, the largest first."
)
@click.option(
    "--worst",
    metavar="K",
    type=click.IntRange(min=1),
    help="Show the K samples with the largest values of each loss, with their data.",
)
def command(
    losses: tuple[str, ...],
    format_: ComputeFormat,
    output: str | None,
    rows: str,
    digits: str | None,
    summary: bool,
    sort: bool,
    worst: int | None,
    **options: Any,
) -> None:
    """Compute losses of predictions, per sample and in the mean.

    LOSS is a name, with parameters if need be: mse, huber:delta=2,
    binary_crossentropy:from_logits=true. One of your own is FILE.py:NAME. Several losses are
    computed in one pass over the data.

    \b
    losscli compute mse --true y_true.csv --pred y_pred.csv
    losscli compute mse mae huber:delta=2 --true y_true.npy --pred y_pred.npy --summary
    losscli compute mse --true '[[0,1,1],[0,0,1]]' --pred '[[1,1,0],[1,0,1]]'
    losscli compute mae --data both.csv --true-cols price --pred-cols 3 --worst 5
    losscli compute mse --true a.csv --pred b.csv --id key --weights weight --format jsonl
    """
    require_losses(losses, options["loss_file"])
    shown, places = parse_rows(rows), parse_digits(digits)
    from losscli.cli.progress import run
    from losscli.reports.compute import ComputeView, report
    from losscli.reports.output import open_output
    from losscli.request.opened import open_request

    request = parse_request(options, losses)
    every = request.dialect == "all"
    if every and (worst or sort or request.loss_files):
        raise UsageError("--dialect all shows no samples and no loss of your own")
    opened = open_request(request, lambda chosen: check_format(format_, chosen, every))
    labels = [printable(loss.label) for loss in opened.losses]
    view = ComputeView(not summary and not every, shown, sort, worst is not None, places, every)
    with open_output(output) as stream:
        form = report(format_, view, labels, opened.inputs.ids is not None, stream)
        plan = opened.plan(
            summary=form.summary, keep=form.keep, worst=worst or 0, on_block=form.on_block
        )
        result = opened.run(plan, partial(run, stream=stream))
        form.finish(result)
    say_notes(result.notes)


def check_format(format_: ComputeFormat, chosen: "Sequence[BoundLoss]", every: bool) -> None:
    """Raise UsageError for losses that the format cannot show."""
    for loss in chosen:
        if format_ == "value" and loss.handling.reduction == "none":
            raise UsageError(f"{loss.label} is not reduced: there is no value for --format value")
        if every and (loss.keeps_outputs or loss.handling.reduction == "none"):
            raise UsageError("--dialect all shows one number each")
    labels = [printable(loss.label) for loss in chosen]
    if format_ == "jsonl" and len(set(labels)) < len(labels):
        raise UsageError("a loss that is named twice would be lost in jsonl")


def parse_rows(text: str) -> int | None:
    """How many samples to show; None for all. Raises UsageError."""
    if text == "all":
        return None
    if text.isascii() and text.isdecimal():
        return int(text)
    raise UsageError(f"--rows must be a whole number or 'all', not {quoted(text)}")
