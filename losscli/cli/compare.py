"""`losscli compare`: every loss on the same data, several models side by side."""

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import click

from losscli.cli import candidates
from losscli.cli.command import Command
from losscli.cli.options import (
    data_options,
    dialect_options,
    digits_option,
    dtype_option,
    format_option,
    loss_file_option,
    output_option,
    parse_digits,
)
from losscli.cli.say import say_notes, status_notes
from losscli.errors import UsageError, quoted

if TYPE_CHECKING:
    from losscli.losses.spec import BoundLoss
    from losscli.words import CompareFormat, DomainPolicy, DType, NanPolicy


@click.command(
    "compare", cls=Command, short_help="Compare all losses and several models on the same data."
)
@partial(data_options, several=True)
@loss_file_option
@click.option(
    "--loss",
    "losses",
    shell_complete=candidates.losses,
    metavar="LOSS",
    multiple=True,
    help="Only this loss (repeatable).",
)
@click.option(
    "--family",
    "families",
    shell_complete=candidates.families,
    multiple=True,
    help="Only losses of this family.",
)
@click.option(
    "--by",
    shell_complete=candidates.column_or_file,
    metavar="COL",
    help="Every loss for each value of this column.",
)
@dialect_options
@dtype_option
@format_option("table", "json", "jsonl", "csv", "tsv", "markdown", "value")
@output_option
@digits_option
@click.option(
    "--sort",
    type=click.Choice(["value", "name"]),
    help="Order the losses by the first model's value or by name, instead of by family.",
)
@click.option("--all", "everything", is_flag=True, help="csv and tsv: also what does not apply.")
@click.option(
    "--worst",
    metavar="K",
    type=click.IntRange(min=1),
    help="Show the K samples with the largest values of each loss and model, with their data.",
)
def command(
    losses: tuple[str, ...],
    loss_files: tuple[str, ...],
    families: tuple[str, ...],
    dtype: "DType",
    dialect: str,
    domain: "DomainPolicy",
    reduction: str | None,
    nan: "NanPolicy",
    format_: "CompareFormat",
    output: str | None,
    digits: str | None,
    sort: Literal["value", "name"] | None,
    everything: bool,
    worst: int | None,
    **data: Any,
) -> None:
    """Compute every loss on the same data in one pass, for one model or several side by side.

    What does not apply to the data is listed with the reason. With several models the best of each
    row is marked. Without --true and --pred they come from LOSSCLI_TRUE and LOSSCLI_PRED,
    or from the config.

    \b
    losscli compare --true y_true.csv --pred y_pred.csv
    losscli compare --true y_true.csv --pred ridge=r.csv --pred forest=f.csv --family regression
    losscli compare --true y_true.csv --pred y_pred.csv --loss mse --loss huber:delta=2 --by region
    """
    places = parse_digits(digits)
    if worst and format_ in ("csv", "tsv", "value"):
        raise UsageError("--worst is shown in a table, in markdown, json and jsonl")
    from losscli.cli.data import DataOptions, open_inputs
    from losscli.cli.progress import run
    from losscli.engine.plan import comparison
    from losscli.reports.compare import CompareView, write
    from losscli.reports.output import open_output

    chosen = choose(losses, families, loss_files, dialect, reduction)
    inputs, notes = open_inputs(DataOptions(**data), chosen)
    # What is not shown is not computed: tables of several models or groups hold values alone.
    values_alone = len(inputs.models) > 1 or inputs.by is not None
    plan = comparison(
        chosen,
        inputs,
        summary=format_ != "value" and not (format_ in ("table", "markdown") and values_alone),
        dtype=dtype,
        nan=nan,
        domain=domain,
        worst=worst or 0,
    )
    with open_output(output) as stream:
        result = run(plan, inputs, stream)
        if losses and result.not_applicable and format_ in ("csv", "tsv", "jsonl", "value"):
            first = result.not_applicable[0]
            if format_ == "value":
                raise UsageError(f"{first.loss} does not apply: {first.reason}")
            notes += [f"{one.loss} does not apply: {one.reason}" for one in result.not_applicable]
        write(result, format_, CompareView(places, sort, everything), stream)
    if loss_files and not losses and not any(r.family == "own" for r in result.results):
        notes.append(f"no loss is marked with @loss in {', '.join(loss_files)}: --loss names one")
    say_notes([*notes, *result.notes, *status_notes(result)])


def choose(
    losses: tuple[str, ...],
    families: tuple[str, ...],
    loss_files: tuple[str, ...],
    dialect: str,
    reduction: str | None,
) -> "list[BoundLoss]":
    """The losses that were named, or all with those marked in files; of the families named."""
    from losscli.cli import own
    from losscli.frameworks import bind

    everything = [bind.reduced(loss, reduction) for loss in bind.losses_of(dialect)]
    default = [*everything, *own.marked(loss_files, dialect)]
    chosen = own.choose(losses, loss_files, dialect, reduction) if losses else default
    known = list(dict.fromkeys(loss.spec.family for loss in [*everything, *chosen]))
    for family in families:
        if family not in known:
            hint = f"families: {', '.join(known)}"
            raise UsageError(f"there is no family {quoted(family)}", hint)
    found = [loss for loss in chosen if not families or loss.spec.family in families]
    if not found:
        raise UsageError("no loss is left: none of those named is of the families named")
    return found
