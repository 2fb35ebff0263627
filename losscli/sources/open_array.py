"""Sources of objects in memory."""

from typing import Any

import numpy as np

from losscli.errors import DataError
from losscli.sources.array import ArraySource
from losscli.sources.base import Source
from losscli.sources.options import DEFAULTS, InputOptions


def open_array(data: Any, label: str, options: InputOptions = DEFAULTS) -> Source:
    """A source of anything that is an array: lists, `__array__`, DLPack. Raises DataError."""
    try:
        if np.ma.is_masked(data):
            raise ValueError("it has masked values")
        if hasattr(data, "__dlpack__") and not hasattr(data, "__array__"):
            return ArraySource(np.from_dlpack(data), label)
        return ArraySource(np.asarray(data), label)
    except (ValueError, TypeError, RuntimeError, BufferError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{label} is not an array of numbers: {reason}") from None
