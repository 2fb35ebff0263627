"""`losscli list` and `losscli info`: every loss, in both formats."""

import json

import pytest

from losscli.cli import main
from losscli.losses import registry
from losscli.losses.spec import LossSpec
from tests.conftest import Run

SPECS = registry.specs()
Captured = pytest.CaptureFixture[str]


def output(capsys: Captured, *args: str) -> str:
    code = main.run(args)
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return out


def test_list_shows_every_name_and_alias_whole(losscli: Run) -> None:
    done = losscli("list")
    assert (done.returncode, done.stderr) == (0, "")
    words = done.stdout.split()
    for spec in SPECS:
        assert {spec.name, *spec.aliases} <= set(words)
        assert f"{spec.y_true.name} " in done.stdout


def test_list_json_has_every_loss_in_the_same_order(losscli: Run) -> None:
    document = json.loads(losscli("list", "--format", "json").stdout)
    assert (document["schema_version"], document["command"]) == (2, "list")
    assert [entry["name"] for entry in document["losses"]] == [spec.name for spec in SPECS]
    assert all(entry["summary"] for entry in document["losses"])


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_info_is_a_page_about_the_loss(spec: LossSpec, capsys: Captured) -> None:
    text = output(capsys, "info", spec.name)
    flat = " ".join(text.split())
    assert text.splitlines()[0] == spec.name
    for title in ("Formula", "Data", "Edge cases", "Example", "References"):
        assert f"\n{title}\n" in text
    assert ("\nParameters\n" in text) == bool(spec.settings)
    assert " ".join(spec.docs.summary.split()) in flat
    assert spec.docs.edge_cases in flat
    for parameter in spec.settings:
        assert f"  {parameter.name}=" in text
    for alias in spec.aliases:
        assert alias in text.partition("Aliases")[2]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_info_json_says_the_same(spec: LossSpec, capsys: Captured) -> None:
    document = json.loads(output(capsys, "info", spec.name, "--format", "json"))
    assert (document["schema_version"], document["command"]) == (2, "info")
    loss = document["loss"]
    assert loss["name"] == spec.name
    assert [p["name"] for p in loss["parameters"]] == [p.name for p in spec.settings]
    assert loss["formula"] == spec.docs.formula


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_the_example_of_info_is_what_compute_gives(spec: LossSpec, capsys: Captured) -> None:
    example = json.loads(output(capsys, "info", spec.name, "--format", "json"))["loss"]["example"]
    data = ["--true", json.dumps(example["y_true"]), "--pred", json.dumps(example["y_pred"])]
    for name, array in example["inputs"].items():
        data += ["--input", f"{name}={json.dumps(array)}"]
    main.run(("compute", spec.name, *data, "--format", "json"))
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert result == {key: example[key] for key in result}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_aliases_and_capitals_lead_to_the_same_page(spec: LossSpec, capsys: Captured) -> None:
    page = output(capsys, "info", spec.name)
    for name in (spec.name.upper(), *spec.aliases):
        other = output(capsys, "info", name)
        assert other.partition("Example")[0] == page.partition("Example")[0]


def test_info_computes_with_the_parameters_given(losscli: Run) -> None:
    done = losscli("info", "huber:delta=0.5", "--format", "json")
    example = json.loads(done.stdout)["loss"]["example"]
    assert example["params"] == {"delta": 0.5}
    assert example["per_sample"] == [0.25, 0.125]
    assert "huber:delta=0.5" in losscli("info", "huber:delta=0.5").stdout
