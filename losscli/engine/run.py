"""The one pass over the data, on this machine."""

from collections.abc import Sequence

import numpy as np

from losscli.engine.blocks import Block, describe_shape, walk
from losscli.engine.cell import Cell, UsedRows, select_keys
from losscli.engine.counters import Counters
from losscli.engine.fingerprint import Fingerprinter
from losscli.engine.groups import Groups
from losscli.engine.plan import Inputs, Plan
from losscli.engine.probe import classify
from losscli.engine.reduction import resolve_reduction
from losscli.engine.result import Counts, NotApplicable, Result, Run, SampleBlock
from losscli.engine.sample_values import SampleNumbers
from losscli.engine.shapes import (
    check_shapes,
    check_used,
    check_weight_shape,
    find_shape_fault,
    select_alternative,
    weight_axes,
)
from losscli.engine.validate import Validator, check_weights
from losscli.errors import DataError, LosscliError
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss
from losscli.sources.base import Key


def run(plan: Plan, inputs: Inputs) -> Run:
    """A result for each loss, model and group, in one pass over the data. Raises LosscliError."""
    _check_models(inputs)
    losses, left_out = _select_losses(plan, inputs)
    return _Pass(plan, inputs, losses, left_out).run()


def _check_models(inputs: Inputs) -> None:
    """Raise DataError unless all models' predictions have one shape."""
    first, *others = inputs.models.values()
    for view in others:
        if view.shape[1:] != first.shape[1:]:
            raise DataError(
                f"the models' predictions must have one shape: {first.label} has shape "
                f"{describe_shape(first.shape)}, {view.label} has {describe_shape(view.shape)}"
            )


def _select_losses(plan: Plan, inputs: Inputs) -> tuple[list[BoundLoss], list[NotApplicable]]:
    """The losses that the inputs' shapes allow, each as it is for these, and those left out.

    Raises LosscliError where a loss must not be left out, or all would be.
    """
    y_true, y_pred = inputs.y_true, next(iter(inputs.models.values()))
    more = {name: view.shape for name, view in inputs.more.items()}
    lenient = plan.domain == "framework"
    losses = [select_alternative(loss, y_true.shape, y_pred.shape) for loss in plan.losses]
    check_used(losses, inputs.more)
    selected, left_out = [], []
    for loss in losses:
        fault = find_shape_fault(loss, y_true.shape, y_pred.shape, more, lenient)
        if fault is not None and plan.exclude:
            left_out.append(_leave_out(loss, f"{fault.must}; {fault.found}"))
            continue
        check_shapes(loss, y_true, y_pred, inputs.more, lenient)
        try:
            check_weight_shape(loss, y_pred, inputs.weights)
            resolve_reduction(loss, plan, weighted=inputs.weights is not None)
        except LosscliError as refusal:
            if not plan.exclude:
                raise
            left_out.append(_leave_out(loss, refusal.message))
            continue
        selected.append(loss)
    if not selected:
        check_shapes(losses[0], y_true, y_pred, inputs.more, lenient)
        raise DataError(f"no loss can be computed: {left_out[0].reason}")
    return selected, left_out


def _leave_out(loss: BoundLoss, reason: str) -> NotApplicable:
    return NotApplicable(loss.label, loss.spec.family, reason)


class _Pass:
    """The cells of a pass, fed block by block."""

    def __init__(
        self,
        plan: Plan,
        inputs: Inputs,
        losses: Sequence[BoundLoss],
        left_out: Sequence[NotApplicable],
    ) -> None:
        self._plan = plan
        self._inputs = inputs
        self._losses = losses
        self._left_out = left_out
        self._dtype = np.dtype(plan.dtype)
        self._validator = Validator(
            losses,
            inputs.y_true,
            inputs.models,
            inputs.more,
            plan.nan,
            plan.exclude,
            plan.domain,
        )
        # The cells of each loss that is not excluded, a model each; made with the first block.
        self._cells: dict[int, list[Cell]] | None = None
        self._groups = Groups()
        self._numbers = SampleNumbers(plan.keep)
        self._fingerprinter = Fingerprinter() if plan.fingerprint else None
        self._skipped = 0
        self._counters = {
            name: Counters((inputs.y_true.label, view.label))
            for name, view in inputs.models.items()
            if inputs.may_count
            and len(view.shape) == 2
            and view.shape[1:] == inputs.y_true.shape[1:]
        }

    def run(self) -> Run:
        """Walk the data and put together what came out."""
        inputs = self._inputs
        weights = [inputs.weights] if inputs.weights is not None else []
        keys = [columns for columns in (inputs.ids, inputs.by) if columns is not None]
        views = [inputs.y_true, *inputs.models.values(), *inputs.more.values(), *weights]
        for block in walk(views, keys):
            with np.errstate(all="ignore"):
                for name, counter in self._counters.items():
                    model = list(inputs.models).index(name)
                    counter.update(block.arrays[0], block.arrays[1 + model])
                self._update(block)
            if self._plan.on_rows is not None:
                self._plan.on_rows(block.start + len(block.arrays[0]))
        for counter in self._counters.values():
            counter.check()
        n = Counts(sum(group.n for group in self._groups), self._skipped, inputs.unmatched)
        self._check_something_left(n)
        notes = (*self._validator.notes(), *dict.fromkeys(self._losses_notes()))
        keep = self._plan.keep
        with_samples = not (self._plan.all_or_none and keep is not None and n.used > keep)
        with np.errstate(all="ignore"):
            results = self._results(notes, with_samples)
        numbers = self._numbers if with_samples else SampleNumbers(0)
        return Run(
            results,
            n,
            numbers.numbers,
            numbers.ids if inputs.ids else None,
            notes,
            models=tuple(inputs.models),
            not_applicable=self._not_applicable(),
            fingerprint=self._fingerprinter.result() if self._fingerprinter else None,
        )

    def _update(self, block: Block) -> None:
        """Fold in the rows of a block that are to be used."""
        used = self._select_rows(block)
        if used is None:
            return
        if self._cells is None:
            first, *_ = used.y_pred.values()
            self._cells = self._make_cells(used.y_true[1], first[1])
        for group, places in used.parts:
            weights = None if used.weights is None else used.weights[places]
            group.weights.update(len(used.rows[places]), weights)
        values = []
        for i, _ in self._validator.active():
            try:
                values += [cell.update(used) for cell in self._cells[i]]
            except LosscliError as error:  # more data than it can hold
                self._exclude(i, error)
                for cell in self._cells[i]:
                    cell.release()
        self._numbers.update(used.rows + 1, used.ids)
        if self._plan.on_block is not None:
            self._plan.on_block(SampleBlock(used.rows + 1, used.ids, values))

    def _select_rows(self, block: Block) -> UsedRows | None:
        """The rows of a block that are used, checked; None if there are none."""
        inputs = self._inputs
        rows, raw, keys = self._skip(block)
        if len(rows) == 0:
            return None
        cast = [np.ascontiguousarray(array, dtype=self._dtype) for array in raw]
        weights = None
        if inputs.weights is not None:
            weights = cast.pop()
            check_weights(rows, weights, inputs.weights)
            weights = weights.reshape(len(weights), *weight_axes(weights.shape))
        raw = raw[: len(cast)]
        self._validator.check(rows, raw, cast)
        if self._fingerprinter is not None:
            self._fingerprinter.update(raw[0])
        both = list(zip(raw, cast, strict=True))
        behind = 1 + len(inputs.models)
        return UsedRows(
            rows,
            keys[0] if inputs.ids is not None else None,
            both[0],
            dict(zip(inputs.models, both[1:behind], strict=True)),
            dict(zip(inputs.more, cast[behind:], strict=True)),
            weights,
            self._groups.split(keys[-1] if inputs.by is not None else None),
        )

    def _skip(self, block: Block) -> tuple[Array, list[Array], list[list[Key]]]:
        """The numbers, arrays and keys of a block, without the rows that the policy skips."""
        rows = np.arange(block.start, block.start + len(block.arrays[0]))
        if self._plan.nan != "skip":
            return rows, block.arrays, block.keys
        finite = np.logical_and.reduce([_find_finite_rows(array) for array in block.arrays])
        if finite.all():
            return rows, block.arrays, block.keys
        self._skipped += int(np.count_nonzero(~finite))
        keys = [select_keys(key, finite) for key in block.keys]
        return rows[finite], [array[finite] for array in block.arrays], keys

    def _make_cells(self, y_true: Array, y_pred: Array) -> dict[int, list[Cell]]:
        """The cells of each loss, whose kind the first block shows if it is not declared."""
        weighted = self._inputs.weights is not None
        cells = {}
        for i, loss in self._validator.active():
            try:
                known = classify(loss, y_true, y_pred)
                reduction = resolve_reduction(known, self._plan, weighted)
            except LosscliError as error:
                self._exclude(i, error)
                continue
            cells[i] = [
                Cell(known, model, reduction, self._plan, weighted) for model in self._inputs.models
            ]
        return cells

    def _exclude(self, i: int, error: LosscliError) -> None:
        """Leave a loss out for this error, or raise it where none may be left out."""
        if not self._plan.exclude:
            raise error
        self._validator.excluded[i] = error.message

    def _check_something_left(self, n: Counts) -> None:
        """Raise DataError where no row, no weight or no loss is left."""
        weights = self._inputs.weights
        if n.used == 0:
            raise DataError(f"no row is left: all {n.skipped} hold a value that is not finite")
        if weights is not None and not any(group.weights.nonzero for group in self._groups):
            raise DataError(f"all weights are 0 in {weights.label}")
        if not self._validator.active():
            first = min(self._validator.excluded)
            raise DataError(f"no loss can be computed: {self._validator.excluded[first]}")

    def _losses_notes(self) -> list[str]:
        """What the losses' own functions have to say."""
        return [note for loss in self._losses for note in getattr(loss.spec.function, "notes", ())]

    def _results(self, notes: tuple[str, ...], with_samples: bool) -> tuple[Result, ...]:
        """The results by group, loss and model."""
        assert self._cells is not None
        return tuple(
            cell.result(
                group,
                Counts(group.n, self._skipped, self._inputs.unmatched),
                notes,
                unusual=self._validator.is_unusual(i),
                with_samples=with_samples,
            )
            for group in self._groups
            for i, _ in self._validator.active()
            for cell in self._cells[i]
        )

    def _not_applicable(self) -> tuple[NotApplicable, ...]:
        """What was left out before and during the pass, in the order of the plan's losses."""
        excluded = [
            _leave_out(self._losses[i], reason)
            for i, reason in sorted(self._validator.excluded.items())
        ]
        order = [loss.label for loss in self._plan.losses]
        both = [*self._left_out, *excluded]
        return tuple(sorted(both, key=lambda one: order.index(one.loss)))


def _find_finite_rows(array: Array) -> Array:
    """Which rows hold finite numbers alone."""
    return np.logical_and.reduce(np.isfinite(array).reshape(len(array), -1), axis=1)
