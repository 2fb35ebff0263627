"""The types of parameters that losses share, each a number with the interval it must lie in."""

from math import inf
from typing import Annotated

from losscli.losses.domain import Interval

Positive = Annotated[float, Interval(0, inf, low_open=True)]
NonNegative = Annotated[float, Interval(0, inf)]
Epsilon = Annotated[float, Interval(0, 0.5, high_open=True)]
