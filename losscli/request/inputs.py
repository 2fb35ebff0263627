"""From the data that a request names to a pass's inputs: each opened once, paired, joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from losscli.engine.plan import Inputs
from losscli.errors import UsageError, setting
from losscli.losses.spec import BoundLoss
from losscli.request.beside import Beside, open_beside
from losscli.request.headers import settle_headers
from losscli.request.keys import compare_keys, rising_columns
from losscli.request.labels import read_labels
from losscli.request.models import is_path
from losscli.request.pairing import Pairing, Side, pair
from losscli.request.request import Data, Request
from losscli.request.sides import Chosen, Sides, open_sides
from losscli.sources.base import Source
from losscli.sources.columns import View, positions
from losscli.sources.described import Described
from losscli.sources.join import align
from losscli.words import ColumnKind


@dataclass(frozen=True)
class Found:
    """The inputs of a request, what is worth a note, and the losses that cannot take them."""

    inputs: Inputs
    notes: list[str]
    unfit: list[BoundLoss]


def open_inputs(request: Request, losses: Sequence[BoundLoss]) -> Found:
    """The inputs that a request names. Raises LosscliError.

    The further arrays may have the names that the losses' frameworks give them.
    """
    sides = open_sides(request)
    notes: list[str] = []
    if request.reading.header is None:
        sources, notes = settle_headers(
            sides.sources(), _columns_named(request), request.id is not None
        )
        sides = sides.replaced(sources)
    notes += [note for source in sides.sources() for note in source.notes]
    beside = open_beside(sides.true.source, request, losses)
    ids = _find_ids(sides, request)
    true_view, views, more = _pair(sides, beside, ids, request)
    notes += more
    if ids is not None:
        beside.require(sides.true.source)
        joined = _join(sides, ids, request)
        notes += joined.notes
        beside = beside.moved(joined.true)
        true_view = replace(true_view, source=joined.true)
        views = {name: replace(view, source=joined.models[name]) for name, view in views.items()}
        ids_of_rows = (joined.true, ids.true)
    read = read_labels(true_view, views, request, losses)
    inputs = Inputs(
        read.true,
        read.models,
        beside.weights,
        ids=None if ids is None else ids_of_rows,
        by=beside.by,
        unmatched=0 if ids is None else joined.unmatched,
        may_count=_may_count(sides, request),
        more=beside.more,
    )
    return Found(inputs, list(dict.fromkeys([*notes, *read.notes])), read.unfit)


def _may_count(sides: Sides, request: Request) -> bool:
    """Whether a column of files without names may be an index: nobody said which are values.

    What is in memory or was typed is what its author made it.
    """
    every = [sides.true, *sides.models.values()]
    chosen = request.by_position or any(one.columns is not None for one in every)
    are_files = is_path(request.true) and any(map(is_path, _datas(request)))
    return are_files and not chosen and all(one.source.names is None for one in every)


def _datas(request: Request) -> list[Data]:
    preds = request.preds
    return list(preds.values() if isinstance(preds, Mapping) else preds)


@dataclass(frozen=True)
class _Ids:
    """The columns of ids on each side."""

    true: tuple[int, ...]
    models: dict[str, tuple[int, ...]]


def _find_ids(sides: Sides, request: Request) -> _Ids | None:
    """Where the ids are. An item may be `a=b`: a of the true file, b of the others."""
    if request.id is None:
        return None
    true, models = sides.true.source, sides.models
    pairs = [item.partition("=") for item in request.id.split(",")]
    if request.id in (true.names or ()) or not any(
        equals and a.strip() in (true.names or ()) for a, equals, _ in pairs
    ):
        ours = theirs = request.id
    else:
        ours = ",".join(a.strip() for a, _, _ in pairs)
        theirs = ",".join((b if equals else a).strip() for a, equals, b in pairs)
    return _Ids(
        positions(true, ours),
        {name: positions(one.source, theirs) for name, one in models.items()},
    )


def _columns_named(request: Request) -> set[str]:
    """All that the request may name columns by."""
    texts = [request.true_cols, *request.pred_cols, request.id, request.weights, request.by]
    items = [item for text in texts if isinstance(text, str) for item in text.split(",")]
    parts = [part for item in items for part in (item, *item.split("="), *item.split(":"))]
    return {part.strip() for part in parts}


def _pair(
    sides: Sides, beside: Beside, ids: _Ids | None, request: Request
) -> tuple[View, dict[str, View], list[str]]:
    """The columns of y_true and of each model that meet, with the keys of their rows compared."""
    notes: list[str] = []
    true_columns: tuple[int, ...] | None = None
    views: dict[str, View] = {}
    true = sides.true
    for name, one in sides.models.items():
        ours = _side(true, "true_cols", (*(ids.true if ids else ()), *beside.columns(true.source)))
        theirs = _side(
            one,
            "pred_cols",
            (*(ids.models[name] if ids else ()), *beside.columns(one.source)),
        )
        if ours is None or theirs is None:
            found = Pairing(_rest(true), _rest(one))
        else:
            found = pair(ours, theirs, request.by_position)
        if true_columns is not None and found.true != true_columns:
            raise UsageError(
                f"y_true's columns would be others for {one.source.label} than for the model "
                "before it",
                f"choose them with {setting('true_cols')}",
            )
        true_columns = found.true
        views[name] = _view(one.source, found.pred)
        notes += found.notes
        if found.keys and ids is None:
            notes.append(compare_keys(true.source, one.source, found.keys))
    assert true_columns is not None
    return _view(true.source, true_columns), views, notes


def _side(one: Chosen, cols: str, taken: tuple[int, ...]) -> Side | None:
    """What is known of a side's columns; None of an array that has none, of more axes."""
    source = one.source
    width = int(source.shape[-1] or 0)
    if len(source.shape) != 2 or width == 0:
        return None
    number: ColumnKind = "number"
    kinds = (number,) * width
    if isinstance(source, Described):
        kinds = source.column_kinds()
    side = Side(
        source.label,
        cols,
        source.names,
        kinds,
        rising_columns(source),
        one.positions,
        taken,
    )
    if not side.open:
        raise UsageError(f"no column of {source.label} is left for values")
    return side


def _rest(one: Chosen) -> tuple[int, ...]:
    """All columns of an array that is paired as it is."""
    chosen = one.positions
    return tuple(range(int(one.source.shape[1] or 0))) if chosen is None else chosen


def _view(source: Source, columns: tuple[int, ...]) -> View:
    """The columns of a source; all of it where these are all, in their order."""
    if len(source.shape) != 2 or columns == tuple(range(int(source.shape[1] or 0))):
        return View(source)
    return View(source, columns)


@dataclass(frozen=True)
class _Joined:
    """Sources whose rows are paired by their ids."""

    true: Source
    models: Mapping[str, Source]
    unmatched: int
    notes: list[str]


def _join(sides: Sides, ids: _Ids, request: Request) -> _Joined:
    """All models against the rows of y_true that every one of them has."""
    true = sides.true.source
    models = {name: one.source for name, one in sides.models.items()}
    common, dropped_true = true, 0
    rounds = [*models.items()]
    if len(models) > 1 and request.unmatched == "drop":
        # First the rows of y_true that all models have, then each model's rows in their order.
        rounds = [*rounds, *rounds]
    paired: dict[str, Source] = {}
    dropped: dict[str, int] = {}
    for name, source in rounds:
        step = align(common, source, ids.true, ids.models[name], request.unmatched)
        common = step.y_true
        dropped_true += step.dropped_true
        paired[name], dropped[name] = step.y_pred, step.dropped_pred
    counts = [(true.label, dropped_true)]
    counts += [(models[name].label, count) for name, count in dropped.items()]
    unmatched = sum(count for _, count in counts)
    listed = ", ".join(f"{count} of {label}" for label, count in counts)
    notes = [f"rows without a partner were dropped: {listed}"] if unmatched else []
    return _Joined(common, paired, unmatched, notes)
