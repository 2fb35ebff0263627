"""torch 2: functions and modules. They take y_pred first; classes are on axis 1, here on the last.

A module has no weights of samples, but some take a `weight`: a number for each class or column, or
an array of the shape of y_pred.
"""

from losscli.frameworks.base import AS_IT_IS, Dialect, Meaning, Row

EPS = {"eps": "epsilon"}
CLASSES = {"weight": "class_weight"}
IGNORED = -100

TORCH = Dialect(
    "torch",
    "2.14",
    "torch 2.14",
    "nn.functional",
    reduction="mean",
    precision="y_pred",
    reductions={"elementwise_mean": "mean"},
    form="elements",
    words={
        # Of before there was `reduction`.
        "size_average": {None: AS_IT_IS, True: AS_IT_IS, False: Meaning(reduction="sum")},
        "reduce": {None: AS_IT_IS, True: AS_IT_IS, False: Meaning(reduction="none")},
    },
    rows=(
        Row(("mse_loss", "MSELoss"), "mse", weights="weight"),
        Row(("l1_loss", "L1Loss"), "mae", weights="weight"),
        Row(("smooth_l1_loss", "SmoothL1Loss"), "smooth_l1"),
        Row(("huber_loss", "HuberLoss"), "huber", weights="weight", reduction="mean_over_batch"),
        Row(("poisson_nll_loss", "PoissonNLLLoss"), "poisson_nll", parameters=EPS),
        Row(("gaussian_nll_loss", "GaussianNLLLoss"), "gaussian_nll", parameters=EPS),
        Row(
            ("binary_cross_entropy", "BCELoss"),
            "binary_crossentropy",
            {"clip": "log"},
            parameters=CLASSES,
            weights="weight",
            reduction="mean_over_batch",
            why="logarithms of at least -100, no clipping",
        ),
        Row(
            ("binary_cross_entropy_with_logits", "BCEWithLogitsLoss"),
            "binary_crossentropy",
            {"from_logits": True},
            parameters=CLASSES,
            weights="weight",
            reduction="mean_over_batch",
        ),
        Row(
            ("multilabel_soft_margin_loss", "MultiLabelSoftMarginLoss"),
            "binary_crossentropy",
            {"from_logits": True},
            parameters=CLASSES,
            form="mean",
        ),
        Row(("soft_margin_loss", "SoftMarginLoss"), "soft_margin"),
        Row(("hinge_embedding_loss", "HingeEmbeddingLoss"), "hinge_embedding"),
        Row(
            ("cross_entropy", "CrossEntropyLoss"),
            "sparse_categorical_crossentropy",
            {"from_logits": True, "ignore_class": IGNORED},
            parameters={**CLASSES, "ignore_index": "ignore_class"},
            target="indices",
        ),
        Row(
            ("cross_entropy", "CrossEntropyLoss"),
            "categorical_crossentropy",
            {"from_logits": True},
            parameters=CLASSES,
            words={"ignore_index": {IGNORED: AS_IT_IS}},
            target="rows",
        ),
        Row(
            ("nll_loss", "NLLLoss", "NLLLoss2d"),
            "sparse_categorical_crossentropy",
            {"log_input": True, "ignore_class": IGNORED},
            parameters={**CLASSES, "ignore_index": "ignore_class"},
        ),
        Row(("multi_margin_loss", "MultiMarginLoss"), "multi_margin", parameters=CLASSES),
        Row(("multilabel_margin_loss", "MultiLabelMarginLoss"), "multilabel_margin"),
        Row(
            ("kl_div", "KLDivLoss"),
            "kld",
            {"epsilon": 0.0, "log_input": True},
            why="no clipping; a mean over all elements",
        ),
        Row(("cosine_embedding_loss", "CosineEmbeddingLoss"), "cosine_embedding"),
        Row(("margin_ranking_loss", "MarginRankingLoss"), "margin_ranking"),
        Row(("triplet_margin_loss", "TripletMarginLoss"), "triplet_margin", parameters=EPS),
    ),
)
