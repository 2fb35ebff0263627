"""The README tells the truth: its generated blocks are fresh and its Python session runs."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

import losscli
from tests.conftest import SAMPLE_DATA, Run
from tests.readme import BLOCK, README, ROOT, block

TEXT = README.read_text(encoding="utf-8")
BLOCKS = [(m["command"], m["body"]) for m in BLOCK.finditer(TEXT)]


@pytest.mark.slow
@pytest.mark.parametrize(("command", "body"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_generated_block_is_fresh(command: str, body: str) -> None:
    assert body == block(command), "stale: run python -m tests.readme"


def test_no_block_is_left_open() -> None:
    assert TEXT.count("<!-- $ ") == TEXT.count("<!-- end -->") == len(BLOCKS) > 5


def test_the_python_session_gives_what_it_says() -> None:
    code = next(
        c for c in re.findall(r"```python\n(.*?)```", TEXT, re.S) if "import losscli\n" in c
    )
    scope: dict[str, object] = {}
    exec(code, scope)
    result = scope["result"]
    assert isinstance(result, losscli.Result)
    for expression, said in re.findall(r"^(result\.\w+) +# (.*)$", code, re.M):
        value = eval(expression, scope)
        text = np.array_repr(value) if isinstance(value, np.ndarray) else repr(value)
        assert text.startswith(said.removesuffix("…'"))


def test_ci_runs_the_test_command_of_the_readme() -> None:
    [command] = re.findall(r"^python3 .*pytest -n auto$", TEXT, re.M)
    assert command in (ROOT / ".ci/run").read_text().splitlines()


def test_the_own_losses_work_as_written(losscli: Run, tmp_path: Path) -> None:
    code = next(c for c in re.findall(r"```python\n(.*?)```", TEXT, re.S) if "# my_losses.py" in c)
    (tmp_path / "my_losses.py").write_text(code, encoding="utf-8")
    for name in ("y_true.csv", "y_pred.csv"):
        shutil.copy(SAMPLE_DATA / "article" / name, tmp_path)
    commands = [
        line.split()[1:]
        for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S)
        for line in block.splitlines()
        if line.startswith("losscli ") and "my_" in line
    ]
    assert len(commands) == 4
    for command in commands:
        done = losscli(*command)
        assert (done.returncode, done.stderr) == (0, ""), command
    values = losscli(*commands[1], "--format", "value").stdout.split()
    assert [float(value) for value in values] == pytest.approx([0.1875, 0.5**0.5], rel=1e-15)
