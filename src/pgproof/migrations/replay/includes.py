r"""What a script reads besides itself (`\i`, `\copy`): part of what a cached result depends on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from pgproof.sql.include import locate

_READS = re.compile(
    r"\\(?P<relative>ir|include_relative)\s+(?P<a>'(?:[^']|'')*'|[^\s;]+)"
    r"|\\(?:i|include)\s+(?P<b>'(?:[^']|'')*'|[^\s;]+)"
    r"|\\copy\b[^\n]*?\bfrom\s+(?P<c>'(?:[^']|'')*'|[^\s;]+)",
    re.IGNORECASE,
)
_NOT_PLAIN = re.compile(r"[:`\\\"]")


def included(text: str, path: str, root: Path) -> list[str] | None:
    """Return the names and hashes of all files that a script may read, or `None` when that cannot be told.

    Rather too many than too few: what only looks like a command counts too.
    """
    found: dict[str, str] = {}
    waiting = [(text, path)] if "\\" in text else []
    while waiting:
        script, script_path = waiting.pop()
        for target, relative in _targets(script):
            if _NOT_PLAIN.search(target):
                return None
            file = locate(root, script_path, target, relative).file
            name = file.relative_to(root).as_posix() if file else f"{script_path} {target}"
            if name in found:
                continue
            try:
                content = file.read_bytes() if file else b""
            except OSError:
                return None
            found[name] = hashlib.sha256(content).hexdigest() if file else "absent"
            waiting.append((content.decode(errors="replace"), name))
    return [f"{name} {content}" for name, content in sorted(found.items())]


def _targets(text: str) -> Iterator[tuple[str, bool]]:
    for command in _READS.finditer(text):
        target = next(filter(None, command.group("a", "b", "c")))
        if target.startswith("'"):
            target = target[1:-1].replace("''", "'")
        if target.lower() not in ("stdin", "pstdin", "program"):
            yield target, command["relative"] is not None
