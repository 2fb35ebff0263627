"""How numbers are written."""

from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from sys import float_info
from typing import Literal

import numpy as np

from losscli.engine.plain import float32_text
from losscli.losses.numerics import Array

# How many significant digits tables show; None is 7, or a float32's shortest form.
Digits = int | Literal["full"] | None


def exact(value: float, dtype: str) -> str:
    """The shortest text that reads back as the same number of this type."""
    return float32_text(np.float32(value)) if dtype == "float32" else repr(value)


def exact_all(values: Array) -> list[str]:
    """`exact` of each value of an array."""
    if values.dtype == np.float32:
        return [float32_text(x) for x in values]
    return list(map(repr, values.tolist()))


def short(value: float, dtype: str, digits: Digits = None) -> str:
    """As tables show it: so many significant digits."""
    value += 0.0  # -0.0 is 0
    if digits == "full" or (digits is None and dtype == "float32"):
        return exact(value, dtype)
    return f"{value:.{digits or 7}g}"


def distinguish(value: float, limit: Fraction) -> tuple[str, str]:
    """A finite value and a limit as tables show them, in as many digits as tell them apart."""
    exact_value, digits = Fraction(repr(value)), 7
    while True:
        texts = figure(exact_value, digits), figure(limit, digits)
        if exact_value == limit or texts[0] != texts[1]:
            return texts
        digits += 1


def figure(x: Fraction, digits: int = 7) -> str:
    """An exact number in so many significant digits."""
    try:
        if digits <= 17:
            return f"{float(x):.{digits}g}"
    except OverflowError:  # beyond all floats, as a limit may be
        pass
    context = Context(prec=digits)
    quotient = context.divide(Decimal(x.numerator), Decimal(x.denominator))
    return str(quotient.normalize(context))


def nearest_float(x: Fraction) -> float:
    """The nearest float; the largest there is for what is beyond."""
    try:
        return float(x)
    except OverflowError:
        return float_info.max if x > 0 else -float_info.max


def short_all(values: Sequence[float], dtype: str, digits: Digits = None) -> list[str]:
    """`short` of numbers that stand together.

    As in NumPy's arrays, float32 numbers with an exponent all have as many digits as the one that
    needs most: 3.3333338e+08 and 3.3333331e+08, though 3.333333e+08 would tell the latter too.
    """
    texts = [short(value, dtype, digits) for value in values]
    if dtype != "float32" or digits is not None:
        return texts
    with_exponent = [t for t in texts if "." in t and "e" in t]
    places = max((t.index("e") - t.index(".") - 1 for t in with_exponent), default=0)
    return [
        np.format_float_scientific(np.float32(value), unique=True, min_digits=places)
        if "e" in t
        else t
        for t, value in zip(texts, values, strict=True)
    ]
