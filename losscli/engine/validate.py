"""Is the data what the losses need? losses.domain has the pure checks, this adds the places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    shapes = [describe_shape(count_rows(view)) for view in (y_true, y_pred)]
    raise DataError(
        f"{loss.label}: {fault.must}; "
        f"{y_true.label} has shape {shapes[0]}, {y_pred.label} has shape {shapes[1]}",
        fault.hint,
    )


@dataclass(frozen=True)
class ShapeFault:
    """What shapes must be for a loss, what they are, and perhaps what to do."""

    must: str
    found: str
    hint: str | None = None


def shape_fault(loss: Loss, t: Sequence[int | None], p: Sequence[int | None]) -> ShapeFault | None:
    """What is wrong with two shapes for a loss, None if nothing is. Pure.

    Rows are compared later, when they have been counted.
    """
    true_domain, pred_domain = loss.domains
    both = f"they are {describe_shape(t)} and {describe_shape(p)}"
    is_sparse = t[1:] in (p[1:-1], (*p[1:-1], 1)) and p[-1] != 1
    if true_domain.class_index:
        if p[-1] == 1:
            return ShapeFault("y_pred must have a column per class", "it has 1")
        if not is_sparse:
            return ShapeFault("y_true must hold class indices, one for each row of y_pred", both)
        return None
    if t[1:] != p[1:]:
        hint = None
        if is_sparse and loss.spec.family == "classification":
            hint = "for class indices against a column per class: sparse_categorical_crossentropy"
        elif len(t) == len(p) == 2:
            hint = "--true-cols and --pred-cols choose columns"
        return ShapeFault("y_true and y_pred must have one shape", both, hint)
    if p[-1] == 1 and (true_domain.per_class or pred_domain.per_class):
        return ShapeFault("y_true and y_pred must have a column per class", "they have 1")
    return None


@dataclass(frozen=True)
class Fault:
    """Something wrong with a value: its index in the block, its side, and what to say.

    `domain` is the one that does not allow it; None if no loss could take it.
    """

    index: tuple[int, ...]
    side: int
    message: str
    domain: Domain | None = None
    hint: str | None = None


class Validator:
    """Checks every block against what a set of losses requires, and collects what deserves a note.

    Side 0 is y_true, the others are the models' y_pred. A domain that several losses share is
    looked at once a block. With `exclude`, a loss whose domain is violated is put on a list (by
    its index) rather than being an error.
    """

    def __init__(
        self,
        losses: Sequence[Loss],
        y_true: View,
        models: Mapping[str, View],
        nan: NanPolicy = "error",
        exclude: bool = False,
    ) -> None:
        self._nan = nan
        self._exclude = exclude
        self._losses = losses
        self._views = (y_true, *models.values())
        self.excluded: dict[int, str] = {}
        self._findings: dict[tuple[int, Expectation], Finding] = {}

    def active(self) -> list[tuple[int, Loss]]:
        """The losses that no block has excluded so far, with their indices."""
        return [(i, loss) for i, loss in enumerate(self._losses) if i not in self.excluded]

    def check(self, rows: Array, raw: Sequence[Array], cast: Sequence[Array]) -> None:
        """Look at a block of the rows of these numbers, an array for each side.

        `raw` holds the values as read, `cast` the same in the working precision. Raises DataError
        at the first faulty row.
        """
        faults = [
            fault for side in range(len(raw)) for fault in self._faults(side, raw[side], cast[side])
        ]
        stops = [f for f in faults if not self._exclude or f.domain is None]
        if stops:
            self._raise(min(stops, key=_order), rows)
        for i, loss in self.active():
            its = [f for f in faults if f.domain == loss.domains[min(f.side, 1)]]
            if its:
                first = min(its, key=_order)
                self.excluded[i] = f"{first.message} in {self._where(first, rows)}"
        for side, x in enumerate(cast):
            for expectation in {e: None for domain in self._domains(side) for e in domain.expected}:
                self._collect(side, expectation, expectation.find(x, rows))

    def _domains(self, side: int) -> list[Domain]:
        """The domains that the active losses have for a side, each once."""
        return list({loss.domains[min(side, 1)]: None for _, loss in self.active()})

    def _faults(self, side: int, raw: Array, x: Array) -> list[Fault]:
        """The first fault of each kind of a side."""
        faults = []
        finite = np.isfinite(x)
        if self._nan == "propagate":
            finite |= ~np.isfinite(raw)
        if not finite.all():
            index = first_index(~finite)
            is_large = np.isfinite(raw[index])
            what = "is too large for float32" if is_large else "is not a finite number"
            hint = None if is_large else "--nan skip leaves out such rows, and counts them"
            faults.append(Fault(index, side, f"{raw[index]} {what}", hint=hint))
        name, classes = self._name(side), self._classes(side)
        for domain in self._domains(side):
            faulty = domain.faulty(x, classes)
            if faulty is not None:
                index = first_index(faulty)
                must = f"{name} must be {domain.requirement(classes)}, found {raw[index].item()!r}"
                faults.append(Fault(index, side, must, domain))
        return faults

    def _raise(self, fault: Fault, rows: Array) -> None:
        where = self._where(fault, rows)
        for loss in self._losses:
            if fault.domain is not None and loss.domains[min(fault.side, 1)] == fault.domain:
                hint = _logits_hint(loss) if fault.side else None
                raise DataError(f"{where}: for {loss.label}, {fault.message}", hint)
        raise DataError(f"{where}: {fault.message}", fault.hint)

    def _where(self, fault: Fault, rows: Array) -> str:
        return self._views[fault.side].locate(int(rows[fault.index[0]]), fault.index[1:])

    def _name(self, side: int) -> str:
        return "y_pred" if side else "y_true"

    def _classes(self, side: int) -> int:
        """The number of columns of the other side, which class indices must be below."""
        return self._views[0 if side else 1].shape[-1] or 0

    def _collect(self, side: int, expectation: Expectation, found: Finding | None) -> None:
        if found is not None:
            key = (side, expectation)
            self._findings[key] = (
                self._findings[key].merge(found) if key in self._findings else found
            )

    def is_unusual(self, i: int) -> bool:
        """Whether the data was not as a loss expects."""
        return any(
            expectation in self._losses[i].domains[min(side, 1)].expected
            for side, expectation in self._findings
        )

    def notes(self) -> list[str]:
        """What was not as expected, a sentence each, losses with the same to say together."""
        said: dict[str, list[str]] = {}
        for (side, expectation), found in self._findings.items():
            for _, loss in self.active():
                if expectation in loss.domains[min(side, 1)].expected:
                    remark = loss.spec.remarks.get(f"{self._name(side)}.{expectation.name}")
                    said.setdefault(self._sentence(side, expectation, found, remark), []).append(
                        loss.label
                    )
        return [f"{', '.join(labels)}: {sentence}" for sentence, labels in said.items()]

    def _sentence(
        self, side: int, expectation: Expectation, found: Finding, remark: str | None
    ) -> str:
        largest = f"by up to {found.worst:.3g}, " if expectation.measured else ""
        several = len(self._views) > 2 and side > 0
        whose = f"y_pred ({self._views[side].label})" if several else self._name(side)
        return (
            f"{expectation.unit}s of {whose} that {expectation.fault}: "
            f"{found.count} ({largest}first in row {found.row + 1})"
            + (f"; {remark}" if remark else "")
        )


def _order(fault: Fault) -> tuple[int, int]:
    """Faults come in row order, y_true's first."""
    return fault.index[0], fault.side


def _logits_hint(loss: Loss) -> str | None:
    """A way out: logits are the usual reason for a probability that is none."""
    if not loss.params.get("from_logits", True):
        joint = "," if ":" in loss.label else ":"
        return f"if y_pred holds logits: {loss.label}{joint}from_logits=true"
    return None


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
