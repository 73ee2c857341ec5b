"""Text of the project in Markdown: in code, where no markup, link or mention is read."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from pgproof.reports.terminal import one_line

_BACKQUOTES = re.compile(r"`+")
_OWN = re.compile(r"[^A-Za-z0-9 ]")
LONGEST = 300
"""Characters of one text that are shown; the findings and `pgproof inventory` have it in full."""


def code(text: str) -> str:
    """Return a text as a code span, which it cannot leave (CommonMark, 6.1); `""` for an empty one."""
    safe = one_line(text)
    if len(safe) > LONGEST:
        safe = f"{safe[:LONGEST]} …"
    if not safe.strip():
        return ""
    fence = "`" * (max((len(run) for run in _BACKQUOTES.findall(safe)), default=0) + 1)
    pad = " " if safe[0] in "` " or safe[-1] in "` " else ""
    return f"{fence}{pad}{safe}{pad}{fence}"


def cell(text: str) -> str:
    """Return a text as a code span in a cell of a table: there a bar is escaped also in code (GFM, 4.10)."""
    return code(text.replace("\\|", "¦")).replace("|", "\\|")


def plain(text: str) -> str:
    """Return words of pgproof's own (`read from live`); a stored result may say anything, and no markup is left."""
    return _OWN.sub("", text)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table; its cells are Markdown already."""
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def folded(summary: str, lines: Iterable[str], name: str = "") -> Iterator[str]:
    """Yield lines that are folded away under a summary, our own words, and a name, the project's."""
    named = f" <code>{html.escape(one_line(name))}</code>" if name else ""
    yield f"<details><summary>{summary}{named}</summary>"
    yield ""
    yield from lines
    yield "</details>"
    yield ""
