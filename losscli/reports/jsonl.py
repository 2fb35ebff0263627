"""JSON Lines: an object a sample, an object a loss, or the worst samples of each loss."""

from collections.abc import Sequence

from losscli.engine.plain import plain_numbers
from losscli.engine.result import Run, SampleBlock
from losscli.reports.cells import id_text
from losscli.reports.json import entry, line


class JsonLines:
    """Makes the lines; each is an object, with what it is of."""

    def head(self, labels: Sequence[str], with_ids: bool) -> str:
        """Nothing stands above the lines."""
        return ""

    def samples(self, labels: Sequence[str], block: SampleBlock) -> str:
        """A line for each sample of a block: its number, its id if it has one, and each loss."""
        columns = map(plain_numbers, block.values)
        ids = None if block.ids is None else [id_text(key) for key in block.ids]
        lines = []
        for i, (number, values) in enumerate(
            zip(block.numbers.tolist(), zip(*columns, strict=True), strict=True)
        ):
            content = {"sample": number, **({"id": ids[i]} if ids else {})}
            lines.append(line({**content, **dict(zip(labels, values, strict=True))}))
        return "".join(lines)

    def results(self, run: Run) -> str:
        """A line a loss."""
        n = run.n.to_dict()
        return "".join(line({**r.to_dict(), "n": n}) for r in run.results)

    def worst(self, run: Run) -> str:
        """A line for each of the worst samples of each loss."""
        return "".join(
            line({"loss": r.label, **sample})
            for r in run.results
            for sample in r.to_dict().get("worst", [])
        )

    def comparison(self, run: Run) -> str:
        """A line a loss, model and group."""
        several = len(run.models) > 1
        return "".join(line({**entry(r, several), "n": r.n.to_dict()}) for r in run.results)
