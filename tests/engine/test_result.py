"""What comes out of a pass: the result, its signature, and only what the plan asked for."""

import math
from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

import losscli
from losscli.engine.blocks import rows_per_block
from losscli.engine.plan import Inputs, Plan
from losscli.engine.result import SampleBlock, status
from losscli.engine.run import run
from losscli.frameworks.bind import parse
from losscli.sources.array import ArraySource
from losscli.sources.columns import View

T, P = [[0.0, 1.0, 1.0], [0.0, 0.0, 1.0]], [[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]]


@pytest.mark.parametrize(
    ("loss", "options", "signature"),
    [
        (
            "mse",
            {},
            "mse|dialect:home|reduction:mean|dtype:float64|nan:error|n:2|skipped:0"
            "|weights:no|rev:1",
        ),
        (
            "huber_loss:delta=0.50",
            {"dtype": "float32"},
            "huber:delta=0.5|dialect:home|reduction:mean|dtype:float32|nan:error|n:2"
            "|skipped:0|weights:no|rev:1",
        ),
        (
            "BCE",
            {"epsilon": 0.25, "from_logits": True},
            "binary_crossentropy:from_logits=true,epsilon=0.25|dialect:home|reduction:mean"
            "|dtype:float64|nan:error|n:2|skipped:0|weights:no|rev:1",
        ),
    ],
)
def test_the_signature_holds_all_that_the_value_depends_on(
    loss: str, options: dict[str, Any], signature: str
) -> None:
    assert losscli.compute(loss, T, P, **options).signature == signature


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("mse", {}), ("mean_squared_error", {})),
        (("huber", {}), ("huber:delta=1", {})),
        (("huber:delta=2", {}), ("huber", {"delta": 2.0})),
        (("bce:epsilon=1e-7,from_logits=false", {}), ("binary_crossentropy", {})),
        (("bce:from_logits=yes,epsilon=.2", {}), ("bce:epsilon=0.2,from_logits=1", {})),
    ],
)
def test_one_loss_has_one_signature_however_it_is_spelt(
    one: tuple[str, dict[str, Any]], other: tuple[str, dict[str, Any]]
) -> None:
    signatures = {losscli.compute(name, T, P, **params).signature for name, params in (one, other)}
    assert len(signatures) == 1


def test_different_parameters_have_different_signatures() -> None:
    deltas = (1.0, 2.0, 1.0000000000000002, 0.1, 1e15, 1e16)
    signatures = {losscli.compute("huber", T, P, delta=delta).signature for delta in deltas}
    assert len(signatures) == len(deltas)


def test_a_result_keeps_what_the_user_called_it() -> None:
    result = losscli.compute("Huber_Loss:delta=2", T, P)
    assert (result.loss, result.label, result.name) == ("Huber_Loss", "Huber_Loss:delta=2", "huber")
    assert result.params == {"delta": 2.0}
    assert result.n.used == 2


def test_a_result_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        losscli.compute("mse", T, P).value = 0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("value", "name"), [(1.5, "ok"), (math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan")]
)
def test_a_value_that_is_no_finite_number_has_a_status(value: float, name: str) -> None:
    assert status(value) == name


def test_a_value_that_overflows_is_said_to() -> None:
    result = losscli.compute("mse", [1e200], [-1e200])
    assert (result.value, result.status) == (math.inf, "inf")


def test_the_summary_is_that_of_the_samples() -> None:
    rng = np.random.default_rng(3)
    t, p = rng.normal(0, 1, (2, 70001, 3))
    result = losscli.compute("mae", t, p)
    samples, summary = result.per_sample, result.summary
    assert samples is not None
    assert summary is not None
    assert (summary.min, summary.max) == (samples.min(), samples.max())
    assert summary.mean == result.value == pytest.approx(math.fsum(samples) / 70001, rel=1e-15)
    assert summary.std == pytest.approx(samples.std(), rel=1e-12)


def test_only_what_is_asked_for_is_kept() -> None:
    rows = rows_per_block(1) + 10
    x = View(ArraySource(np.arange(float(rows)), "x"))
    zero = View(ArraySource(np.zeros(rows), "zero"))

    def kept(count: int | None) -> Any:
        plan = Plan([parse("mae")], keep=count, summary=False)
        return run(plan, Inputs(zero, {"": x})).results[0]

    assert kept(0).per_sample is None or len(kept(0).per_sample) == 0
    assert kept(0).summary is None
    assert kept(0).unreduced is None
    for count in (1, rows - 11, rows - 10, rows - 9, rows, rows + 1):
        expected = np.arange(float(min(count, rows)))
        np.testing.assert_array_equal(kept(count).per_sample, expected)
    np.testing.assert_array_equal(kept(None).per_sample, np.arange(float(rows)))


def test_blocks_are_handed_on_as_they_come() -> None:
    rows = 2 * rows_per_block(1) + 3
    x, zero = (
        View(ArraySource(np.arange(float(rows)), "x")),
        View(ArraySource(np.zeros(rows), "zero")),
    )
    seen: list[tuple[int, int]] = []

    def on_block(block: SampleBlock) -> None:
        mae, mse = block.values
        np.testing.assert_array_equal(mae, block.numbers - 1)
        np.testing.assert_array_equal(mse, mae * mae)
        seen.append((int(block.numbers[0]) - 1, len(mae)))

    run(Plan([parse("mae"), parse("mse")], on_block=on_block), Inputs(zero, {"": x}))
    block = rows_per_block(1)
    assert seen == [(0, block), (block, block), (2 * block, 3)]
