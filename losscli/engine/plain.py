"""Numbers as plain Python objects and as texts: what JSON holds."""

from math import isfinite
from typing import Any

import numpy as np

from losscli.losses.numerics import Array


def plain_parameter(value: Any) -> Any:
    """A parameter's value, a vector as a list."""
    return list(value) if isinstance(value, tuple) else value


def plain_row(row: Array) -> list[Any]:
    """A row of data as it is in the source; what is not finite is None."""
    return [
        plain_row(x) if isinstance(x, np.ndarray) else (x if isfinite(x) else None)
        for x in (row if row.ndim > 1 else row.tolist())
    ]


def plain_number(value: float | None, dtype: str) -> float | None:
    """A float whose shortest text is that of the number in its own type; None if not finite."""
    if value is None or not isfinite(value):
        return None
    return float(float32_text(np.float32(value))) if dtype == "float32" else float(value)


def plain_numbers(values: Array) -> list[float | None]:
    """`plain_number` of each value of an array."""
    if values.dtype == np.float32:
        numbers = [float(float32_text(x)) for x in values]
    else:
        numbers = values.tolist()
    return [number if isfinite(number) else None for number in numbers]


def float32_text(x: np.float32) -> str:
    """The shortest text of a float32, as NumPy's arrays show it: an exponent from 1e8 on.

    How NumPy writes a single number depends on its version.
    """
    size = abs(float(x))
    if size == 0 or 1e-4 <= size < 1e8:
        return np.format_float_positional(x, unique=True, trim="0")
    return np.format_float_scientific(x, unique=True, trim="-") if isfinite(size) else str(float(x))
