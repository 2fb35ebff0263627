"""The gate, by a table: nothing is rounded, and what is no number never passes."""

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import inf, nan, nextafter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscli.engine.result import Statistic
from losscli.errors import DataError, UsageError
from losscli.frameworks.bind import parse
from losscli.gates.expression import OPERATORS, Operator, max_regress
from losscli.gates.gate import exact, judge, judge_regression, judge_statistic
from losscli.words import Best

UP, DOWN = nextafter(3.0, inf), nextafter(3.0, -inf)
TINY = 5e-324


@pytest.mark.parametrize(
    ("value", "operator", "limit", "failed", "margin"),
    [
        (2.0, ">", 3.0, False, 1),
        (3.0, ">", 3.0, False, 0),
        (4.0, ">", 3.0, True, -1),
        (UP, ">", 3.0, True, Fraction(3) - exact(UP)),
        (DOWN, ">", 3.0, False, Fraction(3) - exact(DOWN)),
        (3.0, ">=", 3.0, True, 0),
        (DOWN, ">=", 3.0, False, Fraction(3) - exact(DOWN)),
        (UP, ">=", 3.0, True, Fraction(3) - exact(UP)),
        (3.0, "<", 3.0, False, 0),
        (DOWN, "<", 3.0, True, exact(DOWN) - 3),
        (UP, "<", 3.0, False, exact(UP) - 3),
        (3.0, "<=", 3.0, True, 0),
        (UP, "<=", 3.0, False, exact(UP) - 3),
        (-5.0, "<", -4.0, True, -1),
        (-5.0, ">", -4.0, False, 1),
        (0.0, ">", -0.0, False, 0),
        (-0.0, ">=", 0.0, True, 0),
        (TINY, ">", 0.0, True, -exact(TINY)),
        (0.1 + 0.2, ">", 0.3, True, exact(0.3) - exact(0.1 + 0.2)),
        (1e308, "<", -1e308, False, 2 * exact(1e308)),
        (442.0, "<", 442.0, False, 0),
    ],
)
def test_a_verdict(
    value: float, operator: Operator, limit: float, failed: bool, margin: Fraction
) -> None:
    verdict = judge(value, operator, limit)
    assert (verdict.failed, verdict.limit, verdict.margin) == (failed, exact(limit), margin)


@pytest.mark.parametrize("value", [nan, -nan, inf, -inf])
@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("limit", [-1e308, 0.0, 1e308])
def test_what_is_no_finite_number_fails(value: float, operator: Operator, limit: float) -> None:
    verdict = judge(value, operator, limit)
    assert verdict.failed
    assert verdict.margin is None


FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@given(FLOATS, FLOATS)
def test_a_verdict_is_what_python_says_of_two_floats(value: float, limit: float) -> None:
    assert judge(value, ">", limit).failed == (value > limit)
    assert judge(value, ">=", limit).failed == (value >= limit)
    assert judge(value, "<", limit).failed == (value < limit)
    assert judge(value, "<=", limit).failed == (value <= limit)


@pytest.mark.parametrize("limit", [2.99, 3.0, 3.01])
def test_a_limit_within_the_error_of_a_quantile_is_an_error(limit: float) -> None:
    with pytest.raises(DataError, match=r"between 2\.99 and 3\.01, and so does the limit"):
        judge_statistic(Statistic(3.0, 2.99, 3.01), ">", limit)


@pytest.mark.parametrize(("limit", "failed"), [(2.98, True), (3.02, False)])
def test_a_limit_beyond_the_error_of_a_quantile_is_judged(limit: float, failed: bool) -> None:
    assert judge_statistic(Statistic(3.0, 2.99, 3.01), ">", limit).failed == failed


def test_an_exact_quantile_may_lie_on_its_limit() -> None:
    assert not judge_statistic(Statistic(3.0, 3.0, 3.0), ">", 3.0).failed
    assert judge_statistic(Statistic(nan, nan, nan), ">", 3.0).failed


@pytest.mark.parametrize(
    ("value", "base", "allowed", "best", "failed"),
    [
        (100.0, 100.0, "mse=0", "lowest", False),
        (nextafter(100.0, inf), 100.0, "mse=0", "lowest", True),
        (nextafter(100.0, inf), 100.0, "mse=0%", "lowest", True),
        (102.0, 100.0, "mse=2%", "lowest", False),
        (nextafter(102.0, inf), 100.0, "mse=2%", "lowest", True),
        (50.0, 100.0, "mse=2%", "lowest", False),
        (100.5, 100.0, "mse=0.5", "lowest", False),
        (100.6, 100.0, "mse=0.5", "lowest", True),
        (0.33, 0.3, "mse=10%", "lowest", False),  # the float 0.33 is above 1.1 times the float 0.3
        (0.8, 0.7, "mse=0.1", "lowest", False),  # 0.8 - 0.7 > 0.1 in floats
        (0.8000000000000002, 0.7, "mse=0.1", "lowest", True),
        (0.0, 0.0, "mse=0", "lowest", False),
        (TINY, 0.0, "mse=0", "lowest", True),
        (-620.0, -621.0, "mse=0.5", "lowest", True),
        (-622.0, -621.0, "mse=0", "lowest", False),
        (1e308, 1.7e308, "mse=100%", "lowest", False),
        (-3.0, 2.0, "mbe=1", "nearest 0", False),
        (-3.1, 2.0, "mbe=1", "nearest 0", True),
        (1.0, -2.0, "mbe=0", "nearest 0", False),
        (-2.2, -2.0, "mbe=5%", "nearest 0", True),
        (nan, 100.0, "mse=1000", "lowest", True),
        (inf, 100.0, "mse=1000", "lowest", True),
        (-inf, 100.0, "mse=1000", "lowest", True),
        (-inf, 100.0, "mbe=1000", "nearest 0", True),
    ],
)
def test_a_regression(value: float, base: float, allowed: str, best: Best, failed: bool) -> None:
    assert judge_regression(value, base, max_regress(allowed, parse), best).failed == failed


@given(FLOATS, FLOATS, st.floats(0, 1e300))
def test_a_regression_is_exact(value: float, base: float, room: float) -> None:
    verdict = judge_regression(value, base, max_regress(f"mse={room!r}", parse), "lowest")
    with localcontext(Context(prec=1000)):
        change = Decimal(repr(value)) - Decimal(repr(base))
    assert verdict.failed == (change > Decimal(repr(room)))


@pytest.mark.parametrize("base", [0.0, -0.0])
def test_a_percentage_of_nothing_is_nothing(base: float) -> None:
    two = max_regress("mse=2%", parse)
    assert not judge_regression(0.0, base, two, "lowest").failed
    assert judge_regression(TINY, base, two, "lowest").failed
    assert judge_regression(-TINY, base, two, "highest").failed


@pytest.mark.parametrize("base", [-1.0, -TINY])
def test_a_percentage_of_what_is_below_zero_is_an_error(base: float) -> None:
    with pytest.raises(UsageError, match="has no meaning") as raised:
        judge_regression(1.0, base, max_regress("mse=2%", parse), "lowest")
    assert "mse=0.5" in str(raised.value)


def test_a_percentage_of_a_loss_that_is_best_at_zero_is_of_its_size() -> None:
    verdict = judge_regression(1.0, -1.0, max_regress("mbe=2%", parse), "nearest 0")
    assert verdict.limit == Fraction(102, 100)
    assert judge_regression(-TINY, 0.0, max_regress("mbe=2%", parse), "nearest 0").failed


@pytest.mark.parametrize("base", [nan, inf, -inf])
@pytest.mark.parametrize("allowed", ["mse=2%", "mse=5"])
def test_a_baseline_that_is_no_number_is_an_error(base: float, allowed: str) -> None:
    with pytest.raises(UsageError, match="nothing can be compared"):
        judge_regression(1.0, base, max_regress(allowed, parse), "lowest")
