"""TensorFlow's names over NumPy: the `tf.`, `tf.math.`, `tf.nn.`, `tf.linalg.` losses use."""

import math as scalar_math
from types import SimpleNamespace
from typing import Any, NoReturn

import numpy as np

from losscli.backend import keras as K  # noqa: N812
from losscli.backend.arrays import Axis, cast, cast_to_floatx, floating
from losscli.backend.base import Loss
from losscli.backend.names import missing


class Namespace(SimpleNamespace):
    """Names of TensorFlow; one that is missing says so and names the nearest."""

    def __init__(self, path: str, **names: Any) -> None:
        super().__init__(**names)
        self._path = path

    def __getattr__(self, name: str) -> NoReturn:
        missing(self.__dict__.get("_path", "tf"), name, self.__dict__)


def _reduction(function: Any) -> Any:
    def reduce(
        input_tensor: Any, axis: Axis = None, keepdims: bool = False, name: str | None = None
    ) -> Any:
        return function(input_tensor, axis=axis, keepdims=keepdims)

    reduce.__doc__ = function.__doc__
    return reduce


def _sqrt(x: Any, name: str | None = None) -> Any:
    """The root; NaN of a negative number (Keras's K.sqrt gives 0)."""
    return np.sqrt(x)


def _where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Any:
    return K.where(condition, x, y)


def _cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    return K.cast(x, dtype)


def _convert(value: Any, dtype: Any = None, **_: Any) -> Any:
    return K.constant(value, dtype)


def _l2_normalize(x: Any, axis: Axis = None, epsilon: float = 1e-12, **_: Any) -> Any:
    return K.l2_normalize(x, axis, epsilon)


def _norm(
    tensor: Any,
    ord: Any = "euclidean",  # noqa: A002
    axis: Any = None,
    keepdims: bool = False,
    **_: Any,
) -> Any:
    """The norm of vectors; of all values where no axis is given."""
    kind = 2 if ord == "euclidean" else ord
    if axis is None:
        return np.linalg.norm(np.reshape(tensor, -1), ord=kind)
    return np.linalg.norm(
        tensor, ord=None if ord == "euclidean" else ord, axis=axis, keepdims=keepdims
    )


def _divide_no_nan(x: Any, y: Any, name: str | None = None) -> Any:
    """x / y, and 0 where y is 0."""
    y = np.asarray(y)
    return np.where(y == 0, 0, np.asarray(x) / np.where(y == 0, 1, y))


def _xlogy(x: Any, y: Any, name: str | None = None) -> Any:
    """x · ln(y), and 0 where x is 0."""
    x = np.asarray(x)
    return np.where(x == 0, 0, x * np.log(np.where(x == 0, 1, y)))


def _log_softmax(logits: Any, axis: int = -1, name: str | None = None) -> Any:
    return logits - K.logsumexp(logits, axis=axis, keepdims=True)


def _softmax(logits: Any, axis: int = -1, name: str | None = None) -> Any:
    return K.softmax(logits, axis)


def _sigmoid_cross_entropy(labels: Any = None, logits: Any = None, name: str | None = None) -> Any:
    return K.binary_crossentropy(labels, logits, from_logits=True)


def _softmax_cross_entropy(labels: Any, logits: Any, axis: int = -1, name: Any = None) -> Any:
    return K.categorical_crossentropy(labels, logits, from_logits=True, axis=axis)


def _sparse_softmax_cross_entropy(labels: Any, logits: Any, name: Any = None) -> Any:
    return K.sparse_categorical_crossentropy(labels, logits, from_logits=True)


def _moments(x: Any, axes: Axis, keepdims: bool = False, **_: Any) -> tuple[Any, Any]:
    return K.mean(x, axes, keepdims), K.var(x, axes, keepdims)


def _one_hot(indices: Any, depth: int, on_value: Any = 1, off_value: Any = 0, **_: Any) -> Any:
    return K.cast_to_floatx(np.where(K.one_hot(indices, depth) == 1, on_value, off_value))


def _leaky_relu(features: Any, alpha: float = 0.2, name: str | None = None) -> Any:
    return K.relu(features, alpha)


def _argmax(x: Any, axis: int = 0, **_: Any) -> Any:
    return np.argmax(x, axis=axis)


def _argmin(x: Any, axis: int = 0, **_: Any) -> Any:
    return np.argmin(x, axis=axis)


def _matmul(a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False, **_: Any) -> Any:
    a = np.swapaxes(a, -1, -2) if transpose_a else a
    return np.matmul(a, np.swapaxes(b, -1, -2) if transpose_b else b)


def _gather(params: Any, indices: Any, axis: int = 0, **_: Any) -> Any:
    return np.take(params, np.asarray(indices, dtype=np.intp), axis=axis)


def _weighted_cross_entropy(labels: Any, logits: Any, pos_weight: Any, name: Any = None) -> Any:
    labels, logits = floating(labels), floating(logits)
    positive = pos_weight * labels * K.softplus(-logits)
    return positive + (1 - labels) * K.softplus(logits)


def _elementwise(function: Any) -> Any:
    """A function of numbers, such as `math.erf`, of each value."""
    vectorized = np.vectorize(function, otypes=[float])
    return lambda x, name=None: cast_to_floatx(vectorized(x))


def _over_last(function: Any) -> Any:
    """A loss of `tf.keras.losses`: its mean over the last axis."""

    def loss(y_true: Any, y_pred: Any, **options: Any) -> Any:
        return K.mean(function(floating(y_true), floating(y_pred), **options), axis=-1)

    return loss


def _register(package: str = "Custom", name: str | None = None) -> Any:
    """`@register_keras_serializable`, which changes nothing here."""
    return lambda member: member


def _function(function: Any = None, **_: Any) -> Any:
    """`@tf.function`, which changes nothing here."""
    return function if function is not None else (lambda inner: inner)


REDUCTIONS = {
    "reduce_mean": _reduction(K.mean),
    "reduce_sum": _reduction(K.sum),
    "reduce_prod": _reduction(K.prod),
    "reduce_max": _reduction(K.max),
    "reduce_min": _reduction(K.min),
    "reduce_any": _reduction(K.any),
    "reduce_all": _reduction(K.all),
    "reduce_std": _reduction(K.std),
    "reduce_variance": _reduction(K.var),
    "reduce_logsumexp": _reduction(K.logsumexp),
}
ELEMENTS: dict[str, Any] = {
    "abs": np.abs,
    "add": np.add,
    "argmax": _argmax,
    "argmin": _argmin,
    "ceil": np.ceil,
    "cos": np.cos,
    "cosh": np.cosh,
    "cumsum": K.cumsum,
    "divide": np.divide,
    "equal": np.equal,
    "exp": np.exp,
    "expm1": np.expm1,
    "floor": np.floor,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "is_finite": np.isfinite,
    "is_inf": np.isinf,
    "is_nan": np.isnan,
    "less": np.less,
    "less_equal": np.less_equal,
    "logical_and": np.logical_and,
    "logical_not": np.logical_not,
    "logical_or": np.logical_or,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "multiply": np.multiply,
    "negative": np.negative,
    "not_equal": np.not_equal,
    "pow": np.power,
    "round": np.round,
    "sigmoid": K.sigmoid,
    "sign": np.sign,
    "sin": np.sin,
    "sinh": np.sinh,
    "sqrt": _sqrt,
    "square": np.square,
    "subtract": np.subtract,
    "tan": np.tan,
    "tanh": np.tanh,
}

math = Namespace(
    "tf.math",
    **REDUCTIONS,
    **ELEMENTS,
    divide_no_nan=_divide_no_nan,
    count_nonzero=lambda x, axis=None, keepdims=False, **_: np.count_nonzero(
        x, axis=axis, keepdims=keepdims
    ),
    erf=_elementwise(scalar_math.erf),
    l2_normalize=_l2_normalize,
    lgamma=_elementwise(scalar_math.lgamma),
    log=np.log,
    log1p=np.log1p,
    multiply_no_nan=lambda x, y, name=None: np.where(np.equal(y, 0), 0, np.multiply(x, y)),
    reciprocal=lambda x, name=None: 1 / floating(x),
    reduce_euclidean_norm=lambda x, axis=None, keepdims=False, name=None: np.sqrt(
        K.sum(np.square(x), axis, keepdims)
    ),
    rsqrt=lambda x, name=None: 1 / np.sqrt(x),
    log_sigmoid=lambda x, name=None: -K.softplus(-np.asarray(x)),
    softplus=K.softplus,
    squared_difference=lambda x, y, name=None: np.square(np.subtract(x, y)),
    xlogy=_xlogy,
)
nn = Namespace(
    "tf.nn",
    elu=K.elu,
    l2_loss=lambda t, name=None: np.square(t).sum() / 2,
    l2_normalize=_l2_normalize,
    leaky_relu=_leaky_relu,
    log_softmax=_log_softmax,
    moments=_moments,
    relu=lambda features, name=None: K.relu(features),
    sigmoid=K.sigmoid,
    sigmoid_cross_entropy_with_logits=_sigmoid_cross_entropy,
    softmax=_softmax,
    softmax_cross_entropy_with_logits=_softmax_cross_entropy,
    softplus=K.softplus,
    sparse_softmax_cross_entropy_with_logits=_sparse_softmax_cross_entropy,
    tanh=np.tanh,
    weighted_cross_entropy_with_logits=_weighted_cross_entropy,
)
losses = Namespace(
    "tf.keras.losses",
    Loss=Loss,
    Reduction=SimpleNamespace(
        AUTO="auto", NONE="none", SUM="sum", SUM_OVER_BATCH_SIZE="sum_over_batch_size"
    ),
    binary_crossentropy=_over_last(K.binary_crossentropy),
    categorical_crossentropy=K.categorical_crossentropy,
    mean_absolute_error=_over_last(lambda t, p: np.abs(p - t)),
    mean_squared_error=_over_last(lambda t, p: np.square(p - t)),
    sparse_categorical_crossentropy=K.sparse_categorical_crossentropy,
)
keras = Namespace(
    "tf.keras",
    backend=K,
    losses=losses,
    saving=Namespace("tf.keras.saving", register_keras_serializable=_register),
    utils=Namespace("tf.keras.utils", register_keras_serializable=_register),
)
tf = Namespace(
    "tf",
    **REDUCTIONS,
    **ELEMENTS,
    Tensor=np.ndarray,
    bool=np.dtype(bool),
    boolean_mask=lambda tensor, mask, **_: np.asarray(tensor)[np.asarray(mask, dtype=bool)],
    cast=_cast,
    clip_by_value=lambda t, clip_value_min, clip_value_max, name=None: np.clip(
        t, clip_value_min, clip_value_max
    ),
    concat=lambda values, axis, name=None: np.concatenate(values, axis=axis),
    constant=_convert,
    convert_to_tensor=_convert,
    einsum=lambda equation, *inputs, **_: np.einsum(equation, *inputs),
    eye=lambda num_rows, num_columns=None, dtype=None, **_: cast(
        np.eye(num_rows, num_columns), dtype or K.floatx()
    ),
    expand_dims=lambda x, axis=-1, name=None: np.expand_dims(x, axis),
    fill=lambda dims, value, name=None: np.full(tuple(dims), value),
    float16=np.dtype(np.float16),
    float32=np.dtype(np.float32),
    float64=np.dtype(np.float64),
    function=_function,
    gather=_gather,
    identity=K.identity,
    int32=np.dtype(np.int32),
    int64=np.dtype(np.int64),
    keras=keras,
    linalg=Namespace(
        "tf.linalg",
        diag_part=lambda x, **_: np.diagonal(x, axis1=-2, axis2=-1),
        l2_normalize=_l2_normalize,
        matmul=_matmul,
        norm=_norm,
        trace=np.trace,
    ),
    math=math,
    map_fn=lambda fn, elems, **_: K.map_fn(fn, elems),
    matmul=_matmul,
    newaxis=None,
    nn=nn,
    norm=_norm,
    one_hot=_one_hot,
    ones=lambda shape, dtype=None, name=None: K.ones(shape, dtype),
    ones_like=K.ones_like,
    range=lambda start, limit=None, delta=1, dtype=None, name=None: (
        np.arange(start, limit, delta)
        if dtype is None
        else cast(np.arange(start, limit, delta), dtype)
    ),
    rank=lambda x, name=None: np.ndim(x),
    repeat=lambda x, repeats, axis=None, name=None: np.repeat(x, repeats, axis),
    reshape=lambda tensor, shape, name=None: K.reshape(tensor, shape),
    shape=lambda x, **_: np.shape(x),
    size=lambda x, **_: np.size(x),
    sort=lambda values, axis=-1, direction="ASCENDING", name=None: (
        np.sort(values, axis) if direction == "ASCENDING" else -np.sort(np.negative(values), axis)
    ),
    split=lambda value, num_or_size_splits, axis=0, **_: np.split(
        value,
        num_or_size_splits
        if isinstance(num_or_size_splits, int)
        else np.cumsum(num_or_size_splits)[:-1],
        axis,
    ),
    squeeze=lambda x, axis=None, name=None: np.squeeze(x, axis),
    stack=lambda values, axis=0, name=None: np.stack(values, axis=axis),
    stop_gradient=K.identity,
    tensordot=lambda a, b, axes, name=None: np.tensordot(a, b, axes),
    tile=lambda x, multiples, name=None: np.tile(x, multiples),
    transpose=lambda a, perm=None, **_: np.transpose(a, perm),
    unstack=lambda value, num=None, axis=0, name=None: list(np.moveaxis(value, axis, 0)),
    where=_where,
    zeros=lambda shape, dtype=None, name=None: K.zeros(shape, dtype),
    zeros_like=K.zeros_like,
)
