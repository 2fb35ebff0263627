"""The one pass over the data, on this machine."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from losscli.engine.batches import Batches
from losscli.engine.blocks import Block, describe_shape, walk
from losscli.engine.evaluate import evaluate
from losscli.engine.fingerprint import Fingerprinter
from losscli.engine.groups import Group, Groups, Places
from losscli.engine.held import Kept
from losscli.engine.plan import Inputs, Plan
from losscli.engine.probe import settled
from losscli.engine.quantiles import Budget
from losscli.engine.result import Counts, NotApplicable, Result, Run, SampleBlock
from losscli.engine.shapes import (
    check_shapes,
    check_used,
    check_weight_shape,
    fitting,
    shape_fault,
    weight_axes,
)
from losscli.engine.state import LossState, broadcast
from losscli.engine.validate import Validator, check_weights
from losscli.engine.whole import Room
from losscli.errors import DataError, LosscliError
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss
from losscli.sources.base import Key

HISTOGRAM_BINS = 8


def run(plan: Plan, inputs: Inputs) -> Run:
    """A result for each loss, model and group, in one pass over the data. Raises LosscliError."""
    first, *others = inputs.models.values()
    for view in others:
        if view.shape[1:] != first.shape[1:]:
            raise DataError(
                f"the models' predictions must have one shape: {first.label} has shape "
                f"{describe_shape(first.shape)}, {view.label} has {describe_shape(view.shape)}"
            )
    lenient = plan.domain == "framework"
    losses = [fitting(loss, inputs.y_true.shape, first.shape) for loss in plan.losses]
    check_used(losses, inputs.more)
    more = {name: view.shape for name, view in inputs.more.items()}
    chosen, unfit = [], []
    for loss in losses:
        fault = shape_fault(loss, inputs.y_true.shape, first.shape, more, lenient)
        if fault is not None and plan.exclude:
            unfit.append(_not_applicable(loss, f"{fault.must}; {fault.found}"))
            continue
        check_shapes(loss, inputs.y_true, first, inputs.more, lenient)
        try:
            check_weight_shape(loss, first, inputs.weights)
            plan.reduction_of(loss, weighted=inputs.weights is not None)
        except LosscliError as refusal:
            if not plan.exclude:
                raise
            unfit.append(_not_applicable(loss, refusal.message))
            continue
        chosen.append(loss)
    if not chosen:
        check_shapes(losses[0], inputs.y_true, first, inputs.more, lenient)
        raise DataError(f"no loss can be computed: {unfit[0].reason}")
    return _Pass(plan, chosen, inputs).run(unfit)


class _Pass:
    """The states of a pass, fed block by block."""

    def __init__(self, plan: Plan, losses: Sequence[BoundLoss], inputs: Inputs) -> None:
        self._plan = plan
        self._losses = losses
        self._inputs = inputs
        self._dtype = np.dtype(plan.dtype)
        self._models = len(inputs.models)
        self._validator = Validator(
            losses,
            inputs.y_true,
            inputs.models,
            inputs.more,
            plan.nan,
            plan.exclude,
            plan.domain,
        )
        # The groups of a loss and model share what may be held for exact quantiles.
        cells = [(i, model) for i in range(len(losses)) for model in range(self._models)]
        self._budgets = {cell: Budget(plan.exact) for cell in cells}
        self._rooms = {cell: Room(plan.held) for cell in cells}
        self._groups = Groups(self._new_states)
        self._batches: dict[int, Batches] = {}
        self._kept = Kept(plan.keep, len(losses) * self._models, plan.unreduced)
        self._fingerprinter = Fingerprinter() if plan.fingerprint else None
        self._skipped = 0
        self._is_settled = False

    def _settle(self, y_true: Array, y_pred: Array) -> None:
        """Find out on the first block what the losses of the user's own are."""
        weighted = self._inputs.weights is not None
        losses = list(self._losses)
        for i, loss in self._validator.active():
            try:
                losses[i] = settled(loss, y_true, y_pred)
                self._plan.reduction_of(losses[i], weighted)
            except LosscliError as error:
                if not self._plan.exclude:
                    raise
                self._validator.excluded[i] = error.message
        self._losses = losses
        self._is_settled = True

    def _new_states(self) -> list[LossState]:
        """A state for each loss and model, the models of a loss together."""
        plan = self._plan
        return [
            LossState(
                loss,
                self._dtype,
                plan.summary,
                plan.worst,
                self._budgets[i, model],
                plan.statistics_of(loss),
                self._rooms[i, model],
            )
            for i, loss in enumerate(self._losses)
            for model in range(self._models)
        ]

    def run(self, unfit: Sequence[NotApplicable]) -> Run:
        """Walk the data and put together what came out; `unfit` losses were left out before."""
        inputs = self._inputs
        weights = [inputs.weights] if inputs.weights is not None else []
        keys = [columns for columns in (inputs.ids, inputs.by) if columns is not None]
        views = [inputs.y_true, *inputs.models.values(), *inputs.more.values(), *weights]
        for block in walk(views, keys):
            with np.errstate(all="ignore"):
                self._block(block)
            if self._plan.on_rows is not None:
                self._plan.on_rows(block.start + len(block.arrays[0]))
        n = Counts(sum(group.n for group in self._groups), self._skipped, inputs.unmatched)
        if n.used == 0:
            raise DataError(f"no row is left: all {n.skipped} hold a value that is not finite")
        if inputs.weights is not None and not any(g.weights.nonzero for g in self._groups):
            raise DataError(f"all weights are 0 in {inputs.weights.label}")
        if not self._validator.active():
            first = min(self._validator.excluded)
            raise DataError(f"no loss can be computed: {self._validator.excluded[first]}")
        excluded = [
            _not_applicable(self._losses[i], reason)
            for i, reason in sorted(self._validator.excluded.items())
        ]
        keep = self._plan.keep
        if self._plan.all_or_none and keep is not None and n.used > keep:
            self._kept = Kept(0, len(self._losses) * self._models, unreduced=False)
        said = [note for loss in self._losses for note in getattr(loss.spec.function, "notes", ())]
        notes = (*self._validator.notes(), *dict.fromkeys(said))
        with np.errstate(all="ignore"):
            results = tuple(
                self._result(i, model, group, notes)
                for group in self._groups
                for i, _ in self._validator.active()
                for model in range(self._models)
            )
        return Run(
            results,
            n,
            self._kept.numbers,
            self._kept.ids if inputs.ids else None,
            notes,
            models=tuple(inputs.models),
            not_applicable=self._in_order([*unfit, *excluded]),
            fingerprint=self._fingerprinter.result() if self._fingerprinter else None,
        )

    def _in_order(self, left_out: Sequence[NotApplicable]) -> tuple[NotApplicable, ...]:
        """What was left out, in the order of the plan's losses."""
        order = [loss.label for loss in self._plan.losses]
        return tuple(sorted(left_out, key=lambda one: order.index(one.loss)))

    def _block(self, block: Block) -> None:
        rows, raw, keys = self._wanted(block)
        if len(rows) == 0:
            return
        cast = [np.ascontiguousarray(array, dtype=self._dtype) for array in raw]
        weights = None
        if self._inputs.weights is not None:
            weights = cast.pop()
            check_weights(rows, weights, self._inputs.weights)
            weights = weights.reshape(len(weights), *weight_axes(weights.shape))
        self._validator.check(rows, raw[: len(cast)], cast)
        if self._fingerprinter is not None:
            self._fingerprinter.update(raw[0])
        if not self._is_settled:
            self._settle(cast[0], cast[1])
        ids = keys[0] if self._inputs.ids is not None else None
        parts = self._groups.parts(keys[-1] if self._inputs.by is not None else None)
        for group, places in parts:
            group.weights.update(len(rows[places]), None if weights is None else weights[places])
        taken = _Taken(rows, raw, cast, weights, ids, parts)
        values = []
        for i, _ in self._validator.active():
            try:
                values += [self._take(i, model, taken) for model in range(self._models)]
            except LosscliError as error:  # more data than it can hold
                if not self._plan.exclude:
                    raise
                self._validator.excluded[i] = error.message
                self._release(i)
        self._kept.end_block(rows + 1, ids)
        if self._plan.on_block is not None:
            self._plan.on_block(SampleBlock(rows + 1, ids, values))

    def _take(self, i: int, model: int, taken: "_Taken") -> Array:
        """Fold a block into the states of a loss and model; the samples' values."""
        loss, cell = self._losses[i], i * self._models + model
        y_true, y_pred, weights = taken.cast[0], taken.cast[1 + model], taken.weights
        more = dict(zip(self._inputs.more, taken.cast[1 + self._models :], strict=True))
        found = evaluate(loss, y_true, y_pred, more, self._plan.shows_samples(loss))
        if self._plan.batch_size is not None:
            self._batch(i, cell).update(found, weights, y_true, y_pred)
        for group, places in taken.parts:
            state = group.states[cell]
            state.update(found.at(places), _at(weights, places))
            state.hold(y_true[places], y_pred[places])
            if state.worst is not None:
                data = taken.raw[0][places], taken.raw[1 + model][places]
                ids = None if taken.ids is None else _ids_at(taken.ids, places)
                numbers = taken.rows[places] + 1
                state.worst.update(found.samples[places], numbers, ids, *data)
        unreduced = found.unreduced
        if weights is not None and self._plan.unreduced:
            unreduced = broadcast(weights, unreduced) * unreduced
        self._kept.values(cell, found.samples, unreduced)
        return found.samples

    def _release(self, i: int) -> None:
        """Give back what a loss holds that is left out."""
        for group in self._groups:
            for model in range(self._models):
                group.states[i * self._models + model].release()

    def _batch(self, i: int, cell: int) -> Batches:
        """The batches of a loss and model."""
        if cell not in self._batches:
            loss, plan = self._losses[i], self._plan
            assert plan.batch_size is not None
            self._batches[cell] = Batches(
                plan.batch_size,
                plan.batch_mean == "weighted",
                plan.reduction_of(loss, self._inputs.weights is not None),
                lambda: LossState(loss, self._dtype, summary=False),
            )
        return self._batches[cell]

    def _wanted(self, block: Block) -> tuple[Array, list[Array], list[list[Key]]]:
        """The rows of a block that are to be used: their numbers, arrays and keys."""
        rows = np.arange(block.start, block.start + len(block.arrays[0]))
        if self._plan.nan != "skip":
            return rows, block.arrays, block.keys
        finite = np.logical_and.reduce([_finite_rows(array) for array in block.arrays])
        if finite.all():
            return rows, block.arrays, block.keys
        self._skipped += int(np.count_nonzero(~finite))
        keys = [_ids_at(key, finite) for key in block.keys]
        return rows[finite], [array[finite] for array in block.arrays], keys

    def _result(self, i: int, m: int, group: Group, notes: tuple[str, ...]) -> Result:
        loss, cell = self._losses[i], i * self._models + m
        state = group.states[cell]
        weighted = self._inputs.weights is not None
        reduction = self._plan.reduction_of(loss, weighted)
        return Result(
            loss=loss.name,
            label=loss.label,
            name=loss.spec.name,
            family=loss.spec.family,
            params=loss.shown,
            changed=loss.changed,
            dialect=loss.origin.dialect,
            dialect_version=loss.origin.version,
            framework_name=loss.origin.name,
            why=loss.origin.why,
            domain=self._plan.domain,
            reduction=reduction,
            dtype=self._plan.dtype,
            nan=self._plan.nan,
            weighted=weighted,
            revision=loss.spec.revision,
            value=(
                self._batches[cell].value(self._dtype)
                if cell in self._batches
                else state.value(reduction, group.weights)
            ),
            batches=self._plan.batches,
            outputs=state.outputs(reduction, group.weights),
            n=Counts(group.n, self._skipped, self._inputs.unmatched),
            summary=state.summary(),
            per_sample=self._kept.values_of(cell) if group.key is None else None,
            unreduced=self._kept.unreduced_of(cell) if group.key is None else None,
            worst=state.worst.samples() if state.worst is not None else (),
            best=loss.spec.best,
            model=list(self._inputs.models)[m],
            group=group.key,
            unusual=self._validator.is_unusual(i),
            histogram=state.histogram(HISTOGRAM_BINS),
            notes=notes,
            kind=loss.spec.kind,
            statistics=state.statistics(),
        )


@dataclass(frozen=True)
class _Taken:
    """The rows of a block that are used: their numbers, arrays as read and as computed with."""

    rows: Array
    raw: list[Array]
    cast: list[Array]
    weights: Array | None
    ids: list[Key] | None
    parts: list[tuple[Group, Places]]


def _not_applicable(loss: BoundLoss, reason: str) -> NotApplicable:
    return NotApplicable(loss.label, loss.spec.family, reason)


def _at(array: Array | None, places: Places) -> Array | None:
    return None if array is None else array[places]


def _ids_at(ids: list[Key], places: Places) -> list[Key]:
    return [ids[i] for i in np.arange(len(ids))[places]]


def _finite_rows(array: Array) -> Array:
    """Which rows hold finite numbers alone."""
    return np.isfinite(array).reshape(len(array), -1).all(axis=1)  # type: ignore[return-value]
