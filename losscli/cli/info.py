"""`losscli info`: all about a loss."""

import sys
from typing import TYPE_CHECKING

import click

from losscli.cli import candidates
from losscli.cli.command import Command
from losscli.cli.options import DIALECTS, format_option

if TYPE_CHECKING:
    from losscli.engine.result import Result
    from losscli.losses.domain import Rows
    from losscli.losses.spec import BoundLoss


@click.command("info", cls=Command, short_help="Show all about a loss.")
@click.argument("loss", metavar="LOSS", shell_complete=candidates.losses)
@click.option(
    "--dialect",
    type=click.Choice(DIALECTS),
    default="keras2",
    show_default=True,
    help="The framework whose name and parameters LOSS has.",
)
@format_option("table", "json")
def command(loss: str, dialect: str, format_: str) -> None:
    """Show a loss: its formula, parameters, data, edge cases, references, and an example.

    The example is computed with the parameters that LOSS has: losscli info huber:delta=0.5. One of
    your own is FILE.py:NAME. What each framework calls it is shown with its value on the example.
    """
    from losscli.custom import resolve
    from losscli.frameworks import bind, lookup

    chosen = resolve(loss, dialect=dialect)
    result, rows, more = example(chosen)
    frameworks = lookup.rows_for(chosen.spec) if chosen.spec.trusted else []
    others = [bind.bind_row(table, row) for table, row in frameworks]
    values = [
        example(other)[0].value if other.domains == chosen.domains else None for other in others
    ]
    if format_ == "json":
        from losscli.reports import json

        arrays = {"y_true": rows[0], "y_pred": rows[1], "inputs": more}
        shown = {**arrays, **result.to_dict()}
        by_dialect: dict[str, float | None] = {}
        for other, value in zip(others, values, strict=True):
            if value is not None:
                by_dialect.setdefault(other.origin.dialect, value)
        content = json.info(chosen.spec, frameworks, shown, by_dialect)
        sys.stdout.write(json.dump("info", {"loss": content}))
        return
    from losscli.reports.losses import info
    from losscli.reports.terminal import Terminal

    info(chosen.spec, result, (*rows, *more.values()), frameworks, values, Terminal())


def example(loss: "BoundLoss") -> "tuple[Result, tuple[Rows, Rows], dict[str, Rows]]":
    """A loss of two samples that its domains give as an example, these, and further arrays."""
    import numpy as np

    from losscli.engine.plan import Inputs, Plan
    from losscli.engine.run import run
    from losscli.sources.array import ArraySource
    from losscli.sources.columns import View

    y_true, y_pred = loss.domains
    rows = {"y_true": y_true.examples[0], "y_pred": y_pred.examples[1]}
    more = {name: domain.examples[1] for name, domain in loss.spec.inputs.items()}
    views = {
        name: View(ArraySource(np.array(array, dtype=np.float64), name))
        for name, array in {**rows, **more}.items()
    }
    t, p = views.pop("y_true"), views.pop("y_pred")
    result = run(Plan([loss], keep=None), Inputs(t, {"": p}, more=views)).results[0]
    return result, (rows["y_true"], rows["y_pred"]), more
