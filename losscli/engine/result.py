"""What comes out: frozen results in full precision."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite, isnan

from losscli.losses.numerics import Array
from losscli.losses.spec import Value, spell


@dataclass(frozen=True)
class Counts:
    """How many samples were used, skipped and left without a partner: none is lost silently."""

    used: int
    skipped: int = 0
    unmatched: int = 0


@dataclass(frozen=True)
class Summary:
    """Statistics of the samples' values; `std` is the population's (divided by n)."""

    min: float
    max: float
    mean: float
    std: float


@dataclass(frozen=True)
class Result:
    """A loss of some data.

    `loss` is what the user called it, `label` that with its parameters as typed, `name` the
    canonical name; `params` holds every parameter, `changed` those not at their defaults. `value`
    is the reduced loss and may be inf or NaN; then `status` says so. `per_sample` (n,) and
    `unreduced` are there where they were asked for.
    """

    loss: str
    label: str
    name: str
    params: Mapping[str, Value]
    changed: Mapping[str, Value]
    dialect: str
    dialect_version: str
    reduction: str
    dtype: str
    nan: str
    revision: int
    value: float
    n: Counts
    summary: Summary | None = None
    per_sample: Array | None = field(default=None, repr=False, compare=False)
    unreduced: Array | None = field(default=None, repr=False, compare=False)
    notes: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """`ok`, or `nan`, `inf` or `-inf` where the value is no finite number."""
        return status(self.value)

    @property
    def signature(self) -> str:
        """What the value depends on but the data; values of equal signatures are comparable."""
        params = ",".join(f"{name}={spell(value)}" for name, value in self.changed.items())
        return "|".join(
            [
                self.name + (f":{params}" if params else ""),
                f"dialect:{self.dialect}@{self.dialect_version}",
                f"reduction:{self.reduction}",
                f"dtype:{self.dtype}",
                f"nan:{self.nan}",
                f"n:{self.n.used}",
                f"skipped:{self.n.skipped}",
                "weights:no",
                f"rev:{self.revision}",
            ]
        )


def status(value: float) -> str:
    """`ok` for a finite number, else its name."""
    if isfinite(value):
        return "ok"
    if isnan(value):
        return "nan"
    return "inf" if value > 0 else "-inf"
