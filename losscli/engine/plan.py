"""What is asked of a pass over the data, and of which data."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from losscli.engine.reduce.quantiles import EXACT
from losscli.engine.result import SampleBlock
from losscli.errors import UsageError, setting
from losscli.losses.spec import BoundLoss
from losscli.sources.base import Keyed
from losscli.sources.columns import View
from losscli.words import BatchMean, DomainPolicy, DType, NanPolicy, choices

KeyColumns = tuple[Keyed, tuple[int, ...]]


@dataclass(frozen=True)
class Inputs:
    """The data of a pass: y_true, each model's y_pred, and what goes with the rows, in one order.

    `weights` is one column, or an array of leading axes; `ids` and `by` (what rows are grouped by)
    are sources with their columns; `more` are further arrays that losses take, by name;
    `unmatched` counts the rows that found no partner before; `may_count` says that a column may be
    an index, for none of the inputs has names and no column was chosen.
    """

    y_true: View
    models: Mapping[str, View]
    weights: View | None = None
    ids: KeyColumns | None = None
    by: KeyColumns | None = None
    unmatched: int = 0
    may_count: bool = False
    more: Mapping[str, View] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What is asked of a pass: only that is computed and kept.

    `statistics` names those wanted of a loss's samples by
    its label, with the summary or without: `mean min max std n`, and percentiles as `p50`, `p99.9`.
    `fingerprint` asks for y_true's. `keep` is how many samples' values to hold, from the first
    (None: all), or none if there are more and it is `all_or_none`; `worst` how many samples with
    the largest values. `unreduced` holds the losses' unreduced arrays too. `exact` is how many
    values a loss may hold for exact quantiles, `held` for a median. With `exclude`, a loss that the
    data does not allow is left out, with the reason, rather than an error. With the `domain` policy
    `framework`, values outside of what a loss requires are computed by its framework's formula.
    With a `batch_size` the value is the mean of the values of batches of so many samples, weighted
    by their sizes or not (`batch_mean`). `on_block` is handed the values of a block as soon as they
    are there, `on_rows` how many rows have been read after each block.
    """

    losses: Sequence[BoundLoss]
    dtype: DType = "float64"
    nan: NanPolicy = "error"
    domain: DomainPolicy = "strict"
    batch_size: int | None = None
    batch_mean: BatchMean = "weighted"
    summary: bool = True
    statistics: Mapping[str, Collection[str]] = field(default_factory=dict)
    fingerprint: bool = False
    keep: int | None = 0
    all_or_none: bool = False
    worst: int = 0
    unreduced: bool = False
    exact: int = EXACT
    held: int | None = None
    exclude: bool = False
    on_block: Callable[[SampleBlock], object] | None = None
    on_rows: Callable[[int], object] | None = None

    def __post_init__(self) -> None:
        for what, value, words in (
            ("dtype", self.dtype, choices(DType)),
            ("nan", self.nan, choices(NanPolicy)),
            ("domain", self.domain, choices(DomainPolicy)),
            ("batch mean", self.batch_mean, choices(BatchMean)),
        ):
            if value not in words:
                have = ", ".join(words)
                raise UsageError(f"there is no {what} {value!r}", f"it may be {have}")
        size = self.batch_size
        if size is not None and (type(size) is not int or size < 1):
            raise UsageError(f"a batch has a whole number of samples, at least 1, not {size}")

    def statistics_of(self, loss: BoundLoss) -> Collection[str]:
        """The statistics that are wanted of a loss."""
        return self.statistics.get(loss.label, ())

    def shows_samples(self, loss: BoundLoss) -> bool:
        """Whether anything is made of the samples' values of a loss."""
        if self.summary or self.worst > 0 or self.keep != 0 or self.on_block is not None:
            return True
        return any(name != "n" for name in self.statistics_of(loss))


# A comparison shows the samples' values where there are at most so many.
FEW_SAMPLES = 10
# A comparison holds so many values for a median: 16 MB. Of more the median is left out.
MEDIAN_VALUES = 2_000_000


def comparison(losses: Sequence[BoundLoss], inputs: Inputs, **options: Any) -> Plan:
    """The plan of a comparison: losses that the data does not allow are left out.

    Its many states share what one loss may hold for exact quantiles. Raises UsageError where there
    is nothing to compare.
    """
    if not inputs.models or not losses:
        raise UsageError("there is nothing to compare: it takes a loss and predictions")
    if any(loss.handling.reduction == "none" for loss in losses):
        raise UsageError(
            f"there is nothing to compare with {setting('reduction', 'none')}", "name a mean"
        )
    exact = max(1000, EXACT // 2 // (len(losses) * len(inputs.models)))
    held = MEDIAN_VALUES // len(inputs.models)
    return Plan(
        losses, keep=FEW_SAMPLES, all_or_none=True, exact=exact, held=held, exclude=True, **options
    )
