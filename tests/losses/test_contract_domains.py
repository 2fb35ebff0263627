"""What a loss's domains require and expect: edges, what lies beyond them, shapes, notes."""

import math

import numpy as np
import pytest

from losscli.errors import DataError
from losscli.losses.domain import Expectation, Interval
from losscli.losses.registry import specs
from losscli.losses.spec import BoundLoss, LossSpec
from tests.losses.samples import (
    CLASSES,
    LOSSES,
    OFFEND,
    SIDES,
    Edges,
    Pair,
    compute,
    edges,
    pair,
)

every_spec = pytest.mark.parametrize("spec", specs(), ids=lambda spec: spec.name)
every_loss = pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.label)
either_side = pytest.mark.parametrize("side", [0, 1], ids=SIDES)


def replaced(loss: BoundLoss, side: int, value: float) -> Pair:
    """Valid data but for one number, in the second row."""
    data = pair(loss, 4)
    (data.t, data.p)[side].reshape(4, -1)[1, -1] = value
    return data


def edges_of(loss: BoundLoss, side: int) -> Edges:
    return edges(loss.domains[side])


# Of each loss and side the numbers at the ends of what is required, and those just beyond.
INSIDE = [
    (loss, side, value)
    for loss in LOSSES
    for side in (0, 1)
    for value in edges_of(loss, side).inside
]
OUTSIDE = [
    (loss, side, value)
    for loss in LOSSES
    for side in (0, 1)
    for value in edges_of(loss, side).outside
]


def case_id(loss: BoundLoss, side: int, what: object) -> str:
    return f"{loss.label}-{SIDES[side]}-{what}"


def test_there_are_edges_to_look_at() -> None:
    """Every domain that has an end is looked at beyond it, and at least these are."""
    bounded = {
        (loss.label, side)
        for loss in LOSSES
        for side, domain in enumerate(loss.domains)
        if domain.integer or domain.range(CLASSES) != Interval()
    }
    assert {(loss.label, side) for loss, side, _ in OUTSIDE} == bounded
    assert {name for name, _ in bounded} >= {"binary_crossentropy", "poisson", "gamma_deviance"}
    assert len(INSIDE) == 2 * 2 * len(LOSSES)
    assert len(OUTSIDE) > 100


@pytest.mark.parametrize(("loss", "side", "value"), INSIDE, ids=[case_id(*case) for case in INSIDE])
def test_the_edges_of_a_domain_belong_to_it(loss: BoundLoss, side: int, value: float) -> None:
    assert compute(loss, replaced(loss, side, value)).n.used == 4


@pytest.mark.parametrize(
    ("loss", "side", "value"), OUTSIDE, ids=[case_id(*case) for case in OUTSIDE]
)
def test_what_lies_just_outside_is_refused_with_its_place(
    loss: BoundLoss, side: int, value: float
) -> None:
    with pytest.raises(DataError, match=f"^{SIDES[side]}, row 2, column") as caught:
        compute(loss, replaced(loss, side, value))
    assert repr(value) in caught.value.message


@every_loss
@either_side
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_no_value_that_is_not_finite_is_taken(
    loss: BoundLoss, side: int, value: float, dtype: str
) -> None:
    with pytest.raises(DataError, match=f"{SIDES[side]}, row 2, column .*not a finite number"):
        compute(loss, replaced(loss, side, value), dtype=dtype)


@every_loss
def test_a_column_per_class_means_at_least_two(loss: BoundLoss) -> None:
    data = pair(loss, 4, (1,))
    if any(domain.per_class for domain in loss.domains):
        with pytest.raises(DataError, match="column per class"):
            compute(loss, data)
    else:
        compute(loss, data)


@every_loss
def test_shapes_are_never_broadcast(loss: BoundLoss) -> None:
    data = pair(loss, 4)
    for narrower in (Pair(data.t, data.p[:, :1], data.more), Pair(data.t[:1], data.p, data.more)):
        with pytest.raises(DataError, match="shape"):
            compute(loss, narrower)


@every_loss
def test_usual_data_earns_no_note(loss: BoundLoss) -> None:
    assert compute(loss, pair(loss)).notes == ()


EXPECTED = [
    (loss, side, expectation)
    for loss in LOSSES
    for side in (0, 1)
    for expectation in loss.domains[side].expected
]


def test_there_are_expectations_to_disappoint() -> None:
    """Every expectation of the domains is of some loss, and each way to offend is used."""
    assert {expectation.name for _, _, expectation in EXPECTED} | {"signs_or_zero"} == set(OFFEND)
    assert len(EXPECTED) > 30


@pytest.mark.parametrize(
    ("loss", "side", "expectation"),
    EXPECTED,
    ids=[case_id(loss, side, one.name) for loss, side, one in EXPECTED],
)
def test_unusual_data_is_computed_with_a_note(
    loss: BoundLoss, side: int, expectation: Expectation
) -> None:
    data = pair(loss)
    sides = [data.t, data.p]
    sides[side] = OFFEND[expectation.name](sides[side])
    if expectation.name == "several_columns":  # the other array has to follow
        sides = [x[:, :1] for x in sides]
    result = compute(loss, Pair(*sides, data.more))
    (note,) = [note for note in result.notes if SIDES[side] in note]
    assert expectation.fault in note
    assert "first in row 1)" in note
    remark = loss.spec.remarks.get(f"{SIDES[side]}.{expectation.name}")
    assert remark is None or remark in note


@every_spec
def test_its_examples_are_usual_data(spec: LossSpec) -> None:
    loss = spec.bind()
    t, p = np.array(spec.y_true.examples[0]), np.array(spec.y_pred.examples[1])
    more = {name: np.array(domain.examples[1]) for name, domain in spec.inputs.items()}
    result = compute(loss, Pair(t, p, more))
    assert result.n.used == 2
    assert result.notes == ()
