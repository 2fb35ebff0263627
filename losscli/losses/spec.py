"""What is known about a loss: `LossSpec`, read off its function by the decorator `@loss`."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from functools import cache
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, cast, overload

from losscli.errors import UsageError, quoted
from losscli.losses.declaration import Declaration, Domains, Function, check_kind
from losscli.losses.docstring import Documentation, parse_docstring
from losscli.losses.domain import Domain
from losscli.losses.handling import Handling, Origin
from losscli.losses.numerics import Array
from losscli.losses.parameters import HANDLED, Parameter, Value, read_parameters

F = TypeVar("F", bound=Function)
P = ParamSpec("P")

# Whose loss it is, and what is done about it, where nothing is said.
UNHANDLED = Handling()
HOME = Origin("home", "")


@dataclass(frozen=True, kw_only=True)
class LossSpec(Declaration):
    """A loss and all that is known about it: its function, and what is declared of it.

    A loss that is not `trusted` is tried on its first block.
    """

    name: str
    function: Function
    parameters: tuple[Parameter, ...] = ()
    trusted: bool = True
    docs: Documentation = field(default=parse_docstring(""), repr=False)

    @property
    def settings(self) -> tuple[Parameter, ...]:
        """All its parameters: those of its function, and those that it shares with others."""
        return (*self.parameters, *self.shared)

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name. Raises UsageError, naming those there are."""
        for parameter in self.settings:
            if parameter.name == name:
                return parameter
        names = [parameter.name for parameter in self.settings]
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]}?" if near else f"its parameters: {', '.join(names)}"
        raise UsageError(
            f"{self.name} has no parameter {quoted(name)}",
            hint if names else "it has no parameters",
        )

    def bind(
        self, params: Mapping[str, Any] | None = None, label: str | None = None, name: str = ""
    ) -> "BoundLoss":
        """The loss with these parameters (defaults for the others). Raises UsageError.

        `label` is how the user spelt it, `name` that without the parameters.
        """
        given = {name: self.parameter(name).read(v) for name, v in (params or {}).items()}
        values: dict[str, Value] = {}
        for p in self.settings:
            value = given.get(p.name, p.default)
            if value is None and p.is_required:
                raise UsageError(
                    f"{self.name} needs a value for {p.name}", f"write {self.name}:{p.name}=1"
                )
            values[p.name] = value
        own = {p.name: values[p.name] for p in self.parameters}
        handled: dict[str, Any] = {HANDLED[p]: values[p.name] for p in self.shared}
        called = name or (label or "").partition(":")[0]
        return BoundLoss(self, own, label or self.name, called, Handling(**handled))


@dataclass(frozen=True)
class BoundLoss:
    """A loss ready to compute: a spec with a value for each parameter, and what the user called it.

    `params` go to the formula, `handling` to the engine; `origin` is whose loss it is.
    `alternatives` are the losses that the dialect has under the same name for y_true of another
    shape.
    Calling it gives the unreduced array of two arrays (and its further inputs) of fitting shapes,
    without any check.
    """

    spec: LossSpec
    params: Mapping[str, Value]
    label: str
    called: str
    handling: Handling = UNHANDLED
    origin: Origin = HOME
    alternatives: tuple["BoundLoss", ...] = ()

    @property
    def name(self) -> str:
        """What the user called it, without the parameters."""
        return self.called or self.spec.name

    def spelt_with(self, setting: str) -> str:
        """How to write the loss with one more parameter, whatever its label shows before it."""
        is_spelling = self.label.startswith(self.name)
        head = self.name if is_spelling else self.label.partition(":")[0]
        settings = self.label.removeprefix(head)
        return f"{self.name}{settings}{',' if settings else ':'}{setting}"

    @property
    def shown(self) -> dict[str, Value]:
        """The parameters of the function, and those it shares that are not at their defaults."""
        return {**self.params, **self.changed}

    @property
    def changed(self) -> dict[str, Value]:
        """The parameters that are not at their defaults, handled ones behind the formula's."""
        values = [(p, self.params[p.name]) for p in self.spec.parameters]
        values += [(p, getattr(self.handling, HANDLED[p])) for p in self.spec.shared]
        return {p.name: value for p, value in values if value != p.default}

    @property
    def domains(self) -> Domains:
        """The domains of y_true and y_pred."""
        y_true, y_pred = self.spec.domains(self.params)
        classes = self.handling.classes
        return (y_true if classes is None else y_true.with_labels(classes)), y_pred

    def domain(self, role: str) -> Domain | None:
        """The domain of `y_true`, `y_pred` or a further array; None if it takes no such array."""
        if role in ("y_true", "y_pred"):
            return self.domains[role == "y_pred"]
        return self.spec.inputs.get(role)

    @property
    def is_pooled(self) -> bool:
        """Whether it is computed of all samples together."""
        pooled = self.spec.kind in ("pooled", "order", "whole")
        return pooled and not self.handling.per_sample

    @property
    def keeps_outputs(self) -> bool:
        """Whether its outputs' values are not made one."""
        return self.handling.outputs == "raw_values"

    @property
    def ignored(self) -> Value:
        """The label that is no class, None if there is none."""
        return self.params[self.spec.ignore] if self.spec.ignore else None

    @property
    def scale(self) -> float:
        """The factor that comes after the mean over the last axis."""
        factor = self.spec.scale
        value = self.params[factor] if isinstance(factor, str) else factor
        assert isinstance(value, int | float), "a scale is a number"
        return float(value)

    def __call__(self, y_true: Array, y_pred: Array, *inputs: Array) -> Array:
        return self.spec.function(y_true, y_pred, *inputs, **self.params)

    def divisor(self, y_true: Array, y_pred: Array, *inputs: Array) -> Array | None:
        """What a mean divides by for each unreduced value; None for 1 each."""
        if self.spec.divisor is None:
            return None
        return self.spec.divisor(y_true, y_pred, *inputs, **self._params_of(self.spec.divisor))

    def finalise(self, totals: Array) -> Array:
        """The value (or a value for each output) of a pooled loss's totals (…, m)."""
        assert self.spec.finalise is not None
        return self.spec.finalise(totals, **self._params_of(self.spec.finalise))

    def _params_of(self, function: Callable[..., Any]) -> dict[str, Value]:
        """Those of the parameters that a function takes."""
        return {name: value for name, value in self.params.items() if name in keywords(function)}


class Decorator(Protocol):
    """Declares a function to be a loss, and gives it back."""

    def __call__(self, function: F, /) -> F: ...


class _Declared(Protocol):
    """A function that was declared to be a loss."""

    spec: LossSpec


class Family(Generic[P]):
    """Declare a function to be a loss. It stays a plain function; its spec is its `.spec`.

    The parameters are the function's keyword-only ones, the rest of the documentation its
    docstring. See Declaration for the meaning of each argument; a family has values of its own for
    those that are not given. Raises TypeError for what is no argument, or does not fit the kind.
    """

    def __init__(self, declaration: Callable[P, Declaration], **shared: Any) -> None:
        self._declaration = declaration
        self._shared = shared

    @overload
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Decorator: ...

    @overload
    def __call__(self, function: F, /) -> F: ...

    def __call__(self, *functions: Any, **given: Any) -> Any:
        make = cast(Callable[..., Declaration], self._declaration)
        declared = make(**{**self._shared, **given})
        check_kind(declared)

        def declare(function: F) -> F:
            cast(_Declared, function).spec = _spec(function, declared)
            return function

        return declare(*functions) if functions else declare

    def family(self, name: str, /, *args: P.args, **kwargs: P.kwargs) -> "Family[P]":
        """The decorator for a family of losses: what they have in common is declared once."""
        return Family(self._declaration, **{**self._shared, **kwargs, "family": name})


def _spec(function: Function, declared: Declaration) -> LossSpec:
    docs = parse_docstring(function.__doc__ or "")
    return LossSpec(
        **{one.name: getattr(declared, one.name) for one in fields(Declaration)},
        name=function.__name__,
        function=function,
        parameters=read_parameters(function, docs.parameters),
        docs=docs,
    )


loss = Family(Declaration)
family = loss.family


@cache
def keywords(function: Callable[..., Any]) -> frozenset[str]:
    """The names of a function's keyword-only parameters."""
    parameters = inspect.signature(function).parameters.values()
    return frozenset(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)
