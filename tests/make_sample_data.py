"""Make the CSV and NPY files in ``sample_data/``.

The files are checked in, so nobody has to run this script to use losscli or to run its tests.
It needs scikit-learn, which is no dependency of the project, only of this script::

    pip install scikit-learn numpy; python tests/make_sample_data.py

The checked-in files were made with scikit-learn 1.9.1, NumPy 2.4.6 and SciPy 1.17.1. The script
is deterministic: every shuffle and every model has a fixed seed, and a second run writes the same
bytes. Other versions of these libraries (or another BLAS) may change the last digits of the
predictions, or more of them.

The ``README.md`` in each folder is written by hand: when the files change, so must the figures
there.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SAMPLE_DATA = Path(__file__).resolve().parent.parent / "sample_data"

SEED = 0
FOLDS = 5
TREES = 100
DIGITS = 10

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def main() -> None:
    """Write every folder of ``sample_data/``."""
    make_article(SAMPLE_DATA / "article")
    make_diabetes(SAMPLE_DATA / "diabetes")
    make_breast_cancer(SAMPLE_DATA / "breast_cancer")
    make_digits(SAMPLE_DATA / "digits")


def make_article(folder: Path) -> None:
    """Write the worked example of two rows: CSV without a header, and NPY."""
    y_true = np.array([[0, 1, 1], [0, 0, 1]])
    y_pred = np.array([[1, 1, 0], [1, 0, 1]])
    for name, values in (("y_true", y_true), ("y_pred", y_pred)):
        write_csv(folder / f"{name}.csv", values.tolist())
        write_npy(folder / f"{name}.npy", values.astype(np.float64))


def make_diabetes(folder: Path) -> None:
    """Write a regression: the targets and two models, in the same order and paired by id."""
    features, y_true = load_diabetes(return_X_y=True)
    ridge = predict_targets(Ridge(alpha=0.01), features, y_true)
    forest = predict_targets(
        RandomForestRegressor(n_estimators=TREES, random_state=SEED), features, y_true
    )

    write_column(folder / "y_true.csv", "y_true", y_true)
    write_column(folder / "ridge.csv", "ridge", ridge)
    write_column(folder / "forest.csv", "forest", forest)

    in_order = np.arange(len(y_true))
    rng = np.random.RandomState(SEED)
    write_by_id(folder / "y_true_id.csv", "y_true", y_true, in_order)
    write_by_id(folder / "ridge_shuffled.csv", "ridge", ridge, rng.permutation(in_order))
    write_by_id(folder / "forest_shuffled.csv", "forest", forest, rng.permutation(in_order))


def make_breast_cancer(folder: Path) -> None:
    """Write a binary classification: labels (1 is benign) and probabilities of label 1."""
    features, labels = load_breast_cancer(return_X_y=True)
    logistic = predict_probabilities(scaled_logistic_regression(), features, labels)
    forest = predict_probabilities(
        RandomForestClassifier(n_estimators=TREES, random_state=SEED), features, labels
    )

    write_column(folder / "y_true.csv", "benign", labels)
    write_column(folder / "logistic.csv", "logistic", logistic[:, 1])
    write_column(folder / "forest.csv", "forest", forest[:, 1])


def make_digits(folder: Path) -> None:
    """Write a classification into ten classes: sparse labels, one-hot labels, probabilities."""
    features, labels = load_digits(return_X_y=True)
    one_hot = np.eye(DIGITS, dtype=np.uint8)[labels]
    logistic = predict_probabilities(scaled_logistic_regression(), features, labels)

    header = [f"digit_{digit}" for digit in range(DIGITS)]
    write_column(folder / "y_true.csv", "digit", labels)
    write_csv(folder / "y_true_onehot.csv", one_hot.tolist(), header)
    write_csv(folder / "logistic.csv", logistic.tolist(), header)

    write_npy(folder / "y_true.npy", labels.astype(np.int64))
    write_npy(folder / "y_true_onehot.npy", one_hot)
    write_npy(folder / "logistic.npy", logistic)


def scaled_logistic_regression() -> BaseEstimator:
    """Return a logistic regression that standardizes its features first."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))


def predict_targets(model: BaseEstimator, features: FloatArray, targets: FloatArray) -> FloatArray:
    """Return the out-of-fold predictions of a regression model."""
    folds = KFold(FOLDS, shuffle=True, random_state=SEED)
    predictions: FloatArray = cross_val_predict(model, features, targets, cv=folds)
    return predictions


def predict_probabilities(
    model: BaseEstimator, features: FloatArray, labels: IntArray
) -> FloatArray:
    """Return the out-of-fold probabilities of a classifier, one column for each class."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    probabilities: FloatArray = cross_val_predict(
        model, features, labels, cv=folds, method="predict_proba"
    )
    return probabilities


def write_column(path: Path, name: str, values: npt.NDArray[Any]) -> None:
    """Write one column of numbers under its name."""
    write_csv(path, values.reshape(-1, 1).tolist(), [name])


def write_by_id(path: Path, name: str, values: FloatArray, order: IntArray) -> None:
    """Write the values in the given order, each after its id: its row number, from 1."""
    rows = zip((order + 1).tolist(), values[order].tolist(), strict=True)
    write_csv(path, rows, ["id", name])


def write_csv(
    path: Path, rows: Iterable[Iterable[float]], header: Sequence[str] | None = None
) -> None:
    """Write rows of Python numbers, each with the digits that read back as the same number."""
    lines = [] if header is None else [",".join(header)]
    lines += [",".join(map(repr, row)) for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")


def write_npy(path: Path, values: npt.NDArray[Any]) -> None:
    """Write an array as NPY, C-ordered and never pickled."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, np.ascontiguousarray(values), allow_pickle=False)


if __name__ == "__main__":
    main()
