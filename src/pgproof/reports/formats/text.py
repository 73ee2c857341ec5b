"""The result on a terminal: findings worst first, what was not verified, and a last line that tells the whole story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pgproof.judge.result import Judged, Outcome, Result, Verdict
from pgproof.model import Gap, Proof, Severity
from pgproof.reports.block import INKS, block
from pgproof.reports.terminal import Ink, one_line, paint, verbatim, wrapped
from pgproof.reports.view import View

_VERDICT_INKS = {Verdict.GO: Ink.GREEN, Verdict.NO_GO: Ink.RED, Verdict.UNDECIDED: Ink.YELLOW}
_LABEL = 13
"""Columns that the labels of the last lines take."""


def render(result: Result, view: View) -> str:
    """Return the report for a terminal."""
    lines = [] if view.brief else [*_body(result, view), *_proof_lines(result, view)]
    return "\n".join([*lines, *_verdict_line(result, view), ""])


def _body(result: Result, view: View) -> Iterator[str]:
    for line in result.introduction:
        yield from wrapped(line, view.width, "", "  ")
    if result.introduction:
        yield ""
    findings = sorted(result.findings, key=lambda finding: finding.severity.rank)
    shown = findings if view.limit is None else findings[: view.limit]
    for finding in shown:
        yield from block(finding, view)
        yield ""
    yield from _not_shown(findings[len(shown) :], view)
    yield from _not_verified(result.gaps, view)


def _not_shown(findings: Sequence[Judged], view: View) -> Iterator[str]:
    if not findings:
        return
    yield f"… and {_count(len(findings), 'more finding')} (--all shows them in full)"
    counts = Counter((finding.severity.rank, finding.severity, finding.code, finding.name) for finding in findings)
    for (_, severity, code, name), number in sorted(counts.items()):
        label = paint(severity.ljust(7), INKS[severity], view.colour)
        yield f"  {number:4}  {label}  {one_line(code)} {one_line(name)}"
    yield ""


def _not_verified(gaps: Sequence[Gap], view: View) -> Iterator[str]:
    if not gaps:
        return
    yield paint("not verified", Ink.BOLD, view.colour)
    blocking = [gap for gap in gaps if gap.blocking]
    others = [gap for gap in gaps if not gap.blocking]
    shown = others if view.limit is None else others[: view.limit]
    for gap in (*blocking, *shown):
        mark = paint("blocking", Ink.YELLOW, view.colour) + " " if gap.blocking else ""
        place = f"{gap.location}: " if gap.location else ""
        yield from wrapped(place + gap.reason, view.width, f"  {mark}", "    ")
        if gap.way_out:
            yield from verbatim(gap.way_out, "    → ", "      ")
    if hidden := len(others) - len(shown):
        yield f"  … and {hidden} more (--all shows them)"
    yield ""


def _proof_lines(result: Result, view: View) -> Iterator[str]:
    if result.sources:
        described = (f"{name}: {description}" if description else name for name, description in result.sources)
        yield from _labelled("evidence", " · ".join(described), view)
    known = _known_by(check.proof for check in result.checks if check.outcome in (Outcome.PASSED, Outcome.FAILED))
    read = ", ".join(f"{part.read} of {part.total} {part.what}" for part in result.coverage if part.total)
    if line := "   ".join(filter(None, (known, read))):
        yield from _labelled("known by", line, view)
    if result.verdict is not Verdict.GO:
        yield from _labelled("because", result.reason, view)


def _known_by(proofs: Iterable[Proof | None]) -> str:
    counts = Counter(proof for proof in proofs if proof)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], -pair[0].method, pair[0].subjects))
    return " · ".join(f"{number} {proof}" for proof, number in ranked)


def _verdict_line(result: Result, view: View) -> list[str]:
    verdict = paint(result.verdict, _VERDICT_INKS[result.verdict], view.colour)
    scope = f"({result.scope})   " if result.scope else ""
    elapsed = f"   {_duration(view.elapsed_ms)}" if view.elapsed_ms is not None else ""
    return wrapped(f"{scope}{_counts(result)}{elapsed}", view.width, f"{verdict} ", "  ")


def _counts(result: Result) -> str:
    severities = Counter(finding.severity for finding in result.findings)
    outcomes = Counter(check.outcome for check in result.checks)
    blocking = sum(gap.blocking for gap in result.gaps)
    parts = [_count(severities[severity], severity) for severity in Severity if severities[severity]] or ["no findings"]
    parts += [_count(outcomes[Outcome.PASSED], "check") + " passed"]
    parts += [f"{outcomes[Outcome.NOT_APPLICABLE]} not applicable"] * bool(outcomes[Outcome.NOT_APPLICABLE])
    parts += [f"{outcomes[Outcome.GAP]} without evidence"] * bool(outcomes[Outcome.GAP])
    parts += [f"{outcomes[Outcome.CRASHED]} crashed"] * bool(outcomes[Outcome.CRASHED])
    parts += [_count(blocking, "blocking gap")] * bool(blocking)
    return " · ".join(parts)


def _labelled(label: str, text: str, view: View) -> list[str]:
    return wrapped(text, view.width, paint(label, Ink.FAINT, view.colour) + " " * (_LABEL - len(label)), " " * _LABEL)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _duration(elapsed_ms: int) -> str:
    if elapsed_ms < 59_950:
        return f"{elapsed_ms / 1000:.1f} s"
    minutes, seconds = divmod(round(elapsed_ms / 1000), 60)
    return f"{minutes} min {seconds} s"
