"""A request that is ready to run, and the pass that answers it with all that is worth a note."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from losscli.engine import run as engine
from losscli.engine.plan import Inputs, Plan, comparison
from losscli.engine.result import Counts, NotApplicable, Run
from losscli.losses.spec import BoundLoss
from losscli.request.inputs import open_inputs
from losscli.request.losses import resolve_losses
from losscli.request.precision import Walk, run_in_precisions
from losscli.request.request import Request

__all__ = ["Inputs", "Opened", "Plan", "Run", "Walk", "open_request", "run_pass"]

# Why a loss is left out of a comparison of labels that are words.
WORDS = "it is no loss of labels; y_true holds words"


def run_pass(plan: Plan, inputs: Inputs) -> Run:
    """A result for each loss, model and group, in one pass over the data. Raises LosscliError."""
    return engine.run(plan, inputs)


@dataclass(frozen=True)
class Opened:
    """What a request came to: its losses and inputs, and what was found on the way to them."""

    request: Request
    losses: list[BoundLoss]
    inputs: Inputs
    notes: tuple[str, ...]
    unfit: tuple[NotApplicable, ...] = ()

    def plan(self, **wanted: Any) -> Plan:
        """The plan of a pass under the request's conditions; `wanted` is what is kept of it."""
        return Plan(
            self.losses,
            **self._conditions(),
            batch_size=self.request.batch_size,
            batch_mean=self.request.batch_mean or "weighted",
            **wanted,
        )

    def comparison(self, **wanted: Any) -> Plan:
        """The plan of a comparison: losses that the data does not allow are left out."""
        return comparison(self.losses, self.inputs, **self._conditions(), **wanted)

    def _conditions(self) -> dict[str, Any]:
        request = self.request
        return {"nan": request.nan, "domain": request.domain}

    def run(self, plan: Plan, walk: Walk = run_pass) -> Run:
        """What comes out of a pass, with everything that is worth a note. Raises LosscliError."""
        found = run_in_precisions(plan, self.inputs, self.request.dtype, walk)
        notes = tuple(dict.fromkeys([*self.notes, *found.notes, *status_notes(found)]))
        results = tuple(replace(result, notes=notes) for result in found.results)
        left_out = (*found.not_applicable, *self.unfit)
        return replace(found, results=results, notes=notes, not_applicable=left_out)


def open_request(
    request: Request, check: Callable[[Sequence[BoundLoss]], object] | None = None
) -> Opened:
    """The losses and inputs that a request means; `check` looks at the losses before any data.

    Raises LosscliError.
    """
    losses, loss_notes = resolve_losses(request)
    if check is not None:
        check(losses)
    found = open_inputs(request, losses)
    unfit = [NotApplicable(loss.label, loss.spec.family, WORDS) for loss in found.unfit]
    left = [loss for loss in losses if loss not in found.unfit]
    return Opened(request, left, found.inputs, (*loss_notes, *found.notes), tuple(unfit))


def status_notes(run: Run) -> list[str]:
    """A note on rows that were skipped, and one for each value that is no finite number."""
    found = skipped_notes(run.n)
    for result in run.results:
        if result.status not in ("ok", "none"):
            whose = f" of {result.model}" if len(run.models) > 1 else ""
            found.append(f"{result.label}{whose}: the value is {result.status}")
    return found


def skipped_notes(n: Counts) -> list[str]:
    """A note on rows that were skipped, if any were."""
    if not n.skipped:
        return []
    rows = "1 row was" if n.skipped == 1 else f"{n.skipped} rows were"
    return [f"{rows} skipped for a value that is not finite"]
