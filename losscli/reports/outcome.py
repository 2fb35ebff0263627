"""An outcome as a table, as Markdown and as JSON: a verdict for each gate."""

from math import isfinite
from typing import Any

from losscli.engine.plain import plain_number
from losscli.gates.expression import FailIf
from losscli.gates.outcome import Checked, Judged, Outcome
from losscli.reports import json, markdown
from losscli.reports.grid import Grid
from losscli.reports.numbers import figure, nearest_float
from losscli.reports.verdicts import condition, explain, figures, select, sentence
from losscli.words import Status

SIGNS: dict[Status, str] = {"passed": "✓", "failed": "✗", "error": "!", "not run": "-"}
STYLES: dict[Status, str] = {"passed": "green", "failed": "bold red", "error": "bold yellow"}
HEADINGS = ("check", "fails if", "value", "limit", "margin", "verdict")


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
        value, limit = figures(judged)
    elif isinstance(judged.gate, FailIf):
        limit = f"{judged.gate.limit:.7g}"
    if judged.margin is not None:
        margin = figure(judged.margin)
    verdict = f"{SIGNS[judged.status]} {judged.status}"
    return check.name, condition(judged), value, limit, margin, verdict


def to_markdown(outcome: Outcome) -> str:
    """The sentence, the table, and what is wrong with each gate that did not pass."""
    wrong = "".join(
        f"- {markdown.escape(f'{check.name}: {condition(judged)}: {explain(judged)}')}\n"
        for check, judged in select(outcome, "failed", "error")
    )
    title = f"**{markdown.escape(sentence(outcome))}**\n"
    return "\n".join([title, markdown.table(grid(outcome)), *([wrong] if wrong else [])])


def to_json(outcome: Outcome) -> str:
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
        "limit": None if judged.limit is None else nearest_float(judged.limit),
        "margin": None if judged.margin is None else nearest_float(judged.margin),
        "verdict": judged.status,
        "message": explain(judged),
        "signature": judged.signature,
    }


def _status(value: float | None) -> str:
    """`ok`, `none` without a value, or the name of what is no finite number."""
    if value is None:
        return "none"
    return "ok" if isfinite(value) else str(value)
