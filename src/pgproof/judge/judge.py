"""From what the checks said to a result: causes, severities, the verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pgproof.checks.check import Check
from pgproof.checks.run import Ran
from pgproof.judge.causes import Grouped, group
from pgproof.judge.document import PromisedNumber, ReplayedFile
from pgproof.judge.fingerprint import fingerprint
from pgproof.judge.result import (
    CheckOutcome,
    CodeUse,
    Coverage,
    DatabaseState,
    FeatureState,
    Judged,
    MigrationState,
    Outcome,
    Result,
    Stale,
    Suppressed,
)
from pgproof.judge.since import Persisting
from pgproof.judge.suppressing import Suppressing, sort_out
from pgproof.judge.verdict import Policy, decide
from pgproof.model import Gap, Location, ObjectName, Severity

LIVE = "live"
MIGRATIONS = "migrations"
ROOT = "."
"""What the database is called that belongs to no package of the repository but to itself."""
SNAPSHOT = "snapshot"
REPOSITORY_ONLY = "repository only: nothing was compared with a database"


@dataclass(frozen=True, slots=True)
class Named:
    """One of several databases, and the pieces of evidence that there are of it."""

    name: str
    sources: Sequence[tuple[str, str]]


def judge(
    policy: Policy,
    ran: Sequence[Ran],
    gaps: Iterable[Gap],
    *,
    lines: Mapping[str, Sequence[str]] = MappingProxyType({}),
    introduction: Sequence[str] = (),
    sources: Sequence[tuple[str, str]] = (),
    coverage: Sequence[Coverage] = (),
    features: Sequence[FeatureState] = (),
    uses: Sequence[CodeUse] = (),
    migrations: Sequence[MigrationState] = (),
    suppressing: Sequence[Suppressing] = (),
    since: Persisting | None = None,
    databases: Sequence[Named] = (),
    promised: Sequence[PromisedNumber] = (),
    replayed: Sequence[ReplayedFile] = (),
) -> Result:
    """Return the result of a run.

    `gaps` are those of the evidence; a check that crashed adds a blocking one. `sources` are the pieces of evidence
    that were there, by name: without one named `live`, the verdict speaks of the repository only. `lines` are those of
    the project's files by path, to be shown with what is found there. What one of `suppressing` suppresses is no part
    of the verdict, nor is what was found `since` some state of the project. `databases` are given when there are
    several: then the verdict is the worst of theirs, and `sources` are those that all of them have.
    """
    by_code = {one.check.code: one for one in ran}
    groups = sorted(group((one.check.code, finding) for one in ran for finding in one.findings), key=_in_order)
    kept = sort_out(groups, ran, [*suppressing, *([since] if since else [])])
    several = bool(databases)
    findings = sorted((_judged(by_code[g.code], g, lines, several) for g in kept.shown), key=_worst_first)
    suppressed = [Suppressed(_judged(by_code[g.code], g, lines, several), why) for g, why in kept.suppressed]
    untold = since.gaps(one.code for one in findings) if since else ()
    found = _gaps((*gaps, *untold), ran)
    names = frozenset(name for name, _ in sources)
    verdict, reason = decide(policy, [finding.severity for finding in findings], found, names, bool(suppressed))
    states = [_state(policy, one, findings, suppressed, found) for one in databases]
    return Result(
        verdict,
        (scope_of(states) or _scope(names)) + (f"; only what is new since {since.name}" if since else ""),
        reason,
        tuple(introduction),
        tuple(sources),
        tuple(findings),
        tuple(found),
        tuple(_outcome(one, kept.reported) for one in ran),
        tuple(coverage),
        tuple(sorted(suppressed, key=lambda one: _worst_first(one.finding))),
        tuple(sorted((one for by in suppressing for one in by.stale(ran)), key=_by_place)),
        tuple(features),
        tuple(uses),
        tuple(migrations),
        tuple(states),
        tuple(promised),
        tuple(replayed),
    )


def _state(
    policy: Policy,
    named: Named,
    findings: Sequence[Judged],
    suppressed: Sequence[Suppressed],
    gaps: Sequence[Gap],
) -> DatabaseState:
    """Return what is said of one database: by what was found in it, and by the gaps that are its own or everyone's."""
    verdict, reason = decide(
        policy,
        [finding.severity for finding in findings if finding.database == named.name],
        [gap for gap in gaps if gap.database in ("", named.name)],
        names := frozenset(name for name, _ in named.sources),
        any(one.finding.database == named.name for one in suppressed),
    )
    return DatabaseState(named.name, verdict, _scope(names), reason, tuple(named.sources))


def scope_of(states: Sequence[DatabaseState]) -> str:
    """Return what the verdict on several databases speaks of, `""` when there are none."""
    scopes = {state.scope for state in states}
    if len(scopes) < 2:
        return f"{len(states)} databases; {scopes.pop()}" if scopes else ""
    compared = [state for state in states if state.scope != REPOSITORY_ONLY]
    told = "; ".join(f"{state.name}: {state.scope}" for state in compared)
    return f"{len(states)} databases; {told}; the others: {REPOSITORY_ONLY}"


def _judged(ran: Ran, grouped: Grouped, lines: Mapping[str, Sequence[str]], several: bool) -> Judged:
    finding = grouped.finding
    database = (finding.database or ROOT) if several else ""
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
        database,
    )


def _excerpt(place: Location | None, lines: Mapping[str, Sequence[str]]) -> str:
    source = lines.get(place.path, ()) if place else ()
    return source[place.line - 1] if place and 0 < place.line <= len(source) else ""


def _in_order(one: Grouped) -> tuple[str, str, str, str]:
    return one.code, str(one.finding.subject), one.finding.detail, one.finding.message


def _by_place(one: Stale) -> tuple[str, int, str, str, str]:
    place = one.suppression.location or Location("")
    return place.path, place.line, one.suppression.code, one.suppression.subject, one.suppression.fingerprint


def _worst_first(finding: Judged) -> tuple[int, int, str, str, str, str]:
    """The severest first; of these, what explains most."""
    severity: Severity = finding.severity
    weight = -len(finding.consequences)
    return severity.rank, weight, finding.code, finding.subject, finding.message, finding.fingerprint


def _gaps(gaps: Iterable[Gap], ran: Sequence[Ran]) -> list[Gap]:
    crashed = (Gap(f"{_named(one.check)} crashed: {one.crash}", blocking=True) for one in ran if one.crash)
    lacking = (one.absent for one in ran if one.absent)
    return sorted(dict.fromkeys((*gaps, *crashed, *lacking)), key=_blocking_first)


def _blocking_first(gap: Gap) -> tuple[bool, str, str, str]:
    return not gap.blocking, gap.reason, str(gap.location or ""), gap.database


def _named(check: Check) -> str:
    return f"check {check.code} {check.name}"


def _outcome(ran: Ran, reported: Collection[int]) -> CheckOutcome:
    check, proof = ran.check, ran.proof
    if ran.absent:
        return CheckOutcome(check.code, check.name, Outcome.GAP, reason=ran.absent.reason)
    if ran.crash:
        return CheckOutcome(check.code, check.name, Outcome.CRASHED, ran.examined, proof, ran.crash)
    if not ran.examined:
        return CheckOutcome(check.code, check.name, Outcome.NOT_APPLICABLE)
    failed = any(id(finding) in reported for finding in ran.findings)
    outcome = Outcome.FAILED if failed else Outcome.SUPPRESSED if ran.findings else Outcome.PASSED
    return CheckOutcome(check.code, check.name, outcome, ran.examined, proof)


def _scope(sources: frozenset[str]) -> str:
    compared = "a snapshot of the live database" if SNAPSHOT in sources else "live database" if LIVE in sources else ""
    if not compared:
        return REPOSITORY_ONLY
    return (
        f"repository and {compared}"
        if MIGRATIONS in sources
        else f"{compared} only: it was not compared with migrations"
    )
