"""Data for any loss, made from what its domains say: valid, at the boundary, and just outside."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import losscli
from losscli.losses.domain import Domain, Interval
from losscli.losses.parameters import Parameter
from losscli.losses.registry import specs
from losscli.losses.spec import BoundLoss

Array = np.ndarray
Rng = np.random.Generator

CLASSES = 3

# How to turn random numbers of a domain's interval into what it expects.
CONFORM: dict[str, Callable[[Array], Array]] = {
    "rows_sum_to_one": lambda x: x / x.sum(axis=-1, keepdims=True),
    "signs": lambda x: np.where(x < 0, -1.0, 1.0),
    "non_negative": np.abs,
    "non_zero": lambda x: np.where(x == 0, 1.0, x),
    "zero_or_one": lambda x: (x > 0.5).astype(np.float64),
    "signs_or_zero": lambda x: np.where(x < 0, 0.0, 1.0),
    "several_columns": lambda x: x,  # a matter of the shape alone
    "log_rows_sum_to_one": lambda x: x - np.log(np.exp(x).sum(axis=-1, keepdims=True)),
}
# And into what it does not expect, still inside the interval.
OFFEND: dict[str, Callable[[Array], Array]] = {
    "rows_sum_to_one": lambda x: x / 2,
    "signs": np.zeros_like,
    "non_negative": lambda x: -1 - np.abs(x),
    "non_zero": np.zeros_like,
    "zero_or_one": lambda x: np.full_like(x, 0.5),
    "signs_or_zero": lambda x: np.full_like(x, 0.5),
    "several_columns": lambda x: x[:, :1],
    "log_rows_sum_to_one": lambda x: x - 1,
}


def variants() -> list[BoundLoss]:
    """Every loss with its defaults, and once more for each flag that changes a domain."""
    found = []
    for spec in specs():
        found.append(spec.bind(label=spec.name))
        for flag in {**spec.y_pred_when, **spec.y_true_when}:
            turned = not spec.parameter(flag).default
            label = f"{spec.name}:{flag}" + ("" if turned else "=false")
            found.append(spec.bind({flag: turned}, label=label))
    return found


def uniform(interval: Interval, rng: Rng, shape: tuple[int, ...]) -> Array:
    """Random numbers inside of an interval, which need not have ends."""
    if math.isfinite(interval.low) and math.isfinite(interval.high):
        # Away from the ends: open ones are not inside, and edges have tests of their own.
        return interval.low + (interval.high - interval.low) * rng.uniform(0.01, 0.99, shape)
    if math.isfinite(interval.low):
        return interval.low + 0.01 + rng.exponential(2.0, shape)
    assert not math.isfinite(interval.high), "no domain of this kind yet: say how to draw from it"
    return rng.normal(0.0, 2.0, shape)


def draw(domain: Domain, rng: Rng, shape: tuple[int, ...], *, usual: bool = True) -> Array:
    """Random data of a domain, of this shape but where it has a value a row: without last axis."""
    if domain.class_index:
        return rng.integers(0, shape[-1], shape[:-1]).astype(np.float64)
    if domain.per_row:
        shape = shape[:-1]
    if domain.class_list:
        order = rng.permuted(np.broadcast_to(np.arange(float(shape[-1])), shape), axis=-1)
        length = rng.integers(1, max(2, shape[-1]), (*shape[:-1], 1))
        return np.where(np.arange(shape[-1]) < length, order, -1)
    x = uniform(domain.interval, rng, shape)
    if domain.integer:
        x = np.ceil(x)
    for expectation in domain.expected if usual else ():
        x = CONFORM[expectation.name](x)
    return x


@dataclass(frozen=True)
class Pair:
    """y_true and y_pred for one loss, and the further arrays that it takes."""

    t: Array
    p: Array
    more: Mapping[str, Array] = field(default_factory=dict)

    @property
    def arrays(self) -> tuple[Array, ...]:
        """All of them, in the order in which a loss's function takes them."""
        return (self.t, self.p, *self.more.values())

    def each(self, change: Callable[[Array], Array]) -> "Pair":
        """The same with a change to every array."""
        more = {name: change(array) for name, array in self.more.items()}
        return Pair(change(self.t), change(self.p), more)

    def rows(self, index: slice | Array) -> "Pair":
        return self.each(lambda x: np.ascontiguousarray(x[index]))

    def astype(self, dtype: str) -> "Pair":
        return self.each(lambda x: x.astype(dtype))


def pair(
    loss: BoundLoss, rows: int = 7, inner: tuple[int, ...] = (CLASSES,), seed: int = 0
) -> Pair:
    """Valid, usual data for a loss: `rows` samples, each an array of shape `inner`."""
    rng = np.random.default_rng(seed)
    shape = (rows, *inner)
    t, p = (draw(domain, rng, shape) for domain in loss.domains)
    return Pair(t, p, {name: draw(d, rng, shape) for name, d in loss.spec.inputs.items()})


@dataclass(frozen=True)
class Edges:
    """The numbers at the ends of what a domain requires, and the nearest ones beyond."""

    inside: tuple[float, ...]
    outside: tuple[float, ...]


def edges(domain: Domain, classes: int = CLASSES) -> Edges:
    """The edges of a domain's interval (of the class numbers, where it is about them)."""
    interval = domain.range(classes)
    step = 1.0 if domain.integer else 0.0
    inside, outside = [], []
    for end, is_open, away in (
        (interval.low, interval.low_open, -math.inf),
        (interval.high, interval.high_open, math.inf),
    ):
        if not math.isfinite(end):
            inside.append(math.copysign(1e150, away))
            continue
        beyond = end + math.copysign(step, away) if step else math.nextafter(end, away)
        within = end - math.copysign(step, away) if step else math.nextafter(end, -away)
        inside.append(within if is_open else end)
        outside.append(end if is_open else beyond)
    if domain.integer:
        outside.append(0.5)
    return Edges(tuple(inside), tuple(outside))


def other_values(parameter: Parameter) -> list[Any]:
    """Values that must make a difference to the loss."""
    default = parameter.default
    if parameter.type is bool:
        return [not default]
    if parameter.name in ("power", "p") and parameter.type is not int:
        return [3.0]
    if parameter.type is tuple:
        return [tuple(np.arange(1.0, CLASSES + 1) / 2)]
    words: list[Any] = [word for word in parameter.words if word != default]
    if parameter.type is str:
        return words
    if parameter.type is int:
        return [2 if default == 1 else 1]
    return [*words, default / 4 if isinstance(default, float) and default > 0.01 else 0.2]


LOSSES = variants()
SIDES = ("y_true", "y_pred")


def compute(loss: BoundLoss, data: Pair, **options: Any) -> losscli.Result:
    if data.more:
        options["inputs"] = data.more
    return losscli.compute(loss.spec.name, data.t, data.p, **loss.params, **options)
