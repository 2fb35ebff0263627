"""Malformed input of every kind: the message says what, where and what was found; exit code 2."""

import os
import socket
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path

import pytest

from losscli.cli import main
from tests.cli.malformed import CASES, CSV, DATA, FILES, JSON, NPY, USAGE, Case
from tests.conftest import Run


def write(files: Iterable[tuple[str, bytes]], folder: Path) -> None:
    for name, content in files:
        (folder / name).write_bytes(content)


def check(stdout: str, stderr: str, code: int, says: Iterable[str]) -> None:
    """One line of error, perhaps one of hint; nothing else, and nothing a terminal would obey."""
    assert stdout == ""
    lines = stderr.splitlines()
    assert lines[0].startswith("error: ")
    assert [line.split()[0] for line in lines[1:]] in ([], ["hint:"])
    assert all(line.isprintable() and len(line) < 400 for line in lines)
    for part in says:
        assert part in stderr
    assert code == 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_malformed_input(
    case: Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(case.files, tmp_path)
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # tests/sources/test_open.py has that
        code = main.run(case.args)
    check(*capsys.readouterr(), code, case.says)
    assert not (tmp_path / "pwned").exists()


FIRSTS = [group[0] for group in (CSV, NPY, JSON, USAGE, FILES, DATA)]


@pytest.mark.parametrize("case", FIRSTS, ids=lambda case: case.name)
@pytest.mark.parametrize("format_", ["table", "json", "value"])
def test_malformed_input_in_each_format(
    case: Case, format_: str, losscli: Run, tmp_path: Path
) -> None:
    write(case.files, tmp_path)
    done = losscli(*case.args, "--format", format_)
    check(done.stdout, done.stderr, done.returncode, case.says)


@pytest.mark.parametrize("case", FIRSTS, ids=lambda case: case.name)
def test_malformed_input_of_a_real_process(case: Case, process: Run, tmp_path: Path) -> None:
    write(case.files, tmp_path)
    done = process(*case.args, "--format", "table")
    check(done.stdout, done.stderr, done.returncode, case.says)


def test_there_are_enough_of_them() -> None:
    names = [case.name for case in CASES]
    assert len(names) >= 40
    assert len(set(names)) == len(names)


def test_a_socket_cannot_be_read(losscli: Run, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        where = os.getcwd()
        os.chdir(tmp_path)  # the path of a socket must be short
        try:
            server.bind("s.csv")
        finally:
            os.chdir(where)
        done = losscli("compute", "mse", "--true", "s.csv", "--pred", "[1]")
    check(done.stdout, done.stderr, done.returncode, ("s.csv cannot be read",))


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
def test_a_file_that_opens_but_cannot_be_read_is_named(losscli: Run) -> None:
    done = losscli("compute", "mse", "--true", "/proc/self/mem", "--pred", "[1]")
    says = ("/proc/self/mem", "Input/output error")
    check(done.stdout, done.stderr, done.returncode, says)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_cannot_be_read(losscli: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1\n")
    path.chmod(0)
    done = losscli("compute", "mse", "--true", "a.csv", "--pred", "[1]")
    check(done.stdout, done.stderr, done.returncode, ("a.csv cannot be read: Permission denied",))
