"""The one pass over the data, on this machine."""

from dataclasses import dataclass

import numpy as np

from losscli.engine.blocks import Block, walk
from losscli.engine.plan import Inputs, Plan
from losscli.engine.result import Counts, Result, Run, SampleBlock
from losscli.engine.state import LossState, WeightState
from losscli.engine.validate import Validator, check_shapes, check_weight_shape, check_weights
from losscli.errors import DataError, LosscliError
from losscli.losses.dialects import KERAS2
from losscli.losses.numerics import Array
from losscli.losses.spec import Loss
from losscli.sources.base import Key


def run(plan: Plan, inputs: Inputs) -> Run:
    """A result for each loss of the plan, in one pass over the data. Raises LosscliError."""
    for loss in plan.losses:
        check_shapes(loss, inputs.y_true, inputs.y_pred)
        check_weight_shape(loss, inputs.y_pred, inputs.weights)
        plan.reduction_of(loss, weighted=inputs.weights is not None)
    return _Pass(plan, inputs).run()


class _Pass:
    """The states of a pass, fed block by block."""

    def __init__(self, plan: Plan, inputs: Inputs) -> None:
        self._plan = plan
        self._inputs = inputs
        self._dtype = np.dtype(plan.dtype)
        self._validator = Validator(plan.losses, inputs.y_true, inputs.y_pred, plan.nan)
        self._states = [
            LossState(loss, self._dtype, plan.summary, plan.worst) for loss in plan.losses
        ]
        self._weights = WeightState()
        self._kept = _Kept(plan)
        self._skipped = 0

    def run(self) -> Run:
        inputs = self._inputs
        views = [view for view in (inputs.y_true, inputs.y_pred, inputs.weights) if view]
        for block in walk(views, inputs.ids):
            with np.errstate(all="ignore"):
                self._block(block)
        n = Counts(self._weights.n, self._skipped, inputs.unmatched)
        if n.used == 0:
            raise DataError(f"no row is left: all {n.skipped} hold a value that is not finite")
        if inputs.weights is not None and self._weights.nonzero == 0:
            raise DataError(f"all weights are 0 in {inputs.weights.label}")
        notes = tuple(self._validator.notes())
        with np.errstate(all="ignore"):
            results = tuple(self._result(i, n, notes) for i in range(len(self._states)))
        ids = self._kept.ids if inputs.ids else None
        return Run(results, n, self._kept.all_numbers(), ids, notes)

    def _block(self, block: Block) -> None:
        rows = np.arange(block.start, block.start + len(block.arrays[0]))
        raw, ids = block.arrays, block.ids
        if self._plan.nan == "skip":
            finite = np.logical_and.reduce([_finite_rows(array) for array in raw])
            if not finite.all():
                self._skipped += int(np.count_nonzero(~finite))
                rows, raw = rows[finite], [array[finite] for array in raw]
                ids = None if ids is None else [ids[i] for i in np.flatnonzero(finite)]
                if len(rows) == 0:
                    return
        t, p, *rest = (np.ascontiguousarray(array, dtype=self._dtype) for array in raw)
        self._validator.check(rows, raw[:2], (t, p))
        weights = rest[0] if rest else None
        if weights is not None and self._inputs.weights is not None:
            check_weights(rows, weights, self._inputs.weights)
            weights = weights[:, 0] if weights.shape[1:] == (1,) else weights
        self._weights.update(len(rows), weights)
        numbers = rows + 1
        values = []
        for i, (loss, state) in enumerate(zip(self._plan.losses, self._states, strict=True)):
            unreduced, samples, statistics = evaluate(loss, t, p)
            state.update(samples, statistics, weighed(unreduced, weights))
            if state.worst is not None:
                state.worst.update(samples, numbers, ids, raw[0], raw[1])
            self._kept.unreduced(i, unreduced)
            values.append(samples)
        self._kept.samples(numbers, ids, values)
        if self._plan.on_block is not None:
            self._plan.on_block(SampleBlock(numbers, ids, values))

    def _result(self, i: int, n: Counts, notes: tuple[str, ...]) -> Result:
        loss, state = self._plan.losses[i], self._states[i]
        weighted = self._inputs.weights is not None
        reduction = self._plan.reduction_of(loss, weighted)
        return Result(
            loss=loss.name,
            label=loss.label,
            name=loss.spec.name,
            params=loss.params,
            changed=loss.changed,
            dialect=KERAS2.name,
            dialect_version=KERAS2.version,
            reduction=reduction,
            dtype=self._plan.dtype,
            nan=self._plan.nan,
            weighted=weighted,
            revision=loss.spec.revision,
            value=state.value(reduction, self._weights),
            n=n,
            summary=state.summary(),
            per_sample=self._kept.values_of(i),
            unreduced=self._kept.unreduced_of(i),
            worst=state.worst.samples() if state.worst is not None else (),
            notes=notes,
        )


@dataclass
class _Kept:
    """The samples' values that the plan asks to hold, in the order of the rows."""

    plan: Plan

    def __post_init__(self) -> None:
        losses = self.plan.losses
        self.ids: list[Key] = []
        self._count = 0
        self._numbers: list[Array] = []
        self._values: list[list[Array]] = [[] for _ in losses]
        self._unreduced: list[list[Array]] = [[] for _ in losses]

    def samples(self, numbers: Array, ids: list[Key] | None, values: list[Array]) -> None:
        room = None if self.plan.keep is None else self.plan.keep - self._count
        if room is not None and room <= 0:
            return
        self._count += len(numbers[:room])
        self._numbers.append(numbers[:room])
        self.ids.extend((ids or [])[:room])
        for held, value in zip(self._values, values, strict=True):
            held.append(value[:room])

    def unreduced(self, i: int, block: Array) -> None:
        if self.plan.unreduced:
            self._unreduced[i].append(block)

    def all_numbers(self) -> Array:
        return np.concatenate(self._numbers) if self._numbers else np.empty(0, dtype=np.int64)

    def values_of(self, i: int) -> Array | None:
        return np.concatenate(self._values[i]) if self._values[i] else None

    def unreduced_of(self, i: int) -> Array | None:
        return np.concatenate(self._unreduced[i]) if self._unreduced[i] else None


def evaluate(loss: Loss, y_true: Array, y_pred: Array) -> tuple[Array, Array, Array | None]:
    """The loss of a block: (unreduced as Keras has it, samples' values (n,), statistics or None).

    Statistics (n, m) are what a pooled loss adds up over samples.
    Raises LosscliError if the function returns another shape than its kind says.
    """
    spec, n = loss.spec, len(y_true)
    if loss.domains[0].class_index:
        y_true = y_true.reshape(y_pred.shape[:-1])
    block = loss(y_true, y_pred)
    if spec.kind == "pooled":
        _expect_shape(loss, block, (n, block.shape[-1]))
        assert spec.finalise is not None
        samples = spec.finalise(block)
        return samples, samples, block
    if spec.kind == "element":
        _expect_shape(loss, block, y_pred.shape)
        block = block.mean(axis=-1)
        if spec.scale != 1:
            block *= block.dtype.type(spec.scale)
    else:
        _expect_shape(loss, block, y_pred.shape[:-1])
    samples = block if block.ndim == 1 else block.reshape(n, -1).mean(axis=1)
    return block, samples, None


def weighed(unreduced: Array, weights: Array | None) -> tuple[Array, Array] | None:
    """The values that the weights are for, and the weights, both flat; None without weights.

    A weight may be for a sample, or for each place of its leading axes (time steps): the values
    are the means over the axes that the weights do not have.
    """
    if weights is None:
        return None
    if unreduced.ndim > weights.ndim:
        unreduced = unreduced.reshape(*weights.shape, -1).mean(axis=-1)
    return unreduced.reshape(-1), weights.reshape(-1)


def _expect_shape(loss: Loss, block: Array, shape: tuple[int, ...]) -> None:
    if block.shape != shape:
        raise LosscliError(
            f"{loss.label} is declared {loss.spec.kind} and so must return an array of shape "
            f"{shape}, but returned {block.shape}"
        )


def _finite_rows(array: Array) -> Array:
    """Which rows hold finite numbers alone."""
    return np.isfinite(array).reshape(len(array), -1).all(axis=1)  # type: ignore[return-value]
