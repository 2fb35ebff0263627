"""What dialects call losses, and what to say of a name that one of them does not know."""

from difflib import get_close_matches

from losscli.errors import UnknownNameError, UsageError, quoted, setting
from losscli.frameworks.base import Dialect, Row
from losscli.frameworks.home import HOME
from losscli.frameworks.tables import DIALECTS
from losscli.losses.registry import by_name, did_you_mean, find
from losscli.losses.spec import LossSpec

DEFAULT = HOME.name
EVERY = {DEFAULT: HOME, **DIALECTS}


def dialect_of(name: str) -> Dialect:
    """The dialect of that name. Raises UsageError with the near one."""
    if name in EVERY:
        return EVERY[name]
    near = get_close_matches(name, EVERY, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(EVERY)}"
    raise UsageError(f"there is no dialect {quoted(name)}", hint)


def rows_named(name: str, table: Dialect) -> list[Row]:
    """The rows that a framework calls by this name: exactly so, or in any case."""
    exact = [row for row in table.rows if name in row.names]
    return exact or [row for row in table.rows if name.lower() in map(str.lower, row.names)]


def rows_of(spec: LossSpec, table: Dialect) -> list[Row]:
    """The rows of a loss in a dialect's table."""
    return [row for row in table.rows if row.loss == spec.name]


def rows_for(spec: LossSpec, dialect: str | None = None) -> list[tuple[Dialect, Row]]:
    """What each dialect, or one, calls a loss."""
    tables = DIALECTS.values() if dialect is None else [dialect_of(dialect)]
    return [(table, row) for table in tables for row in rows_of(spec, table)]


def holders_of(name: str) -> list[Dialect]:
    """The frameworks that have a loss of this name, as they write it."""
    return [table for table in DIALECTS.values() if any(name in row.names for row in table.rows)]


def unknown_name(name: str, spec: LossSpec | None, table: Dialect) -> UnknownNameError:
    """What to say of a name that a dialect does not know: what it, or another, calls it."""
    is_default = table.name == DEFAULT
    there = "there is" if is_default else f"{table.framework} has"
    holders = [(other, row) for other in DIALECTS.values() for row in rows_named(name, other)]
    if spec is not None:
        holders = rows_for(spec)
    pairs = ((row, found) for _, found in holders for row in table.rows if row.loss == found.loss)
    said = [f"{table.name} calls this {_spell_row(*pair)}" for pair in list(pairs)[:1]]
    if holders:
        options = dict.fromkeys(setting("dialect", other.name) for other, _ in holders)
        said.append(f"it is there with {' or '.join(options)}")
        return UnknownNameError(f"{there} no loss {quoted(name)}", "; ".join(said))
    if is_default and (hint := _spelling_hint(name)):
        return UnknownNameError(f"{there} no loss {quoted(name)}", hint)
    known = [one for row in table.rows for one in row.names]
    near = did_you_mean(name, [*known, *by_name()] if is_default else known)
    elsewhere = _near_name(name, table)
    if near and elsewhere:
        elsewhere = f"or {elsewhere}"
    elif elsewhere:
        elsewhere = f"did you mean {elsewhere}"
    option = "" if is_default else f" --dialect {table.name}"
    hint = f"{near}{elsewhere}'losscli list{option}' shows them all"
    return UnknownNameError(f"{there} no loss {quoted(name)}", hint)


def _spell_row(row: Row, meant: Row) -> str:
    """A row's name, with the flags without which the data would not mean the same."""
    spec = find(row.loss)
    flags = [
        f"{flag}=true"
        for flag in spec.flags
        if meant.presets.get(flag) and not row.presets.get(flag)
    ]
    name = row.name
    return f"{name}:{','.join(flags)}" if flags else name


def _spelling_hint(name: str) -> str | None:
    """What is wrong with what is no name at all, but parameters in parentheses or inline data."""
    try:
        find(name)
    except UnknownNameError as error:
        return error.hint if name.endswith((")", "]", "],")) or name.startswith("[") else None
    return None


def _near_name(name: str, table: Dialect) -> str:
    """The nearest name that another dialect has, or nothing."""
    names = {
        known: other.name
        for other in DIALECTS.values()
        for row in other.rows
        for known in row.names
        if other is not table
    }
    mine = {known for row in table.rows for known in row.names} | set(by_name())
    near = get_close_matches(name, names.keys() - mine, n=1, cutoff=0.75)
    return f"{near[0]} of {setting('dialect', names[near[0]])}? " if near else ""
