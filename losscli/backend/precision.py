"""The precision that a loss is computed in, which `K.floatx()` tells."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

_FLOATX: ContextVar[str] = ContextVar("floatx", default="float64")


def floatx() -> str:
    """The name of the floating type in use: 'float64', or 'float32' where that was asked for."""
    return _FLOATX.get()


@contextmanager
def precision(dtype: np.dtype[np.generic]) -> Iterator[None]:
    """Use this floating type within the block."""
    token = _FLOATX.set(dtype.name)
    try:
        yield
    finally:
        _FLOATX.reset(token)
