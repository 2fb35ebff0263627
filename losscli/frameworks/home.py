"""The home dialect: the formulas that `losscli info` shows, in double precision.

They are Keras 2.1's and the articles' own, without its overflow. A weighted mean is Σwl/Σw.
"""

from losscli.frameworks.base import Dialect

HOME = Dialect("home", "", "losscli", "", reduction="mean", precision="float64")
