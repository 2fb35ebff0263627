"""Pairing rows by id: every way must say what a plain dict join says."""

from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losscli.errors import DataError, LosscliError, SourceError, UsageError
from losscli.sources import join as module
from losscli.sources.array import ArraySource
from losscli.sources.base import Source
from losscli.sources.columns import select
from losscli.sources.join import Alignment, align
from losscli.sources.joined import Masked, Reordered
from losscli.sources.open import open_source


def written(path: Path, rows: list[tuple[str, float]]) -> Source:
    path.write_text("id,v\n" + "".join(f"{key},{value}\n" for key, value in rows))
    return open_source(str(path), "data", twice=True)


def read(source: Source, block: int = 3) -> tuple[list[str], list[float]]:
    blocks = list(source.blocks(block, (1,)))
    assert all(len(b) == block for b in blocks[:-1])
    keys = [key for (key,) in chain.from_iterable(source.keys(block, (0,)))]
    return keys, [float(v) for b in blocks for v in b[:, 0]]


def paired(tmp_path: Path, true: list[str], pred: list[str], unmatched: str = "drop") -> Alignment:
    sides = [
        written(tmp_path / f"{name}.csv", [(key, i) for i, key in enumerate(keys)])
        for name, keys in (("true", true), ("pred", pred))
    ]
    return align(sides[0], sides[1], (0,), (0,), unmatched)  # type: ignore[arg-type]


IDS = st.lists(
    st.one_of(st.integers(-30, 30).map(str), st.sampled_from(["a", "b1", "é", "007", "1.5"])),
    min_size=1,
    max_size=14,
)


@settings(max_examples=150, deadline=None)
@given(true=IDS, pred=IDS, arrange=st.sampled_from(["as is", "sorted", "numbers", "same"]))
def test_is_a_dict_join(
    tmp_path_factory: pytest.TempPathFactory, true: list[str], pred: list[str], arrange: str
) -> None:
    if arrange == "same":
        pred = true
    elif arrange == "sorted":
        true, pred = sorted(true), sorted(pred)
    elif arrange == "numbers":
        true, pred = (
            sorted({k for k in keys if k.lstrip("-").isdecimal() and k != "007"}, key=int)
            for keys in (true, pred)
        )
    tmp_path = tmp_path_factory.mktemp("align")
    rows = {key: i for i, key in enumerate(pred)}
    common = [key for key in true if key in rows]
    if len(set(true)) < len(true) or len(rows) < len(pred):
        with pytest.raises(DataError, match="a second time"):
            paired(tmp_path, true, pred)
        return
    if not common:
        if true or pred:
            with pytest.raises(DataError, match=r"no id of|whole numbers|holds no rows"):
                paired(tmp_path, true, pred)
        return
    got = paired(tmp_path, true, pred)
    keys, values = read(got.y_true)
    assert keys == common
    assert values == [true.index(key) for key in common]
    assert read(got.y_pred) == (common, [rows[key] for key in common])
    assert (got.dropped_true, got.dropped_pred) == (
        len(true) - len(common),
        len(pred) - len(common),
    )
    for row, key in enumerate(common):
        assert f"line {true.index(key) + 2}," in got.y_true.locate(row, (1,))
        assert f"line {rows[key] + 2}," in got.y_pred.locate(row, (1,))


@pytest.mark.parametrize(
    ("true", "pred", "kinds"),
    [
        (["b", "a", "c"], ["b", "a", "c"], ("CsvSource", "CsvSource")),
        (["1", "2", "10"], ["1", "2", "10"], ("CsvSource", "CsvSource")),
        (["1", "2", "10"], ["2", "3", "10"], ("Masked", "Masked")),
        (["1", "10", "2"], ["1", "2"], ("Masked", "CsvSource")),  # ascending as text
        (["c", "a"], ["c", "b", "a"], ("CsvSource", "Masked")),  # no order, but the same one
        (["a", "b"], ["b", "a"], ("CsvSource", "Reordered")),
    ],
)
def test_holds_as_little_as_it_can(
    tmp_path: Path, true: list[str], pred: list[str], kinds: tuple[str, str]
) -> None:
    got = paired(tmp_path, true, pred)
    assert (type(got.y_true).__name__, type(got.y_pred).__name__) == kinds


@pytest.mark.parametrize(
    ("true", "pred", "unmatched", "message"),
    [
        (["a", "a"], ["a"], "drop", r"true.csv, line 3, .*'a' stands .* second .*true.csv, line 2"),
        (["c", "a", "c"], ["c", "a", "c"], "drop", r"true.csv, line 4, .*true.csv, line 2"),
        (["a", "b", "c"], ["c", "b", "c"], "drop", r"pred.csv, line 4, .*pred.csv, line 2"),
        (["c", "b", "c"], ["b", "c"], "drop", r"true.csv, line 4, .*true.csv, line 2"),
        (["c", "x", "b", "x"], ["b", "c"], "drop", r"true.csv, line 5, .*true.csv, line 3"),
        (["1", "2", "2"], ["1", "2"], "drop", r"true.csv, line 4, .*true.csv, line 3"),
        (
            ["1", "2", "3"],
            ["2", "4"],
            "error",
            r"true.csv, line 2, column 1 \(id\): the id '1' is not in .*pred.csv; rows without "
            r"partner: 2 of .*true.csv, 1 of .*pred.csv\n--unmatched drop",
        ),
        (["b", "a"], ["a", "b", "z"], "error", r"pred.csv, line 4, .*'z' is not in .*true.csv"),
        (["a"], ["b"], "drop", r"no id of .*true.csv is in .*pred.csv: the first are 'a' and 'b'"),
        (["17"], ["a17"], "drop", r"are whole numbers \('17'\), those of .*are text \('a17'\)"),
        (["x", "y"], ["2", "1"], "error", r"are text \('x'\), those of .*are whole numbers"),
        (["a"], [], "error", r"pred.csv holds no rows"),
    ],
)
def test_refuses(
    tmp_path: Path, true: list[str], pred: list[str], unmatched: str, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        paired(tmp_path, true, pred, unmatched)


def test_an_empty_id_is_an_error_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"true.csv, line 3, column 1 \(id\): the id is empty"):
        paired(tmp_path, ["a", " "], ["a"])


def test_ids_have_equally_many_columns(tmp_path: Path) -> None:
    source = written(tmp_path / "a.csv", [("a", 1)])
    with pytest.raises(UsageError, match=r"an id has 1 columns .* and 2 in"):
        align(source, source, (0,), (0, 1), "error")


def test_numbers_pair_with_numbers_of_another_type(tmp_path: Path) -> None:
    true = ArraySource(np.array([[17, 1.0], [18, 2.0], [19.5, 3.0]]), "y_true")
    pred = written(tmp_path / "pred.csv", [("18", 5), ("19.5", 6), ("17", 4)])
    got = align(true, pred, (0,), (0,), "error")
    assert read(got.y_pred)[1] == [4, 5, 6]


def test_an_id_of_two_columns(tmp_path: Path) -> None:
    true = ArraySource(np.array([[1, 9, 0.5], [1, 10, 0.6], [2, 9, 0.7]]), "y_true")
    pred = ArraySource(np.array([[0.1, 10, 1], [0.2, 9, 2], [0.3, 11, 2]]), "y_pred")
    got = align(true, pred, (0, 1), (2, 1), "drop")
    assert np.concatenate(list(got.y_true.blocks(5)))[:, 2].tolist() == [0.6, 0.7]
    assert np.concatenate(list(got.y_pred.blocks(5)))[:, 0].tolist() == [0.1, 0.2]
    assert list(got.y_pred.keys(5, (2, 1))) == [[("1", "10"), ("2", "9")]]


def test_more_rows_than_the_table_holds_must_be_sorted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TABLE_ROWS", 3)
    with pytest.raises(SourceError, match=r"pred.csv has more than 3 rows.*\nsort both files"):
        paired(tmp_path, list("dabc"), list("abdc"))
    assert paired(tmp_path, list("abcd"), list("bcde")).dropped_true == 1
    assert paired(tmp_path, list("dbca"), list("dbca")).dropped_true == 0
    monkeypatch.setattr(module, "HASHED_ROWS", 3)
    with pytest.raises(SourceError, match=r"not sorted, and more than 3 cannot be checked"):
        paired(tmp_path, list("dbca"), list("dbca"))


def test_the_ways_agree_over_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK_ROWS", 7)
    rng = np.random.default_rng(0)
    keys = np.arange(500)
    true, pred = np.sort(rng.choice(keys, 300, False)), rng.choice(keys, 300, False)
    common = [k for k in true.tolist() if k in set(pred.tolist())]
    for order in (np.sort(pred), pred):
        got = paired(tmp_path, [str(k) for k in true], [str(k) for k in order])
        assert read(got.y_pred, 11)[0] == [str(k) for k in common]


def test_a_masked_source_streams_exact_blocks_and_keeps_places() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(200_000, 2))
    mask = rng.random(200_000) < 0.3
    source = Masked(ArraySource(values, "y"), mask)
    blocks = list(source.blocks(1000, (1,)))
    assert [len(b) for b in blocks[:-1]] == [1000] * (len(blocks) - 1)
    np.testing.assert_array_equal(np.concatenate(blocks)[:, 0], values[mask, 1])
    assert source.shape == (mask.sum(), 2)
    for row in (0, 1, 19_999, int(mask.sum()) - 1):
        assert source.locate(row, (0,)) == f"y, row {np.flatnonzero(mask)[row] + 1}, column 1"


@pytest.mark.parametrize("rows", [2, 4])
def test_a_source_that_changes_between_readings_is_an_error(rows: int) -> None:
    source = ArraySource(np.zeros((rows, 1)), "y")
    masked = Masked(source, np.array([True, False, True]))
    reordered = Reordered(source, np.array([2, 0]), 3)
    for one in (masked, reordered):
        with pytest.raises(LosscliError, match="y has changed while it was read"):
            list(one.blocks(2))
        with pytest.raises(LosscliError, match="y has changed while it was read"):
            list(one.keys(2, (0,)))


def test_a_view_means_the_same_of_an_aligned_source(tmp_path: Path) -> None:
    got = paired(tmp_path, ["a", "b"], ["b", "a"])
    view = select(got.y_pred, None, without=(0,))
    assert view.columns == (1,)
    assert view.label.endswith("pred.csv (v)")
    assert view.locate(0, (0,)).endswith("pred.csv, line 3, column 2 (v)")
