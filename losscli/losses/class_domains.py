"""What y_true and y_pred of classes, labels, lists and ranks must be, beyond losses.domain."""

import numpy as np

from losscli.losses.domain import (
    LOG_DISTRIBUTIONS,
    LOG_ROWS_SUM_TO_ONE,
    PROBABILITIES,
    ZERO_OR_ONE,
    Domain,
    Expectation,
    Interval,
)

SIGNS_OR_ZERO = Expectation(
    "signs_or_zero",
    "are neither -1, 0 nor +1",
    lambda x: np.minimum(np.abs(x), np.abs(np.abs(x) - 1)),
)
LABELS = Domain("labels", "labels, any numbers")
HARD_LABELS = Domain(
    "labels 0 or 1",
    "labels, expected to be 0 or 1",
    interval=Interval(0, 1),
    expected=(ZERO_OR_ONE,),
    examples=PROBABILITIES.examples,
)
INDICATORS = Domain(
    "0 or 1 per label",
    "1 where the label applies and 0 where not, one column per label",
    interval=Interval(0, 1),
    per_class=True,
    expected=(ZERO_OR_ONE,),
    examples=PROBABILITIES.examples,
)
SIGN_OR_BINARY_LABELS = Domain(
    "labels -1 (or 0) or +1",
    "labels +1 and -1, or 1 and 0",
    interval=Interval(-1, 1),
    integer=True,
    needed="-1, 0 or +1",
    outside="soft labels",
    binary=(-1, 1),
    either=(0.0, -1.0),
    expected=(SIGNS_OR_ZERO,),
    examples=PROBABILITIES.examples,
)
RELEVANCES = Domain(
    "relevances ≥ 0",
    "relevances in [0, ∞), one column per item of the list",
    interval=Interval(0),
    per_class=True,
    examples=(((0, 1, 3), (2, 0, 1)), ((0, 1, 3), (2, 0, 1))),
)
CLASS_LOG_PROBABILITIES = Domain(
    "a log-probability per class",
    "logarithms of probabilities, one column per class, rows of which are expected to sum to 1",
    per_class=True,
    expected=(LOG_ROWS_SUM_TO_ONE,),
    examples=LOG_DISTRIBUTIONS.examples,
)
CLASS_LISTS = Domain(
    "lists of class indices",
    "rows of class indices up to the first -1, as long as those of y_pred",
    integer=True,
    class_list=True,
    per_class=True,
    examples=(((1, -1, -1), (2, 0, -1)), ((1, -1, -1), (2, 0, -1))),
)
