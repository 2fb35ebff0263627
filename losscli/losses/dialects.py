"""The frameworks whose numbers are reported: tables only, never a second formula."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Dialect:
    """A framework at a version, and how it makes one number of many samples by default."""

    name: str
    version: str
    reduction: Literal["mean", "mean_over_batch", "mean_over_nonzero"]


KERAS2 = Dialect("keras2", "2.1", reduction="mean_over_nonzero")
