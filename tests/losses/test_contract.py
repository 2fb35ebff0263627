"""What every loss has to keep, by being registered."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losscli.engine.evaluate import evaluate
from losscli.engine.reduce.tally import Tally
from losscli.engine.reduce.weights import WeightTotals
from losscli.errors import DataError
from losscli.frameworks.base import cite
from losscli.frameworks.lookup import rows_for
from losscli.losses.parameters import spell
from losscli.losses.registry import by_name, find, specs
from losscli.losses.spec import BoundLoss, LossSpec
from tests.conftest import golden
from tests.losses import provenance, provenance_classification, provenance_numbers
from tests.losses.provenance import ByHand
from tests.losses.samples import CLASSES, LOSSES, SIDES, Array, Pair, compute, other_values, pair

GOLDEN = {
    **provenance.GOLDEN,
    **provenance_numbers.GOLDEN,
    **provenance_classification.GOLDEN,
}

every_spec = pytest.mark.parametrize("spec", specs(), ids=lambda spec: spec.name)
every_loss = pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.label)


def per_sample(loss: BoundLoss, data: Pair) -> Array:
    samples = compute(loss, data).per_sample
    assert samples is not None
    return samples


# The documentation


@every_spec
def test_its_docstring_has_every_section(spec: LossSpec) -> None:
    docs = spec.docs
    assert docs.summary.endswith(".")
    for section in (docs.formula, docs.shape, docs.edge_cases):
        assert section
    # Frameworks are cited by their tables.
    references = [*docs.references, *(cite(*pair) for pair in rows_for(spec))]
    assert references
    assert all(references)


@every_spec
def test_its_docstring_describes_its_parameters_and_no_others(spec: LossSpec) -> None:
    assert list(spec.docs.parameters) == [parameter.name for parameter in spec.parameters]
    assert all(spec.docs.parameters.values())


@every_spec
def test_its_remarks_are_about_what_its_domains_expect(spec: LossSpec) -> None:
    """Under any parameters; of some, a remark is for one value of a parameter that may be."""
    others = {f"{p.name}={spell(v)}": {p.name: v} for p in spec.parameters for v in other_values(p)}
    expected = {
        f"{side}.{e.name}"
        for given in ({}, *others.values())
        for side, domain in zip(SIDES, spec.bind(given).domains, strict=True)
        for e in domain.expected
    }
    for about, _, value in (remark.partition(":") for remark in spec.remarks):
        assert about in expected
        assert not value or value in others


def test_names_and_aliases_are_unique() -> None:
    names = [name for spec in specs() for name in (spec.name, *spec.aliases)]
    assert len(names) == len(set(names)) == len(by_name())
    assert all(name == name.lower() for name in names)


@every_spec
def test_it_is_found_by_each_of_its_names(spec: LossSpec) -> None:
    for name in (spec.name, *spec.aliases):
        assert find(name) is spec
        assert find(name.upper()) is spec


# A golden value with provenance


def test_no_loss_is_without_a_golden_value() -> None:
    assert {loss.label for loss in LOSSES} == set(GOLDEN)


@every_loss
def test_it_has_its_golden_value(loss: BoundLoss) -> None:
    expected = GOLDEN[loss.label]
    if isinstance(expected, ByHand):
        result = compute(loss, Pair(np.array(expected.t), np.array(expected.p)))
        np.testing.assert_allclose(result.per_sample, expected.per_sample, rtol=1e-15)
        assert result.value == pytest.approx(expected.value, rel=1e-15)
        return
    entry, data = expected.entry()
    relative = 2e-7 if expected.dtype == "float32" else 1e-12
    meant = loss.spec.bind({**loss.params, **dict(expected.ours)})
    precision = "float32" if expected.dtype == "float32" else "float64"
    result = compute(meant, data, dtype=precision)
    if entry["unreduced"] is not None:
        values = np.array(entry["unreduced"][:2], dtype=float)
        assert result.unreduced is not None
        if values.ndim > result.unreduced.ndim:  # a framework that keeps the elements
            values = values.mean(axis=-1)
        np.testing.assert_allclose(result.unreduced, values, rtol=relative)
    else:
        assert len(data.t) == len(golden(expected.dialect)["cases"][expected.case]["y_true"])
        assert result.value == pytest.approx(entry["reduced"], rel=relative)


# Shapes and types


every_shape = pytest.mark.parametrize(
    "inner", [(CLASSES,), (10,), (2, CLASSES), (2, 4, CLASSES)], ids=str
)


@every_loss
@every_shape
def test_it_gives_one_value_a_sample(loss: BoundLoss, inner: tuple[int, ...]) -> None:
    result = compute(loss, pair(loss, 5, inner))
    assert result.n.used == 5
    assert result.per_sample is not None
    assert result.per_sample.shape == (5,)
    assert np.isfinite(result.per_sample).all()


@every_loss
@every_shape
def test_its_function_returns_what_its_kind_says(loss: BoundLoss, inner: tuple[int, ...]) -> None:
    data = pair(loss, 5, inner)
    returned = loss(*data.arrays).shape
    if loss.spec.kind == "pooled":
        assert len(returned) == 2
        assert returned[0] == 5
    else:
        elements = loss.spec.kind in ("element", "order")
        assert returned == ((5, *inner) if elements else (5, *inner[:-1]))


@every_loss
def test_a_flat_list_is_a_sample_a_number(loss: BoundLoss) -> None:
    data = pair(loss, 5, (1,))
    flat = data.each(lambda x: x.reshape(-1))
    if any(domain.per_class for domain in loss.domains):
        with pytest.raises(DataError, match="column per class"):
            compute(loss, flat)
    else:
        np.testing.assert_array_equal(per_sample(loss, flat), per_sample(loss, data))


@every_loss
def test_it_keeps_the_precision_of_its_arguments(loss: BoundLoss) -> None:
    for dtype in ("float32", "float64"):
        data = pair(loss).astype(dtype)
        assert loss(*data.arrays).dtype == dtype
        result = compute(loss, data, dtype=dtype)
        assert result.unreduced is not None
        assert result.unreduced.dtype == dtype
        assert result.value == float(np.dtype(dtype).type(result.value))


@every_loss
def test_it_leaves_its_arguments_as_they_are(loss: BoundLoss) -> None:
    data = pair(loss)
    before = data.each(np.copy)
    for array in data.arrays:
        array.setflags(write=False)
    loss(*data.arrays)
    compute(loss, data)
    for array, copy in zip(data.arrays, before.arrays, strict=True):
        np.testing.assert_array_equal(array, copy)


# What the spec declares


def is_usual(loss: BoundLoss, data: Pair) -> bool:
    """Whether the data is what the loss's domains require and expect."""
    for domain, x in zip(loss.domains, (data.t, data.p), strict=True):
        if domain.faulty(x, CLASSES) is not None or any(e.find(x) for e in domain.expected):
            return False
    return True


DENSE = [loss for loss in LOSSES if not loss.domains[0].has_rows]
every_dense_loss = pytest.mark.parametrize("loss", DENSE, ids=lambda loss: loss.label)


@every_dense_loss
def test_it_is_symmetric_if_and_only_if_declared(loss: BoundLoss) -> None:
    """Under any parameters. Where the swapped data is not usual any more, it has no sense."""
    data = pair(loss)
    swapped = Pair(data.p, data.t, data.more)
    others = [(p.name, other) for p in loss.spec.parameters for other in other_values(p)]
    bound = [loss, *(loss.spec.bind({**loss.params, name: other}) for name, other in others)]
    with np.errstate(all="ignore"):
        same = all(np.array_equal(one(*data.arrays), one(*swapped.arrays)) for one in bound)
    assert (same and is_usual(loss, swapped)) == loss.spec.symmetric


def perfect(loss: BoundLoss) -> Pair:
    """Predictions that are the truth, as logarithms where the loss is to get these."""
    x = pair(loss.spec.bind()).t
    logs = [np.log(x) if loss.params.get(flag) else x for flag in ("log_target", "log_input")]
    return Pair(*logs)


@every_dense_loss
def test_it_is_zero_at_perfect_if_and_only_if_declared(loss: BoundLoss) -> None:
    if loss.spec.inputs:  # there is more than the truth to agree with
        assert not loss.spec.zero_at_perfect
        return
    data = perfect(loss)
    with np.errstate(all="ignore"):
        samples = evaluate(loss, data.t, data.p).samples
    assert bool((samples == 0).all()) == loss.spec.zero_at_perfect


@every_loss
def test_it_is_not_zero_elsewhere(loss: BoundLoss) -> None:
    assert (per_sample(loss, pair(loss, 40)) != 0).any()


@every_loss
def test_permuted_samples_have_permuted_values(loss: BoundLoss) -> None:
    data = pair(loss, 30)
    order = np.random.default_rng(1).permutation(30)
    np.testing.assert_array_equal(per_sample(loss, data.rows(order)), per_sample(loss, data)[order])


# Chunks


def pieces(rows: int, cuts: list[int]) -> Iterator[slice]:
    ends = [0, *sorted(set(cuts)), rows]
    return (slice(a, b) for a, b in pairwise(ends))


ROWS = 40


@every_loss
@settings(max_examples=15, deadline=None)
@given(
    cuts=st.lists(st.integers(1, ROWS - 1), max_size=8),
    inner=st.sampled_from([(CLASSES,), (17,), (2, CLASSES)]),
    dtype=st.sampled_from(["float64", "float32"]),
    weighted=st.booleans(),
)
def test_chunks_add_up_to_the_whole(
    loss: BoundLoss, cuts: list[int], inner: tuple[int, ...], dtype: str, weighted: bool
) -> None:
    data = pair(loss, ROWS, inner).astype(dtype)
    found = evaluate(loss, data.t, data.p, data.more)
    samples = found.samples
    whole = Tally(loss, np.dtype(np.float64), summary=True)
    weights = np.random.default_rng(2).random(ROWS).astype(dtype) if weighted else None
    weighed = WeightTotals()
    weighed.update(ROWS, weights)
    whole.update(found, weights)
    # As a run does: one state that gets block after block; and a state a block, merged.
    updated = Tally(loss, np.dtype(np.float64), summary=True)
    merged = Tally(loss, np.dtype(np.float64), summary=True)
    weighed_in_blocks = WeightTotals()
    parts = []
    for piece in pieces(ROWS, cuts):
        chunk = data.rows(piece)
        found = evaluate(loss, chunk.t, chunk.p, chunk.more)
        state = Tally(loss, np.dtype(np.float64), summary=True)
        block_weights = None if weights is None else weights[piece]
        state.update(found, block_weights)
        merged.merge(state)
        updated.update(found, block_weights)
        weighed_in_blocks.update(len(found.samples), block_weights)
        parts.append(found.samples)
    np.testing.assert_array_equal(np.concatenate(parts), samples)
    # What a sum may lose is relative to the sum of its terms' sizes.
    size = float(np.abs(samples.astype(np.float64)).mean())
    expected, other = whole.value("mean", weighed), whole.statistics.summary()
    assert other is not None
    for state, counted in ((merged, weighed), (updated, weighed_in_blocks)):
        assert state.value("mean", counted) == pytest.approx(expected, rel=0, abs=1e-13 * size)
        one = state.statistics.summary()
        assert one is not None
        assert (one.min, one.p50, one.p99, one.max) == (other.min, other.p50, other.p99, other.max)
        assert one.std == pytest.approx(other.std, rel=1e-9, abs=1e-13 * size)
