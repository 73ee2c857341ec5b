"""A finding in one line."""

from __future__ import annotations

from pgproof.judge.result import Judged
from pgproof.reports.block import INKS
from pgproof.reports.terminal import one_line, paint
from pgproof.reports.view import View


def headline(finding: Judged, view: View) -> str:
    """Return severity, code, name and subject, indented."""
    head = paint(f"{finding.severity}[{one_line(finding.code)}]", INKS[finding.severity], view.colour)
    subject = finding.subject if finding.kind == "file" else f"{finding.kind} {finding.subject}"
    within = f"   in {one_line(finding.database)}" if finding.database else ""
    return f"  {head} {one_line(finding.name)}   {one_line(subject)}{within}"
