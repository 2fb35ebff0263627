"""What was asked for, as values: made from a command line, a config's table or Python's keywords.

Each of the three front doors is a thin parser that makes a `Request`; from there on there is one
way. Data may be text (a path, inline data, '-', FILE:COLUMNS) or an object in memory.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from losscli.errors import UsageError, setting
from losscli.frameworks.lookup import DEFAULT
from losscli.sources.options import DEFAULTS, InputOptions
from losscli.words import BatchMean, DomainPolicy, DType, NanPolicy, Unmatched, choices

# Text, or an array, a table or nested lists.
Data = Any


@dataclass(frozen=True)
class LossRequest:
    """A loss: how it is spelt, or a function; and parameters beside those in its spelling."""

    loss: str | Callable[..., Any]
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """Losses, data and the conditions under which they are computed.

    `losses` are those named; where none is, those marked in `loss_files`, or with `everything` all
    losses of the dialect and those; of the `families` named, if any is. `dialect` may be 'all'.

    `preds` are predictions, each perhaps as NAME=PATH, or by name; `data` is one file for both
    sides. `against` are other predictions beside those of the one model. `id` and the column
    choices are texts, see `sources.columns.positions`, several `pred_cols` (perhaps NAME=COLS) are
    models of one file; `by` is columns, too, or a label for each sample. `by_position` pairs
    columns as they stand. `labels` are y_true's words in the order of the classes, or the one word
    'sorted'; `positive` is the one of two that counts 1. `inputs` are further arrays by name.
    Raises UsageError for what is in no vocabulary.
    """

    losses: tuple[LossRequest, ...] = ()
    loss_files: tuple[str, ...] = ()
    everything: bool = False
    families: tuple[str, ...] = ()
    dialect: str = DEFAULT
    reduction: str | None = None

    true: Data = None
    preds: tuple[Data, ...] | Mapping[str, Data] = ()
    data: Data = None
    against: Data = None
    true_cols: str | None = None
    pred_cols: tuple[str, ...] = ()
    id: str | None = None
    unmatched: Unmatched = "error"
    by_position: bool = False
    labels: tuple[str, ...] | None = None
    positive: str | None = None
    weights: Data = None
    by: Data = None
    inputs: Mapping[str, Data] = field(default_factory=dict)
    reading: InputOptions = DEFAULTS

    dtype: DType | None = None
    nan: NanPolicy = "error"
    domain: DomainPolicy = "strict"
    batch_size: int | None = None
    batch_mean: BatchMean | None = None

    def __post_init__(self) -> None:
        for key, vocabulary in VOCABULARIES.items():
            value = getattr(self, key)
            if value is not None and value not in choices(vocabulary):
                have = ", ".join(choices(vocabulary))
                raise UsageError(
                    f"there is no {key.replace('_', ' ')} {value!r}", f"it may be {have}"
                )
        size = self.batch_size
        if size is not None and (type(size) is not int or size < 1):
            raise UsageError(f"a batch has a whole number of samples, at least 1, not {size}")
        if self.batch_mean is not None and size is None:
            raise UsageError(
                f"{setting('batch_mean')} is about batches", f"give {setting('batch_size')}, too"
            )


VOCABULARIES = {
    "unmatched": Unmatched,
    "dtype": DType,
    "nan": NanPolicy,
    "domain": DomainPolicy,
    "batch_mean": BatchMean,
}
KEYS = frozenset(one.name for one in fields(Request))
