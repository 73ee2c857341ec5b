"""The overview on a terminal: a line a result, worst first, what is found most often, and a last line of totals."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.judge.overview import Counts, Overview, Row
from pgproof.judge.result import Verdict
from pgproof.reports.ending import VERDICT_INKS, count
from pgproof.reports.terminal import Ink, one_line, paint, wrapped
from pgproof.reports.view import View

SHOWN_CHECKS = 10
_WIDEST = len(Verdict.UNDECIDED)


def render(overview: Overview, view: View) -> str:
    """Return the report for a terminal. Every result has its line, whatever `view.limit` is."""
    lines = [] if view.brief else [*_rows(overview, view), *_frequent(overview, view)]
    return "\n".join([*lines, *wrapped(totals(overview), view.width, "", "  "), ""])


def told(counts: Counts) -> str:
    """Return the findings by severity and the blocking gaps."""
    nouns = ("error", "warning", "note", "blocking gap")
    numbers = (counts.errors, counts.warnings, counts.notes, counts.blocking_gaps)
    return " · ".join(count(number, noun) for number, noun in zip(numbers, nouns, strict=True) if number)


def totals(overview: Overview) -> str:
    """Return how many results have each verdict, and all findings."""
    verdicts = (("NO-GO", overview.no_go), ("UNDECIDED", overview.undecided), ("GO", overview.go))
    told_verdicts = " · ".join(f"{number} {verdict}" for verdict, number in verdicts if number)
    return f"{count(len(overview.rows), 'result')}: {told_verdicts}   {told(overview.counts) or 'no findings'}"


def _told_of(row: Row) -> str:
    """Return what a row says after its verdict: its name, its scope, its findings, and why it is undecided."""
    name = f"{row.name} ({row.scope})" if row.scope else row.name
    reason = row.reason if row.verdict is Verdict.UNDECIDED else ""
    return "   ".join(filter(None, (name, told(row.counts) or "no findings", reason)))


def _rows(overview: Overview, view: View) -> Iterator[str]:
    for row in overview.rows:
        label = paint(row.verdict.ljust(_WIDEST), VERDICT_INKS[row.verdict], view.colour)
        yield from wrapped(_told_of(row), view.width, f"{label}  ", " " * (_WIDEST + 2))
    yield ""


def _frequent(overview: Overview, view: View) -> Iterator[str]:
    if not overview.frequent:
        return
    yield paint("found most often", Ink.BOLD, view.colour)
    shown = overview.frequent if view.limit is None else overview.frequent[:SHOWN_CHECKS]
    for one in shown:
        where = f"{count(one.findings, 'finding')} in {one.results} of {count(len(overview.rows), 'result')}"
        yield f"  {one_line(one.code)} {one_line(one.name)}   {where}"
    if hidden := len(overview.frequent) - len(shown):
        yield f"  … and {hidden} more (--all shows them)"
    yield ""
