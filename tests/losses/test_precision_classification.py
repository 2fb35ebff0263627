"""How exact the losses of labels, scores and ranks are, against 50 digits.

The claim is that of test_precision.py: 4 ulp of the value, or of the size of the terms that cancel
(`scale`). Labels are hard where nothing is said: soft ones are measured where they matter.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from mpmath import mp

from losscli.losses.registry import find
from tests import oracle_classification as truths
from tests.losses import test_precision as shared
from tests.losses.test_precision import LIMIT, softmax_terms
from tests.oracle import Number, exact, ulps

Array = np.ndarray
Data = Callable[[int], tuple[Array, Array]]
ROWS, CLASSES = 200, 4


@dataclass(frozen=True)
class Measured:
    """A loss with parameters, data for it, its truth, and the size of terms that cancel."""

    loss: str
    data: Data
    truth: Callable[..., Number]
    scale: Callable[..., Number] | None = None
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return ":".join([self.loss, *(f"{k}={v}" for k, v in self.params.items())])


# The data


def scores(rng: np.random.Generator) -> Array:
    z = rng.normal(0, 1, (ROWS, CLASSES)) * 10 ** rng.uniform(-2, 2, (ROWS, 1))
    z[:3] = (1000, -1000, 0, 999), (-1000, 1000, 1000, 0), (0, 0, 0, 0)
    z[3:60:3, 1] = z[3:60:3, 0]  # ties
    return z


def probabilities(rng: np.random.Generator) -> Array:
    p = shared.rows_of_probabilities(rng, (ROWS, CLASSES))
    p[1::9] *= rng.uniform(0.1, 3, (len(p[1::9]), 1))
    return p


def rows_of(make_t: Callable[..., Array], make_p: Callable[..., Array]) -> Data:
    def data(seed: int) -> tuple[Array, Array]:
        rng = np.random.default_rng(seed)
        return make_t(rng), make_p(rng)

    return data


def indices(rng: np.random.Generator) -> Array:
    return rng.integers(0, CLASSES, ROWS).astype(np.float64)


def one_hot(rng: np.random.Generator) -> Array:
    t = np.eye(CLASSES)[rng.integers(0, CLASSES, ROWS)]
    t[::3] = shared.rows_of_probabilities(rng, (ROWS, CLASSES))[::3]
    return t


def indicators(rng: np.random.Generator) -> Array:
    return rng.integers(0, 2, (ROWS, CLASSES)).astype(np.float64)


def relevances(rng: np.random.Generator) -> Array:
    return rng.integers(0, 4, (ROWS, CLASSES)).astype(np.float64)


def lists(rng: np.random.Generator) -> Array:
    order = rng.permuted(np.tile(np.arange(float(CLASSES)), (ROWS, 1)), axis=1)
    return np.where(np.arange(CLASSES) < rng.integers(0, CLASSES + 1, (ROWS, 1)), order, -1)


def margins(seed: int) -> tuple[Array, Array]:
    """Labels 0 and 1 against scores, many of them near −1, 0 and 1."""
    t, z = shared.scored(seed)
    return (t + 1) / 2, z


LABELLED, LOGITS, SCORED = shared.labelled, shared.logits, shared.scored
SPARSE, SPARSE_SCORES = rows_of(indices, probabilities), rows_of(indices, scores)
DENSE, DENSE_SCORES = rows_of(one_hot, probabilities), rows_of(one_hot, scores)


# The size of the terms that cancel


def smoothing_terms(t: Number, p: Number, **params: Any) -> Number:
    """1 − t is rounded as a number of about 1, however small it is."""
    return sum(truths.bce(mp.mpf(label), p, **params) for label in (0, 1))


def focal_terms(t: Number, p: Number, *, gamma: float = 2.0, **params: Any) -> Number:
    """A power multiplies the relative error of what is raised."""
    return (1 + gamma) * truths.focal(t, p, gamma=gamma, **params)


def clipped_focal_terms(t: Number, z: Number, **params: Any) -> Number:
    """The bound as a logit, ±16, is rounded; at the far side all of its error counts."""
    return 18 * truths.focal(t, z, **params)


def sized(t: list[Number], p: list[Number], **params: Any) -> Number:
    """What the roundings of each class's logarithm add up to."""
    weights = [exact(w) for w in params.get("class_weight") or (1.0,) * len(p)]
    s = params.get("label_smoothing", 0.0)
    labels = [truths.smoothed(a, s, len(p)) * w for a, w in zip(t, weights, strict=True)]
    if params.get("from_logits"):
        return softmax_terms(p, labels)
    epsilon, normalise = params.get("epsilon", 1e-7), params.get("normalise", "first")
    total = mp.fsum(p) if normalise == "first" else 1
    logs = [mp.log(truths.clip(x / total, *truths.limits(epsilon))) for x in p]
    if normalise != "last":
        return mp.fsum(a * (abs(x) + 1) for a, x in zip(labels, logs, strict=True))
    shares = [mp.exp(x) for x in logs]
    rounded = mp.fsum(q * -x for q, x in zip(shares, logs, strict=True)) / mp.fsum(shares)
    own = mp.fsum(a * (rounded - x) for a, x in zip(labels, logs, strict=True))
    return softmax_terms(logs, labels) + own


def sparse_sized(t: Number, p: list[Number], **params: Any) -> Number:
    return sized(truths.hot(t, len(p)), p, **{"normalise": "last", **params})


def categorical_focal_terms(
    t: list[Number], p: list[Number], *, gamma: float = 2.0, from_logits: bool = False
) -> Number:
    """ln q has an error of `off` units of 1, and 1 − q one of q times that."""
    low, high = truths.limits(1e-7)
    shares = [mp.exp(x - max(p)) for x in p] if from_logits else p
    total = mp.fsum(shares)
    terms = []
    for j, (a, x) in enumerate(zip(t, shares, strict=True)):
        q = truths.clip(x / total, low, high)
        off = 1 + (softmax_terms(p, truths.hot(mp.mpf(j), len(p))) if from_logits else 0)
        size = a * (1 - q) ** gamma / 4
        terms.append(size * (-mp.log(q) * (1 + gamma + gamma * q * off / (1 - q)) + off))
    return mp.fsum(terms)


def poly_terms(t: list[Number], z: list[Number], *, poly_epsilon: float = 2.0) -> Number:
    return (1 + poly_epsilon) * softmax_terms(z, t)


def hinge_terms(t: Number, z: list[Number]) -> Number:
    return 1 + abs(z[int(t)]) + abs(max(truths.others(t, z)))


def multi_margin_terms(t: Number, z: list[Number], *, p: int = 1, margin: float = 1.0) -> Number:
    missing = [max(0, exact(margin) + x - z[int(t)]) for x in truths.others(t, z)]
    sizes = [abs(exact(margin)) + abs(x) + abs(z[int(t)]) for x in truths.others(t, z)]
    return mp.fsum(m ** (p - 1) * s * p for m, s in zip(missing, sizes, strict=True)) / len(z)


def multilabel_terms(t: list[Number], z: list[Number]) -> Number:
    labels = truths.listed(t)
    rest = [x for i, x in enumerate(z) if i not in labels]
    return mp.fsum(1 + abs(z[j]) + abs(x) for j in labels for x in rest) / len(z)


def sparsemax_terms(t: Number, z: list[Number]) -> Number:
    """Each share has an error of some units of 1, and is multiplied by itself and by their sum."""
    rest = mp.fsum(truths.others(t, truths.simplex(z)))
    return truths.multiclass_sparsemax(t, z) + max(z) - z[int(t)] + 2 * rest


def ranking_terms(t: list[Number], z: list[Number]) -> Number:
    return softmax_terms(z, t)


WEIGHTS = (0.5, 2.0, 1.5, 0.25)
MEASURED = [
    Measured("binary_crossentropy", LABELLED, truths.bce, params={"clip": "log"}),
    Measured("binary_crossentropy", LABELLED, truths.bce, params={"clip": "twice"}),
    Measured("binary_crossentropy", LABELLED, truths.bce, params={"epsilon": "machine"}),
    Measured(
        "binary_crossentropy",
        LABELLED,
        truths.bce,
        smoothing_terms,
        params={"label_smoothing": 0.1},
    ),
    Measured(
        "binary_crossentropy",
        LOGITS,
        truths.bce,
        params={"from_logits": True, "pos_weight": (2.5,), "class_weight": (0.3,)},
    ),
    Measured("binary_focal_crossentropy", LABELLED, truths.focal, focal_terms),
    Measured("binary_focal_crossentropy", LABELLED, truths.focal, focal_terms, {"gamma": 0.5}),
    Measured(
        "binary_focal_crossentropy",
        LABELLED,
        truths.focal,
        focal_terms,
        {"apply_class_balancing": True, "alpha": 0.6},
    ),
    Measured("binary_focal_crossentropy", LOGITS, truths.focal, focal_terms, {"from_logits": True}),
    Measured(
        "binary_focal_crossentropy",
        LOGITS,
        truths.focal,
        clipped_focal_terms,
        {"from_logits": True, "clip_logits": True},
    ),
    Measured("brier", LABELLED, lambda t, p: (p - t) ** 2),
    Measured("sparsemax", margins, truths.sparsemax),
    Measured("perceptron", SCORED, lambda t, z: max(0, -t * z)),
    Measured("soft_margin", SCORED, lambda t, z: truths.softplus(-t * z)),
    *(
        Measured("categorical_crossentropy", DENSE, truths.crossentropy, sized, params)
        for params in (
            {"normalise": "never", "epsilon": "machine"},
            {"normalise": "last"},
            {"label_smoothing": 0.1},
            {"class_weight": WEIGHTS},
        )
    ),
    *(
        Measured(
            "sparse_categorical_crossentropy",
            SPARSE_SCORES if "from_logits" in params or "log_input" in params else SPARSE,
            truths.sparse_crossentropy,
            None if "log_input" in params else sparse_sized,
            params,
        )
        for params in (
            {"normalise": "never", "epsilon": "machine"},
            {"normalise": "first"},
            {"log_input": True},
            {"label_smoothing": 0.1},
            {"from_logits": True, "label_smoothing": 0.1, "class_weight": WEIGHTS},
        )
    ),
    Measured(
        "categorical_focal_crossentropy", DENSE, truths.categorical_focal, categorical_focal_terms
    ),
    Measured(
        "categorical_focal_crossentropy",
        DENSE_SCORES,
        truths.categorical_focal,
        categorical_focal_terms,
        {"from_logits": True},
    ),
    Measured("categorical_generalized_cross_entropy", SPARSE, truths.gce),
    Measured("categorical_generalized_cross_entropy", SPARSE, truths.gce, params={"q": 1e-6}),
    Measured("poly_crossentropy", DENSE_SCORES, truths.poly, poly_terms),
    Measured("multiclass_brier", SPARSE, truths.multiclass_brier),
    Measured("categorical_brier", DENSE, truths.categorical_brier),
    Measured("multiclass_hinge", SPARSE_SCORES, truths.multiclass_hinge, hinge_terms),
    Measured("multiclass_perceptron", SPARSE_SCORES, lambda t, z: max(z) - z[int(t)]),
    Measured("multi_margin", SPARSE_SCORES, truths.multi_margin, multi_margin_terms),
    Measured("multi_margin", SPARSE_SCORES, truths.multi_margin, multi_margin_terms, {"p": 2}),
    Measured(
        "multi_margin",
        SPARSE_SCORES,
        truths.multi_margin,
        multi_margin_terms,
        {"margin": 0.3},
    ),
    Measured(
        "multilabel_margin",
        rows_of(lists, scores),
        truths.multilabel_margin,
        multilabel_terms,
    ),
    Measured("multiclass_sparsemax", SPARSE_SCORES, truths.multiclass_sparsemax, sparsemax_terms),
    Measured("ranking_softmax", rows_of(relevances, scores), truths.ranking_softmax, ranking_terms),
    Measured("label_ranking", rows_of(indicators, scores), truths.label_ranking),
    Measured("coverage_error", rows_of(indicators, scores), truths.coverage_error),
    Measured(
        "zero_one",
        rows_of(indicators, indicators),
        lambda t, p: mp.mpf(any(a != b for a, b in zip(t, p, strict=True))),
    ),
    Measured("hamming", SCORED, lambda t, p: mp.mpf(t != p)),
]


def as_exact(x: Any) -> Any:
    return [exact(one) for one in x] if np.ndim(x) else exact(x)


@pytest.mark.parametrize("measured", MEASURED, ids=lambda one: one.id)
def test_a_value_is_within_four_ulp_of_the_truth(measured: Measured) -> None:
    t, p = measured.data(0)
    with np.errstate(all="ignore"):
        values = find(measured.loss).bind(measured.params)(t, p)
    worst, place = 0.0, 0
    for i, computed in enumerate(values):
        row = as_exact(t[i]), as_exact(p[i])
        size = measured.scale(*row, **measured.params) if measured.scale else None
        error = ulps(computed, measured.truth(*row, **measured.params), size)
        worst, place = max((worst, place), (error, i))
    assert worst <= LIMIT, f"{worst:.3g} ulp at y_true {t[place]!r}, y_pred {p[place]!r}"
