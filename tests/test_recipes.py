"""The README's recipes run as they stand, beside the sample data."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import SAMPLE_DATA, plain_environment
from tests.readme import README

pytestmark = pytest.mark.slow

TEXT = README.read_text(encoding="utf-8")
RECIPES = TEXT.partition("\n### Recipes\n")[2].partition("\n## ")[0]
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", RECIPES, re.M | re.S)
# What a line of YAML runs: a step, an item of a script, a hook.
RUN = re.compile(r"^ *(?:- run|entry): (?P<one>.+)$|^    - (?P<item>[a-z].*)$", re.M)


def blocks(language: str) -> list[str]:
    return [body for name, body in BLOCKS if name == language]


def commands(yaml: str) -> list[str]:
    return [found["one"] or found["item"] for found in RUN.finditer(yaml)]


COMMANDS = [command for yaml in blocks("yaml") for command in commands(yaml)]
INSTALL = "pip install ."
LOSSCLI = [command for command in COMMANDS if command != INSTALL]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A PATH with `losscli` on it; the working folder has the sample data."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/losscli"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m losscli "$@"\n')
    program.chmod(0o755)
    shutil.copytree(SAMPLE_DATA, tmp_path / "sample_data")
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {**plain_environment(), "PATH": path, "GITHUB_STEP_SUMMARY": str(tmp_path / "s.md")}


def run(args: list[str], environment: dict[str, str], folder: Path) -> str:
    done = subprocess.run(
        args, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "passed" in done.stderr
    assert "✗" not in done.stdout
    return done.stdout


def test_nothing_is_left_out() -> None:
    assert [name for name, _ in BLOCKS] == ["sh", "sh", "make", "yaml", "yaml", "yaml"]
    assert COMMANDS.count(INSTALL) == 2
    assert len(LOSSCLI) == RECIPES.count("losscli check ridge --config sample_data") == 3
    assert RECIPES.count("losscli ") == 1 + 2 + 2 + 3


@pytest.mark.parametrize("script", blocks("sh"))
def test_a_shell_script(script: str, environment: dict[str, str], tmp_path: Path) -> None:
    run(["sh", "-eu", "-c", script], environment, tmp_path)


def test_the_shell_script_tells_a_worse_model_from_a_broken_check(
    environment: dict[str, str], tmp_path: Path
) -> None:
    script = blocks("sh")[0]
    assert "good enough" in run(["sh", "-eu", "-c", script], environment, tmp_path)
    for old, new, code, says in (
        ("ridge.csv", "forest.csv", 1, "the model got worse"),
        ("ridge.csv", "tree.csv", 2, "nothing was judged"),
    ):
        changed = script.replace(old, new)
        done = subprocess.run(
            ["sh", "-eu", "-c", changed],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert (done.returncode, done.stderr.splitlines()[-1]) == (code, says)


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
@pytest.mark.parametrize("makefile", blocks("make"))
def test_a_makefile(makefile: str, environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(makefile, encoding="utf-8")
    run(["make", "check"], environment, tmp_path)


@pytest.mark.parametrize("command", LOSSCLI)
def test_a_command_of_a_pipeline(command: str, environment: dict[str, str], tmp_path: Path) -> None:
    run(["sh", "-e", "-c", command], environment, tmp_path)
    if "--report github" in command:
        assert (tmp_path / "s.md").read_text(encoding="utf-8").startswith("**3 gates passed**")
    if "junit=" in command:
        assert (tmp_path / "losses.xml").is_file()


def test_the_readme_has_a_config_that_runs(environment: dict[str, str], tmp_path: Path) -> None:
    """In the folder of the sample data, where it is found without being named."""
    folder = tmp_path / "sample_data/diabetes"
    run(["losscli", "check", "ridge"], environment, folder)
