"""A check: gates on the losses of a request, and what became of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from losscli.engine.plan import Inputs, Plan
from losscli.engine.result import Run
from losscli.errors import LosscliError, MissingError, UsageError, setting
from losscli.gates import baseline
from losscli.gates.expression import Gate, Resolve, allowance, fail_if, max_regress
from losscli.gates.outcome import Checked
from losscli.gates.verdicts import Gates, fail_all, judge_all
from losscli.request.inputs import open_inputs
from losscli.request.losses import Resolver
from losscli.request.models import is_text
from losscli.request.opened import run_pass, skipped_notes
from losscli.request.precision import Walk, run_in_precisions
from losscli.request.request import Data, Request
from losscli.words import DType


@dataclass(frozen=True)
class Check:
    """A check that is ready to run: its gates, the data and the conditions they are judged under.

    `against` are other predictions or a baseline's file, which regressions are about.
    """

    name: str
    request: Request
    gates: tuple[Gate, ...]
    against: Data = None
    allow_different: bool = False

    @property
    def to_judge(self) -> Gates:
        """The gates with the conditions under which they are judged."""
        against = str(self.against) if is_text(self.against) else "the other predictions"
        return Gates(
            self.name,
            self.gates,
            nan=self.request.nan,
            domain=self.request.domain,
            of=None if self.against is None else against,
            allow_different=self.allow_different,
        )


def make_check(
    name: str,
    request: Request,
    limits: Iterable[str] = (),
    regressions: Iterable[str] | Mapping[str, str | float] = (),
    *,
    against: Data = None,
    allow_different: bool = False,
    resolve: Resolve | None = None,
) -> Check:
    """A check of these gates: `limits` are expressions, `regressions` LOSS=ALLOWANCE or by loss.

    `resolve` finds losses otherwise than the request does. Raises UsageError, also for a check of
    which nothing could fail.
    """
    find = resolve or Resolver(
        request.loss_files, request.dialect, request.reduction, is_strict=True
    )
    limit, regress = setting("fail_if"), setting("max_regress")
    if isinstance(regressions, Mapping):
        parsers = [partial(allowance, loss, by, find) for loss, by in regressions.items()]
    else:
        parsers = [partial(max_regress, text, find) for text in regressions]
    gates = [
        *_parse_gates(limit, (partial(fail_if, text, find) for text in limits)),
        *_parse_gates(regress, parsers),
    ]
    if not gates:
        raise UsageError("there is no gate: nothing could fail", f"give {limit} or {regress}")
    if regressions and against is None:
        raise UsageError(
            f"{regress} needs {setting('against')}: other predictions, or a file of "
            "'losscli baseline save'"
        )
    if against is not None and not regressions:
        raise UsageError(
            f"{setting('against')} alone judges nothing",
            f"say with {regress} how much worse is allowed",
        )
    return Check(name, request, tuple(gates), against, allow_different)


def run_check(check: Check, walk: Walk = run_pass) -> Checked:
    """The verdicts of a check; what is at fault with its data is one of them."""
    gates, request = check.to_judge, check.request
    try:
        if is_text(check.against) and baseline.is_baseline(str(check.against)):
            gates = replace(gates, baseline=baseline.load(str(check.against)))
        else:
            request = replace(request, against=check.against)
        losses = [gate.loss for gate in check.gates]
        opened = open_inputs(request, losses)
        found = judge_all(gates, opened.inputs, partial(_run, request.dtype, walk))
    except MissingError:  # there is no check to speak of
        raise
    except LosscliError as error:
        return fail_all(gates, error)
    skipped = [] if found.n is None else skipped_notes(found.n)
    return replace(found, notes=tuple(dict.fromkeys([*opened.notes, *found.notes, *skipped])))


def _run(dtype: DType | None, walk: Walk, plan: Plan, inputs: Inputs) -> Run:
    """A pass for each precision that the losses are computed in."""
    return run_in_precisions(plan, inputs, dtype, walk)


def _parse_gates(where: str, parsers: Iterable[Callable[[], Gate]]) -> list[Gate]:
    """What each parser makes; an error says where the text stands."""
    with placed(where):
        return [parse() for parse in parsers]


@contextmanager
def placed(where: str) -> Iterator[None]:
    """What is wrong is told with the place where it stands."""
    try:
        yield
    except UsageError as error:
        raise UsageError(f"{where}: {error.message}", error.hint) from None
