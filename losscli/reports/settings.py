"""The settings in force and the program's parts, for people: `config` and `version`."""

from collections.abc import Sequence
from typing import Any

from losscli.errors import printable
from losscli.reports.grid import Grid
from losscli.reports.terminal import Terminal


def listing(
    file: str | None,
    settings: Sequence[tuple[str, Any, str]],
    checks: Sequence[str],
    terminal: Terminal,
) -> None:
    """A table of settings, each with its value and where that comes from, and the checks' names."""
    rows: list[tuple[str, ...]] = [
        (key, spell(value), printable(origin)) for key, value, origin in settings
    ]
    styles = {(r, c): "dim" for r, row in enumerate(rows) for c in range(3) if row[2] == "default"}
    terminal.grid(Grid(("setting", "value", "from"), rows, frozenset(), styles=styles))
    terminal.line(f"config file: {printable(file or 'none')}")
    for name in checks:
        terminal.line(f"check: {name}")


def spell(value: Any) -> str:
    """A setting's value as TOML and the command line spell it; '-' where there is none."""
    if value is None:
        return "-"
    return str(value).lower() if isinstance(value, bool) else printable(str(value))
