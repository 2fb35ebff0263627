"""K and tf: every name that losses use is there, and means what it means in Keras."""

import numpy as np
import pytest

import losscli
from losscli import backend as K  # noqa: N812
from losscli.backend import Loss, tf
from losscli.backend.precision import precision

# What losses use.
NAMES = (
    "mean sum max min square abs sqrt exp log pow clip maximum minimum epsilon sigmoid softmax "
    "softplus tanh l2_normalize cast floatx equal not_equal greater greater_equal less less_equal "
    "switch where dot batch_dot reshape flatten expand_dims squeeze concatenate stack one_hot "
    "argmax binary_crossentropy categorical_crossentropy sparse_categorical_crossentropy "
    "ones_like zeros_like shape int_shape ndim"
)
TF_NAMES = (
    "where abs square reduce_mean reduce_sum reduce_max reduce_min maximum minimum cast math.log "
    "math.abs math.square math.reduce_mean math.reduce_sum math.maximum nn.softmax nn.sigmoid "
    "nn.softplus nn.relu keras.backend.mean keras.losses.Loss exp sqrt pow sign equal greater less "
    "clip_by_value expand_dims squeeze reshape shape concat stack one_hot linalg.norm float32 "
    "math.reduce_std math.squared_difference math.divide_no_nan norm Tensor function"
)
X = np.array([[-1.5, 0.0, 2.0], [0.5, -3.0, 1.0]])
Y = np.array([[0.5, 1.0, -2.0], [0.5, 4.0, 0.0]])


@pytest.mark.parametrize("name", NAMES.split())
def test_every_name_is_in_k_and_in_tf_keras_backend(name: str) -> None:
    assert callable(getattr(K, name))
    assert getattr(tf.keras.backend, name) is getattr(K, name)
    assert name in K.__all__


@pytest.mark.parametrize("path", TF_NAMES.split())
def test_every_name_is_in_tf(path: str) -> None:
    found = tf
    for name in path.split("."):
        found = getattr(found, name)


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1), [0, -1], [1]])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("name", ["mean", "sum", "prod", "max", "min", "std", "var", "any", "all"])
def test_reductions(name: str, keepdims: bool, axis: int | list[int] | None) -> None:
    along = tuple(axis) if isinstance(axis, list) else axis
    expected = getattr(np, name)(X, axis=along, keepdims=keepdims)
    np.testing.assert_array_equal(getattr(K, name)(X, axis=axis, keepdims=keepdims), expected)
    of_tf = {"var": "variance"}.get(name, name)
    for space in (tf, tf.math):
        reduce = getattr(space, f"reduce_{of_tf}")
        np.testing.assert_array_equal(reduce(X, axis, keepdims), expected)


ELEMENTWISE = (
    "abs square exp sign sin cos tanh maximum minimum equal not_equal greater greater_equal less "
    "less_equal"
)


@pytest.mark.parametrize("name", ELEMENTWISE.split())
def test_elementwise(name: str) -> None:
    function = getattr(np, name)
    arguments = (X, Y)[: function.nin]
    for space in (K, tf):
        np.testing.assert_array_equal(getattr(space, name)(*arguments), function(*arguments))


@pytest.mark.parametrize(
    ("mine", "expected"),
    [
        (K.log([1, np.e]), [0, 1]),
        (K.pow(X, 2), X**2),
        (K.clip(X, -1, 1), np.clip(X, -1, 1)),
        (K.clip(X, None, 1), np.minimum(X, 1)),
        (K.sqrt([-4.0, 0.0, 9.0]), [0, 0, 3]),
        (tf.sqrt([9.0]), [3]),
        (K.sigmoid(X), 1 / (1 + np.exp(-X))),
        (K.sigmoid([-1000.0, 1000.0]), [0, 1]),
        (K.softplus(X), np.log(1 + np.exp(X))),
        (K.softplus([-1000.0, 1000.0]), [0, 1000]),
        (K.softmax(X), np.exp(X) / np.exp(X).sum(axis=1, keepdims=True)),
        (K.softmax(X, axis=0), np.exp(X) / np.exp(X).sum(axis=0, keepdims=True)),
        (tf.nn.softmax([[1000.0, 1000.0]]), [[0.5, 0.5]]),
        (tf.nn.log_softmax(X), np.log(np.exp(X) / np.exp(X).sum(axis=1, keepdims=True))),
        (K.logsumexp([[1000.0, 1000.0]], axis=-1), [1000 + np.log(2)]),
        (K.logsumexp([-np.inf, 0.0]), 0),
        (K.relu(X), np.maximum(X, 0)),
        (K.l2_normalize([[3.0, 4.0]], axis=-1), [[0.6, 0.8]]),
        (K.l2_normalize([3.0, 4.0]), [0.6, 0.8]),
        (K.mean([True, False, True, True]), 0.75),
        (K.mean([1, 2]), 1.5),
        (K.sum([True, True]), 2),
        (K.where(X > 0, X, Y), np.where(X > 0, X, Y)),
        (tf.where([False, True]), [[1]]),
        (K.switch(X > 0, X, Y), np.where(X > 0, X, Y)),
        (K.switch([True, False], X, Y), [X[0], Y[1]]),
        (K.switch(X[:, :1] > 0, X, 0), [[0, 0, 0], X[1]]),
        (K.switch(True, lambda: X, lambda: Y), X),
        (K.dot(X, Y.T), X @ Y.T),
        (K.reshape(X, (3, -1)), X.reshape(3, 2)),
        (K.flatten(X), X.ravel()),
        (K.batch_flatten(np.ones((2, 3, 4))), np.ones((2, 12))),
        (K.expand_dims(X), X[..., np.newaxis]),
        (K.expand_dims(X, 0), X[np.newaxis]),
        (K.squeeze(X[:, np.newaxis], 1), X),
        (K.concatenate([X, Y]), np.concatenate([X, Y], axis=1)),
        (K.stack([X, Y]), np.stack([X, Y])),
        (tf.concat([X, Y], 0), np.concatenate([X, Y])),
        (K.one_hot([[0], [2]], 3), [[[1, 0, 0]], [[0, 0, 1]]]),
        (K.argmax(X), [2, 2]),
        (tf.argmax(X), [1, 0, 0]),
        (K.ones_like(X), np.ones((2, 3))),
        (K.zeros_like(X), np.zeros((2, 3))),
        (K.permute_dimensions(X, (1, 0)), X.T),
        (K.cumsum(X, axis=1), np.cumsum(X, axis=1)),
        (K.map_fn(lambda row: row.sum(), X), X.sum(axis=1)),
        (tf.math.divide_no_nan([1.0, 1.0], [0.0, 2.0]), [0, 0.5]),
        (tf.math.xlogy([0.0, 1.0], [0.0, np.e]), [0, 1]),
        (tf.math.squared_difference(X, Y), (X - Y) ** 2),
        (tf.math.erf([0.0, 100.0]), [0, 1]),
        (tf.norm(X, axis=1), np.linalg.norm(X, axis=1)),
        (tf.norm(X), np.linalg.norm(X)),
        (tf.matmul(X, Y, transpose_b=True), X @ Y.T),
        (tf.einsum("ij,ij->i", X, Y), (X * Y).sum(axis=1)),
        (tf.sort([1, 3, 2], direction="DESCENDING"), [3, 2, 1]),
        (tf.split(X, [1, 2], axis=1)[1], X[:, 1:]),
        (tf.range(3), [0, 1, 2]),
        (tf.linalg.diag_part(np.eye(2)), [1, 1]),
        (tf.math.reduce_euclidean_norm(X, axis=1), np.linalg.norm(X, axis=1)),
        (tf.unstack(X)[1], X[1]),
        (tf.one_hot([1], 2), [[0, 1]]),
        (tf.keras.losses.mean_squared_error(X, Y), ((X - Y) ** 2).mean(axis=1)),
    ],
)
def test_a_definition(mine: object, expected: object) -> None:
    assert np.shape(mine) == np.shape(expected)
    np.testing.assert_allclose(mine, expected, rtol=1e-14, atol=1e-15)  # type: ignore[arg-type]


def test_shapes_and_types() -> None:
    assert K.shape(X) == K.int_shape(X) == tf.shape(X) == (2, 3)
    assert K.ndim(X) == tf.rank(X) == 2
    assert K.epsilon() == 1e-7
    assert K.floatx() == "float64"
    assert K.cast(X > 0, "float32").dtype == "float64"
    assert K.cast(X, "int32").dtype == K.cast(X, tf.int32).dtype == "int32"
    assert K.cast(X > 0, X.dtype).dtype == "float64"
    with precision(np.dtype("float32")):
        assert K.floatx() == "float32"
        for array in (K.cast(X > 0, "float64"), K.one_hot([1], 3), K.mean([True]), K.ones((2,)),
                      tf.cast(X, tf.float64), tf.constant(0.5), K.sigmoid([1]), tf.math.erf([1.0]),
                      K.sum([True])):  # fmt: skip
            assert array.dtype == "float32"
    assert K.floatx() == "float64"


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "softmax", "hard_sigmoid", "relu", "elu"])
def test_single_precision_is_kept(name: str) -> None:
    assert getattr(K, name)(X.astype(np.float32)).dtype == "float32"


@pytest.mark.parametrize(
    ("x", "y", "axes", "shape"),
    [
        ((5, 3), (5, 3), None, (5, 1)),
        ((5, 3), (5, 3), 1, (5, 1)),
        ((5, 3, 4), (5, 4, 6), None, (5, 3, 6)),
        ((5, 3, 4), (5, 3, 6), 1, (5, 4, 6)),
        ((5, 3, 4), (5, 4), (2, 1), (5, 3)),
        ((5, 4), (5, 4, 6), (1, 1), (5, 6)),
        ((5, 3, 4), (5, 6, 4), [2, 2], (5, 3, 6)),
        ((5, 2, 3, 4), (5, 4, 6), [-1, 1], (5, 2, 3, 6)),
    ],
)
def test_batch_dot(
    x: tuple[int, ...], y: tuple[int, ...], axes: int | list[int] | None, shape: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=x), rng.normal(size=y)
    mine = K.batch_dot(a, b, axes)
    assert mine.shape == shape
    left, right = (axes, axes) if isinstance(axes, int) else axes or (a.ndim - 1, 1)
    rows = [
        np.tensordot(p, q, axes=(left % a.ndim - 1, right % b.ndim - 1))
        for p, q in zip(a, b, strict=True)
    ]
    np.testing.assert_allclose(mine, np.reshape(rows, shape), rtol=1e-12)


def test_batch_dot_tells_the_shapes() -> None:
    with pytest.raises(ValueError, match=r"batch_dot of shapes \(2, 3\) and \(2, 4\)"):
        K.batch_dot(np.ones((2, 3)), np.ones((2, 4)))


@pytest.mark.parametrize("from_logits", [False, True])
def test_crossentropies_are_those_of_losscli(from_logits: bool) -> None:
    rng = np.random.default_rng(2)
    t = np.eye(4)[[0, 3, 1, 2, 2]]
    z = rng.normal(size=(5, 4)) * 3
    p = z if from_logits else K.softmax(z)

    def own(name: str, labels: np.ndarray) -> np.ndarray:
        return losscli.get(name, from_logits=from_logits)(labels, p)

    logits = {"from_logits": from_logits}
    np.testing.assert_allclose(
        K.mean(K.binary_crossentropy(t, p, **logits), -1), own("binary_crossentropy", t), rtol=1e-12
    )
    np.testing.assert_allclose(
        K.categorical_crossentropy(t, p, **logits), own("categorical_crossentropy", t), rtol=1e-12
    )
    for labels in (t.argmax(axis=1), t.argmax(axis=1)[:, np.newaxis]):
        np.testing.assert_allclose(
            K.sparse_categorical_crossentropy(labels, p, **logits),
            own("sparse_categorical_crossentropy", labels),
            rtol=1e-12,
        )


def test_tensorflows_crossentropies() -> None:
    z = X * 2
    np.testing.assert_allclose(
        tf.nn.sigmoid_cross_entropy_with_logits(labels=Y > 0, logits=z),
        tf.nn.weighted_cross_entropy_with_logits(Y > 0, z, 1.0),
    )
    np.testing.assert_allclose(
        tf.nn.softmax_cross_entropy_with_logits(labels=np.eye(3)[:2], logits=z),
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, 1], logits=z),
    )


@pytest.mark.parametrize(
    ("space", "name", "says"),
    [
        (K, "meen", "losscli's K has no 'meen'; the nearest is K.mean"),
        (K, "reduce_sum", "the nearest is K.sum"),
        (K, "clip_by_value", "the nearest is K.clip"),
        (tf, "reduce_meen", "losscli's tf has no 'reduce_meen'; the nearest is tf.reduce_mean"),
        (tf.math, "sqare", "losscli's tf.math has no 'sqare'; the nearest is tf.math.square"),
        (tf.nn, "soft_max", "losscli's tf.nn has no 'soft_max'; the nearest is tf.nn.softmax"),
        (tf.keras, "loses", "the nearest is tf.keras.losses"),
        (tf.keras.losses, "Los", "the nearest is tf.keras.losses.Loss"),
        (tf.keras.backend, "meen", "the nearest is K.mean"),
    ],
)
def test_a_missing_name_names_the_nearest(space: object, name: str, says: str) -> None:
    with pytest.raises(AttributeError) as raised:
        getattr(space, name)
    assert says in str(raised.value)


def test_the_base_class() -> None:
    class Signed(Loss):
        def call(self, y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
            return y_pred - y_true

    loss = Signed(name="signed")
    assert loss(X, Y) == pytest.approx((Y - X).mean())
    assert loss(X, Y, np.zeros((2, 1))) == 0
    assert loss.get_config() == {"reduction": None, "name": "signed"}
    with pytest.raises(TypeError, match="Loss has no method call"):
        Loss().call(X, Y)


def test_decorators_of_tensorflow_change_nothing() -> None:
    @tf.function
    def f() -> int:
        return 1

    @tf.function(jit_compile=True)
    def g() -> int:
        return 2

    @tf.keras.utils.register_keras_serializable(package="own")
    def h() -> int:
        return 3

    assert (f(), g(), h()) == (1, 2, 3)
