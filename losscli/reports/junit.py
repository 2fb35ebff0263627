"""Verdicts as JUnit's XML: a suite a check, a case a gate.

There are no times in it: the same verdicts are the same bytes. The message of a failure stands in
its body too, which is all that some servers show.
"""

from xml.etree import ElementTree

from losscli.errors import printable
from losscli.gates.outcome import Checked, Judged, Outcome
from losscli.reports.verdicts import condition, explain


def document(outcome: Outcome) -> str:
    """The file: what every JUnit schema has, and no more."""
    root = ElementTree.Element("testsuites", {"name": "losscli check", **_counts(outcome.checks)})
    for check in outcome.checks:
        skipped = str(sum(judged.status == "not run" for judged in check.gates))
        head = {"name": printable(check.name), **_counts((check,)), "skipped": skipped}
        suite = ElementTree.SubElement(root, "testsuite", head)
        for judged in check.gates:
            _case(suite, check, judged)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _counts(checks: tuple[Checked, ...]) -> dict[str, str]:
    found = [judged.status for check in checks for judged in check.gates]
    return {
        "tests": str(len(found)),
        "failures": str(found.count("failed")),
        "errors": str(found.count("error")),
    }


def _case(suite: ElementTree.Element, check: Checked, judged: Judged) -> None:
    # What XML cannot hold, such as an escape character, is written as Python would.
    case = ElementTree.SubElement(
        suite,
        "testcase",
        name=printable(condition(judged)),
        classname=printable(check.name),
    )
    message = printable(explain(judged))
    match judged.status:
        case "failed":
            failure = ElementTree.SubElement(case, "failure", message=message, type="gate")
            failure.text = message
        case "error":
            error = ElementTree.SubElement(case, "error", message=message, type="error")
            error.text = message
        case "not run":
            ElementTree.SubElement(case, "skipped", message=message)
