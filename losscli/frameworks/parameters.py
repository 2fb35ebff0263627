"""What the parameters given for a framework's loss stand for, in its words or in ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from losscli.errors import UsageError, quoted, setting
from losscli.frameworks.base import AS_IT_IS, Dialect, Meaning, Row, Words
from losscli.losses.handling import Axis, rank_of
from losscli.losses.parameters import CLASSES, Value, parse_literal, plain_value, spell
from losscli.losses.spec import LossSpec
from losscli.words import Axes, Form

SAMPLE_WEIGHT = "sample_weight"
# What `axis` may be, for people.
AXES: Mapping[Axes, str] = {
    "last": "-1 or the number of y_pred's last axis",
    "inner": "none or all axes of y_pred but the first",
    "pixels": "none or all axes of y_pred but the first and the last",
}


@dataclass
class Settings:
    """What the parameters given stand for: those of the loss, and how it is handled."""

    params: dict[str, Value] = field(default_factory=dict)
    reduction: str | None = None
    form: Form | None = None
    axis: Axis = None

    def add(self, meaning: Meaning) -> None:
        """Set what a parameter stands for."""
        self.params |= meaning.params
        self.reduction = meaning.reduction or self.reduction
        self.form = meaning.form or self.form
        self.axis = self.axis if meaning.axis is None else meaning.axis


def parse_parameters(
    spec: LossSpec, row: Row | None, table: Dialect, given: Mapping[str, Any], text: str
) -> Settings:
    """What parameters by the framework's names, or ours, stand for. Raises UsageError.

    Without a row the loss is ours, and so are its parameters, beside `reduction`.
    """
    settings = Settings()
    set_by: dict[str, str] = {}
    for key, value in given.items():
        meaning = _meaning(key, value, spec, row, table, text)
        for name in meaning.settings:
            if name in set_by:
                raise UsageError(
                    f"{set_by[name]} and {key} cannot be given together: {quoted(text)}"
                )
            set_by[name] = key
        settings.add(meaning)
    return settings


def words_of(row: Row, table: Dialect) -> Words:
    """The words that a framework's parameters take, those of one loss and those of all."""
    return {**table.words, **row.words}


def axes_of(row: Row, table: Dialect) -> Axes | None:
    """Which axes the parameter `axis` of a framework's loss may name; None if it has none."""
    return row.axes or table.axes


def _meaning(
    key: str, value: Any, spec: LossSpec, row: Row | None, table: Dialect, text: str
) -> Meaning:
    """What one parameter stands for."""
    if row is None:
        is_reduction = key == "reduction"
        return Meaning(reduction=str(value)) if is_reduction else _parameter(key, value, spec)
    words, axes = words_of(row, table), axes_of(row, table)
    if key in words:
        return _word(key, value, words, text)
    if key == "axis" and axes is not None:
        return _axis(value, axes, text)
    if key == "reduction":
        return Meaning(reduction=str(value))
    if key in table.lacks:
        raise UsageError(f"{table.framework} has no {key}: it would not be its number")
    ours = row.parameters.get(key, key)
    if key in (row.weights, SAMPLE_WEIGHT) and ours == key:
        raise _is_array(key)
    if ours not in (parameter.name for parameter in spec.settings) and ours not in spec.inputs:
        raise _no_parameter(key, spec, row, table, text.partition(":")[0])
    return _parameter(key, value, spec, ours)


def _parameter(key: str, value: Any, spec: LossSpec, ours: str | None = None) -> Meaning:
    """A parameter of the loss, which the framework may call otherwise."""
    ours = ours or key
    if ours in spec.inputs:
        raise _is_array(key)
    parameter = spec.parameter(ours)
    found = parameter.read(value)
    if parameter is CLASSES and key != ours and isinstance(found, tuple):
        # The order of a framework's labels does not matter there, that of ours is the classes'.
        found = tuple(sorted(found))
    return Meaning({ours: found})


def _word(key: str, value: Any, words: Words, text: str) -> Meaning:
    """What a word, or another value that a framework's parameter may be, stands for."""
    known = words[key]
    found = plain_value(value)
    if isinstance(found, str):
        found = found.lower() if found.lower() in known else parse_literal(found)
    for one, meaning in known.items():
        # True is the number 1, too, but not what a framework would take for it.
        if isinstance(one, bool) == isinstance(found, bool) and _equal(one, found):
            return meaning
    may_be = " or ".join(map(spell, known))
    raise UsageError(f"{key} may be {may_be} in {quoted(text)}, not {quoted(spell(value))}")


def _equal(one: Value, found: Any) -> bool:
    """Whether a value is a single one, and equal to another."""
    return isinstance(found, bool | int | float | str | None) and one == found


def _axis(value: Any, axes: Axes, text: str) -> Meaning:
    """The axes that a number or several name."""
    found: Any = parse_literal(value) if isinstance(value, str) else plain_value(value)
    if found is None and axes != "last":
        return AS_IT_IS
    several = isinstance(found, tuple | list) or getattr(found, "ndim", 0) == 1
    named = [plain_value(one) for one in found] if several else [found]
    try:
        if not all(isinstance(one, int) and not isinstance(one, bool) for one in named):
            raise ValueError
        axis: Axis = tuple(named) if several else found
        rank_of(axes, axis)
    except ValueError:
        raise UsageError(
            f"axis may be {AXES[axes]} in {quoted(text)}, not {quoted(spell(value))}"
        ) from None
    return Meaning({"per_sample": True} if axes == "inner" else {}, axis=axis)


def _is_array(key: str) -> UsageError:
    how = setting("input", f"{key}=FILE")
    return UsageError(f"{key} is an array, not a parameter", f"give it as {how}")


def _no_parameter(key: str, spec: LossSpec, row: Row, table: Dialect, name: str) -> UsageError:
    """What to say of a parameter that a framework's loss does not have, in its own names."""
    renamed = {ours: name for name, ours in row.parameters.items()}
    free = [p.name for p in spec.settings if p.name not in row.presets or p.name in renamed]
    axis = ["axis"] if axes_of(row, table) is not None else []
    words = words_of(row, table)
    names = list(dict.fromkeys([*(renamed.get(name, name) for name in free), *axis, *words]))
    near = get_close_matches(key, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"its parameters: {', '.join(names)}"
    return UsageError(
        f"{name} has no parameter {quoted(key)}",
        hint if names else "it has no parameters",
    )
