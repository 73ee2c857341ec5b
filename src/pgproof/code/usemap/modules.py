"""Which file of the project an import means."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from dataclasses import replace

from pgproof.code.source import Project
from pgproof.code.typescript.codebase import codebase_of
from pgproof.code.usemap.outline import WHOLE, Import, imports

_SCRIPTS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte", ".astro")
SUFFIXES = (*_SCRIPTS, ".py")


def resolved(project: Project, paths: Collection[str]) -> dict[str, list[tuple[str, Import]]]:
    """Return, for each of the files, what it imports of the project: the module's path, and what of it."""
    resolve = Resolver(project, paths)
    return {path: list(resolve.imports(path)) for path in paths}


class Resolver:
    """Finds modules; sources that cannot be a file of the project by their last word are not looked for."""

    def __init__(self, project: Project, paths: Collection[str]) -> None:
        """Look at the names of the files that count."""
        self._project = project
        self._paths = frozenset(paths)
        self._words = set(_words(paths))
        self._known: dict[tuple[str, str], str | None] = {}

    def imports(self, path: str) -> Iterator[tuple[str, Import]]:
        """Yield what a file imports of the project."""
        text = self._project.text(path)
        for one in imports(path, text) if text else ():
            if path.endswith(".py"):
                yield from self._python(path, one)
            elif module := self._script(path, one.source):
                yield module, one

    def _script(self, path: str, source: str) -> str | None:
        folder = posixpath.dirname(path)
        if (folder, source) not in self._known:
            found = None
            if source.startswith(".") or posixpath.basename(source).partition(".")[0] in self._words:
                found = codebase_of(self._project).path_of(path, source)
            self._known[folder, source] = found if found in self._paths else None
        return self._known[folder, source]

    def _python(self, path: str, one: Import) -> Iterator[tuple[str, Import]]:
        given_on = one.exported if path.endswith("/__init__.py") else ""
        if one.name != WHOLE and (module := self._module(path, _joined(one.source, one.name))):
            yield module, replace(one, name=WHOLE, exported="")
        elif module := self._module(path, one.source):
            yield module, replace(one, exported=given_on)

    def _module(self, path: str, name: str) -> str | None:
        level = len(name) - len(name.lstrip("."))
        inner = name.lstrip(".").replace(".", "/")
        folder = posixpath.dirname(path)
        for _ in range(level - 1):
            folder = posixpath.dirname(folder)
        while True:
            for base in (folder, posixpath.join(folder, "src")):
                target = posixpath.join(base, inner) if inner else base
                for candidate in (f"{target}.py", f"{target}/__init__.py"):
                    if candidate in self._paths and candidate != path:
                        return candidate
            if level or not folder:
                return None
            folder = posixpath.dirname(folder)


def _joined(module: str, name: str) -> str:
    return f"{module}{name}" if not module or module.endswith(".") else f"{module}.{name}"


def _words(paths: Collection[str]) -> Iterator[str]:
    """Yield the words that an import may end in: names of files, of folders, and of packages that are folders."""
    for path in paths:
        folder, _, name = path.rpartition("/")
        yield name.partition(".")[0]
        yield from folder.split("/")
