"""What the user may say about the form of an input."""

import codecs
from dataclasses import dataclass
from difflib import get_close_matches

from losscli.errors import UsageError, quoted, setting

FORMATS = ("csv", "npy", "json", "jsonl")
# What a hint offers for an encoding that there is not.
ENCODINGS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "iso-8859-1"),
    *("iso-8859-15", "cp1252", "cp1250", "cp1251", "cp437", "cp850", "mac-roman"),
    *("shift-jis", "euc-jp", "euc-kr", "gbk", "gb18030", "big5", "koi8-r", "ascii"),
)


@dataclass(frozen=True)
class InputOptions:
    """How inputs are to be read; what is None shows in the input itself.

    For CSV: `delimiter` (a blank stands for a run of blanks), `decimal` ('.' or ','), `thousands`
    (what stands between groups of three digits), `comment` (what a line to skip starts with),
    `header` (whether the first line names the columns) and `encoding` (a byte order mark decides
    by itself). `format` is one of FORMATS.

    `missing` are marks of missing cells beside the usual ones (an empty cell, NA, null…); one that
    is a number stands for all cells of its value. `allow_missing` makes missing cells NaN; without
    it they are errors, but for the numbers that are NaN, which are the engine's to judge.

    Raises UsageError for what cannot be meant, alone or together.
    """

    delimiter: str | None = None
    decimal: str = "."
    comment: str | None = None
    header: bool | None = None
    format: str | None = None
    missing: tuple[str, ...] = ()
    allow_missing: bool = False
    thousands: str | None = None
    encoding: str | None = None

    def __post_init__(self) -> None:
        if self.format is not None and self.format not in FORMATS:
            raise UsageError(
                f"there is no input format {quoted(self.format)}", f"formats: {', '.join(FORMATS)}"
            )
        if self.decimal not in (".", ","):
            raise UsageError(f"decimals take '.' or ',', not {quoted(self.decimal)}")
        self._check_delimiter()
        if self.thousands is not None:
            self._check_thousands(self.thousands)
        if self.comment is not None:
            self._check_comment(self.comment)
        for mark in self.missing:
            if any(c in mark for c in "\r\n"):
                raise UsageError(f"{quoted(mark)} cannot mark missing cells: it has several lines")
        if self.encoding is not None:
            _check_encoding(self.encoding)

    def _check_delimiter(self) -> None:
        if self.delimiter is None:
            return
        if len(self.delimiter) != 1 or self.delimiter in '"\r\n':
            raise UsageError(
                f"{quoted(self.delimiter)} cannot part the cells", "a delimiter is one character"
            )
        if self.delimiter == self.decimal:
            message = f"{quoted(self.decimal)} cannot part the cells and mark the decimals at once"
            hint = f"with {setting('decimal', ',')} cells are parted by a tab or ';'"
            raise UsageError(message, hint if self.decimal == "," else None)

    def _check_thousands(self, mark: str) -> None:
        if mark == self.decimal:
            raise UsageError(
                f"{quoted(mark)} cannot mark the thousands and the decimals at once",
                f"{setting('thousands', mark)} goes with "
                f"{setting('decimal', ',' if mark == '.' else '.')}",
            )
        if len(mark) != 1 or mark in '"\r\n\t+-;' or mark.isalnum():
            raise UsageError(
                f"{quoted(mark)} cannot mark thousands",
                f"give the character between groups of three digits: {setting('thousands', ',')}",
            )

    def _check_comment(self, comment: str) -> None:
        if not comment.strip() or any(c in comment for c in '"\r\n') or comment != comment.strip():
            raise UsageError(
                f"{quoted(comment)} cannot mark comments",
                "give the characters that such lines start with: " + setting("comment", "'#'"),
            )
        if comment == self.delimiter or comment[0].isalnum() or comment[0] in "+-.":
            raise UsageError(f"{quoted(comment)} cannot mark comments: rows may start with it")


def _check_encoding(name: str) -> None:
    try:
        # A codec that makes no text of bytes (hex, zip) is a LookupError here as well.
        b"".decode(name)
        codecs.getincrementaldecoder(name)
        known = True
    except (LookupError, ValueError):
        known = False
    if not known:
        near = get_close_matches(name.lower().replace("_", "-"), ENCODINGS, n=2)
        hint = f"did you mean {' or '.join(near)}?" if near else "for example: utf-16, latin-1"
        raise UsageError(f"there is no encoding {quoted(name)}", hint)


DEFAULTS = InputOptions()
