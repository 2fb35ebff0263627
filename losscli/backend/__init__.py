"""Keras's `K` and TensorFlow's `tf` over NumPy, for losses that users bring.

`from losscli import backend as K` in place of `from keras import backend as K`, and
`from losscli.backend import tf, Loss` in place of TensorFlow's. Imports NumPy alone.
"""

from typing import NoReturn

from losscli.backend import keras
from losscli.backend.base import Loss
from losscli.backend.keras import *  # noqa: F403
from losscli.backend.names import missing
from losscli.backend.tensorflow import tf

__all__ = ["Loss", "tf"]
__all__ += keras.__all__


def __getattr__(name: str) -> NoReturn:
    missing("K", name, __all__)
