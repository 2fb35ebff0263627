"""What came out of checks: frozen, in full precision, for reports to tell."""

from dataclasses import dataclass
from fractions import Fraction

from losscli.engine.result import Counts
from losscli.errors import LosscliError
from losscli.gates.expression import Gate
from losscli.words import Status


@dataclass(frozen=True)
class Fault:
    """Why a gate could not be judged."""

    message: str
    hint: str | None = None

    @classmethod
    def of(cls, error: LosscliError) -> "Fault":
        """What an error says."""
        return cls(error.message, error.hint)


@dataclass(frozen=True)
class Judged:
    """A gate and what became of it.

    `value` may be NaN or infinite, then the gate failed and `margin` is None; `limit` is what the
    value must not be beyond, of a regression the baseline's value `base` and what is allowed, in
    `of` (a file). `without_sign` says that both were compared without their signs.
    """

    gate: Gate
    status: Status
    value: float | None = None
    limit: Fraction | None = None
    margin: Fraction | None = None
    base: float | None = None
    of: str | None = None
    without_sign: bool = False
    signature: str | None = None
    fault: Fault | None = None


@dataclass(frozen=True)
class Checked:
    """A check's gates, in the order in which they were written, and what its data was.

    `n` is None where it was not read to its end.
    """

    name: str
    gates: tuple[Judged, ...]
    n: Counts | None = None
    against: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """The worst of its gates: an error, a failure, or else passed or not run."""
        return _find_worst([judged.status for judged in self.gates])


@dataclass(frozen=True)
class Outcome:
    """All the checks that were selected, in the order in which they ran."""

    checks: tuple[Checked, ...]

    @property
    def status(self) -> Status:
        """The worst of its checks: so that what was not run is not taken for passed."""
        return _find_worst([check.status for check in self.checks])

    def count(self, status: Status | None = None) -> int:
        """How many gates there are, or how many of this status."""
        gates = [judged for check in self.checks for judged in check.gates]
        return sum(status in (None, judged.status) for judged in gates)


def _find_worst(statuses: list[Status]) -> Status:
    order: tuple[Status, ...] = ("error", "failed", "not run", "passed")
    return next((status for status in order if status in statuses), "error")
