"""Whether a gate holds: pure, exact, and never passed by what is no number.

A float counts as the number it is printed as, the shortest that reads back as the same float, and
from there on nothing is rounded: 0.33 is 0.3 and 10 percent, though no floats say so.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

from losscli.engine.result import Statistic
from losscli.errors import DataError, UsageError
from losscli.gates.expression import MaxRegress
from losscli.words import Best, Operator


@dataclass(frozen=True)
class Verdict:
    """Whether a gate failed, at which limit, and how far the value is within it.

    A negative margin is how far it is beyond; None where the value is no finite number.
    """

    failed: bool
    limit: Fraction
    margin: Fraction | None


def judge(value: float, operator: Operator, limit: float | Fraction) -> Verdict:
    """The verdict of a gate that fails where `value operator limit` is true, or value not finite.

    >>> judge(3406.5, ">", 3000.0)
    Verdict(failed=True, limit=Fraction(3000, 1), margin=Fraction(-813, 2))
    """
    bound = exact(limit) if isinstance(limit, float) else limit
    if not isfinite(value):
        return Verdict(True, bound, None)
    margin = bound - exact(value) if operator in (">", ">=") else exact(value) - bound
    return Verdict(margin < 0 or (margin == 0 and operator in (">=", "<=")), bound, margin)


def judge_statistic(statistic: Statistic, operator: Operator, limit: float) -> Verdict:
    """As `judge`. Raises DataError where the limit lies within the error of the statistic."""
    if statistic.low < statistic.high and statistic.low <= limit <= statistic.high:
        raise DataError(
            "there are too many samples for an exact quantile: it is only known to lie between "
            f"{statistic.low!r} and {statistic.high!r}, and so does the limit",
            "choose a limit outside of these bounds",
        )
    return judge(statistic.value, operator, limit)


def judge_regression(value: float, base: float, allowed: MaxRegress, best: Best) -> Verdict:
    """The verdict of a gate that fails where value − base is more than is allowed.

    Of a loss that is best at 0, both count without their signs; of one that is best at its
    highest, base − value counts. A percentage of 0 is 0: equal passes, worse fails. Raises
    UsageError for a baseline that is no finite number, and for a percentage of one below 0.
    """
    if not isfinite(base):
        raise UsageError(f"the baseline of {allowed.loss.label} is {base}: nothing can be compared")
    if best == "nearest 0":
        value, base = abs(value), abs(base)
    room = allowed.amount
    if allowed.is_percent:
        if base < 0:
            raise UsageError(
                f"the baseline of {allowed.loss.label} is {base!r}: a percentage of it has no "
                "meaning",
                f"allow an amount: {allowed.loss.label}=0.5",
            )
        room *= exact(base)
    if best == "highest":
        return judge(value, "<", exact(base) - room)
    return judge(value, ">", exact(base) + room)


def exact(x: float) -> Fraction:
    """The number that a finite float is printed as."""
    return Fraction(repr(x))
