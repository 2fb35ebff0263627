"""Which predictions a request names, and what each model is called."""

import os
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from losscli.errors import UsageError, printable, quoted, setting
from losscli.request.request import Data

# What inline data begins with.
INLINE = ("[", "(")


def is_text(data: Data) -> bool:
    """Whether data is named by a text: a path, inline data, '-'."""
    return isinstance(data, str | PathLike)


def is_path(data: Data) -> bool:
    """Whether data is read from a file or a stream, not typed or in memory."""
    return is_text(data) and not os.fspath(data).lstrip().startswith(INLINE)


def name_models(preds: Sequence[Data] | Mapping[str, Data]) -> dict[str, Data]:
    """The models' names, with what each reads: `NAME=PATH`, or by the path's stem.

    A path that exists is not split; a name holds no slash. Raises UsageError for a name that
    stands for two models.
    """
    if isinstance(preds, Mapping):
        return dict(preds)
    named: dict[str, Any] = {}
    for pred in preds:
        name, data = _split(pred)
        if name in named:
            raise UsageError(
                f"two models are named {quoted(name)}",
                f"name them: {setting('pred', f'NAME={printable(str(data))}')}",
            )
        named[name] = data
    return named


def _split(pred: Data) -> tuple[str, Data]:
    """A model's name and its data."""
    if not is_text(pred):
        return "y_pred", pred
    text = os.fspath(pred)
    if text.startswith(INLINE):
        return stem(text), text
    name, path = split_name(text, _exists)
    return (stem(path), path) if name == text else (name, path)


def split_name(text: str, exists: Callable[[str], bool]) -> tuple[str, str]:
    """`NAME=WHAT` in two, where WHAT is not what `exists`; both are the text without a name."""
    name, equals, what = text.partition("=")
    if equals and name and "/" not in name and not exists(text):
        return name, what
    return text, text


def _exists(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):  # a text that no path can be
        return False


def stem(pred: str) -> str:
    """A model's name where it was given none."""
    if pred == "-":
        return "stdin"
    if pred.lstrip().startswith(INLINE):
        return "inline"
    archive, colon, key = pred.rpartition(":")
    if colon and archive.endswith(".npz"):
        return key
    return Path(pred.removesuffix(".gz").removesuffix(".zst")).stem
