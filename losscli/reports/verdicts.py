"""Verdicts in words: what came out, what a gate fails under, what became of it."""

from collections.abc import Iterator
from math import isfinite

from losscli.errors import printable
from losscli.gates.expression import FailIf
from losscli.gates.outcome import Checked, Judged, Outcome
from losscli.reports.numbers import distinguish, figure
from losscli.words import Status

# How many gates the sentence names.
NAMED = 3


def sentence(outcome: Outcome) -> str:
    """What came out, in a sentence: how many gates failed, and the first of them."""
    gates = outcome.count()
    words: tuple[tuple[Status, str], ...] = (
        ("failed", "failed"),
        ("error", "could not be judged"),
        ("not run", "not run"),
    )
    counted = [(count, what) for status, what in words if (count := outcome.count(status))]
    if not counted:
        return f"{gates} gate{'' if gates == 1 else 's'} passed"
    if gates == 1:
        said = f"the gate {counted[0][1]}"
    else:
        (first, what), *others = counted
        said = ", ".join([f"{first} of {gates} gates {what}", *(f"{n} {w}" for n, w in others)])
    several = len(outcome.checks) > 1
    wrong = [
        (f"{check.name}: " if several else "") + condition(judged)
        for check, judged in select(outcome, "failed", "error")
    ]
    more = [f"and {len(wrong) - NAMED} more"] if len(wrong) > NAMED else []
    named = "; ".join([*wrong[:NAMED], *more])
    return f"{said}: {named}" if named else said


def condition(judged: Judged) -> str:
    """What a gate fails under, as an expression."""
    gate = judged.gate
    if isinstance(gate, FailIf):
        return gate.text
    if judged.without_sign:
        return f"|{gate.subject}| > |baseline| + {gate.allowed}"
    return f"{gate.subject} > baseline + {gate.allowed}"


def explain(judged: Judged) -> str:
    """What became of a gate, in a sentence or two."""
    if judged.fault is not None:
        return ". ".join(filter(None, (judged.fault.message, judged.fault.hint)))
    if judged.status == "not run":
        return "not run: a check before it failed"
    assert judged.value is not None
    assert judged.limit is not None
    subject = f"|{judged.gate.subject}|" if judged.without_sign else judged.gate.subject
    if judged.margin is None:
        return f"{subject} is {judged.value}, and what is no finite number passes no gate"
    value, limit = figures(judged)
    what = f"the limit {limit}"
    if judged.base is not None and not isinstance(judged.gate, FailIf):
        base = abs(judged.base) if judged.without_sign else judged.base
        what += f" ({printable(judged.of or '')} has {base:.7g}, allowed is {judged.gate.allowed})"
    if judged.margin == 0:
        return f"{subject} is {value}, which is {what}"
    if judged.status == "passed":
        return f"{subject} is {value}, {figure(judged.margin)} within {what}"
    return f"{subject} is {value}, {figure(-judged.margin)} beyond {what}"


def figures(judged: Judged) -> tuple[str, str]:
    """The value and the limit, in digits that tell them apart."""
    assert judged.value is not None
    assert judged.limit is not None
    if not isfinite(judged.value):
        return str(judged.value), figure(judged.limit)
    value = abs(judged.value) if judged.without_sign else judged.value
    return distinguish(value, judged.limit)


def select(outcome: Outcome, *statuses: Status) -> Iterator[tuple[Checked, Judged]]:
    """The gates of these statuses, with their checks."""
    for check in outcome.checks:
        for judged in check.gates:
            if judged.status in statuses:
                yield check, judged
