"""Golden files of any contents get a verdict for each value, and never a traceback."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.parity import main

KEYS = "dialect index loss expected got relative_difference verdict reason".split()
CASES: dict[str, Any] = {
    "pair": {"y_true": [[0.0, 1.0], [2.0, 4.0]], "y_pred": [[1.0, 1.0], [4.0, 1.0]]},
    "row": {"y_true": [[1.0, 2.0, 6.0]], "y_pred": [[1.0, 0.0, 2.0]]},
    "flat": {"y_true": [0.0, 1.0], "y_pred": [1.0, 1.0]},
    "infinite": {"y_true": [[0.0], ["nan"]], "y_pred": [["inf"], [1.0]]},
    "half": {"y_true": [[1.0]]},
    "ragged": {"y_true": [[1.0], [1.0, 2.0]], "y_pred": [[1.0], [1.0]]},
    "texts": {"y_true": [["one"]], "y_pred": [[1.0]]},
}


def write(
    folder: Path, *values: dict[str, Any], dialect: str = "torch", name: str = "golden.json"
) -> None:
    document = {"dialect": dialect, "cases": CASES, "values": values}
    (folder / name).write_text(json.dumps(document))


def run(folder: Path) -> tuple[int, list[dict[str, Any]]]:
    """The exit code, and the lines of the values."""
    jsonl = folder / "lines.jsonl"
    code = main(["--golden", str(folder), "--jsonl", str(jsonl), "--show", "3"])
    refuse = lambda constant: pytest.fail(f"{constant} is no JSON")  # noqa: E731
    lines = [json.loads(text, parse_constant=refuse) for text in jsonl.read_text().splitlines()]
    assert all(list(line) == KEYS for line in lines)
    assert all(line["reason"] for line in lines if line["verdict"] != "agrees")
    return code, lines


def judge(folder: Path, **entry: Any) -> dict[str, Any]:
    """The line of an entry that lacks all that it may lack."""
    write(folder, {"loss": "mse_loss", "case": "pair", **entry})
    return run(folder)[1][0]


def test_values_that_agree_pass(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"loss": "mse_loss", "case": "pair", "params": {}, "dtype": "float64", "reduced": 3.5},
        {"loss": "mse_loss", "case": "pair", "unreduced": [[1, 0], [4, 9]]},
    )
    code, lines = run(tmp_path)
    assert code == 0
    assert lines[0] == {
        "dialect": "torch",
        "index": 0,
        "loss": "mse_loss",
        "expected": 3.5,
        "got": 3.5,
        "relative_difference": 0.0,
        "verdict": "agrees",
        "reason": "",
    }
    assert (lines[1]["index"], lines[1]["got"]) == (1, [[1, 0], [4, 9]])


def test_a_wrong_number_differs_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        tmp_path,
        {"loss": "mse_loss", "case": "pair", "reduced": 3.5},
        {"loss": "mse_loss", "case": "pair", "reduced": 3.6},
    )
    code, lines = run(tmp_path)
    assert code == 1
    assert [line["verdict"] for line in lines] == ["agrees", "differs"]
    assert lines[1]["relative_difference"] == pytest.approx(0.1 / 3.6)
    assert capsys.readouterr().out.splitlines()[1].split() == ["torch", "2", "1", "0", "1"]


@pytest.mark.parametrize("missing", ["unreduced_note", "out_dtype", "sample_weight", "reduction"])
def test_optional_keys_may_be_missing(tmp_path: Path, missing: str) -> None:
    optional = {
        "unreduced_note": "the call returns one scalar",
        "out_dtype": "float64",
        "sample_weight": None,
        "reduction": "mean",
    }
    given = {key: value for key, value in optional.items() if key != missing}
    assert judge(tmp_path, reduced=3.5, **given)["verdict"] == "agrees"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"loss": "nonsense"}, "no loss 'nonsense'"),
        ({"loss": None}, "no loss 'None'"),
        ({"loss": "custom:nonsense"}, "nonsense"),
        ({"params": {"nonsense": 1}}, "nonsense"),
        ({"params": {"nonsense": [[1.0, 2.0], [3.0, 4.0]]}}, "nonsense"),
        ({"params": {"multioutput": [[1.0, 2.0], [3.0, 4.0]]}}, "multioutput"),
        ({"params": {"dtype": "float16"}}, "dtype"),
        ({"params": 1}, "cannot be judged"),
        ({"params": {"weight": [[1.0], [1.0, 2.0]]}}, "cannot be judged"),
        ({"params": {"reduction": "nonsense"}}, "nonsense"),
        ({"case": "absent"}, "there is no data of a case absent"),
        ({"case": ["pair"]}, "there is no data"),
        ({"case": "half"}, "there is no data of a case half"),
        ({"case": "ragged"}, "cannot be judged"),
        ({"case": "texts"}, "cannot be judged"),
        ({"sample_weight": [1.0, 2.0, 3.0]}, "sample_weight"),
        ({"sample_weight": "heavy"}, "cannot be judged"),
        ({"reduced": "much"}, "cannot be judged"),
        ({"reduced": [3.5, 1.0]}, "another number"),
        ({"unreduced": [1, 0, 4]}, "another number"),
    ],
    ids=str,
)
def test_what_makes_no_sense_differs_with_a_reason(
    tmp_path: Path, entry: dict[str, Any], reason: str
) -> None:
    found = judge(tmp_path, **{"reduced": 3.5, **entry})
    assert found["verdict"] == "differs"
    assert reason in found["reason"]


def test_a_bad_entry_does_not_hide_the_others(tmp_path: Path) -> None:
    good = {"loss": "mse_loss", "case": "pair", "reduced": 3.5}
    write(tmp_path, good, {"case": "ragged", "reduced": 1.0}, good)
    code, lines = run(tmp_path)
    assert code == 1
    assert [line["verdict"] for line in lines] == ["agrees", "differs", "agrees"]


def test_an_entry_without_numbers_is_what_the_framework_raised(tmp_path: Path) -> None:
    assert judge(tmp_path)["verdict"] == "deliberate"
    found = judge(tmp_path, error="ValueError: no")
    assert found["reason"].endswith("ValueError: no")
    assert found["expected"] is found["relative_difference"] is None


def test_a_dialect_that_is_not_known_differs(tmp_path: Path) -> None:
    write(tmp_path, {"loss": "mse", "case": "pair", "reduced": 3.5}, dialect="abacus")
    code, lines = run(tmp_path)
    assert code == 1
    assert "there is no dialect 'abacus'" in lines[0]["reason"]


@pytest.mark.parametrize(
    ("case", "entry"),
    [
        ("row", {"loss": "mse_loss", "reduced": 20 / 3}),
        ("row", {"loss": "mse_loss", "unreduced": [[0, 4, 16]]}),
        ("row", {"loss": "l1_loss", "reduced": 2.75, "params": {"weight": [[1.0, 0.5, 2.5]]}}),
        ("flat", {"loss": "mse_loss", "reduced": 0.5}),
        ("flat", {"loss": "mse_loss", "dtype": "float32", "unreduced": [1, 0]}),
    ],
    ids=str,
)
def test_data_may_have_any_size(tmp_path: Path, case: str, entry: dict[str, Any]) -> None:
    found = judge(tmp_path, case=case, **entry)
    assert (found["verdict"], found["reason"]) == ("agrees", "")


def test_numbers_that_are_not_finite_are_texts(tmp_path: Path) -> None:
    found = judge(tmp_path, case="infinite", unreduced=[["inf"], ["nan"]])
    assert found["verdict"] == "agrees"
    assert found["expected"] == found["got"] == [["inf"], ["nan"]]
    found = judge(tmp_path, case="infinite", reduced=float("nan"))
    assert (found["expected"], found["got"], found["relative_difference"]) == ("nan", "nan", 0)
    found = judge(tmp_path, reduced="-inf")
    assert (found["verdict"], found["expected"], found["got"]) == ("differs", "-inf", 3.5)
    assert found["relative_difference"] is None


def test_files_of_another_form_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {"loss": "mse_loss", "case": "pair", "reduced": 3.5})
    others = {
        "empty.json": b"",
        "broken.json": b'{"dialect": "torch", ',
        "binary.json": b"\x93NUMPY\xff\xfe",
        "list.json": b"[1, 2]",
        "number.json": b"3",
        "other.json": b'{"dialect": "torch", "losses": []}',
        "cases.json": b'{"dialect": "torch", "cases": [], "values": []}',
        "values.json": b'{"dialect": "torch", "cases": {}, "values": [1]}',
        "notes.txt": b"golden",
    }
    for name, content in others.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder.json").mkdir()
    code, lines = run(tmp_path)
    assert (code, len(lines)) == (0, 1)


def test_files_of_a_dialect_are_read_together(tmp_path: Path) -> None:
    entry = {"loss": "mse_loss", "case": "pair", "reduced": 3.5}
    write(tmp_path, entry, name="a.json")
    write(tmp_path, entry, entry, name="b.json")
    assert [line["index"] for line in run(tmp_path)[1]] == [0, 0, 1]


def test_a_folder_without_golden_files_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--golden", str(tmp_path)]) == 2
    assert main(["--golden", str(tmp_path / "absent")]) == 2
    assert capsys.readouterr().out.count("nothing was compared") == 2
