"""Keras's functions that make, cut, join and multiply arrays."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from losscli.backend.arrays import Array, cast, cast_to_floatx
from losscli.backend.precision import floatx

__all__ = [
    "arange",
    "batch_dot",
    "batch_flatten",
    "concatenate",
    "constant",
    "dot",
    "dtype",
    "eval",
    "expand_dims",
    "eye",
    "flatten",
    "gather",
    "get_value",
    "identity",
    "int_shape",
    "map_fn",
    "ndim",
    "one_hot",
    "ones",
    "ones_like",
    "permute_dimensions",
    "repeat_elements",
    "reshape",
    "shape",
    "squeeze",
    "stack",
    "stop_gradient",
    "tile",
    "transpose",
    "variable",
    "zeros",
    "zeros_like",
]


def ndim(x: Any) -> int:
    """The number of axes."""
    return np.ndim(x)


def int_shape(x: Any) -> tuple[int, ...]:
    """The shape."""
    return np.shape(x)


def shape(x: Any) -> tuple[int, ...]:
    """The shape."""
    return np.shape(x)


def dtype(x: Any) -> str:
    """The name of the type."""
    return np.asarray(x).dtype.name


def reshape(x: Any, shape: Sequence[int]) -> Array:
    """The same values in another shape."""
    return np.reshape(x, tuple(shape))


def flatten(x: Any) -> Array:
    """All values on one axis."""
    return np.reshape(x, -1)


def batch_flatten(x: Any) -> Array:
    """All values of a row on one axis."""
    return np.reshape(x, (len(x), -1))


def expand_dims(x: Any, axis: int = -1) -> Array:
    """One more axis, of length 1."""
    return np.expand_dims(x, axis)


def squeeze(x: Any, axis: int | None = None) -> Array:
    """Without an axis of length 1."""
    return np.squeeze(x, axis)


def transpose(x: Any) -> Array:
    """The axes in reverse order."""
    return np.transpose(x)


def permute_dimensions(x: Any, pattern: Sequence[int]) -> Array:
    """The axes in another order."""
    return np.transpose(x, tuple(pattern))


def concatenate(tensors: Sequence[Any], axis: int = -1) -> Array:
    """Arrays one after the other."""
    return np.concatenate(tensors, axis=axis)


def stack(x: Sequence[Any], axis: int = 0) -> Array:
    """Arrays along a new axis."""
    return np.stack(x, axis=axis)


def tile(x: Any, n: Any) -> Array:
    """The array repeated along its axes."""
    return np.tile(x, n)


def repeat_elements(x: Any, rep: int, axis: int) -> Array:
    """Each value repeated along an axis."""
    return np.repeat(x, rep, axis=axis)


def gather(reference: Any, indices: Any) -> Array:
    """The rows at these places."""
    return np.asarray(reference)[np.asarray(indices, dtype=np.intp)]


def one_hot(indices: Any, num_classes: int) -> Array:
    """A row of 0 with a 1 at its class, for each index; all 0 for an index out of range."""
    index = np.asarray(indices)[..., np.newaxis]
    return cast_to_floatx(index == np.arange(num_classes))


def ones_like(x: Any, dtype: Any = None, name: str | None = None) -> Array:
    """Ones in the shape of `x`."""
    return np.ones_like(x) if dtype is None else cast(np.ones_like(x), dtype)


def zeros_like(x: Any, dtype: Any = None, name: str | None = None) -> Array:
    """Zeros in the shape of `x`."""
    return np.zeros_like(x) if dtype is None else cast(np.zeros_like(x), dtype)


def eye(size: int, dtype: Any = None) -> Array:
    """The identity matrix."""
    return cast(np.eye(size), dtype or floatx())


def ones(shape: Sequence[int], dtype: Any = None) -> Array:
    """Ones."""
    return cast(np.ones(tuple(shape)), dtype or floatx())


def zeros(shape: Sequence[int], dtype: Any = None) -> Array:
    """Zeros."""
    return cast(np.zeros(tuple(shape)), dtype or floatx())


def constant(value: Any, dtype: Any = None, shape: Sequence[int] | None = None) -> Array:
    """A value as an array."""
    array = np.asarray(value) if shape is None else np.full(tuple(shape), value)
    return array if dtype is None and array.dtype.kind != "f" else cast(array, dtype or floatx())


def variable(value: Any, dtype: Any = None) -> Array:
    """A value as an array."""
    return constant(value, dtype)


def arange(start: float, stop: float | None = None, step: float = 1, dtype: Any = "int32") -> Array:
    """Numbers at equal steps."""
    return cast(np.arange(start, stop, step), dtype)


def identity(x: Any) -> Any:
    """`x` itself."""
    return x


def eval(x: Any) -> Array:  # noqa: A001
    """`x` as an array, which it is already."""
    return np.asarray(x)


def get_value(x: Any) -> Array:
    """`x` as an array, which it is already."""
    return np.asarray(x)


def map_fn(fn: Callable[[Any], Any], elems: Any) -> Array:
    """What a function makes of each row, on one axis."""
    return np.stack([fn(row) for row in elems])


def stop_gradient(x: Any) -> Any:
    """`x` itself: there are no gradients here."""
    return x


def dot(x: Any, y: Any) -> Array:
    """The product of matrices: the last axis of x with the last but one of y."""
    return np.dot(x, y)


def batch_dot(x: Any, y: Any, axes: int | Sequence[int] | None = None) -> Array:
    """The product of two arrays row by row, summed over an axis of each."""
    x, y = np.asarray(x), np.asarray(y)
    if axes is None:
        axes = (x.ndim - 1, y.ndim - 2 if y.ndim > 2 else y.ndim - 1)
    left, right = (axes, axes) if isinstance(axes, int) else axes
    if len(x) != len(y) or x.shape[left] != y.shape[right]:
        raise ValueError(
            f"batch_dot of shapes {x.shape} and {y.shape} over the axes {left} and {right}"
        )
    x, y = np.moveaxis(x, left, -1), np.moveaxis(y, right, 1)
    rows = x.reshape(len(x), -1, x.shape[-1]) @ y.reshape(len(y), y.shape[1], -1)
    return rows.reshape(len(x), *x.shape[1:-1], *y.shape[2:]) if x.ndim + y.ndim > 4 else rows[:, 0]
