"""`losscli baseline`: keep what losses are, to be compared with later."""

import io
import sys
from functools import partial
from typing import Any

import click

from losscli.cli import candidates
from losscli.cli.command import Command
from losscli.cli.options import (
    data_options,
    dialect_options,
    dtype_option,
    format_option,
    loss_file_option,
)
from losscli.cli.request import parse_request, require_losses
from losscli.cli.say import say_notes
from losscli.words import PlainFormat


@click.group(
    "baseline", no_args_is_help=False, short_help="Keep losses in a file, for check --against."
)
def command() -> None:
    """Keep what losses are in a file, for 'losscli check --against FILE'.

    \b
    losscli baseline save mse mae --true y_true.csv --pred y_pred.csv --output baseline.json
    losscli check --true y_true.csv --pred new.csv --against baseline.json --max-regress mse=2%
    losscli baseline show baseline.json
    """


@command.command("save", cls=Command, short_help="Write a baseline.")
@click.argument("losses", metavar="LOSS...", nargs=-1, shell_complete=candidates.losses)
@click.option(
    "-o",
    "--output",
    shell_complete=candidates.files,
    metavar="FILE",
    required=True,
    help="The file to write, which is replaced as a whole; '-' for standard output.",
)
@click.option(
    "--samples",
    is_flag=True,
    help="Keep the samples' values, too: FILE's name with .samples.npy, a column a loss.",
)
@data_options
@loss_file_option
@dialect_options
@dtype_option
def save(losses: tuple[str, ...], output: str, samples: bool, **options: Any) -> None:
    """Compute losses, and write them to a file with a fingerprint of y_true.

    The fingerprint is of the numbers and their shape, whatever file they are in.
    """
    require_losses(losses, options["loss_file"])
    from losscli.cli.progress import run
    from losscli.errors import UsageError, printable
    from losscli.gates import baseline
    from losscli.reports import json
    from losscli.reports.output import STANDARD_OUTPUT, open_output, write_bytes
    from losscli.request.opened import open_request

    if samples and output in STANDARD_OUTPUT:
        raise UsageError("--samples needs a file to be beside", "give --output a file's name")
    opened = open_request(parse_request(options, losses))
    plan = opened.plan(summary=False, fingerprint=True, keep=None if samples else 0)
    result = opened.run(plan, partial(run, stream=sys.stdout))
    assert result.fingerprint is not None
    kept = None
    content = b""
    if samples:
        import numpy as np

        buffer = io.BytesIO()
        columns = [r.per_sample for r in result.results if r.per_sample is not None]
        np.save(buffer, np.stack(columns, axis=1), allow_pickle=False)
        content = buffer.getvalue()
        name = baseline.samples_path(output).name
        kept = baseline.Samples(name, baseline.digest(content))
    found = baseline.of_results(printable(output), result.results, result.fingerprint, kept)
    if kept is not None:
        write_bytes(str(baseline.samples_path(output)), content)
    with open_output(output) as stream:
        stream.write(json.dump("baseline", found.content(), indent=2))
    say_notes(result.notes)


@command.command("show", cls=Command, short_help="Show what a baseline holds.")
@click.argument("file", metavar="FILE", shell_complete=candidates.files)
@format_option(PlainFormat)
def show(file: str, format_: PlainFormat) -> None:
    """Show what a baseline holds, and whether its samples are still those beside it."""
    from losscli.gates import baseline
    from losscli.reports.pages import write_baseline

    found = baseline.load(file)

    def state() -> str | None:
        return baseline.samples_state(file, found.samples) if found.samples else None

    write_baseline(found, state, format_, sys.stdout)
