"""What is done about a loss beside its formula: how it is reduced, what labels mean, which axes.

A bound loss has two namespaces: `params` are its formula's own, whatever they are called, and go to
its function; a `Handling` is for the engine. It is filled from what a framework's table says and
from the parameters that a loss declares to be handled, never from a name that happens to match.
"""

from dataclasses import dataclass
from math import nan

from losscli.words import Axes, Form, OutputsWord, Reduction, Target

Outputs = OutputsWord | tuple[float, ...]
# What a framework's `axis` is given: a number, several, or None for all of them.
Axis = int | tuple[int, ...] | None


@dataclass(frozen=True)
class Origin:
    """Whose loss it is: a dialect at a version, with the framework's name of it.

    `name` is None where the framework has no such loss and the home definition stands in; `why`
    says in a few words what makes its number another than that of the home definition.
    """

    dialect: str
    version: str
    name: str | None = None
    why: str = ""


@dataclass(frozen=True)
class Handling:
    """What the engine does about a loss.

    `reduction` is how samples make one number, `default` how they would if nothing were asked for.
    `form` is the unreduced array of an element loss (None: as the loss's home form). `outputs` says
    how the columns' values make one, `classes` which labels y_true holds (None: as the loss has
    them), `per_sample` that a pooled loss is computed of each sample and averaged. `axis`
    is what a framework's parameter of that name was given, and `axes` which axes it may name: they
    decide of which rank y_pred must be. `target` is what y_true must be beside
    y_pred for this loss among those of one name. `empty` is the value where nothing is left to
    divide by. `weights_after` says that sample weights multiply the finished number of all samples;
    `weights_as_given` that a weight for several values counts once in the sum that a mean divides
    by; `stray_labels` that under the domain policy `framework` a label may be no class: it picks
    nothing, and counts in a mean.
    """

    reduction: Reduction = "mean"
    default: Reduction | None = None
    form: Form | None = None
    outputs: Outputs = "uniform_average"
    classes: tuple[float, ...] | None = None
    per_sample: bool = False
    axis: Axis = None
    axes: Axes = "last"
    target: Target = "any"
    empty: float = nan
    weights_after: bool = False
    weights_as_given: bool = False
    stray_labels: bool = False


def rank_of(axes: Axes, axis: Axis) -> int | None:
    """How many axes an array has of which `axis` names those that it may; None if any will do.

    Numbers below 0 count from the end, and may come in any order. Raises ValueError where no array
    has such axes.
    """
    if axis is None or (axis in (-1, (-1,)) and axes == "last"):
        return None
    named = axis if isinstance(axis, tuple) else (axis,)
    if axes == "last":
        if len(named) != 1 or named[0] < 1:
            raise ValueError(f"{axis} is no last axis")
        return named[0] + 1
    rank = len(named) + (1 if axes == "inner" else 2)
    found = sorted(one + rank if one < 0 else one for one in named)
    if not named or found != list(range(1, len(named) + 1)):
        raise ValueError(f"{axis} is not all of the axes of a sample")
    return rank
