"""From the data that a request names to a pass's inputs: each opened once, selected, joined."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from losscli.engine.plan import Inputs, KeyColumns
from losscli.errors import DataError, MissingError, UsageError, printable, quoted, setting
from losscli.frameworks.bind import SAMPLE_WEIGHT, further_arrays
from losscli.losses.spec import BoundLoss
from losscli.request.models import is_text, name_models
from losscli.request.request import Data, Request
from losscli.sources.array import ArraySource
from losscli.sources.base import Source
from losscli.sources.columns import View, positions, select
from losscli.sources.join import align
from losscli.sources.key_list import KeyList
from losscli.sources.open import open_source

FILE_ENDINGS = (".csv", ".tsv", ".txt", ".npy", ".npz", ".json", ".jsonl", ".ndjson", ".gz", ".zst")


def open_inputs(request: Request, losses: Sequence[BoundLoss]) -> tuple[Inputs, list[str]]:
    """The inputs that a request names, and what is worth a note. Raises LosscliError.

    The further arrays may have the names that the losses' frameworks give them.
    """
    true, models = _open_sides(request)
    more = _open_further(true, request, losses)
    notes = [note for source in (true, *models.values()) for note in source.notes]
    weights = None if request.weights is None else _open_weights(request.weights, true, request)
    if SAMPLE_WEIGHT in more:
        weights = weights or more.pop(SAMPLE_WEIGHT)
    by = None if request.by is None else _open_groups(request.by, true, request)
    taken = _columns_taken(true, weights, by, more)
    if request.id is None:
        notes += _shared_column_notes(true, models, request)
        y_true = select(true, request.true_cols, without=taken)
        views = {name: select(source, request.pred_cols) for name, source in models.items()}
        inputs = Inputs(y_true, views, weights, by=by, more=more)
        return inputs, list(dict.fromkeys(notes))
    beside = (weights and weights.source, by and by[0], *(view.source for view in more.values()))
    for source in beside:
        if source is not None and source is not true:
            names = ", ".join(setting(key) for key in ("weights", "by"))
            raise UsageError(
                f"with {setting('id')}, {names} and {setting('input')} must be columns of the true "
                "file",
                f"{source.label} has no ids to pair its rows by",
            )
    true_ids = positions(true, request.id)
    joined = _join(true, models, request.id, request)
    y_true = select(joined.true, request.true_cols, without=(*true_ids, *taken))
    views = {
        name: select(source, request.pred_cols, without=positions(source, request.id))
        for name, source in joined.models.items()
    }
    inputs = Inputs(
        y_true,
        views,
        weights and replace(weights, source=joined.true),
        ids=(joined.true, true_ids),
        by=by and (joined.true, by[1]),
        unmatched=joined.unmatched,
        more={name: replace(view, source=joined.true) for name, view in more.items()},
    )
    return inputs, list(dict.fromkeys([*notes, *joined.notes]))


def _open_sides(request: Request) -> tuple[Source, dict[str, Source]]:
    """The true source and the models' by name; the same one where one file serves both."""
    twice = request.id is not None or request.by is not None
    if request.data is not None:
        _check_one_file(request)
        source = _open(request.data, "data", request, twice)
        return source, {request.pred_cols or "": source}
    for key, data in (("true", request.true), ("pred", request.preds or None)):
        if data is None:
            raise MissingError(f"{setting(key)} is missing")
    named = name_models(request.preds)
    if request.against is not None:
        named = {"pred": next(iter(named.values())), "against": request.against}
    _check_pipes([request.true, *named.values()], request)
    true = _open(request.true, "y_true", request, twice)
    roles = {name: "y_pred" if is_text(data) or not name else name for name, data in named.items()}
    return true, {name: _open(data, roles[name], request, twice) for name, data in named.items()}


def _check_one_file(request: Request) -> None:
    """Raise UsageError for what cannot be asked of one file for both sides."""
    data = setting("data")
    if request.true is not None or request.preds:
        raise UsageError(
            f"{data} takes the place of {setting('true')} and {setting('pred')}",
            "give one or the other",
        )
    if request.true_cols is None or request.pred_cols is None:
        example = " ".join(
            (
                setting("data", printable(str(request.data))),
                setting("true_cols", "1"),
                setting("pred_cols", "2"),
            )
        )
        raise UsageError(
            f"{data} needs {setting('true_cols')} and {setting('pred_cols')}", f"such as: {example}"
        )
    if request.id is not None:
        raise UsageError(
            f"{setting('id')} pairs the rows of two files", f"the rows of {data} are paired"
        )
    if request.against is not None:
        raise UsageError(
            f"other predictions stand in a file of their own, and {data} is one for all",
            f"give {setting('true')} and {setting('pred')}, or a baseline file",
        )
    _check_pipes([request.data], request)


def _check_pipes(inputs: list[Data], request: Request) -> None:
    """Raise UsageError where several inputs are to be read from standard input."""
    every = [*inputs, request.weights, request.by, *request.inputs.values()]
    if sum(isinstance(data, str) and data == "-" for data in every) > 1:
        raise UsageError("only one of the inputs can be standard input")


def _open(data: Data, role: str, request: Request, twice: bool = False) -> Source:
    """The source of data, which messages call `role` where it has no name of its own."""
    if is_text(data):
        return open_source(os.fspath(data), role, request.reading, twice=twice)
    return ArraySource(_to_array(data, role), role)


def _to_array(data: Data, role: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.generic]]":
    """An array of anything that is one: lists, `__array__`, DLPack. Raises DataError."""
    try:
        if np.ma.is_masked(data):
            raise ValueError("it has masked values")
        if hasattr(data, "__dlpack__") and not hasattr(data, "__array__"):
            return np.from_dlpack(data)
        return np.asarray(data)
    except (ValueError, TypeError, RuntimeError, BufferError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{role} is not an array of numbers: {reason}") from None


def _open_weights(data: Data, true: Source, request: Request) -> View:
    """The weights: a column of the true file, of `FILE[:COLUMN]`, inline, or an array."""
    role = "weights" if is_text(data) else "sample_weight"
    view = _open_beside(data, role, true, request)
    if len(view.shape) == 2 and view.shape[1] != 1 and is_text(data):
        raise UsageError(
            f"{view.label} has {view.shape[1]} columns; weights are one",
            f"write {printable(os.fspath(data))}:COLUMN",
        )
    return view


def _open_further(true: Source, request: Request, losses: Sequence[BoundLoss]) -> dict[str, View]:
    """The further arrays of a request, by our names of them."""
    names: dict[str, str] = {}
    for loss in losses:
        names |= further_arrays(loss.name, loss.origin.dialect)
    found: dict[str, View] = {}
    for name, data in request.inputs.items():
        ours = names.get(name, name)
        if ours in found:
            raise UsageError(f"the input {quoted(name)} is given twice")
        found[ours] = _open_beside(data, name, true, request)
    return found


def _open_groups(data: Data, true: Source, request: Request) -> KeyColumns:
    """What rows are grouped by: columns of the true file or of `FILE:COLUMN`, or labels."""
    if not is_text(data):
        return KeyList(data, "by"), (0,)
    view = _open_beside(data, "by", true, request)
    width = view.source.shape[1] or 0
    return view.source, tuple(range(width)) if view.columns is None else view.columns


def _open_beside(data: Data, role: str, true: Source, request: Request) -> View:
    """What goes with the rows: a column of the true file, inline, a file, or `FILE:COLUMN`."""
    if not is_text(data):
        return View(_open(data, role, request))
    text = os.fspath(data)
    if text in (true.names or ()):
        return View(true, positions(true, text))
    if text == "-" or text.lstrip().startswith("[") or Path(text).is_file():
        return View(_open(text, role, request))
    path, colon, column = text.rpartition(":")
    if colon and is_text(request.true) and path == os.fspath(request.true):
        return View(true, positions(true, column))
    if colon and Path(path).exists() and not path.endswith(".npz"):
        return select(_open(path, role, request), column)
    if path.endswith(".npz") or text.endswith(FILE_ENDINGS):
        return View(_open(text, role, request))  # which says so if there is none
    if colon:
        return View(_open(path, role, request))
    return View(true, positions(true, text))


def _columns_taken(
    true: Source, weights: View | None, by: KeyColumns | None, more: Mapping[str, View]
) -> tuple[int, ...]:
    """The columns of the true source that are no values of it."""
    views = [*([weights] if weights else []), *more.values()]
    taken = [(view.source, view.columns or ()) for view in views]
    if by is not None:
        taken.append(by)  # type: ignore[arg-type]
    return tuple(column for source, columns in taken if source is true for column in columns)


def _shared_column_notes(true: Source, models: Mapping[str, Source], request: Request) -> list[str]:
    """A note where whole files are read that share a column beside others: it may be an id."""
    if request.data is not None or request.true_cols or request.pred_cols:
        return []
    notes = []
    for source in models.values():
        shared = [name for name in true.names or () if name and name in (source.names or ())]
        if source is not true and shared and len(shared) < len(true.names or ()):
            notes.append(
                f"{true.label} and {source.label} share the column {quoted(shared[0])}, which is "
                f"taken for data; {setting('id', printable(shared[0]))} pairs rows by it"
            )
    return notes


@dataclass(frozen=True)
class _Joined:
    """Sources whose rows are paired by their ids."""

    true: Source
    models: dict[str, Source]
    unmatched: int
    notes: list[str]


def _join(true: Source, models: Mapping[str, Source], ids: str, request: Request) -> _Joined:
    """All models against the rows of y_true that every one of them has."""
    true_ids = positions(true, ids)
    common, dropped_true = true, 0
    rounds = [*models.items()]
    if len(models) > 1 and request.unmatched == "drop":
        # First the rows of y_true that all models have, then each model's rows in their order.
        rounds = [*rounds, *rounds]
    paired: dict[str, Source] = {}
    dropped: dict[str, int] = {}
    for name, source in rounds:
        step = align(common, source, true_ids, positions(source, ids), request.unmatched)
        common = step.y_true
        dropped_true += step.dropped_true
        paired[name], dropped[name] = step.y_pred, step.dropped_pred
    counts = [(true.label, dropped_true)]
    counts += [(models[name].label, count) for name, count in dropped.items()]
    unmatched = sum(count for _, count in counts)
    listed = ", ".join(f"{count} of {label}" for label, count in counts)
    notes = [f"rows without a partner were dropped: {listed}"] if unmatched else []
    return _Joined(common, paired, unmatched, notes)
