"""What comes out: frozen results in full precision."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite, isnan
from typing import Any

import numpy as np

from losscli.engine.fingerprint import Fingerprint
from losscli.engine.plain import plain_number, plain_numbers, plain_parameter, plain_row
from losscli.engine.signature import Signature
from losscli.losses.numerics import Array
from losscli.losses.parameters import Value, spell
from losscli.losses.spec import BoundLoss
from losscli.sources.base import Key
from losscli.words import (
    BatchMean,
    Best,
    DomainPolicy,
    DType,
    Kind,
    NanPolicy,
    Reduction,
    SummaryStatistic,
    ValueStatus,
)


@dataclass(frozen=True)
class Counts:
    """How many samples were used, skipped and left without a partner: none is lost silently."""

    used: int
    skipped: int = 0
    unmatched: int = 0

    def to_dict(self) -> dict[str, int]:
        """The counts as plain Python objects."""
        return {"used": self.used, "skipped": self.skipped, "unmatched": self.unmatched}


@dataclass(frozen=True)
class Summary:
    """Statistics of the samples' values, unweighted.

    `values` has one for each word of `SummaryStatistic`, each also an attribute: `summary.p95`.
    `std` is the population's (divided by n). Quantiles lie between neighbouring values linearly
    where `quantile_error` is 0; otherwise that is their relative error.
    """

    values: Mapping[SummaryStatistic, float]
    quantile_error: float

    def __getattr__(self, name: str) -> float:
        try:
            return vars(self)["values"][name]
        except KeyError:
            raise AttributeError(f"a summary has no {name!r}") from None

    def to_dict(self, dtype: str) -> dict[str, float | None]:
        """The statistics as plain Python objects; what is not finite is None."""
        numbers: dict[str, float | None] = {
            name: plain_number(value, dtype) for name, value in self.values.items()
        }
        return {**numbers, "quantile_error": self.quantile_error}


@dataclass(frozen=True)
class Statistic:
    """A statistic of the samples' values, and what the exact one lies between.

    Both bounds are the value but for quantiles of more values than were held.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Sample:
    """A sample: its number from 1, its id, a loss's value, and its rows of both arrays."""

    number: int
    id: Key | None
    value: float
    y_true: Array
    y_pred: Array

    def to_dict(self, dtype: str) -> dict[str, Any]:
        """The sample as plain Python objects; what is not finite is None."""
        return {
            "sample": self.number,
            **({} if self.id is None else {"id": ", ".join(self.id)}),
            "value": plain_number(self.value, dtype),
            "y_true": plain_row(self.y_true),
            "y_pred": plain_row(self.y_pred),
        }


@dataclass(frozen=True)
class SampleBlock:
    """The values of some samples: their numbers from 1, their ids, and an array (n,) a loss."""

    numbers: Array
    ids: list[Key] | None
    values: list[Array]


@dataclass(frozen=True)
class Conditions:
    """How a value was computed, beside the loss: precision, policies, weights, reduction, batches.

    With a `batch_size` the value is the mean of the batches' values.
    """

    dtype: DType
    nan: NanPolicy
    domain: DomainPolicy
    weighted: bool
    reduction: Reduction
    batch_size: int | None = None
    batch_mean: BatchMean = "weighted"

    @property
    def batches(self) -> str:
        """How a signature tells of batches: nothing without any, `32`, or `32 unweighted`."""
        if self.batch_size is None:
            return ""
        return f"{self.batch_size}" + (" unweighted" if self.batch_mean == "unweighted" else "")


@dataclass(frozen=True)
class Result:
    """A loss of some data: which (`bound`), under which conditions, and what came out.

    `value` is the reduced loss, None where the reduction is `none`; it may be inf or NaN, then
    `status` says so. `outputs` holds a value a column where these are not made one. `per_sample`
    (n,), `unreduced` and `worst` are there where they were asked for.
    `model` and `group` are named where there are several; `unusual` says that the data was not as
    expected, and `notes` how. `histogram` counts samples between the least value and the 99th
    percentile (what lies above is in the last bin). `statistics` holds those that the plan named.
    """

    bound: BoundLoss
    conditions: Conditions
    value: float | None
    n: Counts
    outputs: tuple[float, ...] | None = None
    summary: Summary | None = None
    per_sample: Array | None = field(default=None, repr=False, compare=False)
    unreduced: Array | None = field(default=None, repr=False, compare=False)
    worst: tuple[Sample, ...] = ()
    model: str | None = None
    group: Key | None = None
    unusual: bool = False
    histogram: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    statistics: Mapping[str, Statistic] = field(default_factory=dict)

    @property
    def loss(self) -> str:
        """What the user called the loss."""
        return self.bound.name

    @property
    def label(self) -> str:
        """What the user called the loss, with its parameters as typed."""
        return self.bound.label

    @property
    def name(self) -> str:
        """The loss's canonical name."""
        return self.bound.spec.name

    @property
    def family(self) -> str:
        """The family that the loss belongs to."""
        return self.bound.spec.family

    @property
    def kind(self) -> Kind | None:
        """The loss's kind."""
        return self.bound.spec.kind

    @property
    def best(self) -> Best:
        """Which value of the loss is the best."""
        return self.bound.spec.best

    @property
    def revision(self) -> int | str:
        """The revision of the loss's formula."""
        return self.bound.spec.revision

    @property
    def params(self) -> Mapping[str, Value]:
        """Every parameter of the formula, and those shared that are not at their defaults."""
        return self.bound.shown

    @property
    def changed(self) -> Mapping[str, Value]:
        """The parameters that are not at their defaults."""
        return self.bound.changed

    @property
    def dialect(self) -> str:
        """The framework whose number it is."""
        return self.bound.origin.dialect

    @property
    def dialect_version(self) -> str:
        """The framework's version."""
        return self.bound.origin.version

    @property
    def framework_name(self) -> str | None:
        """What the framework calls the loss, None if it has none."""
        return self.bound.origin.name

    @property
    def why(self) -> str:
        """What makes the number another than elsewhere, in a few words."""
        return self.bound.origin.why

    @property
    def reduction(self) -> Reduction:
        """How samples were made one number."""
        return self.conditions.reduction

    @property
    def dtype(self) -> DType:
        """The working precision."""
        return self.conditions.dtype

    @property
    def nan(self) -> NanPolicy:
        """What was done about values that are not finite."""
        return self.conditions.nan

    @property
    def domain(self) -> DomainPolicy:
        """What was done about values outside of the loss's domain."""
        return self.conditions.domain

    @property
    def weighted(self) -> bool:
        """Whether samples had weights."""
        return self.conditions.weighted

    @property
    def batches(self) -> str:
        """The size of the batches whose values were averaged, and `unweighted` if so."""
        return self.conditions.batches

    @property
    def status(self) -> ValueStatus:
        """`ok`; `nan`, `inf` or `-inf` where the value is no finite number; `none` without one."""
        return "none" if self.value is None else status(self.value)

    @property
    def fields(self) -> Signature:
        """What the value depends on but the data."""
        return Signature(
            name=self.name,
            params={name: spell(value) for name, value in self.changed.items()},
            dialect=self.dialect,
            dialect_version=self.dialect_version,
            reduction=self.reduction,
            dtype=self.dtype,
            nan=self.nan,
            used=self.n.used,
            skipped=self.n.skipped,
            weighted=self.weighted,
            revision=self.revision,
            batches=self.batches,
            domain=self.domain,
        )

    @property
    def signature(self) -> str:
        """`fields` as text; values of equal signatures are comparable."""
        return str(self.fields)

    def to_dict(self) -> dict[str, Any]:
        """The result as plain Python objects, as `--format json` writes it.

        `summary`, `per_sample`, `outputs` and `worst` are there only where the result has them.
        """
        entry: dict[str, Any] = {
            "loss": self.loss,
            "params": {name: plain_parameter(value) for name, value in self.params.items()},
            "dialect": self.dialect,
            "reduction": self.reduction,
            "dtype": self.dtype,
            "value": plain_number(self.value, self.dtype),
            "status": self.status,
            "signature": self.signature,
        }
        if self.dialect != "home":
            entry["framework_name"] = self.framework_name
        if self.outputs is not None:
            entry["outputs"] = [plain_number(value, self.dtype) for value in self.outputs]
        if self.summary is not None:
            entry["summary"] = self.summary.to_dict(self.dtype)
        if self.per_sample is not None:
            entry["per_sample"] = plain_numbers(self.per_sample)
        if self.worst:
            entry["worst"] = [sample.to_dict(self.dtype) for sample in self.worst]
        return entry


@dataclass(frozen=True)
class NotApplicable:
    """A loss that the data does not allow, and why: with the first place where it does not."""

    loss: str
    family: str
    reason: str


@dataclass(frozen=True, repr=False)
class Run:
    """All that comes out of a pass: a result a loss, and what they share.

    `numbers` (from 1) and `ids` are those of the samples whose values the results hold;
    `fingerprint` is that of the rows of y_true that were used, where it was asked for.
    """

    results: tuple[Result, ...]
    n: Counts
    numbers: Array
    ids: list[Key] | None
    notes: tuple[str, ...]
    models: tuple[str, ...] = ()
    not_applicable: tuple[NotApplicable, ...] = ()
    fingerprint: Fingerprint | None = None

    def __repr__(self) -> str:
        return f"<Run of {self.n.used} samples: {len(self.results)} results>"

    def by_value(self) -> "Run":
        """The held samples in the order of the first loss's values, the largest first."""
        values = self.results[0].per_sample
        if values is None:
            return self
        # NaN first, as among the worst; equal values stay in the order of the samples.
        return self._select(np.argsort(-np.where(np.isnan(values), np.inf, values), kind="stable"))

    def first(self, count: int | None) -> "Run":
        """The first `count` of the held samples, None for all of them."""
        return self if count is None else self._select(np.arange(min(count, len(self.numbers))))

    def _select(self, order: Array) -> "Run":
        def select(result: Result) -> Result:
            held = result.per_sample
            return replace(
                result, per_sample=held[order] if held is not None and len(order) else None
            )

        ids = None if self.ids is None else [self.ids[i] for i in order]
        return replace(
            self, results=tuple(map(select, self.results)), numbers=self.numbers[order], ids=ids
        )


def status(value: float) -> ValueStatus:
    """`ok` for a finite number, else its name."""
    if isfinite(value):
        return "ok"
    if isnan(value):
        return "nan"
    return "inf" if value > 0 else "-inf"
