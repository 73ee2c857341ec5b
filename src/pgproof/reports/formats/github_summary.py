"""The short report, for a pull request's comment or a step's summary: append it to what `$GITHUB_STEP_SUMMARY` names.

GitHub drops a summary of more than 1 MiB altogether (docs.github.com, workflow commands, "Adding a job summary"), so
that fewer findings are shown in full until it fits.
"""

from __future__ import annotations

from dataclasses import replace

from pgproof.judge.result import Result
from pgproof.reports.ending import counts
from pgproof.reports.folded import short
from pgproof.reports.view import View

LIMIT_BYTES = 1 << 20


def render(result: Result, view: View) -> str:
    """Return it with as many findings in full as fit; of `view` `limit` and `brief` matter."""
    text = short(result, view)
    limit = len(result.findings)
    while limit and len(text.encode()) > LIMIT_BYTES:
        limit //= 2
        if view.limit is None or limit < view.limit:
            text = short(result, replace(view, limit=limit))
    if len(text.encode()) > LIMIT_BYTES:
        return f"## pgproof: {result.verdict}\n\n{counts(result)}\n\nThe report is longer than GitHub shows.\n"
    return text
