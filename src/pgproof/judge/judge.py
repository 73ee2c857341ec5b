"""From what the checks said to a result: causes, severities, the verdict."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from pgproof.checks.check import Check
from pgproof.checks.run import Ran
from pgproof.judge.causes import Grouped, group
from pgproof.judge.result import CheckOutcome, Coverage, Judged, Outcome, Result
from pgproof.judge.verdict import Policy, decide
from pgproof.model import Finding, Gap, Location, ObjectName, Severity

LIVE = "live"
REPOSITORY_ONLY = "repository only: nothing was compared with a database"


def judge(
    policy: Policy,
    ran: Sequence[Ran],
    gaps: Iterable[Gap],
    *,
    lines: Mapping[str, Sequence[str]] = MappingProxyType({}),
    introduction: Sequence[str] = (),
    sources: Sequence[tuple[str, str]] = (),
    coverage: Sequence[Coverage] = (),
) -> Result:
    """Return the result of a run.

    `gaps` are those of the evidence; a check that crashed adds a blocking one. `sources` are the pieces of evidence
    that were there, by name: without one named `live`, the verdict speaks of the repository only. `lines` are those of
    the project's files by path, to be shown with what is found there.
    """
    by_code = {one.check.code: one for one in ran}
    grouped = group((one.check.code, finding) for one in ran for finding in one.findings)
    findings = sorted((_judged(by_code[g.code], g, lines) for g in grouped), key=_worst_first)
    found = _gaps(gaps, ran)
    names = frozenset(name for name, _ in sources)
    verdict, reason = decide(policy, [finding.severity for finding in findings], found, names)
    return Result(
        verdict,
        _scope(names),
        reason,
        tuple(introduction),
        tuple(sources),
        tuple(findings),
        tuple(found),
        tuple(_outcome(one) for one in ran),
        tuple(coverage),
    )


def fingerprint(code: str, finding: Finding) -> str:
    """Return what names a finding for good: its check, subject and detail, neither its place nor its words."""
    text = "\0".join((code, *_identity(finding.subject), finding.detail))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _identity(subject: ObjectName | str) -> tuple[str, ...]:
    return ("file", subject) if isinstance(subject, str) else (subject.kind, *subject.parts)


def _judged(ran: Ran, grouped: Grouped, lines: Mapping[str, Sequence[str]]) -> Judged:
    finding = grouped.finding
    return Judged(
        ran.check.code,
        ran.check.name,
        finding.severity or ran.check.severity,
        finding.subject.kind if isinstance(finding.subject, ObjectName) else "file",
        str(finding.subject),
        finding.message,
        ran.proof,
        fingerprint(ran.check.code, finding),
        finding.location,
        _excerpt(finding.location, lines),
        finding.seen,
        finding.reproduce,
        finding.fix,
        (*finding.consequences, *(f"{c.subject}: {c.message}" for c in grouped.consequences)),
    )


def _excerpt(place: Location | None, lines: Mapping[str, Sequence[str]]) -> str:
    source = lines.get(place.path, ()) if place else ()
    return source[place.line - 1] if place and 0 < place.line <= len(source) else ""


def _worst_first(finding: Judged) -> tuple[int, int, str, str, str, str]:
    """The severest first; of these, what explains most."""
    severity: Severity = finding.severity
    weight = -len(finding.consequences)
    return severity.rank, weight, finding.code, finding.subject, finding.message, finding.fingerprint


def _gaps(gaps: Iterable[Gap], ran: Sequence[Ran]) -> list[Gap]:
    crashed = (Gap(f"{_named(one.check)} crashed: {one.crash}", blocking=True) for one in ran if one.crash)
    lacking = (one.absent for one in ran if one.absent)
    return sorted(dict.fromkeys((*gaps, *crashed, *lacking)), key=_blocking_first)


def _blocking_first(gap: Gap) -> tuple[bool, str, str]:
    return not gap.blocking, gap.reason, str(gap.location or "")


def _named(check: Check) -> str:
    return f"check {check.code} {check.name}"


def _outcome(ran: Ran) -> CheckOutcome:
    check, proof = ran.check, ran.proof
    if ran.absent:
        return CheckOutcome(check.code, check.name, Outcome.GAP, reason=ran.absent.reason)
    if ran.crash:
        return CheckOutcome(check.code, check.name, Outcome.CRASHED, ran.examined, proof, ran.crash)
    if not ran.examined:
        return CheckOutcome(check.code, check.name, Outcome.NOT_APPLICABLE)
    return CheckOutcome(check.code, check.name, Outcome.FAILED if ran.findings else Outcome.PASSED, ran.examined, proof)


def _scope(sources: frozenset[str]) -> str:
    return "repository and live database" if LIVE in sources else REPOSITORY_ONLY
