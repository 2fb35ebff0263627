"""`losscli compare` on terminals and with hostile names."""

import re
from pathlib import Path

import pytest

import losscli as api
from tests.cli.conftest import Screen
from tests.conftest import SAMPLE_DATA, Run

RIDGE = SAMPLE_DATA / "diabetes/ridge.csv"
FOREST = SAMPLE_DATA / "diabetes/forest.csv"
DIABETES = SAMPLE_DATA / "diabetes/y_true.csv"
TWO_MODELS = ("--true", "[0, 1, 2]", "--pred", "a=[0, 1, 3]", "--pred", "b=[0, 2, 2]")
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def is_harmless(text: str) -> bool:
    """Whether there is nothing in it but styles of rich's own and printable text."""
    return all(line.isprintable() for line in STYLE.sub("", text).split("\n"))


@pytest.mark.parametrize("models", [[RIDGE], [RIDGE, FOREST]], ids=["one", "two"])
def test_no_number_is_cut_on_a_narrow_terminal(
    screen: Screen, models: list[Path], losscli: Run, tmp_path: Path
) -> None:
    preds = [part for model in models for part in ("--pred", model)]
    asked = ("compare", "--true", DIABETES, *preds, "--digits", "full")
    sent = screen(*asked)
    found = STYLE.sub("", sent)
    assert losscli(*asked).stdout in found
    run = api.compare(DIABETES, {model.stem: model for model in models})
    assert len(run.results) >= 12 * len(models)
    assert {repr((r.value or 0) + 0.0) for r in run.results} <= set(found.split())
    assert "…" not in found
    assert is_harmless(sent)


def test_the_best_is_marked_in_colour_too(screen: Screen) -> None:
    asked = ("compare", *TWO_MODELS, "--pred", "c=[0, 1, 2]", "--loss", "mse")
    sent = screen(*asked)
    assert re.findall(r"\x1b\[1;32m([^\x1b]*)\x1b", sent) == ["0 *"]
    assert "* the best of its row" in STYLE.sub("", sent)


def test_an_ascii_encoding_gets_ascii(process: Run) -> None:
    ascii_ = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8"}
    done = process("compare", "--true", DIABETES, "--pred", f"été={RIDGE}", env=ascii_)
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert " 2975.246 |" in done.stdout
    assert "does not apply" in done.stdout


HOSTILE = "\x1b]0;title\x07[red]a|b`\x9b31m\u202e"


@pytest.mark.parametrize("format_", ["table", "markdown", "csv"])
def test_a_models_name_is_shown_escaped(format_: str, losscli: Run) -> None:
    data = ("--true", "[1, 2]", "--pred", f"{HOSTILE}=[1, 2]", "--pred", "b=[2, 1]")
    worst = () if format_ in ("csv", "tsv", "value") else ("--worst", "1")
    done = losscli("compare", *data, "--format", format_, *worst)
    assert done.returncode == 0, done.stderr
    assert is_harmless(done.stdout + done.stderr)
    assert "\x1b" not in done.stdout
    assert r"\x1b" in done.stdout


@pytest.mark.parametrize(
    "preds",
    [(f"{HOSTILE}=a.csv", f"{HOSTILE}=b.csv"), (f"a={HOSTILE}",), (f"{HOSTILE}=a.csv",)],
    ids=ascii,
)
def test_a_models_name_is_shown_escaped_in_errors(preds: tuple[str, ...], losscli: Run) -> None:
    given = [part for pred in preds for part in ("--pred", pred)]
    done = losscli("compare", "--true", "[1]", *given)
    assert done.returncode == 2
    assert is_harmless(done.stderr)
    assert "\x1b" not in done.stderr
