"""The precision in which each loss is computed: what was asked for, or its framework's.

Keras, tf.keras and (unless it is told otherwise) jax compute in float32 whatever they get; torch
and scikit-learn in the type of the data, of which text has none: it is read as float64.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from losscli.engine.plan import Inputs, Plan
from losscli.engine.result import Run
from losscli.errors import UsageError, setting
from losscli.frameworks.lookup import dialect_of
from losscli.losses.spec import BoundLoss
from losscli.words import DType

Walk = Callable[[Plan, Inputs], Run]
MACHINE = "machine"


def run_in_precisions(plan: Plan, inputs: Inputs, asked: DType | None, walk: Walk) -> Run:
    """What comes out of a pass for each precision that the plan's losses are computed in.

    Mostly it is one. Raises LosscliError.
    """
    data, epsilon = data_type(inputs), machine_epsilon(inputs)
    losses: dict[DType, list[BoundLoss]] = {}
    for loss in plan.losses:
        dtype = resolve_precision(loss, asked, data)
        losses.setdefault(dtype, []).append(with_machine_epsilon(loss, dtype, epsilon))
    if len(losses) == 1:
        [(dtype, same)] = losses.items()
        return walk(replace(plan, losses=same, dtype=dtype), inputs)
    if plan.on_block is not None:
        raise UsageError(
            "the losses are of several precisions, which no row can hold",
            f"give {setting('dtype')}, or name them apart",
        )
    runs = [walk(replace(plan, losses=some, dtype=dtype), inputs) for dtype, some in losses.items()]
    return _merge(runs, [loss.label for loss in plan.losses])


def resolve_precision(loss: BoundLoss, asked: DType | None, data: DType) -> DType:
    """The precision of a loss: the one asked for, or its framework's."""
    if asked is not None:
        return asked
    precision = dialect_of(loss.origin.dialect).precision
    return data if precision == "y_pred" else precision


def data_type(inputs: Inputs) -> DType:
    """The precision of the predictions: float32 of float16 and bfloat16 too, float64 of text."""
    kinds = [getattr(view.source, "dtype", None) for view in inputs.models.values()]
    narrow = [kind is not None and kind.kind in "fV" and kind.itemsize <= 4 for kind in kinds]
    return "float32" if narrow and all(narrow) else "float64"


def machine_epsilon(inputs: Inputs) -> float:
    """The distance from 1 to the next number of the predictions' type; of text that of float64."""
    kind = getattr(next(iter(inputs.models.values())).source, "dtype", None)
    is_float = isinstance(kind, np.dtype) and kind.kind == "f"
    return float(np.finfo(kind if is_float else np.float64).eps)


def with_machine_epsilon(loss: BoundLoss, dtype: DType, epsilon: float) -> BoundLoss:
    """The loss with the machine epsilon of the data's type, as scikit-learn has it.

    What it is computed in does not matter to that: only where the two differ is it written out.
    """
    epsilon = max(epsilon, float(np.finfo(dtype).eps))  # what it is computed in must hold it
    if epsilon == float(np.finfo(dtype).eps):
        return loss
    names = [name for name, value in loss.params.items() if value == MACHINE]
    others = tuple(with_machine_epsilon(one, dtype, epsilon) for one in loss.alternatives)
    params = {**loss.params, **dict.fromkeys(names, epsilon)}
    return replace(loss, params=params, alternatives=others) if names or others else loss


def _merge(runs: list[Run], labels: list[str]) -> Run:
    """Runs of some losses each as one of all, in the order of the losses."""
    first = runs[0]
    groups = list(dict.fromkeys(r.group for r in first.results))
    results = sorted(
        (result for run in runs for result in run.results),
        key=lambda r: (groups.index(r.group), labels.index(r.label)),
    )
    left_out = [one for run in runs for one in run.not_applicable]
    return replace(
        first,
        results=tuple(results),
        notes=tuple(dict.fromkeys(note for run in runs for note in run.notes)),
        not_applicable=tuple(sorted(left_out, key=lambda one: labels.index(one.loss))),
    )
