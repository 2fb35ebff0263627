"""CSV and TSV: a row a sample, a row a loss, or the worst samples of each loss."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from losscli.engine.result import Run, SampleBlock
from losscli.errors import printable
from losscli.reports.grid import id_text, worst_columns
from losscli.reports.numbers import exact, exact_all
from losscli.words import SummaryStatistic, choices

STATISTICS = choices(SummaryStatistic)


class CsvWriter:
    """Makes the lines of a CSV file with this delimiter."""

    def __init__(self, delimiter: str = ",") -> None:
        self._delimiter = delimiter

    def _line(self, cells: Sequence[Any]) -> str:
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=self._delimiter, lineterminator="\n").writerow(cells)
        return buffer.getvalue()

    def header(self, labels: Sequence[str], with_ids: bool) -> str:
        """The header of a row a sample."""
        return self._line(["sample", *(["id"] if with_ids else []), *labels])

    def block(self, block: SampleBlock) -> str:
        """A row for each sample of a block."""
        numbers = map(str, block.numbers.tolist())
        columns = map(exact_all, block.values)
        if block.ids is not None:
            ids = map(id_text, block.ids)
            return "".join(map(self._line, zip(numbers, ids, *columns, strict=True)))
        join = self._delimiter.join
        return "".join([join(row) + "\n" for row in zip(numbers, *columns, strict=True)])

    def summary(self, run: Run) -> str:
        """A header, and a row a loss."""
        lines = [self._line(["loss", "value", "n", *STATISTICS, "quantile_error", "signature"])]
        for r in run.results:
            values = [r.value] if r.outputs is None else list(r.outputs)
            value = " ".join(exact(one, r.dtype) for one in values if one is not None)
            numbers = [exact(getattr(r.summary, name), r.dtype) for name in STATISTICS]
            error = r.summary.quantile_error if r.summary else ""
            lines.append(
                self._line([printable(r.label), value, r.n.used, *numbers, error, r.signature])
            )
        return "".join(lines)

    def compared(self, run: Run, with_reasons: bool) -> str:
        """A header, and a row a loss, model and group; `with_reasons` also what does not apply."""
        by_group = any(r.group is not None for r in run.results)
        head = ["loss", "family", "model", *(["group"] if by_group else []), "value", "n"]
        tail = ["quantile_error", "unusual", "signature", *(["reason"] if with_reasons else [])]
        lines = [self._line([*head, *STATISTICS, *tail])]
        for r in run.results:
            group = [id_text(r.group or ())] if by_group else []
            value = "" if r.value is None else exact(r.value, r.dtype)
            numbers = [exact(getattr(r.summary, name), r.dtype) for name in STATISTICS]
            error = r.summary.quantile_error if r.summary else ""
            cells = [
                printable(r.label),
                r.family,
                printable(r.model or ""),
                *group,
                value,
                r.n.used,
                *numbers,
            ]
            reason = [""] if with_reasons else []
            rest = [error, str(r.unusual).lower(), r.signature, *reason]
            lines.append(self._line([*cells, *rest]))
        if with_reasons:
            blank = [""] * (len(head) - 2 + len(STATISTICS) + 3)
            for left_out in run.not_applicable:
                name = printable(left_out.loss)
                lines.append(self._line([name, left_out.family, *blank, left_out.reason]))
        return "".join(lines)

    def worst(self, run: Run) -> str:
        """A header, and for each loss its worst samples, the worst first."""
        samples = [(r, sample) for r in run.results for sample in r.worst]
        with_ids = any(sample.id is not None for _, sample in samples)
        id_heading = ["id"] if with_ids else []
        lines = [self._line(["loss", "sample", *id_heading, "value", "y_true", "y_pred"])]
        for r, sample in samples:
            ids = [id_text(sample.id or ())] if with_ids else []
            value = exact(sample.value, r.dtype)
            lines.append(
                self._line([printable(r.label), sample.number, *ids, value, *worst_columns(sample)])
            )
        return "".join(lines)
