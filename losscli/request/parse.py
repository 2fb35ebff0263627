"""From values by key, as options, a config's tables and keywords name them, to a `Request`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from losscli.errors import UsageError, quoted, setting
from losscli.request.request import KEYS, Data, Request
from losscli.sources.options import InputOptions

DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " "}
# How inputs are read: keys of an InputOptions, by the keys that front doors have for them.
READING = {
    "input_format": "format",
    "delimiter": "delimiter",
    "decimal": "decimal",
    "comment": "comment",
    "header": "header",
    "missing": "missing",
    "thousands": "thousands",
    "encoding": "encoding",
}


def parse_request(values: Mapping[str, Any]) -> Request:
    """The request that values by key make; None is not given, and keys of others are passed over.

    What a check is `against` is its own to say. Beside the fields of a Request there are `pred`
    (one or several predictions), `input` (texts NAME=FILE), `loss_file` and the keys of READING.
    Raises UsageError.
    """
    given = {key: value for key, value in values.items() if value is not None}
    fields = {key: value for key, value in given.items() if key in KEYS and key != "against"}
    if (pred := given.get("pred")) is not None:
        fields["preds"] = pred if isinstance(pred, tuple | Mapping) else (pred,)
    if isinstance(cols := given.get("pred_cols"), str):
        fields["pred_cols"] = (cols,)
    if (labels := given.get("labels")) is not None:
        fields["labels"] = parse_labels(labels)
    if "input" in given:
        fields["inputs"] = parse_inputs(given["input"])
    if "loss_file" in given:
        fields["loss_files"] = tuple(given["loss_file"])
    reading = parse_reading(given)
    if given.get("nan", "error") != "error":
        reading = replace(reading, allow_missing=True)
    return Request(**fields, reading=reading)


def parse_reading(values: Mapping[str, Any]) -> InputOptions:
    """How inputs are to be read. Raises UsageError."""
    reading = {READING[key]: value for key, value in values.items() if key in READING}
    reading = {name: value for name, value in reading.items() if value is not None}
    if "missing" in reading:
        marks = reading["missing"]
        reading["missing"] = (marks,) if isinstance(marks, str) else tuple(marks)
    if "delimiter" in reading:
        reading["delimiter"] = parse_delimiter(reading["delimiter"])
    if reading.get("format") == "tsv":
        reading["format"] = "csv"
        reading.setdefault("delimiter", "\t")
    return InputOptions(**reading)


def parse_labels(labels: str | Iterable[object]) -> tuple[str, ...]:
    """The words for classes, in their order: a comma list, or several. Raises UsageError."""
    texts = labels.split(",") if isinstance(labels, str) else map(str, labels)
    found = tuple(text.strip() for text in texts)
    if not all(found) or len(set(found)) < len(found):
        raise UsageError(f"{setting('labels')} are different words: cat,dog,fox")
    return found


def parse_inputs(texts: Iterable[str]) -> dict[str, Data]:
    """Further arrays by name, from texts NAME=FILE. Raises UsageError."""
    found: dict[str, Data] = {}
    for text in texts:
        name, equals, spec = text.partition("=")
        if not equals or not name or not spec:
            raise UsageError(f"{setting('input')} must be NAME=FILE, not {quoted(text)}")
        if name in found:
            raise UsageError(f"the input {quoted(name)} is given twice")
        found[name] = spec
    return found


def parse_delimiter(text: str) -> str:
    """The character that a delimiter's name or text means. Raises UsageError."""
    character = DELIMITER_NAMES.get(text.lower(), text)
    if len(character) != 1 or character in '"\r\n.+-' or character.isalnum():
        raise UsageError(
            f"{setting('delimiter')} must be one character, not {quoted(text)}",
            "or one of: " + ", ".join(name for name in DELIMITER_NAMES if name.isalpha()),
        )
    return character
