"""Configs: where they are found, what they may hold, and what stands above what."""

from pathlib import Path
from typing import Any

import pytest

from losscli.errors import LosscliError, SourceError, UsageError
from losscli.settings.config import CHECK_KEYS, Config, Setting, load, located

CHECK = '[[check]]\nname = "ridge"\ntrue = "y.csv"\nfail_if = "mse > 3"\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of its own, which is the working directory."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, text: str, name: str = "losscli.toml") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def values(config: Config) -> dict[str, Any]:
    return {key: setting.value for key, setting in config.settings.items()}


def test_without_a_file_or_variables_nothing_is_set(project: Path) -> None:
    assert load(project, {}) == Config(None, {}, ())


def test_a_file_of_the_working_directory(project: Path) -> None:
    write(project, f'dtype = "float32"\ntrue = "y.csv"\ndigits = 5\nquiet = true\n{CHECK}')
    config = load(project, {})
    assert config.file == project / "losscli.toml"
    assert config.settings["dtype"] == Setting("float32", "losscli.toml")
    assert values(config) == {"dtype": "float32", "true": "y.csv", "digits": 5, "quiet": True}
    (check,) = config.checks
    assert check.name == "ridge"
    assert check.values == {"name": "ridge", "true": "y.csv", "fail_if": ("mse > 3",)}
    assert check.origin == "losscli.toml: check 'ridge'"
    assert check.folder == project


def test_the_table_of_pyproject(project: Path) -> None:
    table = "[tool.losscli]\nnan = 'skip'\n[[tool.losscli.check]]\nname = 'a'\n"
    write(project, table, "pyproject.toml")
    config = load(project, {})
    assert config.settings["nan"] == Setting("skip", "pyproject.toml [tool.losscli]")
    assert config.checks[0].origin == "pyproject.toml [tool.losscli]: check 'a'"


def test_losscli_toml_stands_before_pyproject(project: Path) -> None:
    write(project, "[tool.losscli]\nnan = 'skip'\n", "pyproject.toml")
    write(project, "dtype = 'float32'\n")
    assert values(load(project, {})) == {"dtype": "float32"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[project]\nname = 'losscli'\n",
        "[tool.other]\nlosscli = 1\n",
        "no TOML at all",
        "tool=3",
    ],
)
def test_a_pyproject_without_the_table_is_passed_over(text: str, project: Path) -> None:
    write(project, "nan = 'skip'\n")
    write(project / "sub", text, "pyproject.toml")
    assert values(load(project / "sub", {})) == {"nan": "skip"}


def test_the_nearest_file_upwards_up_to_the_repository(project: Path) -> None:
    deep = project / "a/b"
    deep.mkdir(parents=True)
    write(project.parent, "nan = 'propagate'\n")
    assert load(deep, {}).file is None
    write(project, "nan = 'skip'\n")
    assert load(deep, {}).settings["nan"] == Setting("skip", "../../losscli.toml")
    write(project / "a", "digits = 3\n")
    assert values(load(deep, {})) == {"digits": 3}


def test_not_above_the_home_directory(tmp_path: Path) -> None:
    write(tmp_path, "nan = 'skip'\n")
    home = tmp_path / "home"
    (home / "work").mkdir(parents=True)
    assert load(home / "work", {"HOME": str(home)}).file is None
    assert load(home / "work", {}).file == tmp_path / "losscli.toml"


def test_a_folder_that_everybody_may_write_to_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "open", "nan = 'skip'\n")
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "open/mine").mkdir()
    home = {"HOME": str(tmp_path)}
    assert load(tmp_path / "open/mine", home).file is None
    assert load(tmp_path / "open", home).file is not None


def test_a_file_that_is_named(project: Path) -> None:
    write(project, "nan = 'skip'\n")
    write(project / "ci", "digits = 3\ntrue = 'y.csv'\n", "strict.toml")
    config = load(project, {}, "ci/strict.toml")
    assert config.settings["digits"] == Setting(3, "ci/strict.toml")
    assert config.settings["true"].value == "ci/y.csv"
    assert load(project, {"LOSSCLI_NAN": "skip"}, "none").settings == {
        "nan": Setting("skip", "LOSSCLI_NAN")
    }
    with pytest.raises(SourceError, match=r"nowhere\.toml cannot be read: No such file"):
        load(project, {}, "nowhere.toml")
    write(project, "[tool.other]\n", "pyproject.toml")
    with pytest.raises(UsageError, match=r"no table \[tool\.losscli\]"):
        load(project, {}, "pyproject.toml")


def test_the_environment_stands_above_the_file(project: Path) -> None:
    write(project, "nan = 'skip'\ndtype = 'float32'\nquiet = true\n")
    env = {"LOSSCLI_NAN": "error", "LOSSCLI_DTYPE": "", "LOSSCLI_QUIET": "0", "LOSSCLI_DIGITS": "9"}
    config = load(project, env)
    assert config.settings["nan"] == Setting("error", "LOSSCLI_NAN")
    assert config.settings["dtype"] == Setting("float32", "losscli.toml")  # empty is not set
    assert config.settings["quiet"] == Setting(False, "LOSSCLI_QUIET")
    assert config.settings["digits"] == Setting(9, "LOSSCLI_DIGITS")
    assert config.notes == ()


def test_a_variable_that_is_nearly_one_earns_a_note(project: Path) -> None:
    config = load(project, {"LOSSCLI_DIGIT": "3", "LOSSCLI_HOMEPAGE": "x", "LOSSCLI_TRUTH": "y"})
    assert config.settings == {}
    assert config.notes == (
        "LOSSCLI_DIGIT is not read; did you mean LOSSCLI_DIGITS?",
        "LOSSCLI_TRUTH is not read; did you mean LOSSCLI_TRUE?",
    )


BAD = [
    ("dtyp = 'float32'", ("losscli.toml", "no key 'dtyp'", "did you mean dtype?")),
    ("input-format = 'csv'", ("no key 'input-format'", "did you mean input_format?")),
    ("wat = 1", ("no key 'wat'", "its keys may be: true, pred")),
    ("loss_file = 'a.py'", ("no key 'loss_file'", "loss_file is a key of a [[check]]")),
    ("loss-file = 'a.py'", ("no key 'loss-file'", "loss_file is a key of a [[check]]")),
    ("name = 'ridge'", ("no key 'name'", "name is a key of a [[check]]")),
    ("dtype = 'half'", ("losscli.toml: dtype must be float64 or float32, not 'half'",)),
    ("dtype = 32", ("dtype must be float64 or float32, not 32",)),
    ("nan = ['error']", ("nan must be error, skip or propagate, not ['error']",)),
    ("quiet = 'yes'", ("quiet must be true or false, not 'yes'",)),
    ("quiet = 1", ("quiet must be true or false, not 1",)),
    ("digits = true", ("digits must be a number from 1 to 17 or 'full', not true",)),
    ("digits = 18", ("digits", "not 18")),
    ("digits = 2.5", ("digits", "not 2.5")),
    ("true = ''", ("true must be a file or inline data, as text, not ''",)),
    ("true = [1, 2]", ("true must be a file or inline data, as text, not [1, 2]",)),
    ("true = 2020-01-01", ("true must be", "not 2020-01-01")),
    ("delimiter = ''", ("delimiter must be a character, as text, not ''",)),
    ("nan = 'skip'\nnan = 'error'\n", ("losscli.toml, line 2, column 14: not valid TOML",)),
    ("a = = 1", ("losscli.toml, line 1, column 5: not valid TOML",)),
    ("a = [1", ("losscli.toml, at its end: not valid TOML",)),
    ("[check]\nname = 'a'", ("check must be a list of tables", "[[check]]")),
    ("check = [1]", ("check must be a list of tables",)),
    ("[[check]]\nfail_if = 'mse > 1'", ("check 1 has no name",)),
    ("[[check]]\nname = ' '", ("name of check 1 must be text, not ' '",)),
    ("[[check]]\nname = 3", ("name of check 1 must be text, not 3",)),
    (CHECK + CHECK, ("two checks are named 'ridge'",)),
    (CHECK + "fail-if = 'x'", ("check 'ridge': there is no key 'fail-if'", "mean fail_if?")),
    (CHECK + "format = 'json'", ("there is no key 'format'",)),
    (CHECK + "loss_file = []", ("check 'ridge': loss_file must be a file, or a list of them",)),
    (CHECK + "loss_file = ['a.py', 3]", ("loss_file must be", "not ['a.py', 3]")),
    (CHECK + "header = 'no'", ("header must be true or false, not 'no'",)),
    (CHECK + "allow_different = 1", ("allow_different must be true or false",)),
    (CHECK + "max_regress = 2", ("max_regress must be a table such as",)),
    (CHECK + "max_regress = {}", ("max_regress must be a table",)),
    (CHECK + "max_regress = { mse = '2' }", ("max_regress must be a table",)),
    (CHECK + "max_regress = { mse = 'a%' }", ("max_regress must be a table",)),
    (CHECK + "max_regress = { mse = nan }", ("max_regress must be a table",)),
    (CHECK + "max_regress = { mse = inf }", ("max_regress must be a table",)),
    (CHECK + "max_regress = { mse = true }", ("max_regress must be a table",)),
]


@pytest.mark.parametrize(("text", "says"), BAD, ids=[text for text, _ in BAD])
def test_what_a_config_cannot_hold(text: str, says: tuple[str, ...], project: Path) -> None:
    write(project, text)
    with pytest.raises(UsageError) as caught:
        load(project, {})
    for part in says:
        assert part in str(caught.value)
    assert str(caught.value).isprintable() or str(caught.value).count("\n") == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a = 1\nb = '\xe9'\n", "losscli.toml, line 2: is not UTF-8 text"),
        (b"a = '\x1b[31m'\n", "losscli.toml, line 1"),
        (b'"\\u001b[31m" = 1\n', r"there is no key '\x1b[31m'"),
        (b'nan = "\\u001b[31m"\n', r"not '\x1b[31m'"),
    ],
)
def test_bytes_that_are_no_config(content: bytes, says: str, project: Path) -> None:
    (project / "losscli.toml").write_bytes(content)
    with pytest.raises(UsageError) as caught:
        load(project, {})
    assert says in str(caught.value)


def test_a_byte_order_mark_is_no_fault(project: Path) -> None:
    (project / "losscli.toml").write_bytes(b"\xef\xbb\xbfnan = 'skip'\r\n")
    assert values(load(project, {})) == {"nan": "skip"}


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("LOSSCLI_DTYPE", "half", "LOSSCLI_DTYPE must be float64 or float32, not 'half'"),
        ("LOSSCLI_QUIET", "maybe", "LOSSCLI_QUIET must be true or false, not 'maybe'"),
        ("LOSSCLI_DIGITS", "0", "LOSSCLI_DIGITS must be a number from 1 to 17"),
        ("LOSSCLI_TRUE", " ", "LOSSCLI_TRUE must be a file or inline data"),
    ],
)
def test_what_a_variable_cannot_hold(variable: str, value: str, says: str, project: Path) -> None:
    with pytest.raises(LosscliError) as caught:
        load(project, {variable: value})
    assert says in str(caught.value)


def test_every_key_of_a_check(project: Path) -> None:
    text = """
[[check]]
name = "all"
true = "y.csv"
pred = "p.csv"
data = "d.csv"
true_cols = "a"
pred_cols = "2:"
id = "key"
unmatched = "drop"
weights = "w"
input = ["var=v.csv"]
dialect = "torch"
domain = "framework"
reduction = "sum"
nan = "skip"
dtype = "float32"
input_format = "csv"
delimiter = "\\t"
decimal = ","
comment = "#"
thousands = "'"
missing = ["-999"]
encoding = "latin-1"
by_position = true
labels = "a,b"
positive = "b"
header = false
loss_file = "mine.py"
fail_if = ["mse > 1", "mae > 2"]
against = "baseline.json"
max_regress = { mse = "2%", mae = 0.5, rmse = "1.5e-1%", "huber:delta=2" = 0 }
allow_different = true
"""
    write(project, text)
    found = load(project, {}).checks[0].values
    assert set(found) == set(CHECK_KEYS)
    assert found["loss_file"] == ("mine.py",)
    assert found["fail_if"] == ("mse > 1", "mae > 2")
    assert found["delimiter"] == "\t"
    assert found["max_regress"]["mse"] == "2%"


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("true", "y.csv", "../y.csv"),
        ("true", "a/y.csv", "../a/y.csv"),
        ("true", "/data/y.csv", "/data/y.csv"),
        ("true", "a.npz:y", "../a.npz:y"),
        ("true", "-", "-"),
        ("true", "[1, 2]", "[1, 2]"),
        ("pred", "p.csv", "../p.csv"),
        ("pred", "ridge=p.csv", "ridge=../p.csv"),
        ("pred", "ridge=/p.csv", "ridge=/p.csv"),
        ("pred", "is=there.csv", "../is=there.csv"),
        ("against", "b.json", "../b.json"),
        ("loss_file", "mine.py", "../mine.py"),
        ("weights", "w", "w"),
        ("weights", "is=there.csv", "../is=there.csv"),
        ("weights", "is=there.csv:w", "../is=there.csv:w"),
        ("id", "is=there.csv", "is=there.csv"),
        ("fail_if", "mse > 1", "mse > 1"),
    ],
)
def test_paths_are_relative_to_the_file(
    key: str, value: str, expected: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, "1", "is=there.csv")
    assert located(key, value, project) == value
    (project / "sub").mkdir()
    monkeypatch.chdir(project / "sub")
    assert located(key, value, project) == expected


def test_a_settings_path_is_relative_to_the_file(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, "true = 'y.csv'\ncomment = '#'\n")
    (project / "sub").mkdir()
    monkeypatch.chdir(project / "sub")
    assert values(load(project / "sub", {})) == {"true": "../y.csv", "comment": "#"}
    # A variable is typed where it is used, as a flag is.
    assert values(load(project / "sub", {"LOSSCLI_TRUE": "z.csv"}))["true"] == "z.csv"
