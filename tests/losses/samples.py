"""Data for any loss, made from what its domains say: valid, at the boundary, and just outside."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from losscli.losses.domain import Domain, Interval
from losscli.losses.registry import specs
from losscli.losses.spec import Loss

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
    "several_columns": lambda x: x,  # a matter of the shape alone
}
# And into what it does not expect, still inside the interval.
OFFEND: dict[str, Callable[[Array], Array]] = {
    "rows_sum_to_one": lambda x: x / 2,
    "signs": np.zeros_like,
    "non_negative": lambda x: -1 - np.abs(x),
    "non_zero": np.zeros_like,
    "zero_or_one": lambda x: np.full_like(x, 0.5),
    "several_columns": lambda x: x[:, :1],
}


def variants() -> list[Loss]:
    """Every loss with its defaults, and once more for each parameter that changes a domain."""
    flags = [{}, *({flag: True} for spec in specs() for flag in spec.y_pred_when)]
    unique = {str(flag): flag for flag in flags}.values()
    return [
        spec.bind(flag, label=":".join([spec.name, *flag]))
        for spec in specs()
        for flag in unique
        if set(flag) <= set(spec.y_pred_when)
    ]


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
    """Random data of a domain, of this shape but for class indices, which have no last axis."""
    if domain.class_index:
        return rng.integers(0, shape[-1], shape[:-1]).astype(np.float64)
    x = uniform(domain.interval, rng, shape)
    if domain.integer:
        x = np.ceil(x)
    for expectation in domain.expected if usual else ():
        x = CONFORM[expectation.name](x)
    return x


@dataclass(frozen=True)
class Pair:
    """y_true and y_pred for one loss."""

    t: Array
    p: Array

    def rows(self, index: slice | Array) -> "Pair":
        return Pair(np.ascontiguousarray(self.t[index]), np.ascontiguousarray(self.p[index]))

    def astype(self, dtype: str) -> "Pair":
        return Pair(self.t.astype(dtype), self.p.astype(dtype))


def pair(loss: Loss, rows: int = 7, inner: tuple[int, ...] = (CLASSES,), seed: int = 0) -> Pair:
    """Valid, usual data for a loss: `rows` samples, each an array of shape `inner`."""
    rng = np.random.default_rng(seed)
    true_domain, pred_domain = loss.domains
    return Pair(draw(true_domain, rng, (rows, *inner)), draw(pred_domain, rng, (rows, *inner)))


@dataclass(frozen=True)
class Edges:
    """The numbers at the ends of what a domain requires, and the nearest ones beyond."""

    inside: tuple[float, ...]
    outside: tuple[float, ...]


def edges(domain: Domain, classes: int = CLASSES) -> Edges:
    """The edges of a domain's interval (of the class numbers, where it is about them)."""
    interval = Interval(0, classes - 1) if domain.class_index else domain.interval
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
