"""One cell that is a Python object: as a number, as text, and of what kind it is."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from math import inf, isfinite, isinf
from numbers import Rational
from typing import Any

import numpy as np

from losscli.errors import SourceError, quoted
from losscli.sources.base import EXACT
from losscli.sources.json_text import TooLarge, format_value, too_large_error
from losscli.sources.missing import Missing, is_nothing, missing_error
from losscli.words import ColumnKind

Where = Callable[[], str]

# Wider integers come from no type of 64 bits: they are the digits of a float, rounded once.
WIDEST = 2**64


def to_number(cell: Any, missing: Missing, where: Where) -> float:
    """A cell as a float64: NaN where it is missing and may be.

    Raises SourceError with the place for text, for a complex number, for one that is too large and
    for an integer of 64 bits that float64 cannot hold.
    """
    if is_missing(cell, missing):
        if missing.allowed:
            return float("nan")
        raise missing_error(where(), _found(cell))
    if isinstance(cell, TooLarge):
        raise too_large_error(where(), cell)
    if isinstance(cell, int | np.integer | np.bool_):
        return whole_number(int(cell), where)
    if isinstance(cell, float | np.floating):
        return float(cell)
    if isinstance(cell, Decimal | Rational):
        return _fraction(cell, where)
    if isinstance(cell, np.generic) and type(cell).__module__ == "ml_dtypes":
        return float(cell)
    if isinstance(cell, complex | np.complexfloating):
        raise SourceError(f"{where()}: {quoted(str(cell))} is complex, not a real number")
    raise SourceError(f"{where()}: {_found(cell)} is not a number")


def whole_number(value: int, where: Where) -> float:
    """An integer as a float64. Raises SourceError with the place, see `to_number`."""
    if -EXACT <= value <= EXACT:
        return float(value)
    try:
        number = float(value)
    except OverflowError:
        number = inf
    if isinf(number):
        raise SourceError(f"{where()}: {quoted(str(value))} is too large for float64")
    if abs(value) < WIDEST and int(number) != value:
        raise inexact_error(where(), value)
    return number


def inexact_error(where: str, value: int) -> SourceError:
    """What is wrong with an integer that float64 cannot hold."""
    return SourceError(
        f"{where}: {value} is a whole number beyond 2^53 that float64 cannot hold",
        "ids and labels may be as long; a number to calculate with needs a point or an exponent",
    )


def _fraction(cell: Any, where: Where) -> float:
    if isinstance(cell, Decimal) and cell.is_nan():
        return float("nan")
    number = float(cell)
    if isinf(number) and not (isinstance(cell, Decimal) and cell.is_infinite()):
        raise SourceError(f"{where()}: {quoted(str(cell))} is too large for float64")
    if isfinite(number) and abs(number) >= EXACT and cell == int(cell):
        return whole_number(int(cell), where)
    return number


def is_missing(cell: Any, missing: Missing) -> bool:
    """Whether a cell stands for none; NaN as a number does not: it goes on as it is."""
    if isinstance(cell, str):
        return cell.strip() in missing.texts
    if isinstance(cell, bytes):
        return _decode(cell) in missing.texts
    if isinstance(cell, np.datetime64 | np.timedelta64):
        return bool(np.isnat(cell))
    if missing.numbers and isinstance(cell, int | float | np.number | Decimal):
        return any(cell == number for number in missing.numbers)
    return is_nothing(cell)


def to_text(cell: Any, missing: Missing) -> str:
    """A cell as text: empty where it is missing, whole numbers without a point, dates as ISO."""
    if is_missing(cell, missing):
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, int | np.integer | np.bool_):
        return str(int(cell))
    if isinstance(cell, TooLarge):
        return cell.text
    if isinstance(cell, float | np.floating):
        return float_text(cell)
    if isinstance(cell, Decimal):
        return _decimal_text(cell)
    if isinstance(cell, bytes):
        return _decode(cell)
    if isinstance(cell, np.datetime64):
        return date_text(cell)
    if isinstance(cell, datetime):  # pandas' Timestamp is one
        midnight = cell.time() == time() and cell.tzinfo is None
        return cell.date().isoformat() if midnight else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).strip()


def _decode(cell: bytes) -> str:
    return cell.decode("utf-8", "replace").strip()


def float_text(value: Any) -> str:
    """A float of any width as text: empty for NaN, without a point where it is whole."""
    if value != value:
        return ""
    if isfinite(value) and value == int(value):
        return str(int(value))
    return str(value)


def _decimal_text(value: Decimal) -> str:
    if value.is_nan():
        return ""
    whole = value.is_finite() and value.adjusted() < 400 and value == value.to_integral_value()
    return str(int(value)) if whole else str(value)


def date_text(value: np.datetime64) -> str:
    """A date of NumPy's as ISO text; without its time where that is midnight."""
    text = np.datetime_as_string(value)
    day, _, clock = text.partition("T")
    clock = clock.rstrip("0").rstrip(".") if "." in clock else clock
    return day if not clock.strip("0:") else f"{day}T{clock}"


def cell_kind(cell: Any, missing: Missing) -> ColumnKind:
    """What kind of column a cell makes by itself; 'empty' if it is missing."""
    if is_missing(cell, missing) or (isinstance(cell, float | np.floating) and cell != cell):
        return "empty"
    if isinstance(cell, int | np.integer | np.bool_):
        return "whole"
    if isinstance(cell, float | np.floating | Decimal | Rational):
        number = float(cell)
        return "whole" if isfinite(number) and number == int(number) else "number"
    return "text"


def join_kinds(kinds: set[ColumnKind]) -> ColumnKind:
    """The kind of a column with cells of these kinds."""
    present = kinds - {"empty"}
    if len(present) == 1:
        return present.pop()
    return "number" if present else "empty"


def _found(cell: Any) -> str:
    """A cell as a message shows it."""
    if cell is None or isinstance(cell, str | list | dict):
        return format_value(cell)
    return quoted(to_text(cell, Missing(texts=frozenset())) or str(cell))
