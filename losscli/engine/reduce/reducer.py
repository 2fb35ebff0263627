"""Which reducer a loss has: one a kind."""

from typing import Protocol, Self

from losscli.engine.evaluate import Evaluated
from losscli.engine.reduce.mean import ColumnMeans, Mean
from losscli.engine.reduce.order import Largest, Medians, Room
from losscli.engine.reduce.pooled import Pooled
from losscli.engine.reduce.weights import WeightTotals
from losscli.engine.reduce.whole import Whole
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss
from losscli.words import Reduction


class Reducer(Protocol):
    """What is kept of a loss of the rows so far, so that blocks, in any split, make the whole.

    Numbers come out in float64; the caller rounds them to the working precision.
    """

    def update(self, evaluated: Evaluated, weights: Array | None = None) -> None:
        """Fold in a block, with a weight a sample, or for each place of its leading axes.

        Raises LosscliError where more had to be held than may be.
        """

    def merge(self, other: Self) -> None:
        """Fold in all that another reducer of the same loss has seen."""

    def value(self, reduction: Reduction, weights: WeightTotals) -> float | None:
        """The loss of all the rows; None where its outputs are not made one."""

    def outputs(self, reduction: Reduction, weights: WeightTotals) -> Array:
        """A value for each output (outputs,)."""


def reducer_for(loss: BoundLoss, room: Room | None = None) -> Reducer:
    """A reducer of the loss that has seen nothing; `room` is what may be held for a median."""
    match loss.spec.kind:
        case "whole":
            return Whole(loss)
        case "order":
            return Largest(loss) if loss.spec.order == "max" else Medians(loss, room or Room())
        case "pooled" if loss.is_pooled:
            return Pooled(loss)
        case _:
            return ColumnMeans(loss) if loss.keeps_outputs else Mean(loss)
