"""What `check` writes: the outcome in a format, and the reports that CI systems read."""

from typing import TextIO, assert_never

from losscli.gates.outcome import Outcome
from losscli.reports import github, junit
from losscli.reports.outcome import grid, to_json, to_markdown
from losscli.reports.output import open_output
from losscli.words import CheckFormat, ReportKind


def write(outcome: Outcome, format_: CheckFormat, stream: TextIO) -> None:
    """Write the verdicts in this format."""
    match format_:
        case "table":
            from losscli.reports.terminal import Terminal

            Terminal(stream).grid(grid(outcome))
        case "json":
            stream.write(to_json(outcome))
        case "markdown":
            stream.write(to_markdown(outcome))
        case _:
            assert_never(format_)


def export(outcome: Outcome, kind: ReportKind, path: str) -> None:
    """Write the report of this kind to a file; GitHub's to the summary of the step, if any.

    Raises OutputError.
    """
    match kind:
        case "junit":
            text = junit.document(outcome)
        case "markdown":
            text = to_markdown(outcome)
        case "json":
            text = to_json(outcome)
        case "github":
            github.append_summary(outcome)
            return
        case _:
            assert_never(kind)
    with open_output(path) as stream:
        stream.write(text)
