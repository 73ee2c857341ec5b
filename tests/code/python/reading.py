"""A project in memory, and what the reader of Python finds in it."""

from __future__ import annotations

from collections.abc import Collection
from textwrap import dedent

from pgproof.code.python.read import read
from pgproof.code.source import SourceFile
from pgproof.code.usage import Call, Query, TableUse, Unread, Usage


class Memory:
    """Files by path."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    @property
    def paths(self) -> Collection[str]:
        return self.files.keys()

    def text(self, path: str) -> str | None:
        return self.files.get(path)


def found(text: str, **others: str) -> list[Usage | Unread]:
    """Return what is found in `app/main.py`; the others are modules beside it."""
    files = {f"app/{name}.py": dedent(other) for name, other in others.items()} | {"app/main.py": dedent(text)}
    return list(read(SourceFile("app/main.py", files["app/main.py"]), Memory(files)))


def queries(text: str, **others: str) -> list[Query]:
    return [one for one in found(text, **others) if isinstance(one, Query)]


def tables(text: str, **others: str) -> list[TableUse]:
    return [one for one in found(text, **others) if isinstance(one, TableUse)]


def calls(text: str, **others: str) -> list[Call]:
    return [one for one in found(text, **others) if isinstance(one, Call)]
