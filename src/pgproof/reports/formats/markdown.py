"""The written report: what a team would write by hand after a release, from evidence.

Its first lines are for whoever decides, the rest for whoever repairs. Whatever comes from the project stands in code,
where GitHub and GitLab read no markup, links or mentions. For a comment there is the format `github_summary`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgproof.judge.result import Result
from pgproof.reports import suppressions
from pgproof.reports.databases import databases
from pgproof.reports.document.features import features
from pgproof.reports.document.head import head
from pgproof.reports.document.numbers import migrations, numbers
from pgproof.reports.ending import not_verified, proof_lines, verdict_line
from pgproof.reports.fence import fenced
from pgproof.reports.folded import findings
from pgproof.reports.view import View

_CODE = re.compile(r"[A-Z]{3}[0-9]{3}")
"""A stored result may say anything, and a command is copied."""
_EXPLAINED = 5
"""Checks whose explanation is proposed."""


def render(result: Result, view: View) -> str:
    """Return the report in Markdown (GitHub's dialect); of `view` only `limit` and `brief` matter."""
    plain = View(limit=view.limit)
    lines = [*head(result, plain)]
    if not view.brief:
        lines += _body(result, plain)
    return "\n".join(lines).rstrip("\n") + "\n"


def _body(result: Result, view: View) -> Iterator[str]:
    if result.databases:
        yield from _section("Databases", list(databases(result, view))[1:])
    yield from features(result.features)
    yield from numbers(result.promised)
    if result.findings or result.suppressed:
        yield "## Findings"
        yield ""
        yield from findings(result, view)
    yield from _section("Not verified, and why", list(not_verified(result.gaps, view))[1:])
    yield from migrations(result.replayed, result.migrations)
    yield from _section("To clean up", list(suppressions.to_clean_up(result.stale, view))[1:])
    yield from _section("How it is known", [*proof_lines(result, view), *verdict_line(result, view)])
    yield from _section("To see for yourself", list(_commands(result)))


def _section(heading: str, lines: list[str]) -> Iterator[str]:
    """Yield lines of the terminal's report under a heading; nothing when there are none."""
    while lines and not lines[-1]:
        lines.pop()
    if lines:
        yield f"## {heading}"
        yield ""
        yield from fenced(lines)
        yield ""


def _commands(result: Result) -> Iterator[str]:
    live = ' --live "$DATABASE_URL"' if any(name == "live" for name, _ in result.sources) else ""
    yield f"pgproof check{live} --all                       # everything above, anew"
    yield f"pgproof inventory{live}                         # each object, with the file and line that made it"
    codes = dict.fromkeys(one.code for one in result.findings if _CODE.fullmatch(one.code))
    for code in list(codes)[:_EXPLAINED]:
        yield f"pgproof explain {code}"
