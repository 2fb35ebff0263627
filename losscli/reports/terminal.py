"""A rich console that neither cuts a number nor lets foreign text speak to the terminal."""

import os
import sys
from typing import Literal, TextIO

from rich.box import ASCII_DOUBLE_HEAD, HEAVY_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from losscli.errors import printable
from losscli.reports.color import color
from losscli.reports.grid import Grid, transpose

UNBOUNDED = 100_000
# What rich is told of colours: to find out by itself, to have the usual ones, to have no styles.
COLOR_SYSTEMS: dict[str, Literal["auto", "standard"] | None] = {
    "auto": "auto",
    "always": "standard",
    "never": None,
}
FEW_ROWS = 4


# How formulas and tables are spelt where the encoding is ASCII.
ASCII = str.maketrans(
    {"−": "-", "·": "*", "½": "1/2 ", "²": "^2", "√": "sqrt", "Σ": "sum ", "ε": "eps", "δ": "delta"}
    | {"≤": "<=", "≥": ">=", "∞": "inf", "…": "...", "×": "x", "α": "alpha", "γ": "gamma"}
    | {"✓": "+", "✗": "x"}
    | dict(zip("▁▂▃▄▅▆▇█", "_.-:=+*#", strict=True))
)


class _Console(Console):
    """A console that leaves a broken pipe to the boundary; rich would exit with 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class Terminal:
    """Prints tables and lines to a text stream, as wide as they need to be."""

    def __init__(self, file: TextIO | None = None) -> None:
        self._file = file or sys.stdout
        self.width = self._console().width
        self._is_terminal = self._console().is_terminal
        self.ascii = self._console().options.ascii_only

    def _console(self, width: int | None = None) -> Console:
        # rich heeds a width on a dumb terminal only where it is given a height, too.
        height = None if width is None else 100
        # An empty FORCE_COLOR forces nothing; older versions of rich see only that it is there.
        is_empty = os.environ.get("FORCE_COLOR") == ""
        force = False if is_empty and not self._file.isatty() else None
        asked = color.get()
        return _Console(
            file=self._file,
            width=width,
            height=height,
            force_terminal=True if asked == "always" else force,
            no_color=False if asked == "always" else None,
            color_system=COLOR_SYSTEMS[asked],
            markup=False,
            emoji=False,
            highlight=False,
        )

    def table(self, *columns: tuple[str, str]) -> Table:
        """An empty table; a column is (heading, 'left' or 'right')."""
        table = Table(box=ASCII_DOUBLE_HEAD if self.ascii else HEAVY_HEAD)
        for heading, justify in columns:
            is_right = justify == "right"
            table.add_column(
                self._text(heading), justify="right" if is_right else "left", overflow="fold"
            )
        return table

    def print(self, table: Table, natural: bool = True) -> None:
        """Print a table at its natural width, even where the terminal is narrower.

        rich would break or cut the cells; the terminal only breaks the lines. Without `natural`,
        for tables of words, cells are broken to fit a terminal.
        """
        keep = self._is_terminal and not natural
        width = self.width if keep else max(self.width, self._natural(table))
        self._console(width).print(table)

    def grid(self, grid: Grid, may_turn: bool = False) -> None:
        """Print a grid of plain cells; one that `may_turn` is, with few rows or if too wide."""
        table = self._drawn(grid)
        if may_turn:
            turned = self._drawn(transpose(grid))
            is_too_wide = self._natural(table) > self.width
            is_narrower = self._natural(turned) < self._natural(table)
            if len(grid.rows) <= FEW_ROWS or (is_too_wide and is_narrower):
                table = turned
        if grid.title:
            self.line(grid.title, style="bold")
        self.print(table)

    def _drawn(self, grid: Grid) -> Table:
        columns = [
            (heading, "right" if i in grid.numeric else "left")
            for i, heading in enumerate(grid.headings)
        ]
        table = self.table(*columns)
        for r, row in enumerate(grid.rows):
            if r in grid.rules and r:
                table.add_section()
            cells = [self._text(cell, grid.styles.get((r, c), "")) for c, cell in enumerate(row)]
            table.add_row(*cells)
        return table

    def _natural(self, table: Table) -> int:
        """How wide the table is if nothing in it is broken."""
        wide = self._console(UNBOUNDED)
        return Measurement.get(wide, wide.options, table).maximum

    def line(self, content: str = "", style: str = "") -> None:
        """Print a line of text, unbroken."""
        self._console().print(self._text(content, style), soft_wrap=True)

    def _text(self, content: str, style: str = "") -> Text:
        return text(content.translate(ASCII) if self.ascii else content, style)


def text(content: str, style: str = "") -> Text:
    """Foreign text as rich should draw it: no markup, no control characters."""
    return Text(printable(content), style=style)
