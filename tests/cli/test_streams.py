"""Exit codes and streams of real processes: pipes that close, disks that are full, Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import pytest

from tests.conftest import PRED, SAMPLE_DATA, TRUE, Run, plain_environment

INLINE = ("--true", TRUE, "--pred", PRED)
COMMAND = (sys.executable, "-m", "losscli")
FORMATS = ["table", "json", "csv", "value"]
INTERNAL = """
import sys
import losscli.engine.run
from losscli.cli import main

def fail(*args):
    raise {error}

losscli.engine.run.run = fail
sys.exit(main.run(sys.argv[1:]))
"""


def start(
    args: Sequence[str], cwd: Path, stdout: int | IO[str] | None, stderr: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *args],
        cwd=cwd,
        env=plain_environment(),
        stdout=stdout,
        stderr=stderr,
        encoding="utf-8",
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    stderr = process.communicate(timeout=60)[1]
    return process.returncode, stderr


def into(path: str, args: Sequence[str], cwd: Path) -> tuple[int, str]:
    with open(path, "w") as target:
        return finish(start(args, cwd, target))


def into_closed_pipe(args: Sequence[str], cwd: Path) -> tuple[int, str]:
    """The exit code and standard error when the reader went away before the first byte."""
    read, write = os.pipe()
    os.close(read)
    try:
        return finish(start(args, cwd, write))
    finally:
        os.close(write)


@pytest.fixture
def long_csv(tmp_path: Path) -> Path:
    """Three blocks of rows, in one column."""
    path = tmp_path / "long.csv"
    path.write_text("y\n" + "".join(f"{i / 7}\n" for i in range(150_000)))
    return path


@pytest.mark.parametrize("format_", FORMATS)
def test_fine_is_0_and_silent(format_: str, losscli: Run) -> None:
    done = losscli("compute", "mse", *INLINE, "--format", format_)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("\n")


def test_without_a_command_the_help_is_on_standard_error(losscli: Run) -> None:
    done = losscli()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: losscli")


@pytest.mark.parametrize("error", ["RuntimeError('oh no')", "ZeroDivisionError()", "SystemExit(1)"])
def test_an_internal_error_is_70(error: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERNAL.format(error=error), "compute", "mse", *INLINE],
        cwd=tmp_path,
        env=plain_environment(),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (70, "")
    first, second = done.stderr.splitlines()
    assert first.startswith(f"error: internal error: {error.partition('(')[0]}")
    assert "--debug" in second


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    program = INTERNAL.format(error="RuntimeError('oh no')")
    done = subprocess.run(
        [sys.executable, "-c", program, "--debug", "compute", "mse", *INLINE],
        cwd=tmp_path,
        env=plain_environment(),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (70, "")
    assert "Traceback" in done.stderr
    assert "in fail" in done.stderr


def test_debug_changes_no_exit_code(losscli: Run) -> None:
    done = losscli("--debug", "compute", "mse", "--true", "nowhere.csv", "--pred", "[1]")
    assert done.returncode == 2
    assert "Traceback" in done.stderr


def test_interrupted_is_130(tmp_path: Path) -> None:
    """While it waits for the second half of a pipe."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    args = ("compute", "mse", "--true", "fifo", "--pred", "fifo", "--format", "value")
    process = start(args, tmp_path, subprocess.PIPE)
    with fifo.open("w") as writer:  # returns when losscli opens it
        writer.write("y\n1\n")
        writer.flush()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stdout, stderr) == (130, "", "error: interrupted\n")


COMMANDS = [
    *[("compute", "mse", *INLINE, "--format", format_) for format_ in FORMATS],
    ("compute", "mse", *INLINE, "--format", "csv", "--summary"),
    ("compute", "mse", *INLINE, "--summary"),
    ("check", *INLINE, "--fail-if", "mse > 0"),
    ("check", *INLINE, "--fail-if", "mse > 0", "--format", "json"),
    ("check", *INLINE, "--fail-if", "mse > 9", "--format", "markdown"),
    ("baseline", "save", "mse", *INLINE, "--output", "-"),
    ("list",),
    ("list", "--format", "json"),
    ("info", "huber"),
    ("info", "huber", "--format", "json"),
    ("config",),
    ("completion", "bash"),
    ("version", "--all"),
    ("--help",),
    ("--version",),
    ("compute", "--help"),
]


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_a_closed_pipe_is_141_and_silent(args: tuple[str, ...], tmp_path: Path) -> None:
    assert into_closed_pipe(args, tmp_path) == (141, "")


@pytest.mark.parametrize("format_", ["table", "json", "csv"])
def test_head_takes_the_first_line(format_: str, tmp_path: Path) -> None:
    """Far more than a pipe holds (64 KiB), so that the rest meets a closed one."""
    rows = "".join(f"{i / 7},0\n" for i in range(5_000))
    (tmp_path / "a.csv").write_text(f"y,p\n{rows}")
    args = ("compute", "mae", "--data", "a.csv", "--true-cols", "y", "--pred-cols", "p")
    process = start((*args, "--rows", "all", "--format", format_), tmp_path, subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.read(20)
    process.stdout.close()
    with process.stderr:
        stderr = process.stderr.read()
    assert (process.wait(timeout=60), stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_a_full_disk_is_2_and_one_line(args: tuple[str, ...], tmp_path: Path) -> None:
    code, stderr = into("/dev/full", args, tmp_path)
    assert code == 2
    assert stderr == "error: input or output failed: No space left on device\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_and_a_fault_in_the_data(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("y\n1\nx\n")
    args = ("compute", "mse", "--true", "bad.csv", "--pred", "bad.csv", "--format", "csv")
    code, stderr = into("/dev/full", args, tmp_path)
    assert code == 2
    assert "Exception ignored" not in stderr
    assert "Traceback" not in stderr


def test_a_closed_pipe_and_a_fault_in_the_data(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("y\n1\nx\n")
    args = ("compute", "mse", "--true", "bad.csv", "--pred", "bad.csv", "--format", "csv")
    code, stderr = into_closed_pipe(args, tmp_path)
    assert code in (2, 141)
    assert "Exception ignored" not in stderr
    assert "Traceback" not in stderr


def shell(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A command line that starts with `losscli`, in a shell."""
    program = command.replace("losscli", f"{sys.executable} -m losscli", 1)
    return subprocess.run(
        ["sh", "-c", program],
        cwd=cwd,
        env=plain_environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_closed_standard_output_is_2(tmp_path: Path) -> None:
    done = shell("losscli compute mse --true '[1]' --pred '[2]' >&-", tmp_path)
    assert (done.returncode, done.stderr) == (2, "error: standard output is closed\n")


@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(
    ("args", "code", "stdout"),
    [
        ("compute hinge --true '[0]' --pred '[0]' --format value", 0, "1.0\n"),
        ("compute mse --true nowhere.csv --pred '[0]'", 2, ""),
        ("compute mse --wat", 2, ""),
        ("--wat", 2, ""),
    ],
)
def test_what_standard_error_cannot_take_changes_no_exit_code(
    where: str, args: str, code: int, stdout: str, tmp_path: Path
) -> None:
    """1 above all: that will mean a gate that failed."""
    done = shell(f"losscli {args} {where}", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (code, stdout, "")


def test_rows_of_csv_stay_on_standard_output_before_an_error(losscli: Run, long_csv: Path) -> None:
    """Whole blocks of them: 65536 rows each. The fault is in the third block."""
    with long_csv.open("a") as file:
        file.write("dog\n")
    args = ("compute", "mae", "--true", "long.csv", "--pred", "long.csv", "--format", "csv")
    done = losscli(*args)
    assert done.returncode == 2
    assert done.stderr == "error: long.csv, line 150002, column 1 (y): 'dog' is not a number\n"
    lines = done.stdout.splitlines()
    assert lines == ["sample,mae", *(f"{i},0.0" for i in range(1, 131_073))]


@pytest.mark.parametrize("format_", ["table", "json", "value"])
def test_nothing_else_stays_before_an_error(format_: str, losscli: Run, long_csv: Path) -> None:
    with long_csv.open("a") as file:
        file.write("dog\n")
    args = ("compute", "mae", "--true", "long.csv", "--pred", "long.csv", "--format", format_)
    done = losscli(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert "line 150002" in done.stderr


def test_notes_come_after_the_results_where_both_go_to_one_place(tmp_path: Path) -> None:
    done = shell("losscli compute hinge --true '[0]' --pred '[0]' --format value 2>&1", tmp_path)
    assert done.stdout.splitlines()[0] == "1.0"
    assert done.stdout.splitlines()[1].startswith("note: ")


def test_process_substitution(tmp_path: Path) -> None:
    if not Path("/bin/bash").exists():
        pytest.skip("there is no bash")
    truth = SAMPLE_DATA / "diabetes/y_true_id.csv"
    program = (
        f"{sys.executable} -m losscli compute mse --true <(cut -d, -f2 {truth}) "
        f"--pred <(cut -d, -f2 {truth}) --format value"
    )
    done = subprocess.run(
        ["/bin/bash", "-c", program],
        cwd=tmp_path,
        env=plain_environment(),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "0.0\n", "")
