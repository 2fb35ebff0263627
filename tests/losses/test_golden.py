"""Every number that a framework gave is reproduced, or stands under a rule of differences."""

import re
from collections import Counter

import numpy as np
import pytest

from losscli.frameworks import bind
from losscli.frameworks.tables import DIALECTS
from tests.conftest import ROOT
from tests.differences import LATER, RULES, Rule, listed
from tests.golden_values import Value, read

FILES = {dialect: ROOT / f"tests/golden/{dialect}.json" for dialect in DIALECTS}
VALUES = [value for path in FILES.values() for value in read(path)]
# Numbers of calls that the golden files have none of, found by `python -m tests.parity`.
LIVE = [value for path in sorted(ROOT.glob("tests/golden_live/*.json")) for value in read(path)]

# The names of the catalogue: every loss of a framework that is computed from arrays.
NAMES = {
    "keras1": """mean_squared_error mse MSE mean_absolute_error mae MAE
        mean_absolute_percentage_error mape MAPE mean_squared_logarithmic_error msle MSLE
        squared_hinge hinge binary_crossentropy categorical_crossentropy
        sparse_categorical_crossentropy kullback_leibler_divergence kld KLD poisson
        cosine_proximity cosine""",
    "keras2": """mean_squared_error mse MSE mean_absolute_error mae MAE
        mean_absolute_percentage_error mape MAPE mean_squared_logarithmic_error msle MSLE
        squared_hinge hinge categorical_hinge logcosh binary_crossentropy categorical_crossentropy
        sparse_categorical_crossentropy kullback_leibler_divergence kld KLD poisson
        cosine_proximity cosine""",
    "tf2": """mean_squared_error MeanSquaredError mean_absolute_error MeanAbsoluteError
        mean_absolute_percentage_error MeanAbsolutePercentageError
        mean_squared_logarithmic_error MeanSquaredLogarithmicError huber Huber log_cosh LogCosh
        poisson Poisson kl_divergence KLDivergence cosine_similarity CosineSimilarity hinge Hinge
        squared_hinge SquaredHinge categorical_hinge CategoricalHinge binary_crossentropy
        BinaryCrossentropy binary_focal_crossentropy BinaryFocalCrossentropy
        categorical_crossentropy CategoricalCrossentropy categorical_focal_crossentropy
        CategoricalFocalCrossentropy sparse_categorical_crossentropy
        SparseCategoricalCrossentropy""",
    "keras3": """mean_squared_error MeanSquaredError mean_absolute_error MeanAbsoluteError
        mean_absolute_percentage_error MeanAbsolutePercentageError
        mean_squared_logarithmic_error MeanSquaredLogarithmicError huber Huber log_cosh LogCosh
        poisson Poisson kl_divergence KLDivergence cosine_similarity CosineSimilarity hinge Hinge
        squared_hinge SquaredHinge categorical_hinge CategoricalHinge binary_crossentropy bce BCE
        BinaryCrossentropy binary_focal_crossentropy BinaryFocalCrossentropy
        categorical_crossentropy CategoricalCrossentropy categorical_focal_crossentropy
        CategoricalFocalCrossentropy sparse_categorical_crossentropy SparseCategoricalCrossentropy
        categorical_generalized_cross_entropy CategoricalGeneralizedCrossEntropy dice Dice tversky
        Tversky kld KLD mae MAE mse MSE mape MAPE msle MSLE""",
    "torch": """MSELoss mse_loss L1Loss l1_loss HuberLoss huber_loss SmoothL1Loss smooth_l1_loss
        PoissonNLLLoss poisson_nll_loss GaussianNLLLoss gaussian_nll_loss BCELoss
        binary_cross_entropy BCEWithLogitsLoss binary_cross_entropy_with_logits SoftMarginLoss
        soft_margin_loss HingeEmbeddingLoss hinge_embedding_loss CrossEntropyLoss cross_entropy
        NLLLoss nll_loss NLLLoss2d MultiMarginLoss multi_margin_loss KLDivLoss kl_div
        MultiLabelMarginLoss multilabel_margin_loss MultiLabelSoftMarginLoss
        multilabel_soft_margin_loss CosineEmbeddingLoss cosine_embedding_loss MarginRankingLoss
        margin_ranking_loss TripletMarginLoss triplet_margin_loss""",
    "sklearn": """mean_squared_error root_mean_squared_error mean_absolute_error
        median_absolute_error max_error mean_absolute_percentage_error mean_squared_log_error
        root_mean_squared_log_error mean_pinball_loss mean_poisson_deviance mean_gamma_deviance
        mean_tweedie_deviance log_loss hinge_loss brier_score_loss zero_one_loss hamming_loss
        label_ranking_loss coverage_error""",
    "optax": """squared_error l2_loss huber_loss log_cosh cosine_similarity cosine_distance
        sigmoid_binary_cross_entropy sigmoid_focal_loss hinge_loss perceptron_loss sparsemax_loss
        softmax_cross_entropy safe_softmax_cross_entropy softmax_cross_entropy_with_integer_labels
        poly_loss_cross_entropy multiclass_hinge_loss multiclass_perceptron_loss
        multiclass_sparsemax_loss kl_divergence kl_divergence_with_log_targets
        generalized_kl_divergence convex_kl_divergence ranking_softmax_loss dice_loss
        binary_dice_loss multiclass_generalized_dice_loss triplet_margin_loss""",
}


@pytest.mark.parametrize("value", VALUES + LIVE, ids=lambda value: value.id)
def test_a_value_is_either_reproduced_or_listed(value: Value) -> None:
    assert value.agrees or listed(value), value.outcome.error


def test_no_value_is_left_out() -> None:
    counts = Counter(value.dialect for value in VALUES)
    assert counts == {
        "keras1": 352,
        "keras2": 390,
        "tf2": 894,
        "keras3": 1124,
        "torch": 412,
        "sklearn": 449,
        "optax": 348,
    }


def test_most_numbers_are_reproduced() -> None:
    numbers = [value for value in VALUES if not value.has_raised and value.loss not in LATER]
    assert sum(value.agrees for value in numbers) > 0.93 * len(numbers)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_a_reason_and_a_value_that_needs_it(rule: Rule) -> None:
    assert rule.reason
    found = any(not v.agrees and rule in listed(v) for v in VALUES + LIVE)
    assert found == rule.is_golden


@pytest.mark.parametrize(
    ("dialect", "name"), [(d, name) for d, names in NAMES.items() for name in names.split()]
)
def test_a_name_of_the_catalogue_has_a_row(dialect: str, name: str) -> None:
    loss = bind.bind(name, dialect=dialect)
    assert loss.origin.name is not None
    assert name in {one for row in DIALECTS[dialect].rows for one in row.names}
    assert name == name.strip()


def test_the_golden_names_are_those_of_the_catalogue() -> None:
    for dialect, names in NAMES.items():
        used = {value.loss for value in VALUES if value.dialect == dialect}
        own = {name for name in used if name.startswith("custom:")}
        assert used - own - LATER <= set(names.split())


# The numbers of the article on losses, which Keras 2.1 gave

ARTICLE = [
    value
    for value in VALUES
    if (value.dialect, value.entry["case"], value.dtype) == ("keras2", "article", "float32")
    and value.entry["unreduced"] is not None
    and value.weights is None
]


def test_the_article_has_thirteen_losses() -> None:
    assert len({value.loss for value in ARTICLE}) == 13


@pytest.mark.parametrize("value", ARTICLE, ids=lambda value: value.loss)
def test_the_numbers_of_the_article_hold_within_two_float32_ulp(value: Value) -> None:
    result = value.outcome.result
    assert result is not None
    assert value.outcome.domain == "strict"
    assert result.unreduced is not None
    assert result.unreduced.dtype == np.float32
    theirs = np.array(value.entry["unreduced"], dtype=np.float32)
    np.testing.assert_array_max_ulp(result.unreduced, theirs, maxulp=2)


# What is said in the same breath: these are refused unless they are asked for


def test_values_outside_of_a_domain_are_the_frameworks_on_demand_only() -> None:
    outside = [v for v in VALUES if v.agrees and v.outcome.domain == "framework"]
    assert {v.dialect for v in outside} >= {"keras1", "keras2", "tf2", "keras3"}
    for value in outside:
        assert re.search(r"must (be|have)", value.outcome.error)
