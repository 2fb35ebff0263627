"""Verdicts for GitHub Actions: annotations, and the summary of a step."""

import os
from collections.abc import Iterator

from losscli.errors import OutputError, printable
from losscli.gates.outcome import Outcome
from losscli.reports.check import as_markdown, condition, told

SUMMARY = "GITHUB_STEP_SUMMARY"
# GitHub shows no more of a step.
MOST = 10


def annotations(outcome: Outcome) -> list[str]:
    """A workflow command for each gate that failed or could not be judged; the first ten."""
    return list(_annotations(outcome))[:MOST]


def _annotations(outcome: Outcome) -> Iterator[str]:
    for check in outcome.checks:
        for judged in check.gates:
            if judged.status in ("failed", "error"):
                title = _property(f"{check.name}: {condition(judged)}")
                yield f"::error title={title}::{_data(told(judged))}"


def append_summary(outcome: Outcome) -> None:
    """Add the verdicts to the step's summary, where there is one. Raises OutputError."""
    path = os.environ.get(SUMMARY)
    if not path:
        return
    try:
        with open(path, "a", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.write(as_markdown(outcome) + "\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"{printable(path)} ({SUMMARY}) cannot be written: {reason}") from None


def _data(text: str) -> str:
    """Text as a workflow command's message."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Text as a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
