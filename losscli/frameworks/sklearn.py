"""scikit-learn 1.9: a mean over samples for each column, then over the columns (`multioutput`)."""

from losscli.frameworks.base import AS_IT_IS, Dialect, Meaning, Row, Words

MACHINE = 2.220446049250313e-16  # that of float64, whatever the precision of the data
NORMALIZE: Words = {"normalize": {True: AS_IT_IS, False: Meaning(reduction="sum")}}
LABELS = {"labels": "classes"}
# Of two labels the positive one comes second.
POSITIVE: Words = {
    "pos_label": {
        None: AS_IT_IS,
        1: Meaning({"classes": None}),
        0: Meaning({"classes": (1.0, 0.0)}),
        -1: Meaning({"classes": (1.0, -1.0)}),
    }
}
# Of two classes a Brier score is halved, unless it is said otherwise.
HALF = {"scale_by_half": True}
HALVED: Words = {
    "scale_by_half": {
        "auto": AS_IT_IS,
        True: Meaning({"scale_by_half": True}),
        False: Meaning({"scale_by_half": False}),
    }
}
SEVERAL: Words = {**HALVED, "pos_label": {None: AS_IT_IS}}
CLIPPED = "clips at the precision's epsilon, 2.2e-16"

SKLEARN = Dialect(
    "sklearn",
    "1.9",
    "scikit-learn 1.9",
    "metrics",
    reduction="mean",
    precision="y_pred",
    lacks=frozenset({"from_logits", "label_smoothing", "class_weight", "pos_weight"}),
    rows=(
        Row(("mean_squared_error",), "mse"),
        Row(
            ("root_mean_squared_error",),
            "rmse",
            {"outputs": "separate"},
            why="the mean of each column's root",
        ),
        Row(("mean_absolute_error",), "mae"),
        Row(("median_absolute_error",), "median_absolute_error"),
        Row(("max_error",), "max_error"),
        Row(
            ("mean_absolute_percentage_error",),
            "mape",
            {"scale": 1.0, "epsilon": MACHINE},
            why="a fraction, not percent; divides by at least 2.2e-16",
        ),
        Row(
            ("mean_squared_log_error",),
            "msle",
            {"epsilon": None},
            why="numbers as they are, none counted as 1e-7",
        ),
        Row(
            ("root_mean_squared_log_error",),
            "rmsle",
            {"outputs": "separate"},
            why="the mean of each column's root",
        ),
        Row(("mean_pinball_loss",), "pinball"),
        Row(("mean_poisson_deviance",), "poisson_deviance"),
        Row(("mean_gamma_deviance",), "gamma_deviance"),
        Row(
            ("mean_tweedie_deviance",),
            "tweedie_deviance",
            {"power": 0.0},
            why="power 0 unless another is given",
        ),
        Row(
            ("log_loss",),
            "binary_crossentropy",
            {"epsilon": "machine"},
            parameters=LABELS,
            words=NORMALIZE,
            target="column",
            why=CLIPPED,
        ),
        Row(
            ("log_loss",),
            "sparse_categorical_crossentropy",
            {"epsilon": "machine", "normalise": "never"},
            parameters=LABELS,
            words=NORMALIZE,
            target="indices",
            why=f"{CLIPPED}; not normalised",
        ),
        Row(
            ("log_loss",),
            "categorical_crossentropy",
            {"epsilon": "machine", "normalise": "never"},
            words=NORMALIZE,
            target="rows",
            why=f"{CLIPPED}; not normalised",
        ),
        Row(
            ("brier_score_loss",),
            "brier",
            HALF,
            parameters=LABELS,
            words={**POSITIVE, **HALVED},
            target="column",
        ),
        Row(
            ("brier_score_loss",),
            "multiclass_brier",
            HALF,
            parameters=LABELS,
            words=SEVERAL,
            target="indices of two",
            why="halved",
        ),
        Row(
            ("brier_score_loss",),
            "multiclass_brier",
            parameters=LABELS,
            words=SEVERAL,
            target="indices",
        ),
        Row(
            ("brier_score_loss",),
            "categorical_brier",
            HALF,
            words=SEVERAL,
            target="rows of two",
            why="halved",
        ),
        Row(
            ("brier_score_loss",),
            "categorical_brier",
            words=SEVERAL,
            target="rows",
        ),
        Row(
            ("hinge_loss",),
            "hinge",
            {"labels": "signed"},
            parameters=LABELS,
            target="column",
            why="a label 0 counts as -1",
        ),
        Row(("hinge_loss",), "multiclass_hinge", parameters=LABELS, target="indices"),
        Row(("zero_one_loss",), "zero_one", words=NORMALIZE),
        Row(("hamming_loss",), "hamming"),
        Row(("coverage_error",), "coverage_error"),
        Row(("label_ranking_loss",), "label_ranking"),
    ),
)
