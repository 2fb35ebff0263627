"""What is asked of a pass over the data, and of which data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from losscli.engine.result import SampleBlock
from losscli.errors import UsageError
from losscli.losses.dialects import KERAS2
from losscli.losses.spec import Loss
from losscli.sources.base import Source
from losscli.sources.columns import View

DType = Literal["float64", "float32"]
NanPolicy = Literal["error", "skip", "propagate"]
Reduction = Literal["mean", "mean_over_batch", "mean_over_nonzero", "sum", "none"]
REDUCTIONS: tuple[Reduction, ...] = get_args(Reduction)


@dataclass(frozen=True)
class Inputs:
    """The data of a pass: y_true and y_pred in the same order, and what goes with the rows.

    `weights` is one column; `ids` a source in the same order with its id columns; `unmatched`
    counts the rows that found no partner before.
    """

    y_true: View
    y_pred: View
    weights: View | None = None
    ids: tuple[Source, tuple[int, ...]] | None = None
    unmatched: int = 0


@dataclass(frozen=True)
class Plan:
    """What is asked of a pass: only that is computed and kept.

    `reduction` None is the dialect's own. `keep` is how many samples' values to hold, from the
    first (None: all); `worst` how many samples with the largest values. `unreduced` holds the
    losses' unreduced arrays too. `on_block` is handed the values of a block as soon as they are
    there.
    """

    losses: Sequence[Loss]
    dtype: DType = "float64"
    reduction: Reduction | None = None
    nan: NanPolicy = "error"
    summary: bool = True
    keep: int | None = 0
    worst: int = 0
    unreduced: bool = False
    on_block: Callable[[SampleBlock], object] | None = None

    def reduction_of(self, loss: Loss, weighted: bool) -> Reduction:
        """How this loss is reduced. Without weights all means are the same, and called so.

        Raises UsageError for the sum of a pooled loss: it is no sum over samples.
        """
        reduction = self.reduction or KERAS2.reduction
        if loss.spec.kind == "pooled":
            if reduction == "sum":
                raise UsageError(
                    f"{loss.label} pools all samples and has no sum", "ask for it with a mean"
                )
            return "none" if reduction == "none" else "mean"
        if not weighted and reduction.startswith("mean"):
            return "mean"
        return reduction
