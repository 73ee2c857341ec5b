"""The findings as Markdown, each folded, and the short report of them: the terminal's blocks.

Whatever comes from the project stands in code, where GitHub and GitLab read no markup, links or mentions.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from pgproof.judge.result import Result
from pgproof.reports import suppressions
from pgproof.reports.block import block
from pgproof.reports.databases import databases
from pgproof.reports.ending import counts, not_verified, proof_lines, verdict_line
from pgproof.reports.features import features
from pgproof.reports.fence import fenced
from pgproof.reports.formats.text import not_shown
from pgproof.reports.migrations import migrations
from pgproof.reports.view import View


def short(result: Result, view: View) -> str:
    """Return a report for a pull request's comment or a step's summary; of `view` `limit` and `brief` matter."""
    plain = View(limit=view.limit)
    lines = [f"## pgproof: {result.verdict}", "", counts(result), ""]
    if not view.brief:
        lines += findings(result, plain)
    ending = [
        *migrations(result.migrations, plain),
        *features(result.features, plain),
        *not_verified(result.gaps, plain),
    ]
    ending += [*suppressions.to_clean_up(result.stale, plain), *databases(result, plain)]
    lines += fenced([*ending, *proof_lines(result, plain), *verdict_line(result, plain)])
    return "\n".join(lines) + "\n"


def findings(result: Result, view: View) -> Iterator[str]:
    """Yield each finding, folded, how many more there are, and what is not reported."""
    shown, hidden = view.split(result.findings)
    for finding in shown:
        title, *below = block(finding, view)
        yield f"<details><summary><code>{html.escape(title)}</code></summary>"
        yield ""
        yield from fenced(below)
        yield "</details>"
        yield ""
    if rest := list(not_shown(hidden, view)):
        yield from fenced(rest[:-1])
        yield ""
    if suppressed := list(suppressions.not_reported(result.suppressed, view)):
        yield f"<details><summary>not reported: {' · '.join(suppressions.counts(result))}</summary>"
        yield ""
        yield from fenced(suppressed[1:-1])
        yield "</details>"
        yield ""
