"""What a dialect is: a framework at a version, and a table of what it calls each loss.

A dialect is data, never a second formula: a row names a canonical loss and the parameters that make
its number that of the framework.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan
from typing import Literal

from losscli.losses.handling import Axis
from losscli.losses.parameters import Value, spell
from losscli.words import Axes, Form, Precision, Reduction, Target


@dataclass(frozen=True)
class Meaning:
    """What a framework's parameter stands for: parameters of the loss, or how it is handled.

    A `reduction` may have the framework's name.
    """

    params: Mapping[str, Value] = field(default_factory=dict)
    reduction: str | None = None
    form: Form | None = None
    axis: Axis = None

    @property
    def settings(self) -> tuple[str, ...]:
        """The names of what it sets."""
        handled = {"reduction": self.reduction, "form": self.form, "axis": self.axis}
        named = (name for name, value in handled.items() if value is not None)
        return (*self.params, *named)


AS_IT_IS = Meaning()
# What the values of a framework's parameters stand for, by parameter, by value.
Words = Mapping[str, Mapping[bool | float | str | None, Meaning]]


@dataclass(frozen=True)
class Row:
    """A loss as a framework has it.

    `names` are the framework's, the first of which it is called by here; rows of one name are
    alternatives, of which the shape of the data chooses: `target` is what y_true must be beside
    y_pred, class `indices` (a value a row), `rows` of a shape with several columns, or either `of
    two`, a single `column`, or `any`; the first that fits counts.
    `presets` are parameters of the canonical `loss`; `parameters` gives ours for the framework's
    own parameter names (and names of further arrays), where they differ, `weights` its name of the
    samples' weights, where that differs; `words` gives what the values of a framework's parameters
    stand for, `axes` which axes its parameter `axis` may name (None: as the dialect has it).
    `form` is the unreduced array of an element loss: the elements, or the last axis averaged or
    summed (None: as the loss's home form); of a pooled loss of each sample, `elements` keeps its
    outputs. `reduction` is the default one, None the dialect's.

    `empty` is the value where nothing is left to divide by. `weights_after` says that sample
    weights multiply the finished number of all samples, `stray_labels` that a label may be no class
    under the domain policy `framework`: it picks nothing, and counts in a mean. `best` is the best
    value, where the sign is the other way round.
    `why` tells in a few words what makes its number another than that of the home definition.
    """

    names: tuple[str, ...]
    loss: str
    presets: Mapping[str, Value] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    words: Words = field(default_factory=dict)
    axes: Axes | None = None
    weights: str = ""
    target: Target = "any"
    form: Form | None = None
    reduction: Reduction | None = None
    empty: float = nan
    weights_after: bool = False
    stray_labels: bool = False
    best: Literal["highest"] | None = None
    why: str = ""

    @property
    def name(self) -> str:
        """What the framework calls it first."""
        return self.names[0]


@dataclass(frozen=True)
class Dialect:
    """A framework at a version, and the module that its losses are in.

    `reduction` is how samples make one number by default, `reductions` gives ours for the
    framework's own names of reductions; `form`, `words` and `axes` hold for all rows that say no
    other, `own_form` for element losses of the user's own, of which a framework may take no mean
    (None: as `form`). `lacks` are parameters of ours that none of the framework's losses has.
    `weights_as_given` says that a weight for several values counts once in the sum that a mean
    divides by. `precision` is what it computes in, whatever it gets, or that of y_pred.
    """

    name: str
    version: str
    framework: str
    module: str
    reduction: Reduction
    rows: tuple[Row, ...] = ()
    reductions: Mapping[str, Reduction] = field(default_factory=dict)
    form: Form | None = None
    own_form: Form | None = None
    lacks: frozenset[str] = frozenset()
    weights_as_given: bool = False
    words: Words = field(default_factory=dict)
    axes: Axes | None = None
    precision: Precision = "float64"


def cite(dialect: Dialect, row: Row) -> str:
    """A framework's loss as a reference: where it is, and what it sets that is ours.

    >>> cite(Dialect("f", "1", "Framework 1", "losses", "mean"), Row(("hinge",), "hinge"))
    'Framework 1 losses.hinge'
    """
    presets = ", ".join(f"{name}={spell(value)}" for name, value in row.presets.items())
    where = f"{dialect.framework} {dialect.module}.{row.name}"
    return f"{where} ({presets})" if presets else where
