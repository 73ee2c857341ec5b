"""Several databases: a line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pgproof.judge.result import DatabaseState, Result, Verdict
from pgproof.model import Severity
from pgproof.reports.ending import VERDICT_INKS, count
from pgproof.reports.terminal import Ink, columns, one_line, paint
from pgproof.reports.view import View

_WORD = len(Verdict.UNDECIDED)


def databases(result: Result, view: View) -> Iterator[str]:
    """Yield the verdict on each database, with what was found in it or why it is undecided."""
    if not result.databases:
        return
    yield paint("databases", Ink.BOLD, view.colour)
    width = max(columns(one_line(state.name)) for state in result.databases)
    for state in result.databases:
        name = one_line(state.name)
        verdict = paint(state.verdict, VERDICT_INKS[state.verdict], view.colour) + " " * (_WORD - len(state.verdict))
        evidence = dict(state.sources)
        told = [
            evidence.get("migrations", ""),
            *([evidence["live"]] if "live" in evidence else []),
            _told(state, result),
        ]
        yield f"  {verdict}  {name}{' ' * (width - columns(name))}  {one_line(' · '.join(filter(None, told)))}"
    yield ""


def _told(state: DatabaseState, result: Result) -> str:
    found = Counter(finding.severity for finding in result.findings if finding.database == state.name)
    told = " · ".join(count(found[severity], severity) for severity in Severity if found[severity])
    return state.reason if state.verdict is Verdict.UNDECIDED else told or "no findings"
