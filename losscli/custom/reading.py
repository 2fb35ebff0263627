"""What is known of a loss of the user's own, read off its signature: a `LossSpec`."""

import inspect
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from losscli.custom.guard import Guarded
from losscli.errors import UsageError
from losscli.losses.docstring import parse_docstring
from losscli.losses.numerics import Array
from losscli.losses.parameters import hints, read_parameter
from losscli.losses.spec import LossSpec

# What the first two parameters of a loss are called, as against those of a wrapper.
DATA_NAMES = re.compile(
    r"(y_?)?(true|pred|target|label|output|actual|predict)\w*|[tp]|y|y_?hat|x\d"
)
# Parameters of Keras's base class that say nothing about the value.
KERAS_NAMES = ("reduction", "name")


def as_spec(
    member: Any,
    name: str,
    path: str,
    given: Collection[str] = (),
    folder: str | None = None,
    notes: Sequence[str] = (),
) -> LossSpec:
    """What is known of a function, a wrapper (a function that returns one), a class or its object.

    `given` are the names of the parameters that were written for it: they tell a wrapper of two
    parameters from a loss. `folder` is where it may import from, `notes` is what to say of it.
    Raises UsageError for what is none of these.
    """
    is_class = inspect.isclass(member)
    if not is_class:
        member = getattr(member, "call", member)
    if not callable(member):
        raise UsageError(f"{name} is no loss: a {type(member).__name__}, not a function or a class")
    docs = parse_docstring(inspect.cleandoc(member.__doc__ or ""))
    named = _named(member)
    call: Callable[..., Any]
    if is_class:
        own = [p for p in named if p.name not in KERAS_NAMES]
        call = _made(lambda **params: member(**params).call)
    elif _is_wrapper(named, given):
        own, call = named, _made(member)
    else:
        own, call = named[2:], member
    annotations = hints(member.__init__ if is_class else member)
    parameters = tuple(
        read_parameter(p, annotations.get(p.name), docs.parameters)
        for p in map(_plain_default, own)
        if p.name in given or p.default is not None
    )
    declared = getattr(member, "spec", None)
    base = declared if isinstance(declared, LossSpec) else LossSpec(name=name, function=call)
    guarded = Guarded(call, parameters, name, _file_of(member) or path, folder, notes)
    return replace(
        base,
        name=name,
        function=guarded,
        finalise=None if base.finalise is None else guarded.finalise(base.finalise),
        parameters=parameters,
        trusted=False,
        docs=docs,
    )


def _named(member: Any) -> list[inspect.Parameter]:
    """The parameters of a function or a class that have names; none where it does not tell them."""
    try:
        signature = inspect.signature(member).parameters.values()
    except (TypeError, ValueError):  # a function in C: of two arrays, by its use here
        signature = inspect.signature(lambda y_true, y_pred: None).parameters.values()
    return [p for p in signature if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


def _plain_default(p: inspect.Parameter) -> inspect.Parameter:
    """A parameter whose default is a number, a truth value, a word or empty; None if it is none.

    A default of another kind, such as None or a list, is left to the function: the parameter can
    still be given.
    """
    default = p.default.item() if isinstance(p.default, np.generic) else p.default
    if default is p.empty or isinstance(default, bool | int | float | str):
        return p.replace(default=default)
    return p.replace(default=None)


def _file_of(member: Any) -> str | None:
    """The file that a function or the methods of a class were compiled from."""
    function = getattr(member, "call", member) if inspect.isclass(member) else member
    code = getattr(inspect.unwrap(function), "__code__", None)
    return getattr(code, "co_filename", None)


def _is_wrapper(named: Sequence[inspect.Parameter], given: Collection[str]) -> bool:
    """Whether a function makes a loss: it has no two parameters that could be the data."""
    first = [p for p in named[:2] if p.kind is not p.KEYWORD_ONLY]
    if len(first) < 2 or any(p.name in given for p in first):
        return True
    if all(DATA_NAMES.fullmatch(p.name) for p in first):
        return all(p.default is not p.empty for p in first)
    return any(p.default is not p.empty for p in first)


def _made(factory: Callable[..., Any]) -> Callable[..., Any]:
    """A loss that `factory` makes of the parameters, once for each set of them and precision."""
    made: dict[tuple[Any, ...], Callable[..., Any]] = {}

    def call(y_true: Array, y_pred: Array, /, **params: Any) -> Any:
        # K.floatx() and casts within the factory follow the precision in use.
        key = (y_pred.dtype, *sorted(params.items()))
        if key not in made:
            made[key] = factory(**params)
        if not callable(made[key]):
            kind = type(made[key]).__name__
            raise TypeError(f"given its parameters it returns {kind}, not a function of two arrays")
        return made[key](y_true, y_pred)

    call.__doc__ = factory.__doc__
    return call
