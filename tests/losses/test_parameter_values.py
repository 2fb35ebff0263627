"""A parameter's value is what was given: never a text of it that is read again."""

import math
from typing import Any

import numpy as np
import pytest

import losscli
from losscli.errors import DataError, LosscliError, UsageError
from losscli.frameworks.bind import bind
from losscli.losses.parameters import Spelled

T, P = [0.0, 5.0], [1.0, 1.0]
MASKS = np.random.default_rng(0).random((2, 2, 3, 4)).round()
SHARES = np.random.default_rng(1).random((2, 2, 3, 4))


class Scalar:
    """A number of a library that knows no NumPy: it has a shape and an `item`."""

    shape = ()

    def item(self) -> float:
        return 2.0


class Tensor:
    """A number of a library that makes arrays of its own."""

    def __init__(self, value: float) -> None:
        self.shape = ()
        self._value = value

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.asarray(self._value, dtype)


def test_float32_weights_are_the_float32_numbers() -> None:
    t, z = [0, 1, 1], [[2.0, 1.0], [0.5, 1.5], [0.1, 0.3]]
    weight = np.array([0.1, 0.7], "f4")
    found = losscli.compute("cross_entropy", t, z, dialect="torch", dtype="float64", weight=weight)
    logs = np.array(z) - np.log(np.exp(z).sum(axis=1, keepdims=True))
    used = weight.astype(np.float64)[t]
    expected = -(used * logs[[0, 1, 2], t]).sum() / used.sum()
    assert found.value == pytest.approx(expected, rel=1e-15)
    assert found.params["class_weight"] == tuple(weight.tolist())
    as_text = losscli.compute(
        "cross_entropy:weight=[0.1,0.7]", t, z, dialect="torch", dtype="float64"
    )
    assert as_text.value != found.value


@pytest.mark.parametrize(
    "delta",
    [2, 2.0, np.float64(2), np.float32(2), np.int8(2), np.array(2.0), Scalar(), Tensor(2.0)],
    ids=lambda value: type(value).__name__,
)
def test_a_number_of_any_library_is_a_number(delta: Any) -> None:
    found = losscli.compute("huber", T, P, delta=delta)
    assert found.value == 3.25
    assert type(found.params["delta"]) is float


@pytest.mark.parametrize("flag", [True, np.True_, np.array(True)])
def test_a_truth_value_of_numpy_is_one(flag: Any) -> None:
    found = losscli.compute("bce", [0.0, 1.0], [1.0, -1.0], from_logits=flag)
    assert found.params["from_logits"] is True


@pytest.mark.parametrize("value", [True, np.True_, "x", [2.0], np.array([2.0]), None, 1j])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(UsageError, match="delta must be a number"):
        losscli.compute("huber", T, P, delta=value)


@pytest.mark.parametrize("value", ["2,multioutput=[3]", "2,delta=3", "[2]"])
def test_no_text_adds_a_parameter(value: str) -> None:
    with pytest.raises(UsageError, match="delta must be a number, not") as refusal:
        losscli.compute("huber", T, P, delta=value)
    assert value in refusal.value.message


def test_a_spelled_text_is_read_by_its_parameter() -> None:
    for text, value in (("2", 2.0), ("1e3", 1000.0)):
        assert bind("huber", {"delta": Spelled(text)}).params["delta"] == value
    assert bind("bce", {"from_logits": Spelled("yes")}).params["from_logits"] is True
    assert bind("bce", {"epsilon": Spelled("machine")}).params["epsilon"] == "machine"
    assert type(bind("bce", {"epsilon": Spelled("machine")}).params["epsilon"]) is str
    weights = bind("bce", {"pos_weight": Spelled("[1,2.5]")}).params["pos_weight"]
    assert weights == (1.0, 2.5)
    assert bind("bce", {"pos_weight": Spelled("none")}).params["pos_weight"] is None
    with pytest.raises(UsageError, match="delta must be one number") as refusal:
        bind("huber", {"delta": Spelled("1,5")})
    assert refusal.value.hint == "decimals take a point: delta=1.5"


# Words of frameworks, by value


@pytest.mark.parametrize(
    ("name", "dialect", "given"),
    [
        ("zero_one_loss", "sklearn", {"normalize": False}),
        ("zero_one_loss", "sklearn", {"normalize": np.False_}),
        ("zero_one_loss", "sklearn", {"normalize": Spelled("false")}),
        ("zero_one_loss", "sklearn", {"normalize": Spelled("False")}),
        ("mse_loss", "torch", {"size_average": False}),
        ("ranking_softmax_loss", "optax", {"reduce_fn": "sum"}),
        ("ranking_softmax_loss", "optax", {"reduce_fn": Spelled("jnp.sum")}),
    ],
)
def test_a_word_is_known_by_its_value(name: str, dialect: str, given: dict[str, Any]) -> None:
    assert bind(name, given, dialect=dialect).handling.reduction == "sum"


def test_none_is_a_value_or_a_word() -> None:
    for value in (None, Spelled("none")):
        loss = bind("ranking_softmax_loss", {"reduce_fn": value}, dialect="optax")
        assert loss.handling.reduction == "none"
    for value in ("none", Spelled("none")):
        assert bind("dice_loss", {"reduction": value}, dialect="optax").handling.form == "elements"
    found = bind("dice_loss", dialect="optax", reduction="none")
    assert (found.handling.form, found.handling.reduction) == ("elements", "mean")


@pytest.mark.parametrize("value", [0, 1, 2, "auto", [True], np.array([True])])
def test_a_number_is_no_truth_value(value: Any) -> None:
    with pytest.raises(UsageError, match="normalize may be true or false in 'zero_one_loss'"):
        losscli.compute(
            "zero_one_loss", [1, 0], [1, 1], dialect="sklearn", dtype="float64", normalize=value
        )


# The axis, a rule of the rank


@pytest.mark.parametrize("name", ["Dice", "Tversky"])
@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((2, 12), [-1, 1, [-1], [1], (1,), np.int64(1), Spelled("-1"), "[ 1 ]"]),
        (
            (2, 3, 4),
            [[1, 2], [2, 1], (-2, -1), [-1, -2], [1, -1], "[1, 2]", np.array([2, 1]), "[-2,-1]"],
        ),
        ((2, 2, 3, 4), [[1, 2, 3], [3, 1, 2], (-1, -2, -3), [-3, 2, 3], "[1,2,3]"]),
        ((2, 1, 1, 1, 1, 2, 3), [[1, 2, 3, 4, 5, 6], [-6, -5, -4, -3, -2, -1]]),
    ],
    ids=str,
)
def test_all_axes_but_the_first_make_a_number_a_sample(
    name: str, shape: tuple[int, ...], axes: list[Any]
) -> None:
    rng = np.random.default_rng(3)
    t, p = rng.random(shape).round(), rng.random(shape)
    each = [
        losscli.compute(name, t[i : i + 1], p[i : i + 1], dialect="keras3", dtype="float64")
        for i in (0, 1)
    ]
    expected = np.mean([one.value for one in each])
    for axis in axes:
        found = losscli.compute(name, t, p, dialect="keras3", dtype="float64", axis=axis)
        assert found.value == pytest.approx(expected, rel=1e-15), axis
    everything = losscli.compute(name, t, p, dialect="keras3", dtype="float64")
    for axis in (None, "none", Spelled("none")):
        found = losscli.compute(name, t, p, dialect="keras3", dtype="float64", axis=axis)
        assert found.value == everything.value != pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    "axis", [0, 2, -2, [], [0, 1], [1, 1], [1, 3], [-1, 2], True, 1.0, "x", "1.0", [1.5], [[1, 2]]]
)
def test_other_axes_are_refused(axis: Any) -> None:
    with pytest.raises(UsageError, match="axis may be none or all axes of y_pred but the first"):
        losscli.compute("Dice", MASKS, SHARES, dialect="keras3", dtype="float64", axis=axis)


def test_axes_of_another_rank_are_refused() -> None:
    for axis, rank in ((-1, 2), ([1, 2], 3), ([-1, -2], 3), ([1, 2, 3, 4], 5)):
        with pytest.raises(DataError, match=f"y_pred must have {rank} axes for this axis"):
            losscli.compute("Dice", MASKS, SHARES, dialect="keras3", dtype="float64", axis=axis)


@pytest.mark.parametrize(
    ("name", "dialect"),
    [("CosineSimilarity", "keras3"), ("CosineSimilarity", "tf2"), ("cosine_distance", "optax")],
)
def test_the_last_axis_is_named_by_its_number(name: str, dialect: str) -> None:
    x = np.random.default_rng(0).random((3, 2, 4))
    y = np.random.default_rng(1).random((3, 2, 4))
    plain = losscli.compute(name, x, y, dialect=dialect, dtype="float64").value
    for axis in (-1, 2, np.int32(2), "2", "-1"):
        assert (
            losscli.compute(name, x, y, dialect=dialect, dtype="float64", axis=axis).value == plain
        )
    for axis in (1, 3, 7):
        with pytest.raises(DataError, match=f"y_pred must have {axis + 1} axes"):
            losscli.compute(name, x, y, dialect=dialect, dtype="float64", axis=axis)
    for wrong in (0, -2, None, [0, 2], "last"):
        with pytest.raises(UsageError, match="axis may be -1 or the number of y_pred's last axis"):
            losscli.compute(name, x, y, dialect=dialect, dtype="float64", axis=wrong)


def test_the_axes_of_pixels_lie_between_samples_and_classes() -> None:
    plain = losscli.compute("dice_loss", MASKS, SHARES, dialect="optax", apply_softmax=False).value
    options: dict[str, Any] = {"dialect": "optax", "apply_softmax": False, "dtype": "float32"}
    for axis in ([1, 2], (2, 1), [-3, -2], "[1, 2]", None):
        assert losscli.compute("dice_loss", MASKS, SHARES, axis=axis, **options).value == plain
    for wrong in ([1, 2, 3], [1], -1, [0, 1]):
        with pytest.raises(LosscliError, match="axis"):
            losscli.compute("dice_loss", MASKS, SHARES, axis=wrong, **options)
    assert math.isfinite(plain or math.nan)
