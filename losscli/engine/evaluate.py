"""A loss of a block of rows: the array as the dialect has it, and the samples' values."""

import numpy as np

from losscli.errors import LosscliError
from losscli.losses.numerics import Array
from losscli.losses.spec import Loss


def evaluate(
    loss: Loss, y_true: Array, y_pred: Array, rows_shown: bool = True
) -> tuple[Array, Array, Array | None]:
    """The loss of a block: (unreduced as Keras has it, samples' values (n,), statistics or None).

    Statistics (n, m) are what a pooled loss adds up over samples. A loss of the whole data is
    called for each row alone, which takes long, only if `rows_shown`; else no sample has a value.
    Raises LosscliError if the function returns another shape than its kind says.
    """
    spec, n = loss.spec, len(y_true)
    if loss.domains[0].class_index:
        y_true = y_true.reshape(y_pred.shape[:-1])
    if spec.kind == "whole":
        # A sample's value is the loss of it alone; that of all rows comes from the state.
        rows = range(n if rows_shown else 0)
        samples = np.array([loss(y_true[i : i + 1], y_pred[i : i + 1]) for i in rows], y_pred.dtype)
        return samples, samples, None
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
    if np.shape(block) != shape:
        raise LosscliError(
            f"{loss.label} is declared {loss.spec.kind} and so must return an array of shape "
            f"{shape}, but returned {np.shape(block)}"
        )
