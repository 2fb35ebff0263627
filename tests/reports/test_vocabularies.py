"""A word added to a vocabulary is dealt with everywhere, or mypy or a test says where it is not."""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from mypy import api as mypy

import losscli
from losscli import words
from losscli.engine.result import Run
from losscli.gates.outcome import Outcome
from losscli.reports import check, compare, compute, outcome, pages, schema
from losscli.reports.compare import CompareView
from losscli.reports.compute import ComputeView
from losscli.reports.dialects import DIVISORS
from tests.conftest import ROOT
from tests.schemas import FOLDER

# The function that maps a vocabulary to what is done about each of its words: one for each.
DISPATCH = {
    "ComputeFormat": "compute.py",
    "CompareFormat": "compare.py",
    "CheckFormat": "check.py",
    "ReportKind": "check.py",
    "PlainFormat": "pages.py",
    "SortKey": "ranking.py",
    "Best": "ranking.py",
}


def test_mypy_is_red_where_a_new_word_is_not_dealt_with(tmp_path: Path) -> None:
    """At exactly one place a word, in copies of the files that deal with them."""
    package = tmp_path / "losscli"
    (package / "reports").mkdir(parents=True)
    source = (ROOT / "losscli/words.py").read_text(encoding="utf-8")
    for name in DISPATCH:
        source, count = re.subn(
            rf"^({name} = Literal\[[^]]*)\]", rf'\1, "new {name}"]', source, flags=re.M
        )
        assert count == 1, f"words.py has no {name} = Literal[…] on one line"
    files = [package / "words.py", *(package / "reports" / name for name in set(DISPATCH.values()))]
    files[0].write_text(source, encoding="utf-8")
    for file in files[1:]:
        text = (ROOT / "losscli/reports" / file.name).read_text(encoding="utf-8")
        file.write_text(text, encoding="utf-8")
    for folder in (package, package / "reports"):
        (folder / "__init__.py").touch()
    out, err, _ = mypy.run(
        [
            *("--follow-imports=skip", "--config-file=", "--no-error-summary"),
            *(f"--cache-dir={tmp_path / 'cache'}", *map(str, files)),
        ]
    )
    assert err == ""
    found = re.findall(r"(\w+\.py):\d+: error: .*\"assert_never\".*'new (\w+)'", out)
    expected = Counter((file, name) for name, file in DISPATCH.items())
    assert Counter(found) == expected, out
    assert len(out.splitlines()) == len(DISPATCH), out


def a_run() -> Run:
    run = losscli.compare([0.0, 1.0], [0.5, 0.5], losses=["mse"])
    return replace(run, results=tuple(replace(r, per_sample=None) for r in run.results))


def write_compute(format_: Any) -> None:
    view = ComputeView(samples=False, rows=None, sort=False, worst=False, digits=None)
    compute.report(format_, view, ["mse"], False, io.StringIO()).finish(a_run())


def write_compare(format_: Any) -> None:
    compare.write(a_run(), format_, CompareView(None, None, False), io.StringIO())


def write_check(format_: Any) -> None:
    check.write(Outcome(()), format_, io.StringIO())


def write_page(format_: Any) -> None:
    pages.write_config(None, [], [], format_, io.StringIO())


WRITERS: list[tuple[str, str, Callable[[Any], None]]] = [
    ("ComputeFormat", "losscli.reports.compute.report", write_compute),
    ("CompareFormat", "losscli.reports.compare.write", write_compare),
    ("CheckFormat", "losscli.reports.check.write", write_check),
    ("PlainFormat", "losscli.reports.pages", write_page),
]


def without_writer(vocabulary: str, place: str, write: Callable[[Any], None]) -> list[str]:
    """The formats that are not written, in words."""
    missing = []
    for word in words.choices(getattr(words, vocabulary)):
        try:
            write(word)
        except AssertionError:
            missing.append(f"words.{vocabulary} has '{word}', but {place} has no writer for it")
    return missing


def without_mention(vocabularies: Iterable[str], readme: str) -> list[str]:
    """The words that a user cannot read of, in words."""
    return [
        f"words.{vocabulary} has '{word}', but README.md does not mention it"
        for vocabulary in vocabularies
        for word in words.choices(getattr(words, vocabulary))
        if not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", readme)
    ]


def without_schema() -> list[str]:
    """The commands that write JSON without a schema, and the statistics that stand in none."""
    missing = [
        f"`{command}` writes JSON, but losscli.reports.schema does not describe it"
        for command in ("compute", "compare", "check", "list", "info", "config", "baseline")
        if command not in schema.commands()
    ]
    text = (FOLDER / "compute.json").read_text(encoding="utf-8")
    return missing + [
        f"words.SummaryStatistic has '{name}', but schemas/compute.json does not: "
        "run python -m tests.schemas"
        for name in words.choices(words.SummaryStatistic)
        if f'"{name}": {{' not in text
    ]


@pytest.mark.parametrize(("vocabulary", "place", "write"), WRITERS)
def test_every_format_has_a_writer(
    vocabulary: str, place: str, write: Callable[[Any], None]
) -> None:
    assert without_writer(vocabulary, place, write) == []


TOLD = (
    *("ComputeFormat", "CompareFormat", "CheckFormat", "ReportKind"),
    *("SummaryStatistic", "Reduction", "NanPolicy", "DType"),
)


def test_every_word_stands_in_the_readme() -> None:
    assert without_mention(TOLD, (ROOT / "README.md").read_text(encoding="utf-8")) == []


def test_every_document_has_a_schema() -> None:
    assert without_schema() == []


def test_every_reduction_is_told_in_words() -> None:
    missing = set(words.choices(words.Reduction)) - set(DIVISORS)
    assert not missing, f"losscli.reports.dialects.DIVISORS has no words for {missing}"


def test_every_status_has_a_sign() -> None:
    missing = set(words.choices(words.Status)) - set(outcome.SIGNS)
    assert not missing, f"losscli.reports.outcome.SIGNS has no sign for {missing}"


@pytest.mark.parametrize(("vocabulary", "place", "write"), WRITERS)
def test_a_format_without_a_writer_is_told(
    vocabulary: str,
    place: str,
    write: Callable[[Any], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And it is written as nothing else: an unknown format was CSV once."""
    monkeypatch.setattr(words, vocabulary, Literal["json", "yaml"])
    says = f"words.{vocabulary} has 'yaml', but {place} has no writer for it"
    assert without_writer(vocabulary, place, write) == [says]
    says = f"words.{vocabulary} has 'yaml', but README.md does not mention it"
    assert without_mention([vocabulary], "--format [json|yamls]") == [says]


@pytest.fixture
def p90(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run with a statistic more, and the vocabulary that has it."""
    monkeypatch.setattr(words, "SummaryStatistic", Literal["min", "p50", "p90", "max"])
    values = {"min": 0.0, "p50": 0.5, "p90": 0.875, "max": 1.0}
    summary: Any = SimpleNamespace(**values, quantile_error=0.01)
    run = a_run()
    return replace(run, results=tuple(replace(r, summary=summary) for r in run.results))


def text_of(run: Run, format_: words.ComputeFormat) -> str:
    stream = io.StringIO()
    view = ComputeView(samples=False, rows=None, sort=False, worst=False, digits=None)
    compute.report(format_, view, ["mse"], False, stream).finish(run)
    return stream.getvalue()


def test_a_statistic_more_stands_in_every_table(p90: Run) -> None:
    table, markdown = text_of(p90, "table"), text_of(p90, "markdown")
    for text in (table, markdown):
        assert "p90" in text
        assert "0.875" in text
        assert "p50 and p90 are within 1.0% of exact" in text


def test_a_statistic_more_stands_in_csv(p90: Run) -> None:
    stream = io.StringIO()
    compare.write(p90, "csv", CompareView(None, None, False), stream)
    for text in (text_of(p90, "csv"), stream.getvalue()):
        head, row = (line.split(",") for line in text.splitlines())
        assert "min p50 p90 max quantile_error" in " ".join(head)
        assert row[head.index("p90")] == "0.875"


def test_a_statistic_more_stands_in_the_schema(p90: Run) -> None:
    summary = schema.schema("compute")["$defs"]["summary"]
    assert summary["required"] == ["min", "p50", "p90", "max", "quantile_error"]
    says = "words.SummaryStatistic has 'p90', but schemas/compute.json does not"
    assert [line.split(":")[0] for line in without_schema()] == [says]


def test_the_summary_in_json_has_every_statistic() -> None:
    result = losscli.compute("mse", [0.0, 1.0], [0.5, 0.5])
    missing = {*words.choices(words.SummaryStatistic)} - set(result.to_dict()["summary"])
    assert not missing, f"Result.to_dict() leaves {missing} out of the summary"
