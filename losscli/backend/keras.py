"""Keras's backend over NumPy: the names of `K` that losses use, with Keras 2's meaning of each.

Means of truth values and of whole numbers are floats; casting to any floating type gives the
precision that the loss is computed in.
"""

from typing import NoReturn

from losscli.backend import arrays, crossentropy, elementwise, reductions, shapes
from losscli.backend.arrays import *  # noqa: F403
from losscli.backend.crossentropy import *  # noqa: F403
from losscli.backend.elementwise import *  # noqa: F403
from losscli.backend.names import missing
from losscli.backend.reductions import *  # noqa: F403
from losscli.backend.shapes import *  # noqa: F403

__all__ = []
__all__ += arrays.__all__
__all__ += crossentropy.__all__
__all__ += elementwise.__all__
__all__ += reductions.__all__
__all__ += shapes.__all__


def __getattr__(name: str) -> NoReturn:
    missing("K", name, __all__)
