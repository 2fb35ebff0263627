"""Completion: what each place of a line may hold, and the scripts in real shells."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from losscli.cli.main import COMMANDS
from losscli.losses import registry
from tests.conftest import ROOT, Run, plain_environment

# The candidates for the end of a line, as zsh gets them: type, word, meaning.
Complete = Callable[[str], list[tuple[str, str, str]]]


@pytest.fixture
def complete(losscli: Run, tmp_path: Path) -> Complete:
    (tmp_path / "d.csv").write_text("id,price,my col,\x1b[31m\n1,2,3,4\n")
    (tmp_path / "p.csv").write_text("guess,other\n1,2\n")

    def run(line: str) -> list[tuple[str, str, str]]:
        done = losscli(env={"_LOSSCLI_COMPLETE": "zsh_complete", "_LOSSCLI_LINE": line})
        assert (done.returncode, done.stderr) == (0, "")
        lines = done.stdout.split("\n")[:-1]
        lines = [] if lines == [""] else lines
        assert len(lines) % 3 == 0
        return list(zip(lines[::3], lines[1::3], lines[2::3], strict=True))

    return run


def words(found: list[tuple[str, str, str]]) -> list[str]:
    return [word for _, word, _ in found]


def test_commands(complete: Complete) -> None:
    assert words(complete("losscli ")) == list(COMMANDS)
    assert words(complete("losscli comp")) == ["compute", "compare", "completion"]
    assert words(complete("losscli --quiet inf")) == ["info"]


def test_options_and_their_values(complete: Complete) -> None:
    assert words(complete("losscli --co")) == ["--color", "--config"]
    assert complete("losscli list --config l") == [("file", "l", "_")]
    assert "--true-cols" in words(complete("losscli compute --tr"))
    assert "--progress" in words(complete("losscli list --"))
    assert words(complete("losscli compute mse --nan s")) == ["skip"]
    assert words(complete("losscli compute mse --nan=s")) == ["--nan=skip"]
    assert words(complete("losscli list --color n")) == ["never"]
    assert words(complete("losscli completion ")) == ["bash", "zsh", "fish"]


def test_losses_with_their_meaning(complete: Complete) -> None:
    found = complete("losscli compute mse hu")
    assert words(found) == ["huber", "huber_loss"]
    assert found[0][0] == "open"  # a colon may follow
    assert found[0][2].startswith("Huber loss")
    assert set(words(complete("losscli info "))) == set(registry.by_name())
    assert words(complete("losscli compare --loss sq")) == ["squared_hinge"]
    assert ("open", "rmse") in [(kind, word) for kind, word, _ in complete("losscli info rm")]
    assert words(complete("losscli compare --family reg")) == ["regression"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("huber:", ["huber:delta=", "huber:multioutput="]),
        ("huber:de", ["huber:delta="]),
        ("huber_loss:de", ["huber_loss:delta="]),
        ("huber:delta=", ["huber:delta=1"]),
        ("huber:delta=2", []),
        ("bce:from_logits=", ["bce:from_logits=true", "bce:from_logits=false"]),
        ("bce:from_logits=t", ["bce:from_logits=true"]),
        ("bce:from_logits=true,ep", ["bce:from_logits=true,epsilon="]),
        ("bce:clip=", ["bce:clip=probability", "bce:clip=twice", "bce:clip=log"]),
        ("mse:", ["mse:multioutput="]),
        ("mbe:multioutput=u", ["mbe:multioutput=uniform_average"]),
        ("logcosh:", ["logcosh:multioutput="]),
        ("nosuch:", []),
        ("huber:nosuch=", []),
    ],
)
def test_parameters_after_the_colon(word: str, expected: list[str], complete: Complete) -> None:
    assert words(complete(f"losscli compute {word}")) == expected


def test_a_dialects_own_names_and_parameters(complete: Complete) -> None:
    line = "losscli compute --dialect torch"
    assert words(complete(f"{line} SmoothL1")) == ["SmoothL1Loss"]
    assert words(complete(f"{line} gaussian_nll_loss:")) == [
        "gaussian_nll_loss:full=",
        "gaussian_nll_loss:eps=",
    ]
    assert words(complete("losscli compute --dialect sk")) == ["sklearn"]


@pytest.mark.parametrize(
    "line",
    ["losscli compute mine", "losscli compute mse --true d", "losscli compute mse --output x"],
)
def test_files_are_the_shells(line: str, complete: Complete) -> None:
    assert [kind for kind, _, _ in complete(line)] == ["file"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("compute mse --true d.csv --true-cols ", ["id", "price", "my col"]),
        ("compute mse --true d.csv --true-cols pr", ["price"]),
        ("compute mse --true d.csv --true-cols id,", ["id,price", "id,my col"]),
        ("compute mse --true d.csv --id i", ["id"]),
        ("compute mse --true d.csv --pred p.csv --pred-cols ", ["guess", "other"]),
        ("compare --pred x=d.csv --pred y=p.csv --pred-cols ", ["guess", "other"]),
        ("compute mse --data d.csv --pred-cols i", ["id"]),
        ("compute mse --true d.csv --weights pr", ["price"]),
        ("compute mse --true d.csv --weights p.csv:g", ["p.csv:guess"]),
        ("compare --true d.csv --by ", ["id", "price", "my col"]),
        ("compute mse --true nowhere.csv --true-cols ", []),
        ("compute mse --true [[1]] --true-cols ", []),
        ("compute mse --true-cols ", []),
    ],
)
def test_columns_of_the_file_named_before(
    line: str, expected: list[str], complete: Complete
) -> None:
    assert words(complete(f"losscli {line}")) == expected


def test_what_the_config_names(complete: Complete, tmp_path: Path) -> None:
    (tmp_path / "losscli.toml").write_text('true = "d.csv"\n[[check]]\nname = "ridge"\n')
    assert words(complete("losscli compute mse --true-cols p")) == ["price"]
    (tmp_path / "losscli.toml").write_text("what is this")
    assert complete("losscli compute mse --true-cols p") == []
    assert words(complete("losscli compute mse --nan s")) == ["skip"]


def test_checks_of_the_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import click

    from losscli.cli import candidates
    from losscli.cli.command import Command

    checks = "".join(f'[[check]]\nname = "{name}"\n' for name in ("ridge", "rf", "other"))
    (tmp_path / "losscli.toml").write_text(checks)
    monkeypatch.chdir(tmp_path)
    argument = click.Argument(["names"], nargs=-1, shell_complete=candidates.checks)
    command = Command("check", params=[argument])
    ctx = command.make_context("check", ["rf"], resilient_parsing=True)
    assert [item.value for item in argument.shell_complete(ctx, "r")] == ["ridge"]


@pytest.mark.parametrize("line", ["losscli nosuch x", "losscli list x", "losscli list --format q"])
def test_what_cannot_be_completed_is_left_alone(line: str, complete: Complete) -> None:
    assert complete(line) == []


def test_an_open_quote_and_an_unknown_option_are_no_hindrance(complete: Complete) -> None:
    assert words(complete("losscli 'compu")) == ["compute"]
    assert words(complete("losscli compute --wat --nan s")) == ["skip"]


def test_a_pipe_is_not_read(complete: Complete, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert complete("losscli compute mse --true fifo --true-cols ") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_nothing_is_printed_on_an_error(shell: str, losscli: Run) -> None:
    env = {"_LOSSCLI_COMPLETE": f"{shell}_complete"}  # the line is missing
    done = losscli(env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert losscli(env={"_LOSSCLI_COMPLETE": "tcsh_complete"}).stdout == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_says_how_it_is_installed(shell: str, losscli: Run) -> None:
    done = losscli("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    head = "".join(line for line in done.stdout.splitlines()[:3] if line.startswith("#"))
    assert f"losscli completion {shell}" in head
    assert "_losscli_completion" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_one_to_the_shell(shell: str, losscli: Run) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    script = losscli("completion", shell).stdout
    done = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_fish_gets_the_meaning_behind_a_tab(losscli: Run) -> None:
    env = {"_LOSSCLI_COMPLETE": "fish_complete", "_LOSSCLI_LINE": "losscli compute huber_"}
    kind, _, answer = losscli(env=env).stdout.partition(",")
    word, _, meaning = answer.partition("\t")
    assert (kind, word) == ("open", "huber_loss")
    assert meaning.startswith("Huber loss: ")


needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH on which losscli is."""
    program = tmp_path / "bin/losscli"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m losscli "$@"\n')
    program.chmod(0o755)
    return f"{program.parent}:{os.environ['PATH']}"


@needs_bash
@pytest.mark.parametrize(
    ("line", "word", "expected"),
    [
        ("losscli compute hub", "hub", ["huber", "huber_loss"]),
        ("losscli compute huber:de", "de", ["delta="]),
        ("losscli compute huber:delta=", "", ["1"]),
        ("losscli compute huber:", "", ["delta=", "multioutput="]),
        ("losscli compute 'huber:de", "huber:de", ["huber:delta="]),
        ("losscli compute --nan=sk", "sk", ["skip"]),
        ("losscli compute --data d.csv --true-cols my", "my", [r"my\ col"]),
        ("losscli compute --data d.csv --true-cols 'my", "my", ["my col"]),
        (r"losscli compute --data d.csv --true-cols my\ c", r"my\ c", [r"my\ col"]),
        ("losscli compute --true d", "d", []),
        ("losscli nosuch ", "", []),
    ],
)
def test_the_function_of_bash(
    line: str, word: str, expected: list[str], path: str, tmp_path: Path
) -> None:
    """Called as bash does: what it is to complete begins behind a ':' or '='."""
    (tmp_path / "d.csv").write_text("my col,b\n1,2\n")
    program = (
        "source <(losscli completion bash)\nCOMP_LINE=$1 COMP_POINT=${#1}\nCOMP_TYPE=9\n"
        '_losscli_completion losscli "$2" ""\nprintf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        ["bash", "-c", program, "bash", line, word],
        cwd=tmp_path,
        env={**plain_environment(), "PATH": path},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split("\n")[:-1] == (expected or [""])


class Bash:
    """An interactive bash in a terminal."""

    def __init__(self, folder: Path, path: str) -> None:
        self._ours, theirs = pty.openpty()
        termios.tcsetwinsize(self._ours, (24, 200))
        self.process = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-i"],
            cwd=folder,
            env={**plain_environment(), "PATH": path, "TERM": "dumb", "INPUTRC": "/dev/null"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def type(self, keys: str, until: str) -> str:
        """What the terminal shows after these keys, once this is in it."""
        os.write(self._ours, keys.encode())
        shown, deadline = "", time.monotonic() + 20
        while not re.search(until, shown) and time.monotonic() < deadline:
            if select.select([self._ours], [], [], 0.1)[0]:
                shown += os.read(self._ours, 1 << 16).decode(errors="replace")
        return shown

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.fixture
def bash(tmp_path: Path, path: str) -> Iterator[Bash]:
    found = Bash(tmp_path, path)
    found.type("bind 'set enable-bracketed-paste off'; bind 'set bell-style none'\n", "none'")
    found.type("source <(losscli completion bash); PS1='> '; echo rea''dy\n", "ready\r\n")
    yield found
    found.close()


@needs_bash
@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("losscli compute huber:de\t2 mae --form\tjs\t", "huber:delta=2 mae --format json"),
        ("losscli compute bce:from\ttr\tmae --sum\t", "bce:from_logits=true mae --summary"),
        ("losscli compute bce:from_logits=true,eps\t1", "bce:from_logits=true,epsilon=1"),
        ("losscli compute mse --data d.csv --true-cols my\t--id", r"--true-cols my\\ col --id"),
        ("losscli compute mse --pred ridge=some\t", r"--pred ridge=some_file\.csv"),
    ],
)
def test_the_tab_key_in_bash(typed: str, line: str, bash: Bash, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("my col,b\n1,2\n")
    (tmp_path / "some_file.csv").write_text("1\n")
    shown = bash.type(typed, line)
    assert re.search(line, shown), shown


def test_the_readme_names_each_shell() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for shell in ("bash", "zsh", "fish"):
        assert f"losscli completion {shell}" in readme
