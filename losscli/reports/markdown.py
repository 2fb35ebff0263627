"""Tables in GitHub's Markdown."""

import re

from losscli.errors import printable
from losscli.reports.grid import Grid


def table(grid: Grid) -> str:
    """The table, numbers to the right."""
    head = _row(grid.headings)
    rule = "|" + "|".join("---:" if i in grid.numeric else "---" for i in _columns(grid)) + "|\n"
    title = f"**{escape(grid.title)}**\n\n" if grid.title else ""
    return title + head + rule + "".join(map(_row, grid.rows))


def _columns(grid: Grid) -> range:
    return range(len(grid.headings))


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(map(escape, cells)) + " |\n"


def escape(text: str) -> str:
    """Text that Markdown takes as it is: nothing in it is markup."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", printable(text))
