"""What there is to ask for: the losses, what frameworks call them, an example of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from losscli.engine.plan import Inputs, Plan
from losscli.engine.result import Result
from losscli.engine.run import run
from losscli.frameworks.base import Dialect, Row
from losscli.frameworks.bind import bind_row
from losscli.frameworks.completions import Completions, completions
from losscli.frameworks.lookup import DEFAULT, dialect_of, rows_for
from losscli.losses import registry
from losscli.losses.domain import Rows
from losscli.losses.spec import BoundLoss, LossSpec
from losscli.request.losses import ALL_DIALECTS, Resolver
from losscli.request.precision import run_in_precisions
from losscli.sources.array import ArraySource
from losscli.sources.columns import View
from losscli.sources.open import open_source
from losscli.sources.options import InputOptions

Names = Sequence[tuple[Dialect, Row]]


@dataclass(frozen=True)
class Example:
    """A loss of two samples that its domains give as an example, and these, by array."""

    result: Result
    arrays: dict[str, Rows]


@dataclass(frozen=True)
class Page:
    """All about a loss: an example, and what each framework calls it with its value of that."""

    spec: LossSpec
    example: Example
    names: Names
    values: list[float | None]


def list_losses(dialect: str | None = None) -> list[tuple[LossSpec, Names]]:
    """The built-in losses with what frameworks call them; those of one dialect alone, if named."""
    found = [(spec, rows_for(spec, dialect)) for spec in registry.specs()]
    return [(spec, rows) for spec, rows in found if dialect is None or rows]


def find_dialect(name: str) -> Dialect:
    """A dialect with its table. Raises UsageError."""
    return dialect_of(name)


def describe_loss(text: str, dialect: str) -> Page:
    """All about the loss that a text spells. Raises UsageError."""
    loss = Resolver(dialect=dialect)(text)
    names = rows_for(loss.spec) if loss.spec.trusted else []
    others = [bind_row(table, row) for table, row in names]
    # Other data would mean another number: there is nothing to compare.
    values = [
        make_example(other).result.value if other.domains == loss.domains else None
        for other in others
    ]
    return Page(loss.spec, make_example(loss), names, values)


def make_example(loss: BoundLoss) -> Example:
    """A loss of the two samples that its domains give as an example."""
    y_true, y_pred = loss.domains
    arrays = {"y_true": y_true.examples[0], "y_pred": y_pred.examples[1]}
    arrays |= {name: domain.examples[1] for name, domain in loss.spec.inputs.items()}
    views = {
        name: View(ArraySource(np.array(rows, dtype=np.float64), name))
        for name, rows in arrays.items()
    }
    t, p = views.pop("y_true"), views.pop("y_pred")
    plan, data = Plan([loss], keep=None), Inputs(t, {"": p}, more=views)
    return Example(run_in_precisions(plan, data, None, run).results[0], arrays)


def complete_losses(dialect: str | None) -> Completions:
    """What may be written for a loss of a dialect, for a shell to complete."""
    return completions(DEFAULT if dialect in (None, ALL_DIALECTS) else str(dialect))


def families() -> list[str]:
    """The families of losses."""
    return list(dict.fromkeys(spec.family for spec in registry.specs()))


def column_names(path: str, reading: InputOptions) -> Sequence[str]:
    """The names of a file's columns, none where it has none. Raises LosscliError."""
    return open_source(path, "", reading).names or ()
