"""From gates and data to verdicts, in one pass over the data."""

from collections.abc import Callable
from dataclasses import dataclass

from losscli.engine.plan import Inputs, Plan
from losscli.engine.result import Result, Run
from losscli.engine.run import run
from losscli.errors import LosscliError, UsageError
from losscli.gates.baseline import Baseline, differences, incomparable
from losscli.gates.expression import FailIf, Gate, MaxRegress, check_kind
from losscli.gates.gate import Verdict, judge, judge_regression, judge_statistic
from losscli.gates.outcome import Checked, Fault, Judged
from losscli.words import DomainPolicy, DType, NanPolicy, Status


@dataclass(frozen=True)
class Gates:
    """The gates of a check, and how their losses are computed.

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


def judge_all(check: Gates, inputs: Inputs, walk: Callable[[Plan, Inputs], Run] = run) -> Checked:
    """The verdicts on some data; `walk` is the pass. Raises LosscliError where none can be had."""
    computed = walk(make_plan(check), inputs)
    notes: list[str] = []
    judged = tuple(_judge_gate(gate, check, computed, notes) for gate in check.gates)
    both = tuple(dict.fromkeys([*notes, *computed.notes]))
    return Checked(check.name, judged, computed.n, check.of, both)


def fail_all(check: Gates, error: LosscliError) -> Checked:
    """What is said of all gates where their data or losses are at fault."""
    fault = Fault.of(error)
    judged = tuple(Judged(gate, "error", of=check.of, fault=fault) for gate in check.gates)
    return Checked(check.name, judged, against=check.of)


def skip_all(check: Gates) -> Checked:
    """What is said of gates that were left out after a failure."""
    return Checked(
        check.name, tuple(Judged(gate, "not run", of=check.of) for gate in check.gates), None
    )


def make_plan(check: Gates) -> Plan:
    """Each loss once, with the statistics that any gate names of it; nothing beyond that."""
    losses = {gate.loss.label: gate.loss for gate in check.gates}
    statistics: dict[str, dict[str, None]] = {label: {} for label in losses}
    for gate in check.gates:
        if isinstance(gate, FailIf) and gate.statistic is not None:
            statistics[gate.loss.label][gate.statistic] = None
    return Plan(
        list(losses.values()),
        dtype=check.dtype,
        nan=check.nan,
        domain=check.domain,
        summary=False,
        statistics={label: tuple(names) for label, names in statistics.items()},
        fingerprint=check.baseline is not None,
    )


def _judge_gate(gate: Gate, check: Gates, computed: Run, notes: list[str]) -> Judged:
    """The verdict on one gate; a fault that is its own is told with it."""
    ours, *theirs = (
        next(r for r in computed.results if (r.label, r.model) == (gate.loss.label, model))
        for model in computed.models
    )
    try:
        if isinstance(gate, FailIf):
            return _judge_limit(gate, ours)
        if check.baseline is not None:
            base = _read_baseline(check, check.baseline, computed, ours, notes)
        else:
            base = _require_value(theirs[0])
        return _judge_regression(gate, ours, base, check.of)
    except LosscliError as error:
        fault = Fault.of(error)
        return Judged(gate, "error", of=check.of, signature=ours.signature, fault=fault)


def _judge_limit(gate: FailIf, result: Result) -> Judged:
    check_kind(gate, result.kind)
    if gate.statistic is None:
        value = _require_value(result)
        verdict = judge(value, gate.operator, gate.limit)
    else:
        statistic = result.statistics[gate.statistic]
        value = statistic.value
        verdict = judge_statistic(statistic, gate.operator, gate.limit)
    return Judged(
        gate,
        _status(verdict),
        value,
        verdict.limit,
        verdict.margin,
        signature=result.signature,
    )


def _judge_regression(gate: MaxRegress, result: Result, base: float, of: str | None) -> Judged:
    value = _require_value(result)
    verdict = judge_regression(value, base, gate, result.best)
    return Judged(
        gate,
        _status(verdict),
        value,
        verdict.limit,
        verdict.margin,
        base,
        of,
        result.best == "nearest 0",
        result.signature,
    )


def _status(verdict: Verdict) -> Status:
    return "failed" if verdict.failed else "passed"


def _read_baseline(
    check: Gates, baseline: Baseline, computed: Run, result: Result, notes: list[str]
) -> float:
    """The value of a baseline, if it may be compared with."""
    entry = baseline.entry(result)
    different = differences(baseline, entry, result, computed.fingerprint)
    if different and not check.allow_different:
        raise incomparable(baseline, result, different)
    if different:
        notes.append(
            f"{result.label} is compared with {baseline.label} though they differ: "
            f"{'; '.join(different)}"
        )
    return entry.value


def _require_value(result: Result) -> float:
    if result.value is None:
        raise UsageError(f"{result.label} has no single value that a gate could judge")
    return result.value
