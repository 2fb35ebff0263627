"""The Python face: what the command line computes, as functions of arrays and of files."""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike, fspath
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from losscli.custom import as_spec, resolve
from losscli.engine.plan import Inputs, Plan, comparison
from losscli.engine.result import Result, Run
from losscli.engine.run import run
from losscli.errors import DataError, UsageError
from losscli.frameworks import bind
from losscli.frameworks.lookup import DEFAULT
from losscli.losses.numerics import Array
from losscli.losses.spec import BoundLoss
from losscli.sources.array import ArraySource
from losscli.sources.columns import View
from losscli.sources.key_list import KeyList
from losscli.words import BatchMean, DomainPolicy, DType, NanPolicy

Data = ArrayLike | PathLike[str] | str


def compute(
    loss: str | Callable[..., Any],
    y_true: Data,
    y_pred: Data,
    *,
    dialect: str = DEFAULT,
    reduction: str | None = None,
    dtype: DType = "float64",
    nan: NanPolicy = "error",
    domain: DomainPolicy = "strict",
    sample_weight: Data | None = None,
    inputs: Mapping[str, Data] | None = None,
    batch_size: int | None = None,
    batch_mean: BatchMean = "weighted",
    **params: Any,
) -> Result:
    """The loss of two arrays whose axis 0 is samples, as `losscli compute` would report it.

    `loss` is a name, with parameters in it (`"huber:delta=2"`) or as keywords (`delta=2`), or a
    function of your own, or `"path.py:name"`. With a `dialect` (keras1, keras2, tf2, keras3, torch,
    sklearn, optax) names, parameters and reductions may be the framework's own, and the number is
    the framework's. `inputs` are further arrays that the loss takes, by name (they may also be
    given as keywords). Arrays are nested lists, whatever has `__array__` or DLPack (NumPy, pandas,
    polars, torch, jax…), or what `--true` takes: a path, or JSON text. The result holds the value,
    the samples' values and the unreduced array (times the weights, if there are any). Nothing is
    broadcast.

    With `domain="framework"`, values that a loss does not allow are computed as the framework
    would. With a `batch_size` the value is the mean of the batches' values, as a training log has
    it, each weighted by its size or not (`batch_mean`).

    Raises LosscliError (also a ValueError) for an unknown name or parameter, for shapes that do
    not fit and for values that the loss cannot be computed from.
    """
    predicted = _view(y_pred, "y_pred")
    called = loss.partition(":")[0] if isinstance(loss, str) else ""
    arrays = bind.further_arrays(called, dialect) if called else {}
    by_column = bind.column_weights(called, dialect) if called else set()
    are_arrays = {
        name: value
        for name, value in params.items()
        if _is_array(name, value, arrays)
        and not (name in by_column and np.shape(value) == predicted.shape[-1:])
    }
    given = {**(inputs or {}), **are_arrays}
    settings = {k: v for k, v in params.items() if k not in given}
    more = {arrays.get(name, name): data for name, data in given.items()}
    plan = Plan(
        [_bind(loss, settings, dialect, reduction)],
        dtype=_precision(dtype),
        nan=nan,
        domain=domain,
        keep=None,
        unreduced=True,
        batch_size=batch_size,
        batch_mean=batch_mean,
    )
    if bind.SAMPLE_WEIGHT in more and sample_weight is None:
        sample_weight = more.pop(bind.SAMPLE_WEIGHT)
    weights = None if sample_weight is None else _view(sample_weight, "sample_weight")
    data = Inputs(
        _view(y_true, "y_true"),
        {"": predicted},
        weights,
        more={name: _view(array, name) for name, array in more.items()},
    )
    return run(plan, data).results[0]


def compare(
    y_true: Data,
    y_pred: Data | Mapping[str, Data],
    *,
    losses: str | Sequence[str | Callable[..., Any]] | None = None,
    dialect: str = DEFAULT,
    reduction: str | None = None,
    dtype: DType = "float64",
    nan: NanPolicy = "error",
    domain: DomainPolicy = "strict",
    sample_weight: Data | None = None,
    inputs: Mapping[str, Data] | None = None,
    by: Sequence[object] | None = None,
) -> Run:
    """Every loss of a dialect (or those named) on the same data, as `losscli compare` reports it.

    `y_pred` is one model's predictions, or several models' by name; `by` a value for each sample
    to group by. The run's `results` hold a result for each loss, model and group, its
    `not_applicable` the losses that the data does not allow, with the reason.
    """
    if isinstance(losses, str) or callable(losses):
        losses = [losses]
    chosen = [_bind(loss, {}, dialect, reduction) for loss in losses or ()]
    if not chosen:
        chosen = bind.losses_of(dialect, reduction)
    named = y_pred if isinstance(y_pred, Mapping) else {"y_pred": y_pred}
    views = {name: _view(data, name) for name, data in named.items()}
    weights = None if sample_weight is None else _view(sample_weight, "sample_weight")
    groups = None if by is None else (KeyList(by, "by"), (0,))
    names: dict[str, str] = {}
    for loss in chosen:
        names |= bind.further_arrays(loss.name, dialect)
    more = {names.get(key, key): _view(array, key) for key, array in (inputs or {}).items()}
    data = Inputs(_view(y_true, "y_true"), views, weights, by=groups, more=more)
    return run(comparison(chosen, data, dtype=dtype, nan=nan, domain=domain), data)


def get(
    name: str | Callable[..., Any], *, dialect: str = DEFAULT, **params: Any
) -> Callable[[ArrayLike, ArrayLike], Array]:
    """The loss as a plain function of two arrays that returns the samples' values, (n,).

    It checks shapes and values as `compute` does, and keeps float32 where both arrays have it.
    """
    loss = _bind(name, params, dialect)

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


def _precision(dtype: Any) -> DType:
    """A precision by its name, or as NumPy's type."""
    name: Any = dtype if isinstance(dtype, str) else np.dtype(dtype).name
    return name


def _is_array(name: str, value: Any, arrays: Mapping[str, str]) -> bool:
    """Whether a keyword is a further array: by its name, or because no parameter has two axes."""
    return name in arrays and (arrays[name] != bind.SAMPLE_WEIGHT or np.ndim(value) > 0)


def _bind(
    loss: str | Callable[..., Any],
    params: dict[str, Any],
    dialect: str,
    reduction: str | None = None,
) -> BoundLoss:
    if not isinstance(loss, str) and not callable(loss):
        raise UsageError(f"a loss is a name or a function, not {loss!r}")
    if callable(loss):
        name = getattr(loss, "__name__", "loss")
        spec = as_spec(loss, name, getattr(loss, "__module__", "") or "", set(params))
        return bind.bind_own(
            spec, params, dialect=dialect, reduction=reduction, called="", text=spec.name
        )
    return resolve(loss, params=params, dialect=dialect, reduction=reduction)


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
