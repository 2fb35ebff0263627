"""Keras 2.1 on TensorFlow: its losses are the home definitions."""

from losscli.frameworks.base import Dialect, Row

KERAS2 = Dialect(
    "keras2",
    "2.1",
    "Keras 2.1",
    "losses",
    reduction="mean_over_nonzero",
    precision="float32",
    rows=(
        Row(("mean_squared_error", "mse", "MSE"), "mse"),
        Row(("mean_absolute_error", "mae", "MAE"), "mae"),
        Row(("mean_absolute_percentage_error", "mape", "MAPE"), "mape"),
        Row(("mean_squared_logarithmic_error", "msle", "MSLE"), "msle"),
        Row(("squared_hinge",), "squared_hinge"),
        Row(("hinge",), "hinge"),
        Row(("categorical_hinge",), "categorical_hinge"),
        Row(("logcosh",), "logcosh"),
        Row(("categorical_crossentropy",), "categorical_crossentropy"),
        Row(("sparse_categorical_crossentropy",), "sparse_categorical_crossentropy"),
        Row(("binary_crossentropy",), "binary_crossentropy"),
        Row(("kullback_leibler_divergence", "kld", "KLD"), "kld"),
        Row(("poisson",), "poisson"),
        Row(("cosine_proximity", "cosine"), "cosine_proximity"),
    ),
)
