"""`losscli compare`: every loss on the same data, several models side by side."""

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import click

from losscli.cli.compute import parse_digits, status_notes
from losscli.cli.options import data_options, format_option, loss_file_option
from losscli.cli.say import say_notes
from losscli.errors import UsageError, quoted

if TYPE_CHECKING:
    from losscli.engine.plan import DType, NanPolicy, Reduction
    from losscli.losses.spec import Loss


@click.command("compare", short_help="Compare all losses and several models on the same data.")
@partial(data_options, several=True)
@loss_file_option
@click.option(
    "--loss", "losses", metavar="LOSS", multiple=True, help="Only this loss (repeatable)."
)
@click.option("--family", "families", multiple=True, help="Only losses of this family.")
@click.option("--by", metavar="COL", help="Every loss for each value of this column.")
@click.option(
    "--reduction",
    type=click.Choice(["mean", "mean_over_batch", "mean_over_nonzero"]),
    help="How weighted samples make one number: see 'losscli compute --help'.",
)
@click.option(
    "--dtype",
    type=click.Choice(["float64", "float32"]),
    default="float64",
    show_default=True,
    help="The precision of the arithmetic; frameworks mostly use float32.",
)
@format_option("table", "json", "jsonl", "csv", "tsv", "markdown", "value")
@click.option("--output", metavar="FILE", help="Write to a file, which is replaced as a whole.")
@click.option(
    "--digits",
    metavar="N|full",
    help="Significant digits in tables (default: 7, or a float32's shortest form).",
)
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
    reduction: "Reduction | None",
    nan: "NanPolicy",
    format_: str,
    output: str | None,
    digits: str | None,
    sort: Literal["value", "name"] | None,
    everything: bool,
    worst: int | None,
    **data: Any,
) -> None:
    """Compute every loss on the same data in one pass, for one model or several side by side.

    What does not apply to the data is listed with the reason. With several models the best of each
    row is marked. Without --true and --pred they come from LOSSCLI_TRUE and LOSSCLI_PRED.

    \b
    losscli compare --true y_true.csv --pred y_pred.csv
    losscli compare --true y_true.csv --pred ridge=r.csv --pred forest=f.csv --family regression
    losscli compare --true y_true.csv --pred y_pred.csv --loss mse --loss huber:delta=2 --by region
    """
    places = parse_digits(digits)
    if worst and format_ in ("csv", "tsv", "value"):
        raise UsageError("--worst is shown in a table, in markdown and in json")
    from losscli.cli.data import DataOptions, open_inputs
    from losscli.engine.local import run
    from losscli.engine.plan import comparison
    from losscli.reports.compare import Asked, write
    from losscli.reports.output import open_output

    chosen = choose(losses, families, loss_files)
    inputs, notes = open_inputs(DataOptions(**data))
    plan = comparison(
        chosen,
        inputs,
        dtype=dtype,
        reduction=reduction,
        nan=nan,
        worst=worst or 0,
    )
    result = run(plan, inputs)
    with open_output(output) as stream:
        write(result, format_, Asked(places, sort, everything), stream)
    say_notes([*notes, *result.notes, *status_notes(result)])


def choose(
    losses: tuple[str, ...], families: tuple[str, ...], loss_files: tuple[str, ...]
) -> "list[Loss]":
    """The losses that were named, or all with those marked in files; of the families named."""
    from losscli.custom import load, resolve
    from losscli.losses import registry

    files = [load(path) for path in loss_files]
    everything = [spec.bind() for spec in registry.specs()]
    marked = [loss for file in files for loss in file.marked()]
    labels = [loss.label for loss in marked]
    for label in labels:
        if labels.count(label) > 1:
            raise UsageError(
                f"{quoted(label)} is marked in several files", "name one: --loss FILE:NAME"
            )
    chosen = [resolve(text, files) for text in losses] or [*everything, *marked]
    known = list(dict.fromkeys(loss.spec.family for loss in [*everything, *chosen]))
    for family in families:
        if family not in known:
            hint = f"families: {', '.join(known)}"
            raise UsageError(f"there is no family {quoted(family)}", hint)
    found = [loss for loss in chosen if not families or loss.spec.family in families]
    if not found:
        raise UsageError("no loss is left: none of those named is of the families named")
    return found
