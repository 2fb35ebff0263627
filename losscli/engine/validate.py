"""Is the data what the losses need? losses.domain has the pure checks, this adds the places."""

from collections.abc import Sequence

import numpy as np

from losscli.engine.blocks import count_rows, describe_shape
from losscli.engine.plan import NanPolicy
from losscli.errors import DataError
from losscli.losses.domain import Domain, Expectation, Finding
from losscli.losses.numerics import Array
from losscli.losses.spec import Loss
from losscli.sources.columns import View


def check_shapes(loss: Loss, y_true: View, y_pred: View) -> None:
    """Raise DataError, naming both shapes and both inputs, unless the loss can take them."""
    fault = shape_fault(loss, y_true.shape, y_pred.shape)
    if fault is None:
        return
    what, hint = fault
    shapes = [describe_shape(count_rows(view)) for view in (y_true, y_pred)]
    labels = [view.label for view in (y_true, y_pred)]
    raise DataError(
        f"{loss.label} {what}; "
        f"{labels[0]} has shape {shapes[0]}, {labels[1]} has shape {shapes[1]}",
        hint,
    )


def shape_fault(
    loss: Loss, t: Sequence[int | None], p: Sequence[int | None]
) -> tuple[str, str | None] | None:
    """What is wrong with two shapes for a loss, and a hint; None if nothing is. Pure.

    Rows are compared later, when they have been counted.
    """
    true_domain, pred_domain = loss.domains
    if true_domain.class_index:
        if p[-1] == 1:
            return "needs y_pred to have a column per class", None
        if t[1:] not in (p[1:-1], (*p[1:-1], 1)):
            return "needs class indices in y_true, one for each row of y_pred", None
        return None
    if t[1:] != p[1:]:
        sparse = t[1:] in (p[1:-1], (*p[1:-1], 1))
        hint = "for class indices against a column per class: sparse_categorical_crossentropy"
        return "needs y_true and y_pred of one shape", hint if sparse else None
    if p[-1] == 1 and (true_domain.per_class or pred_domain.per_class):
        return "needs a column per class", None
    return None


class Validator:
    """Checks every block against what a set of losses requires, and collects what deserves a note.

    A domain that several losses share is looked at once a block.
    """

    def __init__(
        self, losses: Sequence[Loss], y_true: View, y_pred: View, nan: NanPolicy = "error"
    ) -> None:
        self._nan = nan
        self._sides = (("y_true", y_true), ("y_pred", y_pred))
        self._domains = [
            {loss.domains[side]: loss.label for loss in reversed(losses)} for side in (0, 1)
        ]
        self._losses = losses
        self._classes = (y_pred.shape[-1] or 0, y_true.shape[-1] or 0)
        self._findings: dict[tuple[int, Expectation], Finding] = {}

    def check(self, rows: Array, raw: Sequence[Array], cast: Sequence[Array]) -> None:
        """Look at a block of the rows of these numbers. Raises DataError at the first faulty one.

        `raw` holds the values as read, `cast` the same in the working precision.
        """
        faults = [
            fault for side in (0, 1) if (fault := self._first_fault(side, raw[side], cast[side]))
        ]
        if faults:
            index, side, text, hint = min(faults, key=lambda fault: (fault[0][0], fault[1]))
            where = self._sides[side][1].locate(int(rows[index[0]]), index[1:])
            raise DataError(f"{where}: {text}", hint)
        for side in (0, 1):
            for expectation in {e: None for domain in self._domains[side] for e in domain.expected}:
                self._collect(side, expectation, expectation.find(cast[side], rows))

    def _first_fault(
        self, side: int, raw: Array, x: Array
    ) -> tuple[tuple[int, ...], int, str, str | None] | None:
        """(index, side, what is wrong, what to do) of the first fault of a side, or None."""
        faults: list[tuple[tuple[int, ...], int, str, str | None]] = []
        finite = np.isfinite(x)
        if self._nan == "propagate":
            finite |= ~np.isfinite(raw)
        if not finite.all():
            index = first_index(~finite)
            is_large = np.isfinite(raw[index])
            what = "is too large for float32" if is_large else "is not a finite number"
            faults.append((index, side, f"{raw[index]} {what}", None))
        for domain, label in self._domains[side].items():
            faulty = domain.faulty(x, self._classes[side])
            if faulty is not None:
                index = first_index(faulty)
                needs = domain.requirement(self._classes[side])
                found = raw[index].item()
                text = f"{label} needs {self._sides[side][0]} to be {needs}, found {found!r}"
                faults.append((index, side, text, self._hint(label, domain)))
        return min(faults, key=lambda fault: fault[0], default=None)

    def _hint(self, label: str, domain: Domain) -> str | None:
        """A way out: logits are the usual reason for a probability that is none."""
        for loss in self._losses:
            if loss.label == label and loss.domains[1] is domain and "from_logits" in loss.params:
                joint = "," if ":" in label else ":"
                return f"if y_pred holds logits: {label}{joint}from_logits=true"
        return None

    def _collect(self, side: int, expectation: Expectation, found: Finding | None) -> None:
        if found is not None:
            key = (side, expectation)
            self._findings[key] = (
                self._findings[key].merge(found) if key in self._findings else found
            )

    def notes(self) -> list[str]:
        """What was not as expected, a sentence each, losses with the same to say together."""
        said: dict[str, list[str]] = {}
        for (side, expectation), found in self._findings.items():
            for loss in self._losses:
                if expectation in loss.domains[side].expected:
                    remark = loss.spec.remarks.get(f"{self._sides[side][0]}.{expectation.name}")
                    said.setdefault(self._sentence(side, expectation, found, remark), []).append(
                        loss.label
                    )
        return [f"{', '.join(labels)}: {sentence}" for sentence, labels in said.items()]

    def _sentence(
        self, side: int, expectation: Expectation, found: Finding, remark: str | None
    ) -> str:
        largest = f"by up to {found.worst:.3g}, " if expectation.measured else ""
        return (
            f"{expectation.unit}s of {self._sides[side][0]} that {expectation.fault}: "
            f"{found.count} ({largest}first in row {found.row + 1})"
            + (f"; {remark}" if remark else "")
        )


def check_weight_shape(loss: Loss, y_pred: View, weights: View | None) -> None:
    """Raise DataError unless weights are one a sample, or one for each place of leading axes."""
    if weights is None or weights.shape[1:] == (1,):
        return
    inner = y_pred.shape[1:-1]
    if loss.spec.kind == "pooled" or not inner or weights.shape[1:] != inner:
        raise DataError(
            f"{weights.label} must hold one weight a sample for {loss.label}, "
            f"its shape is {describe_shape(count_rows(weights))}"
        )


def check_weights(rows: Array, weights: Array, view: View) -> None:
    """Raise DataError at the first weight that is negative or not finite."""
    faulty = ~(np.isfinite(weights) & (weights >= 0))
    if faulty.any():
        index = first_index(faulty)
        where = view.locate(int(rows[index[0]]), index[1:])
        raise DataError(f"{where}: a weight must be a finite number from 0, found {weights[index]}")


def first_index(mask: Array) -> tuple[int, ...]:
    """The index of the first True, in row order."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))
