"""What is known about a loss: `LossSpec`, read off its function by the decorator `@loss`."""

import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal, TypeVar, overload

from losscli.errors import UsageError, quoted
from losscli.losses.domain import REAL, Domain
from losscli.losses.handling import Handling, Origin
from losscli.losses.numerics import Array
from losscli.losses.parameters import HANDLED, Parameter, Value, read_parameters
from losscli.words import Best, Kind, Order

LastAxis = Literal["mean", "sum"]
Domains = tuple[Domain, Domain]
Function = Callable[..., Array]
Divisor = Callable[..., Array | None]
F = TypeVar("F", bound=Function)

# Whose loss it is, and what is done about it, where nothing is said.
UNHANDLED = Handling()
HOME = Origin("keras2", "2.1")


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

    `kind` says what the function returns, unreduced:

    - `element`: an array of the input's shape; a sample's value is its mean over the last axis, or
      its sum (`last_axis`), times `scale` (a number, or the name of the parameter that holds it:
      Keras multiplies a percentage by 100 after the mean);
    - `sample`: an array with the last axis consumed;
    - `pooled`: statistics of shape (n, m), whose sums over any rows `finalise` turns into a value
      (`per_output`: into one for each output, on a last axis). `finalise` gets the totals (…, m)
      and those parameters of the loss that it names;
    - `order`: as element, of which the `order` statistic over the samples is taken per output;
    - `whole`: a single number for all the rows; None leaves it to what is returned.

    `inputs` are the further arrays that the function takes behind y_pred, by name. `divisor`, a
    function of the arrays and of the parameters that it names, gives what a mean divides by in
    place of 1 for each unreduced value: class weights, 0 where a label is ignored. `ignore` names
    the parameter whose value as a label is no class.

    `domains_for` gives the domains of y_true and y_pred under parameters that change them; without
    it, `y_pred_when` and `y_true_when` hold those under a flag (`from_logits`). `remarks` say what
    becomes of data that is not as expected, by side and expectation (`y_true.signs`). `best` says
    which value is the best. `shared` are parameters that are the engine's to follow, not the
    function's. A loss that is not `trusted` is tried on its first block. `revision` grows when the
    formula changes.
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
    scale: float | str
    finalise: Function | None
    remarks: Mapping[str, str]
    best: Best
    revision: int | str
    trusted: bool
    docs: Documentation = field(repr=False)
    y_true_when: Mapping[str, Domain] = field(default_factory=dict)
    domains_for: Callable[[Mapping[str, Any]], Domains] | None = None
    inputs: Mapping[str, Domain] = field(default_factory=dict)
    last_axis: LastAxis = "mean"
    per_output: bool = False
    order: Order | None = None
    divisor: Divisor | None = None
    ignore: str | None = None
    shared: tuple[Parameter, ...] = ()

    @property
    def settings(self) -> tuple[Parameter, ...]:
        """All its parameters: those of its function, and those that it shares with others."""
        return (*self.parameters, *self.shared)

    @property
    def flags(self) -> tuple[str, ...]:
        """The parameters that say what the data means, as `from_logits` does."""
        return (*self.y_pred_when, *self.y_true_when)

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

    def domains(self, params: Mapping[str, Value]) -> tuple[Domain, Domain]:
        """The domains of y_true and y_pred under these parameters."""
        if self.domains_for is not None:
            return self.domains_for(params)
        y_true, y_pred = self.y_true, self.y_pred
        for name, domain in self.y_true_when.items():
            y_true = domain if params.get(name) else y_true
        for name, domain in self.y_pred_when.items():
            y_pred = domain if params.get(name) else y_pred
        return y_true, y_pred

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
        return (y_true if classes is None else y_true.of_labels(classes)), y_pred

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
        return float(self.params[factor] if isinstance(factor, str) else factor)  # type: ignore[arg-type]

    def __call__(self, y_true: Array, y_pred: Array, *inputs: Array) -> Array:
        return self.spec.function(y_true, y_pred, *inputs, **self.params)

    def divisor(self, y_true: Array, y_pred: Array, *inputs: Array) -> Array | None:
        """What a mean divides by for each unreduced value; None for 1 each."""
        if self.spec.divisor is None:
            return None
        return self.spec.divisor(y_true, y_pred, *inputs, **self._named_by(self.spec.divisor))

    def finalise(self, totals: Array) -> Array:
        """The value (or a value for each output) of a pooled loss's totals (…, m)."""
        assert self.spec.finalise is not None
        return self.spec.finalise(totals, **self._named_by(self.spec.finalise))

    def _of(self, parameters: Iterable[Parameter]) -> dict[str, Value]:
        return {p.name: self.params[p.name] for p in parameters}

    def _named_by(self, function: Callable[..., Any]) -> dict[str, Value]:
        return self._of(p for p in self.spec.parameters if p.name in keywords(function))


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
    scale: float | str = ...,
    finalise: Function | None = ...,
    remarks: Mapping[str, str] | None = ...,
    best: Best = ...,
    revision: int = ...,
    y_true_when: Mapping[str, Domain] | None = ...,
    domains_for: Callable[[Mapping[str, Any]], Domains] | None = ...,
    inputs: Mapping[str, Domain] | None = ...,
    last_axis: LastAxis = ...,
    per_output: bool = ...,
    order: Order | None = ...,
    divisor: Divisor | None = ...,
    ignore: str | None = ...,
    shared: tuple[Parameter, ...] = ...,
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
    scale: float | str = 1.0,
    finalise: Function | None = None,
    remarks: Mapping[str, str] | None = None,
    best: Best = "lowest",
    revision: int = 1,
    y_true_when: Mapping[str, Domain] | None = None,
    domains_for: Callable[[Mapping[str, Any]], Domains] | None = None,
    inputs: Mapping[str, Domain] | None = None,
    last_axis: LastAxis = "mean",
    per_output: bool = False,
    order: Order | None = None,
    divisor: Divisor | None = None,
    ignore: str | None = None,
    shared: tuple[Parameter, ...] = (),
) -> F | Callable[[F], F]:
    """Declare a function to be a loss. It stays a plain function; its spec is its `.spec`.

    The parameters are the function's keyword-only ones, the rest of the documentation its
    docstring. See LossSpec for the meaning of each argument.
    """
    if (kind == "pooled") != (finalise is not None):
        raise TypeError("a pooled loss, and no other, has finalise=")
    if (kind == "order") != (order is not None):
        raise TypeError("a loss of kind order, and no other, has order=")

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
            y_true_when=y_true_when or {},
            domains_for=domains_for,
            inputs=inputs or {},
            last_axis=last_axis,
            per_output=per_output,
            order=order,
            divisor=divisor,
            ignore=ignore,
            shared=shared,
        )
        function.spec = spec  # type: ignore[attr-defined]
        return function

    return declare if function is None else declare(function)


@cache
def keywords(function: Callable[..., Any]) -> frozenset[str]:
    """The names of a function's keyword-only parameters."""
    parameters = inspect.signature(function).parameters.values()
    return frozenset(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)


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
