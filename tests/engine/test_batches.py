"""The value of a training log: batches of N samples, averaged by their sizes or not."""

import numpy as np
import pytest

import losscli
from losscli.engine.blocks import rows_per_block
from losscli.errors import UsageError

rng = np.random.default_rng(5)
T, P = rng.normal(size=(2, 10, 3))
W = rng.random(10)


def by_hand(loss: str, size: int, weights: np.ndarray | None, by_size: bool) -> float:
    """The batches computed one by one."""
    values, sizes = [], []
    for start in range(0, len(T), size):
        rows = slice(start, start + size)
        some = None if weights is None else weights[rows]
        value = losscli.compute(loss, T[rows], P[rows], sample_weight=some).value
        values.append(value)
        sizes.append(len(T[rows]))
    return float(np.average(values, weights=sizes if by_size else None))


@pytest.mark.parametrize("loss", ["mse", "rmse", "median_absolute_error", "max_error"])
@pytest.mark.parametrize("size", [1, 3, 4, 10, 99])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("batch_mean", ["weighted", "unweighted"])
def test_the_value_is_the_mean_of_the_batches(
    loss: str, size: int, weighted: bool, batch_mean: str
) -> None:
    weights = W if weighted else None
    result = losscli.compute(
        loss,
        T,
        P,
        sample_weight=weights,
        batch_size=size,
        batch_mean=batch_mean,  # type: ignore[arg-type]
    )
    expected = by_hand(loss, size, weights, batch_mean == "weighted")
    assert result.value == pytest.approx(expected, rel=1e-14)
    assert f"|batch:{size}" in result.signature


def test_a_ragged_last_batch_counts_more_in_a_plain_mean() -> None:
    t, p = [[0.0], [0.0], [0.0]], [[1.0], [1.0], [3.0]]
    log, loop = (
        losscli.compute("mse", t, p, batch_size=2, batch_mean=how)  # type: ignore[arg-type]
        for how in ("weighted", "unweighted")
    )
    assert (log.value, loop.value) == (11 / 3, 5.0)
    assert "|batch:2 unweighted|" in loop.signature


def test_batches_may_lie_across_blocks() -> None:
    rows = rows_per_block(1)
    t = rng.normal(size=2 * rows + 7)
    size = rows - 5
    parts = [np.sqrt(np.mean(t[i : i + size] ** 2)) for i in range(0, len(t), size)]
    found = losscli.compute("rmse", t, np.zeros_like(t), batch_size=size, batch_mean="unweighted")
    assert found.value == pytest.approx(float(np.mean(parts)), rel=1e-13)


def test_the_samples_values_are_as_without_batches() -> None:
    plain, batched = (losscli.compute("rmse", T, P, batch_size=size) for size in (None, 4))
    np.testing.assert_array_equal(plain.per_sample, batched.per_sample)
    assert plain.summary == batched.summary
    assert plain.value != batched.value


@pytest.mark.parametrize("loss", ["max_error", "median_absolute_error", "rmse", "mse"])
def test_a_batch_without_any_weight_has_no_value(loss: str) -> None:
    weights = np.r_[np.zeros(4), np.ones(6)]
    result = losscli.compute(loss, T, P, sample_weight=weights, batch_size=4, reduction="mean")
    assert np.isnan(result.value)  # type: ignore[arg-type]


def test_what_batches_cannot_be() -> None:
    with pytest.raises(UsageError, match="keep a value a column"):
        losscli.compute("mse", T, P, batch_size=2, multioutput="raw_values")
    with pytest.raises(UsageError, match="at least 1, not 0"):
        losscli.compute("mse", T, P, batch_size=0)
    with pytest.raises(UsageError, match="none"):
        losscli.compute("mse", T, P, batch_size=2, reduction="none")
