"""A NaN of the data is never lost: what is not known has no finite loss."""

import numpy as np
import pytest

import losscli
from losscli.losses.spec import BoundLoss
from tests.losses.samples import Pair, other_values, pair, variants

ROWS = 4


def bound() -> list[BoundLoss]:
    """Every loss as it is, and with another value of each of its parameters in turn."""
    found = []
    for loss in variants():
        found.append(loss)
        for parameter in loss.spec.parameters:
            for other in other_values(parameter):
                label = f"{loss.label}, {parameter.name}={other}"
                found.append(loss.spec.bind({**loss.params, parameter.name: other}, label=label))
    return found


def takes_the_label_s_alone(loss: BoundLoss) -> bool:
    """Whether the other classes' values are not looked at, since nothing is normalised."""
    given = loss.params
    if loss.spec.name == "sparse_categorical_crossentropy":
        as_it_is = given["log_input"] or given["normalise"] == "never"
        return bool(as_it_is) and not given["from_logits"] and not given["label_smoothing"]
    return loss.spec.name == "categorical_generalized_cross_entropy"


def is_free(loss: BoundLoss, data: Pair, side: int, place: int) -> bool:
    """Whether the second row's value does not depend on what an array has in this place."""
    if loss.params.get("ignore_background"):
        # A softmax depends on all classes, and so do the weights of the generalised one's labels.
        depends = loss.params["from_logits"] if side else loss.spec.name == "generalized_dice"
        return place == 0 and not depends
    if side == 1 and loss.domains[0].class_index:
        label = data.t[1]
        return label == loss.ignored or (takes_the_label_s_alone(loss) and place != label)
    return False


@pytest.mark.parametrize("loss", bound(), ids=lambda loss: loss.label)
def test_a_nan_anywhere_makes_the_value_nan(loss: BoundLoss) -> None:
    data = pair(loss, ROWS)
    for side, array in enumerate(data.arrays):
        for place in range(array[0].size):
            arrays = [x.copy() for x in data.arrays]
            arrays[side].reshape(ROWS, -1)[1, place] = np.nan
            t, p, *more = arrays
            result = losscli.compute(
                loss.spec.name,
                t,
                p,
                inputs=dict(zip(data.more, more, strict=True)),
                nan="propagate",
                **loss.params,
            )
            assert result.per_sample is not None
            free = is_free(loss, data, side, place)
            found = np.isnan(result.per_sample).tolist()
            assert found == [False, not free, False, False], (side, place)
            assert np.isnan(result.value) != free


def test_what_cannot_happen_has_no_divergence_from_nan() -> None:
    given = {"epsilon": 0.0, "nan": "propagate"}
    result = losscli.compute("kld", [[0, 1], [0, 1]], [[np.nan, 1], [0, 1]], **given)
    np.testing.assert_array_equal(result.per_sample, [np.nan, 0])


def test_a_list_of_classes_may_hold_anything_behind_its_end() -> None:
    scores = [[0.1, 0.2, 0.4]]
    lists = [[[2, -1, -1]], [[2, -1, np.nan]], [[2, np.nan, -1]]]
    values = [
        losscli.compute("multilabel_margin", np.array(t), scores, nan="propagate").value
        for t in lists
    ]
    assert values[0] == values[1]
    assert np.isnan(values[2])
