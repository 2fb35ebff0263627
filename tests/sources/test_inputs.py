"""What may stand for an input: archives, compressed files, pipes; and how its format shows."""

import gzip
import io
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from losscli.errors import LosscliError, SourceError, UsageError
from losscli.sources import binary as binaries
from losscli.sources.base import Source
from losscli.sources.binary import Binary, copy_to_disk
from losscli.sources.open import InputOptions, open_source
from tests.conftest import plain_environment

ARRAY = np.arange(30.0).reshape(10, 3)


def values(source: Source, rows: int = 4) -> list[object]:
    blocks = [block.copy() for block in source.blocks(rows)]
    assert all(len(block) == rows for block in blocks[:-1])
    array = np.concatenate(blocks)
    return list(array.tolist())


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


FORTRAN = npy(np.asfortranarray(ARRAY))
CSV = "".join(",".join(map(str, row)) + "\n" for row in ARRAY.tolist()).encode()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.npz"
    np.savez_compressed(path, alpha=ARRAY, beta=np.asfortranarray(ARRAY), flat=ARRAY[:, 0])
    return path


@pytest.mark.parametrize("key", ["alpha", "beta", "alpha.npy"])
def test_an_array_of_an_archive(archive: Path, key: str) -> None:
    source = open_source(f"{archive}:{key}", "y_true")
    assert values(source) == values(source) == ARRAY.tolist()
    assert source.locate(1, (2,)) == f"{archive}:{key.removesuffix('.npy')}, row 2, column 3"


def test_an_archive_of_one_array_needs_no_key(tmp_path: Path) -> None:
    np.savez(tmp_path / "one.npz", ARRAY)
    assert values(open_source(str(tmp_path / "one.npz"), "y_true")) == ARRAY.tolist()


def test_an_existing_path_wins_over_the_split(tmp_path: Path) -> None:
    path = tmp_path / "a.npz:alpha"
    path.write_bytes(CSV)
    assert values(open_source(str(path), "y_true")) == ARRAY.tolist()


@pytest.mark.parametrize(
    ("suffix", "message"),
    [
        ("", r"a.npz holds 3 arrays: alpha, beta, flat\nsay which: .*a.npz:alpha"),
        (":alpa", r"has no array 'alpa'\ndid you mean alpha\?"),
        (":zzz", r"has no array 'zzz'\nits arrays: alpha, beta, flat"),
    ],
)
def test_a_key_is_asked_for(archive: Path, suffix: str, message: str) -> None:
    with pytest.raises(LosscliError, match=message):
        open_source(f"{archive}{suffix}", "y_true")


def cut(path: Path, keep: slice) -> None:
    path.write_bytes(path.read_bytes()[keep])


def corrupt(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)


def test_damaged_archives(tmp_path: Path, archive: Path) -> None:
    np.savez(tmp_path / "stored.npz", ARRAY)
    corrupt(tmp_path / "stored.npz", 300)  # in the numbers
    with pytest.raises(SourceError, match=r"stored.npz: the archive is damaged: Bad CRC-32"):
        values(open_source(str(tmp_path / "stored.npz"), "y_true"))
    cut(archive, slice(0, -40))
    with pytest.raises(SourceError, match=r"a.npz is a damaged zip archive"):
        open_source(f"{archive}:alpha", "y_true")
    (tmp_path / "b.npz").write_bytes(CSV)
    with pytest.raises(SourceError, match=r"b.npz is not an NPZ archive\nleave out :x"):
        open_source(f"{tmp_path}/b.npz:x", "y_true")
    with zipfile.ZipFile(tmp_path / "sheet.xlsx", "w") as opened:
        opened.writestr("xl/workbook.xml", "")
    with pytest.raises(SourceError, match=r"sheet.xlsx is a zip archive without NPY arrays"):
        open_source(str(tmp_path / "sheet.xlsx"), "y_true")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv.gz", CSV),
        ("a.npy.gz", npy(ARRAY)),
        ("fortran.gz", FORTRAN),
        ("a.json.gz", str(ARRAY.tolist()).encode()),
        ("a.jsonl.gz", "\n".join(map(str, ARRAY.tolist())).encode()),
        ("a", b"\xef\xbb\xbf" + CSV),
    ],
)
def test_gzip_shows_in_the_content(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(data))
    source = open_source(str(path), "y_true")
    assert values(source) == values(source) == ARRAY.tolist()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: cut(p, slice(0, -12)), r"its gzip data ends early; it was cut short"),
        (lambda p: corrupt(p, -6), r"its gzip data is damaged: CRC check failed"),
        (lambda p: corrupt(p, 40), r"its gzip data (is damaged|ends early)|UTF-8|not a number"),
        (lambda p: p.write_bytes(gzip.compress(p.read_bytes())), r"is gzip-compressed twice"),
        (lambda p: p.write_bytes(b"\x28\xb5\x2f\xfd123456"), r"zstd"),
        (lambda p: p.write_bytes(b"BZh91AY"), r"is bzip2-compressed\ninputs are CSV"),
    ],
)
def test_damaged_and_foreign_files(
    tmp_path: Path, change: Callable[[Path], None], message: str
) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(CSV * 50))
    change(path)
    with pytest.raises(SourceError, match=message):
        values(open_source(str(path), "y_true"))


@pytest.mark.skipif(sys.version_info < (3, 14), reason="zstd came with Python 3.14")
def test_zstd(tmp_path: Path) -> None:
    import importlib

    data = importlib.import_module("compression.zstd").compress(CSV)
    (tmp_path / "a.csv.zst").write_bytes(data)
    assert values(open_source(f"{tmp_path}/a.csv.zst", "y_true")) == ARRAY.tolist()
    (tmp_path / "a.csv.zst").write_bytes(data[:-5])
    with pytest.raises(SourceError, match="zstd data"):
        values(open_source(f"{tmp_path}/a.csv.zst", "y_true"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (npy(ARRAY)[:-1], "ended early"),
        (FORTRAN[:-1], "ended early"),
        (npy(ARRAY) + b"\0", r"its header promises 240 bytes .*, more bytes follow"),
        (FORTRAN + b"\0", r"more bytes follow"),
        (npy(ARRAY)[:30], r"not a usable NPY header"),
    ],
)
def test_npy_of_unknown_size_is_measured_while_it_is_read(
    tmp_path: Path, data: bytes, message: str
) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(data))
    with pytest.raises(SourceError, match=message):
        values(open_source(f"{tmp_path}/a.gz", "y_true"))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.txt", "[1, 2]\n[3, 4]\n", [[1, 2], [3, 4]]),  # JSON Lines
        ("a.txt", "\n[[1, 2],\n[3, 4]]\n", [[1, 2], [3, 4]]),
        ("a.txt", "[1, 2]\n", [[1], [2]]),
        ("a.jsonl", "[1, 2]\n", [[1, 2]]),
        ("a.ndjson", "1\n2\n", [[1], [2]]),
        ("a.txt", '{"y": 1, "p": 2}\n', [[1, 2]]),
        ("a.txt", '{"y": [1, 3], "p": [2, 4]}\n', [[1, 2], [3, 4]]),
        ("a.jsonl", '{"y": [1, 3], "p": [2, 4]}\n', [[1, 3, 2, 4]]),
        ("a.txt", '[{"y": 1, "p": 2}, {"p": 4, "y": 3}]', [[1, 2], [3, 4]]),
        ("a.json", "1,2\n3,4\n", [[1, 2], [3, 4]]),  # the content tells, not the name
    ],
)
def test_the_format_shows_in_the_content(
    tmp_path: Path, name: str, text: str, expected: list[list[float]]
) -> None:
    (tmp_path / name).write_text(text)
    assert values(open_source(f"{tmp_path}/{name}", "y_true")) == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("jsonl", "[1, 2]", [[1, 2]]),
        ("json", "[[1, 2]\n,[3, 4]]", [[1, 2], [3, 4]]),
        ("csv", "[0],[1]\n1,2\n", [[1, 2]]),
        ("npy", npy(ARRAY), ARRAY.tolist()),
    ],
)
def test_the_format_can_be_forced(
    tmp_path: Path, kind: str, text: str | bytes, expected: list[list[float]]
) -> None:
    (tmp_path / "a").write_bytes(text if isinstance(text, bytes) else text.encode())
    source = open_source(f"{tmp_path}/a", "y_true", InputOptions(format=kind))
    assert values(source) == expected


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("npy", "1,2\n", "not a usable NPY header"),
        ("json", "1,2\n", r"is not valid JSON at line 1, column 2"),
        (None, "[0],x\n1,2\n", r"is not valid JSON .*\nif it is CSV, say --input-format csv"),
        ("csv", "[1, 2]\n[3, 4]\n", "line 2, column 1 .*: '.3' is not a number"),
    ],
)
def test_a_wrong_format(tmp_path: Path, kind: str | None, text: str, message: str) -> None:
    (tmp_path / "a").write_text(text)
    with pytest.raises(SourceError, match=message):
        values(open_source(f"{tmp_path}/a", "y_true", InputOptions(format=kind)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "xml"}, "no input format 'xml'\nformats: csv, npy, json, jsonl"),
        ({"decimal": "x"}, "decimals take"),
        ({"decimal": ",", "delimiter": ","}, "part the cells and mark the decimals.*\n.*';'"),
        ({"comment": ""}, "cannot mark comments"),
        ({"comment": '"'}, "cannot mark comments"),
        ({"comment": ";", "delimiter": ";"}, "rows may start with it"),
        ({"comment": "1"}, "rows may start with it"),
    ],
)
def test_options_that_cannot_be_meant(options: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        InputOptions(**options)  # type: ignore[arg-type]


SCRIPT = """
import sys, numpy as np
from losscli.errors import LosscliError
from losscli.sources.open import open_source
path, times, twice = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "twice"
try:
    source = open_source(path, "y_true", twice=twice)
    for _ in range(times):
        print(np.concatenate([block.copy() for block in source.blocks(4)]).tolist())
except LosscliError as error:
    print("error:", error)
"""


def run(path: str, times: int, twice: str, data: bytes | None) -> str:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT, path, str(times), twice],
        input=data,
        env=plain_environment(),
        check=True,
        capture_output=True,
        timeout=60,
    ).stdout.decode()


@pytest.mark.parametrize("twice", ["once", "twice"])
@pytest.mark.parametrize(
    "data",
    [
        CSV,
        b"\xef\xbb\xbfa,b,c\n" + CSV,
        gzip.compress(CSV, mtime=0),
        npy(ARRAY),
        FORTRAN,
        gzip.compress(FORTRAN, mtime=0),
        str(ARRAY.tolist()).encode(),
        "\n".join(map(str, ARRAY.tolist())).encode(),
    ],
)
def test_standard_input_is_told_apart_by_content(data: bytes, twice: str) -> None:
    times = 2 if twice == "twice" else 1
    assert run("-", times, twice, data) == f"{ARRAY.tolist()}\n" * times


@pytest.mark.parametrize(
    ("data", "times", "message"),
    [
        (CSV, 2, "error: standard input is a pipe, which can be read only once"),
        (b"", 1, "error: standard input is empty"),
        (b"1,2\n1,x\n", 1, "error: standard input, line 2, column 2: 'x' is not a number"),
        (npy(ARRAY)[:-9], 1, "error: standard input ended early"),
        (b"PK\x03\x04", 1, "error: standard input is a zip archive, which cannot be read"),
    ],
)
def test_standard_input_that_cannot_be_read(data: bytes, times: int, message: str) -> None:
    assert message in run("-", times, "once", data)


@pytest.mark.parametrize("twice", ["once", "twice"])
def test_a_fifo(tmp_path: Path, twice: str) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)

    def write() -> None:
        with open(path, "wb", buffering=0) as file:
            for at in range(0, len(CSV), 7):  # small pieces, as a slow writer gives them
                file.write(CSV[at : at + 7])

    writer = threading.Thread(target=write)
    writer.start()
    times = 2 if twice == "twice" else 1
    assert run(str(path), times, twice, None) == f"{ARRAY.tolist()}\n" * times
    writer.join()


def once(data: bytes) -> Binary:
    return Binary("a pipe", lambda: io.BufferedReader(io.BytesIO(data)), again=False)  # type: ignore[arg-type]


def test_what_is_previewed_is_read_again() -> None:
    data = os.urandom(500_000)
    binary = once(data)
    assert binary.peek(4) == data[:4]
    assert binary.peek(300_000) == data[:300_000]
    with binary.preview() as stream:
        assert stream.read(10) == data[:10]
    with binary.open() as stream:
        assert stream.read() == data
    with pytest.raises(SourceError, match="a pipe is a pipe, which can be read only once"):
        binary.open()


def test_a_spooled_input_is_read_from_several_places_at_once() -> None:
    data = os.urandom(300_000)
    spooled = copy_to_disk(once(data))
    assert (spooled.again, spooled.seekable, spooled.size) == (True, True, len(data))
    with spooled.open() as a, spooled.open() as b:
        assert a.read(1000) == b.read(1000) == data[:1000]
        a.seek(-5, io.SEEK_END)
        assert (a.read(), b.read()) == (data[-5:], data[1000:])


def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    full = io.FileIO("/dev/full", "wb")
    monkeypatch.setattr(binaries.tempfile, "TemporaryFile", lambda **_: full)
    with pytest.raises(SourceError, match=r"a pipe does not fit .*No space left.*\nset TMPDIR"):
        copy_to_disk(once(b"x" * 1000))
