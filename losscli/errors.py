"""The errors that losscli raises on purpose, and how they show foreign text and settings."""

from collections.abc import Callable
from contextvars import ContextVar


class LosscliError(Exception):
    """Something the user can put right.

    `message` says what is wrong and where, `hint` what to do about it.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n{self.hint}"


class UsageError(LosscliError, ValueError):
    """A request that cannot be understood: an unknown parameter, a column that is not there."""


class MissingError(UsageError):
    """Something without which there is nothing to do was not given."""


class UnknownNameError(UsageError, LookupError):
    """A name that nothing goes by; the hint suggests near ones."""


class SourceError(LosscliError, OSError):
    """An input that cannot be read or is not in the form it claims."""


class DataError(LosscliError, ValueError):
    """Values that a loss cannot be computed from; the message names their place."""


class OutputError(LosscliError, OSError):
    """A result that cannot be written where it should go."""


def printable(text: str) -> str:
    """`text` with control and other invisible characters written as escapes.

    Whatever comes from a file or the command line goes through this before it reaches a terminal.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def quoted(text: str, limit: int = 40) -> str:
    """`text` in quotes on one line, cut at `limit` characters: how an error shows what it found."""
    return f"'{printable(shortened(text, limit))}'"


def shortened(text: str, limit: int = 40) -> str:
    """`text`, cut at `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def in_python(key: str, value: object = None) -> str:
    """A setting as Python has it: `true_cols`, `unmatched='drop'`."""
    name = PYTHON_NAMES.get(key, key)
    if key == "input" and value is not None:
        return f"{name}={{{str(value).partition('=')[0]!r}: …}}"
    return name if value is None else f"{name}={value!r}"


# What the Python face calls the settings that have another name there.
PYTHON_NAMES = {
    "true": "y_true",
    "pred": "y_pred",
    "weights": "sample_weight",
    "input": "inputs",
    "labels": "class_labels",
}
# How settings are named to whoever is asking: a front door sets it for as long as it is used.
tongue: ContextVar[Callable[[str, object], str]] = ContextVar("tongue", default=in_python)


def setting(key: str, value: object = None) -> str:
    """A setting, perhaps with a value, as the front door in use has it.

    The rooms below know a setting by its key; the command line writes it as an option, Python as a
    keyword.
    """
    return tongue.get()(key, value)


def skip_hint() -> str:
    """What to do about a row with a value that is missing or no finite number."""
    return f"{setting('nan', 'skip')} leaves out such rows, and counts them"
