"""Names that a framework provides without an import: Nuxt's of the files in `composables` and `utils`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from pgproof.code.typescript import exports
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.known import Known
from pgproof.code.typescript.module import Module

_CONFIGURATIONS = ("nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs")
_FOLDERS = tuple(
    f"{top}{folder}/" for top in ("", "app/", "src/", "shared/", "server/") for folder in ("composables", "utils")
)
"""Nuxt's documentation, Auto-imports: the files of these folders, not those of folders in them."""


def provided(code: Codebase, module: Module, name: str, depth: int) -> list[Known]:
    """Return what a name is that a file uses and does not declare; nothing when no file exports it to all."""
    root = _root(code, posixpath.dirname(module.path))
    if root is None:
        return []
    found = code.resolved(root, f"export {name}", lambda: _exporting(code, root, name))
    return list(exports.exported(code, found, name, depth + 1)) if found is not None else []


def _root(code: Codebase, folder: str) -> str | None:
    """Return the folder of the nearest configuration of Nuxt."""
    while True:
        if any(posixpath.join(folder, name) in code.project.paths for name in _CONFIGURATIONS):
            return folder
        if not folder:
            return None
        folder = posixpath.dirname(folder)


def _exporting(code: Codebase, root: str, name: str) -> str | None:
    exporting = re.compile(rf"\bexport\b[^;\n]*\b{re.escape(name)}\b")
    return next((path for path in _files(code, root) if exporting.search(code.text(path) or "")), None)


def _files(code: Codebase, root: str) -> Iterator[str]:
    at = len(root) + 1 if root else 0
    for path in code.sources():
        if not root or path.startswith(f"{root}/"):
            rest = path[at:]
            if any(rest.startswith(start) and "/" not in rest[len(start) :] for start in _FOLDERS):
                yield path
