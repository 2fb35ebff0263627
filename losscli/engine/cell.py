"""A loss and a model: all that a pass keeps of the one for the other."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from losscli.engine.batches import Batches
from losscli.engine.evaluate import evaluate
from losscli.engine.groups import Group, Places
from losscli.engine.plan import Plan
from losscli.engine.reduce.order import Room
from losscli.engine.reduce.quantiles import Budget
from losscli.engine.reduce.tally import Tally
from losscli.engine.reduce.weights import expand
from losscli.engine.result import Conditions, Counts, Result
from losscli.engine.sample_values import SampleValues
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss
from losscli.sources.base import Key
from losscli.words import Reduction

HISTOGRAM_BINS = 8


@dataclass(frozen=True)
class UsedRows:
    """The rows of a block that are used: their numbers from 0, ids, weights and groups.

    `raw` and `cast` hold the arrays as read and in the working precision: y_true and each model's
    y_pred; `more` the further arrays, cast.
    """

    rows: Array
    ids: list[Key] | None
    y_true: tuple[Array, Array]
    y_pred: Mapping[str, tuple[Array, Array]]
    more: Mapping[str, Array]
    weights: Array | None
    parts: list[tuple[Group, Places]]


class Cell:
    """A loss of a model's predictions: its tally of each group, its batches, its samples' values.

    The groups share what may be held for percentiles and for a median.
    """

    def __init__(
        self, loss: BoundLoss, model: str, reduction: Reduction, plan: Plan, weighted: bool
    ) -> None:
        self._loss = loss
        self._model = model
        self._plan = plan
        self._dtype = np.dtype(plan.dtype)
        self._conditions = Conditions(
            plan.dtype,
            plan.nan,
            plan.domain,
            weighted,
            reduction,
            plan.batch_size,
            plan.batch_mean,
        )
        self._budget = Budget(plan.exact)
        self._room = Room(plan.held)
        self._tallies: dict[Group, Tally] = {}
        self._batches: Batches | None = None
        if plan.batch_size is not None:
            self._batches = Batches(loss, self._dtype, reduction, plan.batch_size, plan.batch_mean)
        self._values = SampleValues(plan.keep, plan.unreduced)

    def _tally(self, group: Group) -> Tally:
        if group not in self._tallies:
            self._tallies[group] = Tally(
                self._loss,
                self._dtype,
                summary=self._plan.summary,
                statistics=self._plan.statistics_of(self._loss),
                worst=self._plan.worst,
                budget=self._budget,
                room=self._room,
            )
        return self._tallies[group]

    def update(self, used: UsedRows) -> Array:
        """Fold in a block; the samples' values (n,). Raises LosscliError where it is too much."""
        (raw_true, y_true), (raw_pred, y_pred) = used.y_true, used.y_pred[self._model]
        shows_samples = self._plan.shows_samples(self._loss)
        evaluated = evaluate(self._loss, y_true, y_pred, used.more, shows_samples)
        if self._batches is not None:
            self._batches.update(evaluated, used.weights)
        for group, places in used.parts:
            tally = self._tally(group)
            weights = None if used.weights is None else used.weights[places]
            tally.update(evaluated.at(places), weights)
            if tally.worst is not None:
                ids = None if used.ids is None else select_keys(used.ids, places)
                values, numbers = evaluated.samples[places], used.rows[places] + 1
                tally.worst.update(values, numbers, ids, raw_true[places], raw_pred[places])
        unreduced = evaluated.unreduced
        if used.weights is not None and self._plan.unreduced:
            unreduced = expand(used.weights, unreduced) * unreduced
        self._values.update(evaluated.samples, unreduced)
        return evaluated.samples

    def release(self) -> None:
        """Give back what is held of the data: no result will be asked for."""
        self._tallies.clear()

    def result(
        self, group: Group, n: Counts, notes: tuple[str, ...], *, unusual: bool, with_samples: bool
    ) -> Result:
        """What came out for a group; `with_samples` adds the values that were held, of all rows."""
        tally, reduction = self._tallies[group], self._conditions.reduction
        if self._batches is None:
            value = tally.value(reduction, group.weights)
        else:
            value = self._batches.value()
        values = self._values if with_samples and group.key is None else None
        return Result(
            self._loss,
            self._conditions,
            value,
            n,
            outputs=tally.outputs(reduction, group.weights),
            summary=tally.statistics.summary(),
            per_sample=None if values is None else values.values,
            unreduced=None if values is None else values.unreduced,
            worst=() if tally.worst is None else tally.worst.samples(),
            model=self._model,
            group=group.key,
            unusual=unusual,
            histogram=tally.statistics.histogram(HISTOGRAM_BINS),
            notes=notes,
            statistics=tally.statistics.named(),
        )


def select_keys(keys: list[Key], places: Places) -> list[Key]:
    """The keys of some rows."""
    return [keys[i] for i in np.arange(len(keys))[places]]
