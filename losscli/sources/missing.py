"""Which cells are missing, and what is said of one where none may be."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscli.errors import SourceError, skip_hint
from losscli.sources.base import Array
from losscli.sources.options import DEFAULTS, InputOptions

# What pandas, R, Excel and people write for a missing cell, to the letter: 'none' may be a class.
MARKS = frozenset(
    ("", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "<NA>", "NaT", "#N/A")
)


@dataclass(frozen=True)
class Missing:
    """What stands for a missing cell: these texts, and these numbers.

    Where they are `allowed` such a cell is NaN as a number; else it is an error.
    """

    allowed: bool = False
    texts: frozenset[str] = MARKS
    numbers: tuple[float, ...] = ()

    @classmethod
    def from_options(cls, options: InputOptions = DEFAULTS) -> "Missing":
        """The usual marks, and those that the user added: '-999' is also the number -999."""
        numbers = []
        for mark in options.missing:
            try:
                numbers.append(float(mark))
            except ValueError:
                continue
        texts = MARKS | {mark.strip() for mark in options.missing}
        return cls(options.allow_missing, texts, tuple(n for n in numbers if n == n))

    def find(self, block: Array) -> NDArray[np.bool_] | None:
        """Where an array of numbers holds one that stands for a missing cell; None if nowhere."""
        if not self.numbers:
            return None
        found = np.zeros(block.shape, dtype=np.bool_)
        for number in self.numbers:
            found |= block == number
        return found if found.any() else None


USUAL = Missing()


def missing_error(where: str, found: str) -> SourceError:
    """What is wrong with a missing cell where a number must stand; `found` is what stands there."""
    return SourceError(f"{where}: {found} is not a number", skip_hint())


def is_nothing(cell: Any) -> bool:
    """Whether an object is None, NumPy's masked, or pandas' NA or NaT."""
    return cell is None or type(cell).__name__ in ("NAType", "NaTType", "MaskedConstant")
