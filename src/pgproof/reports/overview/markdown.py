"""The overview for a page or a step summary: the terminal's lines in code, where no name is markup."""

from __future__ import annotations

from pgproof.judge.overview import Overview
from pgproof.reports.fence import fenced
from pgproof.reports.overview import text
from pgproof.reports.view import View


def render(overview: Overview, view: View) -> str:
    """Return the report in Markdown (GitHub's dialect); of `view` only `limit` and `brief` matter."""
    lines = [f"## pgproof: {text.totals(overview)}", ""]
    if not view.brief:
        shown = text.render(overview, View(limit=view.limit)).splitlines()
        lines += fenced(shown[:-2])  # without the totals, which the title tells
    return "\n".join(lines) + "\n"
