"""How exact the losses are, against 50 digits (tests/oracle.py).

The claim: an unreduced float64 value is within 4 ulp of the truth where nothing cancels. Where
terms of opposite sign cancel, it is within 4 ulp of the size of those terms, which is what the
condition number of the sum allows; `SCALE` has that size for each loss that needs one. Clip bounds
are the floats that the loss sees.
"""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
from mpmath import mp

from losscli.engine.evaluate import evaluate
from losscli.losses import numerics
from losscli.losses.registry import find
from losscli.losses.spec import BoundLoss
from tests import oracle
from tests.losses.samples import variants
from tests.oracle import ELEMENT, SAMPLE, Number, exact, ulps

Array = np.ndarray
LIMIT = 4.0

# The data


def magnitudes(rng: np.random.Generator, size: int, low: float = -30, high: float = 30) -> Array:
    """Random numbers of either sign whose sizes are spread evenly over powers of ten."""
    return rng.choice([-1.0, 1.0], size) * 10 ** rng.uniform(low, high, size)


def near(x: Array, rng: np.random.Generator) -> Array:
    """Numbers that differ from x by a relative 1e-15 to 1e-1."""
    return x * (1 + 10 ** rng.uniform(-15, -1, x.shape) * rng.choice([-1.0, 1.0], x.shape))


EXTREMES = np.array([0.0, 1.0, -1.0, 1e30, -1e30, 1e-30, -1e-30, 1e-7, 0.5, 3.0])


def real(seed: int) -> tuple[Array, Array]:
    """Pairs of real numbers: of all sizes, ordinary, nearly equal, and all pairs of extremes."""
    rng = np.random.default_rng(seed)
    wide, ordinary = magnitudes(rng, 200), rng.normal(0, 2, 300)
    t = np.concatenate([wide, ordinary, wide, ordinary])
    p = np.concatenate(
        [magnitudes(rng, 200), rng.normal(0, 2, 300), near(wide, rng), near(ordinary, rng)]
    )
    corners = np.array(list(product(EXTREMES, EXTREMES)))
    return np.concatenate([t, corners[:, 0]]), np.concatenate([p, corners[:, 1]])


def differences(seed: int) -> tuple[Array, Array]:
    """`real`, and errors of the sizes at which logcosh and huber change their form."""
    t, p = real(seed)
    errors = np.array([0, 1e-30, 1e-9, 1e-4, 0.5, np.nextafter(1, 0), 1, np.nextafter(1, 2), 19.1,
                       88.8, 711.0, 1000.0, 1e30])  # fmt: skip
    errors = np.concatenate([errors, 10 ** np.random.default_rng(seed).uniform(-12, 3.5, 500)])
    return np.concatenate([t, 0 * errors, 0 * errors]), np.concatenate([p, errors, -errors])


def positive(seed: int) -> tuple[Array, Array]:
    t, p = real(seed)
    return np.abs(t), np.abs(p)


def probabilities(rng: np.random.Generator, size: int) -> Array:
    """Ordinary ones, tiny ones, nearly 1, exact 0 and 1, and at the clip bounds."""
    tiny = 10 ** rng.uniform(-12, 0, size // 3)
    edge = [0.0, 1.0, 0.5, 1e-30, 1e-7, 1 - 1e-7, np.nextafter(1, 0), np.nextafter(0, 1)]
    return np.concatenate([rng.uniform(0, 1, size // 3), tiny, 1 - tiny, edge])


def labelled(seed: int) -> tuple[Array, Array]:
    """Labels, hard and soft, against probabilities."""
    rng = np.random.default_rng(seed)
    p = probabilities(rng, 400)
    labels = [np.zeros_like(p), np.ones_like(p), rng.uniform(0, 1, p.shape)]
    return np.concatenate(labels), np.tile(p, 3)


def logits(seed: int) -> tuple[Array, Array]:
    """Labels against logits, huge ones too."""
    rng = np.random.default_rng(seed)
    z = np.concatenate(
        [rng.normal(0, 3, 200), rng.uniform(-40, 40, 200), magnitudes(rng, 50, -30, 2)]
    )
    z = np.concatenate([z, [0.0, 1000.0, -1000.0, 700.0, -700.0, 36.7, -36.7, 1e30, -1e30]])
    labels = [np.zeros_like(z), np.ones_like(z), rng.uniform(0, 1, z.shape)]
    return np.concatenate(labels), np.tile(z, 3)


def scored(seed: int) -> tuple[Array, Array]:
    """Labels -1 and +1 against scores, many of them near the margin."""
    rng = np.random.default_rng(seed)
    z = np.concatenate([rng.normal(0, 2, 300), near(np.ones(200), rng), magnitudes(rng, 100)])
    z = np.concatenate([z, EXTREMES, [1000.0, -1000.0]])
    return np.concatenate([np.ones_like(z), -np.ones_like(z)]), np.tile(z, 2)


def distances(seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    d = np.concatenate(
        [rng.uniform(0, 2, 300), near(np.ones(200), rng), 10 ** rng.uniform(-30, 30, 100)]
    )
    d = np.concatenate([d, [0.0, 1.0, 1e30, 1e-30]])
    return np.concatenate([np.ones_like(d), np.zeros_like(d), rng.uniform(0, 1, d.shape)]), np.tile(
        d, 3
    )


Data = Callable[[int], tuple[Array, Array]]
ELEMENT_DATA: dict[str, Data] = {
    "mse": real,
    "mae": real,
    "mbe": real,
    "mape": real,
    "msle": positive,
    "logcosh": differences,
    "huber": differences,
    "poisson": positive,
    "binary_crossentropy": labelled,
    "binary_crossentropy:from_logits": logits,
    "hinge": scored,
    "squared_hinge": scored,
    "contrastive": distances,
}


def rows_of_probabilities(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Softmax rows: from even ones to nearly certain ones; some with exact zeros and ones."""
    z = rng.normal(0, 1, shape) * 10 ** rng.uniform(-1, 1.3, (shape[0], 1))
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[::7] = np.eye(shape[1])[rng.integers(0, shape[1], len(p[::7]))]
    return p


def one_hot(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    return np.eye(shape[1])[rng.integers(0, shape[1], shape[0])]


def sample_data(loss: BoundLoss, seed: int) -> tuple[Array, Array]:
    """Rows for a loss that consumes the last axis."""
    rng = np.random.default_rng(seed)
    shape = (200, 4)
    scores = rng.normal(0, 1, shape) * 10 ** rng.uniform(-2, 2, (200, 1))
    scores[0], scores[1], scores[2] = (1000, -1000, 0, 999), (-1000, 1000, 1000, 0), (0, 0, 0, 0)
    p = scores if loss.params.get("from_logits") else rows_of_probabilities(rng, shape)
    match loss.spec.name:
        case "rmse":
            t, p = real(seed)
            return t[:600].reshape(-1, 4), p[:600].reshape(-1, 4)
        case "categorical_hinge":
            return one_hot(rng, shape), scores
        case "sparse_categorical_crossentropy":
            return rng.integers(0, 4, (200, 1)).astype(np.float64), p
        case _:
            t = one_hot(rng, shape)
            t[::3] = rows_of_probabilities(rng, shape)[::3]
            return t, p


# The size of the terms that cancel


def hinge_terms(t: Number, p: Number) -> Number:
    return 1 + abs(t * p)


def squared_hinge_terms(t: Number, p: Number) -> Number:
    """A square doubles the relative error of what it squares."""
    return max(1 - t * p, 0) * hinge_terms(t, p)


def poisson_terms(t: Number, p: Number) -> Number:
    """p and t·ln(p + ε); the rounding of p + ε shows where the logarithm is near 0."""
    return p + t * (abs(mp.log(p + exact(1e-7))) + 1)


def softmax_terms(z: list[Number], weights: list[Number]) -> Number:
    """Each difference z_j − max z is rounded: that counts as much as its share in the sum."""
    top = max(z)
    shares = [mp.exp(x - top) for x in z]
    total = mp.fsum(shares)
    common = mp.fsum(s * (top - x) for s, x in zip(shares, z, strict=True)) / total
    return mp.fsum(w * (top - x + mp.log(total) + common) for w, x in zip(weights, z, strict=True))


def crossentropy_terms(t: list[Number], p: list[Number], *, from_logits: bool = False) -> Number:
    """Of probabilities: q = p / Σp is rounded, which costs one unit of 1 in ln q."""
    if from_logits:
        return softmax_terms(p, t)
    total = mp.fsum(p)
    logs = [abs(mp.log(oracle.clip(x / total, *oracle.bounds()))) for x in p]
    return mp.fsum(a * (x + 1) for a, x in zip(t, logs, strict=True))


def sparse_terms(t: list[Number], p: list[Number], *, from_logits: bool = False) -> Number:
    """Of probabilities: each logarithm is rounded, and those of the shares add up."""
    hot = [mp.mpf(j == int(t[0])) for j in range(len(p))]
    if from_logits:
        return softmax_terms(p, hot)
    logs = [mp.log(oracle.clip(x, *oracle.bounds())) for x in p]
    shares = [mp.exp(x) for x in logs]
    rounded = mp.fsum(s * -x for s, x in zip(shares, logs, strict=True)) / mp.fsum(shares)
    return softmax_terms(logs, hot) + rounded - logs[int(t[0])]


def categorical_hinge_terms(t: list[Number], p: list[Number]) -> Number:
    right = mp.fsum(abs(a * b) for a, b in zip(t, p, strict=True))
    return 1 + right + max(abs((1 - a) * b) for a, b in zip(t, p, strict=True))


SCALE: dict[str, Callable[..., Number]] = {
    "hinge": hinge_terms,
    "squared_hinge": squared_hinge_terms,
    "poisson": poisson_terms,
    "categorical_crossentropy": crossentropy_terms,
    "sparse_categorical_crossentropy": sparse_terms,
    "categorical_hinge": categorical_hinge_terms,
}

# The tests


def flags(loss: BoundLoss) -> dict[str, Any]:
    return {name: value for name, value in loss.params.items() if value is True}


def element_errors(loss: BoundLoss, seed: int = 0) -> Iterator[tuple[float, float, float]]:
    """(ulp, t, p) of each element."""
    t, p = ELEMENT_DATA[loss.label](seed)
    scale = SCALE.get(loss.spec.name)
    for computed, a, b in zip(loss(t, p), t, p, strict=True):
        arguments = exact(a), exact(b)
        truth = ELEMENT[loss.spec.name](*arguments, **flags(loss))
        yield ulps(computed, truth, scale(*arguments) if scale else None), a, b


def sample_errors(loss: BoundLoss, seed: int = 0) -> Iterator[tuple[float, Array, Array]]:
    """(ulp, t, p) of each row."""
    t, p = sample_data(loss, seed)
    scale = SCALE.get(loss.spec.name)
    labels = t[:, 0] if loss.domains[0].class_index else t
    values = evaluate(loss, labels, p).samples
    for computed, a, b in zip(values, t, p, strict=True):
        rows = [exact(x) for x in a], [exact(x) for x in b]
        truth = SAMPLE[loss.spec.name](*rows, **flags(loss))
        yield ulps(computed, truth, scale(*rows, **flags(loss)) if scale else None), a, b


# The others are measured by test_precision_classification.py and test_precision_numbers.py.
ELSEWHERE = ("kld", "cosine_proximity", "sparse_categorical_crossentropy:log_input")
LOSSES = [
    loss
    for loss in variants()
    if loss.spec.name in {*ELEMENT, *SAMPLE} and not {loss.spec.name, loss.label} & {*ELSEWHERE}
]


def test_every_loss_has_data() -> None:
    elements = {loss.label for loss in LOSSES if loss.spec.name in ELEMENT}
    assert elements == set(ELEMENT_DATA)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.label)
def test_a_value_is_within_four_ulp_of_the_truth(loss: BoundLoss) -> None:
    errors = element_errors(loss) if loss.spec.kind == "element" else sample_errors(loss)
    worst, t, p = max(errors, key=lambda error: error[0])
    assert worst <= LIMIT, f"{worst:.3g} ulp at y_true {t!r}, y_pred {p!r}"


@pytest.mark.parametrize("params", [{"delta": 0.1}, {"delta": 7.0}], ids=str)
def test_huber_is_exact_for_other_deltas(params: dict[str, float]) -> None:
    t, p = differences(1)
    computed = find("huber").bind(params)(t, p)
    errors = [
        ulps(value, oracle.huber(exact(a), exact(b), **params))
        for value, a, b in zip(computed, t, p, strict=True)
    ]
    assert max(errors) <= LIMIT


@pytest.mark.parametrize("size", [1e-5, 1.0, 1e30, 1e160, 1e300])
def test_cosine_does_not_depend_on_the_length_of_long_vectors(size: float) -> None:
    """Squares of lengths beyond 1e154 overflow: parallel vectors must not become orthogonal."""
    t, p = np.array([[3.0, 4.0], [3.0, 4.0]]) * size, np.array([[3.0, 4.0], [-6.0, -8.0]]) * size
    with np.errstate(all="ignore"):
        values = evaluate(find("cosine_proximity").bind(), t, p).samples
    np.testing.assert_allclose(values, [-1.0, 1.0], rtol=1e-15)


def test_msle_is_within_four_ulp_where_its_square_doubles_the_error_of_the_logarithm() -> None:
    t, p = 1.1208701337124303, 3.292959553376657
    computed = find("msle").bind()(np.array([t]), np.array([p]))[0]
    assert ulps(computed, oracle.msle(exact(t), exact(p))) <= LIMIT


@pytest.mark.parametrize(
    ("name", "t", "p", "truth"),
    [
        # Where the textbook form loses everything, or overflows.
        ("logcosh", 0.0, 1e-9, 5e-19),
        ("logcosh", 0.0, 1000.0, 1000 - np.log(2)),
        ("logcosh", 0.0, 1e300, 1e300),
        ("huber", 0.0, 1e300, 1e300),
        ("msle", 0.0, 2e-7, 1e-14),
        ("binary_crossentropy", 1.0, 0.0, 16.11809565095832),
        ("binary_crossentropy", 0.0, 1.0, 16.118095651),
    ],
)
def test_a_value_known_without_the_oracle(name: str, t: float, p: float, truth: float) -> None:
    computed = find(name).bind()(np.array([t]), np.array([p]))[0]
    assert computed == pytest.approx(truth, rel=3e-7 if name == "msle" else 1e-9, abs=0)


# The tricks of losses/numerics.py, each alone


def worst_of(computed: Array, truths: list[Number]) -> float:
    return max(ulps(value, truth) for value, truth in zip(computed, truths, strict=True))


def test_clip_bounds_are_floats_of_the_array_s_own_precision() -> None:
    for dtype in (np.float32, np.float64):
        clipped = numerics.clip_probability(np.array([0, 0.25, 1], dtype=dtype), 1e-7)
        assert clipped.dtype == dtype
        assert [exact(x) for x in clipped] == [
            oracle.bounds(dtype)[0],
            exact(0.25),
            oracle.bounds(dtype)[1],
        ]
    assert 1 - float(numerics.clip_probability(np.ones(1, np.float32), 1e-7)[0]) == 2.0**-23


def test_log_ratio_keeps_its_digits_where_its_arguments_are_close() -> None:
    a, b = positive(2)
    kept = (a > 0) & (b > 0)
    a, b = a[kept], b[kept]
    truths = [mp.log(exact(x) / exact(y)) for x, y in zip(a, b, strict=True)]
    assert worst_of(numerics.log_ratio(a, b), truths) <= 3
    assert numerics.log_ratio(a, a).tolist() == [0.0] * len(a)
    np.testing.assert_array_equal(numerics.log_ratio(a, b), -numerics.log_ratio(b, a))


def test_log1p_ratio_keeps_the_digits_of_tiny_arguments() -> None:
    a, b = positive(3)
    truths = [mp.log1p((exact(x) - exact(y)) / (1 + exact(y))) for x, y in zip(a, b, strict=True)]
    assert worst_of(numerics.log1p_ratio(a, b), truths) <= 3
    np.testing.assert_array_equal(numerics.log1p_ratio(a, b), -numerics.log1p_ratio(b, a))


def test_log_cosh_is_finite_and_exact_on_both_sides_of_its_seam() -> None:
    _, x = differences(4)
    x = np.concatenate([x, near(np.ones(300), np.random.default_rng(4)), [1e308, 5e-324, 1e-160]])
    with np.errstate(over="ignore"):  # e^(-2·1e308) is 0, by way of -inf
        values, mirrored = numerics.log_cosh(x), numerics.log_cosh(-x)
    assert np.isfinite(values).all()
    assert worst_of(values, [oracle.log_cosh(exact(v)) for v in x]) <= LIMIT
    np.testing.assert_array_equal(values, mirrored)


def test_softplus_neither_overflows_nor_cancels() -> None:
    _, z = logits(5)
    values = numerics.softplus(z)
    assert np.isfinite(values).all()
    assert worst_of(values, [oracle.softplus(exact(x)) for x in z]) <= LIMIT


def test_log_softmax_keeps_the_digits_of_a_confident_right_answer() -> None:
    # −ln softmax of the first is ln(1 + e^-40 + e^-50): the textbook form gives 0.
    value = -numerics.log_softmax(np.array([[0.0, -40.0, -50.0]]))[0, 0]
    assert ulps(value, mp.log1p(mp.exp(-40) + mp.exp(-50))) <= LIMIT


def test_log_softmax_takes_huge_ties_and_any_shape() -> None:
    z = np.array([[[1000.0, 1000.0], [-1000.0, 1000.0]], [[0.0, 0.0], [1e300, -1e300]]])
    before = z.copy()
    expected = [[[-np.log(2)] * 2, [-2000.0, 0.0]], [[-np.log(2)] * 2, [0.0, -2e300]]]
    np.testing.assert_allclose(numerics.log_softmax(z), expected, rtol=1e-15)
    np.testing.assert_array_equal(z, before)
