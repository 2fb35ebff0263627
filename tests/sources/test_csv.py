"""CSV: what is read, and that NumPy's parser and the record path never disagree."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from losscli.errors import SourceError
from losscli.sources import csv_chunks
from losscli.sources.base import Array
from losscli.sources.binary import Binary
from losscli.sources.csv import CsvSource
from losscli.sources.options import InputOptions


def source(text: str | bytes, delimiter: str | None = None) -> CsvSource:
    data = text.encode() if isinstance(text, str) else text

    def open_() -> BufferedReader:
        return BufferedReader(BytesIO(data))  # type: ignore[arg-type]

    return CsvSource(Binary("f.csv", open_), InputOptions(delimiter=delimiter))


def read(reader: CsvSource, columns: Sequence[int] | None = None, rows: int = 1000) -> Array:
    blocks = [block.copy() for block in reader.blocks(rows, columns)]
    width = reader.shape[1] if columns is None else len(columns)
    return np.concatenate(blocks) if blocks else np.empty((0, width or 0))


@pytest.mark.parametrize(
    ("text", "names", "rows"),
    [
        ("1,2\n3,4\n", None, [[1, 2], [3, 4]]),
        ("1,2\n3,4", None, [[1, 2], [3, 4]]),
        ("1,2\r\n3,4\r\n", None, [[1, 2], [3, 4]]),
        ("a,b\r\n1,2\r\n", ("a", "b"), [[1, 2]]),
        ("\ufeffa,b\n1,2\n", ("a", "b"), [[1, 2]]),
        ('\ufeff"a",b\n1,2\n', ("a", "b"), [[1, 2]]),
        ("\ufeff1,2\n3,4\n", None, [[1, 2], [3, 4]]),
        ("a\tb\n1\t2\n", ("a", "b"), [[1, 2]]),
        ("a;b\n1;2\n", ("a", "b"), [[1, 2]]),
        ('"a,x";b\n1;2\n', ("a,x", "b"), [[1, 2]]),
        ('"a\nx",b\n1,2\n', ("a\nx", "b"), [[1, 2]]),
        ('"1","2"\n"3","4"\n', None, [[1, 2], [3, 4]]),
        ('a\n"1"\n2\n', ("a",), [[1], [2]]),
        ("\x1c1,\u20032\n3,4\x1f\n", None, [[1, 2], [3, 4]]),
        ('a,b\n\x1c1,\u20032\n3,"4\x1f"\n', ("a", "b"), [[1, 2], [3, 4]]),
        (" 1 , 2\n3,4 \n", None, [[1, 2], [3, 4]]),
        ("a\n1\n2\n\n\n", ("a",), [[1], [2]]),
        ("a\r\n1\r\n2\r\n\r\n", ("a",), [[1], [2]]),
        (",a\n0,5\n1,6\n", ("", "a"), [[0, 5], [1, 6]]),
        ("id,0,1\n7,8,9\n", ("id", "0", "1"), [[7, 8, 9]]),
        ("0,1\n2,3\n", None, [[0, 1], [2, 3]]),
        ("-1,+2\n.5,5.\n1e3,1E-3\n", None, [[-1, 2], [0.5, 5], [1000, 0.001]]),
        ("a\ninf\n-Infinity\n", ("a",), [[np.inf], [-np.inf]]),
        ("#a\n1\n", ("#a",), [[1]]),
        ("[a],{b}\n1,2\n", ("[a]", "{b}"), [[1, 2]]),
        ("a,b\n", ("a", "b"), []),
    ],
)
def test_text_becomes_names_and_numbers(
    text: str, names: tuple[str, ...] | None, rows: list[list[float]]
) -> None:
    reader = source(text)
    assert reader.names == names
    assert read(reader).tolist() == rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " ", ":"])
def test_a_delimiter_that_is_given_is_the_one(delimiter: str) -> None:
    text = f"a{delimiter}b\n1{delimiter}2\n"
    assert read(source(text, delimiter)).tolist() == [[1, 2]]


def test_rows_can_be_read_again() -> None:
    reader = source('\ufeff"a\nb"\n1\n2\n')
    assert read(reader).tolist() == read(reader).tolist() == [[1], [2]]


def test_a_pipe_is_read_once_and_says_so() -> None:
    stream = BufferedReader(BytesIO(b"1\n2\n"))  # type: ignore[arg-type]
    reader = CsvSource(Binary("pipe", lambda: stream, again=False))
    assert read(reader).tolist() == [[1], [2]]
    with pytest.raises(SourceError, match="pipe is a pipe, which can be read only once"):
        read(reader)


@pytest.mark.parametrize("rows", [1, 2, 3, 7, 10, 11])
def test_blocks_have_the_rows_asked_for_whatever_the_chunks_are(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_chunks, "CHUNK_BYTES", 5)
    text = "a,b\n" + "".join(f"{i},{i / 7!r}\n" for i in range(10))
    blocks = [block.copy() for block in source(text).blocks(rows)]
    assert [len(block) for block in blocks[:-1]] == [rows] * (len(blocks) - 1)
    assert np.concatenate(blocks).tolist() == [[i, i / 7] for i in range(10)]
    assert all(block.flags.c_contiguous for block in blocks)


def test_a_place_counts_lines_where_cells_hold_line_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_chunks, "CHUNK_BYTES", 4)
    reader = source('"x\ny",t\n1,"2"\n3,"\n4"\n5,6\n')
    assert read(reader).tolist() == [[1, 2], [3, 4], [5, 6]]
    places = [reader.locate(row, (0,)) for row in range(3)]
    assert places == [f"f.csv, line {line}, column 1 (x\\ny)" for line in (3, 4, 6)]


def test_a_choice_of_columns_ignores_the_text_of_the_others() -> None:
    reader = source("id,t,p\nann,1,2\n,3,4\nbob,5,6\n")
    assert read(reader, (1, 2)).tolist() == [[1, 2], [3, 4], [5, 6]]
    assert read(reader, (2,)).tolist() == [[2], [4], [6]]


@pytest.mark.parametrize("fault", ["4", "4,5,6,7", ""])
def test_a_choice_of_columns_does_not_hide_a_ragged_row(fault: str) -> None:
    reader = source(f"a,b,c\n1,2,3\n{fault}\n7,8,9\n")
    with pytest.raises(SourceError, match="line 3"):
        read(reader, (0,))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r1\r2\r", 1),
        ("a\r1\n2\n3\n", 1),
        ("1\r2\n3\n", 1),
        ("a\n1\r2\n3\n", 2),
        ("a\n1\n2\r", 3),
        ("a\r\n1\r\n2\r", 3),
        ("a\n1\r\r\n2\n", 2),
        ('"a\nb"\n1\n2\r3\n', 4),
        ("a,b\r1,2\r3,4", 1),
        ('"a\rb"\r1\n2\n', 1),
    ],
)
def test_carriage_returns_alone_are_refused(text: str, line: int) -> None:
    """If they ended no record, rows would vanish: all that stand before the first line feed."""
    message = rf"f.csv, line {line} has old Mac line ends: a bare carriage return\nconvert .* to LF"
    with pytest.raises(SourceError, match=message):
        read(source(text))
    with pytest.raises(SourceError, match=message):
        list(source(text).keys(10, (0,)))


def test_a_carriage_return_in_quotes_is_text() -> None:
    reader = source('"a\rb",v\n"\r",1\n"x\ry",2\n')
    assert read(reader, (1,)).tolist() == [[1], [2]]
    assert list(source('k,v\n"a\rb",1\n').keys(10, (0,))) == [[("a\rb",)]]


@pytest.mark.parametrize("number", ["1e400", "-1e400", " 1E+0400 ", "9" * 310, f"{'9' * 300}e99"])
@pytest.mark.parametrize("columns", [None, (1,)])
def test_a_number_beyond_float64_is_named(number: str, columns: tuple[int, ...] | None) -> None:
    start = number.strip()[:39]
    with pytest.raises(SourceError) as caught:
        read(source(f"a,b\n1,inf\n2,{number}\n"), columns)
    where = f"f.csv, line 3, column 2 (b): '{start}"
    assert str(caught.value).startswith(where)
    assert str(caught.value).endswith("is too large for float64")
    assert read(source(f"a,b\n1,-inf\n2,{number}\n"), (0,)).tolist() == [[1], [2]]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a|b\n1|2\n", "'|'"),
        ("a b\n1 2\n", "space"),
        ("x\n1\t2\n", "tab"),
        ("x\n1 ; 2\n", "';'"),
        ("1~2\n", "'~'"),
    ],
)
def test_several_numbers_in_a_cell_suggest_the_delimiter(text: str, mark: str) -> None:
    with pytest.raises(SourceError, match=rf"say --delimiter {re.escape(mark)}"):
        read(source(text))


@pytest.mark.parametrize("text", ["a\n1 2x\n", "a\n12:30\n", "a,b\n1|2,3\n", "a\n|\n"])
def test_other_cells_suggest_none(text: str) -> None:
    with pytest.raises(SourceError, match="is not a number") as caught:
        read(source(text))
    assert caught.value.hint is None


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("1,dog\n2,3\n", "f.csv, line 1: 1,dog is taken as a header; --no-header makes it a row"),
        ("a,1,2,3,4\n1,2,3,4,5\n", "f.csv, line 1: a,1,2,3,… is taken as a header; --no-header"),
        ("٣\n1\n", None),
        ("a,b1\n1,2\n", None),
    ],
)
def test_a_header_with_numbers_in_it_is_noted(text: str, note: str | None) -> None:
    notes = source(text).notes
    assert len(notes) == (note is not None)
    assert note is None or notes[0].startswith(note)
    assert CsvSource(source(text)._binary, InputOptions(header=True)).notes == ()


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=30))
def test_numbers_written_with_repr_come_back_bit_for_bit(numbers: list[float]) -> None:
    text = "x\n" + "".join(f"{number!r}\n" for number in numbers)
    array = read(source(text))
    assert array.tobytes() == np.array(numbers).tobytes()


@given(st.lists(st.floats(allow_nan=False, width=32), min_size=1, max_size=30))
def test_float32_numbers_come_back_bit_for_bit(numbers: list[float]) -> None:
    singles = np.array(numbers, dtype=np.float32)
    text = "x\n" + "".join(f"{number}\n" for number in singles.astype(str))
    assert read(source(text)).astype(np.float32).tobytes() == singles.tobytes()


# Fast path and record path: the same arrays, the same errors.


@dataclass(frozen=True)
class Outcome:
    """What a reading came to: bytes and shape of the array, or the text of the error."""

    shape: tuple[int, ...] | None
    data: bytes | None
    error: str | None


@contextmanager
def parsing(*, fast: bool, chunk: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_chunks, "CHUNK_BYTES", chunk)
        if not fast:
            patch.setattr(CsvSource, "_parse", lambda *args: None)
        yield


def outcome(text: str, columns: Sequence[int] | None, **how: Any) -> Outcome:
    with parsing(**how):
        try:
            reader = source(text)
            width = reader.shape[1] or 0
            wanted = None if columns is None else [c for c in columns if c < width] or None
            array = read(reader, wanted, rows=3)
        except SourceError as error:
            return Outcome(None, None, str(error))
    array = np.where(np.isnan(array), np.nan, array)  # a NaN's sign means nothing
    return Outcome(array.shape, array.tobytes(), None)


NUMBERS = ["0", "1", "-2", "3.5", ".5", "5.", "1e5", "-1E-300", "1e400", "inf", "nan", " 7 ", "08"]
ODDITIES = [
    "\x1c3",
    "",
    " ",
    "x",
    "1_0",
    "0x1",
    "1e",
    "--1",
    "infinit",
    "٣",
    "\xa01",
    "#",
    "1 2",
    "é",
    "+",
]
QUOTED = ['"1"', '"2.5"', '""', '"3"x', '"4""5"', '"6\n"', '"7,8"', '"', '1"', '" 9"']
cells = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from(NUMBERS),
    st.sampled_from(NUMBERS),
    st.sampled_from(ODDITIES),
    st.sampled_from(QUOTED),
)
plain = st.sampled_from(NUMBERS)
line_ends = st.sampled_from(["\n", "\n", "\r\n", "\n\n", "\r\n\r\n", "\r"])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A small CSV: even and clean, or with some faults in it."""
    width = draw(st.integers(1, 3))
    faulty = draw(st.booleans())
    cell = cells if faulty else plain
    end = draw(st.sampled_from(["\n", "\r\n"]))
    lines = [",".join("abc"[:width]) + end] if draw(st.booleans()) else []
    for _ in range(draw(st.integers(0, 6))):
        count = draw(st.sampled_from([width] * 6 + [width + 1, 1])) if faulty else width
        row = ",".join(draw(cell) for _ in range(count))
        lines.append(row + (draw(line_ends) if faulty else end))
    text = "".join(lines)
    return text.rstrip("\r\n") if draw(st.booleans()) else text


columns_ = st.none() | st.lists(st.integers(0, 2), min_size=1, max_size=2, unique=True)


@given(texts(), columns_, st.sampled_from([1, 7, 1 << 18]))
@example("a,b\n1,2\n\n3,4\n", None, 1 << 18)
@example("a\n1\n\n", None, 1)
@example("a,b\n1,2,3\n4\n", [0], 1 << 18)
@example('a,b\n1,"2"\n"3\n",4\n5,x\n', None, 1)
@settings(max_examples=400, deadline=None)
def test_both_paths_agree(text: str, columns: list[int] | None, chunk: int) -> None:
    fast = outcome(text, columns, fast=True, chunk=chunk)
    assert fast == outcome(text, columns, fast=False, chunk=chunk)


@given(texts(), columns_)
@settings(max_examples=200, deadline=None)
def test_chunks_do_not_show(text: str, columns: list[int] | None) -> None:
    """Of several faults another may be found first, but a fault is a fault, a number a number."""
    whole = outcome(text, columns, fast=True, chunk=1 << 18)
    pieces = outcome(text, columns, fast=True, chunk=3)
    assert (whole.shape, whole.data) == (pieces.shape, pieces.data)
