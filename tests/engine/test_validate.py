"""The checks of the data: the first faulty row is named, notes add up over blocks."""

import math
from pathlib import Path

import numpy as np
import pytest

import losscli
from losscli.engine.blocks import rows_per_block
from losscli.engine.plan import Inputs, Plan
from losscli.engine.result import Run
from losscli.engine.run import run
from losscli.errors import DataError, LosscliError
from losscli.frameworks.bind import parse
from losscli.losses.domain import REAL
from losscli.losses.spec import loss as declare
from losscli.sources.array import ArraySource
from losscli.sources.columns import View
from losscli.sources.open import open_source

Array = np.ndarray
BLOCK = rows_per_block(1)


def run_all(losses: list[str], t: Array, p: Array, dtype: str = "float64") -> Run:
    plan = Plan([parse(text) for text in losses], dtype=dtype)  # type: ignore[arg-type]
    return run(plan, Inputs(View(ArraySource(t, "t")), {"": View(ArraySource(p, "p"))}))


def with_values(rows: int, *values: tuple[int, float]) -> Array:
    x = np.full((rows, 1), 0.5)
    for row, value in values:
        x[row, 0] = value
    return x


@pytest.mark.parametrize(
    ("t_faults", "p_faults", "place"),
    [
        ([(5, 2.0)], [(3, 2.0)], "p, row 4, column 1"),
        ([(3, 2.0)], [(5, 2.0)], "t, row 4, column 1"),
        ([(4, 2.0)], [(4, 2.0)], "t, row 5, column 1"),
        ([(7, 2.0)], [(3, math.nan)], "p, row 4, column 1"),
        ([(3, math.nan)], [(2, -1.0)], "p, row 3, column 1"),
        ([(BLOCK + 2, 2.0)], [(BLOCK + 1, 2.0)], f"p, row {BLOCK + 2}, column 1"),
        ([(BLOCK + 2, 2.0)], [(BLOCK - 1, 2.0)], f"p, row {BLOCK}, column 1"),
    ],
    ids=str,
)
def test_the_first_faulty_row_of_both_sides_is_named(
    t_faults: list[tuple[int, float]], p_faults: list[tuple[int, float]], place: str
) -> None:
    t, p = with_values(BLOCK + 10, *t_faults), with_values(BLOCK + 10, *p_faults)
    with pytest.raises(DataError) as caught:
        run_all(["binary_crossentropy"], t, p)
    assert caught.value.message.startswith(f"{place}: ")


def test_the_first_fault_of_a_side_is_named_whatever_its_kind() -> None:
    """A value outside of the domain comes before a NaN that stands further down."""
    p = with_values(10, (2, 1.5), (6, math.nan))
    with pytest.raises(DataError, match=r"^p, row 3, column 1"):
        run_all(["binary_crossentropy"], with_values(10), p)


@pytest.mark.parametrize("order", [("poisson", "bce"), ("bce", "poisson")])
def test_the_first_row_is_named_over_several_losses(order: tuple[str, str]) -> None:
    p = with_values(10, (2, 1.5), (6, -1.0))  # 1.5 is a rate but no probability
    with pytest.raises(DataError, match=r"^p, row 3, column 1: for bce, "):
        run_all(list(order), with_values(10), p)


def test_the_place_within_a_row_that_is_an_array() -> None:
    t, p = np.zeros((2, 3, 4)), np.zeros((2, 3, 4))
    p[1, 2, 0] = math.inf
    with pytest.raises(DataError, match=r"^p, row 2, element \[2, 0\]: inf is not a finite"):
        run_all(["mse"], t, p)


def test_the_place_in_a_file_is_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("a,b\n0.5,0.5\n0.5,1.25\n")
    source = open_source(str(path), "p")
    with pytest.raises(DataError, match=r"p\.csv, line 3, column 2 \(b\): .* found 1\.25"):
        run(
            Plan([parse("bce")]),
            Inputs(View(ArraySource(np.zeros((2, 2)), "t")), {"": View(source)}),
        )


def test_what_is_too_large_for_float32_is_told_from_what_is_infinite() -> None:
    t, p = with_values(3), with_values(3, (1, 1e39))
    assert run_all(["mse"], t, p).results[0].status == "ok"
    with pytest.raises(DataError, match=r"row 2, column 1: 1e\+39 is too large for float32"):
        run_all(["mse"], t, p, "float32")


def test_a_probability_that_is_none_hints_at_logits() -> None:
    with pytest.raises(DataError) as caught:
        run_all(["bce:epsilon=0.1"], with_values(3), with_values(3, (1, 7.0)))
    assert caught.value.hint == "if y_pred holds logits: bce:epsilon=0.1,from_logits=true"


def test_notes_add_up_over_blocks() -> None:
    rows = 2 * BLOCK + 5
    t = with_values(rows, (BLOCK + 3, 0.0), (BLOCK + 4, 0.0), (rows - 1, 0.0))
    (note,) = run_all(["mape"], t, with_values(rows)).notes
    assert "values of y_true that are 0: 3 (" in note
    assert f"first in row {BLOCK + 4})" in note


def test_a_note_tells_the_largest_deviation_of_all_blocks() -> None:
    rows = rows_per_block(2) + 4
    p = np.full((rows, 2), 0.5)
    p[1], p[-1] = (0.5, 0.4), (0.2, 0.05)
    (note,) = run_all(["kld"], np.full((rows, 2), 0.5), p).notes
    assert "rows of y_pred that do not sum to 1: 2 (by up to 0.75, first in row 2)" in note


def test_losses_with_the_same_to_say_say_it_together() -> None:
    notes = run_all(["hinge", "squared_hinge", "mse"], np.zeros((4, 1)), np.ones((4, 1))).notes
    (note,) = notes
    assert note.startswith("hinge, squared_hinge: values of y_true")


@pytest.mark.parametrize(
    ("loss", "t", "p"),
    [
        ("mse", (4,), (4, 2)),
        ("mse", (4, 2), (4, 1)),
        ("mse", (4, 2), (4, 3)),
        ("mse", (4, 2, 2), (4, 2)),
        ("scce", (4, 2), (4, 3)),
        ("scce", (4, 3), (4, 3)),
        ("scce", (4, 1), (4, 1)),
        ("cce", (4,), (4, 3)),
        ("cce", (4, 1), (4, 1)),
        ("kld", (5,), (4,)),
    ],
    ids=str,
)
def test_shapes_that_do_not_fit_are_refused_with_both(
    loss: str, t: tuple[int, ...], p: tuple[int, ...]
) -> None:
    with pytest.raises(DataError) as caught:
        run_all([loss], np.zeros(t), np.full(p, 0.5))
    for label, shape in (("t", t), ("p", p)):
        columns = shape if len(shape) > 1 else (*shape, 1)
        assert f"{label} has shape {columns}" in caught.value.message


def test_one_column_and_none_are_the_same_data() -> None:
    t, p = [1.0, 2.0, 3.0], [1.5, 2.0, 1.0]
    values = [
        losscli.compute("mse", np.reshape(t, a), np.reshape(p, b)).value
        for a in ((3,), (3, 1))
        for b in ((3,), (3, 1))
    ]
    assert len(set(values)) == 1


def test_a_loss_that_returns_another_shape_than_declared_is_named() -> None:
    @declare(family="regression", kind="element", y_true=REAL, y_pred=REAL)
    def wrong(y_true: Array, y_pred: Array) -> Array:
        """Sums where it should not."""
        return (y_true - y_pred).sum(axis=-1)

    view = View(ArraySource(np.zeros((4, 2)), "x"))
    with pytest.raises(LosscliError, match=r"wrong is declared element .* \(4, 2\).*\(4,\)"):
        run(Plan([wrong.spec.bind()]), Inputs(view, {"": view}))  # type: ignore[attr-defined]
