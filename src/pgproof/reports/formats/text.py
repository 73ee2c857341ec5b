"""The result on a terminal: findings worst first, what was not verified, and a last line that tells the whole story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pgproof.judge.result import Judged, Result
from pgproof.reports.block import INKS, block
from pgproof.reports.databases import databases
from pgproof.reports.ending import count, not_verified, proof_lines, verdict_line
from pgproof.reports.features import features
from pgproof.reports.migrations import migrations
from pgproof.reports.suppressions import not_reported, to_clean_up
from pgproof.reports.terminal import one_line, paint, wrapped
from pgproof.reports.view import View


def render(result: Result, view: View) -> str:
    """Return the report for a terminal."""
    lines = [] if view.brief else [*_body(result, view), *databases(result, view), *proof_lines(result, view)]
    return "\n".join([*lines, *verdict_line(result, view), ""])


def _body(result: Result, view: View) -> Iterator[str]:
    for line in result.introduction:
        yield from wrapped(line, view.width, "", "  ")
    if result.introduction:
        yield ""
    shown, hidden = view.split(result.findings)
    for finding in shown:
        yield from block(finding, view)
        yield ""
    yield from not_shown(hidden, view)
    if view.limit is None:
        yield from not_reported(result.suppressed, view)
    yield from migrations(result.migrations, view)
    yield from features(result.features, view)
    yield from not_verified(result.gaps, view)
    yield from to_clean_up(result.stale, view)


def not_shown(findings: Sequence[Judged], view: View) -> Iterator[str]:
    """Yield how many findings of each check are not shown in full; nothing when there are none."""
    if not findings:
        return
    yield f"… and {count(len(findings), 'more finding')} (--all shows them in full)"
    counts = Counter((finding.severity.rank, finding.severity, finding.code, finding.name) for finding in findings)
    for (_, severity, code, name), number in sorted(counts.items()):
        label = paint(severity.ljust(7), INKS[severity], view.colour)
        yield f"  {number:4}  {label}  {one_line(code)} {one_line(name)}"
    yield ""
