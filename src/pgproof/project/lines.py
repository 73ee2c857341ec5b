"""The line of a key in a TOML text, which the standard library's parser does not tell."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_PART = re.compile(r"[\w-]+|\"[^\"]*\"|'[^']*'")


def line_of(text: str, section: str, key: str, nth: int = 0) -> int | None:
    """Return the line, from 1, on which `key` of `section` (dotted, `""` for the top) is set or its header stands.

    A key inside an inline table gives the line of that table. `nth` says which of several `[[section]]` is meant, from
    0. `None` when it is not found.
    """
    above = _parts(section)
    path = [*above, key]
    found: int | None = None
    depth = 0
    header: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if match := _HEADER.fullmatch(line):
            here = header = _parts(match[1])
            if header == above and line.lstrip().startswith("[["):
                nth -= 1
                if nth != -1:
                    header = [""]  # what follows belongs to another one
                    continue
        elif match := _KEY.match(line):
            here = [*header, *_parts(match[1])]
        else:
            continue
        if len(here) > depth and path[: len(here)] == here:
            found, depth = number, len(here)
    return found


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(dotted)]


def lines_of(text: str) -> dict[tuple[str | int, ...], int]:
    """Return the line of every header and key of a TOML text by its path; `[[query]]` adds its number, from 0.

    A key inside an inline table has none of its own. The first of several equal paths counts.
    """
    found: dict[tuple[str | int, ...], int] = {}
    header: tuple[str | int, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if match := _HEADER.fullmatch(line):
            header = tuple(_parts(match[1]))
            if line.lstrip().startswith("[["):
                several = next(n for n in range(len(text)) if (*header, n) not in found)
                header = (*header, several)
            found.setdefault(header, number)
        elif match := _KEY.match(line):
            found.setdefault((*header, *_parts(match[1])), number)
    return found
