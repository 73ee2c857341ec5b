"""The findings for GitLab's merge request widget (docs.gitlab.com, Code Quality report format).

Path and fingerprint decide what GitLab calls new; both are the same wherever a line moves. A blocking gap is an entry
as well: a run that could not see must not look like one that saw nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from pgproof.judge.result import Result
from pgproof.model import Gap, Location, Severity
from pgproof.reports.codec import JsonValue
from pgproof.reports.occurrence import numbered
from pgproof.reports.place import place
from pgproof.reports.terminal import one_line
from pgproof.reports.view import View

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}
_PROJECT = Location(".")


def render(result: Result, view: View) -> str:
    """Return the report as JSON; `view` changes nothing."""
    return json.dumps([*_not_verified(result.gaps), *_findings(result)], indent=2, sort_keys=True) + "\n"


def _findings(result: Result) -> Iterator[JsonValue]:
    for finding, number in numbered(result.findings):
        subject = finding.subject if finding.kind == "file" else f"{finding.kind} {finding.subject}"
        fingerprint = one_line(finding.fingerprint) + (f"-{number}" if number > 1 else "")
        text = f"{finding.code} {finding.name}: {subject}: {finding.message}"
        yield _entry(finding.code, text, _SEVERITIES[finding.severity], fingerprint, place(finding))


def _not_verified(gaps: tuple[Gap, ...]) -> Iterator[JsonValue]:
    for gap in dict.fromkeys(gap for gap in gaps if gap.blocking):
        where = gap.location or _PROJECT
        fingerprint = hashlib.sha256(f"{where.path}\0{gap.reason}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        yield _entry("not-verified", f"not verified: {gap.reason}", "critical", fingerprint, where)


def _entry(check_name: str, description: str, severity: str, fingerprint: str, where: Location) -> JsonValue:
    return {
        "check_name": one_line(check_name),
        "description": one_line(description),
        "severity": severity,
        "fingerprint": fingerprint,
        "location": {"path": one_line(where.path), "lines": {"begin": max(1, where.line)}},
    }
