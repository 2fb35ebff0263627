"""From the data options to the inputs of a pass."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import click

from losscli.engine.plan import Inputs, KeyColumns
from losscli.errors import UsageError, printable, quoted
from losscli.frameworks import bind
from losscli.losses.spec import BoundLoss
from losscli.sources.base import Source
from losscli.sources.columns import View, positions, select
from losscli.sources.join import align
from losscli.sources.open import InputOptions, open_source

DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " "}
FILE_ENDINGS = (".csv", ".tsv", ".txt", ".npy", ".npz", ".json", ".jsonl", ".ndjson", ".gz", ".zst")


@dataclass(frozen=True)
class DataOptions:
    """The data options as they were given; the names are those of `options.data_options`.

    `against` are predictions beside those of the one --pred, whatever both are called.
    """

    true: str | None
    pred: str | tuple[str, ...] | None
    data: str | None
    true_cols: str | None
    pred_cols: str | None
    id_: str | None
    unmatched: Literal["error", "drop"]
    weights: str | None
    input_format: str | None
    delimiter: str | None
    decimal: str
    comment: str | None
    header: bool | None
    by: str | None = None
    against: str | None = None
    more: tuple[str, ...] = ()

    @property
    def preds(self) -> tuple[str, ...]:
        """What --pred was given, as often as it was."""
        return (self.pred,) if isinstance(self.pred, str) else self.pred or ()

    def reading(self) -> InputOptions:
        """How to read the inputs. Raises UsageError."""
        delimiter = None if self.delimiter is None else parse_delimiter(self.delimiter)
        if self.input_format == "tsv":
            delimiter = delimiter or "\t"
        return InputOptions(
            delimiter=delimiter,
            decimal=self.decimal,
            comment=self.comment,
            header=self.header,
            format="csv" if self.input_format == "tsv" else self.input_format,
        )


def open_inputs(options: DataOptions, losses: Sequence[BoundLoss] = ()) -> tuple[Inputs, list[str]]:
    """The inputs that the options name, and what is worth a note. Raises LosscliError.

    The further arrays may have the names that the losses' frameworks give them.
    """
    true, models = _open(options)
    more = _more(true, options, losses)
    notes = [note for source in (true, *models.values()) for note in source.notes]
    weights = None if options.weights is None else _weights(options.weights, true, options)
    if bind.SAMPLE_WEIGHT in more:
        weights = weights or more.pop(bind.SAMPLE_WEIGHT)
    by = None if options.by is None else _by(options.by, true, options)
    extra = tuple(
        column
        for source, columns in (
            *([(weights.source, weights.columns or ())] if weights else ()),
            *([by] if by else ()),
            *((view.source, view.columns or ()) for view in more.values()),
        )
        if source is true
        for column in columns
    )
    if options.id_ is None:
        notes += _shared_column_notes(true, models, options)
        y_true = select(true, options.true_cols, without=extra)
        views = {name: select(source, options.pred_cols) for name, source in models.items()}
        inputs = Inputs(y_true, views, weights, by=by, more=more)
        return inputs, list(dict.fromkeys(notes))
    beside = (weights and weights.source, by and by[0], *(view.source for view in more.values()))
    for view_source in beside:
        if view_source is not None and view_source is not true:
            raise UsageError(
                "with --id, --weights, --by and --input must be columns of the true file",
                f"{view_source.label} has no ids to pair its rows by",
            )
    true_ids = positions(true, options.id_)
    pairing = _pair(true, models, options)
    y_true = select(pairing.true, options.true_cols, without=(*true_ids, *extra))
    views = {
        name: select(source, options.pred_cols, without=positions(source, options.id_))
        for name, source in pairing.models.items()
    }
    inputs = Inputs(
        y_true,
        views,
        weights and replace(weights, source=pairing.true),
        ids=(pairing.true, true_ids),
        by=by and (pairing.true, by[1]),
        unmatched=pairing.unmatched,
        more={name: replace(view, source=pairing.true) for name, view in more.items()},
    )
    return inputs, list(dict.fromkeys([*notes, *pairing.notes]))


def _shared_column_notes(
    true: Source, models: dict[str, Source], options: DataOptions
) -> list[str]:
    """A note where whole files are read that share a column beside others: it may be an id."""
    if options.data is not None or options.true_cols or options.pred_cols:
        return []
    notes = []
    for source in models.values():
        shared = [name for name in true.names or () if name and name in (source.names or ())]
        if source is not true and shared and len(shared) < len(true.names or ()):
            notes.append(
                f"{true.label} and {source.label} share the column {quoted(shared[0])}, which is "
                f"taken for data; --id {printable(shared[0])} pairs rows by it"
            )
    return notes


def _open(options: DataOptions) -> tuple[Source, dict[str, Source]]:
    """The true source and the models' by name; the same one for --data."""
    reading = options.reading()
    twice = options.id_ is not None or options.by is not None
    if options.data is not None:
        if options.true is not None or options.preds:
            raise UsageError("--data takes the place of --true and --pred", "give one or the other")
        if options.true_cols is None or options.pred_cols is None:
            raise UsageError(
                "--data needs --true-cols and --pred-cols",
                f"such as: --data {printable(options.data)} --true-cols 1 --pred-cols 2",
            )
        if options.id_ is not None:
            raise UsageError("--id pairs the rows of two files", "the rows of --data are paired")
        if options.against is not None:
            raise UsageError(
                "other predictions stand in a file of their own, and --data is one for all",
                "give --true and --pred, or a baseline file",
            )
        _check_pipes([options.data], options)
        source = open_source(options.data, "data", reading, twice=twice)
        return source, {options.pred_cols: source}
    given, preds = options.true, options.preds
    for option, is_given in (("--true", given is not None), ("--pred", preds)):
        if not is_given:
            raise click.UsageError(f"{option} is missing", click.get_current_context())
    assert given is not None
    named = name_models(preds)
    if options.against is not None:
        named = {"pred": next(iter(named.values())), "against": options.against}
    _check_pipes([given, *named.values()], options)
    true = open_source(given, "y_true", reading, twice=twice)
    return true, {
        name: open_source(path, "y_pred", reading, twice=twice) for name, path in named.items()
    }


def _check_pipes(inputs: list[str], options: DataOptions) -> None:
    """Raise UsageError where several inputs are to be read from standard input."""
    more = [text.partition("=")[2] for text in options.more]
    if [*inputs, options.weights, options.by, *more].count("-") > 1:
        raise UsageError("only one of the inputs can be standard input")


def name_models(preds: Sequence[str]) -> dict[str, str]:
    """The models' names, with what each reads: `NAME=PATH`, or by the path's stem.

    A path that exists is not split; a name holds no slash. Raises UsageError for a name that
    stands for two models.
    """
    named: dict[str, str] = {}
    for pred in preds:
        name, equals, path = pred.partition("=")
        if not equals or not name or "/" in name or pred.startswith("[") or Path(pred).exists():
            name, path = _stem(pred), pred
        if name in named:
            raise UsageError(
                f"two models are named {quoted(name)}",
                f"name them: --pred NAME={printable(path)}",
            )
        named[name] = path
    return named


def _stem(pred: str) -> str:
    """A model's name where it was given none."""
    if pred == "-":
        return "stdin"
    if pred.lstrip().startswith("["):
        return "inline"
    archive, colon, key = pred.rpartition(":")
    if colon and archive.endswith(".npz"):
        return key
    return Path(pred.removesuffix(".gz").removesuffix(".zst")).stem


@dataclass(frozen=True)
class _Pairing:
    """Sources whose rows are paired by their ids."""

    true: Source
    models: dict[str, Source]
    unmatched: int
    notes: list[str]


def _pair(true: Source, models: dict[str, Source], options: DataOptions) -> _Pairing:
    """All models against the rows of y_true that every one of them has."""
    assert options.id_ is not None
    true_ids = positions(true, options.id_)
    common, dropped_true = true, 0
    rounds = [*models.items()]
    if len(models) > 1 and options.unmatched == "drop":
        # First the rows of y_true that all models have, then each model's rows in their order.
        rounds = [*rounds, *rounds]
    paired: dict[str, Source] = {}
    dropped: dict[str, int] = {}
    for name, source in rounds:
        step = align(common, source, true_ids, positions(source, options.id_), options.unmatched)
        common = step.y_true
        dropped_true += step.dropped_true
        paired[name], dropped[name] = step.y_pred, step.dropped_pred
    counts = [(true.label, dropped_true)]
    counts += [(models[name].label, count) for name, count in dropped.items()]
    unmatched = sum(count for _, count in counts)
    said = ", ".join(f"{count} of {label}" for label, count in counts)
    notes = [f"rows without a partner were dropped: {said}"] if unmatched else []
    return _Pairing(common, paired, unmatched, notes)


def _weights(spec: str, true: Source, options: DataOptions) -> View:
    """What `--weights` names: a column of the true file, of `FILE[:COLUMN]`, or inline."""
    found = _elsewhere(spec, "weights", true, options) or View(true, positions(true, spec))
    if len(found.shape) == 2 and found.shape[1] != 1:
        raise UsageError(
            f"{found.label} has {found.shape[1]} columns; weights are one",
            f"write {printable(spec)}:COLUMN",
        )
    return found


def _more(true: Source, options: DataOptions, losses: Sequence[BoundLoss]) -> dict[str, View]:
    """The further arrays that `--input NAME=FILE` gives, by our names of them."""
    names: dict[str, str] = {}
    for loss in losses:
        names |= bind.further_arrays(loss.name, loss.origin.dialect)
    found: dict[str, View] = {}
    for text in options.more:
        name, equals, spec = text.partition("=")
        if not equals or not name or not spec:
            raise UsageError(f"--input must be NAME=FILE, not {quoted(text)}")
        ours = names.get(name, name)
        if ours in found:
            raise UsageError(f"the input {quoted(name)} is given twice")
        found[ours] = _elsewhere(spec, name, true, options) or View(true, positions(true, spec))
    return found


def _by(spec: str, true: Source, options: DataOptions) -> KeyColumns:
    """What `--by` names: columns of the true file, or of `FILE:COLUMN`."""
    found = _elsewhere(spec, "by", true, options)
    if found is None:
        return true, positions(true, spec)
    width = found.source.shape[1] or 0
    return found.source, tuple(range(width)) if found.columns is None else found.columns


def _elsewhere(spec: str, role: str, true: Source, options: DataOptions) -> View | None:
    """A column that is not the true file's: inline, a file, or `FILE:COLUMN`; else None."""
    if spec in (true.names or ()):
        return None
    reading = options.reading()
    if spec == "-" or spec.lstrip().startswith("[") or Path(spec).is_file():
        return View(open_source(spec, role, reading))
    path, colon, column = spec.rpartition(":")
    if colon and path == options.true:
        return View(true, positions(true, column))
    if colon and Path(path).exists() and not path.endswith(".npz"):
        return select(open_source(path, role, reading), column)
    if path.endswith(".npz") or spec.endswith(FILE_ENDINGS):
        return View(open_source(spec, role, reading))  # which says so if there is none
    if colon:
        return View(open_source(path, role, reading))
    return None


def parse_delimiter(text: str) -> str:
    """The character that --delimiter names. Raises UsageError."""
    character = DELIMITER_NAMES.get(text.lower(), text)
    if len(character) != 1 or character in '"\r\n.+-' or character.isalnum():
        raise UsageError(
            f"--delimiter must be one character, not {quoted(text)}",
            "or one of: " + ", ".join(name for name in DELIMITER_NAMES if name.isalpha()),
        )
    return character
