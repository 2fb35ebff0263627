"""What a gate says: `LOSS[.STATISTIC] OPERATOR LIMIT`, or `LOSS=ALLOWANCE` for a regression.

Losses are bound by the caller's `resolve`: here is only the text around them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from math import isfinite
from typing import get_args

from losscli.engine.reduce.statistics import COMPUTED, PERCENTILE, list_statistics
from losscli.errors import UnknownNameError, UsageError, quoted, setting
from losscli.losses.spec import BoundLoss
from losscli.words import Kind, Operator

Resolve = Callable[[str], BoundLoss]
OPERATORS: tuple[Operator, ...] = get_args(Operator)
STATISTICS = list_statistics()
HAVE = f"statistics: {', '.join(STATISTICS)}, and any other percentile such as p99.9"
# From the right, against the closed list: a loss's own spelling may hold dots.
STATISTIC = re.compile(rf"\.({'|'.join(COMPUTED)}|{PERCENTILE.pattern})$")
NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
# A lone '=' belongs to a parameter of the loss.
COMPARISON = re.compile(r"[=!]*[<>≤≥][<>≤≥=!]*")
MEANT = {"=>": ">=", "=<": "<=", "≥": ">=", "≤": "<=", ">==": ">=", "<==": "<=", ">>": ">"}
HOW = "a gate fails where its expression is true: 'mse > 3000', 'mae.p95 >= 120'"
LONGEST = 100


@dataclass(frozen=True)
class FailIf:
    """A gate that fails where a loss, or a statistic of its samples' values, is beyond a limit."""

    text: str
    loss: BoundLoss
    statistic: str | None
    operator: Operator
    limit: float

    @property
    def subject(self) -> str:
        """What is compared, as the user spelt it."""
        return self.loss.label + (f".{self.statistic}" if self.statistic else "")


@dataclass(frozen=True)
class MaxRegress:
    """A gate that fails where a loss is worse than a baseline by more than is allowed.

    `amount` is in the loss's own unit, or a percentage of the baseline.
    """

    text: str
    loss: BoundLoss
    amount: Fraction
    is_percent: bool

    @property
    def subject(self) -> str:
        """What is compared, as the user spelt it."""
        return self.loss.label

    @property
    def allowed(self) -> str:
        """The allowance as it was written: 2%, 0.5."""
        return self.text.rpartition("=")[2]


Gate = FailIf | MaxRegress


def fail_if(text: str, resolve: Resolve) -> FailIf:
    """The gate of `LOSS[.STATISTIC] OPERATOR LIMIT`. Raises UsageError, with the place."""
    if not text.strip():
        raise UsageError("a gate is empty: is a variable not set?", HOW)
    found = list(COMPARISON.finditer(text))
    if not found:
        raise _describe_missing_comparison(text)
    if len(found) > 1:
        raise _error_at(
            text, found[1].start(), "a second comparison", "give each gate an expression of its own"
        )
    start, end = found[0].span()
    subject, limit = text[:start].strip(), text[end:].strip()
    if found[0][0] not in OPERATORS:
        meant = MEANT.get(found[0][0])
        hint = f"did you mean {meant}?" if meant else f"operators: {' '.join(OPERATORS)}"
        raise _error_at(text, start, f"{quoted(found[0][0])} is no operator", hint)
    if not subject:
        raise _error_at(text, start, "there is no loss before the operator", HOW)
    if NUMBER.fullmatch(subject) and not NUMBER.fullmatch(limit):
        raise _error_at(text, 0, "the loss stands first", "such as 'mse > 3000'")
    operator = OPERATORS[OPERATORS.index(found[0][0])]
    number = _parse_limit(text, limit, end)
    loss, statistic = _parse_subject(text, subject, resolve)
    gate = FailIf(text.strip(), loss, statistic, operator, number)
    check_kind(gate, loss.spec.kind)
    return gate


def check_kind(gate: FailIf, kind: Kind | None) -> None:
    """Raise UsageError for the samples' mean of a loss that is none, where it is known to be."""
    if gate.statistic == "mean" and (gate.loss.is_pooled or kind == "whole"):
        raise _error_at(
            gate.text,
            len(gate.loss.label),
            f"{gate.loss.label} pools all samples: it is not the mean of their values",
            f"write {gate.loss.label} {gate.operator} {gate.limit:g}",
        )


def max_regress(text: str, resolve: Resolve) -> MaxRegress:
    """The gate of `LOSS=ALLOWANCE`. Raises UsageError."""
    loss, equals, amount = text.rpartition("=")
    if not equals or not loss.strip() or not amount.strip():
        raise UsageError(
            f"{quoted(text, LONGEST)} is not LOSS=ALLOWANCE", "such as mse=2% or huber:delta=2=0.5"
        )
    try:
        return allowance(loss.strip(), amount.strip(), resolve)
    except UsageError:
        try:
            resolve(text)
        except UsageError:
            pass
        else:  # the last '=' is one of the loss's parameters
            raise UsageError(
                f"{quoted(text, LONGEST)} has no allowance", f"such as {text}=2%"
            ) from None
        raise


def allowance(name: str, amount: str | float, resolve: Resolve) -> MaxRegress:
    """The gate that a loss may be worse by an amount, or by a percentage. Raises UsageError."""
    text = f"{name}={amount}"
    if STATISTIC.search(name):
        loss = STATISTIC.sub("", name)
        raise UsageError(
            f"{quoted(text, LONGEST)}: a regression is one of a loss's value, not of a statistic",
            f"write {loss}={amount}",
        )
    figure = str(amount).strip()
    is_percent = figure.endswith("%")
    figure = figure.removesuffix("%").strip()
    if not NUMBER.fullmatch(figure) or not isfinite(float(figure)):
        raise UsageError(
            f"{quoted(text, LONGEST)}: an allowance is a number or a percentage, not "
            f"{quoted(str(amount))}",
            f"such as {name}=0.5 or {name}=2%",
        )
    # It is meant as it is written; but writing out 1e-999999999 would take forever.
    exact = Fraction(figure) / (100 if is_percent else 1) if float(figure) else Fraction(0)
    if exact < 0:
        raise UsageError(
            f"{quoted(text, LONGEST)}: an allowance is not negative",
            "to ask for an improvement, give a limit of its own: fail if LOSS > LIMIT",
        )
    return MaxRegress(text, _resolve_loss(text, name, resolve), exact, is_percent)


def _describe_missing_comparison(text: str) -> UsageError:
    wrong = re.search(r"[=!]=+|(?<=\s)=|=(?=\s)", text)
    if wrong:
        hint = f"operators: {' '.join(OPERATORS)}"
        return _error_at(text, wrong.start(), f"{quoted(wrong[0])} is no operator", hint)
    return UsageError(f"there is no comparison in {quoted(text, LONGEST)}", HOW)


def _parse_limit(text: str, limit: str, end: int) -> float:
    """The number behind the operator."""
    start = len(text) - len(text[end:].lstrip())
    if not limit:
        raise _error_at(text, end, "there is no limit behind the operator", HOW)
    if not NUMBER.fullmatch(limit):
        raise _error_at(
            text, start, f"the limit must be a number, not {quoted(limit)}", _limit_hint(limit)
        )
    if not isfinite(float(limit)):
        raise _error_at(text, start, f"the limit {quoted(limit)} is too large for float64")
    return float(limit)


def _limit_hint(limit: str) -> str | None:
    """What may have been meant by a limit that is no number."""
    plain = limit.replace(",", "").replace("_", "").replace("'", "").replace(" ", "")
    if limit.startswith("="):
        return "an operator is written without a blank: >="
    if limit.endswith("%"):
        both = f"{setting('against')} and {setting('max_regress')}"
        return f"a percentage is one of a baseline: {both}"
    if limit.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return "what is not finite fails every gate by itself"
    if re.fullmatch(r"[-+]?[0-9]{1,3}([,_' ][0-9]{3})+(\.[0-9]*)?", limit):
        return f"digits are not grouped: {plain}"
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+", limit):
        return f"decimals take a point: {limit.replace(',', '.')}"
    return None


def _parse_subject(text: str, subject: str, resolve: Resolve) -> tuple[BoundLoss, str | None]:
    """The loss and the statistic of what stands before the operator."""
    found = STATISTIC.search(subject)
    if found is None:
        return _resolve_loss(text, subject, resolve), None
    name, statistic = subject[: found.start()], found[1]
    if statistic not in COMPUTED and Fraction(statistic[1:]) > 100:
        hint = f"did you mean p99.{statistic[3:]}?" if statistic.startswith("p999") else None
        raise _error_at(
            text, text.index(subject) + found.start() + 1, "percentiles go from p0 to p100", hint
        )
    return _resolve_loss(text, name, resolve), statistic


def _resolve_loss(text: str, name: str, resolve: Resolve) -> BoundLoss:
    """The loss of that name; an error tells the whole expression."""
    try:
        return resolve(name)
    except UsageError as error:
        start = max(0, text.find(name))
        loss, dot, statistic = name.rpartition(".")
        if dot and re.fullmatch(r"[A-Za-z]\w*", statistic):
            try:
                resolve(loss)
            except UnknownNameError as unknown:
                error = unknown if statistic != "py" else error
            except UsageError:
                pass
            else:
                near = get_close_matches(statistic.lower(), STATISTICS, n=1)
                hint = f"did you mean {near[0]}? {HAVE}" if near else HAVE
                said = f"there is no statistic {quoted(statistic)}"
                raise _error_at(text, start + len(loss) + 1, said, hint) from None
        raise _error_at(text, start, error.message, error.hint) from None


def _error_at(text: str, position: int, message: str, hint: str | None = None) -> UsageError:
    """What is wrong in an expression, with the place in it, from 1."""
    return UsageError(f"{quoted(text, LONGEST)}, position {position + 1}: {message}", hint)
