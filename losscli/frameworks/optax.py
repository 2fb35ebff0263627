"""optax: functions that take predictions first and leave the mean over samples to the user."""

from losscli.frameworks.base import AS_IT_IS, Dialect, Meaning, Row, Words

WHERE: Words = {"where": {None: AS_IT_IS}}
UNCLIPPED = "no clipping"

OPTAX = Dialect(
    "optax",
    "0.2.8",
    "optax 0.2.8",
    "losses",
    reduction="mean",
    form="elements",
    rows=(
        Row(("squared_error",), "mse"),
        Row(("l2_loss",), "half_squared_error"),
        Row(("huber_loss",), "huber"),
        Row(("log_cosh",), "logcosh"),
        Row(
            ("cosine_similarity",),
            "cosine_proximity",
            {"epsilon": 0.0, "negate": False},
            words=WHERE,
            axes="last",
            form="sum",
            best="highest",
            why="the cosine itself, not negated",
        ),
        Row(("cosine_distance",), "cosine_distance", {"epsilon": 0.0}, words=WHERE, axes="last"),
        Row(("sigmoid_binary_cross_entropy",), "binary_crossentropy", {"from_logits": True}),
        Row(
            ("sigmoid_focal_loss",),
            "binary_focal_crossentropy",
            {"from_logits": True, "apply_class_balancing": True, "alpha": None},
        ),
        Row(("hinge_loss",), "hinge"),
        Row(("perceptron_loss",), "perceptron"),
        Row(("sparsemax_loss",), "sparsemax"),
        Row(
            ("softmax_cross_entropy", "safe_softmax_cross_entropy"),
            "categorical_crossentropy",
            {"from_logits": True},
            words=WHERE,
            axes="last",
        ),
        Row(
            ("softmax_cross_entropy_with_integer_labels",),
            "sparse_categorical_crossentropy",
            {"from_logits": True},
            words=WHERE,
            axes="last",
        ),
        Row(
            ("poly_loss_cross_entropy",),
            "poly_crossentropy",
            parameters={"epsilon": "poly_epsilon"},
            words=WHERE,
            axes="last",
        ),
        Row(("multiclass_hinge_loss",), "multiclass_hinge"),
        Row(("multiclass_perceptron_loss",), "multiclass_perceptron"),
        Row(("multiclass_sparsemax_loss",), "multiclass_sparsemax"),
        Row(
            ("kl_divergence",),
            "kld",
            {"epsilon": 0.0, "log_input": True},
            words=WHERE,
            axes="last",
            form="sum",
            why=UNCLIPPED,
        ),
        Row(
            ("kl_divergence_with_log_targets",),
            "kld",
            {"epsilon": 0.0, "log_input": True, "log_target": True},
            words=WHERE,
            axes="last",
            form="sum",
            why=UNCLIPPED,
        ),
        Row(
            ("generalized_kl_divergence", "convex_kl_divergence"),
            "generalized_kld",
            {"log_input": True},
            words=WHERE,
            axes="last",
            form="sum",
        ),
        Row(
            ("ranking_softmax_loss",),
            "ranking_softmax",
            words={
                **WHERE,
                "weights": {None: AS_IT_IS},
                "reduce_fn": {
                    None: Meaning(reduction="none"),
                    "mean": AS_IT_IS,
                    "jnp.mean": AS_IT_IS,
                    "sum": Meaning(reduction="sum"),
                    "jnp.sum": Meaning(reduction="sum"),
                },
            },
        ),
        Row(
            ("triplet_margin_loss",),
            "triplet_margin",
            {"epsilon_in": "sum"},
            parameters={"eps": "epsilon", "norm_degree": "p", "negatives": "negative"},
            axes="last",
            why="eps added to the sum; powers of signed differences",
        ),
        Row(
            ("dice_loss",),
            "multiclass_dice",
            {"from_logits": True, "per_sample": True},
            parameters={"apply_softmax": "from_logits", "class_weights": "class_weight"},
            words={
                "reduction": {
                    "mean": AS_IT_IS,
                    "sum": Meaning({"sum_classes": True}),
                    "none": Meaning(form="elements"),
                },
            },
            axes="pixels",
            form="mean",
            why="of each sample, then their mean",
        ),
        Row(
            ("binary_dice_loss",),
            "dice",
            {"from_logits": True, "per_sample": True, "epsilon": 0.0, "smooth": 1.0},
            # Probabilities of a single class would have to sum to 1 with nothing.
            words={"apply_sigmoid": {True: AS_IT_IS}},
            why="smooth=1; of each sample, then their mean",
        ),
        Row(
            ("multiclass_generalized_dice_loss",),
            "generalized_dice",
            {"from_logits": True},
            parameters={"apply_softmax": "from_logits"},
        ),
    ),
)
