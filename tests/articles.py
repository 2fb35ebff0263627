"""The losses of their own that articles on Keras define, as functions of arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np

Loss = Callable[[Any, Any], Any]


def my_loss(y_true: Any, y_pred: Any) -> Any:
    return np.mean(y_pred - y_true, axis=-1)


def my_rmse(y_true: Any, y_pred: Any) -> Any:
    return np.sqrt(np.mean(np.square(y_true - y_pred)))


def my_huber_loss(threshold: float) -> Loss:
    def huber(y_true: Any, y_pred: Any) -> Any:
        error = y_true - y_pred
        big = threshold * (np.abs(error) - 0.5 * threshold)
        return np.where(np.abs(error) <= threshold, np.square(error) / 2, big)

    return huber


def contrastive_loss_with_margin(margin: float) -> Loss:
    def contrastive(y_true: Any, y_pred: Any) -> Any:
        missing = np.square(np.maximum(margin - y_pred, 0))
        return np.mean(y_true * np.square(y_pred) + (1 - y_true) * missing)

    return contrastive


PLAIN = {"my_loss": my_loss, "my_rmse": my_rmse}
MADE = {
    "my_huber_loss": my_huber_loss,
    "contrastive_loss_with_margin": contrastive_loss_with_margin,
}


def loss(name: str, params: dict[str, Any]) -> Loss:
    """The article's loss of that name, with its parameters."""
    return PLAIN[name] if name in PLAIN else MADE[name](**params)
