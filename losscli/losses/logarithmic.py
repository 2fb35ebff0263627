"""Losses of the logarithms of numbers against numbers: errors of ratios."""

from typing import Annotated

import numpy as np

from losscli.losses.declaration import Case
from losscli.losses.domain import ABOVE_MINUS_ONE, MOSTLY_NON_NEGATIVE, Interval
from losscli.losses.numerics import Array, log1p_ratio
from losscli.losses.regression import Outputs, regression, root_of_mean, sums_by_output

# None leaves the numbers as they are.
Floor = Annotated[float | None, Interval(0, low_open=True)]

REMARKS = {
    "y_true.non_negative": "Keras counts them as epsilon",
    "y_pred.non_negative": "Keras counts them as epsilon",
}


# What is not floored must be above −1.
FLOORED = Case(
    "epsilon",
    Interval(0, low_open=True),
    y_true=MOSTLY_NON_NEGATIVE,
    y_pred=MOSTLY_NON_NEGATIVE,
)
AS_THEY_ARE = Case("epsilon", None, y_true=ABOVE_MINUS_ONE, y_pred=ABOVE_MINUS_ONE)


def _squared_log_ratio(y_true: Array, y_pred: Array, epsilon: float | None) -> Array:
    if epsilon is not None:
        floor = y_true.dtype.type(epsilon)
        y_true, y_pred = np.maximum(y_true, floor), np.maximum(y_pred, floor)
    ratio = log1p_ratio(y_pred, y_true)
    return ratio * ratio


@regression(
    aliases=("mean_squared_logarithmic_error",),
    y_true=MOSTLY_NON_NEGATIVE,
    y_pred=MOSTLY_NON_NEGATIVE,
    symmetric=True,
    zero_at_perfect=True,
    remarks=REMARKS,
    cases=(AS_THEY_ARE,),
)
def msle(y_true: Array, y_pred: Array, *, epsilon: Floor = 1e-7) -> Array:
    """Mean squared logarithmic error.

    Formula:
        ( ln(1 + max(p, ε)) − ln(1 + max(t, ε)) )²
    Parameters:
        epsilon: least value of both arrays; none takes them as they are, which must be above -1
    Shape: any, the same for both; a sample's value is the mean over its elements.
    Edge cases: negative numbers silently count as ε in Keras; here a note says how many there are.
    """
    return _squared_log_ratio(y_true, y_pred, epsilon)


@regression(
    aliases=("root_mean_squared_logarithmic_error",),
    kind="pooled",
    y_true=ABOVE_MINUS_ONE,
    y_pred=ABOVE_MINUS_ONE,
    finalise=root_of_mean,
    per_output=True,
    symmetric=True,
    zero_at_perfect=True,
    cases=(FLOORED,),
)
def rmsle(
    y_true: Array, y_pred: Array, *, epsilon: Floor = None, outputs: Outputs = "pooled"
) -> Array:
    """Root mean squared logarithmic error: the root of the mean over everything.

    Formula:
        √( mean ( ln(1 + p) − ln(1 + t) )² )
        outputs=separate:   mean over the columns of the root of each
    Parameters:
        epsilon: least value of both arrays; none takes them as they are, which must be above -1
        outputs: one root of the mean over all columns, or a root for each column, then averaged
    Shape: any, the same for both; a sample's value is the root of its own mean.
    Edge cases: over several samples it is not the mean of the samples' values, but at least that.
    """
    return sums_by_output(_squared_log_ratio(y_true, y_pred, epsilon), outputs)
