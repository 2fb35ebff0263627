"""Golden values of regression, likelihoods, divergences, similarities, pairs and overlaps."""

import math
from typing import Any

from tests.losses.provenance import ByHand, From


def torch(name: str, case: str, **more: Any) -> From:
    return From("torch", name, case, **more)


def sklearn(name: str, case: str, **more: Any) -> From:
    return From("sklearn", name, case, **more)


def optax(name: str, case: str, **more: Any) -> From:
    return From("optax", name, case, **more)


UNCLIPPED = (("epsilon", 0),)
MASKS = [[1, 1, 0, 0], [0, 0, 0, 1]], [[0.5, 1, 0.5, 0], [0, 0.25, 0, 0.75]]

GOLDEN: dict[str, From | ByHand] = {
    "half_squared_error": optax("l2_loss", "reg"),
    "median_absolute_error": sklearn("median_absolute_error", "reg"),
    "max_error": sklearn("max_error", "col"),
    "smooth_l1": torch("smooth_l1_loss", "reg", params=(("beta", 1.0),)),
    "pinball": sklearn("mean_pinball_loss", "reg", params=(("alpha", 0.5),)),
    "rmsle": sklearn("root_mean_squared_log_error", "pos", ours=(("outputs", "separate"),)),
    "poisson_nll": torch(
        "poisson_nll_loss", "cntlog", params=(("full", False), ("log_input", True))
    ),
    "poisson_nll:log_input=false": torch(
        "poisson_nll_loss", "cnt", params=(("full", False), ("log_input", False))
    ),
    "gaussian_nll": torch(
        "gaussian_nll_loss", "gnll", params=(("full", False),), inputs=(("var", "var"),)
    ),
    "poisson_deviance": sklearn("mean_poisson_deviance", "flatpos"),
    "gamma_deviance": sklearn("mean_gamma_deviance", "flatpos"),
    "tweedie_deviance": sklearn("mean_tweedie_deviance", "flatpos", params=(("power", 1.5),)),
    "kld:log_input": optax("kl_divergence", "dist", ours=UNCLIPPED, logs=("y_pred",)),
    # ½ ln(½/¼) + ½ ln(½/¾) and 0
    "kld:log_target": ByHand(
        [[math.log(0.5), math.log(0.5)]] * 2,
        [[0.25, 0.75], [0.5, 0.5]],
        [0.5 * math.log(4 / 3), 0],
        0.25 * math.log(4 / 3),
    ),
    # 1 ln(1/2) − 1 + 2 + 3 ln(3/3) − 3 + 3 and 0 + 2 − 1 + 4 ln(4/1) − 4 + 1
    "generalized_kld": ByHand(
        [[1, 3], [0, 4]],
        [[2, 3], [2, 1]],
        [1 - math.log(2), math.log(256) - 1],
        math.log(128) / 2,
    ),
    "generalized_kld:log_input": optax("generalized_kl_divergence", "dist", logs=("y_pred",)),
    "cosine_distance": optax("cosine_distance", "reg"),
    "cosine_embedding": torch(
        "cosine_embedding_loss",
        "pair",
        params=(("margin", 0.0),),
        inputs=(("input2", "input2"),),
    ),
    "hinge_embedding": torch("hinge_embedding_loss", "hemb", params=(("margin", 1.0),)),
    "margin_ranking": torch(
        "margin_ranking_loss",
        "rank",
        params=(("margin", 1.0),),
        ours=(("margin", 1.0),),
        inputs=(("input2", "input2"),),
    ),
    "triplet_margin": torch(
        "triplet_margin_loss",
        "trip",
        params=(("margin", 1.0),),
        inputs=(("negative", "negative"),),
    ),
    "dice": From("keras3", "dice", "article", dtype="float32"),
    "dice:from_logits": optax(
        "binary_dice_loss",
        "ml_prob",
        ours=(("per_sample", True), ("epsilon", 0), ("smooth", 1)),
    ),
    # Keras's alpha is our beta
    "tversky": From(
        "keras3",
        "tversky",
        "article",
        dtype="float32",
        params=(("alpha", 0.3), ("beta", 0.7)),
        ours=(("alpha", 0.7), ("beta", 0.3)),
    ),
    # I, FN, FP: 1.5, 0.5, 0.5 and 0.75, 0.25, 0.25; over both rows 2.25, 0.75, 0.75
    "jaccard": ByHand(
        *MASKS,
        [(1 + 1e-7) / (2.5 + 1e-7), (0.5 + 1e-7) / (1.25 + 1e-7)],
        (1.5 + 1e-7) / (3.75 + 1e-7),
    ),
    # I, FN, FP of the classes, and with s = 1 their values:
    # ½, ½, 0: ¼/1¾ = 1/7 and 0, 0, ½: ¼/1¼ = 1/5; 0, 0, ¼: ⅛/1⅛ = 1/9 and ¾, ¼, 0: ⅛/1⅞ = 1/15;
    # of both rows ½, ½, ¼: ⅜/1⅞ = 1/5 and ¾, ¼, ½: ⅜/2⅛ = 3/17
    "multiclass_dice": ByHand(
        [[1, 0], [0, 1]], [[0.5, 0.5], [0.25, 0.75]], [6 / 35, 4 / 45], 16 / 85
    ),
    "multiclass_dice:from_logits": optax("dice_loss", "mc_logit", ours=(("per_sample", True),)),
    "generalized_dice": optax(
        "multiclass_generalized_dice_loss", "mc_prob", params=(("apply_softmax", False),)
    ),
    "generalized_dice:from_logits": optax("multiclass_generalized_dice_loss", "mc_logit"),
}
