"""A project's config: settings and checks of `losscli.toml`, or of pyproject.toml's table.

Flags stand above the environment's `LOSSCLI_*`, these above the file. A config runs no code: its
settings are defaults of options that run none, and what a check names is run when the check is.
"""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from losscli.errors import SourceError, UsageError, printable, quoted
from losscli.settings.schema import CHECK_KEYS, SETTING_KEYS, Key, read, read_text

__all__ = [
    "CHECK_KEYS",
    "SETTING_KEYS",
    "CheckTable",
    "Config",
    "Setting",
    "load",
    "located",
    "relative",
]

FILE, SHARED_FILE = "losscli.toml", "pyproject.toml"
PREFIX = "LOSSCLI_"
# The keys whose values may be paths.
PATHS = ("true", "pred", "data", "weights", "against", "loss_file", "input")
# Those that may have a name before them: NAME=PATH.
NAMED = ("pred", "input")


@dataclass(frozen=True)
class Setting:
    """A value in force and where it comes from: 'losscli.toml', 'LOSSCLI_DTYPE'."""

    value: Any
    origin: str


@dataclass(frozen=True)
class CheckTable:
    """A [[check]]: its values as written, by key, those that may be lists as tuples.

    `origin` is for messages: "losscli.toml: check 'ridge'". Relative paths are relative to
    `folder`: `located` says where they lead.
    """

    name: str
    values: Mapping[str, Any]
    origin: str
    folder: Path


@dataclass(frozen=True)
class Config:
    """What is in force: the file it is from, if there is one, settings by key, and checks.

    Paths of settings are relative to the working directory, whatever the file's folder. `notes`
    tells of variables of the environment that may be misspelt.
    """

    file: Path | None
    settings: Mapping[str, Setting]
    checks: tuple[CheckTable, ...] = ()
    notes: tuple[str, ...] = ()


def load(start: Path, env: Mapping[str, str], chosen: str | None = None) -> Config:
    """The config of the working directory `start`.

    The file is `chosen` ('none' for no file), or the nearest of `start` and the folders above it,
    up to that of a repository or the home directory. Raises UsageError for what a config cannot
    hold, SourceError for a file that cannot be read.
    """
    if chosen is None:
        found = _search(start, env)
    elif chosen == "none":
        found = None
    else:
        found = _read(start / chosen, start)
        if found is None:
            raise UsageError(f"{printable(chosen)} has no table [tool.losscli]")
    settings, checks = ({}, ()) if found is None else _parts(*found)
    from_env, notes = _environment(env)
    if found is None:
        return Config(None, from_env, notes=notes)
    return Config(found[0], {**settings, **from_env}, checks, notes)


def located(key: str, value: str, folder: Path) -> str:
    """What a value of a config in `folder` means in the working directory.

    A relative path gets the folder before it; inline data, '-' and what is no path stay.
    """
    is_inline = value.lstrip().startswith("[") or value == "-"
    if key not in PATHS or is_inline or folder.resolve() == Path.cwd():
        return value
    if key == "weights":  # a column, FILE or FILE:COLUMN
        path = value if (folder / value).is_file() else value.rpartition(":")[0]
        return _beside(folder, value) if path and (folder / path).exists() else value
    name, equals, path = value.partition("=")
    if key in NAMED and equals and name and "/" not in name and not (folder / value).exists():
        return f"{name}={_beside(folder, path)}"
    return _beside(folder, value)


def relative(path: Path) -> str:
    """A path from the working directory."""
    return os.path.relpath(path)


def _beside(folder: Path, path: str) -> str:
    return path if os.path.isabs(path) else relative(folder / path)


# The file's path, what messages call it, and what it holds.
_Found = tuple[Path, str, dict[str, Any]]


def _search(start: Path, env: Mapping[str, str]) -> _Found | None:
    """The nearest file that holds a config."""
    home = env.get("HOME")
    for folder in (start, *start.parents):
        # Where everybody may write, as in /tmp, a file may be anybody's.
        is_open = folder != start and bool(folder.stat().st_mode & stat.S_IWOTH)
        for name in (FILE, SHARED_FILE):
            if not is_open and os.path.isfile(folder / name):
                found = _read(folder / name, start)
                if found is not None:
                    return found
        if os.path.exists(folder / ".git") or str(folder) == home:
            return None
    return None


def _read(path: Path, start: Path) -> _Found | None:
    """A file's table, None where a pyproject.toml has none. Raises SourceError, UsageError."""
    import tomllib  # most calls find no file

    label = printable(os.path.relpath(path, start))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{label} cannot be read: {error.strerror or error}") from None
    is_shared = path.name == SHARED_FILE
    if is_shared and b"losscli" not in content:
        return None  # whatever else may be wrong with it
    try:
        document = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{label}, line {line}: is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(_syntax(label, str(error))) from None
    if not is_shared:
        return path, label, document
    tool = document.get("tool")
    table = tool.get("losscli") if isinstance(tool, dict) else None
    label = f"{label} [tool.losscli]"
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{label} must be a table")
    return None if table is None else (path, label, table)


def _syntax(label: str, reason: str) -> str:
    """What is wrong with TOML, the place first: 'losscli.toml, line 3, column 5: …'."""
    place = re.search(r" \(at (line \d+, column \d+|end of document)\)$", reason)
    if place is None:
        return f"{label} is not valid TOML: {printable(reason)}"
    where = place[1].replace("end of document", "at its end")
    return f"{label}, {where}: not valid TOML: {printable(reason[: place.start()])}"


def _parts(
    path: Path, label: str, table: Mapping[str, Any]
) -> tuple[dict[str, Setting], tuple[CheckTable, ...]]:
    """The settings and the checks of a file's table."""
    folder = path.absolute().parent
    settings = {}
    for key, value in table.items():
        if key == "check":
            continue
        kind = _kind(key, SETTING_KEYS, (*SETTING_KEYS, "check"), label)
        found = _checked(kind, value, f"{label}: {key}")
        settings[key] = Setting(located(key, found, folder) if key in PATHS else found, label)
    entries = table.get("check", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"{label}: check must be a list of tables", "each begins with [[check]]")
    checks: dict[str, CheckTable] = {}
    for number, entry in enumerate(entries, 1):
        check = _check(number, entry, label, folder)
        if check.name in checks:
            raise UsageError(f"{label}: two checks are named {quoted(check.name)}")
        checks[check.name] = check
    return settings, tuple(checks.values())


def _check(number: int, entry: Mapping[str, Any], label: str, folder: Path) -> CheckTable:
    name = entry.get("name")
    if name is None:
        raise UsageError(f"{label}: check {number} has no name", 'give it one: name = "…"')
    _checked(CHECK_KEYS["name"], name, f"{label}: name of check {number}")
    origin = f"{label}: check {quoted(name)}"
    values = {}
    for key, value in entry.items():
        kind = _kind(key, CHECK_KEYS, tuple(CHECK_KEYS), origin)
        values[key] = _checked(kind, value, f"{origin}: {key}")
    return CheckTable(name, values, origin, folder)


def _kind(key: str, kinds: Mapping[str, Key], names: tuple[str, ...], where: str) -> Key:
    """What the value of this key must be. Raises UsageError with near keys."""
    if key in kinds:
        return kinds[key]
    spelt = key.lower().replace("-", "_")
    near = get_close_matches(spelt, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"its keys may be: {', '.join(names)}"
    if spelt not in names and spelt in CHECK_KEYS:
        hint = f"{spelt} is a key of a [[check]]"
    raise UsageError(f"{where}: there is no key {quoted(key)}", hint)


def _checked(kind: Key, value: Any, where: str) -> Any:
    try:
        return read(kind, value)
    except ValueError as error:
        raise UsageError(f"{where} {error}") from None


def _environment(env: Mapping[str, str]) -> tuple[dict[str, Setting], tuple[str, ...]]:
    """The settings of the environment, and notes on names near to theirs."""
    settings, notes = {}, []
    for variable, value in sorted(env.items()):
        prefix, key = variable[: len(PREFIX)], variable[len(PREFIX) :].lower()
        if prefix != PREFIX or not variable.isupper():
            continue
        if key not in SETTING_KEYS:
            near = [f"{PREFIX}{name.upper()}" for name in get_close_matches(key, SETTING_KEYS, n=1)]
            notes += [f"{printable(variable)} is not read; did you mean {near[0]}?"] if near else []
        elif value:
            try:
                settings[key] = Setting(read_text(SETTING_KEYS[key], value), variable)
            except ValueError as error:
                raise UsageError(f"{variable} {error}") from None
    return settings, tuple(notes)
