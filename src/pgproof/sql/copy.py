r"""COPY data inside a script, and psql's `\copy` (manual, pages of COPY and psql)."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from pgproof.sql.psql import line_end

_END_OF_DATA = re.compile(r"^\\\.[ \t]*\r?$", re.MULTILINE)
_COPY_FROM_STDIN = re.compile(r"copy\b[^;]*\bfrom\s+stdin\b", re.IGNORECASE)
_PART = re.compile(r"""'(?:[^']|'')*+'|"[^"]*+"|\((?:[^()'"]++|'[^']*+'|"[^"]*+")*+\)|[^\s'"()]++|\S""")


class Data(NamedTuple):
    """COPY data: the offsets of its beginning and end, the offset after its terminator, and whether it has one."""

    start: int
    end: int
    after: int
    terminated: bool


class ClientCopy(NamedTuple):
    r"""A `\copy`: the COPY that psql sends, and the file that it reads (`None`: inline data), or why it is refused."""

    sql: str
    file: str | None
    refusal: str = ""


def reads_stdin(tree: dict[str, Any]) -> bool:
    """Say whether a statement is a `COPY … FROM stdin`, whose data follows in the script."""
    copy = tree.get("CopyStmt", {})
    return bool(copy.get("is_from")) and not copy.get("filename") and not copy.get("is_program")


def looks_like_stdin(text: str) -> bool:
    """Say whether a statement that does not parse is meant as a `COPY … FROM stdin`."""
    return _COPY_FROM_STDIN.match(text) is not None


def data_after(text: str, position: int) -> Data:
    r"""Find the data that begins on the line after `position` and ends with a line `\.`, or with the text."""
    start = min(line_end(text, position) + 1, len(text))
    end = _END_OF_DATA.search(text, start)
    if not end:
        return Data(start, len(text), len(text), False)
    return Data(start, end.start(), min(end.end() + 1, len(text)), True)


def client_copy(line: str) -> ClientCopy:
    r"""Read what follows `\copy` on its line; psql replaces no variables here."""
    parts = list(_PART.finditer(line))
    way = next((i for i, part in enumerate(parts) if i and part.group().lower() in {"from", "to"}), 0)
    if not way or way + 1 >= len(parts):
        return ClientCopy("", None, "cannot be read: \\copy needs a table, FROM, and a file")
    if parts[way].group().lower() == "to":
        return ClientCopy("", None, "writes a file")
    source = parts[way + 1].group()
    if source.lower() == "program":
        return ClientCopy("", None, "runs a command of the shell")
    if source.lower() == "pstdin":
        return ClientCopy("", None, "reads psql's own standard input")
    sql = f"COPY {line[: parts[way].start()].strip()} FROM STDIN {line[parts[way + 1].end() :].strip()}".rstrip("; ")
    if source.lower() == "stdin":
        return ClientCopy(sql, None)
    return ClientCopy(sql, source[1:-1].replace("''", "'") if source.startswith("'") else source)
