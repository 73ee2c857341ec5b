"""The result as SARIF for GitHub code scanning, without the suppressed findings.

Code scanning does not know `suppressions` (docs.github.com, SARIF support for code scanning): each suppressed result
would be an open alert. A step that uploads the file has to run after a NO-GO too: `if: always()`.
"""

from __future__ import annotations

from dataclasses import replace

from pgproof.judge.result import Result
from pgproof.reports.formats import sarif
from pgproof.reports.view import View


def render(result: Result, view: View) -> str:
    """Return the log of the format `sarif` without what is not reported."""
    return sarif.render(replace(result, suppressed=()), view)
