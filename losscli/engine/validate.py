"""Is the data what the losses need? losses.domain has the pure checks, this adds the places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from losscli.errors import DataError, skip_hint
from losscli.losses.domain import Domain, Expectation, Finding
from losscli.losses.numerics import Array
from losscli.losses.parameters import CLASSES, spell
from losscli.losses.spec import BoundLoss
from losscli.sources.columns import View
from losscli.words import DomainPolicy, NanPolicy

LOGITS_FLAG = "from_logits"


@dataclass(frozen=True)
class Violation:
    """Something wrong with a value: its index in the block, its side, and what to say.

    `loss` is the first that does not allow it; None if no loss could take it.
    """

    index: tuple[int, ...]
    side: int
    message: str
    loss: BoundLoss | None = None
    hint: str | None = None


# Where a block is first outside of a domain, by side, domain and the label that is let pass.
Seen = dict[tuple[int, Domain, object], tuple[int, ...] | None]


class Validator:
    """Checks every block against what a set of losses requires, and collects what deserves a note.

    A side is an array: y_true, each model's y_pred, each further array. A domain that several
    losses share is looked at once a block. With `exclude`, a loss whose domain is violated is put
    on a list (by its index) rather than being an error. With the domain policy `framework`, only
    what cannot be computed is refused.
    """

    def __init__(
        self,
        losses: Sequence[BoundLoss],
        y_true: View,
        models: Mapping[str, View],
        more: Mapping[str, View] | None = None,
        nan: NanPolicy = "error",
        exclude: bool = False,
        domain: DomainPolicy = "strict",
    ) -> None:
        self._nan = nan
        self._exclude = exclude
        self._losses = losses
        self._lenient = domain == "framework"
        more = more or {}
        self._views = (y_true, *models.values(), *more.values())
        self._roles = ("y_true", *("y_pred" for _ in models), *more)
        self._classes = next(iter(models.values())).shape[-1] or 0
        self.excluded: dict[int, str] = {}
        self._findings: dict[tuple[int, Expectation], Finding] = {}
        self._labels: set[float] = set()

    def active(self) -> list[tuple[int, BoundLoss]]:
        """The losses that no block has excluded so far, with their indices."""
        return [(i, loss) for i, loss in enumerate(self._losses) if i not in self.excluded]

    def check(self, rows: Array, raw: Sequence[Array], cast: Sequence[Array]) -> None:
        """Look at a block of the rows of these numbers, an array for each side.

        `raw` holds the values as read, `cast` the same in the working precision. Raises DataError
        at the first faulty row.
        """
        stops = [f for side in range(len(raw)) for f in self._find_not_finite(side, raw, cast)]
        seen: Seen = {}
        by_loss = {i: self._find_violations(loss, raw, cast, seen) for i, loss in self.active()}
        if not self._exclude:
            stops += [fault for several in by_loss.values() for fault in several]
        if stops:
            self._raise(min(stops, key=_rank), rows)
        for i, several in by_loss.items():
            if several:
                first = min(several, key=_rank)
                self.excluded[i] = f"{first.message} in {self._locate(first, rows)}"
        for side, x in enumerate(cast):
            for expectation in {e: None for domain in self._domains(side) for e in domain.expected}:
                self._collect(side, expectation, expectation.find(x, rows))

    def _domain(self, loss: BoundLoss, side: int) -> Domain | None:
        return loss.domain(self._roles[side])

    def _domains(self, side: int) -> list[Domain]:
        """The domains that the active losses have for a side, each once."""
        domains = (self._domain(loss, side) for _, loss in self.active())
        return list({domain: None for domain in domains if domain is not None})

    def _find_not_finite(
        self, side: int, raw: Sequence[Array], cast: Sequence[Array]
    ) -> list[Violation]:
        finite = np.isfinite(cast[side])
        if self._nan == "propagate":
            finite |= ~np.isfinite(raw[side])
        if finite.all():
            return []
        index = first_index(~finite)
        value = raw[side][index]
        is_large = np.isfinite(value)
        what = "is too large for float32" if is_large else "is not a finite number"
        hint = None if is_large else skip_hint()
        return [Violation(index, side, f"{value} {what}", hint=hint)]

    def _find_violations(
        self, loss: BoundLoss, raw: Sequence[Array], cast: Sequence[Array], seen: "Seen"
    ) -> list[Violation]:
        """The first fault of each side for a loss; `seen` is what this block has shown so far."""
        faults = []
        for side, role in enumerate(self._roles):
            domain = self._domain(loss, side)
            if domain is None or (self._lenient and _can_be_computed(loss, domain)):
                continue
            ignored = loss.ignored if side == 0 else None
            key = (side, domain, ignored)
            if key not in seen:
                faulty = domain.faulty(cast[side], self._classes, ignored)
                seen[key] = None if faulty is None else first_index(faulty)
            index = seen[key]
            if index is not None:
                found = raw[side][index].item()
                must = f"{role} must be {domain.requirement(self._classes)}, found {found!r}"
                faults.append(Violation(index, side, must, loss))
        true_domain = loss.domains[0]
        if true_domain.either is not None and not true_domain.labels:
            faults += self._find_mixed(loss, cast[0], true_domain.either)
        return faults

    def _find_mixed(
        self, loss: BoundLoss, y_true: Array, either: tuple[float, float]
    ) -> list[Violation]:
        """Two labels in one input that mean the same: only one can be there, 0 or -1."""
        for label, other in (either, either[::-1]):
            found = y_true == label
            if found.any():
                self._labels.add(label)
                if other in self._labels:
                    must = f"y_true must be -1 and +1 or 0 and 1, found {label:g} beside {other:g}"
                    return [Violation(first_index(found), 0, must, loss)]
        return []

    def _raise(self, fault: Violation, rows: Array) -> None:
        where = self._locate(fault, rows)
        if fault.loss is None:
            raise DataError(f"{where}: {fault.message}", fault.hint)
        hints = {"y_true": _labels_hint, "y_pred": _logits_hint}
        hint_of = hints.get(self._roles[fault.side])
        hint = None if hint_of is None else hint_of(fault.loss)
        raise DataError(f"{where}: for {fault.loss.label}, {fault.message}", hint)

    def _locate(self, fault: Violation, rows: Array) -> str:
        return self._views[fault.side].locate(int(rows[fault.index[0]]), fault.index[1:])

    def _collect(self, side: int, expectation: Expectation, found: Finding | None) -> None:
        if found is not None:
            key = (side, expectation)
            self._findings[key] = (
                self._findings[key].merge(found) if key in self._findings else found
            )

    def _expects(self, loss: BoundLoss, side: int, expectation: Expectation) -> bool:
        domain = self._domain(loss, side)
        return domain is not None and expectation in domain.expected

    def is_unusual(self, i: int) -> bool:
        """Whether the data was not as a loss expects."""
        return any(self._expects(self._losses[i], side, one) for side, one in self._findings)

    def notes(self) -> list[str]:
        """What was not as expected, a sentence each, losses with the same to say together."""
        sentences: dict[str, list[str]] = {}
        for (side, expectation), found in self._findings.items():
            for _, loss in self.active():
                if self._expects(loss, side, expectation):
                    remark = self._remark(loss, side, expectation)
                    sentences.setdefault(
                        self._format_note(side, expectation, found, remark), []
                    ).append(loss.label)
        return [f"{', '.join(labels)}: {sentence}" for sentence, labels in sentences.items()]

    def _remark(self, loss: BoundLoss, side: int, expectation: Expectation) -> str | None:
        about = f"{self._roles[side]}.{expectation.name}"
        special = (f"{about}:{name}={spell(value)}" for name, value in loss.changed.items())
        remarks = loss.spec.remarks
        return next((remarks[one] for one in special if one in remarks), remarks.get(about))

    def _format_note(
        self, side: int, expectation: Expectation, found: Finding, remark: str | None
    ) -> str:
        largest = f"by up to {found.worst:.3g}, " if expectation.measured else ""
        role = self._roles[side]
        several = self._roles.count(role) > 1
        whose = f"{role} ({self._views[side].label})" if several else role
        return (
            f"{expectation.unit}s of {whose} that {expectation.fault}: "
            f"{found.count} ({largest}first in row {found.row + 1})"
            + (f"; {remark}" if remark else "")
        )


def _can_be_computed(loss: BoundLoss, domain: Domain) -> bool:
    """Whether a loss has some number for values outside of a domain: not so for labels, mostly."""
    if domain.class_index and not domain.labels:
        return loss.handling.stray_labels
    return not domain.labels


def _rank(fault: Violation) -> tuple[int, int]:
    """Faults come in row order, y_true's first."""
    return fault.index[0], fault.side


def _logits_hint(loss: BoundLoss) -> str | None:
    """A way out: logits are the usual reason for a probability that is none."""
    if LOGITS_FLAG in loss.spec.y_pred_when and not loss.params[LOGITS_FLAG]:
        return f"if y_pred holds logits: {loss.spelt_with('from_logits=true')}"
    return None


def _labels_hint(loss: BoundLoss) -> str | None:
    """A way out where labels have values of their own."""
    if CLASSES not in loss.spec.shared or loss.handling.classes:
        return None
    return f"if the labels have values of their own: {loss.spelt_with('classes=[1,2]')}"


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
