"""What every parameter of every loss has to keep, by being declared."""

import math
from typing import Any

import numpy as np
import pytest

from losscli.engine.evaluate import evaluate
from losscli.errors import UsageError
from losscli.losses.domain import Interval
from losscli.losses.parameters import Parameter
from losscli.losses.registry import specs
from losscli.losses.spec import LossSpec
from tests.losses.samples import other_values, pair

PARAMETERS = [(spec, parameter) for spec in specs() for parameter in spec.parameters]
every_parameter = pytest.mark.parametrize(
    ("spec", "parameter"), PARAMETERS, ids=[f"{s.name}-{p.name}" for s, p in PARAMETERS]
)

# Parameters that matter beside another one only.
BESIDE: dict[tuple[str, str], dict[str, Any]] = {
    ("binary_focal_crossentropy", "alpha"): {"apply_class_balancing": True},
    ("binary_focal_crossentropy", "clip_logits"): {"from_logits": True},
    ("poisson_nll", "epsilon"): {"log_input": False},
}


def refused_values(parameter: Parameter) -> list[Any]:
    """Values that the parameter must not take."""
    refused: list[Any] = [] if parameter.optional else [None]
    if parameter.type is bool:
        return [*refused, 1, 0.0, "true"]
    if parameter.type is str:
        return [*refused, "no such word", 1.0, True]
    beyond = [math.nan, math.inf, -math.inf]
    allowed = parameter.allowed
    if math.isfinite(allowed.low):
        below = math.nextafter(allowed.low, -math.inf)
        beyond += [below, -1e9 + allowed.low, *([allowed.low] if allowed.low_open else [])]
    if math.isfinite(allowed.high):
        above = math.nextafter(allowed.high, math.inf)
        beyond += [above, 1e9 + allowed.high, *([allowed.high] if allowed.high_open else [])]
    if parameter.type is tuple:
        single = [] if parameter.per_class else [1.0]
        return [*refused, "two", *single, [], [[1.0]], ["two"], *([1.0, x] for x in beyond)]
    return [*refused, "two", *beyond]


@every_parameter
def test_a_parameter_refuses_what_lies_outside(spec: LossSpec, parameter: Parameter) -> None:
    for value in refused_values(parameter):
        with pytest.raises(UsageError, match=parameter.name):
            spec.bind({parameter.name: value})


def taken_values(parameter: Parameter) -> list[Any]:
    """Values at the edges of what the parameter may be."""
    if parameter.type is bool:
        return [True, False]
    taken: list[Any] = [None] if parameter.optional else []
    allowed = parameter.allowed
    ends = [(allowed.low, allowed.low_open), (allowed.high, allowed.high_open)]
    numbers = [end for end, is_open in ends if math.isfinite(end) and not is_open]
    if parameter.type is tuple:
        return [*taken, (1.0,), tuple(numbers or [1.0])]
    return [*taken, *parameter.words, *(numbers if parameter.type is not str else [])]


@every_parameter
def test_a_parameter_takes_its_edges_and_its_default(spec: LossSpec, parameter: Parameter) -> None:
    default = parameter.default
    assert spec.bind({parameter.name: default}).changed == {}
    assert type(default) is parameter.type or parameter.optional or default in parameter.words
    for value in taken_values(parameter):
        bound = spec.bind({parameter.name: value})
        assert bound.params[parameter.name] == value
        assert bool(bound.changed) == (value != default)


@every_parameter
def test_a_parameter_changes_the_value(spec: LossSpec, parameter: Parameter) -> None:
    """On data where it matters: some of the values are tiny, 0, or large."""
    beside = BESIDE.get((spec.name, parameter.name), {})
    loss = spec.bind(beside)
    data = pair(loss, 60)
    zeros = slice(20, 40), slice(30, 50)
    for domain, x, rows in zip(loss.domains, (data.t, data.p), zeros, strict=True):
        if not (domain.has_rows or domain.class_list):
            x[:20] *= 1e-3
            x[rows, 0] = 0
            if domain.interval == Interval():
                x[50:55] *= 100
    with np.errstate(all="ignore"):
        before = evaluate(loss, data.t, data.p, data.more).samples
        for other in other_values(parameter):
            changed = spec.bind({**beside, parameter.name: other})
            after = evaluate(changed, data.t, data.p, data.more).samples
            assert not np.array_equal(before, after), other
