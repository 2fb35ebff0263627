"""What is known about a loss: `LossSpec`, read off its function by the decorator `@loss`."""

import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import isfinite
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints, overload

from losscli.errors import UsageError, quoted
from losscli.losses.domain import REAL, Domain, Interval
from losscli.losses.numerics import Array

Kind = Literal["element", "sample", "pooled", "whole"]
Best = Literal["lowest", "nearest 0"]
Value = float | int | bool | str
Function = Callable[..., Array]
F = TypeVar("F", bound=Function)

FLAG_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class Parameter:
    """A parameter of a loss: its name, type, default (None: it has none), and what it may be."""

    name: str
    type: type
    default: Value | None
    allowed: Interval
    description: str

    def parse(self, text: str) -> Value:
        """The value that `text` spells on a command line. Raises UsageError."""
        if self.type is bool:
            if text.lower() in FLAG_WORDS:
                return FLAG_WORDS[text.lower()]
            raise UsageError(f"{self.name} must be true or false, not {quoted(text)}")
        try:
            return self.check(self.type(text))
        except ValueError as error:
            if isinstance(error, UsageError):
                raise
            raise UsageError(f"{self.name} must be a number, not {quoted(text)}") from None

    def check(self, value: Any) -> Value:
        """`value` in the parameter's own type, if it may be that. Raises UsageError."""
        if self.type is bool:
            if isinstance(value, bool):
                return value
            raise UsageError(f"{self.name} must be True or False, not {quoted(repr(value))}")
        if isinstance(value, bool):
            raise UsageError(f"{self.name} must be a number, not {value}")
        try:
            number: Value = self.type(value)
        except (TypeError, ValueError):
            raise UsageError(f"{self.name} must be a number, not {quoted(repr(value))}") from None
        if not isinstance(number, str) and not (isfinite(number) and number in self.allowed):
            raise UsageError(f"{self.name} must lie in {self.allowed}, not {spell(value)}")
        return number


def spell(value: Value) -> str:
    """A parameter's value as the command line writes it: `2`, `0.5`, `true`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


@dataclass(frozen=True)
class Documentation:
    """A loss's docstring in its parts."""

    summary: str
    formula: str
    shape: str
    edge_cases: str
    references: tuple[str, ...]
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class LossSpec:
    """A loss and all that is known about it.

    `kind` says what the function returns, unreduced: `element` an array of the input's shape,
    `sample` one with the last axis consumed, `pooled` statistics of shape (n, m) whose sums over
    any rows `finalise` turns into a value, `whole` a single number for all the rows; None leaves it
    to what it returns. A loss that is not `trusted` is tried on its first block. `scale` is a
    factor that comes after the mean of an element loss, as Keras's 100 of a percentage does.
    `y_pred_when` holds y_pred's domain under parameters that change it (`from_logits`). `remarks`
    say what becomes of data that is not as expected, by side and expectation (`y_true.signs`).
    `best` says which value is the best. `revision` grows when the formula changes.
    """

    name: str
    function: Function
    aliases: tuple[str, ...]
    family: str
    kind: Kind | None
    y_true: Domain
    y_pred: Domain
    y_pred_when: Mapping[str, Domain]
    parameters: tuple[Parameter, ...]
    symmetric: bool
    zero_at_perfect: bool
    scale: float
    finalise: Function | None
    remarks: Mapping[str, str]
    best: Best
    revision: int | str
    trusted: bool
    docs: Documentation = field(repr=False)

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name. Raises UsageError, naming those there are."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        names = [parameter.name for parameter in self.parameters]
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]}?" if near else f"its parameters: {', '.join(names)}"
        raise UsageError(
            f"{self.name} has no parameter {quoted(name)}",
            hint if names else "it has no parameters",
        )

    def domains(self, params: Mapping[str, Value]) -> tuple[Domain, Domain]:
        """The domains of y_true and y_pred under these parameters."""
        for name, domain in self.y_pred_when.items():
            if params.get(name):
                return self.y_true, domain
        return self.y_true, self.y_pred

    def bind(
        self, params: Mapping[str, Any] | None = None, label: str | None = None, name: str = ""
    ) -> "Loss":
        """The loss with these parameters (defaults for the others). Raises UsageError.

        `label` is how the user spelt it, `name` that without the parameters.
        """
        given = {name: self.parameter(name).check(v) for name, v in (params or {}).items()}
        values: dict[str, Value] = {}
        for p in self.parameters:
            value = given.get(p.name, p.default)
            if value is None:
                raise UsageError(
                    f"{self.name} needs a value for {p.name}", f"write {self.name}:{p.name}=1"
                )
            values[p.name] = value
        return Loss(self, values, label or self.name, name or (label or "").partition(":")[0])


@dataclass(frozen=True)
class Loss:
    """A loss ready to compute: a spec with a value for each parameter, and what the user called it.

    Calling it gives the unreduced array of two arrays of fitting shapes, without any check.
    """

    spec: LossSpec
    params: Mapping[str, Value]
    label: str
    called: str

    @property
    def name(self) -> str:
        """What the user called it, without the parameters."""
        return self.called or self.spec.name

    @property
    def changed(self) -> dict[str, Value]:
        """The parameters that are not at their defaults."""
        return {
            p.name: self.params[p.name]
            for p in self.spec.parameters
            if self.params[p.name] != p.default
        }

    @property
    def domains(self) -> tuple[Domain, Domain]:
        """The domains of y_true and y_pred."""
        return self.spec.domains(self.params)

    def __call__(self, y_true: Array, y_pred: Array) -> Array:
        return self.spec.function(y_true, y_pred, **self.params)


@overload
def loss(function: F) -> F: ...


@overload
def loss(
    *,
    family: str = ...,
    kind: Kind | None = ...,
    y_true: Domain = ...,
    y_pred: Domain = ...,
    aliases: tuple[str, ...] = ...,
    y_pred_when: Mapping[str, Domain] | None = ...,
    symmetric: bool = ...,
    zero_at_perfect: bool = ...,
    scale: float = ...,
    finalise: Function | None = ...,
    remarks: Mapping[str, str] | None = ...,
    best: Best = ...,
    revision: int = ...,
) -> Callable[[F], F]: ...


def loss(
    function: F | None = None,
    *,
    family: str = "own",
    kind: Kind | None = None,
    y_true: Domain = REAL,
    y_pred: Domain = REAL,
    aliases: tuple[str, ...] = (),
    y_pred_when: Mapping[str, Domain] | None = None,
    symmetric: bool = False,
    zero_at_perfect: bool = False,
    scale: float = 1.0,
    finalise: Function | None = None,
    remarks: Mapping[str, str] | None = None,
    best: Best = "lowest",
    revision: int = 1,
) -> F | Callable[[F], F]:
    """Declare a function to be a loss. It stays a plain function; its spec is its `.spec`.

    The parameters are the function's keyword-only ones, the rest of the documentation its
    docstring. See LossSpec for the meaning of each argument.
    """
    if (kind == "pooled") != (finalise is not None):
        raise TypeError("a pooled loss, and no other, has finalise=")

    def declare(function: F) -> F:
        docs = read_docstring(function.__doc__ or "")
        spec = LossSpec(
            name=function.__name__,
            function=function,
            aliases=aliases,
            family=family,
            kind=kind,
            y_true=y_true,
            y_pred=y_pred,
            y_pred_when=y_pred_when or {},
            parameters=read_parameters(function, docs.parameters),
            symmetric=symmetric,
            zero_at_perfect=zero_at_perfect,
            scale=scale,
            finalise=finalise,
            remarks=remarks or {},
            best=best,
            revision=revision,
            trusted=True,
            docs=docs,
        )
        function.spec = spec  # type: ignore[attr-defined]
        return function

    return declare if function is None else declare(function)


def read_parameters(function: Callable[..., Any], docs: Mapping[str, str]) -> tuple[Parameter, ...]:
    """The keyword-only parameters of a loss, with the interval of an Annotated one."""
    signature = inspect.signature(function)
    chosen = [p for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY]
    return tuple(read_parameter(p, hints(function).get(p.name), docs) for p in chosen)


def hints(function: Callable[..., Any]) -> dict[str, Any]:
    """The annotations of a function, none if they cannot be evaluated."""
    try:
        return get_type_hints(function, include_extras=True)
    except Exception:  # a name in a user's annotation that does not exist
        return {}


def read_parameter(p: inspect.Parameter, hint: Any, docs: Mapping[str, str]) -> Parameter:
    """A parameter of a signature: its type by its annotation, or by its default."""
    default = None if p.default is p.empty else p.default
    parts = get_args(hint) if get_origin(hint) is not None else (hint,)
    kind = next((part for part in parts if part in (bool, int, float, str)), None)
    if kind is None:
        kind = type(default) if isinstance(default, bool | str) else float
    allowed = next((part for part in parts if isinstance(part, Interval)), Interval())
    return Parameter(p.name, kind, default, allowed, docs.get(p.name, ""))


SECTION = re.compile(r"^(Formula|Parameters|Shape|Edge cases|References):[ \n]", re.MULTILINE)


def read_docstring(text: str) -> Documentation:
    """Take a docstring apart: a summary line, then sections 'Formula:', 'Shape:' and so on."""
    summary, _, rest = inspect.cleandoc(text).partition("\n")
    found = SECTION.split(rest)
    sections = {
        title: textwrap.dedent(body).strip()
        for title, body in zip(found[1::2], found[2::2], strict=True)
    }
    flowing = {title: " ".join(body.split()) for title, body in sections.items()}
    parameters = re.split(r"^(\w+): ", sections.get("Parameters", ""), flags=re.MULTILINE)
    return Documentation(
        summary=summary,
        formula=sections.get("Formula", ""),
        shape=flowing.get("Shape", ""),
        edge_cases=flowing.get("Edge cases", ""),
        references=tuple(sections.get("References", "").splitlines()),
        parameters={
            name: " ".join(body.split())
            for name, body in zip(parameters[1::2], parameters[2::2], strict=True)
        },
    )
