"""The Python face: what the command line computes, as functions of arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from losscli.engine.local import DType, Plan, run
from losscli.engine.result import Result
from losscli.errors import DataError
from losscli.losses import registry
from losscli.losses.numerics import Array
from losscli.losses.spec import Loss
from losscli.sources.array import ArraySource
from losscli.sources.columns import View


def compute(
    loss: str, y_true: ArrayLike, y_pred: ArrayLike, *, dtype: DType = "float64", **params: Any
) -> Result:
    """The loss of two arrays whose axis 0 is samples, as `losscli compute` would report it.

    `loss` is a name, with parameters in it (`"huber:delta=2"`) or as keywords (`delta=2`). The
    result holds the value, the samples' values and the unreduced array. Nothing is broadcast.

    Raises LosscliError (also a ValueError) for an unknown name or parameter, for shapes that do
    not fit and for values that the loss cannot be computed from.
    """
    plan = Plan([_bind(loss, params)], dtype=dtype, keep=None, unreduced=True)
    return run(plan, _view(y_true, "y_true"), _view(y_pred, "y_pred"))[0]


def get(name: str, **params: Any) -> Callable[[ArrayLike, ArrayLike], Array]:
    """The loss as a plain function of two arrays that returns the samples' values, (n,).

    It checks shapes and values as `compute` does, and keeps float32 where both arrays have it.
    """
    loss = _bind(name, params)

    def checked(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
        single = all(getattr(a, "dtype", None) == np.float32 for a in (y_true, y_pred))
        plan = Plan([loss], dtype="float32" if single else "float64", summary=False, keep=None)
        samples = run(plan, _view(y_true, "y_true"), _view(y_pred, "y_pred"))[0].per_sample
        assert samples is not None
        return samples

    checked.__name__ = loss.spec.name
    checked.__doc__ = loss.spec.function.__doc__
    return checked


def _bind(name: str, params: dict[str, Any]) -> Loss:
    loss = registry.parse(name)
    return loss.spec.bind({**loss.params, **params}, label=name)


def _view(values: ArrayLike, label: str) -> View:
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise DataError(f"{label} is not an array of numbers: {error}") from None
    return View(ArraySource(array, label))
