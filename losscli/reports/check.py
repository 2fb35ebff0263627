"""What `check` writes: a verdict for each gate, as a table, Markdown or JSON."""

from collections.abc import Iterator
from math import isfinite
from typing import Any, TextIO

from losscli.engine.plain import plain_number
from losscli.errors import printable
from losscli.gates.expression import FailIf
from losscli.gates.outcome import Checked, Judged, Outcome
from losscli.reports import json, markdown
from losscli.reports.grid import Grid
from losscli.reports.numbers import apart, figure, nearest
from losscli.words import Status

SIGNS: dict[Status, str] = {"passed": "✓", "failed": "✗", "error": "!", "not run": "-"}
STYLES: dict[Status, str] = {"passed": "green", "failed": "bold red", "error": "bold yellow"}
HEADINGS = ("check", "fails if", "value", "limit", "margin", "verdict")
# How many gates the sentence names.
NAMED = 3


def write(outcome: Outcome, format_: str, stream: TextIO) -> None:
    """Write the verdicts in this format."""
    match format_:
        case "json":
            stream.write(as_json(outcome))
        case "markdown":
            stream.write(as_markdown(outcome))
        case _:
            from losscli.reports.terminal import Terminal

            Terminal(stream).grid(grid(outcome))


def sentence(outcome: Outcome) -> str:
    """What came out, in a sentence: how many gates failed, and the first of them."""
    gates = outcome.count()
    told_of: tuple[tuple[Status, str], ...] = (
        ("failed", "failed"),
        ("error", "could not be judged"),
        ("not run", "not run"),
    )
    counted = [(count, what) for status, what in told_of if (count := outcome.count(status))]
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
        for check, judged in _of(outcome, "failed", "error")
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


def told(judged: Judged) -> str:
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
    value, limit = _numbers(judged)
    what = f"the limit {limit}"
    if judged.base is not None and not isinstance(judged.gate, FailIf):
        base = abs(judged.base) if judged.without_sign else judged.base
        what += f" ({printable(judged.of or '')} has {base:.7g}, allowed is {judged.gate.allowed})"
    if judged.margin == 0:
        return f"{subject} is {value}, which is {what}"
    if judged.status == "passed":
        return f"{subject} is {value}, {figure(judged.margin)} within {what}"
    return f"{subject} is {value}, {figure(-judged.margin)} beyond {what}"


def grid(outcome: Outcome) -> Grid:
    """A row a gate, a rule between checks."""
    rows: list[tuple[str, ...]] = []
    styles: dict[tuple[int, int], str] = {}
    rules = set()
    for check in outcome.checks:
        rules.add(len(rows))
        for judged in check.gates:
            styles[len(rows), 5] = STYLES.get(judged.status, "")
            rows.append(_row(check, judged))
    return Grid(HEADINGS, rows, frozenset({2, 3, 4}), None, styles, frozenset(rules))


def _row(check: Checked, judged: Judged) -> tuple[str, ...]:
    value, limit, margin = "-", "-", "-"
    if judged.value is not None and judged.limit is not None:
        value, limit = _numbers(judged)
    elif isinstance(judged.gate, FailIf):
        limit = f"{judged.gate.limit:.7g}"
    if judged.margin is not None:
        margin = figure(judged.margin)
    verdict = f"{SIGNS[judged.status]} {judged.status}"
    return check.name, condition(judged), value, limit, margin, verdict


def _numbers(judged: Judged) -> tuple[str, str]:
    """The value and the limit, in digits that tell them apart."""
    assert judged.value is not None
    assert judged.limit is not None
    if not isfinite(judged.value):
        return str(judged.value), figure(judged.limit)
    value = abs(judged.value) if judged.without_sign else judged.value
    return apart(value, judged.limit)


def as_markdown(outcome: Outcome) -> str:
    """The sentence, the table, and what is wrong with each gate that did not pass."""
    wrong = "".join(
        f"- {markdown.escaped(f'{check.name}: {condition(judged)}: {told(judged)}')}\n"
        for check, judged in _of(outcome, "failed", "error")
    )
    title = f"**{markdown.escaped(sentence(outcome))}**\n"
    return "\n".join([title, markdown.table(grid(outcome)), *([wrong] if wrong else [])])


def as_json(outcome: Outcome) -> str:
    """The document: numbers in full, a verdict for each gate, check and the whole."""
    content = {
        "verdict": outcome.status,
        "gates": {
            "all": outcome.count(),
            "passed": outcome.count("passed"),
            "failed": outcome.count("failed"),
            "error": outcome.count("error"),
            "not_run": outcome.count("not run"),
        },
        "checks": [_check(check) for check in outcome.checks],
    }
    return json.dump("check", content)


def _check(check: Checked) -> dict[str, Any]:
    return {
        "name": check.name,
        "verdict": check.status,
        "n": None if check.n is None else check.n.to_dict(),
        "against": check.against,
        "gates": [_gate(judged) for judged in check.gates],
        "notes": list(check.notes),
    }


def _gate(judged: Judged) -> dict[str, Any]:
    gate = judged.gate
    is_limit = isinstance(gate, FailIf)
    return {
        "expression": gate.text,
        "kind": "fail_if" if is_limit else "max_regress",
        "loss": gate.loss.label,
        "statistic": gate.statistic if isinstance(gate, FailIf) else None,
        "operator": gate.operator if isinstance(gate, FailIf) else ">",
        "value": plain_number(judged.value, "float64"),
        "status": _status(judged.value),
        "baseline": judged.base,
        "limit": None if judged.limit is None else nearest(judged.limit),
        "margin": None if judged.margin is None else nearest(judged.margin),
        "verdict": judged.status,
        "message": told(judged),
        "signature": judged.signature,
    }


def _status(value: float | None) -> str:
    """`ok`, `none` without a value, or the name of what is no finite number."""
    if value is None:
        return "none"
    return "ok" if isfinite(value) else str(value)


def _of(outcome: Outcome, *statuses: Status) -> Iterator[tuple[Checked, Judged]]:
    """The gates of these statuses, with their checks."""
    for check in outcome.checks:
        for judged in check.gates:
            if judged.status in statuses:
                yield check, judged
