"""The modules of a project, each parsed once, and the other files that say what their names mean."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from pgproof.code.source import Project
from pgproof.code.typescript.module import Module
from pgproof.code.typescript.resolve import path_of

_CODE = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte", ".astro")
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|/\*.*?\*/|//[^\n]*', re.DOTALL)
_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)

_known: WeakKeyDictionary[Project, Codebase] = WeakKeyDictionary()


def codebase_of(project: Project) -> Codebase:
    """Return the modules of a project: the same for each file that is read."""
    found = _known.get(project)
    if found is None:
        found = _known[project] = Codebase(project)
    return found


class Codebase:
    """Modules by path. Every file that is looked at is asked of the project, each time: results depend on it."""

    def __init__(self, project: Project) -> None:
        """Parse nothing yet."""
        self._project: Any = _Weak(project)
        self._modules: dict[str, tuple[str, Module]] = {}
        self._documents: dict[str, tuple[str, Any]] = {}
        self._resolved: dict[tuple[str, str], tuple[str | None, tuple[str, ...]]] = {}
        self._asked: list[str] = []
        self._noted: set[str] = set()
        self._packages: list[str] | None = None
        self._sources: list[str] | None = None
        self._mentioning: dict[str, list[str]] = {}
        self.active: set[tuple[str, int]] = set()
        """Declarations that are being followed: one that leads to itself is not followed again."""
        self._kept: dict[tuple[str, str, int], tuple[Module, Any, tuple[str, ...]]] = {}
        self.found: dict[tuple[object, int, str, int], Any] = {}
        """What `once` found in the file that is read."""
        self.cut = 0
        """How often following was given up because it led in a circle or too far: such a result is not kept."""
        self.spent = 0
        """Expressions looked at for the present usage."""
        self.saved = 0
        """Those of them that are not looked at again, since what they led to is kept."""

    def begin(self) -> None:
        """Begin another file."""
        self._asked.clear()
        self._noted.clear()
        self.active.clear()
        self.found.clear()
        self.spent = 0

    @property
    def project(self) -> Project:
        """The project."""
        return self._project()  # type: ignore[no-any-return]

    def text(self, path: str) -> str | None:
        """Return the text of a file of the project; that it was asked for is noted."""
        self._asked.append(path)
        return self.project.text(path)

    def asked(self) -> int:
        """Return a mark: what is asked for from here on is what `keep` notes."""
        return len(self._asked)

    def asked_since(self, mark: int) -> tuple[str, ...]:
        """Return what was asked for since then."""
        return tuple(set(self._asked[mark:])) if len(self._asked) > mark else ()

    def note(self, paths: tuple[str, ...]) -> None:
        """Note that something depends on files that the file that is read has asked for already."""
        self._asked += paths

    def keep(self, kind: str, module: Module, node: int, value: Any, since: int) -> None:
        """Keep what was found out of a declaration, with the files that were asked for meanwhile."""
        self._kept[kind, module.path, node] = (module, value, self.asked_since(since))

    def kept(self, kind: str, module: Module, node: int) -> tuple[Any] | None:
        """Return what was kept; the files that it depends on are asked for again."""
        known = self._kept.get((kind, module.path, node))
        if known is None or known[0] is not module:
            return None
        self._ask(known[2])
        return (known[1],)

    def _ask(self, paths: tuple[str, ...]) -> None:
        """Ask for files whose text is known already, once for each file that is read."""
        self._asked += paths
        for path in paths:
            if path not in self._noted:
                self._noted.add(path)
                self.project.text(path)

    def module(self, path: str) -> Module | None:
        """Return a file, parsed; `None` when there is none that can be read."""
        text = self.text(path)
        return None if text is None else self.parsed(path, text)

    def parsed(self, path: str, text: str) -> Module:
        """Return the module that this text is."""
        known = self._modules.get(path)
        if known is None or (known[0] is not text and known[0] != text):
            known = self._modules[path] = (text, Module(path, text))
        return known[1]

    def find(self, importing: str, source: str) -> Module | None:
        """Return the module that `import … from "source"` means in a file; `None` when it is none of the project's."""
        folder = posixpath.dirname(importing)
        return self.resolved(folder, source, lambda: path_of(self, folder, source))

    def resolved(self, folder: str, name: str, look: Callable[[], str | None]) -> Module | None:
        """Return the module that a name means in a folder, looked for once; the files looked at are asked for again."""
        key = (folder, name)
        if key not in self._resolved:
            since = self.asked()
            self._resolved[key] = (look(), tuple(dict.fromkeys(self._asked[since:])))
        path, asked = self._resolved[key]
        self._ask(asked)
        return self.module(path) if path is not None else None

    def path_of(self, importing: str, source: str) -> str | None:
        """Return the path of the module that a file imports from `source`; `None` when it is none of the project's."""
        return path_of(self, posixpath.dirname(importing), source)

    def sources(self) -> list[str]:
        """Return the paths of the project's code in these languages."""
        if self._sources is None:
            self._sources = sorted(path for path in self.project.paths if path.endswith(_CODE))
        return self._sources

    def mentioning(self, word: str, besides: str) -> list[str]:
        """Return the paths of the sources that hold a word, without one; all sources are asked for."""
        self._ask(tuple(self.sources()))
        found = self._mentioning.get(word)
        if found is None:
            texts = ((path, self.project.text(path)) for path in self.sources())
            found = self._mentioning[word] = [path for path, text in texts if text is not None and word in text]
        return [path for path in found if path != besides]

    def manifests(self) -> list[str]:
        """Return the paths of the manifests of the project's packages."""
        if self._packages is None:
            self._packages = sorted(
                path
                for path in self.project.paths
                if path.endswith(("package.json", "deno.json", "deno.jsonc", "import_map.json"))
                and path.rpartition("/")[2] in ("package.json", "deno.json", "deno.jsonc", "import_map.json")
            )
        return self._packages

    def document(self, path: str) -> Any:
        """Return what a JSON file with comments says; `None` when it cannot be read."""
        text = self.text(path)
        if text is None:
            return None
        known = self._documents.get(path)
        if known is None or known[0] is not text:
            try:
                plain = _COMMA.sub(lambda found: found[1] or "", _COMMENT.sub(lambda found: found[1] or "", text))
                document = json.loads(plain)
            except (ValueError, RecursionError):
                document = None
            known = self._documents[path] = (text, document)
        return known[1]


class _Weak:
    """A weak reference, so that the modules of a project do not outlive it."""

    def __init__(self, project: Project) -> None:
        from weakref import ref

        self._ref = ref(project)

    def __call__(self) -> Project:
        found = self._ref()
        if found is None:
            raise ReferenceError("the project is gone")
        return found
