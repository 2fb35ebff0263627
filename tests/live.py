"""Values of the frameworks that are installed, computed now from random data.

What is called is what the tables of the dialects name; how, tests/live_calls.py says.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from losscli.frameworks.base import Row
from losscli.frameworks.bind import bind
from losscli.frameworks.tables import DIALECTS
from losscli.losses.spec import BoundLoss
from tests.golden_values import Value, plain
from tests.live_calls import HABITS, Call, Params, StandIn
from tests.live_frameworks import Framework, installed
from tests.losses.samples import draw

Array = np.ndarray
Rng = np.random.Generator
Shape = tuple[int, ...]
Entry = dict[str, Any]

PRECISIONS = ("float32", "float64")
# Parameters that say how to reduce: with them no other reduction is asked for.
REDUCING = {"reduction", "size_average", "reduce"}
# How many columns there must be for what stands in for a parameter.
NEEDED = {StandIn.PER_CLASS: 1, StandIn.PER_COLUMN: 2}


def values(dialect: str | None = None, seed: int = 0) -> list[Value]:
    """What every loss of the installed frameworks, or of one dialect's, gives for random data."""
    return [value for framework in installed(dialect) for value in values_of(framework, seed)]


def values_of(framework: Framework, seed: int = 0) -> list[Value]:
    """What every loss of a framework gives; names that it does not have are passed over."""
    calls = (
        call
        for row in rows(framework.dialect)
        for name in row.names
        if framework.find(name) is not None
        for call in calls_of(framework, row, name, seed)
    )
    return [called(framework, index, *call) for index, call in enumerate(calls)]


def missing(framework: Framework) -> list[str]:
    """The names of its dialect that a framework does not have in this version."""
    names = [name for row in rows(framework.dialect) for name in row.names]
    return [name for name in dict.fromkeys(names) if framework.find(name) is None]


def rows(dialect: str) -> list[Row]:
    """The rows of a dialect, one for each name and kind of y_true."""
    return list({(row.names, row.target): row for row in DIALECTS[dialect].rows}.values())


def calls_of(
    framework: Framework, row: Row, name: str, seed: int
) -> Iterator[tuple[Call, Entry, Entry]]:
    """The calls of a name: each how, its entry still without numbers, and its case."""
    habits = HABITS[framework.dialect]
    call = habits.call(row.name, row.target)
    reduces = framework.is_class(name) or framework.takes(name, "reduction")
    reductions = [None, *(habits.reductions if call.reductions is None else call.reductions)]
    for shape, params in product(shapes_of(framework, row, name, call), call.params):
        drawn = case_of(framework.dialect, row, name, call, shape, params, seed)
        if drawn is None or not all(framework.takes(name, key) for key in params):
            continue
        case, given = drawn
        for reduction, weights, dtype in product(
            reductions if reduces and not REDUCING & set(params) else [None],
            weights_of(framework, row, name, shape, seed),
            PRECISIONS,
        ):
            entry = {
                "loss": name,
                "params": {**given, **({"reduction": reduction} if reduction else {})},
                "dtype": dtype,
                "case": "x".join(map(str, shape)),
                "sample_weight": weights,
                "reduction": reduction or params.get("reduction"),
            }
            yield call, entry, case


def shapes_of(framework: Framework, row: Row, name: str, call: Call) -> tuple[Shape, ...]:
    """The shapes of y_pred to call a name with; of a second name of a function only the first."""
    shapes = call.shapes or HABITS[framework.dialect].shapes
    function = framework.find(name)
    first = next(one for one in row.names if framework.find(one) == function)
    return shapes if name == first else shapes[:1]


def case_of(
    dialect: str, row: Row, name: str, call: Call, shape: Shape, params: Params, seed: int
) -> tuple[Entry, Entry] | None:
    """Data of a shape, and the parameters with it; None if there is no such data."""
    rng = np.random.default_rng([seed, *shape, *name.encode()])
    columns = shape[-1] if len(shape) > 1 else 0
    if any(columns < least and value in params.values() for value, least in NEEDED.items()):
        return None
    loss = loss_of(dialect, row, name, params)
    if not (call.shapes or has_shape(loss, shape)):
        return None
    t, p = (draw(domain, rng, shape) for domain in loss.domains)
    t = t if call.labels is None else call.labels(t)
    p = call.labels(p) if call.labels is not None and call.alike else p
    given = {key: filled(value, rng, shape) for key, value in params.items()}
    theirs = {ours: theirs for theirs, ours in row.parameters.items()}
    for key, domain in loss.spec.inputs.items():
        # Of tables a value a row, of other shapes one for each number.
        by_row = domain.per_row and len(shape) == 2
        array = draw(replace(domain, per_row=by_row), rng, shape)
        given[theirs.get(key, key)] = array.tolist()
    integer = loss.domains[0].integer
    return {"y_true": t.astype(np.int64) if integer else t, "y_pred": p}, given


def filled(value: Any, rng: Rng, shape: Shape) -> Any:
    """A parameter's value, made for data of this shape if something stands in for it."""
    if not isinstance(value, StandIn):
        return value
    if value is StandIn.ALL_CLASSES:
        return list(range(shape[-1] if len(shape) > 1 else 2))
    if value is StandIn.INNER_AXES:
        return list(range(1, len(shape)))
    return rng.uniform(0.2, 2, shape if value is StandIn.PER_ELEMENT else shape[-1]).tolist()


def loss_of(dialect: str, row: Row, name: str, params: Params) -> BoundLoss:
    """The loss that a row is with the parameters on which its domains depend."""
    flags = {key: value for key, value in params.items() if isinstance(value, bool | int | float)}
    loss = bind(name, flags, dialect=dialect)
    return next(one for one in (*loss.alternatives, loss) if one.handling.target == row.target)


def has_shape(loss: BoundLoss, shape: Shape) -> bool:
    """Whether a loss is computed of arrays of that shape: it may need several columns."""
    needs_several = any(domain.per_class or domain.class_index for domain in loss.domains)
    return not needs_several or (len(shape) > 1 and shape[-1] > 1)


def weights_of(framework: Framework, row: Row, name: str, shape: Shape, seed: int) -> list[Any]:
    """Sample weights to call a name with, one of which is none."""
    shapes: list[Shape] = []
    is_keras = framework.dialect in ("keras3", "tf2") and framework.is_class(name)
    if framework.takes(name, "sample_weight") or (is_keras and row.weights_after):
        shapes = [shape[:1]]
    elif is_keras:
        # A weight for each sample, with all the axes that the unreduced array has, or for each row.
        shapes = [shape[:1] + (1,) * (len(shape) - 2), *([shape[:-1]] if len(shape) > 2 else [])]
    rng = np.random.default_rng([seed, *shape])
    return [None, *(rng.uniform(0.2, 2, one).tolist() for one in shapes)]


def called(framework: Framework, index: int, call: Call, entry: Entry, case: Entry) -> Value:
    """The value of a call: what the framework gives, an array or a number, or what it raises."""
    value = Value(framework.dialect, index, entry, case)
    t, p = value.data
    params = value.settings
    if np.issubdtype(case["y_true"].dtype, np.integer):
        t = t.astype(np.int64)
    if call.classes_first:
        t = np.moveaxis(t, -1, 1) if t.ndim == p.ndim else t
        p = np.moveaxis(p, -1, 1)
    order = (call.order or HABITS[framework.dialect].order).split()
    arrays = {"y_true": t, "y_pred": p}
    arrays |= {key: params.pop(key) for key in order if key in params}
    weights = {} if value.weights is None else {"sample_weight": value.weights}
    try:
        numbers = framework.call(
            entry["loss"], [arrays[key] for key in order], params, value.dtype, **weights
        )
    except Exception as error:  # whatever a framework raises is what it gave
        entry["error"] = f"{type(error).__name__}: {str(error).splitlines()[0]}"
        return value
    entry["unreduced" if numbers.ndim else "reduced"] = plain(numbers)
    if numbers.dtype != value.dtype:
        entry["out_dtype"] = str(numbers.dtype)
    return value
