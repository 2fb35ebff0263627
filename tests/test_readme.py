"""The README tells the truth: its generated blocks are fresh and its Python session runs."""

import re

import numpy as np
import pytest

import losscli
from tests.readme import BLOCK, README, ROOT, block

TEXT = README.read_text(encoding="utf-8")
BLOCKS = [(m["command"], m["body"]) for m in BLOCK.finditer(TEXT)]


@pytest.mark.parametrize(("command", "body"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_generated_block_is_fresh(command: str, body: str) -> None:
    assert body == block(command), "stale: run python -m tests.readme"


def test_no_block_is_left_open() -> None:
    assert TEXT.count("<!-- $ ") == TEXT.count("<!-- end -->") == len(BLOCKS) > 5


def test_the_python_session_gives_what_it_says() -> None:
    [code] = re.findall(r"```python\n(.*?)```", TEXT, re.S)
    scope: dict[str, object] = {}
    exec(code, scope)
    result = scope["result"]
    assert isinstance(result, losscli.Result)
    for expression, said in re.findall(r"^(result\.\w+) +# (.*)$", code, re.M):
        value = eval(expression, scope)
        text = np.array_repr(value) if isinstance(value, np.ndarray) else repr(value)
        assert text.startswith(said.removesuffix("…'"))


def test_ci_runs_the_test_command_of_the_readme() -> None:
    [command] = re.findall(r"^python3 .*pytest$", TEXT, re.M)
    assert command in (ROOT / ".ci/run").read_text().splitlines()
