"""Keras's reductions: they take `axis` (None: all axes) and `keepdims`."""

from typing import Any

import numpy as np

from losscli.backend.arrays import Array, Axis, axes, counted, floating

__all__ = [
    "all",
    "any",
    "argmax",
    "argmin",
    "cumprod",
    "cumsum",
    "logsumexp",
    "max",
    "mean",
    "min",
    "prod",
    "std",
    "sum",
    "var",
]


def mean(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The mean over axes."""
    return floating(x).mean(axis=axes(axis), keepdims=keepdims)


def sum(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: A001
    """The sum over axes."""
    return counted(x).sum(axis=axes(axis), keepdims=keepdims)


def prod(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The product over axes."""
    return counted(x).prod(axis=axes(axis), keepdims=keepdims)


def max(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: A001
    """The largest value over axes."""
    return np.asarray(x).max(axis=axes(axis), keepdims=keepdims)


def min(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: A001
    """The least value over axes."""
    return np.asarray(x).min(axis=axes(axis), keepdims=keepdims)


def var(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The population variance over axes."""
    return floating(x).var(axis=axes(axis), keepdims=keepdims)


def std(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The population standard deviation over axes."""
    return floating(x).std(axis=axes(axis), keepdims=keepdims)


def any(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: A001
    """Whether any value over axes is true."""
    return np.asarray(x).any(axis=axes(axis), keepdims=keepdims)


def all(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:  # noqa: A001
    """Whether all values over axes are true."""
    return np.asarray(x).all(axis=axes(axis), keepdims=keepdims)


def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """ln Σ e^x over axes, without overflow."""
    x = floating(x)
    top = x.max(axis=axes(axis), keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    total = np.log(np.exp(x - top).sum(axis=axes(axis), keepdims=True)) + top
    return total if keepdims else np.squeeze(total, axis=axes(axis))


def cumsum(x: Any, axis: int = 0) -> Array:
    """Sums of the values so far."""
    return np.cumsum(counted(x), axis=axis)


def cumprod(x: Any, axis: int = 0) -> Array:
    """Products of the values so far."""
    return np.cumprod(counted(x), axis=axis)


def argmax(x: Any, axis: int = -1) -> Array:
    """Where the largest value is."""
    return np.argmax(x, axis=axis)


def argmin(x: Any, axis: int = -1) -> Array:
    """Where the least value is."""
    return np.argmin(x, axis=axis)
