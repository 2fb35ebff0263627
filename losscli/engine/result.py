"""What comes out: frozen results in full precision."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite, isnan
from typing import Any

import numpy as np

from losscli.engine.fingerprint import Fingerprint
from losscli.engine.plain import result
from losscli.losses.numerics import Array
from losscli.losses.parameters import Value, spell
from losscli.sources.base import Key
from losscli.words import Best, Kind


@dataclass(frozen=True)
class Counts:
    """How many samples were used, skipped and left without a partner: none is lost silently."""

    used: int
    skipped: int = 0
    unmatched: int = 0


@dataclass(frozen=True)
class Summary:
    """Statistics of the samples' values, unweighted.

    `std` is the population's (divided by n). Quantiles lie between neighbouring values linearly
    where `quantile_error` is 0; otherwise that is their relative error.
    """

    min: float
    max: float
    mean: float
    std: float
    p50: float
    p95: float
    p99: float
    quantile_error: float


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


@dataclass(frozen=True)
class SampleBlock:
    """The values of some samples: their numbers from 1, their ids, and an array (n,) a loss."""

    numbers: Array
    ids: list[Key] | None
    values: list[Array]


@dataclass(frozen=True)
class Result:
    """A loss of some data.

    `loss` is what the user called it, `label` that with its parameters as typed, `name` the
    canonical name; `params` holds every parameter, `changed` those not at their defaults. `value`
    is the reduced loss, None where the reduction is `none`; it may be inf or NaN, then `status`
    says so. `framework_name` is what the dialect calls the loss (None if it has none), `why` what
    makes its number another than elsewhere. `outputs` holds a value a column where these are not
    made one, `batches` the size of the batches whose values were averaged. `per_sample`
    (n,), `unreduced` and `worst` are there where they were asked for.
    `model` and `group` are named where there are several; `unusual` says that the data was not as
    expected, and `notes` how. `histogram` counts samples between the least value and the 99th
    percentile (what lies above is in the last bin). `kind` is the loss's; `statistics` holds those
    that the plan named.
    """

    loss: str
    label: str
    name: str
    family: str
    params: Mapping[str, Value]
    changed: Mapping[str, Value]
    dialect: str
    dialect_version: str
    reduction: str
    dtype: str
    nan: str
    weighted: bool
    revision: int | str
    value: float | None
    n: Counts
    framework_name: str | None = None
    why: str = ""
    domain: str = "strict"
    batches: str = ""
    outputs: tuple[float, ...] | None = None
    summary: Summary | None = None
    per_sample: Array | None = field(default=None, repr=False, compare=False)
    unreduced: Array | None = field(default=None, repr=False, compare=False)
    worst: tuple[Sample, ...] = ()
    best: Best = "lowest"
    model: str | None = None
    group: Key | None = None
    unusual: bool = False
    histogram: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    kind: Kind | None = None
    statistics: Mapping[str, Statistic] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """`ok`; `nan`, `inf` or `-inf` where the value is no finite number; `none` without one."""
        return "none" if self.value is None else status(self.value)

    @property
    def signature(self) -> str:
        """What the value depends on but the data; values of equal signatures are comparable."""
        params = ",".join(f"{name}={spell(value)}" for name, value in self.changed.items())
        return "|".join(
            [
                self.name + (f":{params}" if params else ""),
                f"dialect:{self.dialect}@{self.dialect_version}",
                f"reduction:{self.reduction}",
                *([f"batch:{self.batches}"] if self.batches else []),
                f"dtype:{self.dtype}",
                f"nan:{self.nan}",
                *(["domain:framework"] if self.domain == "framework" else []),
                f"n:{self.n.used}",
                f"skipped:{self.n.skipped}",
                f"weights:{'yes' if self.weighted else 'no'}",
                f"rev:{self.revision}",
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        """The result as plain Python objects, as `--format json` writes it."""
        return result(self)


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
        return self._picked(np.argsort(-np.where(np.isnan(values), np.inf, values), kind="stable"))

    def first(self, count: int | None) -> "Run":
        """The first `count` of the held samples, None for all of them."""
        return self if count is None else self._picked(np.arange(min(count, len(self.numbers))))

    def _picked(self, order: Array) -> "Run":
        def pick(result: Result) -> Result:
            held = result.per_sample
            return replace(
                result, per_sample=held[order] if held is not None and len(order) else None
            )

        ids = None if self.ids is None else [self.ids[i] for i in order]
        return replace(
            self, results=tuple(map(pick, self.results)), numbers=self.numbers[order], ids=ids
        )


def status(value: float) -> str:
    """`ok` for a finite number, else its name."""
    if isfinite(value):
        return "ok"
    if isnan(value):
        return "nan"
    return "inf" if value > 0 else "-inf"
