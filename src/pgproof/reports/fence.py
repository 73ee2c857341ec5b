"""Lines as a block of code in Markdown, which no line can leave."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BACKQUOTES = re.compile(r"`{3,}")


def fenced(lines: Iterable[str]) -> list[str]:
    """Fence the lines with more backquotes than any run in them (CommonMark, 4.5)."""
    text = list(lines)
    longest = max((len(run) for line in text for run in _BACKQUOTES.findall(line)), default=2)
    fence = "`" * (longest + 1)
    return [f"{fence}text", *text, fence]
