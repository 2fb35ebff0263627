"""JSON text to Python values, and how messages show them."""

import json
from typing import Any

from losscli.errors import SourceError, quoted

FORCE_CSV = "if it is CSV, say --input-format csv"
# With every digit a 0, only a literal with one of these can be beyond float64. Looking for them so
# costs a fraction of the parsing; a regular expression would cost twice the parsing.
DIGITS = str.maketrans("123456789E", "000000000e")
PERHAPS_TOO_LARGE = ("e000", "e+000", "0" * 200)


class TooLarge(float):
    """A number that float64 has no room for: infinite, with the beginning of its text."""

    text: str

    def __new__(cls, text: str) -> "TooLarge":
        number = super().__new__(cls, "-inf" if text.startswith("-") else "inf")
        number.text = text[:100]
        return number


class JsonError(SourceError):
    """Text that is no JSON from this position on."""

    position: int


def parse(text: str, label: str, hint: str | None, line: int | None = None) -> Any:
    """The value that JSON text stands for; `line` is its line in a file of several values.

    Numbers that float64 has no room for are TooLarge. Raises SourceError.
    """
    at = "" if line is None else f", line {line}"
    try:
        plain = text.translate(DIGITS)
        if any(mark in plain for mark in PERHAPS_TOO_LARGE):
            return json.loads(text, parse_float=parse_float, parse_int=parse_int)
        return json.loads(text)
    except json.JSONDecodeError as error:
        found = text[error.pos : error.pos + 20].split("\n")[0]
        place = f"column {error.colno}" if line else f"line {error.lineno}, column {error.colno}"
        wrong = JsonError(
            f"{label}{at} is not valid JSON at {place}: "
            + (f"{error.msg}, found {quoted(found)}" if found else f"{error.msg}, it ends there"),
            hint,
        )
        wrong.position = error.pos
        raise wrong from None
    except RecursionError:
        raise SourceError(f"{label}{at} cannot be read as JSON: it is nested too deep") from None


def parse_float(text: str) -> float:
    """A number with a point or an exponent; `TooLarge` beyond float64."""
    number = float(text)
    return TooLarge(text) if abs(number) == float("inf") else number


def parse_int(text: str) -> int | float:
    """A whole number; `TooLarge` beyond float64."""
    # float64 ends before 310 digits; Python itself refuses integers of some thousands.
    return TooLarge(text) if len(text) > 310 or abs(float(text)) == float("inf") else int(text)


def count_elements(elements: int) -> str:
    """'1 element', '2 elements'."""
    return f"{elements} element{'' if elements == 1 else 's'}"


def format_value(value: Any) -> str:
    """A JSON value as a message shows it; text in the quotes of JSON, to tell "1" from 1."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return f'"{quoted(value)[1:-1]}"'
    if isinstance(value, TooLarge):
        return quoted(value.text)
    try:
        return quoted(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return "a list" if isinstance(value, list) else "an object"


def too_large_error(where: str, value: float) -> SourceError:
    """What is wrong with a number that float64 has no room for."""
    return SourceError(f"{where}: {format_value(value)} is too large for float64")
