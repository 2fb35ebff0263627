"""A column that counts the rows in both inputs, beside others that differ: a key, not a value."""

from collections.abc import Sequence

import numpy as np

from losscli.errors import DataError, setting
from losscli.losses.numerics import Array

# With fewer rows, equal numbers that rise may well be what a model predicts.
LEAST_ROWS = 5


class Counters:
    """Looks for columns of whole numbers that are equal in every row of two inputs without names,
    and rise by the same step from each row to the next. One state a column, whatever the rows.
    """

    def __init__(self, labels: tuple[str, str]) -> None:
        self._labels = labels
        self._n = 0
        self._equal: Array | None = None
        self._rising: Array | None = None
        self._step: Array | None = None
        self._last: Array | None = None

    def update(self, y_true: Array, y_pred: Array) -> None:
        """Look at some rows (n, columns) of both."""
        if self._equal is None or self._rising is None:
            self._equal = self._rising = np.ones(y_true.shape[1], dtype=np.bool_)
        self._equal = self._equal & (y_true == y_pred).all(axis=0)
        if (self._equal & self._rising).any():
            rows = y_true.astype(np.float64)
            self._rising = self._rising & (rows == np.trunc(rows)).all(axis=0)
            if self._last is not None:
                rows = np.concatenate([self._last, rows])
            steps = np.diff(rows, axis=0)
            if len(steps):
                self._step = steps[0] if self._step is None else self._step
                self._rising = self._rising & (steps == self._step).all(axis=0) & (self._step > 0)
            self._last = rows[-1:]
        self._n += len(y_true)

    def columns(self) -> Sequence[int]:
        """The columns that count, if there are others that are not equal; numbered from 1."""
        if self._equal is None or self._rising is None or self._n < LEAST_ROWS:
            return ()
        found = self._equal & self._rising
        return () if self._equal.all() else [int(c) + 1 for c in np.flatnonzero(found)]

    def check(self) -> None:
        """Raise DataError where there is such a column: it may be no value."""
        if not (columns := self.columns()):
            return
        true, pred = self._labels
        raise DataError(
            f"column {columns[0]} counts the rows alike in {true} and {pred}, beside columns that "
            "differ: it looks like an index, and would be averaged in",
            f"choose the columns with {setting('true_cols')} and {setting('pred_cols')}, or say "
            f"{setting('by_position', True)} if all are values",
        )
