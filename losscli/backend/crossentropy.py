"""Keras's cross-entropies, which clip probabilities with `epsilon`."""

from typing import Any

import numpy as np

from losscli.backend.arrays import EPSILON, floating
from losscli.backend.elementwise import softplus
from losscli.backend.reductions import logsumexp

__all__ = [
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
]


def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """Binary cross-entropy, value by value."""
    target, output = floating(target), floating(output)
    if from_logits:
        return target * softplus(-output) + (1 - target) * softplus(output)
    low = output.dtype.type(EPSILON)
    q = np.clip(output, low, output.dtype.type(1) - low)
    return -(target * np.log(q) + (1 - target) * np.log1p(-q))


def categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """Categorical cross-entropy of one-hot rows; probabilities are divided by their sum."""
    target, output = floating(target), floating(output)
    if from_logits:
        log_q = output - logsumexp(output, axis=axis, keepdims=True)
    else:
        low = output.dtype.type(EPSILON)
        q = output / output.sum(axis=axis, keepdims=True)
        log_q = np.log(np.clip(q, low, output.dtype.type(1) - low))
    return -(target * log_q).sum(axis=axis)


def sparse_categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """Categorical cross-entropy of class indices."""
    output = np.moveaxis(floating(output), axis, -1)
    low = output.dtype.type(EPSILON)
    logits = output if from_logits else np.log(np.clip(output, low, output.dtype.type(1) - low))
    log_q = logits - logsumexp(logits, axis=-1, keepdims=True)
    index = np.asarray(target).astype(np.intp).reshape(output.shape[:-1])
    return -np.take_along_axis(log_q, index[..., np.newaxis], axis=-1)[..., 0]
