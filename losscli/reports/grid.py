"""A table as plain text in cells: what the terminal and Markdown both draw."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Grid:
    """A table: headings, rows of cells, and which columns hold numbers.

    `styles` has the style of a cell by (row, column), where it has one; a rule is drawn above the
    rows of `rules`. Both are decoration: what they say is said by the cells, too.
    """

    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]
    numeric: frozenset[int]
    title: str | None = None
    styles: Mapping[tuple[int, int], str] = field(default_factory=dict)
    rules: frozenset[int] = frozenset()


def transpose(grid: Grid) -> Grid:
    """The table with rows and columns exchanged."""
    columns = list(zip(*grid.rows, strict=True))
    rows = [(heading, *column) for heading, column in zip(grid.headings, columns, strict=True)]
    styles = {(column - 1, row + 1): style for (row, column), style in grid.styles.items()}
    return Grid(rows[0], rows[1:], frozenset(range(1, len(rows[0]))), grid.title, styles)
