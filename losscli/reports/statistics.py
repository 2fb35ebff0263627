"""The statistics of the samples' values, as every format lists them: those of the vocabulary."""

import re
from collections.abc import Sequence

from losscli import words
from losscli.engine.result import Summary


def names() -> tuple[str, ...]:
    """The statistics in the order in which they are shown."""
    return words.choices(words.SummaryStatistic)


def values(summary: Summary | None, chosen: Sequence[str] | None = None) -> list[float]:
    """A number for each of those chosen, else of all; none where they were not computed."""
    if summary is None:
        return []
    return [getattr(summary, name) for name in (names() if chosen is None else chosen)]


def quantiles() -> str:
    """The statistics that may be inexact, in words: p50, p95 and p99."""
    *others, last = [name for name in names() if re.fullmatch(r"p\d+", name)]
    return f"{', '.join(others)} and {last}" if others else last
