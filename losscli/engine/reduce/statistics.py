"""Statistics of the samples' values: how each is computed, folded only where asked for.

A word of `words.SummaryStatistic` is either a percentile, such as p50, or has a line in `COMPUTED`.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

import numpy as np

from losscli.engine.reduce.moments import Moments
from losscli.engine.reduce.quantiles import EXACT, Budget, Quantiles
from losscli.engine.reduce.sums import ExactSum, round_to
from losscli.engine.result import Statistic, Summary
from losscli.losses.numerics import Array
from losscli.words import SummaryStatistic

PERCENTILE = re.compile(r"p[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Computed:
    """A statistic that is no percentile: what is folded for it, and how it comes of that."""

    needs: Literal["count", "sum", "moments"]
    compute: Callable[["SampleStatistics"], float]


COMPUTED: Mapping[str, Computed] = {
    "mean": Computed("sum", lambda s: s.round(s.sum.result() / s.n)),
    "min": Computed("moments", lambda s: s.moments.low),
    "max": Computed("moments", lambda s: s.moments.high),
    "std": Computed("moments", lambda s: s.round(s.moments.std)),
    "n": Computed("count", lambda s: float(s.n)),
}
IN_SUMMARY: tuple[SummaryStatistic, ...] = get_args(SummaryStatistic)


def parse_percentile(name: str) -> float | None:
    """The fraction of a percentile: 0.5 of p50; None of another name."""
    return float(Decimal(name[1:]) / 100) if PERCENTILE.fullmatch(name) else None


def list_statistics() -> tuple[str, ...]:
    """What can be named: those that are computed, the percentiles of a summary, and the count."""
    named = [name for name in COMPUTED if name != "n"]
    return (*named, *(name for name in IN_SUMMARY if name not in COMPUTED), "n")


class SampleStatistics:
    """The statistics of a loss's samples' values that were asked for, unweighted.

    `names` are those wanted singly, `summary` asks for the words of SummaryStatistic; `budget` is
    how many values may be held for percentiles.
    """

    def __init__(
        self,
        dtype: "np.dtype[np.floating]",
        names: Collection[str] = (),
        summary: bool = False,
        budget: int | Budget = EXACT,
    ) -> None:
        self._dtype = dtype
        self._names = names
        self._has_summary = summary
        wanted = {*names, *(IN_SUMMARY if summary else ())}
        needs = {COMPUTED[name].needs if name in COMPUTED else "quantiles" for name in wanted}
        self.n: int = 0
        self._sum = ExactSum() if "sum" in needs else None
        self._moments = Moments() if "moments" in needs else None
        self._quantiles = Quantiles(budget) if "quantiles" in needs else None

    @property
    def sum(self) -> ExactSum:
        """The sum of the values, where it is folded."""
        assert self._sum is not None
        return self._sum

    @property
    def moments(self) -> Moments:
        """The moments of the values, where they are folded."""
        assert self._moments is not None
        return self._moments

    def round(self, x: float) -> float:
        """A number in the working precision."""
        return round_to(self._dtype, x)

    def update(self, values: Array, n: int) -> None:
        """Fold in the values of `n` samples; of none where only their number was asked for."""
        self.n += n
        if self._sum is not None:
            self._sum.add(float(values.sum(dtype=np.float64)))
        if self._moments is not None:
            self._moments.merge(Moments.of(values))
        if self._quantiles is not None:
            self._quantiles.update(values)

    def merge(self, other: "SampleStatistics") -> None:
        """Fold in all that another, which was asked for the same, has seen."""
        self.n += other.n
        if self._sum is not None:
            self._sum.merge(other.sum)
        if self._moments is not None:
            self._moments.merge(other.moments)
        if self._quantiles is not None and other._quantiles is not None:
            self._quantiles.merge(other._quantiles)

    def summary(self) -> Summary | None:
        """The statistics of a summary, if it was asked for."""
        if not self._has_summary:
            return None
        percentiles = self._percentiles()
        values: dict[SummaryStatistic, float] = {
            name: percentiles[name] if name in percentiles else COMPUTED[name].compute(self)
            for name in IN_SUMMARY
        }
        return Summary(values, 0.0 if self._quantiles is None else self._quantiles.error)

    def _percentiles(self) -> dict[str, float]:
        """The percentiles of a summary, none of them outside of what was seen."""
        fractions = {name: f for name in IN_SUMMARY if (f := parse_percentile(name)) is not None}
        if self._quantiles is None:
            return {}
        low, high = self.moments.low, self.moments.high
        values = self._quantiles.results(tuple(fractions.values()))
        # The middle of a bucket may lie outside of what was seen.
        within = [min(max(x, low), high) if x == x else x for x in values]
        return dict(zip(fractions, map(self.round, within), strict=True))

    def named(self) -> dict[str, Statistic]:
        """The statistics that were asked for singly."""
        return {name: self._find(name) for name in self._names}

    def _find(self, name: str) -> Statistic:
        if name in COMPUTED:
            value = COMPUTED[name].compute(self)
            return Statistic(value, value, value)
        fraction = parse_percentile(name)
        assert fraction is not None
        assert self._quantiles is not None
        [value] = self._quantiles.results((fraction,))
        return Statistic(*map(self.round, (value, *self._quantiles.bounds(fraction))))

    def histogram(self, bins: int) -> tuple[int, ...]:
        """How the values are spread, if their summary was asked for."""
        if self._quantiles is None or not self._has_summary:
            return ()
        return self._quantiles.histogram(bins)
