"""Keras 3.15 on jax, whose functions and classes go by the same rules."""

from losscli.frameworks.base import Dialect, Row

SIGNED = "labels 0 count as -1"

KERAS3 = Dialect(
    "keras3",
    "3.15",
    "Keras 3.15",
    "losses",
    reduction="mean_over_batch",
    precision="float32",
    weights_as_given=True,
    reductions={
        "sum_over_batch_size": "mean_over_batch",
        "mean": "mean_over_batch",
        "mean_with_sample_weight": "mean",
    },
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
        Row(("huber", "Huber"), "huber"),
        Row(("log_cosh", "LogCosh"), "logcosh"),
        Row(("poisson", "Poisson"), "poisson"),
        Row(("kl_divergence", "kld", "KLD", "KLDivergence"), "kld"),
        Row(
            ("cosine_similarity", "CosineSimilarity"),
            "cosine_proximity",
            {"epsilon": 1e-14},
            why="lengths count as at least 1e-7, not 1e-6",
        ),
        Row(("binary_crossentropy", "bce", "BCE", "BinaryCrossentropy"), "binary_crossentropy"),
        Row(
            ("binary_focal_crossentropy", "BinaryFocalCrossentropy"),
            "binary_focal_crossentropy",
            {"clip_logits": True},
            why="of logits, the sigmoid is clipped at 1e-7",
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
            {"normalise": "first"},
            empty=0,
            stray_labels=True,
            why="each row is divided by its sum first, then clipped",
        ),
        Row(
            ("categorical_generalized_cross_entropy", "CategoricalGeneralizedCrossEntropy"),
            "categorical_generalized_cross_entropy",
            stray_labels=True,
        ),
        Row(("hinge", "Hinge"), "hinge", {"labels": "signed"}, why=SIGNED),
        Row(("squared_hinge", "SquaredHinge"), "squared_hinge", {"labels": "signed"}, why=SIGNED),
        Row(("categorical_hinge", "CategoricalHinge"), "categorical_hinge"),
        Row(("dice", "Dice"), "dice", axes="inner", weights_after=True),
        Row(
            ("tversky", "Tversky"),
            "tversky",
            parameters={"alpha": "beta", "beta": "alpha"},
            axes="inner",
            weights_after=True,
            why="alpha weighs what is missed, beta what is invented",
        ),
    ),
)
