"""Keras 1.2 on TensorFlow: as Keras 2.1, but for an epsilon that is a float32 throughout."""

from losscli.frameworks.base import Dialect, Row

EPSILON = {"epsilon": 1.0000000116860974e-07}  # float32(1e-7), which it takes in float64 too
ROUNDED = "epsilon is the float32 next to 1e-7"

KERAS1 = Dialect(
    "keras1",
    "1.2.2",
    "Keras 1.2",
    "objectives",
    reduction="mean_over_nonzero",
    precision="float32",
    lacks=frozenset({"from_logits", "label_smoothing", "class_weight", "pos_weight"}),
    rows=(
        Row(("mean_squared_error", "mse", "MSE"), "mse"),
        Row(("mean_absolute_error", "mae", "MAE"), "mae"),
        Row(("mean_absolute_percentage_error", "mape", "MAPE"), "mape", EPSILON, why=ROUNDED),
        Row(("mean_squared_logarithmic_error", "msle", "MSLE"), "msle", EPSILON, why=ROUNDED),
        Row(("squared_hinge",), "squared_hinge"),
        Row(("hinge",), "hinge"),
        Row(("binary_crossentropy",), "binary_crossentropy", EPSILON, why=ROUNDED),
        Row(("categorical_crossentropy",), "categorical_crossentropy", EPSILON, why=ROUNDED),
        Row(
            ("sparse_categorical_crossentropy",),
            "sparse_categorical_crossentropy",
            EPSILON,
            why=ROUNDED,
        ),
        Row(("kullback_leibler_divergence", "kld", "KLD"), "kld", EPSILON, why=ROUNDED),
        Row(("poisson",), "poisson"),
        Row(
            ("cosine_proximity", "cosine"),
            "cosine_proximity",
            form="mean",
            why="the last axis is averaged, not summed",
        ),
    ),
)
