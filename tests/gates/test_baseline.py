"""A baseline's file: written, read back, and refused when it is none or damaged."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import losscli
from losscli.engine.fingerprint import Fingerprint
from losscli.engine.result import Result
from losscli.errors import DataError, SourceError, UsageError
from losscli.gates import baseline
from losscli.gates.baseline import Samples

PRINT = Fingerprint("ab" * 32, (2, 1))


def result(loss: str = "mse", **params: Any) -> Result:
    return losscli.compute(loss, [1.0, 2.0], [1.5, 2.5], **params)


def saved(tmp_path: Path, *results: Result, samples: Samples | None = None) -> tuple[Path, Any]:
    content = baseline.of_results("b", results, PRINT, samples).content()
    document = {"schema_version": 1, "command": "baseline", "losscli": "0.1.0", **content}
    path = tmp_path / "b.json"
    path.write_text(json.dumps(document))
    return path, document


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    samples = Samples("b.samples.npy", "cd" * 32)
    path, _ = saved(tmp_path, result("mse"), result("huber", delta=2), samples=samples)
    found = baseline.load(str(path))
    assert found == replace(
        baseline.of_results("b", [result("mse"), result("huber", delta=2)], PRINT, samples),
        label=str(path),
    )
    assert found.entry(result("huber", delta=2)).value == result("huber", delta=2).value
    assert baseline.is_baseline(str(path))


@pytest.mark.parametrize("loss", ["mse", "mean_squared_error", "MSE"])
def test_a_loss_is_found_by_what_it_is(loss: str, tmp_path: Path) -> None:
    path, _ = saved(tmp_path, result("mse"))
    assert baseline.load(str(path)).entry(result(loss)).loss == "mse"


def test_a_loss_that_it_lacks_is_said(tmp_path: Path) -> None:
    path, _ = saved(tmp_path, result("huber", delta=2))
    with pytest.raises(UsageError, match="has no huber\nit has: huber:delta=2"):
        baseline.load(str(path)).entry(result("huber"))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_is_not_saved(value: float) -> None:
    with pytest.raises(DataError, match=r"mse is (nan|-?inf): a baseline must be a finite number"):
        baseline.of_results("b", [replace(result(), value=value)], PRINT, None)


def test_a_loss_is_saved_once() -> None:
    with pytest.raises(UsageError, match="mse is named twice"):
        baseline.of_results("b", [result("mse"), result("mean_squared_error")], PRINT, None)


def compared(tmp_path: Path, here: Result, fingerprint: Fingerprint = PRINT) -> list[str]:
    path, _ = saved(tmp_path, result())
    found = baseline.load(str(path))
    return baseline.differences(found, found.entry(here), here, fingerprint)


def test_what_differs_is_said(tmp_path: Path) -> None:
    assert compared(tmp_path, result()) == []
    single = result(dtype="float32")
    assert compared(tmp_path, single) == ["dtype is float64 there and float32 here"]
    one = result()
    newer = replace(one.bound, spec=replace(one.bound.spec, revision=2))
    revised = replace(one, bound=newer)
    assert compared(tmp_path, revised) == ["rev is 1 there and 2 here"]
    more = losscli.compute("mse", [1.0, 2.0, 3.0], [1.5, 2.5, 3.5])
    other = Fingerprint("cd" * 32, (3, 1))
    assert compared(tmp_path, more, other) == [
        "n is 2 there and 3 here",
        "y_true has shape (2, 1) there and (3, 1) here",
    ]
    assert compared(tmp_path, result(), Fingerprint("cd" * 32, (2, 1))) == [
        "y_true holds other numbers"
    ]
    weighted = losscli.compute("mse", [1.0, 2.0], [1.5, 2.5], sample_weight=[1, 2])
    assert "weights is no there and yes here" in compared(tmp_path, weighted)


# As it was saved before entries had fields.
TEXT_ALONE = {
    "loss": "huber:delta=2",
    "value": 0.125,
    "signature": "huber:delta=2|dialect:home|reduction:mean|dtype:float64|nan:error|n:2"
    "|skipped:0|weights:no|rev:1",
}


def test_a_file_of_signatures_as_text_is_read(tmp_path: Path) -> None:
    path, document = saved(tmp_path, result())
    path.write_text(json.dumps({**document, "losses": [TEXT_ALONE]}))
    found, here = baseline.load(str(path)), result("huber", delta=2)
    assert found.entry(here).value == 0.125
    assert found.entry(here).fields == here.fields
    assert found.entry(here).signature == TEXT_ALONE["signature"]
    assert baseline.differences(found, found.entry(here), here, PRINT) == []
    single = result("huber", delta=2, dtype="float32")
    assert baseline.differences(found, found.entry(single), single, PRINT) == [
        "dtype is float64 there and float32 here"
    ]


def test_what_is_saved_are_fields_and_text(tmp_path: Path) -> None:
    _, document = saved(tmp_path, result("huber", delta=2))
    [entry] = document["losses"]
    assert entry["signature"] == TEXT_ALONE["signature"]
    assert entry["fields"] == {
        "name": "huber",
        "params": {"delta": "2"},
        "dialect": "home",
        "dialect_version": "",
        "reduction": "mean",
        "dtype": "float64",
        "nan": "error",
        "used": 2,
        "skipped": 0,
        "weighted": False,
        "revision": 1,
        "batches": "",
        "domain": "strict",
    }


def strange(name: str, **params: Any) -> Result:
    """The result of a loss of the user's own, with a name that holds a signature's marks."""

    def own(y_true: Any, y_pred: Any, *, mode: str = "plain") -> Any:
        return abs(y_true - y_pred)

    own.__name__ = name
    return losscli.compute(own, [1.0, 2.0], [1.5, 2.5], **params)


@pytest.mark.parametrize("name", ["a|n:7|b", "a:b", "a|dialect:torch@2|b:c", "a:b|rev:9"])
@pytest.mark.parametrize("mode", ["plain", "x|n:5", "x:y=z"])
@pytest.mark.parametrize("with_fields", [True, False])
def test_a_name_with_a_signatures_marks_confuses_nothing(
    name: str, mode: str, with_fields: bool, tmp_path: Path
) -> None:
    here = strange(name, mode=mode)
    path, document = saved(tmp_path, here, result())
    if not with_fields:
        for entry in document["losses"]:
            del entry["fields"]
        path.write_text(json.dumps(document))
    found = baseline.load(str(path))
    assert found.entry(here).fields == here.fields
    assert baseline.differences(found, found.entry(here), here, PRINT) == []
    single = strange(name, mode=mode, dtype="float32")
    assert baseline.differences(found, found.entry(single), single, PRINT) == [
        "dtype is float64 there and float32 here"
    ]
    with pytest.raises(UsageError, match="has no"):
        found.entry(strange(name + "c", mode=mode))


def test_conditions_that_the_text_leaves_out_are_said(tmp_path: Path) -> None:
    other = result(batch_size=1, domain="framework")
    assert compared(tmp_path, other) == [
        "batch is none there and 1 here",
        "domain is strict there and framework here",
    ]


DAMAGES = {
    "a list": (lambda d: [d], "does not say"),
    "another command": (lambda d: {**d, "command": "compare"}, "does not say"),
    "no command": (lambda d: {k: v for k, v in d.items() if k != "command"}, "does not say"),
    "a later version": (lambda d: {**d, "schema_version": 3}, "schema_version is 3"),
    "no version": (lambda d: {**d, "schema_version": None}, "schema_version is None"),
    "no n": (lambda d: {**d, "n": 2}, "'n' is not an object"),
    "n as text": (lambda d: {**d, "n": {**d["n"], "used": "2"}}, "'used' is not a whole number"),
    "n as a flag": (lambda d: {**d, "n": {**d["n"], "used": True}}, "'used' is not"),
    "no y_true": (lambda d: {**d, "y_true": None}, "'y_true' is not an object"),
    "a short digest": (
        lambda d: {**d, "y_true": {**d["y_true"], "sha256": "ab"}},
        "'sha256' is not one",
    ),
    "no shape": (lambda d: {**d, "y_true": {"sha256": "ab" * 32}}, "'shape' is not a list"),
    "a shape of text": (
        lambda d: {**d, "y_true": {**d["y_true"], "shape": ["2"]}},
        "'shape' is not a list of whole numbers",
    ),
    "no losses": (lambda d: {**d, "losses": []}, "'losses' is not a list of objects"),
    "losses of text": (lambda d: {**d, "losses": ["mse"]}, "'losses' is not a list of objects"),
    "no value": (
        lambda d: {**d, "losses": [{"loss": "mse", "signature": "mse"}]},
        "'value' is not a finite number",
    ),
    "a value of text": (
        lambda d: {**d, "losses": [{"loss": "mse", "signature": "mse", "value": "3"}]},
        "'value' is not a finite number",
    ),
    "a value too large": (
        lambda d: {**d, "losses": [{"loss": "mse", "signature": "mse", "value": 10**400}]},
        "'value' is not a finite number",
    ),
    "a value of true": (
        lambda d: {**d, "losses": [{"loss": "mse", "signature": "mse", "value": True}]},
        "'value' is not a finite number",
    ),
    "no signature": (
        lambda d: {**d, "losses": [{"loss": "mse", "value": 3}]},
        "'signature' is not text",
    ),
    "a signature that is none": (
        lambda d: {**d, "losses": [{"loss": "mse", "signature": "mse", "value": 3}]},
        "'signature' is not one",
    ),
    "fields of text": (
        lambda d: {**d, "losses": [{**d["losses"][0], "fields": "mse"}]},
        "'fields' is not an object",
    ),
    "a field too few": (
        lambda d: {**d, "losses": [{**d["losses"][0], "fields": {"name": "mse"}}]},
        "'params' of its fields is not an object",
    ),
    "samples of text": (lambda d: {**d, "samples": "b.npy"}, "'samples' is not an object"),
    "samples without a digest": (lambda d: {**d, "samples": {"file": "b"}}, "'sha256' is not text"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_file_is_said(name: str, tmp_path: Path) -> None:
    path, document = saved(tmp_path, result())
    damage, says = DAMAGES[name]
    path.write_text(json.dumps(damage(document)))
    with pytest.raises(SourceError, match="is not a baseline") as raised:
        baseline.load(str(path))
    assert says in str(raised.value)
    assert "losscli baseline save" in str(raised.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "line 1, column 1: it is not valid JSON"),
        (b"mse,3\n", "it is not valid JSON"),
        (b'{"command": "baseline",\n', "line 2, column 1"),
        (b'{"command": "baseline", "n": NaN}', "NaN is no number"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "not valid JSON"),
    ],
)
def test_a_foreign_file_is_said(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(content)
    with pytest.raises(SourceError) as raised:
        baseline.load(str(path))
    assert says in str(raised.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read: No such file"):
        baseline.load(str(tmp_path / "none.json"))


@pytest.mark.parametrize(
    ("content", "claims"),
    [
        (b'{"command":"baseline"', True),
        (b' \n{ "losscli": "0.1.0", "command" : "baseline" }', True),
        (b'{"command": "compare"}', False),
        (b'{"p": [1, 2]}', False),
        (b'"command": "baseline"', False),
        (b"[1, 2]", False),
        (b"", False),
        (b"\xff\x00", False),
    ],
)
def test_a_baseline_is_told_by_its_content(content: bytes, claims: bool, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert baseline.is_baseline(str(path)) is claims


@pytest.mark.parametrize("path", ["nowhere", ".", "[1, 2]", "-", "a\0b"])
def test_what_is_no_file_is_no_baseline(path: str) -> None:
    assert baseline.is_baseline(path) is False


def test_the_samples_are_known_by_their_digest(tmp_path: Path) -> None:
    path, samples = tmp_path / "b.json", Samples("b.samples.npy", baseline.digest(b"abc"))
    assert baseline.samples_path(str(path)) == tmp_path / samples.file
    assert "No such file" in baseline.samples_state(str(path), samples)
    (tmp_path / samples.file).write_bytes(b"abc")
    assert baseline.samples_state(str(path), samples) == "unchanged"
    (tmp_path / samples.file).write_bytes(b"abd")
    assert baseline.samples_state(str(path), samples) == "changed since"
