"""`losscli config`, and what a config does to the other commands."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from losscli.cli.command import key_of
from losscli.cli.main import COMMANDS, cli
from losscli.settings.schema import CHECK_KEYS, SETTING_KEYS
from tests.conftest import PRED, TRUE, Run

DATA = ("--true", TRUE, "--pred", PRED)
Write = Callable[[str], None]


@pytest.fixture
def config(tmp_path: Path) -> Write:
    """Write the losscli.toml of the scratch folder."""

    def write(text: str) -> None:
        (tmp_path / "losscli.toml").write_text(text, encoding="utf-8")

    return write


def in_force(done: Any) -> dict[str, tuple[Any, str]]:
    document = json.loads(done.stdout)
    return {entry["key"]: (entry["value"], entry["origin"]) for entry in document["settings"]}


def result(done: Any) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["results"][0]
    return found


def test_every_setting_is_shown_with_its_value_and_origin(losscli: Run, config: Write) -> None:
    config('nan = "skip"\nquiet = true\n')
    found = in_force(losscli("config", "--format", "json"))
    assert list(found) == list(SETTING_KEYS)
    assert found["nan"] == ("skip", "losscli.toml")
    assert found["quiet"] == (True, "losscli.toml")
    assert found["dtype"] == (None, "default")
    assert found["true"] == (None, "default")
    assert found["color"] == ("auto", "default")


def test_the_table_says_the_same(losscli: Run, process: Run, config: Write) -> None:
    config('true = "y [x].csv"\n[[check]]\nname = "ridge"\n[[check]]\nname = "[b]forest"\n')
    done = losscli("config", env={"LOSSCLI_DIGITS": "4"})
    assert (done.returncode, done.stderr) == (0, "")
    cells = [[c.strip() for c in line.split("│")[1:-1]] for line in done.stdout.splitlines()]
    assert ["true", "y [x].csv", "losscli.toml"] in cells
    assert ["digits", "4", "LOSSCLI_DIGITS"] in cells
    assert ["quiet", "false", "default"] in cells
    assert ["pred", "-", "default"] in cells
    last = ["config file: losscli.toml", "check: ridge", "check: [b]forest"]
    assert done.stdout.splitlines()[-3:] == last
    plain = process("config", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert plain.stdout.isascii()


def test_what_is_typed_stands_above_the_variable_and_that_above_the_file(
    losscli: Run, config: Write
) -> None:
    config('dtype = "float32"\n')
    asked = ("compute", "mse", *DATA, "--format", "json")
    assert result(losscli(*asked))["dtype"] == "float32"
    env = {"LOSSCLI_DTYPE": "float64"}
    assert result(losscli(*asked, env=env))["dtype"] == "float64"
    assert result(losscli(*asked, "--dtype", "float32", env=env))["dtype"] == "float32"
    # The default, where it is typed, too.
    assert result(losscli(*asked, "--dtype", "float64"))["dtype"] == "float64"
    assert result(losscli(*asked, env={"LOSSCLI_DTYPE": ""}))["dtype"] == "float32"
    assert result(losscli("--config", "none", *asked))["dtype"] == "float64"


def test_a_file_is_named_before_the_command_or_after_it(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("digits = 3")
    (tmp_path / "b.toml").write_text("digits = 4")
    for args, digits in (
        (("--config", "a.toml", "config"), 3),
        (("config", "--config", "b.toml"), 4),
        (("--config", "a.toml", "config", "--config", "b.toml"), 4),
        (("--config", "a.toml", "config", "--config", "none"), None),
    ):
        assert in_force(losscli(*args, "--format", "json"))["digits"][0] == digits


def test_the_data_may_come_from_the_config(losscli: Run, config: Write, tmp_path: Path) -> None:
    (tmp_path / "y.csv").write_text("y\n1\n2\n")
    (tmp_path / "p.csv").write_text("p\n1\n4\n")
    config('true = "y.csv"\npred = "p.csv"\nformat = "json"\n')
    assert result(losscli("compute", "mse"))["value"] == 2.0
    assert result(losscli("compute", "mse", "--pred", "[1, 2]"))["value"] == 0.0
    assert result(losscli("compare", "--loss", "mse"))["value"] == 2.0
    (tmp_path / "d.csv").write_text("y,p\n1,1\n2,3\n")
    both = ("--data", "d.csv", "--true-cols", "y", "--pred-cols", "p")
    assert result(losscli("compute", "mse", *both))["value"] == 0.5


def test_each_option_takes_its_setting(losscli: Run, config: Write, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("% a comment\n1;9\n2,5;9\nnan;9\n")
    config(
        'true = "a.txt"\npred = "a.txt"\ndelimiter = "semicolon"\ndecimal = ","\ncomment = "%"\n'
        'header = false\nnan = "skip"\nformat = "json"\ninput_format = "csv"\ndtype = "float32"\n'
    )
    found = losscli("compute", "mae")
    assert "|dtype:float32|nan:skip|" in result(found)["signature"]
    assert json.loads(found.stdout)["n"] == {"used": 2, "skipped": 1, "unmatched": 0}


def test_digits_and_format_of_tables(losscli: Run, config: Write) -> None:
    config("digits = 3\n")
    data = ("--true", "[0]", "--pred", "[0.123456789]", "--summary")
    assert " 0.123 " in losscli("compute", "mae", *data).stdout
    assert " 0.1235 " in losscli("compute", "mae", *data, "--digits", "4").stdout


def test_a_format_is_for_the_commands_that_have_it(losscli: Run, config: Write) -> None:
    config('format = "csv"\n')
    assert losscli("compute", "mse", *DATA).stdout.startswith("sample,mse\n")
    listing = losscli("list")
    assert (listing.returncode, listing.stderr) == (0, "")
    assert "family: regression" in listing.stdout


@pytest.mark.parametrize("args", [("--help",), ("compute", "--help"), ("--version",)])
def test_a_bad_config_keeps_nobody_from_the_help(
    args: tuple[str, ...], losscli: Run, config: Write
) -> None:
    config("what is this")
    for before in ((), ("--config", "nowhere.toml")):
        done = losscli(*before, *args, env={"LOSSCLI_DTYPE": "half"})
        assert (done.returncode, done.stderr) == (0, "")
    assert losscli("compute", "mse", *DATA).returncode == 2
    assert losscli("compute", "mse", *DATA, "--config", "none").returncode == 0


def test_a_config_does_not_change_the_help(losscli: Run, config: Write) -> None:
    plain = losscli("compute", "--help").stdout
    config('dtype = "float32"\nnan = "skip"\n')
    assert losscli("compute", "--help").stdout == plain


def test_a_bad_variable_is_named(losscli: Run) -> None:
    done = losscli("list", env={"LOSSCLI_DTYPE": "half"})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: LOSSCLI_DTYPE must be float64 or float32, not 'half'\n"


def test_a_misspelt_variable_earns_a_note_behind_the_result(losscli: Run) -> None:
    done = losscli("compute", "mse", *DATA, "--format", "value", env={"LOSSCLI_DIGIT": "3"})
    assert (done.returncode, done.stdout) == (0, "0.5\n")
    assert done.stderr == "note: LOSSCLI_DIGIT is not read; did you mean LOSSCLI_DIGITS?\n"


def test_a_config_runs_no_file(losscli: Run, config: Write, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("open('ran', 'w')")
    config('[[check]]\nname = "a"\nloss_file = "mine.py"\nfail_if = "mine.py:f > 1"\n')
    for args in (("config",), ("list",), ("compute", "mse", *DATA), ("compare", *DATA)):
        assert losscli(*args).returncode == 0
    assert not (tmp_path / "ran").exists()


def test_a_removed_working_directory_has_no_config(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path / "gone")
        (tmp_path / "gone").rmdir()
        patch.setattr("os.getcwd", _no_folder)
        assert losscli("config").stdout.splitlines()[-1] == "config file: none"


def _no_folder() -> str:
    raise FileNotFoundError


def options() -> dict[str, list[click.Option]]:
    """The options of all commands by the key of their setting."""
    found: dict[str, list[click.Option]] = {}
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        for param in command.params:
            if isinstance(param, click.Option):
                found.setdefault(key_of(str(param.name)), []).append(param)
    return found


@pytest.mark.parametrize("key", SETTING_KEYS)
def test_a_setting_takes_what_an_option_of_its_name_takes(key: str) -> None:
    """So that the choices, which stand in two places, are the same."""
    words = {c for o in options()[key] if isinstance(o.type, click.Choice) for c in o.type.choices}
    words -= {"format": {"text"}, "dialect": {"all"}}.get(key, set())  # of one command alone
    for word in words:
        assert SETTING_KEYS[key].fits(word), word
    if words:
        assert not SETTING_KEYS[key].fits("wat")


def test_a_check_takes_what_the_options_take() -> None:
    for key in set(CHECK_KEYS) & set(SETTING_KEYS):
        assert CHECK_KEYS[key] == SETTING_KEYS[key]
