"""Which readers read which file: found by the file's suffix, imported when they are needed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from pgproof.code.source import Project, SourceFile
from pgproof.code.usage import Unread, Usage

_TYPESCRIPT = ("pgproof.code.typescript.read", "pgproof.code.typescript.queries")
_READERS = {
    **dict.fromkeys((".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"), _TYPESCRIPT),
    **dict.fromkeys((".vue", ".svelte", ".astro"), _TYPESCRIPT),
    **dict.fromkeys((".py", ".ipynb"), ("pgproof.code.python.read",)),
    ".rs": ("pgproof.code.rust.read",),
    ".go": ("pgproof.code.go.read",),
    ".sql": ("pgproof.code.sql.read",),
}
"""The modules for each suffix, each with a function `read`: a Reader or a ProjectReader."""

SUFFIXES = tuple(_READERS)
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
"""Types without a line that runs."""

BoundReader = Callable[[SourceFile, Project], Iterator[Usage | Unread]]


def is_read(path: str) -> bool:
    """Say whether there is a reader for a file."""
    return path.endswith(SUFFIXES) and not path.endswith(_DECLARATIONS)


def readers_of(path: str) -> tuple[BoundReader, ...]:
    """Return the readers of a file for which there is one."""
    return tuple(map(_reader, _READERS[path[path.rindex(".") :]]))


@cache
def _reader(module: str) -> BoundReader:
    read = import_module(module).read
    if len(inspect.signature(read).parameters) > 1:
        return read  # type: ignore[no-any-return]
    return lambda source, _: read(source)
