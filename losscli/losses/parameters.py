"""The parameters of losses: how one is declared, read and checked, and the types that many share.

A parameter is a keyword-only argument of a loss's function; its annotation tells what it may be:
`float`, `int`, `bool`, words (`Literal["first", "last"]`), a vector (`tuple[float, ...]`), any of
them `| None` for "not given", and `Annotated[…, Interval(…)]` for the range of its numbers.
"""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import inf, isfinite
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import numpy as np

from losscli.errors import UsageError, quoted
from losscli.losses.domain import Interval

Value = float | int | bool | str | tuple[float, ...] | None


class Spelled(str):
    """A parameter's value as a command line or a config wrote it: text that is still to be read."""

    __slots__ = ()


FLAG_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
NO_VALUE = "none"
PER_CLASS = "per class"  # marks a vector of as many numbers as y_pred has columns

Positive = Annotated[float, Interval(0, inf, low_open=True)]
NonNegative = Annotated[float, Interval(0, inf)]
Fraction = Annotated[float, Interval(0, 1)]
Epsilon = Annotated[float, Interval(0, 0.5, high_open=True)]
# "machine" is the distance from 1 to the next float of the working precision.
MachineEpsilon = Annotated[float | Literal["machine"], Interval(0, 0.5, high_open=True)]
ClassWeights = Annotated[tuple[float, ...] | None, Interval(0, inf), PER_CLASS]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a loss: its name, type, default, and what it may be.

    `type` is that of its values (`tuple` for a vector), `allowed` the interval of its numbers,
    `words` the words it may also be; `optional` allows None, "not given". A default of None means
    that a value is required, unless it is `optional`. A vector `per_class` has a number for each
    column of y_pred.
    """

    name: str
    type: type
    default: Value
    allowed: Interval
    description: str
    words: tuple[str, ...] = ()
    optional: bool = False
    per_class: bool = False

    @property
    def is_required(self) -> bool:
        """Whether it has no default."""
        return self.default is None and not self.optional

    @property
    def choices(self) -> str:
        """What it may be, for people: `true or false`, `in (0, ∞)`, `first, last or never`."""
        if self.type is bool:
            return "true or false"
        options = list(self.words)
        if self.type is tuple:
            options.append(f"[…] of numbers in {self.allowed}")
        elif self.type is not str:
            options.append(f"in {self.allowed}")
        if self.optional:
            options.append(NO_VALUE)
        return " or ".join([", ".join(options[:-1]), options[-1]] if options[1:] else options)

    def read(self, value: Any) -> Value:
        """The value that a text spells, or a value of Python, checked. Raises UsageError."""
        return self.parse(value) if isinstance(value, Spelled) else self.check(value)

    def parse(self, text: str) -> Value:
        """The value that `text` spells on a command line. Raises UsageError."""
        text = str(text)
        if self.type is not tuple and re.fullmatch(r"\d+,\d+", text):
            raise UsageError(
                f"{self.name} must be one number, not {quoted(text)}",
                f"decimals take a point: {self.name}={text.replace(',', '.')}",
            )
        if self.type is bool:
            if text.lower() in FLAG_WORDS:
                return FLAG_WORDS[text.lower()]
            raise UsageError(f"{self.name} must be true or false, not {quoted(text)}")
        if self.optional and text.lower() == NO_VALUE:
            return None
        if self.type is tuple and text.startswith("[") and text.endswith("]"):
            cells = [cell.strip() for cell in text[1:-1].split(",")]
            return self.check([self._number(cell) for cell in cells])
        if text in self.words:
            return text
        if self.per_class and not text.startswith("["):
            return self.check([self._number(text)])  # one number for every column
        if self.type is str:
            return self.check(text)
        if self.type is tuple:
            raise UsageError(
                f"{self.name} must be {self.choices}, not {quoted(text)}",
                f"a list stands in brackets: {self.name}=[1,2,0.5]",
            )
        return self.check(self._number(text))

    def _number(self, text: str) -> float | int:
        number = int if self.type is int else float
        try:
            return number(text)
        except ValueError:
            what = "a whole number" if number is int else "a number"
            raise UsageError(f"{self.name} must be {what}, not {quoted(text)}") from None

    def check(self, value: Any) -> Value:
        """`value` in the parameter's own type, if it may be that. Raises UsageError."""
        value = plain_value(value)
        if value is None and self.optional:
            return None
        if self.type is bool:
            if isinstance(value, bool):
                return value
            raise UsageError(f"{self.name} must be True or False, not {quoted(repr(value))}")
        if isinstance(value, str) and self.words:
            if value in self.words:
                return value
            near = get_close_matches(value, self.words, n=1)
            hint = f"did you mean {near[0]}?" if near else None
            raise UsageError(f"{self.name} must be {self.choices}, not {quoted(value)}", hint)
        if self.type is str:
            if self.words:
                raise UsageError(f"{self.name} must be {self.choices}, not {quoted(repr(value))}")
            return str(value)
        if self.type is tuple:
            if self.per_class and np.ndim(value) == 0:
                value = [value]
            if np.ndim(value) != 1 or np.size(value) == 0:
                raise UsageError(
                    f"{self.name} must be a list of numbers, not {quoted(repr(value))}"
                )
            return tuple(self._check_number(one, float) for one in value)
        return self._check_number(value, self.type)

    def _check_number(self, value: Any, number: Callable[[Any], Any]) -> Any:
        value = plain_value(value)
        if isinstance(value, bool):
            raise UsageError(f"{self.name} must be a number, not {value}")
        if np.ndim(value):
            raise UsageError(f"{self.name} must be a number, not {quoted(spell(value))}")
        try:
            converted = number(value)
        except (TypeError, ValueError, OverflowError):
            shown = value if isinstance(value, str) else repr(value)
            raise UsageError(f"{self.name} must be a number, not {quoted(shown)}") from None
        if not (isfinite(converted) and converted in self.allowed):
            raise UsageError(f"{self.name} must lie in {self.allowed}, not {spell(value)}")
        if number is int and converted != value:
            raise UsageError(f"{self.name} must be a whole number, not {spell(value)}")
        return converted


def plain_value(value: Any) -> Any:
    """A value of Python for one of NumPy or of another library: a number, or an array as NumPy's.

    What is neither stays as it is.
    """
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, bool | int | float | str | tuple | list):
        return value
    single = tuple(getattr(value, "shape", ())) == ()
    if single and callable(getattr(value, "item", None)):
        return value.item()
    return np.asarray(value) if hasattr(value, "__array__") else value


def parse_literal(text: str) -> Value:
    """The value that a text spells where no parameter's type tells: a number, a list, a word."""
    known: dict[str, Value] = {NO_VALUE: None, "true": True, "false": False}
    if text.lower() in known:
        return known[text.lower()]
    if text.startswith("[") and text.endswith("]"):
        cells = [_number(cell) for cell in text[1:-1].split(",")]
        numbers = tuple(cell for cell in cells if not isinstance(cell, str))
        return numbers if len(numbers) == len(cells) else str(text)
    return _number(text)


def _number(text: str) -> int | float | str:
    """The number that a text spells, or the text."""
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return str(text)


def spell(value: Any) -> str:
    """A parameter's value as the command line writes it: `2`, `0.5`, `true`, `[1,2]`, `none`."""
    if value is None:
        return NO_VALUE
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list | np.ndarray):
        return f"[{','.join(map(spell, value))}]"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def read_parameters(function: Callable[..., Any], docs: Mapping[str, str]) -> tuple[Parameter, ...]:
    """The keyword-only parameters of a loss, as its annotations describe them."""
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
    parts = list(_parts(hint))
    kind = next((part for part in parts if part in (bool, int, float, tuple)), None)
    words = tuple(part for part in parts if isinstance(part, str) and part != PER_CLASS)
    if kind is None:
        kind = str if words or str in parts else float
        if isinstance(default, bool | str):
            kind = type(default)
    allowed = next((part for part in parts if isinstance(part, Interval)), Interval())
    return Parameter(
        p.name,
        kind,
        default,
        allowed,
        docs.get(p.name, ""),
        words,
        NoneType in parts,
        PER_CLASS in parts,
    )


def _parts(hint: Any) -> Any:
    """What an annotation is made of: types, intervals, words."""
    if hint is tuple or get_origin(hint) is tuple:
        yield tuple
    elif get_origin(hint) is None:
        yield hint
    else:
        for part in get_args(hint):
            yield from _parts(part)


# Parameters that the engine follows, for losses that declare them as `shared`.
MULTIOUTPUT = Parameter(
    "multioutput",
    tuple,
    "uniform_average",
    Interval(0, inf),
    "how the columns' values make one: their plain mean, one weighted by a list, or none",
    words=("uniform_average", "raw_values"),
)
CLASSES = Parameter(
    "classes",
    tuple,
    None,
    Interval(),
    "the labels that y_true holds, in the order of the classes; of two, the second is positive",
    optional=True,
)
PER_SAMPLE = Parameter(
    "per_sample",
    bool,
    False,
    Interval(),
    "compute it of each sample and average, in place of once of all samples together",
)

# What the engine's own names of them are: fields of a `Handling`.
HANDLED = {MULTIOUTPUT: "outputs", CLASSES: "classes", PER_SAMPLE: "per_sample"}
