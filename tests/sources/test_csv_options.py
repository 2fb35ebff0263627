"""CSV as the options say: decimals, comments, headers, ids; both paths must agree."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losscli.errors import SourceError
from losscli.sources import csv_chunks
from losscli.sources.csv import CsvSource
from losscli.sources.open import InputOptions, open_source

Options = dict[str, str | bool]


def opened(path: Path, text: str, **options: str | bool | None) -> CsvSource:
    path.write_bytes(text.encode())
    source = open_source(str(path), "y", InputOptions(**options))  # type: ignore[arg-type]
    assert isinstance(source, CsvSource)
    return source


def rows(source: CsvSource, columns: tuple[int, ...] | None = None) -> list[list[float]]:
    return [row for block in source.blocks(3, columns) for row in block.tolist()]


@pytest.mark.parametrize(
    ("text", "options", "names", "expected"),
    [
        ("1,5;2\n3;-4,25e1\n", {"decimal": ","}, None, [[1.5, 2], [3, -42.5]]),
        ("1,5\t2\n", {"decimal": ","}, None, [[1.5, 2]]),
        ("0,5\n1,5\n", {"decimal": ","}, None, [[0.5], [1.5]]),
        ('p;q\n"1,5";2\n', {"decimal": ","}, ("p", "q"), [[1.5, 2]]),
        ("# c\n  # d\na,b\n1,2\n#x\n3,4", {"comment": "#"}, ("a", "b"), [[1, 2], [3, 4]]),
        ('1\n%% 5" \n2\n\n% end\n', {"comment": "%"}, None, [[1], [2]]),
        ("0,1\n1,2\n", {"header": True}, ("0", "1"), [[1, 2]]),
        ("0.5,1\n1,2\n", {"header": True}, ("0.5", "1"), [[1, 2]]),
        ("5,1\n1,2\n", {"header": False}, None, [[5, 1], [1, 2]]),
        ("a|b\n1|2\n", {"delimiter": "|"}, ("a", "b"), [[1, 2]]),
    ],
)
def test_options(
    tmp_path: Path,
    text: str,
    options: Options,
    names: tuple[str, ...] | None,
    expected: list[list[float]],
) -> None:
    source = opened(tmp_path / "a.csv", text, **options)
    assert source.names == names
    assert rows(source) == rows(source) == expected


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("1.234;1\n", {"decimal": ","}, r"line 1, column 1: '1.234' is not .*\nwith --decimal ,"),
        ("1;1\n1.234,5;2", {"decimal": ","}, r"line 2, column 1: '1.234,5' is not a number\nwith"),
        ("1;1\n1,2,3;2", {"decimal": ","}, r"line 2, column 1: '1,2,3' is not a number"),
        ("p;q\n1,5;2\n", {}, r"line 2, column 1 \(p\): '1,5' is not .*\n.*point; --decimal ,"),
        ("1,5;2,5\n", {}, r"line 1, column 1: '1,5' is not a number"),
        ("1,5,2,5\n", {"decimal": ","}, r"line 1, column 1: '1,5,2,5' is not a number"),
        ("#c\na,b\n1,2\n", {"comment": "#", "header": False}, r"line 2, .*'a' .*\n.*--no-header"),
        ("#c\n\n1\n", {"comment": "#"}, "line 2 is blank"),
        ("#c\n1\n#c\n\n#d\n2", {"comment": "#"}, "line 4 is blank, with rows after it"),
        ("#c\n1,2\n#c\n3,x\n", {"comment": "#"}, r"line 4, column 2: 'x'"),
        ('#"\n"1",2\n#"\n3,4,5\n', {"comment": "#"}, r"line 4: 3 cells"),
        ("#c\n#d\n", {"comment": "#"}, "is empty but for comments"),
        ("#c\ra\n1\r2\n", {"comment": "#"}, "line 2 has old Mac line ends"),
        ('1\n""\n', {}, "line 2, column 1: the cell is empty"),
    ],
)
def test_faults_and_their_places(tmp_path: Path, text: str, options: Options, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        rows(opened(tmp_path / "a.csv", text, **options))


CELLS = st.sampled_from(["1", "-2,5", "3.5", '"4,0"', "1e3", '"a\nb"', '"x\r\ny"', "", "z", '"#"'])
LINES = st.sampled_from(["", "# c", '  #"', "#;1"])


@settings(max_examples=200, deadline=None)
@given(
    table=st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=8),
    comments=st.lists(LINES, min_size=8, max_size=8),
    decimal=st.sampled_from([".", ","]),
    columns=st.sampled_from([None, (0,), (1, 0)]),
    chunk=st.sampled_from([1, 7, 1 << 18]),
)
def test_both_paths_agree(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[list[str]],
    comments: list[str],
    decimal: str,
    columns: tuple[int, ...] | None,
    chunk: int,
) -> None:
    """Whatever the chunks are, and whether NumPy parses or the csv module does."""
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    text = "p;q\n"
    for cells, comment in zip(table, comments, strict=False):
        text += (comment + "\n") * bool(comment) + ";".join(cells) + "\n"
    seen: list[str] = []
    seen_keys: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for fast, size in ((True, 1 << 18), (False, 1 << 18), (True, chunk), (False, chunk)):
            patch.setattr(csv_chunks, "CHUNK_BYTES", size)
            if not fast:
                patch.setattr(CsvSource, "_parse", lambda *_: None)
                patch.setattr(CsvSource, "_plain_keys", lambda *_: None)
            source = opened(path, text, decimal=decimal, comment="#")
            try:
                text_keys = list(source.keys(3, (1, 0)))
                seen_keys.append(repr(text_keys))
            except SourceError as error:
                seen_keys.append(str(error))
            try:
                got = rows(source, columns)
                seen.append(repr(got) + "".join(source.locate(i, (0,)) for i in range(len(got))))
            except SourceError as error:
                seen.append(str(error))
            patch.undo()
    assert (len(set(seen)), len(set(seen_keys))) == (1, 1)


def test_places_are_exact_within_a_chunk(tmp_path: Path) -> None:
    text = '# first\nname,v\n"a\nb",1\nc,2\n# more\n\t# and more\n"d\n\ne",3\nf,4\n'
    source = opened(tmp_path / "a.csv", text, comment="#")
    assert rows(source, (1,)) == [[1], [2], [3], [4]]
    lines = [3, 5, 8, 11]
    for row, line in enumerate(lines):
        assert f"line {line}, column 2 (v)" in source.locate(row, (1,))
    fresh = opened(tmp_path / "a.csv", text, comment="#")
    keys = [key for block in fresh.keys(3, (0, 1)) for key in block]
    assert keys == [("a\nb", "1"), ("c", "2"), ("d\n\ne", "3"), ("f", "4")]
    assert [f"line {line}," in fresh.locate(row, (0,)) for row, line in enumerate(lines)]


def test_a_carriage_return_in_a_cell_is_no_line(tmp_path: Path) -> None:
    source = opened(tmp_path / "a.csv", 'n,v\n"a\rb",1\nc,2\n"d\r\ne",3\nf,4\n')
    assert rows(source, (1,)) == [[1], [2], [3], [4]]
    for row, line in enumerate([2, 3, 4, 6]):
        assert f"line {line}," in source.locate(row, (1,))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,p\na,1\n ,2\n", r"line 3, column 1 \(id\): the id is empty"),
        ("id,p\na,1\nb\n", r"line 3: 1 cell, the first line has 2"),
        ("id,p\na,1\n\nb,1\n", "line 3 is blank"),
    ],
)
def test_faults_of_ids(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        list(opened(tmp_path / "a.csv", text).keys(2, (0,)))


def test_ids_come_in_blocks(tmp_path: Path) -> None:
    text = "id,p\n" + "".join(f" {i} ,x\n" for i in range(7))
    keys = list(opened(tmp_path / "a.csv", text).keys(3, (0,)))
    assert [len(block) for block in keys] == [3, 3, 1]
    assert [int(key) for block in keys for (key,) in block] == list(range(7))


def test_the_line_map_holds_runs_only() -> None:
    lines = csv_chunks.LineMap(5)
    assert lines.line(3) == 8
    for row, line in ((0, 5), (1, 6), (2, 9), (3, 10), (1, 6), (4, 20)):
        lines.add(row, line)
    assert [lines.line(row) for row in range(6)] == [5, 6, 9, 10, 20, 21]
    assert list(lines.runs(4)) == [(0, 5), (2, 9)]
    assert np.all([lines.line(row) > row for row in range(100)])
