"""What y_true and y_pred must be, as data, and the pure checks of it.

A domain has two levels. What is *required* (an interval, whole numbers, a column per class) has to
hold, or the loss has no meaning. What is *expected* is usual but not needed: where it fails, the
value is still computed and a note is due.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from losscli.errors import setting
from losscli.losses.numerics import Array

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Interval:
    """A range of numbers; its ends belong to it unless they are marked open or are infinite."""

    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, x: float) -> bool:
        above = x > self.low if self.low_open else x >= self.low
        below = x < self.high if self.high_open else x <= self.high
        return above and below

    def __str__(self) -> str:
        left = "(" if self.low_open or self.low == -inf else "["
        right = ")" if self.high_open or self.high == inf else "]"
        ends = [f"{end:g}".replace("inf", "∞").replace("-", "−") for end in (self.low, self.high)]
        return f"{left}{ends[0]}, {ends[1]}{right}"

    def outside(self, x: Array) -> Array:
        """A boolean array: which values lie outside. NaN lies outside of every interval."""
        above = x > self.low if self.low_open else x >= self.low
        below = x < self.high if self.high_open else x <= self.high
        outside: Array = ~(above & below)
        return outside


@dataclass(frozen=True)
class Finding:
    """Where an expectation did not hold: how often, how far at most, and in which row first."""

    count: int
    worst: float
    row: int

    def merge(self, later: "Finding") -> "Finding":
        """The finding over two runs of rows, `later` being the one that comes after."""
        return Finding(self.count + later.count, max(self.worst, later.worst), self.row)


@dataclass(frozen=True)
class Expectation:
    """Something usual about the data: `deviation(x)` is 0 where it holds.

    `deviation` returns an array of x's shape (a fault is a value) or with one axis less (a fault is
    a row); what exceeds `tolerance` counts. `fault` completes "values that …" in a
    note, which tells the largest deviation if it is `measured`.
    """

    name: str
    fault: str
    deviation: Callable[[Array], Array]
    tolerance: float = 0.0
    unit: str = "value"
    measured: bool = False

    def find(self, x: Array, rows: Array | None = None) -> Finding | None:
        """The faults in a block of the rows of these numbers (from 0 if not given), or None."""
        deviation = self.deviation(x).reshape(len(x), -1)
        faulty = deviation > self.tolerance
        count = int(np.count_nonzero(faulty))
        if count == 0:
            return None
        first = int(np.argmax(faulty.any(axis=1)))
        row = first if rows is None else int(rows[first])
        return Finding(count, float(deviation[faulty].max()), row)


# A file that was written with three decimals must not earn a note.
ROWS_SUM_TO_ONE = Expectation(
    "rows_sum_to_one",
    "do not sum to 1",
    lambda x: np.abs(x.sum(axis=-1) - 1),
    tolerance=2e-3,
    unit="row",
    measured=True,
)
SIGNS = Expectation("signs", "are neither -1 nor +1", lambda x: np.abs(np.abs(x) - 1))
NON_NEGATIVE = Expectation("non_negative", "are negative", lambda x: np.maximum(-x, 0))
NON_ZERO = Expectation("non_zero", "are 0", lambda x: (x == 0).astype(np.float64))
ZERO_OR_ONE = Expectation(
    "zero_or_one", "are neither 0 nor 1", lambda x: np.minimum(np.abs(x), np.abs(x - 1))
)
SEVERAL_COLUMNS = Expectation(
    "several_columns",
    "are single numbers, not vectors",
    lambda x: np.full(x.shape[:-1], float(x.shape[-1] == 1)),
    unit="row",
)


@dataclass(frozen=True)
class Domain:
    """What an array must be; `name` says it in two words, `description` in full.

    `class_index`: the values number the columns of y_pred, from 0, so its last axis is missing
    here; `class_list`: rows as long as those of y_pred, of such numbers, padded with -1; `per_row`:
    the last axis is missing, too, of what is no index. `per_class`: the last axis holds a value per
    class, at least two of them. `labels`: the only values there may be, of which a class index is
    the place; otherwise `binary` are the numbers that two labels stand for.
    `either`: two labels of which only one may be there, for both mean the same.
    `needed`: what is required, where its numbers do not say it well; `outside`: what is computed
    beyond it under the domain policy `framework`.
    `examples`: two rows of it as y_true and two as y_pred, for `losscli info` and the tests.
    """

    name: str
    description: str
    interval: Interval = Interval()
    integer: bool = False
    class_index: bool = False
    class_list: bool = False
    per_class: bool = False
    per_row: bool = False
    labels: tuple[float, ...] = ()
    binary: tuple[float, float] = (0, 1)
    either: tuple[float, float] | None = None
    needed: str = ""
    outside: str = ""
    expected: tuple[Expectation, ...] = ()
    examples: tuple[Rows, Rows] = (((0, 1, 1), (0, 0, 1)), ((1, 1, 0), (1, 0, 1)))

    def range(self, classes: int) -> Interval:
        """What its numbers must lie in; `classes` is the number of columns of y_pred."""
        if self.class_index or self.class_list:
            return Interval(-1 if self.class_list else 0, classes - 1)
        return self.interval

    @property
    def has_rows(self) -> bool:
        """Whether there is one value for each row of y_pred."""
        return self.class_index or self.per_row

    def with_labels(self, labels: tuple[float, ...]) -> "Domain":
        """The domain of y_true where it holds these labels in place of what is required here."""
        text = ", ".join(f"{label:g}" for label in labels)
        return replace(self, description=f"labels: {text}", labels=labels, expected=())

    def translated(self, x: Array) -> Array:
        """Labels as the loss takes them: as indices, or as the two numbers of a binary loss."""
        if not self.labels:
            return x
        values = np.arange(len(self.labels)) if self.class_index else np.array(self.binary)
        labels = np.array(self.labels, dtype=x.dtype)
        index = np.argmax(x[..., np.newaxis] == labels, axis=-1)
        return np.where(np.isnan(x), x, values[index]).astype(x.dtype, copy=False)

    def faulty(self, x: Array, classes: int, ignored: object = None) -> Array | None:
        """Which values are outside of what is required, or None if none is. NaN is not looked at.

        `classes` is the number of columns of y_pred, which class indices must be below; `ignored`
        is a label that is let pass.
        """
        if self.labels:
            unknown = ~np.isin(x, np.array(self.labels, dtype=x.dtype)) & ~np.isnan(x)
            if ignored is not None:
                unknown &= x != ignored
            return unknown if unknown.any() else None
        interval = self.range(classes)
        # Two passes that make nothing, before any that makes an array: data is nearly always fine.
        inside = interval == Interval() or (x.min() in interval and x.max() in interval)
        if inside and not self.integer:
            return None
        faulty = interval.outside(x)
        if self.integer:
            faulty |= np.floor(x) != x
        faulty &= ~np.isnan(x)
        if ignored is not None:
            faulty &= x != ignored
        return faulty if faulty.any() else None

    def requirement(self, classes: int) -> str:
        """What is required, as an error says it after 'must be'."""
        if self.labels:
            return f"one of the {self.description}"
        if self.outside:
            return f"{self.needed} ({self.outside}: {setting('domain', 'framework')})"
        if self.needed:
            return self.needed
        if self.class_index:
            return f"a class index, a whole number from 0 to {classes - 1}"
        if self.class_list:
            return f"a class index, a whole number from 0 to {classes - 1}, or -1 for no more"
        return f"{'a whole number' if self.integer else 'a number'} in {self.interval}"


REAL = Domain("real numbers", "any real numbers")
LOGITS = Domain(
    "logits",
    "logits (any real numbers)",
    examples=(((0, 1, 1), (0, 0, 1)), ((-2, 1.5, 0.5), (0, -1, 3))),
)
CLASS_LOGITS = Domain(
    "a logit per class",
    "logits, one column per class",
    per_class=True,
    examples=(((0, 1, 0), (0, 0, 1)), ((-2, 1.5, 0.5), (0, -1, 3))),
)
CLASS_SCORES = Domain(
    "a score per class",
    "scores (any real numbers), one column per class",
    per_class=True,
    examples=CLASS_LOGITS.examples,
)
MOSTLY_NON_NEGATIVE = Domain(
    "numbers, usually ≥ 0", "real numbers, expected in [0, ∞)", expected=(NON_NEGATIVE,)
)
NON_NEGATIVES = Domain(
    "numbers ≥ 0",
    "numbers in [0, ∞)",
    interval=Interval(0),
    examples=(((0, 1, 3), (2, 0, 1)), ((0.5, 1, 2.5), (1.5, 0.25, 1))),
)
NON_ZEROS = Domain(
    "numbers, usually not 0",
    "real numbers, expected not to be 0",
    expected=(NON_ZERO,),
    examples=(((1, 2, 4), (5, 1, 2)), ((1, 1, 5), (4, 1, 4))),
)
PROBABILITIES = Domain(
    "probabilities",
    "probabilities in [0, 1]",
    interval=Interval(0, 1),
    examples=(((0, 1, 1), (0, 0, 1)), ((0.1, 0.8, 0.6), (0.3, 0.2, 0.9))),
)
BINARY_LABELS = Domain(
    "labels 0 or 1",
    "labels 0 or 1 (or probabilities between them)",
    interval=Interval(0, 1),
    examples=PROBABILITIES.examples,
)
SIMILARITY_LABELS = Domain(
    "1 similar, 0 not",
    "1 for similar, 0 for dissimilar",
    interval=Interval(0, 1),
    expected=(ZERO_OR_ONE,),
)
DISTANCES = Domain(
    "distances ≥ 0",
    "distances in [0, ∞)",
    interval=Interval(0),
    examples=(((1, 0, 1), (0, 1, 0)), ((0.5, 0.25, 0), (2, 1.5, 0))),
)
DISTRIBUTIONS = Domain(
    "rows of probabilities",
    "probabilities in [0, 1], rows expected to sum to 1",
    interval=Interval(0, 1),
    expected=(ROWS_SUM_TO_ONE,),
    examples=(((0.25, 0.5, 0.25), (0, 0.5, 0.5)), ((0.2, 0.7, 0.1), (0.1, 0.3, 0.6))),
)
CLASS_PROBABILITIES = Domain(
    "a probability per class",
    "probabilities in [0, 1], one column per class, rows expected to sum to 1",
    interval=Interval(0, 1),
    per_class=True,
    expected=(ROWS_SUM_TO_ONE,),
    examples=(((0, 1, 0), (0, 0, 1)), ((0.2, 0.7, 0.1), (0.1, 0.3, 0.6))),
)
ONE_HOT = Domain(
    "one-hot rows",
    "one-hot rows (or distributions), one column per class",
    interval=Interval(0, 1),
    per_class=True,
    expected=(ROWS_SUM_TO_ONE,),
    examples=CLASS_PROBABILITIES.examples,
)
CLASS_INDICES = Domain(
    "class indices",
    "class indices, whole numbers from 0",
    interval=Interval(0),
    integer=True,
    class_index=True,
    examples=(((1,), (2,)), ((1,), (2,))),
)
SIGN_LABELS = Domain(
    "labels -1 or +1",
    "labels, expected to be -1 or +1",
    binary=(-1, 1),
    expected=(SIGNS,),
    examples=(((-1, 1, 1), (-1, -1, 1)), ((-1, 1, 1), (-1, -1, 1))),
)
VECTORS = Domain(
    "vectors", "real vectors, expected to have several columns", expected=(SEVERAL_COLUMNS,)
)

# What likelihoods, divergences, pairs and overlaps need.

LOG_ROWS_SUM_TO_ONE = Expectation(
    "log_rows_sum_to_one",
    "are not logarithms of probabilities that sum to 1",
    lambda x: np.abs(np.exp(x).sum(axis=-1) - 1),
    tolerance=2e-3,
    unit="row",
    measured=True,
)
# A single column holds the probabilities of one class, which sum to nothing in particular.
CLASSES_SUM_TO_ONE = Expectation(
    "rows_sum_to_one",
    "do not sum to 1",
    lambda x: np.abs(x.sum(axis=-1) - 1) * (x.shape[-1] > 1),
    tolerance=2e-3,
    unit="row",
    measured=True,
)
POSITIVES = Domain(
    "numbers > 0",
    "numbers in (0, ∞)",
    interval=Interval(0, low_open=True),
    examples=(((0.5, 1, 3), (2, 0.25, 1)), ((0.5, 1.5, 2.5), (1.5, 0.25, 1))),
)
ABOVE_MINUS_ONE = Domain(
    "numbers > −1",
    "numbers in (−1, ∞)",
    interval=Interval(-1, low_open=True),
    examples=NON_NEGATIVES.examples,
)
LOG_RATES = Domain(
    "logarithms of rates",
    "logarithms of rates (any real numbers)",
    examples=(((0, 1, 3), (2, 0, 1)), ((-0.5, 0, 1), (0.5, -1.5, 0))),
)
LOG_DISTRIBUTIONS = Domain(
    "rows of log-probabilities",
    "logarithms of probabilities, rows of which are expected to sum to 1",
    expected=(LOG_ROWS_SUM_TO_ONE,),
    examples=(
        ((-1.3863, -0.6931, -1.3863), (-0.6931, -1.3863, -1.3863)),
        ((-1.6094, -0.3567, -2.3026), (-2.3026, -1.204, -0.5108)),
    ),
)
LOG_NON_NEGATIVES = Domain(
    "logarithms",
    "logarithms of numbers ≥ 0 (any real numbers)",
    examples=LOG_RATES.examples,
)
VARIANCES = Domain(
    "variances ≥ 0",
    "variances in [0, ∞), one for each value or one for each row",
    interval=Interval(0),
    per_row=True,
    examples=(((1, 0.5, 2), (0.25, 1, 1)), ((1, 0.5, 2), (0.25, 1, 1))),
)
PAIR_SIGNS = Domain(
    "+1 alike, −1 not",
    "+1 where two vectors should be alike, −1 where not",
    per_row=True,
    expected=(SIGNS,),
    examples=(((1,), (-1,)), ((1,), (-1,))),
)
MASK_PROBABILITIES = Domain(
    "probabilities of classes",
    "probabilities in [0, 1], a column per class, rows of several expected to sum to 1",
    interval=Interval(0, 1),
    expected=(CLASSES_SUM_TO_ONE,),
    examples=CLASS_PROBABILITIES.examples,
)
