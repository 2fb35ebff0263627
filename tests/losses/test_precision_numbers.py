"""How exact losses of numbers, vectors and masks are, against 50 digits (tests/oracle_numbers.py).

The claim is that of test_precision: within 4 ulp of the truth, or of the size of the terms where
these cancel.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from mpmath import mp

from losscli.engine.evaluate import evaluate
from losscli.losses import numerics
from losscli.losses.registry import find, specs
from tests import oracle
from tests import oracle_numbers as formulas
from tests.losses import test_precision as data
from tests.losses import test_precision_classification as classification
from tests.losses.test_precision import LIMIT, worst_of
from tests.oracle import Number, exact, ulps

Array = np.ndarray
Arrays = tuple[Array, ...]


def above_minus_one(seed: int) -> Arrays:
    t, p = data.positive(seed)
    rng = np.random.default_rng(seed)
    low = rng.uniform(-0.999999, 0, (2, 300))
    return np.concatenate([t, low[0], low[0]]), np.concatenate(
        [p, low[1], np.maximum(data.near(low[0], rng), -0.999999)]
    )


def strictly_positive(seed: int) -> Arrays:
    """Positive numbers that are not so far apart that powers of them leave the range of floats."""
    t, p = data.positive(seed)
    kept = (t > 0) & (p > 0)
    return np.concatenate([[3.0, 1.0], t[kept]]), np.concatenate([[3.0, 2.0], p[kept]])


def counts(seed: int) -> Arrays:
    t, p = strictly_positive(seed)
    return np.concatenate([np.zeros(50), t]), np.concatenate([p[:50], p])


def moderate(seed: int) -> Arrays:
    t, p = strictly_positive(seed)
    kept = (t > 1e-9) & (t < 1e9) & (p > 1e-9) & (p < 1e9)
    return t[kept], p[kept]


def real_against_positive(seed: int) -> Arrays:
    t, p = moderate(seed)
    return np.concatenate([t, -t]), np.concatenate([p, p])


def rates(seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    t = np.concatenate([rng.integers(0, 30, 300), rng.exponential(3, 300), [0, 1, 2, 1e6]])
    return t.astype(np.float64), rng.exponential(4, len(t))


def log_rates(seed: int) -> Arrays:
    t, _ = rates(seed)
    return t, np.random.default_rng(seed).uniform(-30, 8, len(t))


def with_variances(seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    t, p = rng.normal(0, 2, (2, 600))
    return t, p, 10 ** rng.uniform(-9, 3, 600)


def probabilities(seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    t = data.probabilities(rng, 300)
    p = np.clip(rng.permutation(data.probabilities(rng, 300)), 1e-12, 1)
    return np.concatenate([t, p]), np.concatenate([p, np.minimum(data.near(p, rng), 1)])


def with_logs(*which: int) -> Callable[[int], Arrays]:
    """Probabilities above 0, the logarithms of the first array, of the second, or of both."""

    def made(seed: int) -> Arrays:
        arrays = [np.maximum(x, 1e-30) for x in probabilities(seed)]
        return tuple(np.log(x) if i in which else x for i, x in enumerate(arrays))

    return made


def ranked(seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    a = rng.normal(0, 2, 400)
    b = np.concatenate([rng.normal(0, 2, 200), data.near(a[200:], rng)])
    return np.where(rng.random(400) < 0.5, -1.0, 1.0), a, b


def signed_distances(seed: int) -> Arrays:
    d = data.distances(seed)[1]
    return np.where(np.random.default_rng(seed).random(len(d)) < 0.5, -1.0, 1.0), d


@dataclass(frozen=True)
class Case:
    """A loss with parameters, data for it, and the size of its terms where these cancel."""

    name: str
    data: Callable[[int], Arrays]
    params: dict[str, Any] = field(default_factory=dict)
    terms: Callable[..., Number] | None = None
    limit: float = LIMIT

    @property
    def id(self) -> str:
        return ":".join([self.name, *(f"{k}={v}" for k, v in self.params.items())])


def poisson_terms(t: Number, p: Number) -> Number:
    return p + abs(t * mp.log(p + exact(1e-8))) + t + abs(formulas.stirling(t))


def log_poisson_terms(t: Number, z: Number) -> Number:
    return mp.exp(z) + abs(t * z) + abs(formulas.stirling(t))


def gaussian_terms(t: Number, p: Number, var: Number) -> Number:
    v = max(var, exact(1e-6))
    return (abs(mp.log(v)) + (p - t) ** 2 / v + mp.log(2 * mp.pi)) / 2


def log_input_terms(t: Number, z: Number) -> Number:
    return abs(formulas.xlogx(t)) + abs(t * z)


def log_terms(s: Number, z: Number) -> Number:
    return mp.exp(s) * (abs(s) + abs(z))


def log_generalized_terms(t: Number, z: Number) -> Number:
    return log_input_terms(t, z) + t + mp.exp(z)


def tweedie_terms(power: float) -> Callable[[Number, Number], Number]:
    def terms(t: Number, p: Number) -> Number:
        a, b = 1 - exact(power), 2 - exact(power)
        powers = abs(abs(t) ** b / (a * b)), abs(t * p**a / a), abs(p**b / b)
        return 2 * mp.fsum(powers)

    return terms


def ranking_terms(t: Number, p: Number, q: Number) -> Number:
    return 1 + abs(p - q)


ELEMENTS = [
    Case("half_squared_error", data.real),
    Case("median_absolute_error", data.real),
    Case("max_error", data.real),
    *(Case("smooth_l1", data.differences, {"beta": beta}) for beta in (1.0, 0.1, 7.0)),
    *(Case("pinball", data.real, {"alpha": alpha}) for alpha in (0.5, 0.1, 0.0, 1.0)),
    Case("msle", above_minus_one, {"epsilon": None}),
    Case("poisson_nll", log_rates, {}, log_poisson_terms),
    Case("poisson_nll", log_rates, {"full": True}, log_poisson_terms),
    Case("poisson_nll", rates, {"log_input": False}, poisson_terms),
    Case("poisson_nll", rates, {"log_input": False, "full": True}, poisson_terms),
    Case("gaussian_nll", with_variances, {}, gaussian_terms),
    Case("gaussian_nll", with_variances, {"full": True}, gaussian_terms),
    Case("poisson_deviance", counts, limit=8),
    Case("gamma_deviance", strictly_positive, limit=8),
    *(
        Case("tweedie_deviance", moderate, {"power": power}, tweedie_terms(power))
        for power in (1.5, 1.01, 3.0, 2.5)
    ),
    Case("tweedie_deviance", real_against_positive, {"power": -1.0}, tweedie_terms(-1.0)),
    Case("tweedie_deviance", data.real, {"power": 0.0}),
    Case("tweedie_deviance", counts, {"power": 1.0}, limit=8),
    Case("tweedie_deviance", strictly_positive, {"power": 2.0}, limit=8),
    Case("kld", probabilities),
    Case("kld", probabilities, {"epsilon": 0.0}),
    Case("kld", with_logs(1), {"epsilon": 0.0, "log_input": True}, log_input_terms),
    Case(
        "kld", with_logs(0, 1), {"epsilon": 0.0, "log_input": True, "log_target": True}, log_terms
    ),
    Case("generalized_kld", counts, limit=8),
    Case("generalized_kld", with_logs(1), {"log_input": True}, log_generalized_terms),
    Case("hinge_embedding", signed_distances),
    Case("margin_ranking", ranked, {"margin": 1.0}, ranking_terms),
]


@pytest.mark.parametrize("case", ELEMENTS, ids=lambda case: case.id)
def test_an_element_is_within_four_ulp_of_the_truth(case: Case) -> None:
    arrays = case.data(0)
    with np.errstate(all="ignore"):
        values = find(case.name).bind(case.params)(*arrays)
    worst, place = 0.0, 0
    for i, (computed, *numbers) in enumerate(zip(values, *arrays, strict=True)):
        arguments = [exact(x) for x in numbers]
        truth = formulas.ELEMENT[case.name](*arguments, **case.params)
        size = case.terms(*arguments) if case.terms else None
        error = ulps(computed, truth, size)
        worst, place = max((worst, place), (error, i))
    assert worst <= case.limit, f"{worst:.3g} ulp at {[x[place].item() for x in arrays]}"


# Rows


def vectors(seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    t = rng.normal(0, 1, (200, 4)) * 10 ** rng.uniform(-3, 10, (200, 1))
    return t, np.where(np.arange(200)[:, None] % 2, data.near(t, rng), rng.normal(0, 1, (200, 4)))


def pairs(seed: int) -> Arrays:
    p, q = vectors(seed)
    return np.where(np.random.default_rng(seed).random(200) < 0.5, -1.0, 1.0), p, q


def triplets(seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    a, t, n = rng.normal(0, 1, (3, 200, 4))
    t[::3] = data.near(a[::3], rng)
    n[::2] = data.near(a[::2], rng)
    return t, a, n


def positive_triplets(seed: int) -> Arrays:
    """The anchor above both: an odd power has no negative base."""
    t, a, n = triplets(seed)
    return -np.abs(t), np.abs(a), -np.abs(n)


def logarithmic_rows(seed: int) -> Arrays:
    t, p = above_minus_one(seed)
    return t[:600].reshape(-1, 4), p[:600].reshape(-1, 4)


def masks(seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    t = (rng.random((200, 4)) < 0.5).astype(np.float64)
    p = rng.random((200, 4))
    p[::2] = np.abs(t[::2] - 10 ** rng.uniform(-9, 0, (100, 4)))  # nearly perfect
    t[0], p[0] = 0, 0
    return t, p


def mask_logits(seed: int) -> Arrays:
    t, _ = masks(seed)
    return t, np.random.default_rng(seed).uniform(-40, 40, t.shape)


def class_masks(seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    t = np.eye(3)[rng.integers(0, 3, (60, 4))]
    p = rng.random((60, 4, 3)) ** 3
    return t, p / p.sum(axis=-1, keepdims=True)


def class_logits(seed: int) -> Arrays:
    t, _ = class_masks(seed)
    return t, np.random.default_rng(seed).normal(0, 3, t.shape)


def cosine_terms(t: list[Number], p: list[Number]) -> Number:
    return formulas.cosine([abs(x) for x in t], [abs(x) for x in p], 1e-14)


def distance_terms(t: list[Number], p: list[Number]) -> Number:
    """Unit vectors are rounded: an error of u − v counts as often as u − v itself in its square."""
    truth = formulas.cosine_distance(t, p)
    return truth + mp.sqrt(2 * truth)


def embedding_terms(t: list[Number], p: list[Number], q: list[Number]) -> Number:
    return 1 + cosine_terms(p, q)


def triplet_terms(power: float) -> Callable[..., Number]:
    def terms(t: list[Number], a: list[Number], n: list[Number]) -> Number:
        far = formulas.distance(a, n, power, 1e-6, "differences")
        return 1 + far + formulas.distance(a, t, power, 1e-6, "differences")

    return terms


ROWS = [
    Case("rmsle", logarithmic_rows),
    Case("rmsle", logarithmic_rows, {"outputs": "separate"}),
    *(Case("cosine_proximity", vectors, {"epsilon": e}, cosine_terms) for e in (1e-12, 1e-14)),
    Case("cosine_proximity", vectors, {"epsilon": 0.0, "negate": False}, cosine_terms),
    Case("cosine_distance", vectors, {}, distance_terms),
    Case("cosine_embedding", pairs, {}, embedding_terms),
    Case("cosine_embedding", pairs, {"margin": 0.5}, embedding_terms),
    *(Case("triplet_margin", triplets, {"p": p}, triplet_terms(p)) for p in (1.0, 2.0, 3.0)),
    Case("triplet_margin", triplets, {"swap": True}, triplet_terms(2.0)),
    Case("triplet_margin", triplets, {"epsilon_in": "sum"}, triplet_terms(2.0)),
    Case("triplet_margin", positive_triplets, {"epsilon_in": "sum", "p": 3.0}, triplet_terms(3.0)),
    Case("dice", masks),
    Case("dice", masks, {"smooth": 1.0, "epsilon": 0.0}),
    Case("dice", mask_logits, {"from_logits": True}),
    Case("tversky", masks, {"alpha": 0.3, "beta": 0.7}),
    Case("jaccard", masks),
    Case("multiclass_dice", class_masks),
    Case("multiclass_dice", class_masks, {"alpha": 0.2, "beta": 0.9, "smooth": 0.5}),
    Case("multiclass_dice", class_masks, {"class_weight": (1.0, 2.0, 0.5), "sum_classes": True}),
    Case("multiclass_dice", class_masks, {"ignore_background": True}),
    Case("multiclass_dice", class_logits, {"from_logits": True}),
    Case("generalized_dice", class_masks),
    Case("generalized_dice", class_masks, {"ignore_background": True}),
    Case("generalized_dice", class_logits, {"from_logits": True}),
]


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case.id)
def test_a_row_is_within_four_ulp_of_the_truth(case: Case) -> None:
    arrays = case.data(0)
    loss = find(case.name).bind(case.params)
    more = dict(zip(loss.spec.inputs, arrays[2:], strict=True))
    with np.errstate(all="ignore"):
        values = evaluate(loss, arrays[0], arrays[1], more).samples
    worst, place = 0.0, 0
    for i, computed in enumerate(values):
        rows = [nested(np.atleast_1d(array[i])) for array in arrays]
        truth = formulas.ROW[case.name](*rows, **case.params)
        error = ulps(computed, truth, case.terms(*rows) if case.terms else None)
        worst, place = max((worst, place), (error, i))
    assert worst <= case.limit, f"{worst:.3g} ulp at {[x[place].tolist() for x in arrays]}"


def nested(x: Array) -> list[Any]:
    """An array as lists of exact numbers."""
    return [nested(row) if row.ndim else exact(row) for row in x]


def test_every_loss_is_measured_somewhere() -> None:
    here = {case.name for case in (*ELEMENTS, *ROWS)}
    there = {one.loss for one in classification.MEASURED} | {*oracle.ELEMENT, *oracle.SAMPLE}
    assert {spec.name for spec in specs()} == here | there


# What a sum cannot show


@pytest.mark.parametrize("name", ["poisson_deviance", "gamma_deviance", "generalized_kld"])
def test_a_deviance_of_nearly_equal_numbers_keeps_its_digits(name: str) -> None:
    """It is about the square of the relative difference: the textbook form would be all noise."""
    t, p = np.array([3.0]), np.array([3.0 * (1 + 2.0**-40)])
    computed = find(name).bind()(t, p)[0]
    assert ulps(computed, formulas.ELEMENT[name](exact(t[0]), exact(p[0]))) <= LIMIT


def test_a_tweedie_deviance_of_nearly_equal_numbers_keeps_its_digits() -> None:
    t, p = np.array([3.0]), np.array([3.0 * (1 + 2.0**-40)])
    for power in (-2.0, 1.5, 2.5, 3.0):
        computed = find("tweedie_deviance").bind({"power": power})(t, p)[0]
        truth = formulas.tweedie_deviance(exact(t[0]), exact(p[0]), power=power)
        assert ulps(computed, truth) <= 8


def test_a_cosine_distance_of_nearly_parallel_vectors_keeps_its_digits() -> None:
    t, p = np.array([[1.0, 0.0]]), np.array([[1.0, 1e-10]])
    assert find("cosine_distance").bind()(t, p)[0] == pytest.approx(5e-21, rel=1e-9, abs=0)


def test_a_nearly_perfect_overlap_keeps_its_digits() -> None:
    t, p = np.ones((1, 2)), np.array([[1.0, 1 - 2.0**-50]])
    loss = find("jaccard").bind({"epsilon": 0.0})
    assert evaluate(loss, t, p).samples[0] == pytest.approx(2.0**-51, rel=1e-9, abs=0)


def test_exp_excess_is_exact_on_both_sides_of_its_seams() -> None:
    rng = np.random.default_rng(6)
    x = np.concatenate([rng.uniform(-3, 3, 500), data.magnitudes(rng, 300, -30, 2), [0, 1, -1]])
    x = np.concatenate([x, data.near(np.ones(100), rng), -data.near(np.ones(100), rng)])
    truths = [mp.expm1(exact(v)) - exact(v) for v in x]
    assert worst_of(numerics.exp_excess(x), truths) <= LIMIT


def test_a_norm_neither_overflows_nor_underflows() -> None:
    x = np.array([[3e200, -4e200], [3e-200, 4e-200], [0.0, 0.0], [5e-324, 0.0]])
    for p, expected in ((2, [5e200, 5e-200, 0, 5e-324]), (1, [7e200, 7e-200, 0, 5e-324])):
        np.testing.assert_allclose(numerics.p_norm(x, p), expected, rtol=1e-15)
