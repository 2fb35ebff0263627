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
    from losscli.words import PlainFormat


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
def command(loss: str, dialect: str, format_: "PlainFormat") -> None:
    """Show a loss: its formula, parameters, data, edge cases, references, and an example.

    The example is computed with the parameters that LOSS has: losscli info huber:delta=0.5. One of
    your own is FILE.py:NAME. What each framework calls it is shown with its value on the example.
    """
    from losscli.custom import resolve
    from losscli.frameworks import bind, lookup
    from losscli.reports.pages import write_info

    chosen = resolve(loss, dialect=dialect)
    result, arrays = example(chosen)
    frameworks = lookup.rows_for(chosen.spec) if chosen.spec.trusted else []
    others = [bind.of_row(table, row) for table, row in frameworks]
    values = [
        example(other)[0].value if other.domains == chosen.domains else None for other in others
    ]
    write_info(chosen.spec, result, arrays, frameworks, values, format_, sys.stdout)


def example(loss: "BoundLoss") -> "tuple[Result, dict[str, Rows]]":
    """A loss of two samples that its domains give as an example, and these, by array."""
    import numpy as np

    from losscli.engine.plan import Inputs, Plan
    from losscli.engine.run import run
    from losscli.sources.array import ArraySource
    from losscli.sources.columns import View

    y_true, y_pred = loss.domains
    arrays = {"y_true": y_true.examples[0], "y_pred": y_pred.examples[1]}
    arrays |= {name: domain.examples[1] for name, domain in loss.spec.inputs.items()}
    views = {
        name: View(ArraySource(np.array(array, dtype=np.float64), name))
        for name, array in arrays.items()
    }
    t, p = views.pop("y_true"), views.pop("y_pred")
    result = run(Plan([loss], keep=None), Inputs(t, {"": p}, more=views)).results[0]
    return result, arrays
