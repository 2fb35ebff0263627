"""From the data options to the inputs of a pass."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import click

from losscli.engine.plan import Inputs
from losscli.errors import UsageError, printable, quoted
from losscli.sources.align import align
from losscli.sources.base import Source
from losscli.sources.columns import View, positions, select
from losscli.sources.open import InputOptions, open_source

DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " "}


@dataclass(frozen=True)
class DataOptions:
    """The data options as they were given; the names are those of `options.data_options`."""

    true: str | None
    pred: str | None
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


def open_inputs(options: DataOptions) -> tuple[Inputs, list[str]]:
    """The inputs that the options name, and what is worth a note. Raises LosscliError."""
    true, pred = _open(options)
    notes = list(dict.fromkeys((*true.notes, *pred.notes)))
    weights = None if options.weights is None else _weights(options.weights, true, options)
    in_true = weights.columns or () if weights is not None and weights.source is true else ()
    if options.id_ is None:
        y_true = select(true, options.true_cols, without=in_true)
        return Inputs(y_true, select(pred, options.pred_cols), weights), notes
    return _aligned(options, true, pred, weights, in_true, notes)


def _open(options: DataOptions) -> tuple[Source, Source]:
    """The two sources; the same one twice for --data."""
    reading, twice = options.reading(), options.id_ is not None
    if options.data is not None:
        if options.true is not None or options.pred is not None:
            raise UsageError("--data takes the place of --true and --pred", "give one or the other")
        if options.true_cols is None or options.pred_cols is None:
            raise UsageError(
                "--data needs --true-cols and --pred-cols",
                f"such as: --data {printable(options.data)} --true-cols 1 --pred-cols 2",
            )
        if options.id_ is not None:
            raise UsageError("--id pairs the rows of two files", "the rows of --data are paired")
        source = open_source(options.data, "data", reading)
        return source, source
    for option, given in (("--true", options.true), ("--pred", options.pred)):
        if given is None:
            raise click.UsageError(f"{option} is missing", click.get_current_context())
    assert options.true is not None
    assert options.pred is not None
    if options.true == options.pred == "-":
        raise UsageError("only one of --true and --pred can be standard input")
    true = open_source(options.true, "y_true", reading, twice=twice)
    return true, open_source(options.pred, "y_pred", reading, twice=twice)


def _aligned(
    options: DataOptions,
    true: Source,
    pred: Source,
    weights: View | None,
    in_true: tuple[int, ...],
    notes: list[str],
) -> tuple[Inputs, list[str]]:
    """The inputs with their rows paired by the id columns."""
    assert options.id_ is not None
    if weights is not None and weights.source is not true:
        raise UsageError(
            "with --id, weights must be a column of the true file",
            f"{weights.label} has no ids to pair its rows by",
        )
    true_ids, pred_ids = positions(true, options.id_), positions(pred, options.id_)
    paired = align(true, pred, true_ids, pred_ids, options.unmatched)
    y_true = select(paired.y_true, options.true_cols, without=(*true_ids, *in_true))
    y_pred = select(paired.y_pred, options.pred_cols, without=pred_ids)
    unmatched = paired.dropped_true + paired.dropped_pred
    if unmatched:
        notes.append(
            f"rows without a partner were dropped: {paired.dropped_true} of {true.label}, "
            f"{paired.dropped_pred} of {pred.label}"
        )
    if weights is not None:
        weights = replace(weights, source=paired.y_true)
    return Inputs(y_true, y_pred, weights, (paired.y_true, true_ids), unmatched), notes


def _weights(spec: str, true: Source, options: DataOptions) -> View:
    """One column: of the true file, or of `FILE[:COLUMN]`, or inline. Raises LosscliError."""
    if spec in (true.names or ()) or (spec.isdecimal() and not Path(spec).exists()):
        return View(true, positions(true, spec))
    path, colon, column = spec.rpartition(":")
    is_file = Path(spec).exists() or spec.startswith("[") or spec == "-"
    if is_file or (colon and path.endswith(".npz")):
        view = View(open_source(spec, "weights", options.reading()))
    elif colon and Path(path).exists():
        view = select(open_source(path, "weights", options.reading()), column)
    elif colon or spec.endswith((".csv", ".tsv", ".npy", ".json", ".jsonl", ".gz")):
        view = View(open_source(path if colon else spec, "weights", options.reading()))
    else:
        return View(true, positions(true, spec))  # says which columns there are
    if view.shape[1:] != (1,):
        raise UsageError(
            f"{view.label} has {view.shape[-1]} columns; weights are one", f"write {spec}:COLUMN"
        )
    return view


def parse_delimiter(text: str) -> str:
    """The character that --delimiter names. Raises UsageError."""
    character = DELIMITER_NAMES.get(text.lower(), text)
    if len(character) != 1 or character in '"\r\n.+-' or character.isalnum():
        raise UsageError(
            f"--delimiter must be one character, not {quoted(text)}",
            "or one of: " + ", ".join(name for name in DELIMITER_NAMES if name.isalpha()),
        )
    return character
