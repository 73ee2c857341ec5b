"""Many results at a glance: one row each, worst first, and what is found most often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pgproof.judge.result import Result, Verdict
from pgproof.model import Severity

_WORST_FIRST = (Verdict.NO_GO, Verdict.UNDECIDED, Verdict.GO)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many findings of each severity, and how many blocking gaps."""

    errors: int
    warnings: int
    notes: int
    blocking_gaps: int


@dataclass(frozen=True, slots=True)
class Row:
    """One result."""

    name: str
    verdict: Verdict
    scope: str
    reason: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Frequency:
    """A check and how often it found something: in how many results, and how many findings."""

    code: str
    name: str
    results: int
    findings: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The rows, worst first; how many results have each verdict; the counts of all; the checks, most frequent first."""

    rows: tuple[Row, ...]
    no_go: int
    undecided: int
    go: int
    counts: Counts
    frequent: tuple[Frequency, ...]


def overview(results: Iterable[tuple[str, Result]]) -> Overview:
    """Return the overview of results, each with what it is called."""
    rows: list[Row] = []
    found: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for number, (name, result) in enumerate(results):
        rows.append(Row(name, result.verdict, result.scope, result.reason, _counts(result)))
        for finding in result.findings:
            found[finding.code, finding.name][number] += 1
    rows.sort(key=_worst_first)
    frequent = [Frequency(*check, len(where), where.total()) for check, where in found.items()]
    verdicts = Counter(row.verdict for row in rows)
    return Overview(
        tuple(rows),
        verdicts[Verdict.NO_GO],
        verdicts[Verdict.UNDECIDED],
        verdicts[Verdict.GO],
        _total(row.counts for row in rows),
        tuple(sorted(frequent, key=lambda one: (-one.results, -one.findings, one.code, one.name))),
    )


def _counts(result: Result) -> Counts:
    severities = Counter(finding.severity for finding in result.findings)
    blocking = sum(gap.blocking for gap in result.gaps)
    return Counts(severities[Severity.ERROR], severities[Severity.WARNING], severities[Severity.NOTE], blocking)


def _total(counts: Iterable[Counts]) -> Counts:
    columns = [(one.errors, one.warnings, one.notes, one.blocking_gaps) for one in counts]
    return Counts(*map(sum, zip(*columns, strict=True))) if columns else Counts(0, 0, 0, 0)


def _worst_first(row: Row) -> tuple[int, int, int, int, int, str]:
    counts = row.counts
    rank = _WORST_FIRST.index(row.verdict)
    return rank, -counts.errors, -counts.warnings, -counts.blocking_gaps, -counts.notes, row.name
