"""The tables of a comparison: losses by family, with a column a statistic, model, group, sample."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from losscli.engine.result import Result, Run
from losscli.reports import statistics, tables
from losscli.reports.cells import id_text
from losscli.reports.grid import Grid
from losscli.reports.numbers import Digits, short, short_all
from losscli.reports.ranking import rank, rows_of
from losscli.words import SummaryStatistic

# What a line of the table has room for.
SHOWN: tuple[SummaryStatistic, ...] = ("min", "p50", "p95", "max")
BARS = "▁▂▃▄▅▆▇█"
BEST, UNUSUAL = "*", "!"


@dataclass(frozen=True)
class Comparison:
    """A run as tables, in these digits; `by_family`: losses stand below their family's name."""

    run: Run
    digits: Digits
    by_family: bool

    def grids(self) -> list[Grid]:
        """The tables in their order."""
        groups = list(dict.fromkeys(r.group for r in self.run.results))
        parts: list[Grid] = []
        if groups == [None]:
            parts.extend(self._samples())
            is_single = len(self.run.models) == 1
            parts.append(self._spread() if is_single else self._models(self.run.results))
        elif len(self.run.models) == 1:
            parts.append(self._groups())
        else:
            for group in groups:
                members = tuple(r for r in self.run.results if r.group == group)
                title = f"{id_text(group or ())} (n = {members[0].n.used})"
                parts.append(self._models(members, title))
        parts.extend(tables.worst(r, self.digits) for r in self.run.results if r.worst)
        return parts

    def _table(
        self,
        rows: list[list[Result]],
        cells: list[list[str]],
        headings: tuple[str, ...],
        styles: Mapping[tuple[int, int], str] | None = None,
        title: str | None = None,
    ) -> Grid:
        """A row a loss, below the name of its family where they are in that order."""
        lines: list[tuple[str, ...]] = []
        drawn: dict[tuple[int, int], str] = {}
        rules: set[int] = set()
        family = None
        for i, (row, texts) in enumerate(zip(rows, cells, strict=True)):
            if self.by_family and row[0].family != family:
                family = row[0].family
                rules.add(len(lines))
                drawn[len(lines), 0] = "italic"
                lines.append((f"{family}:", *[""] * (len(headings) - 1)))
            for column in range(len(headings)):
                if styles and (i, column) in styles:
                    drawn[len(lines), column] = styles[i, column]
            mark = f" {UNUSUAL}" if any(r.unusual for r in row) else ""
            lines.append((row[0].label + mark, *texts))
        numeric = frozenset(range(1, len(headings)))
        return Grid(headings, lines, numeric, title, drawn, frozenset(rules))

    def _spread(self) -> Grid:
        """One model: each loss's value, and how the samples' values are spread."""
        rows = rows_of(self.run.results, 1)
        cells = []
        for [r] in rows:
            value = [] if r.value is None else [r.value]
            texts = short_all([*value, *statistics.values(r.summary, SHOWN)], r.dtype, self.digits)
            cells.append([*(texts if value else ["-", *texts]), _bars(r.histogram)])
        styles = {(i, 1): "bold" for i in range(len(rows))}
        return self._table(rows, cells, ("loss", "value", *SHOWN, "spread"), styles)

    def _models(self, results: Sequence[Result], title: str | None = None) -> Grid:
        """Several models: a column each, the best of each row marked by a sign and a colour."""
        rows = rows_of(results, len(self.run.models))
        cells, styles = [], {}
        for i, row in enumerate(rows):
            best = min(map(rank, row))
            are_equal = all(rank(r) == best for r in row)
            texts = []
            for column, r in enumerate(row, start=1):
                is_best = rank(r) == best and not are_equal
                texts.append(_value(r, self.digits) + (f" {BEST}" if is_best else "  "))
                if is_best:
                    styles[i, column] = "bold green"
            cells.append(texts)
        return self._table(rows, cells, ("loss", *self.run.models), styles, title)

    def _groups(self) -> Grid:
        """One model by groups: a column each, with the number of its samples in the heading."""
        members = {r.group: r.n.used for r in self.run.results}
        losses = len(self.run.results) // len(members)
        rows = [list(self.run.results[i::losses]) for i in range(losses)]
        cells = [[_value(r, self.digits) for r in row] for row in rows]
        headings = tuple(f"{id_text(key or ())} (n = {n})" for key, n in members.items())
        return self._table(rows, cells, ("loss", *headings))

    def _samples(self) -> Iterable[Grid]:
        """The samples' values of each model, a column a sample, where there are only a few."""
        if len(self.run.numbers) != self.run.n.used:
            return
        for model in self.run.models:
            results = [r for r in self.run.results if r.model == model and r.per_sample is not None]
            rows = rows_of(results, 1)
            cells = [
                short_all(r.per_sample.tolist(), r.dtype, self.digits)
                for [r] in rows
                if r.per_sample is not None
            ]
            of_model = f" of {model}" if len(self.run.models) > 1 else ""
            numbers = [f"sample {number}" for number in self.run.numbers.tolist()]
            yield self._table(rows, cells, ("loss", *numbers), title=f"values per sample{of_model}")


def _value(r: Result, digits: Digits) -> str:
    return "-" if r.value is None else short(r.value, r.dtype, digits)


def _bars(counts: Sequence[int]) -> str:
    """A small histogram: the height of a bar is relative to the highest, none is where none lie."""
    highest = max(counts, default=0)
    if highest == 0:
        return ""
    return "".join(
        " " if count == 0 else BARS[(count * len(BARS) - 1) // highest] for count in counts
    )
