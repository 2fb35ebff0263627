"""Whether the first lines of files are headers or rows, where they could be either.

The other files settle it: if only one reading gives all of them equally many rows, it is taken. If
several do, they would give other numbers: the user is asked.
"""

from collections.abc import Collection, Sequence
from itertools import product

from losscli.errors import UsageError, printable, setting
from losscli.sources.base import Source
from losscli.sources.csv import CsvSource
from losscli.sources.described import Described

# More files in doubt than this are asked about at once.
MOST = 6
COUNTED_ROWS = 1 << 14


def settle_headers(
    sources: Sequence[Source], named: Collection[str], are_joined: bool
) -> tuple[list[Source], list[str]]:
    """The sources in the readings that fit each other, and what is worth a note.

    It is for files of which the options do not say what the first line is. `named` are the columns
    that the request names: a file whose first line has one of them has a header. Rows that are
    joined by ids need not be equally many. Raises UsageError in doubt.
    """
    found = list(sources)
    texts = [source for source in sources if isinstance(source, CsvSource)]
    doubts: dict[int, CsvSource] = {}
    for i, source in enumerate(sources):
        if not isinstance(source, CsvSource) or _doubt(source, texts) is None:
            continue
        if not any(name in source.first_line.cells for name in named if not name.isdecimal()):
            doubts[i] = source
        elif source.names is None:
            found[i] = source.reread(header=True)
    if not doubts:
        return found, []
    first = next(iter(doubts.values()))
    if are_joined or len(doubts) > MOST:
        raise _ask(first, texts)
    # How many rows there are with every first line in doubt as one of them.
    rows = [
        count_rows(source) + (i in doubts and source.names is not None)
        for i, source in enumerate(found)
    ]
    fitting = []
    for readings in product((False, True), repeat=len(doubts)):
        is_header = dict(zip(doubts, readings, strict=True))
        if len({count - is_header.get(i, False) for i, count in enumerate(rows)}) == 1:
            fitting.append(is_header)
    if len(fitting) > 1:
        raise _ask(first, texts)
    if not fitting:
        return found, []  # the numbers of rows differ, whatever is a header
    notes = []
    for i, header in fitting[0].items():
        source = doubts[i]
        if (source.names is not None) != header:
            found[i] = source.reread(header=header)
        what = "a header" if header else "a row"
        notes.append(f"{_place(source)} is taken as {what}: so the files have equally many rows")
    return found, notes


def count_rows(source: Source) -> int:
    """How many rows a source has, counted by reading it where that is not known."""
    known = source.shape[0]
    if known is not None:
        return known
    if isinstance(source, Described):
        return sum(map(len, source.texts(COUNTED_ROWS, (0,))))
    return sum(map(len, source.blocks(COUNTED_ROWS)))


def _doubt(source: CsvSource, texts: Sequence[CsvSource]) -> str | None:
    """Why the first line of a file could be a header as well as a row, None if it is clear."""
    line = source.first_line
    if line.doubt is not None:
        return line.doubt
    if line.cells != ("0",):
        return None
    # What pandas writes above a column without a name: a header, if that of the others is one.
    others = [one for one in texts if one is not source]
    if line.lone_zero and any(one.first_line.lone_zero for one in others):
        return "pandas writes 0 above a column without a name"
    if any(one.first_line.doubt is not None for one in others):
        return "the first line of the other file may be a header, too"
    return None


def _ask(source: CsvSource, texts: Sequence[CsvSource]) -> UsageError:
    return UsageError(
        f"{_place(source)} may be a header or a row of data: {_doubt(source, texts)}",
        f"say {setting('header', True)} or {setting('header', False)}",
    )


def _place(source: CsvSource) -> str:
    """A first line as a message shows it."""
    cells = source.first_line.cells
    shown = printable(",".join(cells[:4])) + ",…" * (len(cells) > 4)
    return f"{source.label}, line {source.first_line.line}: {shown}"
