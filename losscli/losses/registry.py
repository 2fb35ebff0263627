"""Losses by name: the built-in ones, near names for a wrong one, the spelling `huber:delta=2`."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from types import ModuleType

from losscli.errors import UnknownNameError, UsageError, quoted
from losscli.losses import (
    classification,
    divergence,
    margin,
    pairwise,
    regression,
    similarity,
)
from losscli.losses.spec import Loss, LossSpec, Value, spell

MODULES: tuple[ModuleType, ...] = (
    regression,
    classification,
    margin,
    divergence,
    similarity,
    pairwise,
)


@cache
def specs() -> tuple[LossSpec, ...]:
    """Every built-in loss: by family, in the order in which the family's file declares them."""
    return tuple(
        value.spec
        for module in MODULES
        for value in vars(module).values()
        if hasattr(value, "spec") and value.__module__ == module.__name__
    )


@cache
def by_name() -> dict[str, LossSpec]:
    """Every name and alias, with the loss it stands for."""
    return {name: spec for spec in specs() for name in (spec.name, *spec.aliases)}


def find(name: str) -> LossSpec:
    """The loss of that name or alias, in any case. Raises UnknownNameError with near names."""
    names = by_name()
    spec = names.get(name) or names.get(name.lower())  # Keras takes MSE for mse
    if spec is not None:
        return spec
    near = did_you_mean(name, names)
    hint = f"{near}'losscli list' shows them all"
    called = re.fullmatch(r"(\w+)\((.*)\)", name)
    if called and called[1].lower() in names:
        hint = f"parameters follow a colon: {called[1]}:{called[2].replace(' ', '')}"
    elif name.startswith("[") or name.endswith(("]", "],")):
        hint = "inline data with blanks in it must be quoted: --true '[1, 2]'"
    raise UnknownNameError(f"there is no loss {quoted(name)}", hint)


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """'did you mean …? ' with up to three near names of different losses, or nothing."""
    lowered = {known.lower(): known for known in names}
    near = get_close_matches(name.lower(), lowered, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(lowered[match] for match in near)}? " if near else ""


# A comma that is followed by `name=` starts the next parameter.
NEXT_PARAMETER = re.compile(r",(?=[^,=]*=)")


def parse(text: str) -> Loss:
    """The loss that `name[:param=value[,param=value…]]` spells. Raises UsageError.

    >>> parse("huber:delta=2").params
    {'delta': 2.0}
    """
    name, colon, settings = text.partition(":")
    return spelled(find(name), name, settings if colon else None, text)


def spelled(spec: LossSpec, name: str, settings: str | None, text: str) -> Loss:
    """A loss with the parameters of `param=value[,param=value…]`; `text` is all of the spelling."""
    if settings == "":
        raise UsageError(f"{quoted(text)} ends after the colon", f"write {name} or {example(spec)}")
    params: dict[str, Value] = {}
    for setting in NEXT_PARAMETER.split(settings) if settings else ():
        key, equals, value = (part.strip() for part in setting.partition("="))
        if not equals:
            raise UsageError(
                f"{quoted(setting)} in {quoted(text)} is not param=value", f"write {example(spec)}"
            )
        parameter = spec.parameter(key)
        if key in params:
            raise UsageError(f"{key} stands twice in {quoted(text)}")
        if re.fullmatch(r"\d+,\d+", value):
            raise UsageError(
                f"{key} must be one number, not {quoted(value)}",
                f"decimals take a point: {key}={value.replace(',', '.')}",
            )
        params[key] = parameter.parse(value)
    return spec.bind(params, label=text, name=name)


def example(spec: LossSpec) -> str:
    """How to spell this loss with a parameter, for hints."""
    if not spec.parameters:
        return f"{spec.name} alone: it has no parameters"
    first = spec.parameters[0]
    default = 1.0 if first.default is None else first.default
    return f"{spec.name}:{first.name}={spell(default)}"
