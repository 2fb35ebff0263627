"""How a loss is written with its parameters: `name[:param=value[,param=value…]]`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from losscli.errors import UsageError, quoted
from losscli.losses.parameters import Spelled, spell
from losscli.losses.registry import by_name
from losscli.losses.spec import LossSpec

# A comma that is followed by `name=` starts the next parameter.
NEXT_PARAMETER = re.compile(r",(?=[^,=\]]*=)")


@dataclass(frozen=True)
class Spelling:
    """A loss as it was written: its name, its parameters as they stand there, and all of it.

    Parameters that were given beside it may be among them, as values.
    """

    name: str
    params: Mapping[str, Spelled | Any]
    text: str


def parse_spelling(text: str, path: str = "") -> Spelling:
    """The name and the parameters that a text spells. Raises UsageError.

    `path` is the file that stood before it, with its colon: it is part of the name and of the text.

    >>> parse_spelling("huber:delta=2")
    Spelling(name='huber', params={'delta': '2'}, text='huber:delta=2')
    """
    bare, colon, settings = text.partition(":")
    name, whole = f"{path}{bare}", f"{path}{text}"
    spec = None if path else by_name().get(bare.lower())
    shown = example(spec) if spec else f"{name}:PARAMETER=VALUE"
    if colon and not settings:
        raise UsageError(f"{quoted(whole)} ends after the colon", f"write {name} or {shown}")
    params: dict[str, Spelled] = {}
    for setting in NEXT_PARAMETER.split(settings) if settings else ():
        key, equals, value = (part.strip() for part in setting.partition("="))
        if not equals:
            raise UsageError(
                f"{quoted(setting)} in {quoted(whole)} is not param=value", f"write {shown}"
            )
        if key in params:
            raise UsageError(f"{key} stands twice in {quoted(whole)}")
        params[key] = Spelled(value)
    return Spelling(name, params, whole)


def example(spec: LossSpec) -> str:
    """How to spell this loss with a parameter."""
    if not spec.settings:
        return f"{spec.name} alone: it has no parameters"
    first = spec.settings[0]
    return f"{spec.name}:{first.name}={spell(1.0 if first.is_required else first.default)}"


def spell_loss(name: str, params: Mapping[str, object]) -> str:
    """How a loss is written with these parameters."""
    settings = ",".join(f"{key}={spell(value)}" for key, value in params.items())
    return f"{name}:{settings}" if settings else name
