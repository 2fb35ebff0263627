"""A loss of the user's own is tried on its first block: what it returns, what it depends on."""

from dataclasses import replace

import numpy as np

from losscli.errors import LosscliError
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss
from losscli.words import Kind

# What a loss may differ by when it sees other rows beside a row, relative to its largest value:
# rounding, not meaning.
TOLERANCE = {np.dtype(np.float64): 1e-9, np.dtype(np.float32): 1e-4}


def classify(loss: BoundLoss, y_true: Array, y_pred: Array) -> BoundLoss:
    """The loss with its kind, by what it returns for a block, if it does not declare it.

    A loss that is not trusted is computed again, and of parts of the block. Raises LosscliError if
    its value of a row depends on the other rows or on chance, or if what it returns is of no kind.
    """
    if loss.spec.trusted:
        return loss
    if loss.domains[0].has_rows:
        y_true = y_true.reshape(y_pred.shape[:-1])
    returned = np.asarray(loss(y_true, y_pred))
    kind = loss.spec.kind or infer_kind(loss, returned, y_true, y_pred)
    _check_declared(loss, kind, returned, y_true, y_pred)
    _check_again(loss, returned, y_true, y_pred)
    if kind != "whole" and len(y_pred) > 1:
        _check_parts(loss, returned, y_true, y_pred)
    return replace(loss, spec=replace(loss.spec, kind=kind))


def infer_kind(loss: BoundLoss, returned: Array, y_true: Array, y_pred: Array) -> Kind:
    """The kind of a loss by the shape that it returns."""
    if returned.shape == y_pred.shape:
        return "element"
    if returned.shape == y_pred.shape[:-1]:
        return "sample"
    if returned.ndim == 0:
        return "whole"
    raise LosscliError(
        f"{_describe(loss, returned, y_true, y_pred)}",
        f"return shape {y_pred.shape} (a value an element), {y_pred.shape[:-1]} (axis=-1 reduced) "
        "or a single number",
    )


def _describe(loss: BoundLoss, returned: Array, y_true: Array, y_pred: Array) -> str:
    what = f"an array of shape {returned.shape}" if returned.ndim else "a single number"
    return (
        f"{loss.label} returns {what} for y_true of shape {y_true.shape} and y_pred of shape "
        f"{y_pred.shape}"
    )


def _check_declared(
    loss: BoundLoss, kind: Kind, returned: Array, y_true: Array, y_pred: Array
) -> None:
    """Raise LosscliError unless what a loss returns is what its kind says."""
    n = len(y_pred)
    fits, must = {
        "element": (returned.shape == y_pred.shape, f"shape {y_pred.shape}"),
        "sample": (returned.shape == y_pred.shape[:-1], f"shape {y_pred.shape[:-1]}"),
        "pooled": (
            returned.ndim == 2 and len(returned) == n,
            f"shape ({n}, m): sums of each sample that finalise makes a value of",
        ),
        "whole": (returned.ndim == 0, "a single number"),
    }[kind]
    if not fits:
        raise LosscliError(
            _describe(loss, returned, y_true, y_pred),
            f"it is declared {kind} and so must return {must}",
        )


def _check_again(loss: BoundLoss, returned: Array, y_true: Array, y_pred: Array) -> None:
    again = np.asarray(loss(y_true, y_pred))
    if not np.array_equal(again, returned, equal_nan=True):
        raise LosscliError(
            f"{loss.label} gives other values when it is called again with the same data",
            "a loss must depend on its arrays alone, not on chance or on earlier calls",
        )


def _check_parts(loss: BoundLoss, whole: Array, y_true: Array, y_pred: Array) -> None:
    # Halves, and a first row by itself: halves may happen to be alike.
    for cut in dict.fromkeys([(len(y_pred) + 1) // 2, 1]):
        parts = [
            np.asarray(loss(y_true[rows], y_pred[rows])) for rows in (slice(cut), slice(cut, None))
        ]
        if not _are_close(parts, whole):
            raise LosscliError(
                f"{loss.label} depends on which rows are computed together: for the first "
                f"{len(y_pred)} rows it gives other values than for {cut} and {len(y_pred) - cut} "
                "of them",
                "reduce over axis=-1 alone, or return a single number for all rows",
            )


def _are_close(parts: list[Array], whole: Array) -> bool:
    if any(part.shape[1:] != whole.shape[1:] or part.ndim == 0 for part in parts):
        return False
    together = np.concatenate(parts)
    if together.shape != whole.shape:
        return False
    finite = np.abs(whole[np.isfinite(whole)])
    tolerance = TOLERANCE[whole.dtype]
    atol = tolerance * float(finite.max(initial=0))
    return np.allclose(together, whole, rtol=tolerance, atol=atol, equal_nan=True)
