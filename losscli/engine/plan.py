"""What is asked of a pass over the data, and of which data."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from losscli.engine.quantiles import EXACT
from losscli.engine.result import SampleBlock
from losscli.errors import UsageError
from losscli.losses.dialects import KERAS2
from losscli.losses.spec import Loss
from losscli.sources.base import Keyed
from losscli.sources.columns import View

DType = Literal["float64", "float32"]
NanPolicy = Literal["error", "skip", "propagate"]
Reduction = Literal["mean", "mean_over_batch", "mean_over_nonzero", "sum", "none"]
REDUCTIONS: tuple[Reduction, ...] = get_args(Reduction)


KeyColumns = tuple[Keyed, tuple[int, ...]]


@dataclass(frozen=True)
class Inputs:
    """The data of a pass: y_true, each model's y_pred, and what goes with the rows, in one order.

    `weights` is one column, or an array of leading axes; `ids` and `by` (what rows are grouped by)
    are sources with their columns; `unmatched` counts the rows that found no partner before.
    """

    y_true: View
    models: Mapping[str, View]
    weights: View | None = None
    ids: KeyColumns | None = None
    by: KeyColumns | None = None
    unmatched: int = 0


@dataclass(frozen=True)
class Plan:
    """What is asked of a pass: only that is computed and kept.

    `reduction` None is the dialect's own. `statistics` names those wanted of a loss's samples by
    its label, with the summary or without: `mean min max std n`, and quantiles as `p50`, `p99.9`.
    `fingerprint` asks for y_true's. `keep` is how many samples' values to hold, from the first
    (None: all), or none if there are more and it is `all_or_none`; `worst` how many samples with
    the largest values. `unreduced` holds the losses' unreduced arrays too. `exact` is how many
    values a loss may hold for exact quantiles. With `exclude`, a loss that the data does not allow
    is left out, with the reason, rather than an error. `on_block` is handed the values of a block
    as soon as they are there, `on_rows` how many rows have been read after each block.
    """

    losses: Sequence[Loss]
    dtype: DType = "float64"
    reduction: Reduction | None = None
    nan: NanPolicy = "error"
    summary: bool = True
    statistics: Mapping[str, Collection[str]] = field(default_factory=dict)
    fingerprint: bool = False
    keep: int | None = 0
    all_or_none: bool = False
    worst: int = 0
    unreduced: bool = False
    exact: int = EXACT
    exclude: bool = False
    on_block: Callable[[SampleBlock], object] | None = None
    on_rows: Callable[[int], object] | None = None

    def __post_init__(self) -> None:
        for what, value, choices in (
            ("dtype", self.dtype, get_args(DType)),
            ("nan", self.nan, get_args(NanPolicy)),
            ("reduction", self.reduction, (None, *REDUCTIONS)),
        ):
            if value not in choices:
                have = ", ".join(choice for choice in choices if choice)
                raise UsageError(f"there is no {what} {value!r}", f"it may be {have}")

    def statistics_of(self, loss: Loss) -> Collection[str]:
        """The statistics that are wanted of a loss."""
        return self.statistics.get(loss.label, ())

    def shows_samples(self, loss: Loss) -> bool:
        """Whether anything is made of the samples' values of a loss."""
        if self.summary or self.worst > 0 or self.keep != 0 or self.on_block is not None:
            return True
        return any(name != "n" for name in self.statistics_of(loss))

    def reduction_of(self, loss: Loss, weighted: bool) -> Reduction:
        """How this loss is reduced. Without weights all means are the same, and called so.

        Raises UsageError for the sum of a pooled loss: it is no sum over samples.
        """
        reduction = self.reduction or KERAS2.reduction
        if loss.spec.kind in ("pooled", "whole"):
            if reduction == "sum":
                raise UsageError(
                    f"{loss.label} pools all samples and has no sum", "ask for it with a mean"
                )
            if loss.spec.kind == "whole" and weighted:
                raise UsageError(f"{loss.label} is one number for all rows: it takes no weights")
            return "none" if reduction == "none" else "mean"
        if not weighted and reduction.startswith("mean"):
            return "mean"
        return reduction


# A comparison shows the samples' values where there are at most so many.
FEW_SAMPLES = 10


def comparison(losses: Sequence[Loss], inputs: Inputs, **options: Any) -> Plan:
    """The plan of a comparison: losses that the data does not allow are left out.

    Its many states share what one loss may hold for exact quantiles. Raises UsageError where there
    is nothing to compare.
    """
    if not inputs.models or not losses:
        raise UsageError("there is nothing to compare: it takes a loss and predictions")
    exact = max(1000, EXACT // 2 // (len(losses) * len(inputs.models)))
    return Plan(losses, keep=FEW_SAMPLES, all_or_none=True, exact=exact, exclude=True, **options)
