"""tf.keras 2.15, whose functions and classes go by the same rules."""

from losscli.frameworks.base import Dialect, Row

TWICE = "clips at 1e-7, then adds 1e-7 in the log"
SIGNED = "labels 0 count as -1"

TF2 = Dialect(
    "tf2",
    "2.15",
    "tf.keras 2.15",
    "losses",
    reduction="mean_over_batch",
    precision="float32",
    reductions={"auto": "mean_over_batch", "sum_over_batch_size": "mean_over_batch"},
    own_form="elements",
    axes="last",
    rows=(
        Row(("mean_squared_error", "mse", "MSE", "MeanSquaredError"), "mse"),
        Row(("mean_absolute_error", "mae", "MAE", "MeanAbsoluteError"), "mae"),
        Row(
            ("mean_absolute_percentage_error", "mape", "MAPE", "MeanAbsolutePercentageError"),
            "mape",
        ),
        Row(
            ("mean_squared_logarithmic_error", "msle", "MSLE", "MeanSquaredLogarithmicError"),
            "msle",
        ),
        Row(("huber", "huber_loss", "Huber"), "huber"),
        Row(("log_cosh", "logcosh", "LogCosh"), "logcosh"),
        Row(("poisson", "Poisson"), "poisson"),
        Row(("kl_divergence", "kullback_leibler_divergence", "kld", "KLD", "KLDivergence"), "kld"),
        Row(("cosine_similarity", "CosineSimilarity"), "cosine_proximity"),
        Row(
            ("binary_crossentropy", "bce", "BCE", "BinaryCrossentropy"),
            "binary_crossentropy",
            {"clip": "twice"},
            why=TWICE,
        ),
        Row(
            ("binary_focal_crossentropy", "BinaryFocalCrossentropy"),
            "binary_focal_crossentropy",
            {"clip": "twice"},
            why=TWICE,
        ),
        Row(("categorical_crossentropy", "CategoricalCrossentropy"), "categorical_crossentropy"),
        Row(
            ("categorical_focal_crossentropy", "CategoricalFocalCrossentropy"),
            "categorical_focal_crossentropy",
        ),
        # alpha may be a list, one number a class.
        Row(
            ("categorical_focal_crossentropy", "CategoricalFocalCrossentropy"),
            "categorical_focal_crossentropy",
            {"alpha": 1},
            {"alpha": "class_weight"},
        ),
        Row(
            ("sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"),
            "sparse_categorical_crossentropy",
        ),
        Row(("hinge", "Hinge"), "hinge", {"labels": "signed"}, why=SIGNED),
        Row(("squared_hinge", "SquaredHinge"), "squared_hinge", {"labels": "signed"}, why=SIGNED),
        Row(("categorical_hinge", "CategoricalHinge"), "categorical_hinge"),
    ),
)
