"""The base class of losses that are written as classes."""

from typing import Any

import numpy as np


class Loss:
    """A loss with `call(y_true, y_pred)`, as `keras.losses.Loss`.

    What `call` returns is the unreduced loss; how it is reduced is asked of losscli, so `reduction`
    is taken and not used.
    """

    def __init__(self, reduction: Any = None, name: str | None = None, **_: Any) -> None:
        self.reduction = reduction
        self.name = name or type(self).__name__

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The unreduced loss of two arrays."""
        raise TypeError(f"{type(self).__name__} has no method call(self, y_true, y_pred)")

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The mean of what `call` returns, weighted if weights are given."""
        values = np.asarray(self.call(y_true, y_pred))
        return values.mean() if sample_weight is None else (values * sample_weight).mean()

    def get_config(self) -> dict[str, Any]:
        """What Keras saves of a loss."""
        return {"reduction": self.reduction, "name": self.name}
