"""What is told of verdicts: a table that shows what failed, Markdown, JUnit's XML, annotations."""

import re
from fractions import Fraction
from math import inf, nan, nextafter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscli.engine.result import Counts
from losscli.errors import OutputError
from losscli.frameworks.bind import parse
from losscli.gates.expression import fail_if, max_regress
from losscli.gates.gate import exact, judge, judge_regression
from losscli.gates.outcome import Checked, Fault, Judged, Outcome
from losscli.reports import github, junit, verdicts
from losscli.reports import outcome as page
from losscli.reports.numbers import distinguish, nearest_float

NASTY = 'a"<&>]]>\x1b[31m\x00\ud800\ufffe|`*::error::%0A,\nb'


def limited(text: str, value: float) -> Judged:
    gate = fail_if(text, parse)
    verdict = judge(value, gate.operator, gate.limit)
    status = "failed" if verdict.failed else "passed"
    return Judged(gate, status, value, verdict.limit, verdict.margin, signature="mse|…")  # type: ignore[arg-type]


def regressed(text: str, value: float, base: float, of: str = "old.csv") -> Judged:
    gate = max_regress(text, parse)
    best = gate.loss.spec.best
    verdict = judge_regression(value, base, gate, best)
    status = "failed" if verdict.failed else "passed"
    return Judged(
        gate,
        status,  # type: ignore[arg-type]
        value,
        verdict.limit,
        verdict.margin,
        base,
        of,
        best == "nearest 0",
    )


def faulty(text: str, message: str, hint: str | None = None) -> Judged:
    return Judged(fail_if(text, parse), "error", fault=Fault(message, hint))


def outcome(*checks: tuple[str, list[Judged]]) -> Outcome:
    return Outcome(tuple(Checked(name, tuple(gates), Counts(9)) for name, gates in checks))


PASSED = outcome(("a", [limited("mse > 3", 2.0)]))
FAILED = outcome(("a", [limited("mse > 3", 2.0), limited("mae > 3", 4.0)]))
MIXED = outcome(
    ("a", [limited("mse > 3", 2.0), limited("mae > 3", 4.0)]),
    (NASTY, [faulty("mse > 1", f"there is no file {NASTY}", "did you mean…?")]),
    ("c", [Judged(fail_if("mse > 1", parse), "not run")]),
)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (PASSED, "1 gate passed"),
        (outcome(("a", [limited("mse > 3", 2.0)] * 2)), "2 gates passed"),
        (outcome(("a", [limited("mse > 3", 4.0)])), "the gate failed: mse > 3"),
        (FAILED, "1 of 2 gates failed: mae > 3"),
        (
            outcome(("a", [limited("mse > 3", 4.0)] * 5)),
            "5 of 5 gates failed: mse > 3; mse > 3; mse > 3; and 2 more",
        ),
        (
            outcome(("a", [limited("mse > 3", 4.0)]), ("b", [regressed("mae=2%", 2.0, 1.0)])),
            "2 of 2 gates failed: a: mse > 3; b: mae > baseline + 2%",
        ),
        (outcome(("a", [faulty("mse > 3", "x")])), "the gate could not be judged: mse > 3"),
    ],
)
def test_the_sentence(found: Outcome, says: str) -> None:
    assert verdicts.sentence(found) == says


def test_the_sentence_counts_what_was_not_judged() -> None:
    said = verdicts.sentence(MIXED)
    assert said.startswith("1 of 4 gates failed, 1 could not be judged, 1 not run: a: mae > 3; ")


@pytest.mark.parametrize(
    ("judged", "says"),
    [
        (limited("mse > 3", 4.0), "mse is 4, 1 beyond the limit 3"),
        (limited("mse > 3", 2.5), "mse is 2.5, 0.5 within the limit 3"),
        (limited("mse >= 3", 3.0), "mse is 3, which is the limit 3"),
        (limited("mae.n < 5", 4.0), "mae.n is 4, 1 beyond the limit 5"),
        (limited("mse > 3", nan), "mse is nan, and what is no finite number passes no gate"),
        (limited("mse < 3", -inf), "mse is -inf, and what is no finite number passes no gate"),
        (
            regressed("mse=2%", 103.0, 100.0),
            "mse is 103, 1 beyond the limit 102 (old.csv has 100, allowed is 2%)",
        ),
        (
            regressed("mbe=1", -3.5, 2.0),
            "|mbe| is 3.5, 0.5 beyond the limit 3 (old.csv has 2, allowed is 1)",
        ),
        (faulty("mse > 3", "there is no file 'x'", "did you mean y?"), "no file 'x'. did you"),
    ],
)
def test_what_is_told_of_a_gate(judged: Judged, says: str) -> None:
    assert says in verdicts.explain(judged)


FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@given(FLOATS, FLOATS)
def test_a_value_never_looks_like_a_limit_that_it_is_not(value: float, limit: float) -> None:
    texts = distinguish(value, exact(limit))
    assert (texts[0] == texts[1]) == (value == limit)
    if value < limit:
        assert Fraction(texts[0]) < Fraction(texts[1])


@pytest.mark.parametrize(
    ("value", "limit", "texts"),
    [
        (2975.246457810528, Fraction(3000), ("2975.246", "3000")),
        (3000.0001, Fraction(3000), ("3000.0001", "3000")),
        (nextafter(3000.0, inf), Fraction(3000), ("3000.0000000000005", "3000")),
        (0.1, Fraction(1, 10), ("0.1", "0.1")),
        (0.1, Fraction(1, 10) + Fraction(1, 10**30), ("0.1", "0.100000000000000000000000000001")),
        (1e308, Fraction(10) ** 309, ("1e+308", "1E+309")),
    ],
)
def test_digits_that_tell_a_value_from_its_limit(
    value: float, limit: Fraction, texts: tuple[str, str]
) -> None:
    assert distinguish(value, limit) == texts


def test_the_table_shows_enough_digits() -> None:
    [row] = page.grid(outcome(("a", [limited("mse > 3000", nextafter(3000.0, inf))]))).rows
    assert row == ("a", "mse > 3000", "3000.0000000000005", "3000", "-5e-13", "✗ failed")


def test_a_verdict_has_a_sign_and_a_colour() -> None:
    grid = page.grid(MIXED)
    assert [row[-1] for row in grid.rows] == ["✓ passed", "✗ failed", "! error", "- not run"]
    assert [grid.styles[row, 5] for row in range(4)] == ["green", "bold red", "bold yellow", ""]


def test_a_number_beyond_all_floats_is_the_largest_in_json() -> None:
    assert nearest_float(Fraction(10) ** 400) == 1.7976931348623157e308
    assert nearest_float(-(Fraction(10) ** 400)) == -1.7976931348623157e308


def test_markdown_is_not_spoilt_by_what_is_in_it() -> None:
    text = page.to_markdown(MIXED)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + 4
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {7}
    assert r"\`\*" in text
    assert "\x1b" not in text


# What Jenkins's junit-10.xsd allows: attributes (those in capitals must be there) and children.
SCHEMA = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"NAME", "TESTS", "FAILURES", "ERRORS", "skipped", "time", "timestamp", "hostname", "id"},
        {"testcase", "properties", "system-out", "system-err"},
    ),
    "testcase": (
        {"NAME", "classname", "time", "group"},
        {"failure", "error", "skipped", "system-out", "system-err"},
    ),
    "failure": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
    "skipped": ({"message", "type"}, set()),
}


def keep_to_schema(element: ElementTree.Element) -> None:
    attributes, children = SCHEMA[element.tag]
    assert set(element.attrib) <= {name.lower() for name in attributes}
    assert {name.lower() for name in attributes if name.isupper()} <= set(element.attrib)
    if children:  # no text among elements
        assert not (element.text or "").strip()
        assert not any((child.tail or "").strip() for child in element)
    for name in ("tests", "failures", "errors", "skipped"):
        assert element.get(name, "0").isdecimal()
    for child in element:
        assert child.tag in children
        keep_to_schema(child)


@pytest.mark.parametrize("found", [PASSED, FAILED, MIXED], ids=["passed", "failed", "mixed"])
def test_junit_keeps_to_its_schema(found: Outcome) -> None:
    text = junit.document(found)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ')
    root = ElementTree.fromstring(text.encode())
    assert root.tag == "testsuites"
    keep_to_schema(root)
    for element in (root, *root):
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            assert int(element.attrib[name]) == len([*element.iter(tag)])
    for suite in root:
        assert int(suite.attrib["skipped"]) == len([*suite.iter("skipped")])
    assert len([*root.iter("testcase")]) == found.count()


def test_the_schema_refuses_what_is_none() -> None:
    for text in (
        "<testsuites><testcase name='a'/></testsuites>",
        "<testsuites><testsuite name='a'/></testsuites>",
        "<testsuites skipped='1'/>",
        "<testsuites>text</testsuites>",
        "<testcase name='a'><failure at='1'/></testcase>",
    ):
        with pytest.raises(AssertionError):
            keep_to_schema(ElementTree.fromstring(text))


def test_junit_repeats_the_message_in_the_body() -> None:
    root = ElementTree.fromstring(junit.document(MIXED))
    found = [*root.iter("failure"), *root.iter("error")]
    assert len(found) == 2
    for element in found:
        assert element.text == element.attrib["message"]
    assert "mae is 4, 1 beyond the limit 3" in str(found[0].text)
    assert r"\x1b[31m\x00\ud800" in str(found[1].text)


def read_command(line: str) -> tuple[str, str]:
    """Title and message of a workflow command, as GitHub's runner reads it."""
    found = re.fullmatch(r"::error title=([^:,\r\n]*)::([^\r\n]*)", line)
    assert found is not None, line
    title, message = found.groups()
    for code, character in (("%0D", "\r"), ("%0A", "\n")):
        title, message = title.replace(code, character), message.replace(code, character)
    title = title.replace("%3A", ":").replace("%2C", ",")
    return title.replace("%25", "%"), message.replace("%25", "%")


def test_annotations_are_of_gates_that_did_not_pass() -> None:
    found = [read_command(line) for line in github.annotations(MIXED)]
    assert found[0] == ("a: mae > 3", "mae is 4, 1 beyond the limit 3")
    assert r"::error::%0A,\nb: mse > 1" in found[1][0]
    assert r"::error::%0A,\nb. did you mean" in found[1][1]
    assert len(found) == 2


def test_there_are_ten_annotations_at_most() -> None:
    many = outcome(*[(str(i), [limited("mse > 3", 4.0)]) for i in range(12)])
    found = [read_command(line)[0] for line in github.annotations(many)]
    assert found == [f"{i}: mse > 3" for i in range(10)]
    assert github.annotations(PASSED) == []


def test_the_summary_of_a_step_is_added_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    github.append_summary(FAILED)
    github.append_summary(PASSED)
    text = path.read_text(encoding="utf-8")
    both = [page.to_markdown(found) + "\n" for found in (FAILED, PASSED)]
    assert text == "before\n" + "".join(both)


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_summary_there_is_none(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    if value is not None:
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", value)
    github.append_summary(FAILED)


def test_a_summary_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    with pytest.raises(OutputError, match="GITHUB_STEP_SUMMARY"):
        github.append_summary(FAILED)
