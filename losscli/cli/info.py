"""`losscli info`: all about a loss."""

import sys

import click

from losscli.cli import candidates
from losscli.cli.command import Command
from losscli.cli.options import format_option


@click.command("info", cls=Command, short_help="Show all about a loss.")
@click.argument("loss", metavar="LOSS", shell_complete=candidates.losses)
@format_option("table", "json")
def command(loss: str, format_: str) -> None:
    """Show a loss: its formula, parameters, data, edge cases, references, and an example.

    The example is computed with the parameters that LOSS has: losscli info huber:delta=0.5. One of
    your own is FILE.py:NAME.
    """
    import numpy as np

    from losscli.custom import resolve
    from losscli.engine.local import run
    from losscli.engine.plan import Inputs, Plan
    from losscli.sources.array import ArraySource
    from losscli.sources.columns import View

    chosen = resolve(loss)
    y_true, y_pred = chosen.domains
    rows = (y_true.examples[0], y_pred.examples[1])
    t, p = (
        View(ArraySource(np.array(array, dtype=np.float64), name))
        for array, name in zip(rows, ("y_true", "y_pred"), strict=True)
    )
    result = run(Plan([chosen], keep=None), Inputs(t, {"": p})).results[0]
    if format_ == "json":
        from losscli.reports import json

        example = {"y_true": rows[0], "y_pred": rows[1], **result.to_dict()}
        sys.stdout.write(json.dump("info", {"loss": json.info(chosen.spec, example)}))
        return
    from losscli.reports.losses import info
    from losscli.reports.terminal import Terminal

    info(chosen.spec, result, rows, Terminal())
