"""What the text of a cell stands for: a number, a missing one, or neither."""

import re
from functools import cache
from math import isinf, isnan, nan

from losscli.errors import quoted, setting, skip_hint
from losscli.sources.base import EXACT
from losscli.sources.options import InputOptions

# What NumPy's parser takes for a number, which is less than float() does (no 1_000, no 0x1p3).
NUMBER = re.compile(
    r"\s*[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|inf(inity)?|nan)\s*", re.IGNORECASE
)
NUMBERS = {".": NUMBER, ",": re.compile(NUMBER.pattern.replace(r"\.", ","), re.IGNORECASE)}
# Digits with points and commas: a number, if perhaps not in the form that was asked for.
NUMERIC = re.compile(r"[+-]?[0-9.,]*[0-9][0-9.,]*(e[+-]?[0-9]+)?", re.IGNORECASE)
# The same, but no dates such as 01.02.2024.
FORMATTED = re.compile(
    r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,3}(\.[0-9]{3})+)([.,][0-9]*)?(e[+-]?[0-9]+)?",
    re.IGNORECASE,
)
WHOLE = re.compile(r"[+-]?[0-9]+")
# Only a number with one of these can be beyond float64: the others need no second look.
PERHAPS_TOO_LARGE = re.compile(r"[eE]\+?[0-9]{3}|[0-9]{200}")
# Of whole numbers only those with so many digits can be beyond what float64 holds.
PERHAPS_INEXACT = re.compile(r"[0-9]{16}")
# What parts cells in files of other kinds, the likeliest first, and what --delimiter calls it.
MARKS = {"|": "'|'", ";": "';'", "\t": "tab", "~": "'~'", "^": "'^'", " ": "space"}
# What pandas, R and Excel write for a missing number, in small letters.
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "<na>", "#n/a", "#na"})
TRUTH = {"true": 1.0, "false": 0.0}


def unquote(cell: str) -> str:
    """The text of a cell, without the blanks around it.

    The csv module takes the quotes behind a blank for text, as in `1, "a"`; they are not meant.
    """
    text = cell.strip()
    if text[:1] == '"' and cell[0] != '"' and len(text) > 1 and text[-1] == '"':
        inner = text[1:-1]
        return text if '"' in inner else inner.strip()
    return text


class Cells:
    """How cells are read: the options' decimals, thousands and marks of missing numbers."""

    def __init__(self, options: InputOptions) -> None:
        self.decimal = options.decimal
        self.thousands = options.thousands
        self.allow_missing = options.allow_missing
        self._form = NUMBERS[options.decimal]
        self._groups = None if self.thousands is None else _groups(self.thousands, self.decimal)
        self._marks = frozenset(mark.strip() for mark in options.missing)
        numbers = [self._parse(mark) for mark in self._marks]
        # A mark that is a number stands for what is written otherwise, too: -999 and -999.0.
        self.missing_numbers = tuple({n for n in numbers if n is not None and not isnan(n)})

    def number(self, cell: str) -> float | None:
        """The number that the cell stands for, NaN if it is missing and may be; None if none.

        Numbers that float64 cannot hold are none: too large ones, and whole ones that it rounds.
        """
        text = cell if not self._marks else unquote(cell)
        if text in self._marks:
            return self._missing
        number = self._parse(text)
        if number is not None:
            return self._missing if number in self.missing_numbers else number
        text = unquote(cell)
        if text.lower() in MISSING:
            return self._missing
        return TRUTH.get(text.lower(), self._parse(text))

    def is_missing(self, text: str) -> bool:
        """Whether the text, as `unquote` gives it, marks a missing number."""
        small = text.lower()
        if small in MISSING or text in self._marks:
            return True
        if not self.missing_numbers and "nan" not in small:
            return False
        number = self._parse(text)
        return number is not None and (isnan(number) or number in self.missing_numbers)

    def fill(self, text: str, delimiter: str) -> str:
        """Lines without quotes, of two cells at least, with nan where a cell is marked as missing.

        A cell that stays as it is may be missing all the same.
        """
        return _marked(delimiter, self._marks).sub("nan", text)

    def is_numeric(self, text: str) -> bool:
        """Whether the text is a number, in whatever form and size."""
        if self._groups is not None and self._groups.fullmatch(text):
            return True
        return bool(self._form.fullmatch(text) or FORMATTED.fullmatch(text))

    def complaint(self, cell: str) -> tuple[str, str | None]:
        """What is wrong with a cell that `number` makes nothing of, and a hint."""
        text = unquote(cell)
        if not text:
            return "the cell is empty", skip_hint()
        if self.is_missing(text):
            return f"{quoted(text)} is not a number: it marks a missing one", skip_hint()
        plain = self._plain(text)
        if plain is not None and isinf(float(plain)):
            return f"{quoted(text)} is too large for float64", None
        if plain is not None:
            what = f"{quoted(text)} is a whole number that float64 cannot hold exactly"
            return what, "ids and labels keep every digit; to round a value write it with a point"
        return f"{quoted(cell)} is not a number", self._form_hint(text)

    @property
    def _missing(self) -> float | None:
        return nan if self.allow_missing else None

    def _plain(self, text: str) -> str | None:
        """The text of a number as float() takes it; None if it is none in the form asked for."""
        # float() by itself does not strip all that is a blank to NumPy and to str.
        text = text.strip()
        if not self._form.fullmatch(text):
            if self._groups is None or self.thousands is None or not self._groups.fullmatch(text):
                return None
            text = text.replace(self.thousands, "")
        return text.replace(",", ".") if self.decimal == "," else text

    def _parse(self, text: str) -> float | None:
        plain = self._plain(text)
        if plain is None:
            return None
        number = float(plain)
        if abs(number) < EXACT or isnan(number):
            return number
        if isinf(number):
            return number if "inf" in plain.lower() else None
        return number if not WHOLE.fullmatch(plain) or int(plain) == number else None

    def _form_hint(self, text: str) -> str | None:
        """What to say for a number that is written in another form than asked for."""
        if self.thousands is not None and self.thousands in text:
            return f"with {setting('thousands', self.thousands)} digits stand in groups of three"
        comma = setting("decimal", ",")
        if self.decimal == ",":
            if "." not in text or not NUMERIC.fullmatch(text):
                return None
            if not _groups(".", ",").fullmatch(text):
                return f"with {comma} numbers take no point, for decimals or for thousands"
            return f"with {comma} {text} needs {setting('thousands', '.')}"
        if found := _groups(",", ".").fullmatch(text):
            # A reader who takes the first hint that fits must not make a thousandth of it.
            whole = f"{setting('thousands', ',')} reads it as {text.replace(',', '')}"
            decimal = text.replace(",", ".")
            both = not found["more"] and text.count(",") == 1
            return f"{whole}; if {decimal} is meant, the decimal mark is a comma" if both else whole
        if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
            return f"decimals take a point; {comma} reads those with a comma"
        if re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]*", text):
            return f"{comma} with {setting('thousands', '.')} reads points between thousands"
        return None


@cache
def _groups(thousands: str, decimal: str) -> re.Pattern[str]:
    """Numbers whose digits stand in groups of three, two groups at least."""
    mark, point = re.escape(thousands), re.escape(decimal)
    return re.compile(
        rf"[+-]?[0-9]{{1,3}}({mark}[0-9]{{3}})+(?P<more>({point}[0-9]*)?(e[+-]?[0-9]+)?)",
        re.IGNORECASE,
    )


@cache
def _marked(delimiter: str, marks: frozenset[str]) -> re.Pattern[str]:
    """Cells that one of the marks, or of the usual ones, fills."""
    usual = "|".join(map(re.escape, MISSING))
    own = "".join(f"|{re.escape(mark)}" for mark in marks)
    part = re.escape(delimiter)
    return re.compile(rf"(?a)(?:(?<={part})|(?<=\n)|\A)(?:(?i:{usual}){own})(?={part}|\r?\n|\r?\Z)")


def mark_between(cell: str, number: re.Pattern[str] = NUMBER) -> str | None:
    """What stands between the numbers of a cell that holds several; None if it does not."""
    for mark in MARKS:
        parts = cell.split() if mark == " " else cell.split(mark)
        if len(parts) > 1 and all(map(number.fullmatch, parts)):
            return mark
    return None
