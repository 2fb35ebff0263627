"""`losscli check`: what passes, what fails, what is an error; its config, its reports."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from losscli.engine import run as engine
from tests.cli.conftest import Screen
from tests.conftest import SAMPLE_DATA, Run

DIABETES = SAMPLE_DATA / "diabetes"
RIDGE = ("--true", DIABETES / "y_true.csv", "--pred", DIABETES / "ridge.csv")
FOREST = ("--true", DIABETES / "y_true.csv", "--pred", DIABETES / "forest.csv")
ZERO = ("--true", "[0, 0, 0, 0]", "--pred", "[1, -1, 3, 0]")  # mse 2.75, mae 1.25, mbe 0.75


def fail_if(*expressions: str) -> list[str]:
    return [part for expression in expressions for part in ("--fail-if", expression)]


@pytest.mark.parametrize(
    ("gates", "code"),
    [
        (fail_if("mse > 2.75"), 0),
        (fail_if("mse >= 2.75"), 1),
        (fail_if("mse > 2.7499999999999996"), 1),
        (fail_if("mse < 2.75"), 0),
        (fail_if("mse <= 2.75"), 1),
        (fail_if("mse > 3", "mae > 2"), 0),
        (fail_if("mse > 3", "mae > 1"), 1),
        (fail_if("mae.max > 2.5"), 1),
        (fail_if("mae.min < 0"), 0),
        (fail_if("mae.p50 > 1"), 0),
        (fail_if("mae.p75 > 1.5"), 0),
        (fail_if("mae.p75 >= 1.5"), 1),
        (fail_if("mae.n < 4"), 0),
        (fail_if("mae.n < 5"), 1),
        (fail_if("mae.std > 1.1"), 0),
        (fail_if("mae.mean > 1.25"), 0),
        (fail_if("mbe < 0"), 0),
        (fail_if("huber:delta=0.5 > 0.6"), 0),
        (fail_if("huber:delta=0.5.p95>1"), 1),
        (fail_if("rmse > 1.65831"), 1),
        (fail_if("rmse.max > 3"), 0),
    ],
)
def test_a_gate(gates: list[str], code: int, losscli: Run) -> None:
    assert losscli("check", *ZERO, *gates).returncode == code


def test_the_table_and_the_sentence(losscli: Run) -> None:
    done = losscli("check", *FOREST, *fail_if("mse > 3000", "mae.p95 > 120"))
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "┏━━━━━━━┳━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━┳━━━━━━━━━━━┳━━━━━━━━━━┓",
        "┃ check ┃ fails if      ┃    value ┃ limit ┃    margin ┃ verdict  ┃",
        "┡━━━━━━━╇━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━╇━━━━━━━━━━━╇━━━━━━━━━━┩",
        "│ check │ mse > 3000    │ 3406.083 │  3000 │ -406.0825 │ ✗ failed │",
        "│ check │ mae.p95 > 120 │  111.024 │   120 │     8.976 │ ✓ passed │",
        "└───────┴───────────────┴──────────┴───────┴───────────┴──────────┘",
    ]
    assert done.stderr == "1 of 2 gates failed: mse > 3000\n"


def test_a_pass_is_said(losscli: Run) -> None:
    done = losscli("check", *RIDGE, *fail_if("mse > 3000"), "--name", "ridge")
    assert (done.returncode, done.stderr) == (0, "1 gate passed\n")
    assert "│ ridge │ mse > 3000 │ 2975.246 │  3000 │ 24.75354 │ ✓ passed │" in done.stdout


@pytest.mark.parametrize(
    ("true", "pred", "options"),
    [
        ("[0, 0]", "[1e200, 1]", ()),
        ("[0, 0]", "[NaN, 1]", ("--nan", "propagate")),
        ("[0, 0]", "[Infinity, 1]", ("--nan", "propagate")),
    ],
)
@pytest.mark.parametrize("gate", ["mse > 1e308", "mse < 1", "mse.max >= 1e300", "mse.p50 <= 0"])
def test_what_is_no_number_fails(
    true: str, pred: str, options: Sequence[str], gate: str, losscli: Run
) -> None:
    done = losscli("check", "--true", true, "--pred", pred, *options, *fail_if(gate))
    assert done.returncode == 1
    assert "✗ failed" in done.stdout


def test_a_mean_of_a_loss_of_ones_own_that_turns_out_to_be_one_number(
    losscli: Run, tmp_path: Path
) -> None:
    (tmp_path / "own.py").write_text("def root(t, p):\n    return ((t - p) ** 2).mean() ** 0.5\n")
    assert losscli("check", *ZERO, *fail_if("own.py:root > 1.65832")).returncode == 0
    done = losscli("check", *ZERO, *fail_if("own.py:root.mean > 5", "own.py:root.max > 3"))
    assert done.returncode == 2
    assert "own.py:root pools all samples" in done.stderr
    assert "1 of 2 gates could not be judged" in done.stderr
    loss = ("--loss-file", "own.py")
    assert losscli("check", *ZERO, *fail_if("root > 1"), *loss).returncode == 1


@pytest.mark.parametrize(
    ("regress", "code"),
    [
        (["mse=14.5%"], 0),
        (["mse=14.4%"], 1),
        (["mae=2.8"], 0),
        (["mae=2.7"], 1),
        (["mse=14.5%", "mae=2.7"], 1),
        (["mbe=1.1"], 0),
        (["mbe=1"], 1),
        (["poisson=1.4"], 0),
        (["poisson=1%"], 2),
        (["bce=1"], 2),
    ],
)
def test_a_regression_against_other_predictions(
    regress: list[str], code: int, losscli: Run
) -> None:
    gates = [part for one in regress for part in ("--max-regress", one)]
    done = losscli("check", *FOREST, "--against", DIABETES / "ridge.csv", *gates)
    assert done.returncode == code


def test_an_improvement_is_no_regression(losscli: Run) -> None:
    gates = ("--against", DIABETES / "forest.csv", "--max-regress", "mse=0%")
    assert losscli("check", *RIDGE, *gates).returncode == 0


def test_other_predictions_are_paired_by_id(losscli: Run) -> None:
    true, forest, ridge = ("y_true_id.csv", "forest_shuffled.csv", "ridge_shuffled.csv")
    args = ("--true", DIABETES / true, "--pred", DIABETES / forest, "--against", DIABETES / ridge)
    done = losscli("check", *args, "--id", "id", "--max-regress", "mse=2%", "--format", "json")
    [gate] = json.loads(done.stdout)["checks"][0]["gates"]
    assert gate["value"] == pytest.approx(3406.082513122172, rel=1e-12)
    assert gate["baseline"] == pytest.approx(2975.246457810528, rel=1e-12)


def test_data_is_read_once_whatever_the_number_of_gates(
    losscli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = []
    original = engine.walk
    monkeypatch.setattr(engine, "walk", lambda *args: passes.append(1) or original(*args))
    gates = fail_if("mse > 1", "mse.p95 > 1", "mae.max > 1", "rmse > 1", "mse.p99.9 > 1")
    losscli("check", *ZERO, *gates, "--against", "[1, 1, 1, 1]", "--max-regress", "mse=2")
    assert passes == [1]


def test_standard_input_serves_a_check(losscli: Run) -> None:
    done = losscli("check", "--true", "[0, 0]", "--pred", "-", *fail_if("mse > 2"), stdin="1\n1\n")
    assert done.returncode == 0


def test_a_check_of_one_file(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("y,p,q\n1,2,2\n3,4,5\n")
    one = ("--data", "d.csv", "--true-cols", "y", "--pred-cols", "p")
    assert losscli("check", *one, *fail_if("mse > 1")).returncode == 0
    done = losscli("check", *one, "--against", "d.csv", "--max-regress", "mse=1")
    assert done.returncode == 2
    assert "other predictions stand in a file of their own" in done.stderr


def test_float32_values_are_told_in_full(losscli: Run) -> None:
    args = ("--true", "[0]", "--pred", "[0.1]", "--dtype", "float32", *fail_if("mae > 0.1"))
    done = losscli("check", *args)
    assert done.returncode == 1
    assert "│ 0.100000001 │   0.1 │" in done.stdout


def test_exit_zero_is_for_verdicts_only(losscli: Run) -> None:
    done = losscli("check", *ZERO, *fail_if("mse > 1"), "--exit-zero")
    assert (done.returncode, done.stderr) == (0, "the gate failed: mse > 1\n")
    assert losscli("check", *ZERO, *fail_if("bce > 1"), "--exit-zero").returncode == 2


CONFIG = """
[[check]]
name = "ridge"
true = "y.csv"
pred = "ridge.csv"
fail_if = ["mse > 3200", "rmse > 57", "huber:delta=2.p95 > 250"]

[[check]]
name = "forest against ridge"
true = "y.csv"
pred = "forest.csv"
against = "ridge.csv"
max_regress = { mse = "2%", mae = 0.5 }

[[check]]
name = "tree"
true = "y.csv"
pred = "tree.csv"
fail_if = "mse > 1"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "losscli.toml").write_text(CONFIG)
    for name, file in (("y", "y_true"), ("ridge", "ridge"), ("forest", "forest")):
        (tmp_path / f"{name}.csv").write_bytes((DIABETES / f"{file}.csv").read_bytes())
    return tmp_path


@pytest.mark.usefixtures("project")
def test_checks_of_the_config(losscli: Run) -> None:
    done = losscli("check")
    assert done.returncode == 2
    assert [line.split()[-2] for line in done.stdout.splitlines() if line[0] == "│"] == [
        *(["passed"] * 3),
        *(["failed"] * 2),
        "error",
    ]
    lines = done.stderr.splitlines()
    assert lines[0].startswith(
        "2 of 6 gates failed, 1 could not be judged: forest against ridge: mse > baseline + 2%; "
    )
    assert lines[1] == "error: tree: there is no file 'tree.csv'"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("args", "code", "verdicts"),
    [
        (["ridge"], 0, "✓✓✓"),
        (["forest against ridge"], 1, "✗✗"),
        (["forest against ridge", "--exit-zero"], 0, "✗✗"),
        (["forest against ridge", "ridge"], 1, "✗✗✓✓✓"),
        (["ridge", "ridge"], 0, "✓✓✓"),
        (["--fail-fast"], 1, "✓✓✓✗✗-"),
        (["ridge", "tree", "--exit-zero"], 2, "✓✓✓!"),
        (["tree", "ridge", "--fail-fast"], 2, ""),
        (["tree"], 2, ""),
    ],
)
def test_checks_by_name(args: list[str], code: int, verdicts: str, losscli: Run) -> None:
    done = losscli("check", *args)
    assert done.returncode == code
    assert "".join(re.findall(r"│ ([✓✗!-]) [a-z ]+│$", done.stdout, re.M)) == verdicts


def test_paths_are_relative_to_the_config(project: Path, losscli: Run) -> None:
    (project / "own.py").write_text("def one(t, p):\n    return abs(t - p)\n")
    (project / "losscli.toml").write_text(
        '[[check]]\nname = "own"\ntrue = "y.csv"\npred = "ridge.csv"\nagainst = "b.json"\n'
        'loss_file = ["own.py"]\nfail_if = ["one > 45", "own.py:one.p95 > 103"]\n'
        'max_regress = { mae = "0%" }\n'
    )
    made = losscli(
        "baseline", "save", "mae", "--true", "y.csv", "--pred", "ridge.csv", "-o", "b.json"
    )
    assert made.returncode == 0
    (project / "deep/er").mkdir(parents=True)
    done = losscli("check", cwd=project / "deep/er")
    assert (done.returncode, done.stderr) == (0, "3 gates passed\n")


@pytest.mark.usefixtures("project")
def test_options_of_every_command_do_not_describe_a_check(losscli: Run, tmp_path: Path) -> None:
    (tmp_path / "losscli.toml").rename(tmp_path / "other.toml")
    done = losscli("check", "ridge", "--config", "other.toml", "--color", "never")
    assert (done.returncode, done.stderr) == (0, "3 gates passed\n")
    assert losscli("check", "ridge", "--config", "other.toml", "--quiet").stderr == ""
    done = losscli("check", "forest against ridge", "--config", "other.toml", "--quiet")
    assert (done.returncode, done.stderr[:20]) == (1, "2 of 2 gates failed:")


@pytest.mark.usefixtures("project")
def test_what_a_check_says_stands_above_settings(losscli: Run, tmp_path: Path) -> None:
    path = tmp_path / "losscli.toml"
    path.write_text('dtype = "float32"\ntrue = "y.csv"\n' + path.read_text())

    def signature(**env: str) -> str:
        done = losscli("check", "ridge", "--format", "json", env=env)
        [check] = json.loads(done.stdout)["checks"]
        found: str = check["gates"][0]["signature"]
        return found

    assert "dtype:float32" in signature()
    path.write_text(path.read_text().replace('name = "ridge"', 'name = "ridge"\ndtype = "float64"'))
    assert "dtype:float64" in signature()
    path.write_text(path.read_text().replace('name = "ridge"\n', 'name = "ridge"\nnan = "skip"\n'))
    assert "nan:skip" in signature(LOSSCLI_NAN="propagate")


def test_checks_of_pyproject(project: Path, losscli: Run) -> None:
    text = (project / "losscli.toml").read_text().replace("[[check]]", "[[tool.losscli.check]]")
    (project / "losscli.toml").unlink()
    (project / "pyproject.toml").write_text(text)
    assert losscli("check", "ridge").returncode == 0


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ('dtype = "float32"', 0),
        ('nan = "skip"', 0),
        ("header = true", 0),
        ('true_cols = "y_true"', 0),
        ('weights = "weights.csv"', 0),
        ("allow_different = true", 0),
        ('true_cols = "nothing"', 2),
        ('against = "ridge.csv"', 2),
        ('max_regress = { mse = "2%" }', 2),
        ('max_regress = { mse = "-2%" }\nagainst = "ridge.csv"', 2),
        ('max_regress = { "mse.p95" = "2%" }\nagainst = "ridge.csv"', 2),
        ('loss_file = "nowhere.py"', 2),
    ],
)
def test_keys_of_a_check(more: str, code: int, project: Path, losscli: Run) -> None:
    (project / "weights.csv").write_text("1\n" * 442)
    start = '[[check]]\nname = "a"\ntrue = "y.csv"\npred = "ridge.csv"\nfail_if = "mse > 1e6"\n'
    (project / "losscli.toml").write_text(start + more)
    done = losscli("check")
    assert done.returncode == code, done.stderr


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fail_if = 'mse => 3'", ("losscli.toml: check 'a': fail_if: 'mse => 3', position 5",)),
        ("fail_if = ['mse > 3', 'msee > 3']", ("fail_if: 'msee > 3'", "did you mean mse")),
        ("", ("check 'a': there is no gate", "fail_if or max_regress")),
        ("fail_if = []", ("check 'a'",)),
        ("fail_if = ''", ("check 'a'", "fail_if")),
        ("fail_iff = 'mse > 3'", ("no key 'fail_iff'", "did you mean fail_if?")),
        ("max_regress = { mse = 'x%' }", ("max_regress",)),
        ("max_regress = { msee = 1 }\nagainst = 'p'", ("max_regress: 'msee=1'",)),
        ("fail_if = 'mse > 3'\nagainst = 'p.csv'", ("against alone judges nothing",)),
        ("max_regress = { mse = 1 }", ("max_regress needs against",)),
    ],
)
def test_a_faulty_config_runs_no_check(
    text: str, says: Sequence[str], project: Path, losscli: Run
) -> None:
    good = '[[check]]\nname = "ok"\ntrue = "y.csv"\npred = "ridge.csv"\nfail_if = "mse > 1e6"\n'
    bad = f'[[check]]\nname = "a"\ntrue = "y.csv"\npred = "ridge.csv"\n{text}\n'
    (project / "losscli.toml").write_text(good + bad)
    done = losscli("check", "--report", "junit=j.xml")
    assert (done.returncode, done.stdout) == (2, "")
    for part in says:
        assert part in done.stderr
    assert not (project / "j.xml").exists()


def test_a_check_without_data_says_what_is_missing(project: Path, losscli: Run) -> None:
    (project / "losscli.toml").write_text('[[check]]\nname = "a"\nfail_if = "mse > 3"\n')
    done = losscli("check")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: losscli.toml: check 'a': true is missing\n"


@pytest.mark.usefixtures("project")
def test_every_report_is_of_the_same_run_and_the_same_bytes(
    process: Run, project: Path, losscli: Run
) -> None:
    reports = ("junit=j.xml", "markdown=m.md", "json=j.json", "github")
    args = ["check", *[part for report in reports for part in ("--report", report)]]
    first = process(*args, env={"GITHUB_STEP_SUMMARY": str(project / "s.md")})
    found = {name: (project / name).read_bytes() for name in ("j.xml", "m.md", "j.json", "s.md")}
    (project / "s.md").unlink()
    second = process(*args, env={"GITHUB_STEP_SUMMARY": str(project / "s.md")})
    assert (first.returncode, first.stdout, first.stderr) == (
        second.returncode,
        second.stdout,
        second.stderr,
    )
    assert found == {name: (project / name).read_bytes() for name in found}
    root = ElementTree.fromstring(found["j.xml"])
    assert root.attrib == {"name": "losscli check", "tests": "6", "failures": "2", "errors": "1"}
    assert found["s.md"] == found["m.md"] + b"\n"
    assert losscli("check", "--format", "markdown").stdout.encode() == found["m.md"]
    assert losscli("check", "--format", "json").stdout.encode() == found["j.json"]
    assert json.loads(found["j.json"])["verdict"] == "error"
    commands = [line for line in first.stderr.splitlines() if line.startswith("::error ")]
    assert len(commands) == 3


@pytest.mark.usefixtures("project")
def test_reports_are_written_where_nothing_can_be_judged(project: Path, losscli: Run) -> None:
    done = losscli("check", "tree", "--report", "junit=j.xml", "--report", "github")
    assert (done.returncode, done.stdout) == (2, "")
    [error] = ElementTree.parse(project / "j.xml").getroot().iter("error")
    assert "there is no file 'tree.csv'" in str(error.text)
    assert "::error title=tree%3A mse > 1::there is no file 'tree.csv'" in done.stderr


def test_reports_do_not_touch_standard_output(losscli: Run) -> None:
    args = ("check", *ZERO, *fail_if("mse > 1"), "--format", "json")
    assert losscli(*args).stdout == losscli(*args, "--report", "github").stdout


def test_a_quantile_of_too_many_samples_is_not_guessed(
    losscli: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from losscli.engine.reduce import quantiles

    errors = np.random.default_rng(0).normal(size=3000)
    np.save(tmp_path / "t.npy", np.zeros(3000))
    np.save(tmp_path / "p.npy", errors)
    p95 = float(np.quantile(np.abs(errors), 0.95))
    args = ("check", "--true", "t.npy", "--pred", "p.npy")
    assert losscli(*args, *fail_if(f"mae.p95 > {p95!r}")).returncode == 0
    monkeypatch.setattr(quantiles.Budget, "is_spent", property(lambda self: self._spent > 100))
    done = losscli(*args, *fail_if(f"mae.p95 > {p95!r}", f"mae.p95 > {p95 * 1.01!r}"))
    assert done.returncode == 2
    assert "too many samples for an exact quantile" in done.stderr
    assert done.stdout.count("✓ passed") == 1
    assert losscli(*args, *fail_if(f"mae.p95 > {p95 * 0.99!r}")).returncode == 1


def test_the_verdicts_are_coloured_on_a_terminal(screen: Screen) -> None:
    gates = fail_if("mse > 3", "mse > 1")
    text = screen("check", *ZERO, *gates)
    assert "\x1b[32m✓ passed\x1b[0m" in text
    assert "\x1b[1;31m✗ failed\x1b[0m" in text
    plain = screen("check", *ZERO, *gates, NO_COLOR="1")
    assert "32m" not in plain
    assert "✓ passed" in plain


def test_plain_ascii_where_the_encoding_has_no_more(process: Run) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = process("check", *ZERO, *fail_if("mse > 3", "mse > 1"), env=ascii_only)
    assert done.stdout.isascii()
    assert "| + passed |" in done.stdout
    assert "| x failed |" in done.stdout


def test_a_narrow_terminal_cuts_no_number(losscli: Run) -> None:
    done = losscli("check", *FOREST, *fail_if("mse > 3000"), env={"COLUMNS": "20"})
    assert "│ 3406.083 │  3000 │ -406.0825 │" in done.stdout


def test_nothing_a_terminal_would_obey_is_shown(losscli: Run) -> None:
    done = losscli("check", *ZERO, *fail_if("mse > 1"), "--name", "a\x1b[31m\nb")
    assert "\x1b" not in done.stdout + done.stderr
    assert r"a\x1b[31m\nb" in done.stdout
