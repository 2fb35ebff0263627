"""A loss of a block of rows: the array as the dialect has it, and the samples' values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from losscli.errors import LosscliError, UsageError
from losscli.losses.domain import Domain
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss


@dataclass(frozen=True)
class Evaluated:
    """What a loss makes of a block.

    `unreduced` is the array as the dialect has it, `samples` (n,) a value a sample. `statistics`
    (n, m) are what a pooled loss adds up over samples, or, for values that are to come out per
    column, sums of columns with their number last; of an `order` loss the values (n, columns).
    `divisor` is what a mean divides by for each unreduced value, None for 1 each. `arrays` are the
    loss's arguments, of a loss of the whole data; then `samples` and `unreduced` may be empty.
    """

    unreduced: Array
    samples: Array
    statistics: Array | None = None
    divisor: Array | None = None
    arrays: tuple[Array, ...] | None = None

    def __len__(self) -> int:
        """How many rows the block has."""
        return len(self.samples if self.arrays is None else self.arrays[0])

    def at(self, rows: Array | slice) -> "Evaluated":
        """The part of some rows."""
        has_samples = len(self.samples) == len(self)
        return Evaluated(
            self.unreduced[rows] if has_samples else self.unreduced,
            self.samples[rows] if has_samples else self.samples,
            None if self.statistics is None else self.statistics[rows],
            None if self.divisor is None else self.divisor[rows],
            None if self.arrays is None else tuple(array[rows] for array in self.arrays),
        )


def evaluate(
    loss: BoundLoss,
    y_true: Array,
    y_pred: Array,
    more: Mapping[str, Array] | None = None,
    rows_shown: bool = True,
) -> Evaluated:
    """The loss of a block.

    A loss of the whole data is called for each row alone, which takes long, only if `rows_shown`;
    else no sample has a value. Raises LosscliError if the function returns another shape than its
    kind says.
    """
    spec, n = loss.spec, len(y_true)
    domain = loss.domains[0]
    if domain.has_rows:
        y_true = y_true.reshape(y_pred.shape[:-1])
    loss, y_true = _translate_labels(loss, domain, y_true)
    arrays = [y_true, y_pred, *((more or {})[name] for name in spec.inputs)]
    if spec.kind == "whole":
        # A sample's value is the loss of it alone; that of all rows comes from the reducer.
        rows = range(n if rows_shown else 0)
        samples = np.array([loss(*(a[i : i + 1] for a in arrays)) for i in rows], y_pred.dtype)
        return Evaluated(samples, samples, arrays=tuple(arrays))
    block = loss(*arrays)
    if spec.kind == "pooled":
        _check_shape(loss, block, (n, block.shape[-1]))
        values = loss.finalise(block)
        samples = combine_outputs(loss, values)
        if loss.is_pooled:
            return Evaluated(samples, samples, block)
        keeps_outputs = spec.per_output and loss.handling.form == "elements"
        by_output = _append_count(values) if loss.keeps_outputs else None
        return Evaluated(values if keeps_outputs else samples, samples, by_output)
    statistics = None
    if spec.kind in ("element", "order"):
        _check_shape(loss, block, y_pred.shape)
        if spec.kind == "order" or loss.keeps_outputs:
            statistics = _sum_columns(loss, block)
        block = _apply_form(loss, block)
    else:
        _check_shape(loss, block, y_pred.shape[:-1])
    samples = block if block.ndim == 1 else block.reshape(n, -1).mean(axis=1)
    return Evaluated(block, samples, statistics, loss.divisor(*arrays))


def _translate_labels(loss: BoundLoss, domain: Domain, y_true: Array) -> tuple[BoundLoss, Array]:
    """Labels as the loss takes them, and the loss ignoring what stands for the ignored label."""
    translated = domain.translated(y_true)
    if not domain.labels or loss.ignored is None:
        return loss, translated
    # An index could be the same number as the ignored label.
    ignored = np.where(y_true == loss.ignored, y_true.dtype.type(-1), translated)
    return replace(loss, params={**loss.params, loss.spec.ignore or "": -1}), ignored


def combine_outputs(loss: BoundLoss, values: Array) -> Array:
    """The values of a pooled loss's outputs (…, outputs) made one, if it has such.

    Raises UsageError where there are not as many as `multioutput` weighs.
    """
    if not loss.spec.per_output and loss.spec.kind != "order":
        return values
    weights = loss.handling.outputs
    if not isinstance(weights, tuple):
        return np.average(values, axis=-1)
    if len(weights) != values.shape[-1]:
        raise UsageError(
            f"{loss.label}: multioutput weighs {len(weights)} values, there are {values.shape[-1]}"
        )
    return np.average(values, axis=-1, weights=weights)


def _apply_form(loss: BoundLoss, elements: Array) -> Array:
    """The unreduced array of element values, in the form that the dialect gives it."""
    form = loss.handling.form or loss.spec.last_axis
    weights = loss.handling.outputs
    if isinstance(weights, tuple):
        # Weighted by column in place of the mean.
        share = np.array(weights, dtype=elements.dtype)
        block = (elements * share).sum(axis=-1) / share.sum()
    elif form == "elements":
        block = elements
    else:
        block = elements.mean(axis=-1) if form == "mean" else elements.sum(axis=-1)
    if loss.scale != 1:
        block = block * block.dtype.type(loss.scale)
    return block


def _sum_columns(loss: BoundLoss, elements: Array) -> Array:
    """Element values as rows of columns: as they are for an order, else summed, with a count."""
    n, columns = len(elements), elements.shape[-1]
    if loss.spec.kind == "order":
        return elements.reshape(n, -1)
    inner = elements.reshape(n, -1, columns)
    scale = elements.dtype.type(loss.scale)
    return _append_count(inner.sum(axis=1) * scale, inner.shape[1])


def _append_count(sums: Array, count: int = 1) -> Array:
    """Sums of columns (n, columns) with the number of what each is of behind them."""
    return np.concatenate([sums, np.full((len(sums), 1), count, dtype=sums.dtype)], axis=1)


def _check_shape(loss: BoundLoss, block: Array, shape: tuple[int, ...]) -> None:
    if np.shape(block) != shape:
        raise LosscliError(
            f"{loss.label} is declared {loss.spec.kind} and so must return an array of shape "
            f"{shape}, but returned {np.shape(block)}"
        )
