"""What all of the backend shares: the precision in use, axes as NumPy takes them, and epsilon."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscli.backend.precision import floatx

__all__ = ["cast", "cast_to_floatx", "epsilon", "floatx"]

Array = NDArray[Any]
Axis = int | Sequence[int] | None

EPSILON = 1e-7


def epsilon() -> float:
    """The small number that Keras keeps probabilities from 0 and 1 with: 1e-7."""
    return EPSILON


def cast(x: Any, dtype: Any) -> Array:
    """`x` in another type; a floating one, of whatever width, is the precision in use."""
    name = getattr(dtype, "name", dtype)
    if isinstance(name, type):
        name = name.__name__  # float, np.float32
    kind = np.dtype(floatx() if str(name).startswith(("float", "bfloat", "half")) else name)
    return np.asarray(x).astype(kind)


def cast_to_floatx(x: Any) -> Array:
    """`x` in the precision in use."""
    return np.asarray(x).astype(floatx())


def axes(axis: Axis) -> int | tuple[int, ...] | None:
    """An axis or several, as NumPy takes them."""
    return None if axis is None else int(axis) if np.ndim(axis) == 0 else tuple(axis)  # type: ignore[arg-type]


def floating(x: Any) -> Array:
    """`x` as floating numbers: what is not gets the precision in use."""
    array = np.asarray(x)
    return array if array.dtype.kind == "f" else cast_to_floatx(array)


def counted(x: Any) -> Array:
    """`x` with truth values as 0 and 1 of the precision in use, so that they can be summed."""
    array = np.asarray(x)
    return cast_to_floatx(array) if array.dtype.kind == "b" else array
