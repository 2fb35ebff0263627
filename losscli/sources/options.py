"""What the user may say about the form of an input."""

from dataclasses import dataclass

from losscli.errors import UsageError, quoted

FORMATS = ("csv", "npy", "json", "jsonl")


@dataclass(frozen=True)
class InputOptions:
    """How inputs are to be read; what is None shows in the input itself.

    `delimiter`, `decimal` ('.' or ','), `comment` (what a line to skip starts with) and `header`
    (whether the first line names the columns) are for CSV; `format` is one of FORMATS. `missing`
    are marks of missing cells beside the usual ones; with `allow_missing` such cells are NaN, else
    errors. Raises UsageError for what cannot be meant together.
    """

    delimiter: str | None = None
    decimal: str = "."
    comment: str | None = None
    header: bool | None = None
    format: str | None = None
    missing: tuple[str, ...] = ()
    allow_missing: bool = False

    def __post_init__(self) -> None:
        if self.format is not None and self.format not in FORMATS:
            raise UsageError(
                f"there is no input format {quoted(self.format)}", f"formats: {', '.join(FORMATS)}"
            )
        if self.decimal not in (".", ","):
            raise UsageError(f"decimals take '.' or ',', not {quoted(self.decimal)}")
        if self.delimiter == self.decimal:
            message = f"{quoted(self.decimal)} cannot part the cells and mark the decimals at once"
            hint = "with --decimal , cells are parted by a tab or ';'"
            raise UsageError(message, hint if self.decimal == "," else None)
        comment = self.comment
        if comment is None:
            return
        if not comment.strip() or any(c in comment for c in '"\r\n') or comment != comment.strip():
            raise UsageError(
                f"{quoted(comment)} cannot mark comments",
                "give the characters that such lines start with, as in --comment '#'",
            )
        if comment == self.delimiter or comment[0].isalnum() or comment[0] in "+-.":
            raise UsageError(f"{quoted(comment)} cannot mark comments: rows may start with it")


DEFAULTS = InputOptions()
