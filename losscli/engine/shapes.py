"""Whether shapes fit a loss, and which of a framework's losses of one name they call for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from losscli.engine.blocks import count_rows, describe_shape
from losscli.errors import DataError, UsageError, quoted, setting
from losscli.losses.handling import rank_of
from losscli.losses.parameters import CLASSES, MULTIOUTPUT
from losscli.losses.spec import BoundLoss
from losscli.sources.columns import View
from losscli.words import Target

Shape = Sequence[int | None]


@dataclass(frozen=True)
class ShapeFault:
    """What shapes must be for a loss, what they are, and perhaps what to do."""

    must: str
    found: str
    hint: str | None = None


def select_alternative(loss: BoundLoss, t: Shape, p: Shape) -> BoundLoss:
    """The loss that a framework has under this loss's name for y_true and y_pred of such shapes."""
    targets = infer_targets(t, p)
    asked_for = [one for one in loss.alternatives if one.handling.target in targets]
    takes = [one for one in asked_for if _find_fault_of_true(one, t, p, lenient=False) is None]
    for one in (*takes, *asked_for):
        return replace(one, alternatives=())
    return replace(loss, alternatives=())


def infer_targets(t: Shape, p: Shape) -> tuple[Target, ...]:
    """What y_true may be beside y_pred: class indices, rows of several columns, or one column."""
    if p[-1] == 1:
        return ("column", "any")
    if t[1:] == p[1:]:
        return ("rows", "any", *(("rows of two",) if p[-1] == 2 else ()))
    return ("indices", "any", *(("indices of two",) if p[-1] == 2 else ()))


def find_shape_fault(
    loss: BoundLoss,
    t: Shape,
    p: Shape,
    inputs: Mapping[str, Shape] | None = None,
    lenient: bool = False,
) -> ShapeFault | None:
    """What is wrong with the shapes of a loss's arrays, None if nothing is. Pure.

    Rows are compared later, when they have been counted. `lenient` allows a single column where
    there should be one for each class: frameworks compute it.
    """
    fault = _find_fault_of_true(loss, t, p, lenient) or _find_fault_of_settings(loss, p)
    if fault is not None:
        return fault
    for name, domain in loss.spec.inputs.items():
        if inputs is None or name not in inputs:
            return ShapeFault(
                f"it takes a further array, {name}: {domain.description}",
                "it was not given",
                setting("input", f"{name}=FILE"),
            )
        shape = inputs[name]
        fits = shape[1:] == p[1:]
        if domain.per_row:
            fits = fits or shape[1:] in (p[1:-1], (*p[1:-1], 1))
        if not fits:
            return ShapeFault(
                f"{name} must have the shape of y_pred" + (", or one column" * domain.per_row),
                f"they are {describe_shape(shape)} and {describe_shape(p)}",
            )
    return None


def _find_fault_of_true(loss: BoundLoss, t: Shape, p: Shape, lenient: bool) -> ShapeFault | None:
    true_domain, pred_domain = loss.domains
    rank = rank_of(loss.handling.axes, loss.handling.axis)
    if rank not in (None, len(p)):
        return ShapeFault(f"y_pred must have {rank} axes for this axis", f"it has {len(p)}")
    both = f"they are {describe_shape(t)} and {describe_shape(p)}"
    is_sparse = t[1:] in (p[1:-1], (*p[1:-1], 1)) and (p[-1] != 1 or true_domain.per_row)
    if true_domain.has_rows:
        if p[-1] == 1 and true_domain.class_index:
            return ShapeFault("y_pred must have a column per class", "it has 1")
        if not is_sparse:
            what = "class indices, one" if true_domain.class_index else "one value"
            return ShapeFault(f"y_true must hold {what} for each row of y_pred", both)
        return None
    if t[1:] != p[1:]:
        hint = None
        if is_sparse and loss.spec.family == "classification":
            hint = "for class indices against a column per class: sparse_categorical_crossentropy"
        elif len(t) == len(p) == 2:
            hint = f"{setting('true_cols')} and {setting('pred_cols')} choose columns"
        return ShapeFault("y_true and y_pred must have one shape", both, hint)
    if p[-1] == 1 and (true_domain.per_class or pred_domain.per_class) and not lenient:
        return ShapeFault("y_true and y_pred must have a column per class", "they have 1")
    return None


def _find_fault_of_settings(loss: BoundLoss, p: Shape) -> ShapeFault | None:
    """A parameter of as many numbers as y_pred has columns, that has more or fewer."""
    classes, outputs = loss.handling.classes, loss.handling.outputs
    are_indices = loss.domains[0].class_index
    vectors = {
        parameter.name: value
        for parameter in loss.spec.parameters
        # Of elements one number may be for all columns; a class needs its own.
        if parameter.per_class
        and isinstance(value := loss.params[parameter.name], tuple)
        and (len(value) > 1 or loss.spec.kind != "element")
    }
    if isinstance(outputs, tuple):
        vectors[MULTIOUTPUT.name] = outputs
    if classes is not None and are_indices:
        vectors[CLASSES.name] = classes
    for name, value in vectors.items():
        if len(value) != p[-1]:
            return ShapeFault(
                f"{name} must have as many numbers as y_pred has columns",
                f"it has {len(value)}, y_pred has {p[-1]}",
            )
    if isinstance(outputs, tuple) and not sum(outputs):
        return ShapeFault(f"{MULTIOUTPUT.name} must not be 0 for all columns", "it is")
    if classes is not None:
        if len(set(classes)) < len(classes):
            return ShapeFault(f"{CLASSES.name} must be different labels", "one stands twice")
        if not are_indices and len(classes) != 2:
            return ShapeFault(f"{CLASSES.name} must be two labels", f"there are {len(classes)}")
    return None


def check_shapes(
    loss: BoundLoss,
    y_true: View,
    y_pred: View,
    inputs: Mapping[str, View] | None = None,
    lenient: bool = False,
) -> None:
    """Raise DataError, naming both shapes and both inputs, unless the loss can take them."""
    more = {name: view.shape for name, view in (inputs or {}).items()}
    fault = find_shape_fault(loss, y_true.shape, y_pred.shape, more, lenient)
    if fault is None:
        return
    if not fault.must.startswith("y_"):
        raise DataError(f"{loss.label}: {fault.must}; {fault.found}", fault.hint)
    shapes = [describe_shape(count_rows(view)) for view in (y_true, y_pred)]
    raise DataError(
        f"{loss.label}: {fault.must}; "
        f"{y_true.label} has shape {shapes[0]}, {y_pred.label} has shape {shapes[1]}",
        fault.hint,
    )


def check_used(losses: Sequence[BoundLoss], inputs: Mapping[str, View]) -> None:
    """Raise UsageError for a further array that no loss takes."""
    known = {name for loss in losses for name in loss.spec.inputs}
    for name in inputs:
        if name not in known:
            takes = f"it may be {', '.join(sorted(known))}" if known else "none takes any"
            raise UsageError(f"no loss here takes an input {quoted(name)}", takes)


def check_weight_shape(loss: BoundLoss, y_pred: View, weights: View | None) -> None:
    """Raise DataError unless weights are one a sample, or one for each place of leading axes."""
    if weights is None or weight_axes(weights.shape) == ():
        return
    inner = y_pred.shape[1:] if keeps_elements(loss) else y_pred.shape[1:-1]
    axes = weight_axes(weights.shape)
    pools = loss.spec.kind in ("pooled", "order", "whole") or loss.keeps_outputs
    if pools or axes != tuple(inner[: len(axes)]):
        raise DataError(
            f"{weights.label} must hold one weight a sample for {loss.label}, "
            f"its shape is {describe_shape(count_rows(weights))}"
        )


def weight_axes(shape: Shape) -> tuple[int | None, ...]:
    """The axes of weights behind the first, without those of length 1 at the end."""
    axes = list(shape[1:])
    while axes and axes[-1] == 1:
        axes.pop()
    return tuple(axes)


def keeps_elements(loss: BoundLoss) -> bool:
    """Whether the unreduced array is that of the elements."""
    by_column = isinstance(loss.handling.outputs, tuple)  # they are averaged over columns
    return loss.spec.kind == "element" and loss.handling.form == "elements" and not by_column
