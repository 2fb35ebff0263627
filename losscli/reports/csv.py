"""CSV and TSV: a row a sample, a row a loss, or the worst samples of each loss."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from losscli.engine.result import Run, SampleBlock
from losscli.reports.grid import STATISTICS, id_text, worst_columns
from losscli.reports.numbers import exact, exact_all


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
            value = "" if r.value is None else exact(r.value, r.dtype)
            numbers = [exact(getattr(r.summary, name), r.dtype) for name in STATISTICS]
            error = r.summary.quantile_error if r.summary else ""
            lines.append(self._line([r.label, value, r.n.used, *numbers, error, r.signature]))
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
            lines.append(self._line([r.label, sample.number, *ids, value, *worst_columns(sample)]))
        return "".join(lines)
