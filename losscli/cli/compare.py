"""`losscli compare`: every loss on the same data, several models side by side."""

from functools import partial
from typing import Any

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
from losscli.cli.request import parse_request
from losscli.cli.say import say_notes
from losscli.errors import UsageError
from losscli.words import CompareFormat, SortKey, choices


@click.command(
    "compare", cls=Command, short_help="Compare all losses and several models on the same data."
)
@click.argument("named", metavar="[LOSS...]", nargs=-1, shell_complete=candidates.losses)
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
@format_option(CompareFormat)
@output_option
@digits_option
@click.option(
    "--sort",
    type=click.Choice(choices(SortKey)),
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
    named: tuple[str, ...],
    losses: tuple[str, ...],
    format_: CompareFormat,
    output: str | None,
    digits: str | None,
    sort: SortKey | None,
    everything: bool,
    worst: int | None,
    **options: Any,
) -> None:
    """Compute every loss on the same data in one pass, for one model or several side by side.

    What does not apply to the data is listed with the reason. With several models the best of each
    row is marked. Without --true and --pred they come from LOSSCLI_TRUE and LOSSCLI_PRED,
    or from the config.

    \b
    losscli compare --true y_true.csv --pred y_pred.csv
    losscli compare mse mae --true y_true.csv --pred y_pred.csv
    losscli compare --true y_true.csv --pred ridge=r.csv --pred forest=f.csv --family regression
    losscli compare --true y_true.csv --pred y_pred.csv --loss mse --loss huber:delta=2 --by region
    """
    losses = (*named, *losses)
    places = parse_digits(digits)
    if worst and format_ in ("csv", "tsv", "value"):
        raise UsageError("--worst is shown in a table, in markdown, json and jsonl")
    from losscli.cli.progress import run
    from losscli.reports.compare import CompareView, write
    from losscli.reports.output import open_output
    from losscli.request.opened import open_request

    opened = open_request(parse_request(options, losses, everything=True))
    # What is not shown is not computed: tables of several models or groups hold values alone.
    values_alone = len(opened.inputs.models) > 1 or opened.inputs.by is not None
    plan = opened.comparison(
        summary=format_ != "value" and not (format_ in ("table", "markdown") and values_alone),
        worst=worst or 0,
    )
    notes: list[str] = []
    with open_output(output) as stream:
        result = opened.run(plan, partial(run, stream=stream))
        if losses and result.not_applicable and format_ in ("csv", "tsv", "jsonl", "value"):
            first = result.not_applicable[0]
            if format_ == "value":
                raise UsageError(f"{first.loss} does not apply: {first.reason}")
            notes = [f"{one.loss} does not apply: {one.reason}" for one in result.not_applicable]
        write(result, format_, CompareView(places, sort, everything), stream)
    say_notes([*notes, *result.notes])
