"""`losscli compute`: losses of predictions, per sample and in the mean."""

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
from losscli.cli.say import say_notes, status_notes
from losscli.errors import UsageError, printable, quoted

if TYPE_CHECKING:
    from losscli.words import BatchMean, ComputeFormat, DomainPolicy, DType, NanPolicy


@click.command("compute", cls=Command, short_help="Compute losses, per sample and in the mean.")
@click.argument("losses", metavar="LOSS...", nargs=-1, shell_complete=candidates.losses)
@data_options
@loss_file_option
@every_dialect_options
@batch_size_option
@batch_mean_option
@dtype_option
@format_option("table", "json", "jsonl", "csv", "tsv", "markdown", "value")
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
    loss_files: tuple[str, ...],
    dtype: "DType",
    dialect: str,
    domain: "DomainPolicy",
    reduction: str | None,
    batch_size: int | None,
    batch_mean: "BatchMean",
    nan: "NanPolicy",
    format_: "ComputeFormat",
    output: str | None,
    rows: str,
    digits: str | None,
    summary: bool,
    sort: bool,
    worst: int | None,
    **data: Any,
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
    if not losses and not loss_files:
        raise click.UsageError("LOSS is missing", click.get_current_context())
    shown, places = parse_rows(rows), parse_digits(digits)
    given = click.get_current_context().get_parameter_source("batch_mean")
    if batch_size is None and given is click.core.ParameterSource.COMMANDLINE:
        raise UsageError("--batch-mean is about batches", "give --batch-size, too")
    from losscli.cli.data import DataOptions, open_inputs
    from losscli.cli.own import choose, everywhere
    from losscli.cli.progress import run
    from losscli.engine.plan import Plan
    from losscli.reports.compute import ComputeView, report
    from losscli.reports.output import open_output

    every = dialect == "all"
    missing: list[str] = []
    if every and (worst or sort or loss_files):
        raise UsageError("--dialect all shows no samples and no loss of your own")
    if every:
        chosen, missing = everywhere(losses, reduction)
    else:
        chosen = choose(losses, loss_files, dialect, reduction)
    for loss in chosen:
        if format_ == "value" and loss.handling.reduction == "none":
            raise UsageError(f"{loss.label} is not reduced: there is no value for --format value")
        if every and (loss.keeps_outputs or loss.handling.reduction == "none"):
            raise UsageError("--dialect all shows one number each")
    labels = [printable(loss.label) for loss in chosen]
    if format_ == "jsonl" and len(set(labels)) < len(labels):
        raise UsageError("a loss that is named twice would be lost in jsonl")
    inputs, notes = open_inputs(DataOptions(**data), chosen)
    view = ComputeView(not summary and not every, shown, sort, worst is not None, places, every)
    with open_output(output) as stream:
        form = report(format_, view, labels, inputs.ids is not None, stream)
        plan = Plan(
            chosen,
            dtype=dtype,
            nan=nan,
            domain=domain,
            batch_size=batch_size,
            batch_mean=batch_mean,
            summary=form.summary,
            keep=form.keep,
            worst=worst or 0,
            on_block=form.on_block,
        )
        result = run(plan, inputs, stream)
        form.finish(result)
    say_notes([*missing, *notes, *result.notes, *status_notes(result)])


def parse_rows(text: str) -> int | None:
    """How many samples to show; None for all. Raises UsageError."""
    if text == "all":
        return None
    if text.isascii() and text.isdecimal():
        return int(text)
    raise UsageError(f"--rows must be a whole number or 'all', not {quoted(text)}")
