"""CSV and TSV: a row a sample, a row a loss, or the worst samples of each loss."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from losscli.engine.result import Result, Run, SampleBlock
from losscli.errors import printable
from losscli.reports import statistics
from losscli.reports.cells import exact_row, id_text
from losscli.reports.numbers import exact, exact_all


class CsvLines:
    """Makes the lines of a CSV file with this delimiter."""

    def __init__(self, delimiter: str = ",") -> None:
        self._delimiter = delimiter

    def _line(self, cells: Sequence[Any]) -> str:
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=self._delimiter, lineterminator="\n").writerow(cells)
        return buffer.getvalue()

    def head(self, labels: Sequence[str], with_ids: bool) -> str:
        """The header of a row a sample."""
        return self._line(["sample", *(["id"] if with_ids else []), *labels])

    def samples(self, labels: Sequence[str], block: SampleBlock) -> str:
        """A row for each sample of a block."""
        numbers = map(str, block.numbers.tolist())
        columns = map(exact_all, block.values)
        if block.ids is not None:
            ids = map(id_text, block.ids)
            return "".join(map(self._line, zip(numbers, ids, *columns, strict=True)))
        join = self._delimiter.join
        return "".join([join(row) + "\n" for row in zip(numbers, *columns, strict=True)])

    def results(self, run: Run) -> str:
        """A header, and a row a loss."""
        lines = [self._line(["loss", "value", "n", *_headings(), "signature"])]
        for r in run.results:
            values = [r.value] if r.outputs is None else list(r.outputs)
            value = " ".join(exact(one, r.dtype) for one in values if one is not None)
            cells = [printable(r.label), value, r.n.used, *_statistics(r), r.signature]
            lines.append(self._line(cells))
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
            arrays = exact_row(sample.y_true), exact_row(sample.y_pred)
            lines.append(self._line([printable(r.label), sample.number, *ids, value, *arrays]))
        return "".join(lines)

    def comparison(self, run: Run, with_reasons: bool) -> str:
        """A header, and a row a loss, model and group; `with_reasons` also what does not apply."""
        by_group = any(r.group is not None for r in run.results)
        keys = ["loss", "family", "model", *(["group"] if by_group else [])]
        reason = ["reason"] if with_reasons else []
        headings = [*keys, "value", "n", *_headings(), "unusual", "signature", *reason]
        lines = [self._line(headings)]
        for r in run.results:
            group = [id_text(r.group or ())] if by_group else []
            value = "" if r.value is None else exact(r.value, r.dtype)
            head = [printable(r.label), r.family, printable(r.model or ""), *group, value, r.n.used]
            tail = [str(r.unusual).lower(), r.signature, *([""] if with_reasons else [])]
            lines.append(self._line([*head, *_statistics(r), *tail]))
        if with_reasons:
            blank = [""] * (len(headings) - 3)
            for left_out in run.not_applicable:
                name = printable(left_out.loss)
                lines.append(self._line([name, left_out.family, *blank, left_out.reason]))
        return "".join(lines)


def _headings() -> list[str]:
    return [*statistics.names(), "quantile_error"]


def _statistics(r: Result) -> list[Any]:
    """A cell for each of the headings."""
    numbers = [exact(number, r.dtype) for number in statistics.values(r.summary)]
    return [*numbers, r.summary.quantile_error] if r.summary else [""] * len(_headings())
