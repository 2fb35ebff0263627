"""`losscli compute`: losses of predictions, per sample and in the mean."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from losscli.cli.options import data_options, format_option, open_data, say_notes
from losscli.errors import UsageError, printable

if TYPE_CHECKING:
    from losscli.engine.local import DType
    from losscli.engine.result import Result


@click.command("compute")
@click.argument("losses", metavar="LOSS...", nargs=-1, required=True)
@data_options
@click.option(
    "--dtype",
    type=click.Choice(["float64", "float32"]),
    default="float64",
    show_default=True,
    help="The precision of the arithmetic; frameworks mostly use float32.",
)
@format_option("table", "json", "csv", "value")
@click.option(
    "--rows",
    metavar="N|all",
    default="10",
    show_default=True,
    help="How many samples the table shows.",
)
@click.option("--summary", is_flag=True, help="Leave out the values per sample.")
def command(
    losses: tuple[str, ...],
    dtype: "DType",
    format_: str,
    rows: str,
    summary: bool,
    **data: Any,
) -> None:
    """Compute losses of predictions, per sample and in the mean.

    LOSS is a name, with parameters if need be: mse, huber:delta=2,
    binary_crossentropy:from_logits=true. Several losses are computed in one pass over the data.

    \b
    losscli compute mse --true y_true.csv --pred y_pred.csv
    losscli compute mse mae huber:delta=2 --true y_true.npy --pred y_pred.npy --summary
    losscli compute mse --true '[[0,1,1],[0,0,1]]' --pred '[[1,1,0],[1,0,1]]'
    losscli compute mae --data both.csv --true-cols price --pred-cols 3
    """
    shown = parse_rows(rows)
    from losscli.engine.local import Plan, run
    from losscli.losses import registry

    chosen = [registry.parse(text) for text in losses]
    y_true, y_pred = open_data(**data)
    on_block = None
    if format_ == "csv" and not summary:
        from losscli.reports.csv import sample_header, sample_writer

        header = sample_header([printable(text) for text in losses])
        write = sample_writer(sys.stdout.write)
        sys.stdout.write(header)
        on_block = write
    keep = {"json": None, "table": shown}.get(format_, 0)
    plan = Plan(
        chosen,
        dtype=dtype,
        summary=format_ in ("table", "json") or (format_ == "csv" and summary),
        keep=0 if summary else keep,
        on_block=on_block,
    )
    results = run(plan, y_true, y_pred)
    write_results(results, format_, summary)
    say_notes(results[0].notes)
    say_notes([f"{r.label}: the value is {r.status}" for r in results if r.status != "ok"])


def write_results(results: "Sequence[Result]", format_: str, summary: bool) -> None:
    """Write what is left to write after the pass: csv rows are written during it."""
    match format_:
        case "table":
            from losscli.reports import table
            from losscli.reports.terminal import Terminal

            table.compute(results, Terminal())
        case "json":
            from losscli.reports import json

            sys.stdout.write(json.dump("compute", json.compute(results)))
        case "csv" if summary:
            from losscli.reports import csv

            sys.stdout.write(csv.summary(results))
        case "value":
            from losscli.reports.numbers import exact

            sys.stdout.write("".join(exact(r.value, r.dtype) + "\n" for r in results))


def parse_rows(text: str) -> int | None:
    """How many samples to show; None for all. Raises UsageError."""
    if text == "all":
        return None
    if text.isascii() and text.isdecimal():
        return int(text)
    raise UsageError(f"--rows must be a whole number or 'all', not '{printable(text)}'")
