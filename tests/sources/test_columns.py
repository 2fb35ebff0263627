"""Columns by name, position, range and pattern."""

from io import BufferedReader, BytesIO

import numpy as np
import pytest

from losscli.errors import UsageError
from losscli.sources.array import ArraySource
from losscli.sources.binary import Binary
from losscli.sources.columns import View, select
from losscli.sources.csv import CsvSource


def csv(header: str) -> CsvSource:
    width = len(header.split(","))
    text = header + "\n" + ",".join(map(str, range(width))) + "\n"
    data = text.encode()
    return CsvSource(Binary("f.csv", lambda: BufferedReader(BytesIO(data))))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "wanted", "columns"),
    [
        ("a,b,c", "a", (0,)),
        ("a,b,c", "c,a", (2, 0)),
        ("a,b,c", " c , a ", (2, 0)),
        ("a,b,c", "2", (1,)),
        ("a,b,c", "2:3", (1, 2)),
        ("a,b,c", ":2", (0, 1)),
        ("a,b,c", "2:", (1, 2)),
        ("a,b,c", ":", (0, 1, 2)),
        ("a,b,c", "b:c", (1, 2)),
        ("a,b,c", "b:3", (1, 2)),
        ("a,b,c", "b:b", (1,)),
        ("a,b,c", "3,1:2", (2, 0, 1)),
        ("p0,p1,q", "/^p/", (0, 1)),
        ("p0,p1,q", "/^p[0,1]$/", (0, 1)),
        ("p0,p1,q", "q,/^p/", (2, 0, 1)),
        ("2,1,x", "1", (1,)),
        ("2,1,x", "2:1", (0, 1)),
        ('"a,b",c', "a,b", (0,)),
        ("a:b,c", "a:b", (0,)),
        ("/x/,c", "/x/", (0,)),
        ("a/b,c", r"/a\/b/", (0,)),
        ("a,a,b", "3", (2,)),
        ("a,a,b", "1:2", (0, 1)),
        ("été,b", "été", (0,)),
    ],
)
def test_choices(header: str, wanted: str, columns: tuple[int, ...]) -> None:
    assert select(csv(header), wanted).columns == columns


@pytest.mark.parametrize(
    ("header", "wanted", "says"),
    [
        ("price,b", "prise", ("no column 'prise'", "did you mean price?")),
        ("a,b", "zzz", ("no column 'zzz'", "its columns: a, b")),
        ("a,b", "3", ("f.csv has no column 3", "from 1 to 2")),
        ("a,b", "0", ("f.csv has no column 0", "from 1 to 2")),
        ("a,b", "-1", ("f.csv has no column '-1'",)),
        ("a,b", "b:a", ("'b:a' runs backwards",)),
        ("a,b", "2:1", ("'2:1' runs backwards",)),
        ("a,b", "1:9", ("no column 9",)),
        ("a,b", "/z/", ("matches '/z/'", "its columns: a, b")),
        ("a,b", "/(/", ("'/(/' is not a regular expression",)),
        ("a,b", "a,a", ("'a,a'", "column 1 of f.csv more than once")),
        ("a,b", "1:2,b", ("'1:2,b'", "column 2 of f.csv more than once")),
        ("a,a,b", "a", ("several columns named 'a'", "give a position")),
        ("a,a,b", "a:b", ("several columns named 'a'", "give a position")),
        ("a,a,b", ":a", ("several columns named 'a'", "give a position")),
        ("a,b", "", ("'' names no column of f.csv", "its columns: a, b")),
        ("a,b", ",", ("',' names no column of f.csv", "its columns: a, b")),
        ("a,b", "  ", ("'  ' names no column of f.csv", "its columns: a, b")),
        (",b", "", ("'' names no column of f.csv",)),
        ("1,2", "a", ("f.csv has no column 'a'", "no header")),
        ("1,2", "/a/", ("f.csv has no header",)),
    ],
)
def test_what_is_not_there_is_named(header: str, wanted: str, says: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        select(csv(header), wanted)
    for part in says:
        assert part in str(caught.value)


def test_without_a_choice_it_is_all_of_the_source() -> None:
    source = csv("a,b")
    assert select(source, None) == View(source)


def test_an_array_of_three_axes_has_no_columns() -> None:
    with pytest.raises(UsageError, match="x has no columns to choose from: its shape is 4×3×2"):
        select(ArraySource(np.zeros((4, 3, 2)), "x"), "1")


@pytest.mark.parametrize(
    ("wanted", "label"),
    [(None, "f.csv"), ("b", "f.csv (b)"), (":", "f.csv (a, b, c, d, …)"), ("2,1", "f.csv (b, a)")],
)
def test_labels_name_the_choice(wanted: str | None, label: str) -> None:
    assert select(csv("a,b,c,d,e"), wanted).label == label


def test_a_place_in_a_view_is_the_place_in_its_source() -> None:
    assert select(csv("a,b,c"), "c").locate(0, (0,)) == "f.csv, line 2, column 3 (c)"
