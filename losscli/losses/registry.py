"""The built-in losses by name, and near names for a wrong one."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from types import ModuleType

from losscli.errors import UnknownNameError, quoted, setting
from losscli.losses import (
    binary,
    categorical,
    divergence,
    hard_labels,
    likelihood,
    logarithmic,
    margin,
    multiclass_margin,
    pairwise,
    ranking,
    regression,
    segmentation,
    similarity,
)
from losscli.losses.spec import LossSpec

MODULES: tuple[ModuleType, ...] = (
    regression,
    logarithmic,
    likelihood,
    binary,
    categorical,
    margin,
    multiclass_margin,
    ranking,
    hard_labels,
    divergence,
    similarity,
    pairwise,
    segmentation,
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
        hint = f"inline data with blanks in it must be quoted: {setting('true', QUOTED)}"
    raise UnknownNameError(f"there is no loss {quoted(name)}", hint)


QUOTED = "'[1, 2]'"


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """'did you mean …? ' with up to three near names of different losses, or nothing."""
    lowered = {known.lower(): known for known in names}
    near = get_close_matches(name.lower(), lowered, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(lowered[match] for match in near)}? " if near else ""
