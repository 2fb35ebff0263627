"""Golden values of the losses of labels, scores and ranks."""

from tests.losses.provenance import ByHand, From

GOLDEN: dict[str, From | ByHand] = {
    "binary_focal_crossentropy": From(
        "keras3", "binary_focal_crossentropy", "ml_prob", "float32", (("gamma", 2.0),)
    ),
    "binary_focal_crossentropy:from_logits": From(
        "optax", "sigmoid_focal_loss", "ml_logit", params=(("gamma", 2.0),)
    ),
    "brier": From("sklearn", "brier_score_loss", "binflat_in"),
    "sparsemax": From("optax", "sparsemax_loss", "ml_logit"),
    "sparse_categorical_crossentropy:log_input": From("torch", "nll_loss", "sp_logit"),
    "categorical_focal_crossentropy": From("tf2", "categorical_focal_crossentropy", "mc_prob"),
    "categorical_focal_crossentropy:from_logits": From(
        "tf2", "categorical_focal_crossentropy", "mc_logit", params=(("from_logits", True),)
    ),
    "categorical_generalized_cross_entropy": From(
        "keras3", "categorical_generalized_cross_entropy", "sp_prob", params=(("q", 0.5),)
    ),
    "poly_crossentropy": From("optax", "poly_loss_cross_entropy", "mc_logit"),
    "categorical_brier": From("sklearn", "brier_score_loss", "mc_prob"),
    "multiclass_brier": From("sklearn", "brier_score_loss", "sp_prob"),
    "perceptron": From("optax", "perceptron_loss", "pm1m"),
    "soft_margin": From("torch", "soft_margin_loss", "pm1m"),
    "multiclass_hinge": From("optax", "multiclass_hinge_loss", "sp_logit"),
    "multiclass_perceptron": From("optax", "multiclass_perceptron_loss", "sp_logit"),
    "multi_margin": From(
        "torch", "multi_margin_loss", "sp_logit", params=(("margin", 1.0), ("p", 1))
    ),
    "multilabel_margin": From("torch", "multilabel_margin_loss", "mlm"),
    "multiclass_sparsemax": From("optax", "multiclass_sparsemax_loss", "sp_logit"),
    "ranking_softmax": From(
        "optax", "ranking_softmax_loss", "rankrel", params=(("reduce_fn", "None"),)
    ),
    "label_ranking": From("sklearn", "label_ranking_loss", "mltie"),
    "coverage_error": From("sklearn", "coverage_error", "mltie"),
    "zero_one": From("sklearn", "zero_one_loss", "lbl", "int64"),
    "hamming": From("sklearn", "hamming_loss", "ml_hard", "int64"),
}
