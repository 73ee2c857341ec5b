"""The first lines: what a person reads who reads no more than ten of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pgproof.judge.result import Judged, Readiness, Result, Verdict
from pgproof.reports.document.code import code
from pgproof.reports.ending import count, counts
from pgproof.reports.view import View

_WORST = 3
"""Findings that are named at once."""
_ORDER = list(Readiness)


def head(result: Result, view: View) -> Iterator[str]:
    """Yield the verdict, its scope and reason, the worst findings, and each other answer in one line."""
    yield f"# pgproof: {result.verdict}"
    yield ""
    scope = f"{code(result.scope)}: " if result.scope else ""
    yield f"{scope}{counts(result)}."
    if result.verdict is not Verdict.GO:
        yield f"Because: {code(result.reason)}."
    yield ""
    shown, _ = view.split(result.findings)
    for finding in shown[:_WORST]:
        where = f", at {code(str(finding.location))}" if finding.location else ""
        yield f"- **{finding.severity}** {code(_subject(finding))}: {code(finding.message)}{where}"
    if hidden := len(result.findings) - min(_WORST, len(shown)):
        yield f"- … and {count(hidden, 'more finding')}, below"
    if result.features:
        yield f"- features: {features(result)}"
    if result.promised:
        kept = sum(one.kept for one in result.promised)
        yield f"- promised numbers: {kept} of {len(result.promised)} kept"
    blocking = sum(gap.blocking for gap in result.gaps)
    if result.gaps:
        told = f", of which {blocking} block the verdict" if blocking else ""
        yield f"- not verified: {count(len(result.gaps), 'thing')}{told}"
    yield ""


def _subject(finding: Judged) -> str:
    return finding.subject if finding.kind == "file" else f"{finding.kind} {finding.subject}"


def features(result: Result) -> str:
    """Return how many features stand how, the ready ones first."""
    by_state = Counter(state.readiness for state in result.features)
    return " · ".join(f"{by_state[state]} {state}" for state in reversed(_ORDER) if by_state[state])
