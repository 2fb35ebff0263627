"""The articles' own losses, one line changed, give the values that Keras gave them.

`tests/golden/{tf2,keras1}_custom.json` are the entries `custom:…` of tf.keras 2.15 and Keras 1.2.2
with the data of their cases. Two things differ by intent and are left out or reshaped here: a 1-D
case ("flat") is n samples of one value, so its unreduced array is compared with Keras's as a column
(its reduced value is compared as it is); a loss that Keras reduces to one number has no unreduced
array to compare.
"""

from typing import Any

import numpy as np
import pytest

import losscli
from losscli.custom.files import load
from losscli.engine.result import Result
from tests.conftest import Run, golden

ARTICLES = """\
from losscli import backend as K
from losscli.backend import tf, Loss


def my_loss(y_true, y_pred):
    return K.mean(y_pred - y_true, axis=-1)


def my_rmse(y_true, y_pred):
    error = y_true - y_pred
    sqr_error = K.square(error)
    mean_sqr_error = K.mean(sqr_error)
    return K.sqrt(mean_sqr_error)


def my_huber_loss(y_true, y_pred):
    threshold = 1
    error = y_true - y_pred
    is_small_error = tf.abs(error) <= threshold
    small_error_loss = tf.square(error) / 2
    big_error_loss = threshold * (tf.abs(error) - (0.5 * threshold))
    return tf.where(is_small_error, small_error_loss, big_error_loss)


def my_huber_loss_with_threshold(threshold=1):
    def my_huber_loss(y_true, y_pred):
        error = y_true - y_pred
        is_small_error = tf.abs(error) <= threshold
        small_error_loss = tf.square(error) / 2
        big_error_loss = threshold * (tf.abs(error) - (0.5 * threshold))
        return tf.where(is_small_error, small_error_loss, big_error_loss)
    return my_huber_loss


class MyHuberLoss(Loss):
    threshold = 1

    def __init__(self, threshold=1):
        super().__init__()
        self.threshold = threshold

    def call(self, y_true, y_pred):
        error = y_true - y_pred
        is_small_error = tf.abs(error) <= self.threshold
        small_error_loss = tf.square(error) / 2
        big_error_loss = self.threshold * (tf.abs(error) - (0.5 * self.threshold))
        return tf.where(is_small_error, small_error_loss, big_error_loss)


def contrastive_loss_with_margin(margin):
    def contrastive_loss(y_true, y_pred):
        square_pred = K.square(y_pred)
        margin_square = K.square(K.maximum(margin - y_pred, 0))
        return K.mean(y_true * square_pred + (1 - y_true) * margin_square)
    return contrastive_loss


class ContrastiveLoss(Loss):
    def __init__(self, margin):
        super().__init__()
        self.margin = margin

    def call(self, y_true, y_pred):
        square_pred = K.square(y_pred)
        margin_square = K.square(K.maximum(self.margin - y_pred, 0))
        return K.mean(y_true * square_pred + (1 - y_true) * margin_square)
"""

# How each golden loss is written in the articles: names in the file above, by what they take.
FORMS = {
    "custom:my_loss": ["my_loss"],
    "custom:my_rmse": ["my_rmse"],
    "custom:my_huber_loss": ["my_huber_loss", "my_huber_loss_with_threshold", "MyHuberLoss"],
    "custom:contrastive_loss_with_margin": ["contrastive_loss_with_margin", "ContrastiveLoss"],
}
RELATIVE = {"float64": 1e-12, "float32": 2e-6}


def entries() -> list[Any]:
    return [
        pytest.param(
            document["cases"][entry["case"]],
            entry,
            form,
            id=f"{dialect}-{i}-{entry['case']}-{entry['dtype']}-{form}",
        )
        for dialect in ("tf2", "keras1")
        for document in [golden(f"{dialect}_custom")]
        for i, entry in enumerate(document["values"])
        for form in FORMS[entry["loss"]]
        if form != "my_huber_loss" or entry["params"] == {"threshold": 1.0}
    ]


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("articles") / "articles.py"
    path.write_text(ARTICLES, encoding="utf-8")
    return str(path)


def check(result: Result, entry: Any, magnitude: float) -> None:
    """Reduced and unreduced values agree; sums that cancel, relative to what was summed."""
    relative = RELATIVE[entry["dtype"]]
    assert result.value is not None
    if np.isfinite(float(entry["reduced"])):
        scale = max(abs(entry["reduced"]), magnitude)
        assert abs(result.value - entry["reduced"]) <= relative * scale
    else:
        assert result.value == float(entry["reduced"])
    if entry["unreduced"] is not None:
        assert result.unreduced is not None
        theirs = np.array(entry["unreduced"], dtype=float)
        if entry["loss"] == "custom:my_huber_loss":  # an element loss: ours shows axis -1 averaged
            theirs = theirs if theirs.ndim == 1 else theirs.mean(axis=-1)
        np.testing.assert_allclose(result.unreduced, theirs, rtol=relative, atol=relative * 1e-1)


@pytest.mark.parametrize(("case", "entry", "form"), entries())
def test_the_values_of_keras(case: Any, entry: Any, form: str, articles: str) -> None:
    t, p = (np.array(case[side], dtype=entry["dtype"]) for side in ("y_true", "y_pred"))
    params = {} if form == "my_huber_loss" else entry["params"]
    function = load(articles).members[form]
    # my_loss is signed, so its sum cancels: the error is relative to the terms.
    magnitude = float(np.abs(p - t).mean()) if entry["loss"] == "custom:my_loss" else 0.0
    spelled = ",".join(f"{name}={value}" for name, value in params.items())
    options = {
        "dtype": entry["dtype"],
        "sample_weight": entry["sample_weight"],
        "reduction": "mean_over_nonzero",
    }
    for result in (
        losscli.compute(f"{articles}:{form}{':' * bool(spelled)}{spelled}", t, p, **options),
        losscli.compute(function, t, p, **options, **params),
    ):
        check(result, entry, magnitude)


def test_every_golden_entry_is_compared() -> None:
    seen = {(p.values[1]["loss"], p.values[1]["case"]) for p in entries()}  # type: ignore[index]
    for dialect in ("tf2", "keras1"):
        for entry in golden(f"{dialect}_custom")["values"]:
            assert (entry["loss"], entry["case"]) in seen


@pytest.mark.parametrize(
    ("spelling", "case", "value"),
    [
        ("my_loss", "article", 0.16666666666666666),
        ("my_rmse", "article", 0.7071067811865476),
        ("my_huber_loss", "article", 0.25),
        ("my_huber_loss_with_threshold:threshold=0.5", "article", 0.1875),
        ("MyHuberLoss:threshold=0.5", "article", 0.1875),
        ("contrastive_loss_with_margin:margin=0.5", "contrast_e", 1.0625),
    ],
)
def test_the_command_line_gives_them(
    spelling: str, case: str, value: float, articles: str, losscli: Run
) -> None:
    data = golden("tf2_custom")["cases"][case]
    process = losscli(
        "compute", f"{articles}:{spelling}", "--true", str(data["y_true"]),
        "--pred", str(data["y_pred"]), "--format", "value",
    )  # fmt: skip
    assert process.stderr == ""
    assert float(process.stdout) == pytest.approx(value, rel=1e-12)


def test_only_the_imports_mention_losscli() -> None:
    lines = [line for line in ARTICLES.splitlines() if "losscli" in line]
    assert lines == ARTICLES.splitlines()[:2]
