"""All that is folded of a loss of some rows: its value, statistics, and worst samples."""

from collections.abc import Collection

import numpy as np

from losscli.engine.evaluate import Evaluated
from losscli.engine.reduce.order import Room
from losscli.engine.reduce.quantiles import EXACT, Budget
from losscli.engine.reduce.reducer import reducer_for
from losscli.engine.reduce.statistics import SampleStatistics
from losscli.engine.reduce.sums import round_to
from losscli.engine.reduce.weights import WeightTotals
from losscli.engine.reduce.worst import Worst
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss
from losscli.words import Reduction


class Tally:
    """A loss's reducer, with the statistics and the worst samples that were asked for."""

    def __init__(
        self,
        loss: BoundLoss,
        dtype: "np.dtype[np.floating]",
        *,
        summary: bool = False,
        statistics: Collection[str] = (),
        worst: int = 0,
        budget: int | Budget = EXACT,
        room: Room | None = None,
    ) -> None:
        self._loss = loss
        self._dtype = dtype
        self._reducer = reducer_for(loss, room)
        self.statistics = SampleStatistics(dtype, statistics, summary, budget)
        self.worst = Worst(worst) if worst else None

    def update(self, evaluated: Evaluated, weights: Array | None = None) -> None:
        """Fold in a block, with a weight a sample, or for each place of its leading axes."""
        self.statistics.update(evaluated.samples, len(evaluated))
        self._reducer.update(evaluated, weights)

    def merge(self, other: "Tally") -> None:
        """Fold in all that another tally of the same loss has seen."""
        self.statistics.merge(other.statistics)
        self._reducer.merge(other._reducer)
        if self.worst is not None and other.worst is not None:
            self.worst.merge(other.worst)

    def value(self, reduction: Reduction, weights: WeightTotals) -> float | None:
        """The loss of all the rows, None where it is not to be reduced to one number."""
        if reduction == "none":
            return None
        value = self._reducer.value(reduction, weights)
        return None if value is None else round_to(self._dtype, value)

    def outputs(self, reduction: Reduction, weights: WeightTotals) -> tuple[float, ...] | None:
        """A value for each column, where these are not to be made one."""
        if not self._loss.keeps_outputs:
            return None
        outputs = self._reducer.outputs(reduction, weights)
        return tuple(round_to(self._dtype, value) for value in outputs.tolist())
