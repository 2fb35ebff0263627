"""Every JSON document keeps to its schema, and every schema refuses what is not one."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from losscli.cli import main
from losscli.reports import schema as described
from tests.conftest import PRED, SAMPLE_DATA, TRUE, Run
from tests.schemas import FOLDER as SCHEMAS
from tests.schemas import content

COMMANDS = {
    "compute": ["compute", "mse", "huber:delta=2", "--true", TRUE, "--pred", PRED],
    "compute --summary": ["compute", "mse", "--summary", "--true", TRUE, "--pred", PRED],
    "compute inf": ["compute", "mse", "--true", "[0, 0]", "--pred", "[1e200, 1]"],
    "compare": ["compare", "--true", TRUE, "--pred", PRED],
    "compare inf": ["compare", "--loss", "mse", "--true", "[0, 0]", "--pred", "[1e200, 1]"],
    "compare models": ["compare", "--true", TRUE, "--pred", f"a={PRED}", "--pred", f"b={TRUE}"],
    "compare --by": ["compare", "--true", TRUE, "--pred", PRED, "--by", "[1, 2]", "--worst", "1"],
    "compute --worst": ["compute", "mse", "mae", "--worst", "2", "--true", TRUE, "--pred", PRED],
    "compute --sort": ["compute", "mse", "--sort", "--true", "[1, 2]", "--pred", "[1, 4]"],
    "compute --nan": ["compute", "mse", "--nan", "skip", "--true", "[NaN, 2]", "--pred", "[1, 4]"],
    "compute propagated": [
        *("compute", "mse", "--nan", "propagate", "--worst", "1"),
        *("--true", "[NaN, 2]", "--pred", "[1, Infinity]"),
    ],
    "compute weighted": [
        *("compute", "mse", "--weights", "[1, 3]", "--reduction", "mean_over_batch"),
        *("--true", "[1, 2]", "--pred", "[1, 4]"),
    ],
    "compute none": ["compute", "mse", "--reduction", "none", "--true", TRUE, "--pred", PRED],
    "compute --id": [
        *("compute", "mse", "--worst", "1", "--id", "id"),
        *("--true", str(SAMPLE_DATA / "diabetes/y_true_id.csv")),
        *("--pred", str(SAMPLE_DATA / "diabetes/ridge_shuffled.csv")),
    ],
    "check": ["check", "--true", TRUE, "--pred", PRED, "--fail-if", "mse > 1"],
    "check failed": ["check", "--true", TRUE, "--pred", PRED, "--fail-if", "mae.p95 > 0.1"],
    "check inf": ["check", "--true", "[0, 0]", "--pred", "[1e200, 1]", "--fail-if", "mse > 1"],
    "check --against": [
        *("check", "--true", TRUE, "--pred", PRED, "--against", TRUE, "--max-regress", "mse=2"),
        *("--fail-if", "mse > 1", "--max-regress", "mse=2%"),
    ],
    "list": ["list"],
    "config": ["config"],
    "version": ["version"],
    "version --all": ["version", "--all"],
    "info": ["info", "binary_crossentropy:from_logits=true"],
}


def schema(command: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SCHEMAS / f"{command}.json").read_text())
    return document


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


@pytest.mark.parametrize("name", COMMANDS)
def test_document_is_strict_json_and_valid(name: str, losscli: Run) -> None:
    done = losscli(*COMMANDS[name], "--format", "json")
    document = json.loads(done.stdout, parse_constant=refuse)
    jsonschema.validate(document, schema(name.split()[0]))


@pytest.mark.parametrize("path", sorted(SCHEMAS.iterdir()), ids=lambda path: path.stem)
def test_schema_is_valid_and_closed(path: Path) -> None:
    document = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(document)
    assert document["additionalProperties"] is False
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema_version": 2, "command": path.stem}, document)


@pytest.mark.parametrize("command", described.commands())
def test_a_schema_is_as_it_is_described(command: str) -> None:
    found = (SCHEMAS / f"{command}.json").read_text(encoding="utf-8")
    assert found == content(command), "stale: run python -m tests.schemas"


def test_a_schema_refers_to_nothing_outside_itself() -> None:
    """So that one file is all that a validator needs."""
    for path in SCHEMAS.iterdir():
        document = json.loads(path.read_text(encoding="utf-8"))
        names = set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(document)))
        assert names == {f"#/$defs/{name}" for name in document.get("$defs", {})}


@pytest.mark.parametrize("options", [[], ["--samples"]], ids=["plain", "samples"])
def test_a_baseline_is_valid(options: list[str], losscli: Run, tmp_path: Path) -> None:
    args = ["mse", "mae", "--true", TRUE, "--pred", PRED, "--output", "b.json", *options]
    assert losscli("baseline", "save", *args).returncode == 0
    shown = losscli("baseline", "show", "b.json", "--format", "json").stdout
    for text in ((tmp_path / "b.json").read_text(), shown):
        jsonschema.validate(json.loads(text, parse_constant=refuse), schema("baseline"))


def test_every_command_with_json_has_a_schema() -> None:
    commands = {"baseline", *(name.split()[0] for name in COMMANDS)}
    assert {path.stem for path in SCHEMAS.iterdir()} == commands
    assert {path.stem for path in SCHEMAS.iterdir()} <= set(main.COMMANDS)


def test_non_finite_is_null_with_a_status(losscli: Run) -> None:
    done = losscli(*COMMANDS["compute inf"], "--format", "json")
    result = json.loads(done.stdout)["results"][0]
    assert result["value"] is None
    assert result["status"] == "inf"
    assert result["per_sample"] == [None, 1.0]
    assert result["summary"]["max"] is None
    assert "note: mse: the value is inf" in done.stderr
