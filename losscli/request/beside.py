"""What goes with the rows: weights, groups, and further arrays of losses."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from losscli.engine.plan import KeyColumns
from losscli.errors import UsageError, printable, quoted, setting
from losscli.frameworks.bind import SAMPLE_WEIGHT, further_arrays
from losscli.losses.spec import BoundLoss
from losscli.request.models import INLINE, is_text
from losscli.request.request import Data, Request
from losscli.request.sides import open_data, open_located
from losscli.sources.base import Source
from losscli.sources.columns import View, positions, select
from losscli.sources.key_list import KeyList

FILE_ENDINGS = (
    *(".csv", ".tsv", ".txt", ".npy", ".npz", ".json", ".jsonl", ".ndjson", ".gz", ".zst"),
    ".xlsx",
)


@dataclass(frozen=True)
class Beside:
    """Weights, groups and further arrays by our names of them, as far as there are any."""

    weights: View | None
    by: KeyColumns | None
    more: dict[str, View]

    def columns(self, source: Source) -> tuple[int, ...]:
        """The columns of a source that these are."""
        views = [*([self.weights] if self.weights else []), *self.more.values()]
        taken = [column for view in views if view.source is source for column in view.columns or ()]
        if self.by is not None and self.by[0] is source:
            taken += self.by[1]
        return tuple(taken)

    def require(self, true: Source) -> None:
        """Raise UsageError unless all are columns of the true file: its rows are to be joined."""
        sources = [self.weights and self.weights.source, self.by and self.by[0]]
        for source in (*sources, *(view.source for view in self.more.values())):
            if source is not None and source is not true:
                names = ", ".join(setting(key) for key in ("weights", "by"))
                raise UsageError(
                    f"with {setting('id')}, {names} and {setting('input')} must be columns of the "
                    "true file",
                    f"{source.label} has no ids to pair its rows by",
                )

    def moved(self, true: Source) -> "Beside":
        """The same columns of the true source as it is after its rows were joined."""
        return Beside(
            self.weights and replace(self.weights, source=true),
            self.by and (true, self.by[1]),
            {name: replace(view, source=true) for name, view in self.more.items()},
        )


def open_beside(true: Source, request: Request, losses: Sequence[BoundLoss]) -> Beside:
    """What goes with the rows. The further arrays may have the names that frameworks give them.

    Raises LosscliError.
    """
    names: dict[str, str] = {}
    for loss in losses:
        names |= further_arrays(loss.name, loss.origin.dialect)
    more: dict[str, View] = {}
    for name, data in request.inputs.items():
        ours = names.get(name, name)
        if ours in more:
            raise UsageError(f"the input {quoted(name)} is given twice")
        more[ours] = _open(data, name, true, request)
    weights = None if request.weights is None else _open_weights(request.weights, true, request)
    if SAMPLE_WEIGHT in more:
        weights = weights or more.pop(SAMPLE_WEIGHT)
    by = None if request.by is None else _open_groups(request.by, true, request)
    return Beside(weights, by, more)


def _open_weights(data: Data, true: Source, request: Request) -> View:
    """The weights: a column of the true file, of `FILE[:COLUMN]`, inline, or an array."""
    view = _open(data, "weights" if is_text(data) else "sample_weight", true, request)
    if len(view.shape) == 2 and view.shape[1] != 1 and view.source.names and is_text(data):
        raise UsageError(
            f"{view.label} has {view.shape[1]} columns; weights are one",
            f"write {printable(os.fspath(data))}:COLUMN",
        )
    return view


def _open_groups(data: Data, true: Source, request: Request) -> KeyColumns:
    """What rows are grouped by: columns of the true file or of `FILE:COLUMN`, or labels."""
    if not is_text(data):
        return KeyList(data, "by"), (0,)
    view = _open(data, "by", true, request)
    width = view.source.shape[1] or 0
    return view.source, tuple(range(width)) if view.columns is None else view.columns


def _open(data: Data, role: str, true: Source, request: Request) -> View:
    """A column of the true file, inline data, a file, `FILE:COLUMN`, or an array."""
    if not is_text(data):
        return View(open_data(data, role, request))
    text = os.fspath(data)
    if text in (true.names or ()):
        return View(true, positions(true, text))
    if text == "-" or text.lstrip().startswith(INLINE) or Path(text).is_file():
        return View(open_data(text, role, request))
    path, colon, column = text.rpartition(":")
    if colon and is_text(request.true) and path == os.fspath(request.true):
        return View(true, positions(true, column))
    if colon or text.endswith(FILE_ENDINGS):
        source, columns = open_located(text, role, request)  # which says so if there is none
        return select(source, columns)
    return View(true, positions(true, text))
