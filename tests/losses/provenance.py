"""A golden value for every loss, each with its provenance: tests/golden, or worked by hand."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.conftest import golden
from tests.losses.samples import Pair

SIDES = ("y_true", "y_pred")


@dataclass(frozen=True)
class From:
    """Two rows that a framework computed, or all of them: an entry of tests/golden.

    `params` are those of the framework's call, `ours` the parameters that stand for them here,
    where they are not the loss's defaults. Of the call's `logs` the logarithm was taken. Where the
    framework gave nothing but a value, all rows are computed.
    """

    dialect: str
    loss: str
    case: str
    dtype: str = "float64"
    params: tuple[tuple[str, Any], ...] = ()
    ours: tuple[tuple[str, Any], ...] = ()
    logs: tuple[str, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()

    def entry(self) -> tuple[dict[str, Any], Pair]:
        """The entry, and the data of its first two rows, or of all."""
        document = golden(self.dialect)
        assert document["versions"]
        found = [
            value
            for value in document["values"]
            if (value["loss"], value["case"], value["dtype"]) == (self.loss, self.case, self.dtype)
            and self._plain(value["params"]) == dict(self.params)
            and value["sample_weight"] is None
        ]
        entry = found[0]
        rows = None if entry["unreduced"] is None else 2
        data = {**document["cases"][self.case], **entry["params"]}
        arrays = {
            name: np.array(data[given][:rows], dtype=self.dtype)
            for name, given in (*zip(SIDES, SIDES, strict=True), *self.inputs)
        }
        for name in self.logs:
            arrays[name] = np.log(arrays[name])
        t, p = (arrays.pop(side) for side in SIDES)
        return entry, Pair(t, p, arrays)

    def _plain(self, params: dict[str, Any]) -> dict[str, Any]:
        """The parameters that are neither arrays nor texts of what the call got."""
        arrays = {given for _, given in self.inputs}
        texts = {name for name, value in params.items() if str(value).startswith("log(")}
        return {k: v for k, v in params.items() if k not in arrays | texts}


@dataclass(frozen=True)
class ByHand:
    """Two rows computed by hand, for a loss that Keras and TensorFlow do not have as one."""

    t: list[list[float]]
    p: list[list[float]]
    per_sample: list[float]
    value: float


def keras(name: str, case: str = "article", dtype: str = "float64") -> From:
    return From("keras2", name, case, dtype)


def logits(name: str, case: str) -> From:
    return From("tf2_extract", name, case, params=(("from_logits", True),))


GOLDEN: dict[str, From | ByHand] = {
    "mse": keras("mean_squared_error"),
    # (1² + 0² + 1²)/3 = 2/3 and (1² + 0² + 0²)/3 = 1/3; over both rows (2 + 1)/6 = 1/2
    "rmse": ByHand(
        [[0, 1, 1], [0, 0, 1]],
        [[1, 1, 0], [1, 0, 1]],
        [math.sqrt(2 / 3), math.sqrt(1 / 3)],
        math.sqrt(1 / 2),
    ),
    "mae": keras("mean_absolute_error"),
    "mape": keras("mean_absolute_percentage_error"),
    "msle": keras("mean_squared_logarithmic_error"),
    "logcosh": keras("logcosh"),
    "huber": From("tf2_extract", "huber", "article", params=(("delta", 1.0),)),
    "poisson": keras("poisson"),
    # (1 + 0 − 1)/3 = 0 and (1 + 0 + 0)/3 = 1/3; over both rows (0 + 1/3)/2 = 1/6
    "mbe": ByHand([[0, 1, 1], [0, 0, 1]], [[1, 1, 0], [1, 0, 1]], [0, 1 / 3], 1 / 6),
    "binary_crossentropy": keras("binary_crossentropy"),
    "binary_crossentropy:from_logits": logits("binary_crossentropy", "ml_logit"),
    "categorical_crossentropy": keras("categorical_crossentropy"),
    "categorical_crossentropy:from_logits": logits("categorical_crossentropy", "mc_logit"),
    "sparse_categorical_crossentropy": keras("sparse_categorical_crossentropy", "sp_prob"),
    "sparse_categorical_crossentropy:from_logits": logits(
        "sparse_categorical_crossentropy", "sp_logit"
    ),
    "hinge": keras("hinge"),
    "squared_hinge": keras("squared_hinge"),
    # Keras 2.1 raises in float64.
    "categorical_hinge": keras("categorical_hinge", dtype="float32"),
    "kld": keras("kullback_leibler_divergence"),
    "cosine_proximity": keras("cosine_proximity"),
    "contrastive": From(
        "tf2_extract",
        "custom:contrastive_loss_with_margin",
        "article",
        params=(("margin", 1.0),),
    ),
}
