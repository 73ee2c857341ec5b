"""The result for a pull request's comment or a step summary: the terminal's blocks, folded.

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


def render(result: Result, view: View) -> str:
    """Return the report in Markdown (GitHub's dialect); of `view` only `limit` and `brief` matter."""
    plain = View(limit=view.limit)
    lines = [f"## pgproof: {result.verdict}", "", counts(result), ""]
    if not view.brief:
        lines += _findings(result, plain)
    ending = [
        *migrations(result.migrations, plain),
        *features(result.features, plain),
        *not_verified(result.gaps, plain),
    ]
    ending += [*suppressions.to_clean_up(result.stale, plain), *databases(result, plain)]
    lines += fenced([*ending, *proof_lines(result, plain), *verdict_line(result, plain)])
    return "\n".join(lines) + "\n"


def _findings(result: Result, view: View) -> Iterator[str]:
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
