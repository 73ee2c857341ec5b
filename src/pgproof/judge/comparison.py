"""Two results of one project compared: what is new, what was fixed, what persists, and why the verdict changed.

A finding that is gone is fixed only when its check ran: otherwise nobody looked, and it is not known to be fixed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pgproof.judge.result import CheckOutcome, Judged, Outcome, Result, Suppressor, Verdict
from pgproof.model import Gap, Severity


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two results: how the user names it, and what it said."""

    name: str
    verdict: Verdict
    scope: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something that the results say differently, or only one of them says (`None` on the other side)."""

    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding of one side only, and what should be known of that (`""`: nothing)."""

    finding: Judged
    note: str = ""


@dataclass(frozen=True, slots=True)
class Persisting:
    """A finding of both sides, as it is now, and what changed of it (its place is no change)."""

    finding: Judged
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one result to the other. Findings are the same when their fingerprints are.

    `unclear` are the findings that are gone without being known to be fixed. `evidence`, `checks` and `coverage` are
    the changes of what was there, of what became of the checks, and of how much was read. `why` tells in half sentences
    why the verdict changed; it is empty when the verdict did not.
    """

    before: Side
    after: Side
    new: tuple[Noted, ...]
    fixed: tuple[Judged, ...]
    unclear: tuple[Noted, ...]
    persisting: tuple[Persisting, ...]
    gaps_opened: tuple[Gap, ...]
    gaps_closed: tuple[Gap, ...]
    evidence: tuple[Change, ...]
    checks: tuple[Change, ...]
    coverage: tuple[Change, ...]
    why: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether both say the same: verdict, scope, findings with their severities, and gaps."""
        return (
            (self.before.verdict, self.before.scope) == (self.after.verdict, self.after.scope)
            and not (self.new or self.fixed or self.unclear or self.gaps_opened or self.gaps_closed)
            and not any(_weighs_otherwise(one) for one in self.persisting)
        )


_HIDDEN = {
    Suppressor.COMMENT: "ignored by a comment",
    Suppressor.CONFIGURATION: "ignored by the configuration",
    Suppressor.BASELINE: "in the baseline",
    Suppressor.SINCE: "left out as older than the change",
}


def compare(names: tuple[str, str], before: Result, after: Result) -> Comparison:
    """Return what changed from `before` to `after`; `names` is what the two are called."""
    paired, gone, appeared = _paired(before.findings, after.findings)
    new = tuple(_noted(appeared, before, "before, a consequence of", "not looked for before:", "before,"))
    missing = tuple(_noted(gone, after, "now a consequence of", "not looked for:", "now"))
    fixed = tuple(one.finding for one in missing if not one.note)
    unclear = tuple(one for one in missing if one.note)
    persisting = tuple(Persisting(now, tuple(_changes(was, now))) for was, now in paired)
    opened, closed = _without(after.gaps, before.gaps), _without(before.gaps, after.gaps)
    evidence = tuple(_differing(dict(before.sources), dict(after.sources)))
    checks = tuple(_differing(_outcomes(before), _outcomes(after)))
    coverage = tuple(_differing(_coverage(before), _coverage(after)))
    comparison = Comparison(
        _side(names[0], before), _side(names[1], after),
        new, fixed, unclear, persisting, opened, closed, evidence, checks, coverage, why=(),
    )  # fmt: skip
    return replace(comparison, why=tuple(_why(comparison))) if before.verdict is not after.verdict else comparison


def _side(name: str, result: Result) -> Side:
    return Side(name, result.verdict, result.scope, result.reason)


def _paired(
    before: Iterable[Judged], after: Iterable[Judged]
) -> tuple[list[tuple[Judged, Judged]], list[Judged], list[Judged]]:
    """Return the pairs with one fingerprint (of several, the first go together), and what each side has alone."""
    waiting: dict[str, list[Judged]] = defaultdict(list)
    for finding in before:
        waiting[finding.fingerprint].append(finding)
    pairs, appeared = [], []
    for finding in after:
        if same := waiting[finding.fingerprint]:
            pairs.append((same.pop(0), finding))
        else:
            appeared.append(finding)
    return pairs, [finding for rest in waiting.values() for finding in rest], appeared


def _noted(
    findings: Iterable[Judged], other: Result, explained: str, not_looked_for: str, hidden: str
) -> Iterator[Noted]:
    """Yield the findings that the `other` result does not list, each with what may be the reason."""
    suppressed = {one.finding.fingerprint: one.suppression for one in other.suppressed}
    checks = {check.code: check for check in other.checks}
    causes = {line: cause for cause in other.findings for line in cause.consequences}
    for finding in findings:
        if suppression := suppressed.get(finding.fingerprint):
            yield Noted(finding, f"{hidden} {_HIDDEN[suppression.by]}")
        elif cause := causes.get(f"{finding.subject}: {finding.message}"):  # as `judge.judge` words a consequence
            yield Noted(finding, f"{explained} {cause.code} {cause.name}, {cause.subject}")
        else:
            reason = _not_run(finding.code, checks)
            yield Noted(finding, f"{not_looked_for} {reason}" if reason else "")


def _not_run(code: str, checks: Mapping[str, CheckOutcome]) -> str:
    """Return why the check with this code could not find anything, `""` when it could."""
    check = checks.get(code)
    if check is None:
        return f"check {code} was not run"
    if check.outcome is Outcome.CRASHED:
        return f"check {code} crashed"
    return check.reason or f"check {code} had no evidence" if check.outcome is Outcome.GAP else ""


def _changes(before: Judged, after: Judged) -> Iterator[Change]:
    for what in ("severity", "message", "proof"):
        was, now = str(getattr(before, what)), str(getattr(after, what))
        if was != now:
            yield Change(what, was, now)


def _weighs_otherwise(one: Persisting) -> bool:
    return any(change.what == "severity" for change in one.changes)


def _without(gaps: Iterable[Gap], others: Iterable[Gap]) -> tuple[Gap, ...]:
    known = {_identity(gap) for gap in others}
    return tuple(gap for gap in gaps if _identity(gap) not in known)


def _identity(gap: Gap) -> tuple[str, bool, str]:
    return gap.reason, gap.blocking, gap.location.path if gap.location else ""


def _outcomes(result: Result) -> dict[str, str]:
    return {f"{check.code} {check.name}": check.outcome.value for check in result.checks}


def _coverage(result: Result) -> dict[str, str]:
    return {part.what: f"{part.read} of {part.total}" for part in result.coverage}


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for what in sorted(before.keys() | after.keys()):
        if what not in before or what not in after or before[what] != after[what]:
            yield Change(what, before.get(what), after.get(what))


def _why(comparison: Comparison) -> Iterator[str]:
    """Yield what can have changed the verdict; when nothing has, something else was asked for."""
    reasons = [
        *_counted("new", (one.finding for one in comparison.new)),
        *_counted("fixed", comparison.fixed),
        *_counted("gone, but not known to be fixed", (one.finding for one in comparison.unclear)),
        *_counted("weighed otherwise before", (one.finding for one in comparison.persisting if _weighs_otherwise(one))),
        *(f"new blocking gap: {gap.reason}" for gap in comparison.gaps_opened if gap.blocking),
        *(f"blocking gap that is gone: {gap.reason}" for gap in comparison.gaps_closed if gap.blocking),
        *(f"evidence that was not there before: {one.what}" for one in comparison.evidence if one.before is None),
        *(f"evidence that is no longer there: {one.what}" for one in comparison.evidence if one.after is None),
    ]
    yield from reasons or ["the findings and the evidence are the same, but something else was asked for"]


def _counted(what: str, findings: Iterable[Judged]) -> Iterator[str]:
    severities = Counter(finding.severity for finding in findings)
    if severities:
        yield f"{what}: " + ", ".join(
            f"{severities[one]} {one}{'s' * (severities[one] != 1)}" for one in Severity if severities[one]
        )
