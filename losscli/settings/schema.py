"""The keys of a config, as data: what each one's value must be. A key is one line here."""

import re
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, NamedTuple

from losscli.errors import printable, quoted, shortened
from losscli.words import (
    ComputeFormat,
    DecimalMark,
    DialectName,
    DomainPolicy,
    DType,
    InputFormat,
    NanPolicy,
    Unmatched,
    When,
    choices,
)


class Key(NamedTuple):
    """What a value must be, in words, and whether one is; `texts` are how an environment says it.

    `many` values may stand in a list: then they are a tuple, even where there is only one.
    """

    must: str
    fits: Callable[[Any], bool]
    texts: Mapping[str, Any] = {}
    many: bool = False


def text(what: str = "text") -> Key:
    """A text that is not blank."""
    return Key(what, _is_text)


def texts(what: str) -> Key:
    """A text or a list of them."""
    return Key(f"{what}, or a list of them", _is_text, many=True)


def word_of(vocabulary: Any) -> Key:
    """One word of a vocabulary."""
    *others, last = choices(vocabulary)
    words = f"{', '.join(others)} or {last}"
    return Key(words, lambda value: isinstance(value, str) and value in choices(vocabulary))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_regress(value: Any) -> bool:
    """A finite number, or one with a per cent sign."""
    percent = isinstance(value, str) and re.fullmatch(r"-?[0-9]+(\.[0-9]*)?(e-?[0-9]+)?%", value)
    return bool(percent) or _is_number(value)


def _is_regress_table(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_is_regress, value.values()))


def _is_digits(value: Any) -> bool:
    return value == "full" or (type(value) is int and 1 <= value <= 17)


FLAG = Key(
    "true or false",
    lambda value: isinstance(value, bool),
    {"true": True, "yes": True, "on": True, "1": True}
    | {"false": False, "no": False, "off": False, "0": False},
)
INPUT = text("a file or inline data, as text")
WHEN = word_of(When)

# How inputs are read and losses computed: of all commands alike, and of a check.
_READING: dict[str, Key] = {
    "true": INPUT,
    "pred": INPUT,
    "unmatched": word_of(Unmatched),
    "nan": word_of(NanPolicy),
    "dtype": word_of(DType),
    "dialect": word_of(DialectName),
    "domain": word_of(DomainPolicy),
    "input_format": word_of(InputFormat),
    "delimiter": Key("a character, as text", lambda value: isinstance(value, str) and bool(value)),
    "decimal": word_of(DecimalMark),
    "comment": text(),
    "header": FLAG,
    "thousands": text("a character, as text"),
    "missing": texts("a mark of a missing cell"),
    "encoding": text("the name of an encoding"),
}

# Keys of the whole: defaults of options. None of them can make losscli run a file.
SETTING_KEYS: dict[str, Key] = {
    **_READING,
    "format": word_of(ComputeFormat),
    "digits": Key("a number from 1 to 17 or 'full'", _is_digits, {str(n): n for n in range(1, 18)}),
    "color": WHEN,
    "progress": WHEN,
    "quiet": FLAG,
}

# Keys of a [[check]]. What `loss_file` names is run by `losscli check` alone.
CHECK_KEYS: dict[str, Key] = {
    "name": text(),
    **_READING,
    "data": INPUT,
    "true_cols": text("columns, as text"),
    "pred_cols": text("columns, as text"),
    "id": text("columns, as text"),
    "by_position": FLAG,
    "labels": text("labels, as text"),
    "positive": text("a label, as text"),
    "weights": text("a column or a file, as text"),
    "input": texts("NAME=FILE"),
    "reduction": text("a reduction, as text"),
    "loss_file": texts("a file"),
    "fail_if": texts("an expression such as 'mse > 3'"),
    "against": INPUT,
    "max_regress": Key('a table such as { mse = "2%", mae = 0.5 }', _is_regress_table),
    "allow_different": FLAG,
}


def read(kind: Key, value: Any) -> Any:
    """The value as the program has it. Raises ValueError, whose text says what it must be."""
    if kind.many and isinstance(value, list) and value and all(map(kind.fits, value)):
        return tuple(value)
    if not kind.fits(value):
        raise ValueError(f"must be {kind.must}, not {_shown(value)}")
    return (value,) if kind.many else value


def read_text(kind: Key, value: str) -> Any:
    """As `read`, of a text of the environment: '1' for true, '7' for a number."""
    return read(kind, kind.texts.get(value.strip().lower(), value))


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    return printable(shortened(str(value)))
