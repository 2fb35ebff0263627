"""Options of every command: before it or after it, above the environment."""

import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

import click
import pytest

from losscli.cli.command import GLOBAL_OPTIONS, Command
from losscli.cli.main import COMMANDS, cli
from tests.cli.conftest import Screen
from tests.conftest import PRED, TRUE, Run, plain_environment

COMPUTE = ("compute", "mse", "--true", TRUE, "--pred", PRED)
NOTED = ("compute", "hinge", "--true", "[0]", "--pred", "[0]", "--format", "value")
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def leaves(command: click.Command) -> list[click.Command]:
    """The command, or those of a group."""
    if not isinstance(command, click.Group):
        return [command]
    return [leaf for one in command.commands.values() for leaf in leaves(one)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_them(name: str) -> None:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    for command in leaves(found):
        assert isinstance(command, Command)
        assert set(GLOBAL_OPTIONS) <= set(command.params)
    assert set(GLOBAL_OPTIONS) <= set(cli.params)


def test_they_are_explained_once(losscli: Run) -> None:
    whole, of_one = losscli("--help").stdout, losscli("list", "--help").stdout
    for option in GLOBAL_OPTIONS:
        assert str(option.help).split()[0] in whole
        assert option.opts[0] in of_one.rpartition("Also ")[2]


def before_and_after(option: Sequence[str], args: Sequence[str]) -> list[tuple[str, ...]]:
    return [(*option, *args), (*args, *option)]


@pytest.mark.parametrize("args", before_and_after(["--quiet"], NOTED))
def test_quiet_keeps_notes_away(args: tuple[str, ...], losscli: Run) -> None:
    assert losscli(*NOTED).stderr.startswith("note: ")
    done = losscli(*args)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1.0\n", "")


def test_quiet_is_a_setting_too_and_errors_stay(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "losscli.toml").write_text("quiet = true")
    assert losscli(*NOTED).stderr == ""
    assert losscli(*NOTED, env={"LOSSCLI_QUIET": "0"}).stderr.startswith("note: ")
    done = losscli("--quiet", "compute", "msee", "--true", "[1]", "--pred", "[1]")
    assert done.returncode == 2
    assert done.stderr.startswith("error: there is no loss 'msee'")


FAULTY = ("compute", "mse", "--true", "nowhere.csv", "--pred", "[1]")


@pytest.mark.parametrize("args", [*before_and_after(["--debug"], FAULTY), ("list", "--debug", "x")])
def test_debug_shows_the_traceback(args: tuple[str, ...], losscli: Run) -> None:
    done = losscli(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Traceback")
    assert "\nerror: " in done.stderr


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
@pytest.mark.parametrize("args", before_and_after(["--color", "always"], COMPUTE))
def test_colours_always(environment: dict[str, str], args: Sequence[str], losscli: Run) -> None:
    text = losscli(*args, env=environment).stdout
    assert "\x1b[1m" in text
    assert STYLE.sub("", text) == losscli(*COMPUTE).stdout


@pytest.mark.parametrize("environment", [{}, {"FORCE_COLOR": "1"}], ids=str)
@pytest.mark.parametrize("args", before_and_after(["--color", "never"], COMPUTE))
def test_colours_never(
    environment: dict[str, str], args: Sequence[str], screen: Screen, losscli: Run
) -> None:
    assert "\x1b" not in losscli(*args, env=environment).stdout
    assert "\x1b" not in screen(*args, **environment)
    assert "\x1b" in screen(*COMPUTE, **environment)


def test_the_colours_of_settings(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "losscli.toml").write_text("color = 'always'")
    assert "\x1b" in losscli("list").stdout
    assert "\x1b" not in losscli("list", env={"LOSSCLI_COLOR": "never"}).stdout
    assert "\x1b" not in losscli("list", "--color", "never").stdout
    assert "\x1b" not in losscli("--color", "always", "list", "--color", "never").stdout


@pytest.mark.parametrize("force", ["1", "yes"])
def test_force_color_wants_styles_in_a_pipe(force: str, losscli: Run) -> None:
    assert "\x1b" in losscli("list", env={"FORCE_COLOR": force}).stdout
    assert "\x1b" not in losscli("list", "--color", "never", env={"FORCE_COLOR": force}).stdout


def test_one_call_leaves_nothing_to_the_next(losscli: Run) -> None:
    """In one process, as a test's: what was asked for is forgotten."""
    assert "\x1b" in losscli("list", "--color", "always").stdout
    assert "\x1b" not in losscli("list").stdout
    assert losscli("--quiet", *NOTED).stderr == ""
    assert losscli(*NOTED).stderr != ""


@pytest.fixture
def rows(tmp_path: Path) -> tuple[str, ...]:
    """A command over three blocks of rows."""
    (tmp_path / "long.csv").write_text("y\n" + "1.5\n" * 150_000)
    return ("compute", "mse", "--true", "long.csv", "--pred", "long.csv", "--format", "value")


def test_progress_in_a_pipe_is_lines(rows: tuple[str, ...], losscli: Run) -> None:
    done = losscli(*rows, "--progress", "always")
    assert (done.returncode, done.stdout) == (0, "0.0\n")
    assert done.stderr.splitlines()[0] == "65,536 rows"
    assert losscli("--progress", "always", "--quiet", *rows).stderr == ""


def test_without_being_asked_there_is_none_in_a_pipe_or_a_short_run(
    rows: tuple[str, ...], losscli: Run, screen: Screen
) -> None:
    assert losscli(*rows).stderr == ""
    short = ("compute", "mse", "--true", TRUE, "--pred", PRED, "--format", "value")
    assert screen(*short) == "0.5\n"


def test_progress_on_a_terminal_leaves_no_trace(rows: tuple[str, ...], screen: Screen) -> None:
    shown = re.fullmatch(r"((\r[\d,]+ rows)+)(\r +\r)0\.0\n", screen(*rows, "--progress", "always"))
    assert shown
    assert shown[1].startswith("\r65,536 rows")
    assert len(shown[3]) == 1 + max(map(len, shown[1].split("\r"))) + 1


def test_the_total_is_shown_where_it_is_known(losscli: Run) -> None:
    done = losscli("compute", "mse", "--true", TRUE, "--pred", PRED, "--progress", "always")
    assert done.stderr == "2 of 2 rows (100%)\n"


def trickle(pipe: Path) -> None:
    """Write four blocks of rows, more than a second apart in the middle."""
    with pipe.open("w") as writer:
        writer.write("1\n" * 70_000)
        writer.flush()
        time.sleep(2.5)  # a second, and what a busy machine takes until its clock starts
        writer.write("1\n" * 130_000)


@pytest.mark.parametrize(
    ("options", "is_shown"),
    [
        (("--format", "value"), True),
        (("--format", "value", "--progress", "never"), False),
        (("--format", "value", "--quiet"), False),
        (("--format", "csv"), False),  # the rows themselves run over the terminal
        (("--format", "csv", "--output", "rows.csv"), True),
    ],
)
def test_progress_after_a_second(options: tuple[str, ...], is_shown: bool, tmp_path: Path) -> None:
    """Of a pipe that is slow, on a terminal."""
    os.mkfifo(tmp_path / "slow")
    ours, theirs = pty.openpty()
    args = ("compute", "mse", "--true", "slow", "--pred", "slow.csv", *options)
    (tmp_path / "slow.csv").write_text("1\n" * 200_000)
    process = subprocess.Popen(
        [sys.executable, "-m", "losscli", *args],
        cwd=tmp_path,
        env=plain_environment(),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    Thread(target=trickle, args=[tmp_path / "slow"], daemon=True).start()
    received = b""
    with suppress(OSError):
        while piece := os.read(ours, 1 << 16):
            received += piece
    assert process.wait(timeout=60) == 0
    os.close(ours)
    assert (b" rows" in received) == is_shown


def test_the_version_and_what_it_runs_on(losscli: Run) -> None:
    assert losscli("version").stdout == losscli("--version").stdout
    lines = losscli("version", "--all", "--config", "none").stdout.splitlines()
    words = {line.split()[0]: line.split()[1] for line in lines}
    assert words["python"] == ".".join(map(str, sys.version_info[:3]))
    assert words["click"].startswith("8.")
    assert {"losscli", "numpy", "rich", "platform", "config"} <= set(words)
    assert words["config"] == "none"


def test_the_version_names_the_config(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "losscli.toml").write_text("")
    assert losscli("version", "--all").stdout.splitlines()[-1] == "config losscli.toml"
