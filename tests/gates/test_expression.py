"""What a gate's expression means, and what is said of one that means nothing."""

from fractions import Fraction

import pytest

from losscli.errors import UnknownNameError, UsageError
from losscli.frameworks.bind import parse
from losscli.gates.expression import STATISTICS, allowance, fail_if, max_regress
from losscli.losses.spec import BoundLoss


def resolve(text: str) -> BoundLoss:
    """Built-in losses, and those of a file."""
    name = text.partition(":")[0]
    if name == "own.py":
        return parse("mae").spec.bind(label=text)
    if name in ("a.mean.py", "b.p95"):
        raise UnknownNameError("never asked for")
    return parse(text)


@pytest.mark.parametrize(
    ("text", "loss", "statistic", "operator", "limit"),
    [
        ("mse > 3000", "mse", None, ">", 3000),
        ("mse>3000", "mse", None, ">", 3000),
        ("  mse  >=  3e3  ", "mse", None, ">=", 3000),
        ("mse < .5", "mse", None, "<", 0.5),
        ("mse <= -1.5e-3", "mse", None, "<=", -0.0015),
        ("mse > +3.", "mse", None, ">", 3),
        ("mse>-1", "mse", None, ">", -1),
        ("mae.p95 > 120", "mae", "p95", ">", 120),
        ("mae.p99.9 > 120", "mae", "p99.9", ">", 120),
        ("mae.p5 < 1", "mae", "p5", "<", 1),
        ("mae.p100 > 1", "mae", "p100", ">", 1),
        ("mae.n < 442", "mae", "n", "<", 442),
        ("mae.mean > 1", "mae", "mean", ">", 1),
        ("huber:delta=0.5 > 3", "huber:delta=0.5", None, ">", 3),
        ("huber:delta=0.5>=3", "huber:delta=0.5", None, ">=", 3),
        ("huber:delta=0.5.p95 > 3", "huber:delta=0.5", "p95", ">", 3),
        ("huber:delta=2.max > 3", "huber:delta=2", "max", ">", 3),
        ("own.py:f > 1", "own.py:f", None, ">", 1),
        ("own.py:f.p99.9 > 1", "own.py:f", "p99.9", ">", 1),
        ("own.py:n > 1", "own.py:n", None, ">", 1),
        ("own.py:mean.mean > 1", "own.py:mean", "mean", ">", 1),
        ("own.py:f:a=1,b=0.5.std<1", "own.py:f:a=1,b=0.5", "std", "<", 1),
        ("rmse.p95 > 1", "rmse", "p95", ">", 1),
    ],
)
def test_an_expression(
    text: str, loss: str, statistic: str | None, operator: str, limit: float
) -> None:
    gate = fail_if(text, resolve)
    found = (gate.loss.label, gate.statistic, gate.operator, gate.limit)
    assert found == (loss, statistic, operator, limit)
    assert gate.text == text.strip()


@pytest.mark.parametrize("statistic", STATISTICS)
def test_every_statistic_is_parsed(statistic: str) -> None:
    assert fail_if(f"mse.{statistic} > 1", resolve).statistic == statistic


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ("empty", "variable")),
        ("   ", ("empty",)),
        ("mse", ("no comparison in 'mse'", "mse > 3000")),
        ("huber:delta=0.5", ("no comparison",)),
        ("mse 3000", ("no comparison",)),
        ("mse => 3", ("position 5", "'=>' is no operator", "did you mean >=?")),
        ("mse =< 3", ("'=<'", "did you mean <=?")),
        ("mse ≥ 3", ("'≥'", "did you mean >=?")),
        ("mse >> 3", ("'>>'", "did you mean >?")),
        ("mse <> 3", ("'<>' is no operator", "> >= < <=")),
        ("mse = 3", ("position 5", "'=' is no operator", "> >= < <=")),
        ("mse == 3", ("'==' is no operator",)),
        ("mse != 3", ("'!=' is no operator",)),
        ("mse > = 3", ("position 7", "'= 3'", "without a blank")),
        ("mse >", ("position 6", "no limit")),
        ("mse >   ", ("no limit",)),
        ("> 3", ("position 1", "no loss before")),
        ("3 < mse", ("loss stands first",)),
        ("1 < mse < 3", ("position 9", "second comparison", "of its own")),
        ("mse > 3 and mae > 2", ("position 17", "second comparison")),
        ("mse > 3,000", ("position 7", "'3,000'", "not grouped: 3000")),
        ("mse > 3_000", ("'3_000'", "3000")),
        ("mse > 1,234,567.5", ("not grouped: 1234567.5",)),
        ("mse > 0,5", ("'0,5'", "a point: 0.5")),
        ("mse > 5%", ("'5%'", "max_regress")),
        ("mse > nan", ("'nan'", "not finite fails")),
        ("mse > inf", ("'inf'",)),
        ("mse > -Infinity", ("'-Infinity'", "not finite")),
        ("mse > 1e999", ("'1e999' is too large",)),
        ("mse > 3k", ("'3k'",)),
        ("mse > 0x10", ("'0x10'",)),
        ("mse > ٣", ("must be a number",)),
        ("mse > mae", ("'mae'",)),
        ("mse > -", ("'-'",)),
        ("msee > 3", ("'msee > 3', position 1", "no loss 'msee'", "did you mean mse")),
        ("msee.p95 > 3", ("no loss 'msee'", "did you mean mse")),
        ("msee.avg > 3", ("no loss 'msee'", "did you mean mse")),
        ("mse.avg > 3", ("position 5", "no statistic 'avg'", "mean, min, max")),
        ("mse.P95 > 3", ("no statistic 'P95'", "did you mean p95?")),
        ("mse.maximum > 3", ("no statistic 'maximum'", "did you mean max?")),
        ("huber:delta=0.5.avg > 3", ("position 17", "no statistic 'avg'")),
        ("mse.p101 > 3", ("position 5", "p0 to p100")),
        ("mse.p999 > 3", ("p0 to p100", "did you mean p99.9?")),
        ("mse. > 3", ("no loss 'mse.'",)),
        ("huber:delta=x > 3", ("delta must be a number",)),
        ("huber:delta=-1 > 3", ("(0, ∞)",)),
        ("rmse.mean > 57", ("position 5", "rmse pools all samples", "write rmse > 57")),
        ("mse > 3\n> 4", ("second comparison", r"\n")),
        ("\x1b[31m > 3", (r"\x1b[31m",)),
        ("x" * 200 + " > 3", ("…",)),
    ],
)
def test_an_expression_that_means_nothing(text: str, says: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as raised:
        fail_if(text, resolve)
    for part in says:
        assert part in str(raised.value)
    assert len(raised.value.message) < 400


@pytest.mark.parametrize(
    ("text", "loss", "amount", "is_percent"),
    [
        ("mse=2%", "mse", Fraction(1, 50), True),
        ("mse=0.1%", "mse", Fraction(1, 1000), True),
        ("mse = 2 %", "mse", Fraction(1, 50), True),
        ("mae=0.5", "mae", Fraction(1, 2), False),
        ("mae=0.1", "mae", Fraction(1, 10), False),
        ("mae=0", "mae", Fraction(0), False),
        ("mae=0%", "mae", Fraction(0), True),
        ("huber:delta=2=1e-3", "huber:delta=2", Fraction(1, 1000), False),
        ("mae=1e-999999999%", "mae", Fraction(0), True),
    ],
)
def test_an_allowance(text: str, loss: str, amount: Fraction, is_percent: bool) -> None:
    gate = max_regress(text, resolve)
    assert (gate.loss.label, gate.amount, gate.is_percent) == (loss, amount, is_percent)


def test_an_allowance_of_a_table_may_be_a_number() -> None:
    assert allowance("mse", 0.5, resolve) == max_regress("mse=0.5", resolve)
    assert allowance("mse", 2, resolve).amount == 2
    assert allowance("mse", "2%", resolve).allowed == "2%"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mse", ("not LOSS=ALLOWANCE", "mse=2%")),
        ("mse=", ("not LOSS=ALLOWANCE",)),
        ("=2%", ("not LOSS=ALLOWANCE",)),
        ("", ("not LOSS=ALLOWANCE",)),
        ("mse=x", ("a number or a percentage, not 'x'",)),
        ("mse=%", ("not '%'",)),
        ("mse=nan", ("not 'nan'",)),
        ("mse=inf", ("not 'inf'",)),
        ("mse=1e999", ("not '1e999'",)),
        ("mse=-1%", ("not negative", "improvement")),
        ("mse=2,5", ("not '2,5'",)),
        ("mse.p95=2%", ("not of a statistic", "write mse=2%")),
        ("msee=2%", ("no loss 'msee'", "did you mean mse")),
        ("huber:delta=2", ("'huber:delta=2' has no allowance", "huber:delta=2=2%")),
    ],
)
def test_an_allowance_that_means_nothing(text: str, says: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as raised:
        max_regress(text, resolve)
    for part in says:
        assert part in str(raised.value)
