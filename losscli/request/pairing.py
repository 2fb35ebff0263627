"""Which column of y_pred meets which of y_true: the rule, in one place, pure.

Names decide where both sides have them. Keys are no values: where both sides have one, its rows are
compared and it is left out. Columns that were chosen on both sides are paired as they were written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from losscli.errors import UsageError, printable, quoted, setting, shortened
from losscli.request.keys import is_key, is_label, key_name
from losscli.words import ColumnKind

# How many pairs a note shows.
SHOWN = 3


@dataclass(frozen=True)
class Side:
    """A file's columns: their names, if it has any, and what is known of their cells.

    `chosen` are the columns that the user chose, `taken` those that are ids, weights and the like;
    `cols` is the key of the setting that chooses its columns.
    """

    label: str
    cols: str
    names: tuple[str, ...] | None
    kinds: tuple[ColumnKind, ...]
    rises: tuple[bool, ...]
    chosen: tuple[int, ...] | None = None
    taken: tuple[int, ...] = ()

    @property
    def open(self) -> tuple[int, ...]:
        """The columns that may be values."""
        if self.chosen is not None:
            return self.chosen
        return tuple(c for c in range(len(self.kinds)) if c not in self.taken)

    def name(self, column: int) -> str:
        """A column's name, without one its position from 1."""
        return (self.names[column] if self.names else "") or str(column + 1)

    def is_text(self, column: int) -> bool:
        """Whether a column holds words."""
        return self.kinds[column] == "text"


@dataclass(frozen=True)
class Pairing:
    """The columns of both sides that meet, in order; keys to be compared row by row; notes."""

    true: tuple[int, ...]
    pred: tuple[int, ...]
    keys: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()


def pair(true: Side, pred: Side, by_position: bool = False) -> Pairing:
    """The pairing of two sides' columns. Raises UsageError where more than one can be meant."""
    if by_position or (true.chosen is not None and pred.chosen is not None):
        return Pairing(true.open, pred.open)
    keys, notes = _shared_keys(true, pred), []
    t = _without(true, [a for a, _ in keys])
    p = _without(pred, [b for _, b in keys])
    lone = [(side, c) for side, rest in ((true, t), (pred, p)) for c in _lone_keys(side, rest)]
    if lone:
        t = _without(true, [c for side, c in lone if side is true], t)
        p = _without(pred, [c for side, c in lone if side is pred], p)
        if len(t) != len(p) and 1 not in (len(t), len(p)):
            side, column = lone[0]
            raise UsageError(
                f"the column {quoted(side.name(column))} of {side.label} looks like a key, and "
                "without it the columns do not fit",
                f"choose columns with {setting('true_cols')} and {setting('pred_cols')}",
            )
        notes += [
            f"the column {quoted(side.name(c))} of {side.label} is a key and is left out"
            for side, c in lone
        ]
    p, more = _in_order(true, t, pred, p)
    notes += more
    return Pairing(tuple(t), tuple(p), tuple(keys), tuple(notes))


def _without(side: Side, columns: Sequence[int], of: Sequence[int] | None = None) -> list[int]:
    """The open columns but some; at least one is always left."""
    have = side.open if of is None else of
    rest = [c for c in have if c not in columns]
    return rest or list(have)


def _shared_keys(true: Side, pred: Side) -> list[tuple[int, int]]:
    """Key columns that both sides have, by name."""
    if not true.names or not pred.names:
        return []
    free = {side.cols: _free(side) for side in (true, pred)}
    theirs = {key_name(pred.names[c]): c for c in reversed(free[pred.cols])}
    found = []
    for c in free[true.cols]:
        other = theirs.get(key_name(true.names[c]))
        if other is not None and (
            _is_key(true, c) or _is_key(pred, other) or _is_text_key(true, c, pred, other)
        ):
            found.append((c, other))
    # A side's only column is a value, whatever its name.
    if len(found) >= len(true.open) or len(found) >= len(pred.open):
        labels = [pair for pair in found if is_label(true.name(pair[0]))]
        kept = labels or found[-1:]
        found = [pair for pair in found if pair not in kept]
    return found


def _free(side: Side) -> tuple[int, ...]:
    """The columns among which keys are looked for: those chosen are values."""
    return () if side.chosen is not None else side.open


def _is_key(side: Side, column: int) -> bool:
    names = side.names or ()
    return bool(names) and is_key(names, column, side.kinds[column], side.rises[column])


def _is_text_key(true: Side, t: int, pred: Side, p: int) -> bool:
    """Whether a column of words that both sides have is a key: there are other values beside it."""
    if not (true.is_text(t) and pred.is_text(p)):
        return False
    for side, column in ((true, t), (pred, p)):
        others = [c for c in side.open if c != column and not _is_key(side, c)]
        if all(side.is_text(c) for c in others) and (
            is_label(side.name(column)) or not any(is_label(side.name(c)) for c in others)
        ):
            return False
    return True


def _lone_keys(side: Side, rest: Sequence[int]) -> list[int]:
    """Key columns that the other side does not have; a side keeps at least one column."""
    if side.chosen is not None or len(rest) == 1:
        return []
    return [c for c in rest if _is_key(side, c)]


def _in_order(
    true: Side, t: Sequence[int], pred: Side, p: Sequence[int]
) -> tuple[list[int], list[str]]:
    """y_pred's columns in the order in which they meet y_true's, and what is worth a note."""
    if not true.names or not pred.names:
        return list(p), []
    ours, theirs = [true.name(c) for c in t], [pred.name(c) for c in p]
    if len(set(ours)) < len(ours) or len(set(theirs)) < len(theirs):
        if ours == theirs or len(ours) == 1:
            return list(p), []
        raise UsageError(
            f"the columns of {true.label} and {pred.label} cannot be paired: some names stand "
            "twice",
            f"choose them with {setting('true_cols')} and {setting('pred_cols')}, by position",
        )
    shared = [name for name in ours if name in theirs]
    if len(shared) == len(ours) == len(theirs):
        return _by_name(ours, theirs, p, "")
    if shared:
        raise _partly_shared(true, t, pred, p, shared)
    if len(ours) != len(theirs):
        return list(p), []
    for a, b, how in (
        (_folded(ours), _folded(theirs), "whatever the case"),
        (bare_names(ours), bare_names(theirs), "without what their names have in common"),
    ):
        if len(ours) > 1 and sorted(a) == sorted(b) and len(set(a)) == len(a):
            return _by_name(a, b, p, f", {how}")
    notes = []
    if len(ours) > 1:
        pairs = [f"{a} with {b}" for a, b in zip(ours, theirs, strict=True)]
        more = ", …" if len(pairs) > SHOWN else ""
        notes = [
            f"columns are paired by position, for no name stands in both files: "
            f"{', '.join(printable(shortened(pair)) for pair in pairs[:SHOWN])}{more}"
        ]
    return list(p), notes


def _by_name(
    ours: Sequence[str], theirs: Sequence[str], p: Sequence[int], how: str
) -> tuple[list[int], list[str]]:
    if list(ours) == list(theirs):
        return list(p), []
    places = dict(zip(theirs, p, strict=True))
    return [places[name] for name in ours], [
        f"columns are paired by name{how}: they stand in another order in the two files"
    ]


def _folded(names: Sequence[str]) -> list[str]:
    return [name.strip().casefold() for name in names]


def bare_names(names: Sequence[str], fold: bool = True) -> list[str]:
    """Names without the beginning and the end that all of them share."""
    folded = _folded(names) if fold else [name.strip() for name in names]
    start = _common(folded)
    folded = [name[start:] for name in folded]
    end = _common([name[::-1] for name in folded])
    return [name[: len(name) - end] for name in folded]


def _common(names: Sequence[str]) -> int:
    """How many characters all names begin with."""
    return len(list(takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))))


def _partly_shared(
    true: Side, t: Sequence[int], pred: Side, p: Sequence[int], shared: Sequence[str]
) -> UsageError:
    ours, theirs = [true.name(c) for c in t], [pred.name(c) for c in p]
    only_theirs = [name for name in theirs if name not in shared]
    only_ours = [name for name in ours if name not in shared]
    ways = []
    if only_theirs and len(ours) in (1, len(only_theirs)):
        ways.append(setting("pred_cols", ",".join(only_theirs)))
    if only_ours and only_theirs:
        ways.append(
            f"{setting('true_cols', ','.join(only_ours))} "
            f"{setting('pred_cols', ','.join(only_theirs))}"
        )
        ways.append(setting("id", shared[0]) + " pairs rows by it")
    if only_ours and not only_theirs:
        ways.append(setting("true_cols", ",".join(shared)))
    ways.append(f"{setting('by_position')} if they are in order")
    both = f"a column {shared[0]}" if len(shared) == 1 else f"the columns {', '.join(shared[:3])}"
    return UsageError(
        f"{true.label} and {pred.label} both have {both} and others beside: what is paired?",
        "; or ".join(dict.fromkeys(ways)),
    )
