"""The checks as test cases: JUnit's XML, as Jenkins, GitLab and GitHub actions read it.

A check that found something failed and lists its findings; one without evidence, with nothing to examine, or that found
only what is suppressed is skipped; one that crashed is an error. The last test case, `evidence`, is an error when the
verdict is UNDECIDED: a run that could not see must not look green. Durations are left out: the same result gives the
same bytes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from pgproof.judge.result import CheckOutcome, Judged, Outcome, Result, Suppressed, Verdict
from pgproof.model import Gap, Severity
from pgproof.reports.block import block
from pgproof.reports.ending import count, not_verified
from pgproof.reports.suppressions import not_reported, to_clean_up
from pgproof.reports.terminal import one_line
from pgproof.reports.view import View

_EVERYTHING = View(limit=None)
_TAGS = ("failure", "error", "skipped")
_COUNTERS = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def render(result: Result, view: View) -> str:
    """Return the XML, in ASCII; `view` changes nothing."""
    by_code: dict[str, list[Judged]] = defaultdict(list)
    for finding in result.findings:
        by_code[finding.code].append(finding)
    hidden: dict[str, list[Suppressed]] = defaultdict(list)
    for one in result.suppressed:
        hidden[one.finding.code].append(one)
    cases = [_case(check, by_code.pop(check.code, []), hidden.pop(check.code, [])) for check in result.checks]
    for code, findings in by_code.items():  # of a check that the result does not list: nothing is lost
        cases.append(_case(CheckOutcome(code, findings[0].name, Outcome.FAILED), findings))
    cases.append(_evidence(result))
    suite = ET.Element("testsuite", {"name": "pgproof", "tests": str(len(cases)), **_counters(cases)})
    properties = ET.SubElement(suite, "properties")
    for name, value in (("verdict", result.verdict), ("scope", result.scope), ("reason", result.reason)):
        ET.SubElement(properties, "property", name=name, value=one_line(value))
    suite.extend(cases)
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    written: bytes = ET.tostring(suites, encoding="us-ascii", xml_declaration=True)
    return written.decode("ascii") + "\n"


def _case(check: CheckOutcome, findings: Sequence[Judged], suppressed: Sequence[Suppressed] = ()) -> ET.Element:
    case = _test(f"{check.code} {check.name}")
    found = "\n\n".join("\n".join(block(finding, _EVERYTHING)) for finding in findings)
    if check.outcome is Outcome.CRASHED:
        _put(case, "error", check.reason, found, kind="crash")
    elif findings or check.outcome is Outcome.FAILED:
        severities = Counter(finding.severity for finding in findings)
        said = " · ".join(count(severities[one], one) for one in Severity if severities[one])
        worst = min((finding.severity for finding in findings), key=lambda one: one.rank, default="finding")
        _put(case, "failure", said or "what it found is explained by other findings", found, kind=worst)
    elif check.outcome is Outcome.GAP:
        _put(case, "skipped", check.reason)
    elif check.outcome is Outcome.SUPPRESSED:
        _put(case, "skipped", "all that it found is suppressed")
    elif check.outcome is Outcome.NOT_APPLICABLE:
        _put(case, "skipped", "not applicable: nothing to examine")
    else:
        known = f", {check.proof}" if check.proof else ""
        ET.SubElement(case, "system-out").text = f"{check.examined} examined{known}"
    if suppressed:
        ET.SubElement(case, "system-out").text = "\n".join(not_reported(suppressed, _EVERYTHING)).rstrip()
    return case


def _evidence(result: Result) -> ET.Element:
    case = _test("evidence")
    blocking = [gap for gap in result.gaps if gap.blocking]
    if result.verdict is Verdict.UNDECIDED:
        _put(case, "error", result.reason, _told(blocking), kind="undecided")
    others = [gap for gap in result.gaps if gap not in blocking or result.verdict is not Verdict.UNDECIDED]
    if told := [*not_verified(others, _EVERYTHING), *to_clean_up(result.stale, _EVERYTHING)]:
        ET.SubElement(case, "system-out").text = "\n".join(told).rstrip()
    return case


def _told(gaps: Sequence[Gap]) -> str:
    return "\n".join(not_verified(gaps, _EVERYTHING)).rstrip()


def _test(name: str) -> ET.Element:
    return ET.Element("testcase", classname="pgproof", name=one_line(name))


def _put(case: ET.Element, tag: str, message: str, text: str = "", kind: str = "") -> None:
    attributes = {"message": one_line(message)} | ({"type": kind} if kind else {})
    ET.SubElement(case, tag, attributes).text = text or None


def _counters(cases: Sequence[ET.Element]) -> dict[str, str]:
    tags = Counter(tag for case in cases for tag in _TAGS if case.find(tag) is not None)
    return {_COUNTERS[tag]: str(tags[tag]) for tag in _TAGS}
