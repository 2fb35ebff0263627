"""Lists as Python, NumPy, torch and jax print them, read by a grammar of their own.

Nothing is evaluated. What is understood, beside JSON:

    list    = '[' items ']' | '(' items ')' | '(' value ',' ')'
    items   = nothing | value (',' value)* | value value*     (one kind of both within a list)
    value   = list | number | word | text | call
    call    = ('array' | 'tensor' | 'Array' | 'float64' | …) '(' value (',' name '=' anything)* ')'

A number may have its point at either end (`0.`, `.5`); the words are True, False, None, nan, inf,
`--` (masked) and `<NA>`; text is in single or double quotes.
"""

import re
from dataclasses import dataclass
from typing import Any, Never

from losscli.errors import SourceError, quoted
from losscli.sources.json_text import JsonError, parse, parse_float, parse_int

# Lists within lists; an array has no more axes.
DEPTH = 64
TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<mark>[\]\[(),=])
    | (?P<missing>--(?![\w.])|<NA>)
    | (?P<number>[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?![\w.]))
    | (?P<text>[bu]?'(?:[^'\\\n]|\\.)*'|[bu]?"(?:[^"\\\n]|\\.)*")
    | (?P<word>[-+]?[A-Za-z_][A-Za-z0-9_.]*)
    | (?P<other>[^\]\[(),=\s]+)""",
    re.VERBOSE,
)
WORDS: dict[str, Any] = {
    "True": True,
    "False": False,
    "None": None,
    "true": True,
    "false": False,
    "null": None,
    **{name: float("nan") for name in ("nan", "NaN", "np.nan", "NaT")},
    **{name: float("inf") for name in ("inf", "Infinity", "np.inf", "+inf", "+Infinity")},
    **{name: float("-inf") for name in ("-inf", "-Infinity", "-np.inf")},
    "np.True_": True,
    "np.False_": False,
}
# What a list or a number may be wrapped in when it is printed.
CALLS = re.compile(
    r"((np|numpy|jnp|torch)\.)?"
    r"(array|asarray|tensor|Tensor|Array|Decimal"
    r"|bool_?|str_|(float|bfloat|int|uint)[0-9]*|longdouble)"
)
COMPLEX = re.compile(r"[-+0-9.e]*[0-9.]j", re.IGNORECASE)
LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
LEFT_OUT = "print the whole array: np.set_printoptions(threshold=sys.maxsize), or save it"
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
# Text that begins like a printed list, to tell it from a table whose first name has a bracket.
START = re.compile(
    rb"""\s*(((np|numpy|torch)\.)?(array|tensor|Array)\s*\()?\s*[\[(][\[(\s]*"""
    rb"""(['"\])]|[-+.]?[0-9.]|[-+]?(inf|nan)\b|--|<NA>"""
    rb"""|(True|False|None|true|false|null|NaN|Infinity|np\.|array|tensor|Array|Decimal)\b|$)"""
)


def parse_printed(text: str, label: str, hint: str | None = None) -> Any:
    """The lists that text stands for: as JSON if it is JSON, else as Python and NumPy print them.

    Numbers that float64 has no room for are TooLarge. Raises SourceError with the place where
    neither reading goes on: JSON's, unless the other one comes further.
    """
    try:
        return parse(text, label, hint)
    except JsonError as error:
        try:
            return _Parser(text).parse()
        except _LiteralError as other:
            if error.position >= other.position:
                raise error from None
            line = text.count("\n", 0, other.position) + 1
            column = other.position - (text.rfind("\n", 0, other.position) + 1) + 1
            raise SourceError(
                f"{label}, line {line}, column {column}: {other.message}", other.hint or hint
            ) from None


class _LiteralError(Exception):
    """Text that is no printed list from this position on."""

    def __init__(self, position: int, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.position = position
        self.message = message
        self.hint = hint


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class _Parser:
    """Reads a text token by token, from left to right, without looking back."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = TOKEN.finditer(text)
        self._depth = 0
        self._step()

    def parse(self) -> Any:
        """The one value that is the text. Raises _LiteralError."""
        value = self._value()
        if self._token.kind != "end":
            self._fail("there is more behind the list")
        return value

    def _step(self) -> None:
        """Go on to the next token that is not blank."""
        for match in self._tokens:
            if match.lastgroup != "space":
                self._token = _Token(str(match.lastgroup), match.group(), match.start())
                return
        self._token = _Token("end", "", len(self._text))

    def _fail(self, why: str, hint: str | None = None) -> Never:
        found = quoted(self._text[self._token.start :][:20].split("\n")[0])
        at_end = self._token.kind == "end"
        raise _LiteralError(
            self._token.start, f"{why}, it ends there" if at_end else f"{why}, found {found}", hint
        )

    def _value(self) -> Any:
        token = self._token
        if token.text in ("[", "(") and token.kind == "mark":
            return self._list("]" if token.text == "[" else ")")
        if token.kind == "number":
            if LEADING_ZERO.match(token.text):
                self._fail("a number does not begin with a 0 before its digits")
            self._step()
            return _number(token.text)
        if token.kind == "text":
            self._step()
            return _unquote(token.text)
        if token.kind == "missing":
            self._step()
            return None
        if token.kind == "word":
            return self._word(token)
        if token.text.startswith(("...", "…")):
            self._fail("values are left out", LEFT_OUT)
        is_complex = COMPLEX.match(token.text)
        return self._fail(
            "a number must be real" if is_complex else "this is no number, text or list"
        )

    def _word(self, token: _Token) -> Any:
        if token.text in WORDS:
            self._step()
            return WORDS[token.text]
        if not CALLS.fullmatch(token.text):
            self._fail("this is no number, text or list")
        self._step()
        if self._token.text != "(":
            self._fail(f"{token.text} must be followed by '('")
        self._step()
        value = self._value()
        if isinstance(value, str) and not token.text.endswith("str_"):
            value = self._digits(value)
        while self._token.text == ",":
            self._step()
            self._setting()
        if self._token.text != ")":
            self._fail(f"{token.text}(…) must end with ')'")
        self._step()
        return value

    def _digits(self, text: str) -> Any:
        """A number in quotes, as Decimal prints it."""
        if not (match := TOKEN.fullmatch(text)) or match.lastgroup != "number":
            self._fail(f"{quoted(text)} is no number")
        return _number(text)

    def _setting(self) -> None:
        """What stands behind the values, such as dtype=float32 or shape=(2, 3); it is passed over:
        numbers are read as precisely as they were printed.
        """
        if self._token.text == ")":
            return
        if self._token.kind != "word":
            self._fail("dtype=… or another setting must stand here")
        self._step()
        if self._token.text != "=":
            self._fail("'=' must stand here")
        self._step()
        inner = 0
        while self._token.kind != "end" and (inner or self._token.text not in (",", ")")):
            inner += {"(": 1, "[": 1, ")": -1, "]": -1}.get(self._token.text, 0)
            self._step()

    def _list(self, closing: str) -> Any:
        self._depth += 1
        if self._depth > DEPTH:
            self._fail(f"lists are nested more than {DEPTH} deep")
        self._step()
        values: list[Any] = []
        commas: bool | None = None
        while self._token.text != closing or self._token.kind != "mark":
            values.append(self._value())
            is_comma = self._token.text == "," and self._token.kind == "mark"
            if self._token.text == closing and self._token.kind == "mark":
                break
            if commas is None:
                commas = is_comma
            if commas != is_comma:
                self._fail("either commas or blanks part the values of a list, not both")
            if is_comma:
                self._step()
                if self._token.text == closing:
                    if closing == ")" and len(values) == 1:
                        break
                    self._fail("a value must follow the comma")
            elif not self._text[self._token.start - 1].isspace():
                self._fail("a comma or a blank must part the values")
        self._depth -= 1
        self._step()
        # A single value in parentheses is no list, as in Python.
        return values[0] if closing == ")" and commas is None and len(values) == 1 else values


def _number(text: str) -> int | float:
    return parse_int(text) if text.lstrip("+-").isdecimal() else parse_float(text)


def _unquote(text: str) -> str:
    inner = text[text.index(text[-1]) + 1 : -1]
    return re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], m[1]), inner)
