"""What `baseline show` writes."""

from losscli.errors import printable
from losscli.gates.baseline import Baseline
from losscli.reports.grid import Grid
from losscli.reports.terminal import Terminal


def listing(baseline: Baseline, samples: str | None, terminal: Terminal) -> None:
    """A row a loss, and what data they are of; `samples` is how the file beside it fares."""
    rows: list[tuple[str, ...]] = [(entry.loss, repr(entry.value)) for entry in baseline.entries]
    terminal.grid(Grid(("loss", "value"), rows, frozenset({1})))
    shape = ", ".join(map(str, baseline.y_true.shape))
    terminal.line(f"y_true: shape ({shape}), sha256 {baseline.y_true.sha256}")
    if baseline.samples is not None:
        terminal.line(f"samples: {printable(baseline.samples.file)}, {samples}")
    terminal.line()
    for entry in baseline.entries:
        terminal.line(entry.signature, style="dim")
