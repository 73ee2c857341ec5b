"""One finding on the terminal, as the lines of a block."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.judge.result import Judged
from pgproof.model import Severity
from pgproof.reports.excerpt import excerpt
from pgproof.reports.terminal import Ink, one_line, paint, verbatim, wrapped
from pgproof.reports.view import View

INKS = {Severity.ERROR: Ink.RED, Severity.WARNING: Ink.YELLOW, Severity.NOTE: Ink.BLUE}
SHOWN_CONSEQUENCES = 5
_INDENTATION = " " * 7
_UNLIMITED_WIDTH = 160
"""Where there is no terminal an excerpt is still cut: a line of a migration may be megabytes long."""


def block(finding: Judged, view: View) -> Iterator[str]:
    """Yield the lines of one finding: what and where, the source, how it is known, and what to do."""
    ink = INKS[finding.severity]
    head = paint(f"{finding.severity}[{one_line(finding.code)}]", ink, view.colour)
    subject = one_line(finding.subject if finding.kind == "file" else f"{finding.kind} {finding.subject}")
    within = f"   in {one_line(finding.database)}" if finding.database else ""
    yield f"{head} {one_line(finding.name)}   {paint(subject, Ink.BOLD, view.colour)}{within}"
    if finding.location:
        yield _margin("-->", view, 2) + " " + one_line(str(finding.location))
    yield from _source(finding, view, ink)
    yield from _evidence(finding, view)
    if finding.fix:
        yield from _item("fix: ", finding.fix, view)
    yield from _consequences(finding, view)
    yield from _item("more: ", f"pgproof explain {finding.code}", view)


def _source(finding: Judged, view: View, ink: Ink) -> Iterator[str]:
    bar = _margin("|", view)
    if not finding.excerpt:
        yield from wrapped(finding.message, view.width, f"{bar}  ", f"{bar}  ")
        return
    part = excerpt(
        finding.excerpt, finding.location.column if finding.location else 0, (view.width or _UNLIMITED_WIDTH) - 6
    )
    yield f"{bar}  {part.line}"
    if not part.marked:
        yield from wrapped(finding.message, view.width, f"{bar}  ", f"{bar}  ")
        return
    mark = f"{bar}  {' ' * part.before}{paint('^' * part.marked, ink, view.colour)}"
    if not view.width or 7 + part.before + part.marked + len(finding.message) <= view.width:
        yield f"{mark} {one_line(finding.message)}"
    else:
        yield mark
        yield from wrapped(finding.message, view.width, f"{bar}  ", f"{bar}  ")


def _evidence(finding: Judged, view: View) -> Iterator[str]:
    for line in finding.seen:
        yield from wrapped(line, view.width, f"{_margin('=', view)} ", _INDENTATION)
    proof = str(finding.proof)
    yield from _item(f"{proof}: " if finding.reproduce else proof, finding.reproduce, view)


def _consequences(finding: Judged, view: View) -> Iterator[str]:
    if not (consequences := finding.consequences):
        return
    shown = consequences if view.limit is None else consequences[:SHOWN_CONSEQUENCES]
    yield from _item("", f"explains {len(consequences)} more:", view)
    for line in shown:
        yield from wrapped(line, view.width, _INDENTATION, _INDENTATION)
    if hidden := len(consequences) - len(shown):
        yield f"{_INDENTATION}… and {hidden} more"


def _item(label: str, text: str, view: View) -> list[str]:
    return verbatim(text, f"{_margin('=', view)} {label}", _INDENTATION)


def _margin(sign: str, view: View, indentation: int = 3) -> str:
    return " " * indentation + paint(sign, Ink.FAINT, view.colour)
