"""The Python face: keywords become a Request, and what comes of it a Result."""

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Any, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike

from losscli.engine.result import Result, Run
from losscli.errors import PYTHON_NAMES, UsageError
from losscli.frameworks.bind import SAMPLE_WEIGHT, column_weights, further_arrays
from losscli.frameworks.lookup import DEFAULT
from losscli.gates.check import make_check, run_check
from losscli.gates.outcome import Checked
from losscli.losses.numerics import Array
from losscli.request.losses import Resolver
from losscli.request.opened import open_request
from losscli.request.parse import parse_request
from losscli.request.request import Data, LossRequest
from losscli.words import BatchMean, DomainPolicy, DType, InputFormat, NanPolicy, Unmatched

Loss = str | Callable[..., Any]


class Options(TypedDict, total=False):
    """What the functions below take by keyword: the options of the command line, by their names.

    `sample_weight` is --weights, `class_labels` is --labels, which losses have for parameters of
    their own, and `inputs` is --input, an array (or what it is read from) by name.
    """

    dialect: str
    reduction: str | None
    dtype: DType | np.dtype[Any] | type[Any] | None
    nan: NanPolicy
    domain: DomainPolicy
    sample_weight: Data
    inputs: Mapping[str, Data] | None
    batch_size: int | None
    batch_mean: BatchMean | None
    data: Data
    true_cols: str | None
    pred_cols: str | Sequence[str] | None
    id: str | None
    unmatched: Unmatched
    by_position: bool
    class_labels: str | Sequence[object] | None
    positive: object
    input_format: InputFormat | None
    delimiter: str | None
    decimal: str | None
    thousands: str | None
    missing: str | Sequence[str]
    encoding: str | None
    comment: str | None
    header: bool | None
    loss_file: str | Sequence[str]


def compute(
    loss: Loss,
    /,
    y_true: Data = None,
    y_pred: Data = None,
    *,
    worst: int = 0,
    params: Mapping[str, Any] | None = None,
    **keywords: Any,
) -> Result:
    """The loss of two arrays whose axis 0 is samples, as `losscli compute` would report it.

    `loss` is a name, with parameters in it (`"huber:delta=2"`) or as keywords (`delta=2`), or a
    function of your own, or `"path.py:name"`. Other keywords are `Options`: what the command line
    takes as `--nan skip` is `nan="skip"` here. Parameters of the loss whose names are among these
    are given in `params`.

    With a `dialect` (keras1, keras2, tf2, keras3, torch, sklearn, optax) names, parameters and
    reductions may be the framework's own, and the number is the framework's. `inputs` are further
    arrays that the loss takes, by name (they may also be given as keywords).

    Arrays are nested lists, whatever has `__array__` or DLPack (NumPy, pandas, polars, torch, jax),
    or what `--true` takes: a path, or inline data. Columns, ids, weights, labels and ways of
    reading are as the command line has them; `sample_weight` may be a column of the true file.
    Nothing is broadcast.

    The result holds the value, the samples' values and the unreduced array (times the weights, if
    there are any), the `worst` samples, and in `notes` all that the command line would say. With
    `domain="framework"`, values that a loss does not allow are computed as the framework would.
    With a `batch_size` the value is the mean of the batches' values, as a training log has it, each
    weighted by its size or not (`batch_mean`).

    Raises LosscliError (also a ValueError) for an unknown name or parameter, for shapes that do
    not fit and for values that the loss cannot be computed from.
    """
    options = {name: value for name, value in keywords.items() if name in Options.__annotations__}
    own = {name: value for name, value in keywords.items() if name not in options}
    _check_names(loss, options, params or {})
    dialect = options.get("dialect", DEFAULT)
    own, arrays = _split_arrays(loss, {**own, **(params or {})}, dialect, y_pred)
    values = _values(y_true, y_pred, options)
    values["losses"] = (LossRequest(loss, own),)
    values["inputs"] = {**(options.get("inputs") or {}), **arrays}
    opened = open_request(parse_request(values))
    return opened.run(opened.plan(keep=None, unreduced=True, worst=worst)).results[0]


def compare(
    y_true: Data = None,
    y_pred: Data | Mapping[str, Data] = None,
    *,
    losses: Loss | Sequence[Loss] | None = None,
    families: Sequence[str] = (),
    by: Sequence[object] | str | None = None,
    worst: int = 0,
    **options: Unpack[Options],
) -> Run:
    """Every loss of a dialect (or those named) on the same data, as `losscli compare` reports it.

    `y_pred` is one model's predictions, or several models' by name; `by` a value for each sample
    to group by, or a column of the true file. All else is as in `compute`. The run's `results` hold
    a result for each loss, model and group, its `not_applicable` the losses that the data does not
    allow, with the reason.
    """
    if isinstance(losses, str) or callable(losses):
        losses = [losses]
    named = y_pred if y_pred is None or isinstance(y_pred, Mapping) else {"y_pred": y_pred}
    values = _values(y_true, named, options)
    values["losses"] = tuple(LossRequest(loss) for loss in losses or ())
    opened = open_request(
        parse_request({**values, "everything": True, "families": tuple(families), "by": by})
    )
    return opened.run(opened.comparison(worst=worst))


def check(
    y_true: Data = None,
    y_pred: Data = None,
    *,
    fail_if: str | Sequence[str] = (),
    max_regress: Mapping[str, str | float] | None = None,
    against: Data = None,
    allow_different: bool = False,
    name: str = "check",
    **options: Unpack[Options],
) -> Checked:
    """The verdicts of gates, as `losscli check` gives them.

    `fail_if` are expressions such as `"mse > 3000"` or `"mae.p95 >= 120"`; `max_regress` says by
    how much a loss may be worse than `against`, other predictions or a baseline's file:
    `{"mse": "2%", "mae": 0.5}`. All else is as in `compute`. The outcome's `status` is passed,
    failed or error; `gates` tells of each. Raises LosscliError for what no check can be made of;
    what is at fault with the data is an outcome.
    """
    made = make_check(
        name,
        parse_request(_values(y_true, y_pred, options)),
        _texts(fail_if),
        max_regress or {},
        against=against,
        allow_different=allow_different,
    )
    return run_check(made)


def get(loss: Loss, /, *, dialect: str = DEFAULT, **params: Any) -> Callable[..., Array]:
    """The loss as a plain function of two arrays that returns the samples' values, (n,).

    Further arrays that the loss takes are its keywords. It checks shapes and values as `compute`
    does, and keeps float32 where both arrays have it. Raises UsageError for an unknown name.
    """
    bound = Resolver(dialect=dialect)(loss, params)

    def checked(y_true: ArrayLike, y_pred: ArrayLike, **inputs: ArrayLike) -> Array:
        single = all(getattr(a, "dtype", None) == np.float32 for a in (y_true, y_pred))
        dtype: DType = "float32" if single else "float64"
        values = _values(y_true, y_pred, {"dialect": dialect, "inputs": inputs, "dtype": dtype})
        values["losses"] = (LossRequest(loss, params),)
        opened = open_request(parse_request(values))
        samples = opened.run(opened.plan(summary=False, keep=None)).results[0].per_sample
        assert samples is not None
        return samples

    checked.__name__ = bound.spec.name
    checked.__doc__ = bound.spec.function.__doc__
    return checked


def _values(y_true: Data, y_pred: Data, options: Options | Mapping[str, Any]) -> dict[str, Any]:
    """Arguments by the keys of a request."""
    values: dict[str, Any] = dict(options)
    for key, name in PYTHON_NAMES.items():
        if name in values and name != "inputs":
            values[key] = values.pop(name)
    if "loss_file" in values:
        values["loss_file"] = _texts(values["loss_file"])
    if "missing" in values:
        values["missing"] = _texts(values["missing"])
    if values.get("dtype") is not None and not isinstance(values["dtype"], str):
        values["dtype"] = _name_of(values["dtype"])
    if values.get("positive") is not None:
        values["positive"] = str(values["positive"])
    values["true"] = y_true
    # It is the only one, and needs no name.
    values["pred"] = y_pred if y_pred is None or isinstance(y_pred, Mapping) else {"": y_pred}
    return values


def _name_of(dtype: Any) -> str:
    try:
        return np.dtype(dtype).name
    except TypeError:
        raise UsageError(f"dtype is a precision such as 'float32', not {dtype!r}") from None


def _texts(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _split_arrays(
    loss: Loss, keywords: Mapping[str, Any], dialect: str, y_pred: Data
) -> tuple[dict[str, Any], dict[str, Data]]:
    """Keywords in two: parameters, and further arrays by their names (or weights of samples)."""
    if not isinstance(loss, str):
        return dict(keywords), {}
    name = loss.partition(":")[0]
    names, by_column = further_arrays(name, dialect), column_weights(name, dialect)
    shape = np.shape(y_pred)
    columns = shape[-1:] if len(shape) > 1 else (1,)

    def is_array(key: str, value: Any) -> bool:
        if key not in names or (names[key] == SAMPLE_WEIGHT and np.ndim(value) == 0):
            return False
        return not (key in by_column and np.shape(value) == columns)

    arrays = {key: value for key, value in keywords.items() if is_array(key, value)}
    return {key: value for key, value in keywords.items() if key not in arrays}, arrays


def _check_names(loss: Loss, options: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    """Raise UsageError for an option that may be meant for a function of the user's own.

    It is one of `compute`'s and a parameter of the function, and `params` does not say which.
    """
    if isinstance(loss, str):
        return
    try:
        names = set(signature(loss).parameters)
    except (TypeError, ValueError):
        return
    for name in sorted((names & set(options)) - set(params)):
        raise UsageError(
            f"{name} is an argument of losscli.compute, and a parameter of the loss",
            f"give the loss's own as params={{{name!r}: …}}",
        )
