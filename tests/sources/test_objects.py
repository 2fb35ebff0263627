"""JSON Lines and JSON objects: their columns, their ids and their faults."""

import json
from pathlib import Path

import numpy as np
import pytest

from losscli.errors import SourceError, UsageError
from losscli.sources.array import ArraySource
from losscli.sources.base import Key, Source
from losscli.sources.columns import positions, select
from losscli.sources.ids import key_type
from losscli.sources.open import open_source

ROWS = [
    {"id": "a", "y": 1, "p": [0.5, 0.25]},
    {"y": True, "p": [1, 2], "id": "b", "more": None},
    {"id": "c", "y": 0.5, "p": [3, 4]},
]


def opened(folder: Path, name: str, text: str) -> Source:
    (folder / name).write_text(text)
    return open_source(f"{folder}/{name}", "y")


def both(folder: Path, rows: list[object]) -> list[Source]:
    return [
        opened(folder, "a.json", json.dumps(rows)),
        opened(folder, "a.jsonl", "".join(json.dumps(row) + "\n" for row in rows)),
    ]


def values(source: Source, columns: tuple[int, ...] | None = None) -> list[object]:
    return list(np.concatenate(list(source.blocks(2, columns))).tolist())


def test_objects(tmp_path: Path) -> None:
    for source in both(tmp_path, list(ROWS)):
        assert source.names == ("id", "y", "p[0]", "p[1]")
        assert source.shape[1] == 4
        assert values(source, (1,)) == [[1], [1], [0.5]]
        assert values(source, positions(source, "p")) == [[0.5, 0.25], [1, 2], [3, 4]]
        assert positions(source, "p[1],y") == (3, 1)
        assert list(source.keys(2, (0, 1))) == [[("a", "1"), ("b", "1")], [("c", "0.5")]]
        assert source.locate(1, (3,)).endswith(" 2, key 'p', element 1")


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ({"id": "b", "y": None, "p": [1, 2]}, 1, r" 2, key 'y': null is not a number"),
        ({"id": "b", "y": "x", "p": [1, 2]}, 1, r" 2, key 'y': \"x\" is not a number"),
        ({"id": "b", "p": [1, 2]}, 1, r" 2: there is no key 'y'"),
        ({"id": "b", "y": 1, "p": [1]}, 3, r" 2, key 'p' has 1 element, the first has 2"),
        ({"id": "b", "y": 1, "p": 1}, 3, r" 2, key 'p': '1' is no list; the first one is"),
        ({"id": "b", "y": 1, "p": [1, None]}, 3, r" 2, key 'p', element 1: null is not"),
        (
            {"id": "b", "y": 10**400, "p": [1, 2]},
            1,
            r" 2, key 'y': '1000.* is too large for float64",
        ),
        ([1, 2], 1, r" 2: '\[1, 2\]' is no object; the first one is"),
    ],
)
def test_faults_of_objects(tmp_path: Path, row: object, column: int, message: str) -> None:
    for source, unit in zip(both(tmp_path, [ROWS[0], row]), ("row", "line"), strict=True):
        with pytest.raises(SourceError, match=f", {unit}{message}"):
            values(source, (column,))


def test_text_without_a_choice_of_columns(tmp_path: Path) -> None:
    for source in both(tmp_path, list(ROWS)):
        message = r" 1, key 'id': \"a\" is not a number\nchoose columns with --true-cols .*id, y"
        with pytest.raises(SourceError, match=message):
            values(source)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "key 'id': the id is empty"),
        (" ", "key 'id': the id is empty"),
        (float("nan"), "key 'id': 'nan' is no id"),
        ([1], r"key 'id'.* is no id"),
        (1e300, "too large to be an exact id"),
    ],
)
def test_faults_of_ids(tmp_path: Path, value: object, message: str) -> None:
    for source in both(tmp_path, [{"id": 1, "y": 1}, {"id": value, "y": 1}]):
        with pytest.raises(SourceError, match=message):
            list(source.keys(2, (0,)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"y": [1, 2], "p": [1]}', "key 'p' has 1 element, key 'y' has 2"),
        ('{"y": [1, 2],\n"p": 3}', "key 'p': '3' is not a list\nan object holds a list"),
        ("{\n}", "is an object without keys"),
        ('[{"y": 1},\n3]', "row 2: '3' is no object"),
        ("[1,\n2", "not valid JSON at line 2, column 2"),
    ],
)
def test_faults_of_documents(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        values(opened(tmp_path, "a.json", text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1\n\n2\n", "line 2 is blank, with rows after it"),
        ("\n1\n", "line 1 is blank, with rows after it"),
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("1\nnull\n", "line 2: null is not a number"),
        ('1\n"2"\n', r'line 2: "2" is not a number'),
        ("1\n[2]\n", "line 2 is a list; the rows before hold a number there"),
        ("[1, 2]\n3\n", "line 2: '3' is no list; the rows before hold one there"),
        ("[1, 2]\n[1]\n", "line 2 has 1 element, the first has 2"),
        ('[1, 2]\n[1, "2"]\n', r'line 2, column 2: "2" is not a number'),
        ("[[1], [2]]\n[[1], [null]]\n", "line 2, column 2, row 1: null|line 2, column 2.*: null"),
        ("1\n2 3\n", "line 2 is not valid JSON at column 3: Extra data, found '3'"),
        ('{"a": 1}\n[1]\n', r"line 2: '\[1\]' is no object"),
        ("1\n1e400\n", "line 2: '1e400' is too large for float64"),
        ('{"a": 1e400}\n', "line 1, key 'a': '1e400' is too large for float64"),
        ("[1, 2]\n[1, -1e999]\n", "line 2, column 2: '-1e999' is too large for float64"),
        ("[" * 40 + "1" + "]" * 40 + "\n", "line 1 is nested more than 31 lists deep"),
        ("[]\n", "line 1 holds an empty list"),
        ("1\n\xff\n", "UTF-8"),
    ],
)
def test_faults_of_json_lines(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(text.encode("latin-1"))
    with pytest.raises(SourceError, match=message):
        values(open_source(f"{tmp_path}/a.jsonl", "y"))


def test_json_lines_of_lists(tmp_path: Path) -> None:
    source = opened(
        tmp_path, "a.jsonl", "[[1, 2], [3, 4]]\n[[5, 6], [7, true]]\n[[0, 0], [0, 0]]\n"
    )
    assert source.shape == (None, 2, 2)
    assert values(source) == [[[1, 2], [3, 4]], [[5, 6], [7, 1]], [[0, 0], [0, 0]]]
    flat = opened(tmp_path, "b.jsonl", "\ufeff1\r\n2\r\n3\r\n\r\n")
    assert values(flat) == [[1], [2], [3]]
    assert list(flat.keys(2, (0,))) == [[("1",), ("2",)], [("3",)]]
    assert flat.locate(2, (0,)) == f"{tmp_path}/b.jsonl, line 3, column 1"


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.array([17, -3], dtype=np.int8), ["17", "-3"]),
        (np.array([2**63 + 1], dtype=np.uint64), [str(2**63 + 1)]),
        (np.array([17.0, -0.0, 0.1]), ["17", "0", "0.1"]),
        (np.array([17.0, 0.1], dtype=np.float32), ["17", "0.1"]),
        (np.array([True, False]), ["1", "0"]),
    ],
)
def test_numbers_as_ids(array: np.ndarray, expected: list[str]) -> None:
    (keys,) = ArraySource(array, "y").keys(9, (0,))
    assert keys == [(key,) for key in expected]


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([1.0, np.nan]), "y, row 2, column 1: 'nan' is no id"),
        (np.array([1.0, 2.0**54]), "y, row 2, column 1: .* is too large to be an exact id"),
        (np.array([1.0, 2.0**25], dtype=np.float32), "row 2, .* is too large to be an exact id"),
    ],
)
def test_numbers_that_are_no_ids(array: np.ndarray, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        list(ArraySource(array, "y").keys(9, (0,)))


@pytest.mark.parametrize(
    ("key", "kind"),
    [(("17",), "whole"), (("-3", "0"), "whole"), (("17.0",), "text"), (("007",), "text"),
     (("1", "a"), "text"), (("+1",), "text")],
)  # fmt: skip
def test_key_type(key: Key, kind: str) -> None:
    assert key_type(key) == kind


def test_select_without() -> None:
    source = ArraySource(np.zeros((2, 3)), "y")
    assert select(source, None, without=(1,)).columns == (0, 2)
    assert select(source, None).columns is None
    assert select(source, "2", without=(1,)).columns == (1,)
    assert positions(source, "3,1") == (2, 0)
    with pytest.raises(UsageError, match="no column of y is left for values"):
        select(source, None, without=(0, 1, 2))
    with pytest.raises(UsageError, match="',' names no column of y"):
        positions(source, ",")
