"""Choosing columns of a source, by name, position, range or pattern."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from losscli.errors import UsageError, printable, quoted, shortened
from losscli.sources.base import Source


@dataclass(frozen=True)
class View:
    """Some columns of a source, or all of it (`columns` None). Equal sources are read only once."""

    source: Source
    columns: tuple[int, ...] | None = None

    @property
    def label(self) -> str:
        """What messages call it: the source's label, with the columns where some are chosen."""
        if self.columns is None:
            return self.source.label
        names = self.source.names
        chosen = [shortened(names[c]) if names and names[c] else str(c + 1) for c in self.columns]
        more = ", …" if len(chosen) > 4 else ""
        return printable(f"{self.source.label} ({', '.join(chosen[:4])}{more})")

    @property
    def shape(self) -> tuple[int | None, ...]:
        """The shape; axis 0 is None where the number of rows is not known yet."""
        if self.columns is None:
            return self.source.shape
        return (self.source.shape[0], len(self.columns))

    def locate(self, row: int, index: tuple[int, ...]) -> str:
        """Where a value of the view stands in its source."""
        if self.columns is not None:
            index = (self.columns[index[0]],)
        return self.source.locate(row, index)


def select(source: Source, wanted: str | None, without: Sequence[int] = ()) -> View:
    """The columns of `source` that `wanted` names, see `positions`; all of them if it is None, but
    those of `without` (ids and weights, say). Raises UsageError.
    """
    if wanted is not None:
        return View(source, positions(source, wanted))
    if not without:
        return View(source)
    rest = tuple(c for c in range(source.shape[-1] or 0) if c not in without)
    if not rest:
        raise UsageError(f"no column of {source.label} is left for values")
    return View(source, rest)


def positions(source: Source, wanted: str) -> tuple[int, ...]:
    """The columns of `source` that `wanted` names, from 0: a comma list, read from the left.

    Each item is an exact column name, a key that holds lists (`p` for all of `p[0]`, `p[1]`…), a
    position from 1, a range of positions or names `a:b` (ends included, either may be left out),
    or `/regex/`, tried in this order. Raises UsageError.
    """
    if len(source.shape) != 2:
        shape = "×".join("n" if n is None else str(n) for n in source.shape)
        raise UsageError(f"{source.label} has no columns to choose from: its shape is {shape}")
    width = source.shape[1]
    assert width is not None
    names = source.names or ()
    chosen: list[int] = []
    for item in _items(wanted, names):
        chosen.extend(_positions(item, names, width, source.label))
    twice = {column + 1 for column in chosen if chosen.count(column) > 1}
    if twice:
        raise UsageError(
            f"{quoted(wanted)} names column {min(twice)} of {source.label} more than once"
        )
    if not chosen:
        raise UsageError(f"{quoted(wanted)} names no column of {source.label}", _have(names))
    return tuple(chosen)


def _items(wanted: str, names: Sequence[str]) -> list[str]:
    """The items of the comma list; a comma within a name or between slashes does not part them.

    A blank list has none, even if a column has no name: it may come from an unset variable.
    """
    if wanted in names and wanted.strip():
        return [wanted]
    return [item.strip() for item in re.findall(r"/(?:[^/\\]|\\.)*/|[^,]+", wanted) if item.strip()]


def _positions(item: str, names: Sequence[str], width: int, label: str) -> Sequence[int]:
    if item in names:
        return [_named(item, names, label)]
    of_list = re.compile(re.escape(item) + r"\[[0-9]+\]")
    if found := [i for i, name in enumerate(names) if of_list.fullmatch(name)]:
        return found
    if len(item) > 1 and item[0] == item[-1] == "/":
        return _matching(item, names, label)
    left, colon, right = item.partition(":")
    if colon:
        first = _position(left, names, width, label) if left else 0
        last = _position(right, names, width, label) if right else width - 1
        if first > last:
            raise UsageError(f"the range {quoted(item)} runs backwards in {label}")
        return range(first, last + 1)
    return [_position(item, names, width, label)]


def _matching(item: str, names: Sequence[str], label: str) -> Sequence[int]:
    if not names:
        raise UsageError(f"{label} has no header, so {quoted(item)} matches nothing")
    try:
        pattern = re.compile(item[1:-1])
    except re.error as error:
        raise UsageError(f"{quoted(item)} is not a regular expression: {error}") from None
    found = [i for i, name in enumerate(names) if pattern.search(name)]
    if not found:
        raise UsageError(f"no column of {label} matches {quoted(item)}", _have(names))
    return found


def _named(name: str, names: Sequence[str], label: str) -> int:
    if names.count(name) > 1:
        raise UsageError(f"{label} has several columns named {quoted(name)}; give a position")
    return names.index(name)


def _position(item: str, names: Sequence[str], width: int, label: str) -> int:
    item = item.strip()
    if item in names:
        return _named(item, names, label)
    if item.isascii() and item.isdecimal():
        if 1 <= int(item) <= width:
            return int(item) - 1
        raise UsageError(f"{label} has no column {item}: positions go from 1 to {width}")
    near = get_close_matches(item, names, n=2)
    hint = f"did you mean {' or '.join(printable(name) for name in near)}?" if near else None
    raise UsageError(f"{label} has no column {quoted(item)}", hint or _have(names))


def _have(names: Sequence[str]) -> str:
    if not names:
        return "it has no header: give positions, from 1"
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"its columns: {', '.join(printable(name) for name in names[:8])}{more}"
