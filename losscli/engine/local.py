"""The one pass over the data, on this machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from losscli.engine.blocks import walk
from losscli.engine.result import Counts, Result
from losscli.engine.state import LossState
from losscli.engine.validate import Validator, check_shapes
from losscli.errors import LosscliError
from losscli.losses.dialects import KERAS2
from losscli.losses.numerics import Array
from losscli.losses.spec import Loss
from losscli.sources.columns import View

DType = Literal["float64", "float32"]
OnBlock = Callable[[int, list[Array]], None]


@dataclass(frozen=True)
class Plan:
    """What is asked of a pass: only that is computed and kept.

    `keep` is how many samples' values to hold, from the first (None: all). `unreduced` holds the
    losses' unreduced arrays too. `on_block` is handed the first row and every loss's values of the
    samples of a block, as soon as they are there.
    """

    losses: Sequence[Loss]
    dtype: DType = "float64"
    summary: bool = True
    keep: int | None = 0
    unreduced: bool = False
    on_block: OnBlock | None = None


def run(plan: Plan, y_true: View, y_pred: View) -> list[Result]:
    """A result for each loss of the plan, in one pass over the data. Raises LosscliError."""
    for loss in plan.losses:
        check_shapes(loss, y_true, y_pred)
    dtype = np.dtype(plan.dtype)
    validator = Validator(plan.losses, y_true, y_pred)
    states = [LossState(loss, dtype, plan.summary) for loss in plan.losses]
    kept: list[list[Array]] = [[] for _ in plan.losses]
    unreduced: list[list[Array]] = [[] for _ in plan.losses]
    n = 0
    for start, raw in walk((y_true, y_pred)):
        with np.errstate(all="ignore"):
            t, p = (np.ascontiguousarray(block, dtype=dtype) for block in raw)
            validator.check(start, raw, (t, p))
            values = []
            for loss, state, held, whole in zip(plan.losses, states, kept, unreduced, strict=True):
                block, samples, statistics = evaluate(loss, t, p)
                state.update(samples, statistics)
                values.append(samples)
                if plan.keep is None or start < plan.keep:
                    held.append(samples[: None if plan.keep is None else plan.keep - start])
                if plan.unreduced:
                    whole.append(block)
        n += len(t)
        if plan.on_block is not None:
            plan.on_block(start, values)
    notes = tuple(validator.notes())
    return [
        _result(plan, loss, state, Counts(n), held, whole, notes)
        for loss, state, held, whole in zip(plan.losses, states, kept, unreduced, strict=True)
    ]


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


def _expect_shape(loss: Loss, block: Array, shape: tuple[int, ...]) -> None:
    if block.shape != shape:
        raise LosscliError(
            f"{loss.label} is declared {loss.spec.kind} and so must return an array of shape "
            f"{shape}, but returned {block.shape}"
        )


def _result(
    plan: Plan,
    loss: Loss,
    state: LossState,
    n: Counts,
    held: list[Array],
    whole: list[Array],
    notes: tuple[str, ...],
) -> Result:
    return Result(
        loss=loss.name,
        label=loss.label,
        name=loss.spec.name,
        params=loss.params,
        changed=loss.changed,
        dialect=KERAS2.name,
        dialect_version=KERAS2.version,
        reduction=KERAS2.reduction,
        dtype=plan.dtype,
        nan="error",
        revision=loss.spec.revision,
        value=state.value(),
        n=n,
        summary=state.summary(),
        per_sample=np.concatenate(held) if held else None,
        unreduced=np.concatenate(whole) if whole else None,
        notes=notes,
    )
