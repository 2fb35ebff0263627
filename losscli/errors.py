"""The errors that losscli raises on purpose, and how foreign text is shown in them."""


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
