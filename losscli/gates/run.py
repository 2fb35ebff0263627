"""From gates and data to verdicts, in one pass over the data."""

from collections.abc import Callable
from dataclasses import dataclass

from losscli.engine.plan import Inputs, Plan
from losscli.engine.result import Result, Run
from losscli.engine.run import run
from losscli.errors import LosscliError, UsageError
from losscli.gates.baseline import Baseline, differences, incomparable
from losscli.gates.expression import FailIf, Gate, MaxRegress, check_kind
from losscli.gates.gate import judge, judge_regression, judge_statistic
from losscli.gates.outcome import Checked, Fault, Judged
from losscli.words import DomainPolicy, DType, NanPolicy


@dataclass(frozen=True)
class Asked:
    """What is asked of the data: gates, and how they are computed.

    Regressions are judged against a `baseline`, or against the second model of the inputs; `of` is
    what that is called.
    """

    name: str
    gates: tuple[Gate, ...]
    dtype: DType = "float64"
    nan: NanPolicy = "error"
    domain: DomainPolicy = "strict"
    baseline: Baseline | None = None
    of: str | None = None
    allow_different: bool = False


def judged(asked: Asked, inputs: Inputs, walk: Callable[[Plan, Inputs], Run] = run) -> Checked:
    """The verdicts on some data; `walk` is the pass. Raises LosscliError where none can be had."""
    found = walk(_plan(asked), inputs)
    notes: list[str] = []
    gates = tuple(_judged(gate, asked, found, notes) for gate in asked.gates)
    return Checked(
        asked.name, gates, found.n, asked.of, tuple(dict.fromkeys([*notes, *found.notes]))
    )


def unjudged(asked: Asked, error: LosscliError) -> Checked:
    """What is said of all gates where their data or losses are at fault."""
    fault = Fault.of(error)
    gates = tuple(Judged(gate, "error", of=asked.of, fault=fault) for gate in asked.gates)
    return Checked(asked.name, gates, against=asked.of)


def not_run(asked: Asked) -> Checked:
    """What is said of gates that were left out after a failure."""
    return Checked(
        asked.name, tuple(Judged(gate, "not run", of=asked.of) for gate in asked.gates), None
    )


def _plan(asked: Asked) -> Plan:
    """Each loss once, with the statistics that any gate names of it; nothing beyond that."""
    losses = {gate.loss.label: gate.loss for gate in asked.gates}
    statistics: dict[str, dict[str, None]] = {label: {} for label in losses}
    for gate in asked.gates:
        if isinstance(gate, FailIf) and gate.statistic is not None:
            statistics[gate.loss.label][gate.statistic] = None
    return Plan(
        list(losses.values()),
        dtype=asked.dtype,
        nan=asked.nan,
        domain=asked.domain,
        summary=False,
        statistics={label: tuple(names) for label, names in statistics.items()},
        fingerprint=asked.baseline is not None,
    )


def _judged(gate: Gate, asked: Asked, found: Run, notes: list[str]) -> Judged:
    """The verdict on one gate; a fault that is its own is told with it."""
    models = found.models
    ours, *theirs = (
        next(r for r in found.results if (r.label, r.model) == (gate.loss.label, model))
        for model in models
    )
    try:
        if isinstance(gate, FailIf):
            return _limited(gate, ours)
        if asked.baseline is not None:
            base = _baseline_value(asked, asked.baseline, found, ours, notes)
        else:
            base = _value(theirs[0])
        return _regressed(gate, ours, base, asked.of)
    except LosscliError as error:
        fault = Fault.of(error)
        return Judged(gate, "error", of=asked.of, signature=ours.signature, fault=fault)


def _limited(gate: FailIf, result: Result) -> Judged:
    check_kind(gate, result.kind)
    if gate.statistic is None:
        value = _value(result)
        verdict = judge(value, gate.operator, gate.limit)
    else:
        statistic = result.statistics[gate.statistic]
        value = statistic.value
        verdict = judge_statistic(statistic, gate.operator, gate.limit)
    return Judged(
        gate,
        "failed" if verdict.failed else "passed",
        value,
        verdict.limit,
        verdict.margin,
        signature=result.signature,
    )


def _regressed(gate: MaxRegress, result: Result, base: float, of: str | None) -> Judged:
    value = _value(result)
    verdict = judge_regression(value, base, gate, result.best)
    return Judged(
        gate,
        "failed" if verdict.failed else "passed",
        value,
        verdict.limit,
        verdict.margin,
        base,
        of,
        result.best == "nearest 0",
        result.signature,
    )


def _baseline_value(
    asked: Asked, baseline: Baseline, found: Run, result: Result, notes: list[str]
) -> float:
    """The value of a baseline, if it may be compared with."""
    entry = baseline.entry(result)
    different = differences(baseline, entry, result, found.fingerprint)
    if different and not asked.allow_different:
        raise incomparable(baseline, result, different)
    if different:
        notes.append(
            f"{result.label} is compared with {baseline.label} though they differ: "
            f"{'; '.join(different)}"
        )
    return entry.value


def _value(result: Result) -> float:
    if result.value is None:
        raise UsageError(f"{result.label} has no single value that a gate could judge")
    return result.value
