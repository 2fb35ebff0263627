"""Quantiles: exact while values are held, within the stated error in buckets, merged or not."""

from math import inf, isnan, nan

import numpy as np
import pytest

from losscli.engine.reduce.quantiles import ERROR, Quantiles
from tests.conftest import SAMPLE_DATA

FRACTIONS = (0.0, 0.01, 0.25, 0.5, 0.95, 0.99, 0.999, 1.0)
DIABETES = SAMPLE_DATA / "diabetes"


def errors_of(model: str, n: int) -> np.ndarray:
    """The absolute errors of a real model, each several times in other sizes, n of them."""
    t, p = (np.loadtxt(DIABETES / name, skiprows=1) for name in ("y_true.csv", model))
    sizes = np.abs(t - p)
    return np.concatenate([sizes * 1.37**k for k in range(n // len(sizes) + 1)])[:n]


DATA = {
    "ridge": lambda rng, n: errors_of("ridge.csv", n),
    "forest": lambda rng, n: -errors_of("forest.csv", n),
    "normal": lambda rng, n: rng.normal(size=n),
    "lognormal": lambda rng, n: rng.lognormal(0, 5, size=n),
    "few values": lambda rng, n: rng.integers(0, 3, size=n).astype(float),
    "all equal": lambda rng, n: np.full(n, 0.1),
    "tiny and huge": lambda rng, n: np.where(rng.random(n) < 0.5, 1e-300, 1e300),
    # Powers of 2 are where a bucket is widest, relative to what it holds.
    "edges": lambda rng, n: 2.0 ** rng.integers(-5, 5, n) * (1 + rng.integers(0, 9, n) / 4096),
}


def fed(values: np.ndarray, exact: int, block: int = 1000) -> Quantiles:
    quantiles = Quantiles(exact)
    for start in range(0, len(values), block):
        quantiles.update(values[start : start + block])
    return quantiles


@pytest.mark.parametrize("name", DATA)
def test_exact_is_what_numpy_says(name: str) -> None:
    values = DATA[name](np.random.default_rng(0), 70_001)
    quantiles = fed(values, exact=100_000)
    assert quantiles.error == 0
    assert quantiles.results(FRACTIONS) == np.quantile(values, FRACTIONS).tolist()


def measure_error(values: np.ndarray, got: list[float]) -> float:
    """By how much quantiles are off NumPy's of the same rank, relative to these."""
    exact = np.quantile(values, FRACTIONS, method="higher")
    off = np.abs(np.array(got) - exact)
    return float(np.max(off / np.where(exact == 0, 1, np.abs(exact))))


@pytest.mark.parametrize("name", DATA)
def test_buckets_keep_the_stated_error(name: str) -> None:
    values = DATA[name](np.random.default_rng(1), 20_000)
    quantiles = fed(values, exact=5000)
    assert measure_error(values, quantiles.results(FRACTIONS)) <= quantiles.error <= 0.001


def test_the_stated_error_is_about_what_there_is() -> None:
    """It is not a bound so wide that nothing could exceed it: real data come near."""
    measured = [
        measure_error(values, quantiles.results(FRACTIONS))
        for name, make in DATA.items()
        for values in [make(np.random.default_rng(1), 20_000)]
        for quantiles in [fed(values, exact=5000)]
    ]
    assert ERROR / 2 < max(measured) <= ERROR


@pytest.mark.parametrize("exact", [100, 15_000, 50_000])
def test_merged_equals_whole(exact: int) -> None:
    values = np.random.default_rng(2).normal(size=20_000)
    merged = fed(values[:7000], exact)
    merged.merge(fed(values[7000:], exact))
    whole = fed(values, exact)
    assert merged.error == whole.error == (0 if exact == 50_000 else 0.001)
    assert merged.results(FRACTIONS) == whole.results(FRACTIONS)


@pytest.mark.parametrize("exact", [2, 100])
def test_nan_makes_every_quantile_nan(exact: int) -> None:
    assert all(map(isnan, fed(np.array([1.0, nan, 2.0, 3.0]), exact).results(FRACTIONS)))


def test_infinities_and_zeros_have_their_places_in_buckets() -> None:
    values = np.array([-inf, -2.0, 0.0, 0.0, 0.0, 2.0, inf])
    found = fed(values, exact=2).results((0.0, 0.5, 1.0))
    assert found == [-inf, 0.0, inf]


def test_no_value_no_quantile() -> None:
    assert all(map(isnan, Quantiles().results(FRACTIONS)))


def test_an_infinity_is_no_neighbour_of_a_quantile_that_lies_on_a_value() -> None:
    """NumPy's gives NaN here: 1 + (inf - 1)·0."""
    values = np.array([1.0, inf, 1.0])
    assert fed(values, exact=10).results((0.0, 0.5, 0.75, 1.0)) == [1.0, 1.0, inf, inf]


def test_nothing_is_merged_with_buckets() -> None:
    values = np.arange(100.0)
    empty = Quantiles(10)
    empty.merge(fed(values, exact=10))
    assert empty.error > 0
    assert empty.results((0.5,)) == fed(values, exact=10).results((0.5,))


def test_a_histogram_of_all_that_float64_holds_is_left_out() -> None:
    assert fed(np.array([1.5e308, -1.5e308, 0.0]), exact=10).histogram(8) == ()
