"""The findings for GitLab's merge request widget (docs.gitlab.com, Code Quality report format).

Path and fingerprint decide what GitLab calls new; both are the same wherever a line moves. A blocking gap is an entry
as well: a run that could not see must not look like one that saw nothing. What is ignored or in the baseline is not
listed: the widget has no place for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from pgproof.judge.result import Result, Stale
from pgproof.model import Gap, Location, Severity
from pgproof.reports.codec import JsonValue
from pgproof.reports.occurrence import numbered
from pgproof.reports.place import in_repository, place
from pgproof.reports.suppressions import what_to_do
from pgproof.reports.terminal import one_line
from pgproof.reports.view import View

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}
_PROJECT = Location(".")


def render(result: Result, view: View) -> str:
    """Return the report as JSON; of `view` only `folder` matters."""
    result = in_repository(result, view.folder)
    entries = [*_not_verified(result.gaps), *_findings(result), *_to_clean_up(result.stale)]
    return json.dumps(entries, indent=2, sort_keys=True) + "\n"


def _findings(result: Result) -> Iterator[JsonValue]:
    for finding, number in numbered(result.findings):
        subject = finding.subject if finding.kind == "file" else f"{finding.kind} {finding.subject}"
        fingerprint = one_line(finding.fingerprint) + (f"-{number}" if number > 1 else "")
        text = f"{finding.code} {finding.name}: {subject}: {finding.message}"
        yield _entry(finding.code, text, _SEVERITIES[finding.severity], fingerprint, place(finding))


def _to_clean_up(stale: tuple[Stale, ...]) -> Iterator[JsonValue]:
    for one in dict.fromkeys(stale):
        said = one.suppression
        where = said.location or _PROJECT
        text = "\0".join((where.path, one.state, said.code, said.subject, said.fingerprint))
        yield _entry("to-clean-up", what_to_do(one), "info", _fingerprint(text), where)


def _not_verified(gaps: tuple[Gap, ...]) -> Iterator[JsonValue]:
    for gap in dict.fromkeys(gap for gap in gaps if gap.blocking):
        where = gap.location or _PROJECT
        fingerprint = _fingerprint(f"{where.path}\0{gap.reason}")
        yield _entry("not-verified", f"not verified: {gap.reason}", "critical", fingerprint, where)


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _entry(check_name: str, description: str, severity: str, fingerprint: str, where: Location) -> JsonValue:
    return {
        "check_name": one_line(check_name),
        "description": one_line(description),
        "severity": severity,
        "fingerprint": fingerprint,
        "location": {"path": one_line(where.path), "lines": {"begin": max(1, where.line)}},
    }
