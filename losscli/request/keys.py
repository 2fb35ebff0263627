"""Which columns are keys rather than values: by their names and by what is in them."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from losscli.errors import DataError, quoted, setting
from losscli.sources.base import Key, Source
from losscli.sources.described import Described, rising_step
from losscli.words import ColumnKind

KEY_ROWS = 1 << 14

# pandas writes an index without a name so, and reads it back so.
UNNAMED = re.compile(r"|unnamed: [0-9]+|index|level_[0-9]+", re.IGNORECASE)
KEY_NAMES = frozenset("id idx key row_id rowid row_number sample sample_id uuid guid".split())
# A key of its own rows, and no number that a model predicts.
KEY_ENDING = re.compile(r".*[_\-. ]id|.*[a-z]I[dD]", re.DOTALL)
VALUES_ALL_THE_SAME = frozenset(
    f"{what}_id" for what in "class label category cluster target token pred".split()
)
# These may be measurements, too: they are keys where their cells are text or count up.
PERHAPS = frozenset(["sample", "key"])
# What a column of words is called that holds labels.
LABEL_NAMES = re.compile(
    r"(y|true|pred|labels?|class(es)?|targets?|category|truth|actual|predict(ed|ions?)|output|"
    r"outcome|response|species)([_\- ](true|pred|label|class|test|hat))?",
    re.IGNORECASE,
)


def key_name(name: str) -> str:
    """What a key's name is compared by: whatever the case, and of pandas's index alike."""
    return "index" if UNNAMED.fullmatch(name) else name.strip().casefold()


def is_key(names: Sequence[str], column: int, kind: ColumnKind, rises: bool) -> bool:
    """Whether a column is one of keys by its name; without a name only the first can be."""
    name = names[column].strip()
    lowered = name.casefold()
    if not name:
        return column == 0
    if lowered in PERHAPS:
        return kind == "text" or rises
    if lowered in KEY_NAMES or UNNAMED.fullmatch(name):
        return True
    spelt = re.sub(r"(?<=[a-z])(?=I[dD]$)", "_", name).casefold().replace("-", "_")
    return KEY_ENDING.fullmatch(name) is not None and spelt not in VALUES_ALL_THE_SAME


def is_label(name: str) -> bool:
    """Whether a column of words holds labels by its name."""
    return LABEL_NAMES.fullmatch(name.strip()) is not None


def rising_columns(source: Source) -> tuple[bool, ...]:
    """Which columns hold whole numbers that rise by one step, as far as the first rows show it.

    It is found out of those that may be keys or measurements by their names; for others it is no.
    """
    return tuple(
        name.strip().casefold() in PERHAPS and _rises(source, column)
        for column, name in enumerate(source.names or ("",) * int(source.shape[-1] or 0))
    )


def _rises(source: Source, column: int) -> bool:
    return rising_step([text for (text,) in next(_texts(source, [column]), [])]) > 0


def compare_keys(true: Source, pred: Source, keys: Sequence[tuple[int, int]]) -> str:
    """A note that keys are equal row by row. Raises DataError at the first that differs.

    Numbers are compared as such: 7 is 7.0.
    """
    ours, theirs = ([pair[side] for pair in keys] for side in (0, 1))
    row = 0
    for a, b in zip(_texts(true, ours), _texts(pred, theirs), strict=False):
        if a != b:
            for at, (x, y) in enumerate(zip(a, b, strict=False)):
                for part, (t, p) in enumerate(keys):
                    if not _are_equal(x[part], y[part]):
                        raise _differ(true, pred, row + at, (t, p), (x[part], y[part]))
        row += len(a)
    names = ", ".join(_name(true, t) for t, _ in keys)
    what = "column" if len(keys) == 1 else "columns"
    are = "is" if len(keys) == 1 else "are"
    return f"the {what} {names} {are} equal in both files, row by row, and left out of the values"


def _texts(source: Source, columns: Sequence[int]) -> Iterator[list[Key]]:
    if isinstance(source, Described):
        return source.texts(KEY_ROWS, columns)
    return source.keys(KEY_ROWS, columns)


def _are_equal(a: str, b: str) -> bool:
    if a == b:
        return True
    try:
        return Decimal(a) == Decimal(b)
    except InvalidOperation:
        return False


def _differ(
    true: Source, pred: Source, row: int, columns: tuple[int, int], cells: tuple[str, str]
) -> DataError:
    ours, theirs = _name(true, columns[0]), _name(pred, columns[1])
    spelt = ours if ours == theirs else f"{ours}={theirs}"
    return DataError(
        f"{true.locate(row, (columns[0],))} is {quoted(cells[0])}, and "
        f"{pred.locate(row, (columns[1],))} is {quoted(cells[1])}: the rows are not in one order",
        f"{setting('id', spelt)} pairs the rows by it",
    )


def _name(source: Source, column: int) -> str:
    """How a column is spelt in an option: its name, or its position."""
    name = source.names[column] if source.names else ""
    return name or str(column + 1)
