"""Keras's functions of each value, or of the values along one axis (softmax)."""

from typing import Any

import numpy as np

from losscli.backend.arrays import Axis, axes, floating

__all__ = [
    "abs",
    "clip",
    "cos",
    "elu",
    "equal",
    "exp",
    "greater",
    "greater_equal",
    "hard_sigmoid",
    "l2_normalize",
    "less",
    "less_equal",
    "log",
    "maximum",
    "minimum",
    "not_equal",
    "pow",
    "relu",
    "round",
    "sigmoid",
    "sign",
    "sin",
    "softmax",
    "softplus",
    "softsign",
    "sqrt",
    "square",
    "switch",
    "tanh",
    "where",
]

square = np.square
abs = np.abs  # noqa: A001
exp = np.exp
log = np.log
pow = np.power  # noqa: A001
sign = np.sign
sin = np.sin
cos = np.cos
tanh = np.tanh
maximum = np.maximum
minimum = np.minimum
equal = np.equal
not_equal = np.not_equal
greater = np.greater
greater_equal = np.greater_equal
less = np.less
less_equal = np.less_equal


def sqrt(x: Any) -> Any:
    """The root, of 0 where x is negative, as Keras has it."""
    return np.sqrt(np.maximum(x, 0))


def round(x: Any) -> Any:  # noqa: A001
    """The nearest whole number, halves to the even one."""
    return np.round(x)


def clip(x: Any, min_value: Any, max_value: Any) -> Any:
    """`x` within bounds, either of which may be None."""
    return np.clip(x, min_value, max_value)


def sigmoid(x: Any) -> Any:
    """1 / (1 + e^(−x)), without overflow."""
    x = floating(x)
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def hard_sigmoid(x: Any) -> Any:
    """0.2·x + 0.5 within [0, 1]."""
    return np.clip(0.2 * floating(x) + 0.5, 0, 1)


def softplus(x: Any) -> Any:
    """ln(1 + e^x), without overflow."""
    x = floating(x)
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def softsign(x: Any) -> Any:
    """x / (1 + |x|)."""
    x = floating(x)
    return x / (1 + np.abs(x))


def relu(x: Any, alpha: float = 0.0, max_value: float | None = None) -> Any:
    """max(x, 0), `alpha`·x where x is negative, at most `max_value`."""
    x = floating(x)
    kept = np.where(x >= 0, x, alpha * x)
    return kept if max_value is None else np.minimum(kept, max_value)


def elu(x: Any, alpha: float = 1.0) -> Any:
    """`x` where it is positive, `alpha`·(e^x − 1) elsewhere."""
    x = floating(x)
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def softmax(x: Any, axis: int = -1) -> Any:
    """e^x / Σ e^x over an axis."""
    x = floating(x)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def l2_normalize(x: Any, axis: Axis = None, epsilon: float = 1e-12) -> Any:
    """Vectors along axes divided by their length, the square of which is at least `epsilon`."""
    x = floating(x)
    squared = np.square(x).sum(axis=axes(axis), keepdims=True)
    return x / np.sqrt(np.maximum(squared, epsilon))


def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """One or the other, value by value, or row by row where the condition has fewer axes."""
    then_value, else_value = (e() if callable(e) else e for e in (then_expression, else_expression))
    condition = np.asarray(condition).astype(bool)
    rank = max(np.ndim(then_value), np.ndim(else_value))
    if condition.ndim:
        condition = condition.reshape(condition.shape + (1,) * (rank - condition.ndim))
    return np.where(condition, then_value, else_value)


def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """`x` where the condition holds, `y` elsewhere; the places where it holds without them."""
    return np.argwhere(condition) if x is None else np.where(condition, x, y)
