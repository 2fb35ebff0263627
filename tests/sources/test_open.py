"""What a path or a text turns out to be: by its first bytes, pipes and devices included."""

import errno
import gc
import gzip
import os
import pickle
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from losscli.errors import SourceError
from losscli.sources import open as open_module
from losscli.sources.array import ArraySource
from losscli.sources.base import Source
from losscli.sources.binary import File, unreadable
from losscli.sources.csv import CsvSource
from losscli.sources.npy import NpySource
from losscli.sources.open import InputOptions, open_source
from tests.conftest import Run

Fifo = Callable[[bytes], str]


def rows(source: Source) -> list[list[float]]:
    return [row for block in source.blocks(100) for row in block.tolist()]


def outcome(spec: str) -> list[list[float]] | str:
    """The rows, or the message of the refusal; whether it is closed then is another test's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            return rows(open_source(spec, "y_true"))
        except SourceError as error:
            return str(error)


def refusal(spec: str) -> str:
    message = outcome(spec)
    assert isinstance(message, str)
    return message


@pytest.fixture
def fifo(tmp_path: Path) -> Fifo:
    """A named pipe that a thread writes these bytes to."""

    def make(data: bytes) -> str:
        path = tmp_path / f"fifo{len(list(tmp_path.iterdir()))}"
        os.mkfifo(path)

        def write() -> None:
            try:
                path.write_bytes(data)
            except BrokenPipeError:
                return

        threading.Thread(target=write, daemon=True).start()
        return str(path)

    return make


def test_the_first_bytes_tell_not_the_name(tmp_path: Path) -> None:
    npy, csv = tmp_path / "numbers.csv", tmp_path / "numbers.dat"
    with npy.open("wb") as file:
        np.save(file, np.array([1.0, 2.0]))
    csv.write_text("1\n2\n")
    assert isinstance(open_source("[1, 2]", "y_true"), ArraySource)
    assert isinstance(open_source(str(npy), "y_true"), NpySource)
    text = open_source(str(csv), "y_true")
    assert isinstance(text, CsvSource)
    assert rows(text) == [[1], [2]] == rows(open_source(str(npy), "y_true"))


@pytest.mark.parametrize(
    "header", ["[a],b", "[red]x[/red],b", "{a},b", "[null_x],[nullx]", "\ufeff[ n],b", "[[a]],b"]
)
def test_a_header_may_start_with_a_bracket(header: str, tmp_path: Path) -> None:
    """A bracket alone does not make JSON of a table."""
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n1,2\n", encoding="utf-8")
    assert outcome(str(path)) == [[1, 2]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[ 1, 2]", [[1], [2]]),
        ("[\n\n  [-1, 2]\n]", [[-1, 2]]),
        (" \n[true, false]", [[1], [0]]),
        ("[" + " " * 10_000 + "1]", [[1]]),
        ("[Infinity]", [[np.inf]]),
        ('{ "a": [1, 2]}', [[1], [2]]),
        ('[{"a": 1}]', [[1]]),
        ("[null]", "row 1: null is not a number"),
        ("[]", []),
        ("{}", "is an object without keys"),
    ],
)
def test_what_json_begins_with(
    text: str, expected: list[list[float]] | str, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text)
    found = outcome(str(path))
    assert expected in found if isinstance(expected, str) else found == expected


def test_a_csv_comes_through_a_named_pipe(fifo: Fifo) -> None:
    text = "".join(f"{i},{i / 3!r}\n" for i in range(50))
    assert rows(open_source(fifo(b"a,b\n" + text.encode()), "y_true")) == [
        [i, i / 3] for i in range(50)
    ]


@pytest.mark.parametrize("fortran", [False, True], ids=["C", "Fortran"])
def test_an_npy_comes_through_a_named_pipe(fortran: bool, fifo: Fifo, tmp_path: Path) -> None:
    array = np.arange(12.0).reshape(6, 2)
    np.save(tmp_path / "a.npy", np.asfortranarray(array) if fortran else array)
    source = open_source(fifo((tmp_path / "a.npy").read_bytes()), "y_true")
    assert rows(source) == array.tolist()


def test_an_archive_in_a_pipe_is_refused(fifo: Fifo, tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", np.zeros(3))
    message = "is a zip archive, which cannot be read from a pipe"
    assert message in refusal(fifo((tmp_path / "a.npz").read_bytes()))


def test_two_pipes_into_one_command(losscli: Run, fifo: Fifo) -> None:
    true, pred = fifo(b"y\n1\n2\n"), fifo(b"p\n1\n4\n")
    done = losscli("compute", "mse", "--true", true, "--pred", pred, "--format", "value")
    assert (done.stdout, done.stderr, done.returncode) == ("2.0\n", "", 0)


def test_one_pipe_for_both(losscli: Run, fifo: Fifo) -> None:
    data = ("--data", fifo(b"y,p\n1,1\n2,4\n"), "--true-cols", "y", "--pred-cols", "p")
    done = losscli("compute", "mse", *data, "--format", "value")
    assert (done.stdout, done.stderr, done.returncode) == ("2.0\n", "", 0)


def test_standard_input_by_its_device(losscli: Run) -> None:
    args = ("compute", "mse", "--true", "/dev/stdin", "--pred", "[1, 4]", "--format", "value")
    done = losscli(*args, stdin="1\n2\n")
    assert (done.stdout, done.stderr, done.returncode) == ("2.0\n", "", 0)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("/dev/null", "/dev/null is empty"),
        (".", ". is a folder, not a file"),
        ("/", "/ is a folder, not a file"),
        ("loop", "loop cannot be read"),
        ("x" * 300, "cannot be read"),
        ("nowhere/a.csv", "there is no folder 'nowhere' either"),
        ("0,1", "inline data is a JSON list"),
        ('{"a": [1]}', "inline data is a JSON list"),
        ("", "there is no file ''\nit is empty: is a variable not set?"),
        ("a.csv\x1b[31m", r"there is no file 'a.csv\x1b[31m'"),
        ("truee.csv", "did you mean true.csv?"),
    ],
)
def test_what_cannot_be_opened(
    spec: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("true.csv").write_text("1\n")
    Path("loop").symlink_to("loop")
    assert message in refusal(spec)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04rest", "a damaged zip archive"),
        (b"PAR1rest", "a Parquet file"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (b"\xfd7zXZ\0", "xz-compressed"),
        (gzip.compress(b"PAR1rest", mtime=0), "a Parquet file"),
        *[(pickle.dumps([1.5, 2.5], protocol), "a pickle") for protocol in (2, 3, 4, 5)],
    ],
)
def test_files_of_other_kinds_are_told_by_name(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    assert f"a.bin is {message}" in refusal(str(path))


REFUSED = [
    b"PAR1",
    b"PK\x03\x04rest",
    b"",
    b"a\0\n",
    b"\n",
    b"a\r1\r",
    b"[1, 2",
    b'[1]\n"',
    b"[1, 2]\n[",
    b'{"a": 1}x',
    b"\x93NUMPY",
    b"\x93NUMPY\x01\x00\x02\x00{}",
    gzip.compress(b"1\n", mtime=0)[:-9],
    gzip.compress(gzip.compress(b"1\n", mtime=0), mtime=0),
    gzip.compress(b"", mtime=0),
    b"\x28\xb5\x2f\xfd123456",
]


@pytest.mark.parametrize("pipe", [False, True], ids=["file", "pipe"])
@pytest.mark.parametrize("data", REFUSED)
def test_a_file_that_is_refused_is_closed(
    data: bytes, pipe: bool, tmp_path: Path, fifo: Fifo
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    spec = fifo(data) if pipe else str(path)
    with warnings.catch_warnings(record=True) as left_open:
        warnings.simplefilter("always", ResourceWarning)
        with pytest.raises(SourceError):
            rows(open_source(spec, "y_true"))
        gc.collect()
    assert [str(warning.message) for warning in left_open] == []


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
@pytest.mark.parametrize("kind", [None, "csv", "npy", "json", "jsonl"])
def test_what_the_system_refuses_to_read_is_named(kind: str | None) -> None:
    message = "/proc/self/mem cannot be read: Input/output error"
    with pytest.raises(SourceError, match=message):
        rows(open_source("/proc/self/mem", "y_true", InputOptions(format=kind)))


class Faulty(File):
    """A disk with a fault in the middle of the file."""

    def readinto(self, buffer: Any) -> int:
        if 130_000 <= self.tell() < 300_000:
            raise unreadable("a.bin", OSError(errno.EIO, os.strerror(errno.EIO)))
        return super().readinto(buffer)


def written(kind: str, path: Path) -> None:
    numbers = np.random.default_rng(0).random(100_000)
    text = "".join(f"{number!r}\n" for number in numbers.tolist()).encode()
    with path.open("wb") as file:
        match kind:
            case "npy":
                np.save(file, numbers)
            case "npz":
                np.savez(file, numbers)
            case "json":
                file.write(str(numbers.tolist()).encode())
            case "gzip":
                file.write(gzip.compress(text))
            case _:
                file.write(text)


@pytest.mark.parametrize("kind", ["npy", "npz", "json", "gzip", "csv"])
def test_a_fault_of_the_disk_is_not_the_decoders(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(kind, tmp_path / "a.bin")
    monkeypatch.setattr(open_module, "File", Faulty)
    assert refusal(str(tmp_path / "a.bin")) == "a.bin cannot be read: Input/output error"
