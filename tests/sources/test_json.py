"""Inline JSON: shapes that are taken, and faults with their places."""

import numpy as np
import pytest

from losscli.errors import SourceError
from losscli.sources.json import from_json


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("[1, 0.5]", [[1], [0.5]]),
        ("[[1], [0.5]]", [[1], [0.5]]),
        ("[[0,1,1],[0,0,1]]", [[0, 1, 1], [0, 0, 1]]),
        (" [\n[1e-3, -2E2]\n]", [[0.001, -200]]),
        ("[[[1, 2], [3, 4]]]", [[[1, 2], [3, 4]]]),
        ("[true, false]", [[1], [0]]),
        ("[9007199254740993]", [[9007199254740992]]),
        ("[[1, true], [2.5, false]]", [[1, 1], [2.5, 0]]),
    ],
)
def test_lists_become_rows(text: str, rows: list[list[float]]) -> None:
    source = from_json(text, "inline y_true")
    wanted = np.array(rows, dtype=np.float64)
    assert source.shape == wanted.shape
    assert np.array_equal(np.concatenate(list(source.blocks(1))), wanted)


def test_no_rows_are_no_blocks() -> None:
    source = from_json("[]", "inline y_true")
    assert source.shape == (0, 1)
    assert list(source.blocks(5)) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[1,2],[3]]", "x, row 2 has 1 element, the first has 2"),
        ("[[1,2],[3,4,5]]", "x, row 2 has 3 elements, the first has 2"),
        ("[[[1]],[[1,2]]]", "x, row 2, column 1 has 2 elements, the first has 1"),
        ("[1, [2]]", "x, row 2 is a list"),
        ("[[1], 2]", "x, row 2: '2' is no list"),
        ("[[1, null]]", "x, row 1, column 2: null is not a number"),
        ("[[[1, 2, {}]]]", "x, row 1, column 1, element 3: '{}' is not a number"),
        ('[1, "a"]', 'x, row 2: "a" is not a number'),
        ('[1, "1"]', 'x, row 2: "1" is not a number'),
        ('["\\u001b[31m"]', 'x, row 1: "\\x1b[31m" is not a number'),
        ("[1, 1e400]", "x, row 2: '1e400' is too large for float64"),
        ("[[1], [-1E+0400]]", "x, row 2, column 1: '-1E+0400' is too large for float64"),
        (f"[1, {10**400}]", f"x, row 2: '1{'0' * 38}…' is too large for float64"),
        (f"[[1, -{'9' * 5000}]]", f"x, row 1, column 2: '-{'9' * 38}…' is too large for float64"),
        (f"[Infinity, {'9' * 300}e99]", "x, row 2: '99999"),
        ('{"a": [1, 1e999]}', "x, row 2, key 'a': '1e999' is too large for float64"),
        ("[1,\n2,\n,3]", "x is not valid JSON at line 3, column 1"),
        ("[1, 2", "it ends there"),
        ("[1, 2] 3", "line 1, column 8: Extra data, found '3'"),
        ("3", "x is not a list"),
        ('{"a": 1}', "x, key 'a': '1' is not a list"),
    ],
)
def test_faults_are_placed(text: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        list(from_json(text, "x").blocks(9))
    assert message in str(caught.value)


def test_a_long_text_is_cut_in_the_message() -> None:
    with pytest.raises(SourceError) as caught:
        next(from_json(f'["{"y" * 10_000}"]', "x").blocks(1))
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("depth", [33, 65, 500, 100_000])
def test_nesting_beyond_what_an_array_can_have_is_refused(depth: int) -> None:
    """JSON reads some hundred levels, an array has 32, or 64 since NumPy 2."""
    for text in ("[" * depth + "1" + "]" * depth, "[" * depth):
        with pytest.raises(SourceError, match=r"^x .*(nested|it ends there)") as caught:
            from_json(text, "x")
        assert "recursion" not in str(caught.value)


@pytest.mark.parametrize("start", ["[1, ", "[[1], ", '[{"a": 1}, '])
def test_nesting_behind_the_first_row(start: str) -> None:
    for depth in (40, 900, 100_000):
        deep = '{"a":' * depth + "1" + "}" * depth
        with pytest.raises(SourceError, match=r"^x") as caught:
            list(from_json(f"{start}{deep}]", "x").blocks(9))
        assert "recursion" not in str(caught.value)


def test_infinities_that_are_written_out_go_on() -> None:
    (block,) = from_json("[1e200, Infinity, -Infinity, NaN]", "x").blocks(9)
    assert repr(block.ravel().tolist()) == "[1e+200, inf, -inf, nan]"


def test_large_integers_are_rounded_once() -> None:
    wanted = 10**308 + 10**291
    (block,) = from_json(f"[{wanted}, {2**64 + 1}, 1]", "x").blocks(9)
    assert block.ravel().tolist() == [float(wanted), float(2**64), 1]
