"""The Python face: what the command line computes, as functions of arrays and of files."""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike, fspath
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from losscli.custom import as_spec, resolve
from losscli.engine.local import run
from losscli.engine.plan import DType, Inputs, NanPolicy, Plan, Reduction, comparison
from losscli.engine.result import Result, Run
from losscli.errors import DataError, UsageError
from losscli.losses import registry
from losscli.losses.numerics import Array
from losscli.losses.spec import Loss
from losscli.sources.array import ArraySource
from losscli.sources.columns import View
from losscli.sources.labels import Labels

Data = ArrayLike | PathLike[str] | str


def compute(
    loss: str | Callable[..., Any],
    y_true: Data,
    y_pred: Data,
    *,
    reduction: Reduction | None = None,
    dtype: DType = "float64",
    nan: NanPolicy = "error",
    sample_weight: Data | None = None,
    **params: Any,
) -> Result:
    """The loss of two arrays whose axis 0 is samples, as `losscli compute` would report it.

    `loss` is a name, with parameters in it (`"huber:delta=2"`) or as keywords (`delta=2`), or a
    function of your own, or `"path.py:name"`. Arrays
    are nested lists, whatever has `__array__` or DLPack (NumPy, pandas, polars, torch, jax…), or
    what `--true` takes: a path, or JSON text. The result holds the value, the samples' values and
    the unreduced array. Nothing is broadcast.

    Raises LosscliError (also a ValueError) for an unknown name or parameter, for shapes that do
    not fit and for values that the loss cannot be computed from.
    """
    plan = Plan(
        [_bind(loss, params)],
        dtype=dtype,
        reduction=reduction,
        nan=nan,
        keep=None,
        unreduced=True,
    )
    weights = None if sample_weight is None else _view(sample_weight, "sample_weight")
    inputs = Inputs(_view(y_true, "y_true"), {"": _view(y_pred, "y_pred")}, weights)
    return run(plan, inputs).results[0]


def compare(
    y_true: Data,
    y_pred: Data | Mapping[str, Data],
    *,
    losses: str | Sequence[str | Callable[..., Any]] | None = None,
    reduction: Reduction | None = None,
    dtype: DType = "float64",
    nan: NanPolicy = "error",
    sample_weight: Data | None = None,
    by: Sequence[object] | None = None,
) -> Run:
    """Every loss (or those named) on the same data, as `losscli compare` would report it.

    `y_pred` is one model's predictions, or several models' by name; `by` a value for each sample
    to group by. The run's `results` hold a result for each loss, model and group, its
    `not_applicable` the losses that the data does not allow, with the reason.
    """
    if isinstance(losses, str) or callable(losses):
        losses = [losses]
    chosen = [_bind(loss, {}) for loss in losses or ()]
    chosen = chosen or [spec.bind() for spec in registry.specs()]
    named = y_pred if isinstance(y_pred, Mapping) else {"y_pred": y_pred}
    views = {name: _view(data, name) for name, data in named.items()}
    weights = None if sample_weight is None else _view(sample_weight, "sample_weight")
    groups = None if by is None else (Labels(by, "by"), (0,))
    inputs = Inputs(_view(y_true, "y_true"), views, weights, by=groups)
    return run(comparison(chosen, inputs, reduction=reduction, dtype=dtype, nan=nan), inputs)


def get(name: str | Callable[..., Any], **params: Any) -> Callable[[ArrayLike, ArrayLike], Array]:
    """The loss as a plain function of two arrays that returns the samples' values, (n,).

    It checks shapes and values as `compute` does, and keeps float32 where both arrays have it.
    """
    loss = _bind(name, params)

    def checked(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
        single = all(getattr(a, "dtype", None) == np.float32 for a in (y_true, y_pred))
        plan = Plan([loss], dtype="float32" if single else "float64", summary=False, keep=None)
        inputs = Inputs(_view(y_true, "y_true"), {"": _view(y_pred, "y_pred")})
        samples = run(plan, inputs).results[0].per_sample
        assert samples is not None
        return samples

    checked.__name__ = loss.spec.name
    checked.__doc__ = loss.spec.function.__doc__
    return checked


def _bind(loss: str | Callable[..., Any], params: dict[str, Any]) -> Loss:
    if not isinstance(loss, str) and not callable(loss):
        raise UsageError(f"a loss is a name or a function, not {loss!r}")
    if callable(loss):
        name = getattr(loss, "__name__", "loss")
        spec = as_spec(loss, name, getattr(loss, "__module__", "") or "", set(params))
        return spec.bind(params)
    return resolve(loss, params=params)


def _view(data: Data, role: str) -> View:
    if isinstance(data, str | PathLike):
        from losscli.sources.open import open_source

        return View(open_source(fspath(data), role))
    return View(ArraySource(_array(data, role), role))


def _array(data: Any, role: str) -> Array:
    """An array of anything that is one: lists, `__array__`, DLPack. Raises DataError."""
    try:
        if np.ma.is_masked(data):
            raise ValueError("it has masked values")
        if hasattr(data, "__dlpack__") and not hasattr(data, "__array__"):
            return np.from_dlpack(data)
        return np.asarray(data)
    except (ValueError, TypeError, RuntimeError, BufferError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{role} is not an array of numbers: {reason}") from None
