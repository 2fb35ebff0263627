"""How numbers are written: exactly where programs read them, shortly where people do."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscli.engine.plain import plain_number, plain_numbers
from losscli.reports.numbers import exact, exact_all, short, short_all


@given(st.floats(allow_nan=False))
def test_exact_float64_reads_back_as_itself(value: float) -> None:
    assert float(exact(value, "float64")) == value
    assert exact_all(np.array([value])) == [exact(value, "float64")]


@given(st.floats(allow_nan=False, width=32))
def test_exact_float32_reads_back_as_itself(value: float) -> None:
    single = np.float32(value)
    assert np.float32(exact(value, "float32")) == single
    assert np.float32(exact_all(np.array([single]))[0]) == single
    assert len(exact(value, "float32")) <= len("-1.17549435e-38")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_json_has_no_word_for_what_is_not_finite(value: float, dtype: str) -> None:
    assert plain_number(value, dtype) is None
    assert plain_numbers(np.array([value, 1.5], dtype=dtype)) == [None, 1.5]


@pytest.mark.parametrize(
    ("value", "dtype", "text"),
    [
        (2 / 3, "float64", "0.6666667"),
        (1 / 3, "float64", "0.3333333"),
        (2 / 3, "float32", "0.6666667"),
        (1 / 3, "float32", "0.33333334"),
        (1.0, "float64", "1"),
        (1.0, "float32", "1.0"),
        (-0.0, "float64", "0"),
        (-0.0, "float32", "0.0"),
        (123456789.0, "float64", "1.234568e+08"),
        (math.inf, "float64", "inf"),
        (math.nan, "float32", "nan"),
    ],
)
def test_short(value: float, dtype: str, text: str) -> None:
    assert short(value, dtype) == text


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([333333380.0, 333333310.0], ["3.3333338e+08", "3.3333331e+08"]),
        ([333333380.0, 333333300.0], ["3.3333338e+08", "3.3333331e+08"]),
        ([0.5, 333333380.0], ["0.5", "3.3333338e+08"]),
        ([0.5, math.inf], ["0.5", "inf"]),
        ([], []),
    ],
)
def test_float32_numbers_with_an_exponent_have_equally_many_digits(
    values: list[float], texts: list[str]
) -> None:
    assert short_all(values, "float32") == texts
