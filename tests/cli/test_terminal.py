"""What a terminal gets: whole numbers at any width, and nothing that it would obey."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Screen
from tests.conftest import PRED, TRUE, Run

LOSSES = ("mse", "mape", "msle", "squared_hinge", "logcosh", "categorical_hinge")
WIDE = ("compute", *LOSSES, "--true", TRUE, "--pred", PRED, "--dtype", "float32")
NUMBERS = ("0.33333334", "3.3333338e+08", "3.3333331e+08", "0.32030192", "0.1445936")
SIGNATURE = "mse|dialect:home|reduction:mean|dtype:float32|nan:error|n:2|skipped:0"
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def hostile(text: str) -> bool:
    """Whether there is anything in it but styles of rich's own and printable text."""
    return not all(line.isprintable() for line in STYLE.sub("", text).split("\n"))


@pytest.mark.parametrize(
    "environment",
    [{}, {"COLUMNS": "60"}, {"COLUMNS": "20"}, {"NO_COLOR": "1"}, {"TERM": "dumb"}],
    ids=str,
)
def test_no_number_is_cut_on_a_narrow_terminal(environment: dict[str, str], screen: Screen) -> None:
    text = STYLE.sub("", screen(*WIDE, **environment))
    for number in NUMBERS:
        assert f" {number} " in text
    assert SIGNATURE in text
    first = next(line for line in text.splitlines() if line.startswith("│      1 "))
    assert first.count("│") == len(LOSSES) + 2
    assert "…" not in text
    assert not hostile(text)


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_no_colour_where_none_is_wanted(environment: dict[str, str], screen: Screen) -> None:
    text = screen(*WIDE, **environment)
    # NO_COLOR leaves bold and dim, a dumb terminal nothing.
    colours = {code for style in STYLE.findall(text) for code in style[2:-1].split(";")}
    assert colours <= ({"0", "1", "2", "3", "22", ""} if "NO_COLOR" in environment else set())


@pytest.mark.parametrize("environment", [{}, {"COLUMNS": "30"}, {"FORCE_COLOR": ""}], ids=str)
def test_a_pipe_gets_no_styles_and_whole_numbers(environment: dict[str, str], losscli: Run) -> None:
    done = losscli(*WIDE, env=environment)
    assert "\x1b" not in done.stdout
    for number in NUMBERS:
        assert f" {number} " in done.stdout


def test_a_terminal_and_a_pipe_get_the_same_text(screen: Screen, losscli: Run) -> None:
    text = STYLE.sub("", screen(*WIDE))
    assert losscli(*WIDE).stdout in text


@pytest.mark.parametrize(
    "args",
    [WIDE, ("list",), ("info", "huber"), ("info", "binary_crossentropy"), ("--help",)],
    ids=lambda args: args[0],
)
def test_an_ascii_encoding_gets_ascii(args: tuple[str, ...], process: Run) -> None:
    done = process(*args, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert done.stdout
    if args == WIDE:
        for number in NUMBERS:
            assert f" {number} |" in done.stdout


def test_an_ascii_encoding_takes_errors_and_names_in_other_letters(
    process: Run, tmp_path: Path
) -> None:
    (tmp_path / "été.csv").write_text("é,û\n1,2\n3,x\n")
    ascii_ = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8"}
    data = ("--data", "été.csv", "--true-cols", "1", "--pred-cols")
    fault = process("compute", "mse", *data, "2", env=ascii_)
    assert (fault.returncode, fault.stdout) == (2, "")
    assert "line 3, column 2" in fault.stderr
    assert process("compute", "mse", *data, "1", env=ascii_).returncode == 0


HEADERS = '"x[red]y[/red]","\x1b[31mq","\x9b31m\u202e","a\nb\r","plain"\n1,2,3,4,5\n6,7,8,9,{}\n'
NAME_SHOWN = r"e\x1b]0;title\x07[bold]v.csv"
NAME = "e\x1b]0;title\x07[bold]v.csv"


@pytest.mark.parametrize(
    "args",
    [
        ("--true-cols", "1:4", "--pred-cols", "5"),
        ("--true-cols", "1:2", "--pred-cols", "3:4"),
        ("--true-cols", "1", "--pred-cols", "zz"),
        ("--true-cols", "1", "--pred-cols", "5"),
        ("--true-cols", "\x1b[31mq", "--pred-cols", "x[red]y[/red]"),
        ("--true-cols", "/\x1b/", "--pred-cols", "/nothing\x1b/"),
        ("--true-cols", "1", "--pred-cols", "\x1b[31mq,\x1b[31mq"),
    ],
    ids=ascii,
)
@pytest.mark.parametrize("last", ["10", "\x1b[2J[red]z[/red]"], ids=ascii)
def test_what_files_hold_does_not_reach_the_terminal(
    last: str, args: tuple[str, ...], losscli: Run, tmp_path: Path
) -> None:
    (tmp_path / NAME).write_text(HEADERS.format(last), newline="")
    done = losscli("compute", "mse", "--data", NAME, *args)
    assert done.returncode in (0, 2)
    assert done.stdout or done.stderr
    for text in (done.stdout, done.stderr):
        assert all(line.isprintable() for line in text.split("\n"))
    if done.returncode == 2:
        assert NAME_SHOWN in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("compute", "\x1b[31mmse"),
        ("compute", "mse", "--true", "\x1b[31m", "--pred", "[1]"),
        ("compute", "mse", "--true", '["\x1b[31m"]', "--pred", "[1]"),
        ("compute", "mse", "--\x1b[31m"),
        ("compute", "mse", "--format", "\x1b[31m"),
        ("compute", "huber:\x1b[31m=1", "--true", "[1]", "--pred", "[1]"),
        ("compute", "huber:delta=\x1b[31m", "--true", "[1]", "--pred", "[1]"),
        ("compute", "mse", "--true", "[1]", "--pred", "[1]", "--rows", "\x1b[31m"),
        ("compute", "mse", "--true", "[1]", "--pred", "[1]", "--delimiter", "\x1b[31m"),
        ("info", "\x1b[31m"),
        ("\x1b[31m",),
        ("compute", "mse", "--data", "\x1b[31m"),
        ("list", "\x1b[31m"),
    ],
    ids=ascii,
)
def test_what_is_typed_is_shown_escaped(args: tuple[str, ...], losscli: Run) -> None:
    done = losscli(*args)
    assert done.returncode == 2
    assert "\x1b" not in done.stdout + done.stderr
    assert r"\x1b[31m" in done.stderr or "--true is missing" in done.stderr


@pytest.mark.parametrize(
    "options", [(), ("--format", "csv"), ("--format", "csv", "--summary"), ("--format", "json")]
)
def test_blanks_in_a_parameter_do_not_break_lines(options: tuple[str, ...], losscli: Run) -> None:
    """float() and strip() take control characters for blanks: they come back with the label."""
    loss = "huber:delta=1\x1c\n"
    done = losscli("compute", loss, "--true", "[1]", "--pred", "[1]", *options)
    assert all(line.isprintable() for line in (done.stdout + done.stderr).split("\n"))


def test_an_error_on_a_terminal_is_plain(screen: Screen) -> None:
    text = screen("compute", "mse", "--true", "\x1b[31m[red]a", "--pred", "[1]")
    assert text == "error: there is no file '\\x1b[31m[red]a'\n"
