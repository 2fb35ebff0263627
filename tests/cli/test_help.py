"""Each command has help that says something, and is quick about it."""

import click
import pytest

from losscli import __version__
from losscli.cli.main import COMMANDS, cli
from tests.conftest import ROOT, Run


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_each_of_its_options_has_a_text(name: str) -> None:
    found = command(name)
    assert found.name == name
    assert found.help
    assert found.help.splitlines()[0].endswith(".")
    options = [p for p in found.params if isinstance(p, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_is_on_standard_output(name: str, option: str, losscli: Run) -> None:
    done = losscli(name, option)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: losscli {name}")
    for parameter in command(name).params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[0] in done.stdout


def test_the_groups_help_lists_the_commands(losscli: Run) -> None:
    done = losscli("--help")
    assert (done.returncode, done.stderr) == (0, "")
    listed = done.stdout.partition("Commands:\n")[2]
    assert [line.split()[0] for line in listed.splitlines()] == list(COMMANDS)


def test_each_summary_stands_whole_in_the_list(losscli: Run) -> None:
    """click cuts a long one with dots."""
    assert "..." not in losscli("--help").stdout.partition("Commands:\n")[2]


def test_version(losscli: Run) -> None:
    assert losscli("--version").stdout == f"losscli {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_within_eighty_columns(name: str, losscli: Run) -> None:
    done = losscli(name, "--help", env={"COLUMNS": "80"})
    examples = [line for line in done.stdout.splitlines() if "  losscli " in line]
    others = [line for line in done.stdout.splitlines() if line not in examples]
    assert max(map(len, others)) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_readme(name: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"\n$ losscli {name} --help\n" in readme
