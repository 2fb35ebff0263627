"""How a loss is reduced: what its dialect and the user asked for, as far as the loss allows it."""

from losscli.engine.plan import Plan
from losscli.engine.reduce.weights import MEANS
from losscli.errors import UsageError, setting
from losscli.losses.spec import BoundLoss
from losscli.words import Reduction


def resolve_reduction(loss: BoundLoss, plan: Plan, weighted: bool) -> Reduction:
    """How this loss is reduced. Without weights all means are the same, and called so.

    Raises UsageError for what a loss does not allow: a pooled one has no sum.
    """
    reduction = loss.handling.reduction
    if plan.batch_size is not None and reduction == "none":
        raise UsageError(f"batches are averaged, which {setting('reduction', 'none')} forbids")
    if loss.keeps_outputs and plan.batch_size is not None:
        raise UsageError(f"batches are averaged: {loss.label} would keep a value a column")
    if loss.keeps_outputs and (plan.exclude or reduction not in MEANS):
        what = "in a comparison" if plan.exclude else f"of the reduction {reduction}"
        raise UsageError(f"{loss.label} keeps a mean a column: there is no value {what}")
    if loss.is_pooled:
        if reduction in ("sum", "batchmean") and not loss.handling.weights_after:
            raise UsageError(
                f"{loss.label} pools all samples and has no sum", "ask for it with a mean"
            )
        if loss.spec.kind == "whole" and weighted:
            raise UsageError(f"{loss.label} is one number for all rows: it takes no weights")
        if reduction == "none" or not (weighted and loss.handling.weights_after):
            return "none" if reduction == "none" else "mean"
        return reduction
    if not weighted and reduction in MEANS:
        return "mean"
    return reduction
