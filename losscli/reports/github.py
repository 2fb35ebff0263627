"""Verdicts for GitHub Actions: annotations, and the summary of a step."""

import os
from itertools import islice

from losscli.errors import OutputError, printable
from losscli.gates.outcome import Outcome
from losscli.reports.outcome import to_markdown
from losscli.reports.verdicts import condition, explain, select

SUMMARY = "GITHUB_STEP_SUMMARY"
# GitHub shows no more of a step.
MOST = 10


def annotations(outcome: Outcome) -> list[str]:
    """A workflow command for each gate that failed or could not be judged; the first ten."""
    return [
        f"::error title={_property(f'{check.name}: {condition(judged)}')}::{_data(explain(judged))}"
        for check, judged in islice(select(outcome, "failed", "error"), MOST)
    ]


def append_summary(outcome: Outcome) -> None:
    """Add the verdicts to the step's summary, where there is one. Raises OutputError."""
    path = os.environ.get(SUMMARY)
    if not path:
        return
    try:
        with open(path, "a", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.write(to_markdown(outcome) + "\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"{printable(path)} ({SUMMARY}) cannot be written: {reason}") from None


def _data(text: str) -> str:
    """Text as a workflow command's message."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Text as a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
