"""The files of a request: y_true and each model's predictions, each opened once."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from losscli.errors import MissingError, UsageError, printable, setting
from losscli.request.models import INLINE, is_text, name_models, split_name
from losscli.request.request import Data, Request
from losscli.sources.base import Source
from losscli.sources.columns import positions
from losscli.sources.locate import locate
from losscli.sources.open import open_source
from losscli.sources.open_array import open_array


@dataclass(frozen=True)
class Chosen:
    """A source, with the columns that the user chose of it, as a text; None where none are."""

    source: Source
    columns: str | None = None

    @property
    def positions(self) -> tuple[int, ...] | None:
        """The columns that were chosen. Raises UsageError."""
        return None if self.columns is None else positions(self.source, self.columns)


@dataclass(frozen=True)
class Sides:
    """y_true, and the models' predictions by name; the same source where one file serves both."""

    true: Chosen
    models: Mapping[str, Chosen]

    def sources(self) -> list[Source]:
        """The different sources."""
        every = [self.true.source, *(one.source for one in self.models.values())]
        return list({id(source): source for source in every}.values())

    def replaced(self, sources: Sequence[Source]) -> "Sides":
        """The sides with other sources, in the order of `sources()`, in the places of theirs."""
        by_id = {id(old): new for old, new in zip(self.sources(), sources, strict=True)}

        def swap(one: Chosen) -> Chosen:
            return replace(one, source=by_id[id(one.source)])

        return Sides(swap(self.true), {name: swap(one) for name, one in self.models.items()})


def open_sides(request: Request) -> Sides:
    """Both sides of a request. Raises LosscliError."""
    if request.data is not None:
        return _open_one_file(request)
    for key, data in (("true", request.true), ("pred", request.preds or None)):
        if data is None:
            raise MissingError(f"{setting(key)} is missing")
    named = name_models(request.preds)
    if request.against is not None:
        named = {"pred": next(iter(named.values())), "against": request.against}
    _check_pipes([request.true, *named.values()], request)
    if len(request.pred_cols) > 1:
        return _open_columns_as_models(request, named)
    [pred_cols] = request.pred_cols or (None,)
    true = _open_chosen(request.true, "y_true", request, request.true_cols, "true_cols")
    return Sides(true, {
        name: _open_chosen(data, _role(name, data), request, pred_cols, "pred_cols")
        for name, data in named.items()
    })  # fmt: skip


def _role(name: str, data: Data) -> str:
    """What messages call a model's predictions where they have no name of their own."""
    return "y_pred" if is_text(data) or not name else name


def _open_chosen(data: Data, role: str, request: Request, columns: str | None, key: str) -> Chosen:
    """One side: the columns may be chosen by an option, or behind the file's name."""
    if not is_text(data):
        return Chosen(open_data(data, role, request), columns)
    source, behind = open_located(os.fspath(data), role, request)
    if behind is not None and columns is not None:
        raise UsageError(
            f"columns are chosen twice: in {printable(os.fspath(data))} and by {setting(key)}",
            "choose them once",
        )
    return Chosen(source, behind if columns is None else columns)


def _open_columns_as_models(request: Request, named: Mapping[str, Data]) -> Sides:
    """Several choices of columns of one file of predictions, each a model."""
    if len(named) > 1:
        raise UsageError(
            f"several {setting('pred_cols')} choose models of one file, and there are {len(named)}",
            f"give one {setting('pred')}, or {setting('data')}",
        )
    [data] = named.values()
    true = _open_chosen(request.true, "y_true", request, request.true_cols, "true_cols")
    pred = open_data(data, "y_pred", request)
    return Sides(true, _models_of_columns(pred, request.pred_cols))


def _models_of_columns(source: Source, choices: tuple[str, ...]) -> dict[str, Chosen]:
    """A model for each choice of columns, which may be NAME=COLS."""
    models: dict[str, Chosen] = {}
    for choice in choices:
        name, columns = split_name(choice, lambda text: text in (source.names or ()))
        if name in models:
            raise UsageError(
                f"two models are named '{printable(name)}'",
                f"name them: {setting('pred_cols', f'NAME={printable(columns)}')}",
            )
        models[name] = Chosen(source, columns)
    return models


def _open_one_file(request: Request) -> Sides:
    """One file for both sides. Raises UsageError for what cannot be asked of it."""
    data = setting("data")
    if request.true is not None or request.preds:
        raise UsageError(
            f"{data} takes the place of {setting('true')} and {setting('pred')}",
            "give one or the other",
        )
    if request.true_cols is None or not request.pred_cols:
        shown = setting("data", printable(str(request.data)))
        columns = f"{setting('true_cols', '1')} {setting('pred_cols', '2')}"
        raise UsageError(
            f"{data} needs {setting('true_cols')} and {setting('pred_cols')}",
            f"such as: {shown} {columns}",
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
    source = open_data(request.data, "data", request)
    true = Chosen(source, request.true_cols)
    if len(request.pred_cols) == 1 and "=" not in request.pred_cols[0]:
        return Sides(true, {request.pred_cols[0]: Chosen(source, request.pred_cols[0])})
    return Sides(true, _models_of_columns(source, request.pred_cols))


def _check_pipes(inputs: list[Data], request: Request) -> None:
    """Raise UsageError where several inputs are to be read from standard input."""
    every = [*inputs, request.weights, request.by, *request.inputs.values()]
    if sum(isinstance(data, str) and data == "-" for data in every) > 1:
        raise UsageError("only one of the inputs can be standard input")


def open_located(text: str, role: str, request: Request) -> tuple[Source, str | None]:
    """The source that a text names, and the columns that are written behind the file's name."""
    if text == "-" or text.lstrip().startswith(INLINE):
        return open_data(text, role, request), None
    located = locate(text)
    return open_data(located.text, role, request), located.columns


def open_data(data: Data, role: str, request: Request) -> Source:
    """The source of data, which messages call `role` where it has no name of its own."""
    if is_text(data):
        # Keys and ids are read in a pass of their own.
        several = request.dialect == "all"  # perhaps in several precisions, a pass each
        twice = several or request.id is not None or request.by is not None
        return open_source(os.fspath(data), role, request.reading, twice=twice)
    return open_array(data, role, request.reading)
