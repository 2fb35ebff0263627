"""The Python face: keywords become a Request, and what comes of it a Result."""

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from losscli.engine.result import Result, Run
from losscli.errors import UsageError
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


def compute(
    loss: Loss,
    /,
    y_true: Data = None,
    y_pred: Data = None,
    *,
    dialect: str = DEFAULT,
    reduction: str | None = None,
    dtype: DType = "float64",
    nan: NanPolicy = "error",
    domain: DomainPolicy = "strict",
    sample_weight: Data = None,
    inputs: Mapping[str, Data] | None = None,
    batch_size: int | None = None,
    batch_mean: BatchMean | None = None,
    data: Data = None,
    true_cols: str | None = None,
    pred_cols: str | Sequence[str] | None = None,
    id: str | None = None,  # noqa: A002 (the option's name)
    unmatched: Unmatched = "error",
    input_format: InputFormat | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    comment: str | None = None,
    header: bool | None = None,
    worst: int = 0,
    params: Mapping[str, Any] | None = None,
    **more: Any,
) -> Result:
    """The loss of two arrays whose axis 0 is samples, as `losscli compute` would report it.

    `loss` is a name, with parameters in it (`"huber:delta=2"`) or as keywords (`delta=2`), or a
    function of your own, or `"path.py:name"`. Parameters whose names are those of arguments here
    are given in `params`. With a `dialect` (keras1, keras2, tf2, keras3, torch, sklearn, optax)
    names, parameters and reductions may be the framework's own, and the number is the framework's.
    `inputs` are further arrays that the loss takes, by name (they may also be given as keywords).

    Arrays are nested lists, whatever has `__array__` or DLPack (NumPy, pandas, polars, torch, jax),
    or what `--true` takes: a path, or JSON text. `true_cols`, `pred_cols`, `id`, `unmatched`,
    `data` and how text files are read are as the command line has them; `sample_weight` may be a
    column of the true file. Nothing is broadcast.

    The result holds the value, the samples' values and the unreduced array (times the weights, if
    there are any), the `worst` samples, and in `notes` all that the command line would say. With
    `domain="framework"`, values that a loss does not allow are computed as the framework would.
    With a `batch_size` the value is the mean of the batches' values, as a training log has it, each
    weighted by its size or not (`batch_mean`).

    Raises LosscliError (also a ValueError) for an unknown name or parameter, for shapes that do
    not fit and for values that the loss cannot be computed from.
    """
    given = {**locals()}
    own, arrays = _split_arrays(loss, {**more, **(params or {})}, dialect, y_pred)
    _check_names(loss, given, params or {})
    values = {
        **_fields(given),
        "losses": (LossRequest(loss, own),),
        "inputs": {**(inputs or {}), **arrays},
    }
    opened = open_request(parse_request(values))
    return opened.run(opened.plan(keep=None, unreduced=True, worst=worst)).results[0]


def compare(
    y_true: Data = None,
    y_pred: Data | Mapping[str, Data] = None,
    *,
    losses: Loss | Sequence[Loss] | None = None,
    families: Sequence[str] = (),
    dialect: str = DEFAULT,
    reduction: str | None = None,
    dtype: DType = "float64",
    nan: NanPolicy = "error",
    domain: DomainPolicy = "strict",
    sample_weight: Data = None,
    inputs: Mapping[str, Data] | None = None,
    by: Sequence[object] | str | None = None,
    data: Data = None,
    true_cols: str | None = None,
    pred_cols: str | Sequence[str] | None = None,
    id: str | None = None,  # noqa: A002 (the option's name)
    unmatched: Unmatched = "error",
    input_format: InputFormat | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    comment: str | None = None,
    header: bool | None = None,
    worst: int = 0,
    loss_file: str | Sequence[str] = (),
) -> Run:
    """Every loss of a dialect (or those named) on the same data, as `losscli compare` reports it.

    `y_pred` is one model's predictions, or several models' by name; `by` a value for each sample
    to group by, or a column of the true file. All else is as in `compute`. The run's `results` hold
    a result for each loss, model and group, its `not_applicable` the losses that the data does not
    allow, with the reason.
    """
    given = {**locals()}
    if isinstance(losses, str) or callable(losses):
        losses = [losses]
    named = y_pred if y_pred is None or isinstance(y_pred, Mapping) else {"y_pred": y_pred}
    values = {
        **_fields(given),
        "losses": tuple(LossRequest(loss) for loss in losses or ()),
        "everything": True,
        "pred": named,
        "families": tuple(families),
        "loss_file": _texts(loss_file),
    }
    opened = open_request(parse_request(values))
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
    dialect: str = DEFAULT,
    reduction: str | None = None,
    dtype: DType = "float64",
    nan: NanPolicy = "error",
    domain: DomainPolicy = "strict",
    sample_weight: Data = None,
    inputs: Mapping[str, Data] | None = None,
    data: Data = None,
    true_cols: str | None = None,
    pred_cols: str | Sequence[str] | None = None,
    id: str | None = None,  # noqa: A002 (the option's name)
    unmatched: Unmatched = "error",
    input_format: InputFormat | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    comment: str | None = None,
    header: bool | None = None,
    loss_file: str | Sequence[str] = (),
) -> Checked:
    """The verdicts of gates, as `losscli check` gives them.

    `fail_if` are expressions such as `"mse > 3000"` or `"mae.p95 >= 120"`; `max_regress` says by
    how much a loss may be worse than `against`, other predictions or a baseline's file:
    `{"mse": "2%", "mae": 0.5}`. The outcome's `status` is passed, failed or error; `gates` tells of
    each. Raises LosscliError for what no check can be made of; what is at fault with the data is
    an outcome.
    """
    given = {**locals()}
    values = {**_fields(given), "loss_file": _texts(loss_file)}
    made = make_check(
        name,
        parse_request(values),
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
        values = {
            "losses": (LossRequest(loss, params),),
            "dialect": dialect,
            "true": y_true,
            "pred": {"": y_pred},
            "inputs": inputs,
            "dtype": "float32" if single else "float64",
        }
        opened = open_request(parse_request(values))
        samples = opened.run(opened.plan(summary=False, keep=None)).results[0].per_sample
        assert samples is not None
        return samples

    checked.__name__ = bound.spec.name
    checked.__doc__ = bound.spec.function.__doc__
    return checked


# What arguments are called in a request, where that differs.
RENAMED = {"y_true": "true", "y_pred": "pred", "sample_weight": "weights"}


def _fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments by the keys of a request; those of other names stay as they are."""
    values = {RENAMED.get(name, name): value for name, value in given.items()}
    pred = values.get("pred")
    if pred is not None and not isinstance(pred, Mapping):
        values["pred"] = {"": pred}  # it is the only one
    if not isinstance(values["dtype"], str):
        values["dtype"] = np.dtype(values["dtype"]).name
    return values


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


def _check_names(loss: Loss, given: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    """Raise UsageError for an argument that may be meant for a function of the user's own.

    It is one of `compute`'s and a parameter of the function, and `params` does not say which.
    """
    if isinstance(loss, str):
        return
    try:
        names = set(signature(loss).parameters)
    except (TypeError, ValueError):
        return
    defaults = {p.name: p.default for p in signature(compute).parameters.values()}
    for name in sorted(names & set(given) - set(params) - {"y_true", "y_pred", "loss", "more"}):
        if name in defaults and given[name] is not defaults[name]:
            raise UsageError(
                f"{name} is an argument of losscli.compute, and a parameter of the loss",
                f"give the loss's own as params={{{name!r}: …}}",
            )
