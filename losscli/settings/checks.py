"""From a config's [[check]] to a check that is ready to run."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from losscli.errors import UsageError, quoted, tongue
from losscli.gates.check import Check, make_check, placed
from losscli.request.losses import Resolver, is_in_file
from losscli.request.parse import parse_request
from losscli.settings.config import CheckTable, located

# What a table says for itself alone: it is not taken from the command line or the settings.
OWN = ("fail_if", "max_regress", "against", "name", "loss_file", "allow_different")


def parse_check(table: CheckTable, options: Mapping[str, Any]) -> Check:
    """The check of a config's table; `options` are what holds where it says nothing, by key.

    Raises UsageError, naming the table.
    """
    own = {key: _locate(key, value, table.folder) for key, value in table.values.items()}
    base = {key: value for key, value in options.items() if key not in OWN}
    if "data" in own:  # it takes the place of what holds for others
        base |= {"true": None, "pred": None}
    values = {**base, **own}
    spoken = tongue.set(_as_key)
    try:
        with placed(table.origin):
            for key in ("true", "pred") if values.get("data") is None else ():
                if not values.get(key):
                    raise UsageError(f"{key} is missing")
            request = parse_request(values)
            resolver = Resolver(
                request.loss_files, request.dialect, request.reduction, is_strict=True
            )
            return make_check(
                table.name,
                request,
                own.get("fail_if", ()),
                own.get("max_regress", {}),
                against=own.get("against"),
                allow_different=bool(own.get("allow_different") or options["allow_different"]),
                resolve=lambda text: resolver(_locate_loss(text, table.folder)),
            )
    finally:
        tongue.reset(spoken)


def choose_checks(tables: Sequence[CheckTable], names: Sequence[str]) -> list[CheckTable]:
    """The tables of these names, or all. Raises UsageError where there is none."""
    if not names:
        return [*tables]
    by_name = {table.name: table for table in tables}
    for name in names:
        if name not in by_name:
            near = get_close_matches(name, by_name, n=2)
            have = ", ".join(map(quoted, by_name)) or "none"
            hint = f"did you mean {' or '.join(map(quoted, near))}?" if near else None
            raise UsageError(f"there is no check {quoted(name)}", hint or f"the checks: {have}")
    return [by_name[name] for name in dict.fromkeys(names)]


def _locate_loss(text: str, folder: Path) -> str:
    """A loss's spelling as it is from here: the path of its file is relative to the config."""
    return located("loss_file", text, folder) if is_in_file(text) else text


def _as_key(key: str, value: object) -> str:
    """A setting as a config has it."""
    return key if value is None else f"{key} = {value!r}"


def _locate(key: str, value: Any, folder: Path) -> Any:
    """A value of a table with its paths as they are from here."""
    if isinstance(value, tuple):
        return tuple(_locate(key, one, folder) for one in value)
    return located(key, value, folder) if isinstance(value, str) else value
