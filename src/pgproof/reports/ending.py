"""How a report ends: what was not verified, how the rest is known, and a line that tells the whole story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pgproof.judge.result import Coverage, Outcome, Result, Verdict
from pgproof.model import Gap, Proof, Severity
from pgproof.reports import suppressions
from pgproof.reports.terminal import Ink, paint, verbatim, wrapped
from pgproof.reports.view import View

VERDICT_INKS = {Verdict.GO: Ink.GREEN, Verdict.NO_GO: Ink.RED, Verdict.UNDECIDED: Ink.YELLOW}
_SAID = (Outcome.PASSED, Outcome.FAILED, Outcome.SUPPRESSED)
SHOWN_DATABASES = 3
_LABEL = 13
"""Columns that the labels of the last lines take."""


def not_verified(gaps: Sequence[Gap], view: View) -> Iterator[str]:
    """Yield the gaps, all blocking ones first with their way out; nothing when there are none."""
    if not gaps:
        return
    yield paint("not verified", Ink.BOLD, view.colour)
    blocking = _together([gap for gap in gaps if gap.blocking])
    others = _together([gap for gap in gaps if not gap.blocking])
    shown = others if view.limit is None else others[: view.limit]
    for gap, names in (*blocking, *shown):
        mark = paint("blocking", Ink.YELLOW, view.colour) + " " if gap.blocking else ""
        place = f"{_listed(names)}: " if names else ""
        place += f"{gap.location}: " if gap.location else ""
        yield from wrapped(place + gap.reason, view.width, f"  {mark}", "    ")
        if gap.way_out:
            yield from verbatim(gap.way_out, "    → ", "      ")
    if hidden := len(others) - len(shown):
        yield f"  … and {hidden} more (--all shows them)"
    yield ""


def _together(gaps: Sequence[Gap]) -> list[tuple[Gap, list[str]]]:
    """Return each gap with the databases that have it, of several: one that is common to some is told once."""
    names: dict[Gap, list[str]] = {}
    for gap in gaps:
        names.setdefault(replace(gap, database=""), []).extend([gap.database] * bool(gap.database))
    return list(names.items())


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN_DATABASES} more" if len(names) > SHOWN_DATABASES else ""
    return ", ".join(names[:SHOWN_DATABASES]) + more


def proof_lines(result: Result, view: View) -> Iterator[str]:
    """Yield what the evidence was, how the checks know what they say, and why the verdict is not GO."""
    if result.sources:
        described = (f"{name}: {description}" if description else name for name, description in result.sources)
        yield from _labelled("evidence", " · ".join(described), view)
    known = _known_by(check.proof for check in result.checks if check.outcome in _SAID)
    read = ", ".join(map(_share, (part for part in result.coverage if part.total)))
    if line := "   ".join(filter(None, (known, read))):
        yield from _labelled("known by", line, view)
    if result.verdict is not Verdict.GO:
        yield from _labelled("because", result.reason, view)


def _share(part: Coverage) -> str:
    share = f" ({100 * part.read // part.total} %)" if part.read < part.total else ""
    return f"{part.read} of {part.total} {part.what}{share}"


def _known_by(proofs: Iterable[Proof | None]) -> str:
    counts = Counter(proof for proof in proofs if proof)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], -pair[0].method, pair[0].subjects))
    return " · ".join(f"{number} {proof}" for proof, number in ranked)


def verdict_line(result: Result, view: View) -> list[str]:
    """Return the line that tells the whole story (on a narrow terminal it is wrapped)."""
    verdict = paint(result.verdict, VERDICT_INKS[result.verdict], view.colour)
    scope = f"({result.scope})   " if result.scope else ""
    elapsed = f"   {_duration(view.elapsed_ms)}" if view.elapsed_ms is not None else ""
    return wrapped(f"{scope}{counts(result)}{elapsed}", view.width, f"{verdict} ", "  ")


def counts(result: Result) -> str:
    """Return the findings by severity, the checks by outcome, and the findings that are not reported."""
    severities = Counter(finding.severity for finding in result.findings)
    outcomes = Counter(check.outcome for check in result.checks)
    blocking = sum(gap.blocking for gap in result.gaps)
    parts = [count(severities[one], one) for one in Severity if severities[one]]
    parts = parts or ["no other findings" if result.suppressed else "no findings"]
    parts += [count(outcomes[Outcome.PASSED], "check") + " passed"]
    parts += [f"{outcomes[Outcome.NOT_APPLICABLE]} not applicable"] * bool(outcomes[Outcome.NOT_APPLICABLE])
    parts += [f"{outcomes[Outcome.GAP]} without evidence"] * bool(outcomes[Outcome.GAP])
    parts += [f"{outcomes[Outcome.CRASHED]} crashed"] * bool(outcomes[Outcome.CRASHED])
    parts += [count(blocking, "blocking gap")] * bool(blocking)
    return " · ".join([*parts, *suppressions.counts(result)])


def _labelled(label: str, text: str, view: View) -> list[str]:
    return wrapped(text, view.width, paint(label, Ink.FAINT, view.colour) + " " * (_LABEL - len(label)), " " * _LABEL)


def count(number: int, noun: str) -> str:
    """Return `1 check`, `2 checks`."""
    return f"{number} {noun}{'s' * (number != 1)}"


def _duration(elapsed_ms: int) -> str:
    if elapsed_ms < 59_950:
        return f"{elapsed_ms / 1000:.1f} s"
    minutes, seconds = divmod(round(elapsed_ms / 1000), 60)
    return f"{minutes} min {seconds} s"
