"""The comparison for a pull request's comment: the terminal's parts, folded but for what is new."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.judge.comparison import Comparison
from pgproof.reports.comparison.text import last_line, sections, summary
from pgproof.reports.fence import fenced
from pgproof.reports.terminal import one_line
from pgproof.reports.view import View


def render(comparison: Comparison, view: View) -> str:
    """Return the report in Markdown (GitHub's dialect); of `view` only `limit` and `brief` matter."""
    plain = View(limit=view.limit)
    before, after = comparison.before.verdict, comparison.after.verdict
    verdict = f"{after} as before" if before is after else f"{before} → {after}"
    lines = [f"## pgproof: {verdict}", "", summary(comparison), ""]
    if not view.brief:
        lines += _parts(comparison, plain)
    why = [one_line(f"because  {' · '.join(comparison.why)}")] if comparison.why else []
    return "\n".join([*lines, *fenced([*why, *last_line(comparison, plain)])]) + "\n"


def _parts(comparison: Comparison, view: View) -> Iterator[str]:
    for title, lines in sections(comparison, view):
        is_open = " open" if title.startswith("new") else ""
        yield f"<details{is_open}><summary>{title}</summary>"
        yield ""
        yield from fenced(lines)
        yield "</details>"
        yield ""
