"""Labels that are words, or numbers that name columns: what number each of them is to a loss.

Names decide where the columns of class probabilities have those of the labels; else the order that
the user gives does, or, in scikit-learn's dialect, the sorted order of the labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from losscli.errors import DataError, UsageError, printable, quoted, setting
from losscli.losses.domain import Domain, Interval
from losscli.losses.spec import BoundLoss
from losscli.request.pairing import bare_names
from losscli.request.request import Request
from losscli.sources.coded import Code, Codebook, Coded, label_of
from losscli.sources.columns import View
from losscli.sources.described import Described
from losscli.words import ColumnKind

SORTED = ("sorted",)
ROWS = 1 << 14
# More different labels than this are no classes.
MOST_CLASSES = 10_000
SHOWN = 6


@dataclass(frozen=True)
class Read:
    """The data with labels as numbers, what is worth a note, and the losses that take no words."""

    true: View
    models: dict[str, View]
    notes: list[str] = field(default_factory=list)
    unfit: list[BoundLoss] = field(default_factory=list)


@dataclass(frozen=True)
class Columns:
    """A view's columns that can be described: their kinds, and their names if they have any."""

    source: Described
    places: tuple[int, ...]

    @property
    def kinds(self) -> tuple[ColumnKind, ...]:
        """What the cells are."""
        kinds = self.source.column_kinds()
        return tuple(kinds[place] for place in self.places)

    @property
    def names(self) -> tuple[str, ...]:
        """The names, none where the file has none."""
        names = self.source.names
        return tuple(names[place] for place in self.places) if names else ()

    def coded(self, code: Code, request: Request, classes: Sequence[str] = ()) -> View:
        """The view with its words as numbers."""
        more = ", …" if len(classes) > SHOWN else ""
        listed = ", ".join(map(printable, classes[:SHOWN])) + more
        missing = request.reading.allow_missing
        return View(Coded(self.source, self.places, code, classes=listed, allow_missing=missing))


def read_labels(
    true: View, models: dict[str, View], request: Request, losses: Sequence[BoundLoss]
) -> Read:
    """y_true and the models with their labels as numbers.

    Only losses of labels take words: for others the data stays as it is, which a pass refuses with
    its place, or they are left out of a comparison. Raises UsageError where the order of the
    classes is not known, DataError for a label that is none of them (when it is read).
    """
    unread = Read(true, models)
    t, ps = _columns(true), {name: _columns(view) for name, view in models.items()}
    known = {name: p for name, p in ps.items() if p is not None}
    if t is None or len(known) < len(ps):
        return unread
    first = next(iter(known.values()))
    has_words = "text" in t.kinds
    if has_words and all("text" in p.kinds for p in known.values()):
        fit = [loss for loss in losses if loss.spec.family == "labels"]
        if not _suffice(fit, losses, request):
            return unread
        book = Codebook()  # which numbers they are does not matter where labels are compared
        views = {name: p.coded(book, request) for name, p in known.items()}
        return _left_out(Read(t.coded(book, request), views), fit, losses)
    if len(t.places) != 1:
        return unread
    is_said = request.positive is not None or request.labels is not None
    if len(first.places) > 1:
        fit = [loss for loss in losses if any(one.class_index for one in _true_domains(loss))]
        if not _suffice(fit, losses, request):
            return unread
        return _left_out(_of_columns(t, first, unread, request), fit, losses)
    unit = Interval(0, 1)
    fit = [loss for loss in losses if any(one.interval == unit for one in _true_domains(loss))]
    if not (is_said or has_words) or not _suffice(fit, losses, request):
        return unread
    return _left_out(_of_two(t, unread, request), fit, losses)


def _true_domains(loss: BoundLoss) -> list[Domain]:
    """What y_true may be for a loss, or for one of those that go by its name."""
    return [one.domains[0] for one in (loss, *loss.alternatives)]


def _suffice(fit: Sequence[BoundLoss], losses: Sequence[BoundLoss], request: Request) -> bool:
    """Whether labels can be read for these losses: for all, or in a comparison for any."""
    return bool(fit) and (request.everything or len(fit) == len(losses))


def _left_out(read: Read, fit: Sequence[BoundLoss], losses: Sequence[BoundLoss]) -> Read:
    """The data as it was read, with the losses that do not take it."""
    if isinstance(read.true.source, Coded):
        return replace(read, unfit=[loss for loss in losses if loss not in fit])
    return read


def _columns(view: View) -> Columns | None:
    """The columns of a view, if its source can tell what they hold."""
    source = view.source
    if len(source.shape) != 2 or not isinstance(source, Described):
        return None
    places = view.columns
    return Columns(source, tuple(range(int(source.shape[1] or 0))) if places is None else places)


def _of_columns(t: Columns, p: Columns, unread: Read, request: Request) -> Read:
    """Labels against a column for each class."""
    [kind] = t.kinds
    notes: list[str] = []
    names = None
    if request.labels is not None and request.labels != SORTED:
        classes = request.labels
    else:
        names = _class_names(t, p, kind)
        if names is None and kind != "text" and request.labels is None:
            return unread  # numbers, which are indices
        if names is None and kind == "text" and request.labels is None:
            if request.dialect != "sklearn":
                raise _order_unknown(t, p)
            notes.append("the classes are the labels in sorted order, as scikit-learn has them")
        classes = names if names is not None else _sorted_labels(t)
        if names is not None and kind == "text":
            notes.append("labels are paired with the columns by their names")
    if len(classes) != len(p.places):
        raise UsageError(
            f"{p.source.label} has {len(p.places)} columns, and there are {len(classes)} labels: "
            f"{', '.join(map(printable, classes[:SHOWN]))}",
            f"{setting('labels')} says which label is which column's",
        )
    numbers = {label_of(name): float(i) for i, name in enumerate(classes)}
    if kind != "text" and all(label == i for label, i in numbers.items()):
        return replace(unread, notes=notes)
    if names is not None and kind != "text":
        notes.append("labels are the names of the columns, not their positions")
    view = t.coded(lambda text: numbers.get(label_of(text)), request, classes)
    return Read(view, unread.models, notes)


def _class_names(t: Columns, p: Columns, kind: ColumnKind) -> tuple[str, ...] | None:
    """The columns' names as labels, if the first labels are among them."""
    if not p.names or len(set(p.names)) < len(p.names):
        return None
    if kind != "text":
        are_numbers = all(name.strip().isdecimal() for name in p.names)
        return p.names if kind == "whole" and are_numbers else None
    labels = {label_of(text) for text in _first_labels(t) if text}
    for names in (p.names, tuple(bare_names(p.names, fold=False))):
        if labels & {label_of(name) for name in names}:
            return names
    return None


def _first_labels(t: Columns) -> list[str]:
    blocks = islice(t.source.texts(ROWS, t.places), 1)
    return [text for block in blocks for (text,) in block]


def _sorted_labels(t: Columns) -> tuple[str, ...]:
    """All labels in order, numbers by value; it takes a pass over them."""
    found: dict[str | float, str] = {}
    for block in t.source.texts(ROWS, t.places):
        for (text,) in block:
            if text:
                found.setdefault(label_of(text), text)
        if len(found) > MOST_CLASSES:
            raise DataError(f"{t.source.label} has more than {MOST_CLASSES} different labels")
    if all(not isinstance(label, str) for label in found):
        return tuple(found[label] for label in sorted(found, key=float))
    return tuple(sorted(found.values()))


def _of_two(t: Columns, unread: Read, request: Request) -> Read:
    """Labels of two classes against one column: of probabilities that it is the positive one."""
    notes: list[str] = []
    labels = request.labels
    if request.positive is not None:
        classes = _sorted_labels(t)
        others = [label for label in classes if label_of(label) != label_of(request.positive)]
        listed = ", ".join(map(printable, classes[:SHOWN]))
        if len(others) == len(classes):
            raise UsageError(
                f"no label of {t.source.label} is {quoted(request.positive)}",
                f"it has: {listed}",
            )
        if len(others) > 1:
            raise UsageError(
                f"{t.source.label} has more than two labels: {listed}",
                f"{setting('positive')} is one of two",
            )
        classes = (*others, request.positive)
    elif labels is not None and labels != SORTED:
        classes = labels
    elif labels == SORTED or request.dialect == "sklearn":
        classes = _sorted_labels(t)
        notes.append(f"{quoted(classes[-1])} counts as 1: the second in sorted order")
    else:
        raise UsageError(
            f"{t.source.label} holds words: which of them counts as 1?",
            f"{setting('positive', _first_labels(t)[0])}, or {setting('labels')} in order",
        )
    if len(classes) > 2:
        raise UsageError(
            f"{t.source.label} has {len(classes)} labels, and there is one column for them",
            "a column per class is needed",
        )
    numbers = {label_of(name): float(i) for i, name in enumerate(classes)}
    if len(classes) == 1:
        numbers = {label_of(classes[0]): 1.0}
    view = t.coded(lambda text: numbers.get(label_of(text)), request, classes)
    return Read(view, unread.models, notes)


def _order_unknown(t: Columns, p: Columns) -> UsageError:
    first = dict.fromkeys(text for text in _first_labels(t) if text)
    listed = ",".join(list(first)[: len(p.places)])
    return UsageError(
        f"{t.source.label} holds words, and the columns of {p.source.label} do not have their "
        "names: which is which?",
        f"{setting('labels', listed)} in the order of the columns; {setting('labels', 'sorted')} "
        "is scikit-learn's order",
    )
