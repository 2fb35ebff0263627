"""How the frameworks' functions are called, as data: orders of arrays, shapes, parameters.

Whatever a function does not take in the version that is installed is passed over, so that a set
may stand here for a function and a class of which only one knows it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import product
from typing import Any

import numpy as np

Array = np.ndarray
Params = Mapping[str, Any]
Shapes = tuple[tuple[int, ...], ...]


class StandIn(Enum):
    """What stands in place of a parameter's value that goes by the shape of the data."""

    PER_CLASS = "a random number above 0 for each column"
    PER_COLUMN = "the same, of several columns"
    PER_ELEMENT = "a random number above 0 for each number of y_pred"
    ALL_CLASSES = "the numbers of the classes"
    INNER_AXES = "all axes but that of samples"


PER_CLASS, PER_COLUMN, PER_ELEMENT, ALL_CLASSES, INNER_AXES = StandIn

FLAT, COLUMN, ROW, TABLE, SEQUENCE, WIDE = (7,), (7, 1), (1, 4), (9, 4), (3, 5, 4), (64, 10)
IMAGES = (4, 3, 5, 2)
TABLES: Shapes = (TABLE, ROW, WIDE)


def sets(**options: tuple[Any, ...]) -> tuple[Params, ...]:
    """The defaults, and each value of each parameter by itself."""
    return ({}, *({name: value} for name, values in options.items() for value in values))


def crossed(first: tuple[Params, ...], second: tuple[Params, ...]) -> tuple[Params, ...]:
    """Every set of the first with every one of the second."""
    return tuple({**a, **b} for a, b in product(first, second))


# What to make of the data that a domain gives.


def hard(x: Array) -> Array:
    """0 or 1 for each number."""
    return (x > 0.5).astype(float)


def one_hot(x: Array) -> Array:
    """Rows with a 1 at their largest number; in the first rows each class once."""
    index = np.argmax(x, axis=-1)
    return np.eye(x.shape[-1])[every_class(index, x.shape[-1])]


def every_class(index: Array, classes: int = 4) -> Array:
    """Class indices, of which there is one of each class at the start."""
    return np.concatenate([np.arange(classes)[: len(index)], index[classes:]])


def both_labels(x: Array) -> Array:
    """0 or 1 for each number, a 0 and a 1 at the start."""
    return np.concatenate([[0, 1], hard(x)[2:]])


def whole(x: Array) -> Array:
    """A few whole numbers, of which several columns may be 0 or 1 only."""
    return np.round(x) if x.ndim == 1 else (x > 0).astype(float)


@dataclass(frozen=True)
class Call:
    """How a function is called, where that is not as the framework's others are.

    `params` are the sets of parameters that it is called with, `order` the arrays that it takes,
    `shapes` those of y_pred. `reductions` come besides the default
    one, with each set. `labels` is done to y_true, and to y_pred as well if they are `alike`.
    With `classes_first` the classes are on axis 1 there.
    """

    params: tuple[Params, ...] = ({},)
    order: str | None = None
    shapes: Shapes | None = None
    reductions: tuple[str, ...] | None = None
    labels: Callable[[Array], Array] | None = None
    alike: bool = False
    classes_first: bool = False


@dataclass(frozen=True)
class Habits:
    """How the functions of a framework are called.

    `reductions` are those of its classes (of its functions, too, if they know a `reduction`);
    `calls` has what is special, by a row's first name and, where a name has rows for several kinds
    of y_true, that kind.
    """

    order: str
    shapes: Shapes
    reductions: tuple[str, ...] = ()
    calls: Mapping[str, Call] = field(default_factory=dict)

    def call(self, name: str, target: str) -> Call:
        """How the functions of a row are called."""
        return self.calls.get(name if target == "any" else f"{name} {target}", Call())


SMOOTHED = sets(from_logits=(True,), label_smoothing=(0.1,))
FOCAL = sets(
    from_logits=(True,),
    label_smoothing=(0.1,),
    gamma=(1.0, 3.5),
    alpha=(0.6,),
)
OF_SAMPLES = Call(sets(axis=(INNER_AXES,)), shapes=(COLUMN, TABLE, SEQUENCE, IMAGES))
KERAS: Mapping[str, Call] = {
    "huber": Call(sets(delta=(0.5, 2.0))),
    "cosine_similarity": Call(sets(axis=(-1,))),
    "binary_crossentropy": Call(SMOOTHED),
    "binary_focal_crossentropy": Call(crossed(FOCAL, sets(apply_class_balancing=(True,)))),
    "categorical_crossentropy": Call(SMOOTHED),
    "categorical_focal_crossentropy": Call((*FOCAL, {"alpha": PER_CLASS})),
    "sparse_categorical_crossentropy": Call(
        crossed(sets(from_logits=(True,)), sets(ignore_class=(1,)))
    ),
    "categorical_generalized_cross_entropy": Call(({"q": 0.5}, {"q": 0.7}), shapes=TABLES),
    "dice": OF_SAMPLES,
    "tversky": Call(
        crossed(OF_SAMPLES.params, ({}, {"alpha": 0.3, "beta": 0.7})), shapes=OF_SAMPLES.shapes
    ),
}

WEIGHTED = sets(weight=(PER_ELEMENT,))
OF_CLASSES = sets(weight=(PER_CLASS,))
TORCH: Mapping[str, Call] = {
    "mse_loss": Call((*WEIGHTED, {"size_average": False}, {"reduce": False})),
    "l1_loss": Call(WEIGHTED),
    "smooth_l1_loss": Call(sets(beta=(0.5, 0.0, 2.0))),
    "huber_loss": Call((*WEIGHTED, {"delta": 0.5}, {"delta": 2.0})),
    "poisson_nll_loss": Call(crossed(sets(log_input=(False,)), sets(full=(True,), eps=(1e-4,)))),
    "gaussian_nll_loss": Call(sets(full=(True,), eps=(0.5,)), "y_pred y_true var"),
    "binary_cross_entropy": Call((*WEIGHTED, {"weight": PER_CLASS})),
    "binary_cross_entropy_with_logits": Call(
        crossed((*WEIGHTED, {"weight": PER_CLASS}), sets(pos_weight=(PER_CLASS,)))
    ),
    "multilabel_soft_margin_loss": Call(OF_CLASSES, shapes=(TABLE, ROW, SEQUENCE, WIDE)),
    "hinge_embedding_loss": Call(sets(margin=(0.5, 2.0))),
    "cross_entropy indices": Call(
        crossed(sets(label_smoothing=(0.1,), ignore_index=(1,)), OF_CLASSES), classes_first=True
    ),
    "cross_entropy rows": Call(
        crossed(sets(label_smoothing=(0.1,)), OF_CLASSES), classes_first=True
    ),
    "nll_loss": Call(crossed(sets(ignore_index=(1,)), OF_CLASSES), classes_first=True),
    "multi_margin_loss": Call(crossed(sets(p=(2,), margin=(0.5,)), OF_CLASSES), shapes=TABLES),
    "multilabel_margin_loss": Call(shapes=TABLES),
    "kl_div": Call(sets(log_target=(True,)), reductions=("sum", "none", "batchmean")),
    "cosine_embedding_loss": Call(sets(margin=(0.5,)), "y_pred input2 y_true", shapes=TABLES),
    "margin_ranking_loss": Call(sets(margin=(0.5,)), "y_pred input2 y_true"),
    "triplet_margin_loss": Call(
        crossed(sets(swap=(True,)), sets(margin=(0.5,), p=(1.0, 3.0), eps=(0.1,))),
        "y_pred y_true negative",
        shapes=(*TABLES, SEQUENCE),
    ),
}

COLUMNS = sets(multioutput=("raw_values", PER_COLUMN))
ONE_COLUMN: Shapes = (FLAT, COLUMN)
GIVEN = sets(labels=(ALL_CLASSES,))
NORMALIZED = sets(normalize=(False,))
HALVED = sets(scale_by_half=(True, False))
SKLEARN: Mapping[str, Call] = {
    **dict.fromkeys(
        """mean_squared_error root_mean_squared_error mean_absolute_error
        median_absolute_error mean_absolute_percentage_error mean_squared_log_error
        root_mean_squared_log_error""".split(),
        Call(COLUMNS),
    ),
    "max_error": Call(shapes=ONE_COLUMN),
    "mean_pinball_loss": Call(crossed(COLUMNS, sets(alpha=(0.1, 0.9)))),
    "mean_poisson_deviance": Call(shapes=ONE_COLUMN),
    "mean_gamma_deviance": Call(shapes=ONE_COLUMN),
    "mean_tweedie_deviance": Call(sets(power=(-1.0, 0, 1, 1.5, 2, 3)), shapes=ONE_COLUMN),
    "log_loss column": Call(crossed(NORMALIZED, GIVEN), shapes=(FLAT,), labels=both_labels),
    "log_loss indices": Call(crossed(NORMALIZED, GIVEN), shapes=(TABLE,), labels=every_class),
    "log_loss rows": Call(NORMALIZED, shapes=(TABLE, WIDE), labels=one_hot),
    "brier_score_loss column": Call(
        (*HALVED, *GIVEN[1:], {"pos_label": 0}), shapes=(FLAT,), labels=both_labels
    ),
    "brier_score_loss indices": Call((*HALVED, *GIVEN[1:]), shapes=(TABLE,), labels=every_class),
    "brier_score_loss rows": Call(HALVED, shapes=(TABLE, WIDE), labels=one_hot),
    "hinge_loss column": Call(shapes=(FLAT,), labels=both_labels),
    "hinge_loss indices": Call(GIVEN, shapes=(TABLE,), labels=every_class),
    "zero_one_loss": Call(NORMALIZED, shapes=(FLAT, TABLE), labels=whole, alike=True),
    "hamming_loss": Call(shapes=(FLAT, TABLE), labels=whole, alike=True),
    "coverage_error": Call(shapes=TABLES),
    "label_ranking_loss": Call(shapes=TABLES),
}

AXES: Shapes = (*TABLES, SEQUENCE)
OPTAX: Mapping[str, Call] = {
    "huber_loss": Call(sets(delta=(0.5, 2.0))),
    "cosine_similarity": Call(sets(epsilon=(1e-6, 2.0)), shapes=AXES),
    "cosine_distance": Call(sets(epsilon=(1e-6, 2.0)), shapes=AXES),
    "sigmoid_focal_loss": Call(crossed(sets(gamma=(1.0,)), sets(alpha=(0.6,)))),
    "softmax_cross_entropy": Call(sets(axis=(-1,))),
    "poly_loss_cross_entropy": Call(sets(epsilon=(0.7,))),
    "multiclass_hinge_loss": Call(shapes=AXES),
    "multiclass_perceptron_loss": Call(shapes=AXES),
    "multiclass_sparsemax_loss": Call(shapes=TABLES),
    "kl_divergence": Call(shapes=AXES),
    "kl_divergence_with_log_targets": Call(shapes=AXES),
    "generalized_kl_divergence": Call(shapes=AXES),
    "ranking_softmax_loss": Call(sets(reduce_fn=("none", "mean", "sum"))),
    "triplet_margin_loss": Call(
        sets(margin=(0.5,), norm_degree=(1, 3), eps=(0.1,)), "y_pred y_true negatives", shapes=AXES
    ),
    "dice_loss": Call(
        (
            *sets(ignore_background=(True,), reduction=("sum", "none")),
            {"class_weights": PER_CLASS},
            {"alpha": 0.3, "beta": 0.7, "smooth": 0.5},
        ),
        shapes=(TABLE, SEQUENCE, IMAGES),
    ),
    "binary_dice_loss": Call(sets(smooth=(0.1,)), shapes=(TABLE, SEQUENCE, IMAGES)),
    "multiclass_generalized_dice_loss": Call(shapes=(TABLE, SEQUENCE, IMAGES)),
}

HABITS: Mapping[str, Habits] = {
    "tf2": Habits("y_true y_pred", (COLUMN, ROW, TABLE, SEQUENCE, WIDE), ("sum", "none"), KERAS),
    "keras3": Habits(
        "y_true y_pred",
        (COLUMN, ROW, TABLE, SEQUENCE, WIDE),
        ("sum", "none", "mean", "mean_with_sample_weight"),
        KERAS,
    ),
    "torch": Habits(
        "y_pred y_true", (FLAT, COLUMN, ROW, TABLE, SEQUENCE, WIDE), ("sum", "none"), TORCH
    ),
    "sklearn": Habits("y_true y_pred", (FLAT, COLUMN, ROW, TABLE, WIDE), (), SKLEARN),
    "optax": Habits("y_pred y_true", (FLAT, COLUMN, ROW, TABLE, SEQUENCE, WIDE), (), OPTAX),
}
