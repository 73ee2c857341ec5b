"""Which file of the project an import means."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pgproof.code.typescript.codebase import Codebase

_SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte", ".d.ts")
_RUNTIME = re.compile(r"\.(m|c)?jsx?$")
_CONFIGURATIONS = ("tsconfig.json", "jsconfig.json")
_CONVENTIONS = {"@/": ("src/", "", "app/"), "~/": ("src/", "", "app/"), "$lib/": ("src/lib/",), "#/": ("src/", "")}
"""Prefixes that frameworks give a meaning without a line in a configuration; used when such a file is there."""
_DEPTH = 8


def path_of(code: Codebase, folder: str, source: str) -> str | None:
    """Return the path of the module that `import … from "source"` means in a folder; `None`: none of the project's."""
    if source.startswith("."):
        return _file(code, posixpath.normpath(posixpath.join(folder, source)))
    for target in _mapped(code, folder, source):
        if found := _file(code, target):
            return found
    return _of_workspace(code, source) or _by_convention(code, folder, source)


def _file(code: Codebase, path: str) -> str | None:
    if path.startswith(".."):
        return None
    path = "" if path == "." else path
    paths = code.project.paths
    for candidate in _candidates(path):
        if candidate in paths:
            code.text(candidate)
            return candidate
    for candidate in (path + ".ts", path + "/index.ts"):
        code.text(candidate)
    return None


def _mapped(code: Codebase, folder: str, source: str) -> Iterator[str]:
    """Yield what `paths` and `baseUrl` of the nearest configuration of the compiler say."""
    for above in _folders(folder):
        for name in _CONFIGURATIONS:
            path = posixpath.join(above, name)
            if path in code.project.paths:
                yield from _of_configuration(code, path, source, 0)
                return


def _of_configuration(code: Codebase, path: str, source: str, depth: int) -> Iterator[str]:
    document = code.document(path)
    if depth > _DEPTH or not isinstance(document, dict):
        return
    folder = posixpath.dirname(path)
    options = document.get("compilerOptions")
    options = options if isinstance(options, dict) else {}
    base = options.get("baseUrl")
    root = posixpath.normpath(posixpath.join(folder, base)) if isinstance(base, str) else folder
    paths = options.get("paths")
    if isinstance(paths, dict):
        for pattern, targets in paths.items():
            for target in targets if isinstance(targets, list) else ():
                if isinstance(target, str) and (rest := _matched(pattern, source)) is not None:
                    yield posixpath.normpath(posixpath.join(root, target.replace("*", rest, 1)))
    if isinstance(base, str):
        yield posixpath.normpath(posixpath.join(root, source))
    extended = document.get("extends")
    others = [extended] if isinstance(extended, str) else extended if isinstance(extended, list) else []
    references = document.get("references")
    others += [one.get("path") for one in references if isinstance(one, dict)] if isinstance(references, list) else []
    for other in others:
        if isinstance(other, str) and other.startswith("."):
            target = posixpath.normpath(posixpath.join(folder, other))
            for candidate in (target, target + ".json", posixpath.join(target, "tsconfig.json")):
                if candidate.endswith(".json") and candidate in code.project.paths:
                    yield from _of_configuration(code, candidate, source, depth + 1)
                    break


def _of_workspace(code: Codebase, source: str) -> str | None:
    parts = source.split("/")
    name = "/".join(parts[: 2 if source.startswith("@") else 1])
    rest = source[len(name) + 1 :]
    for path in code.manifests():
        document = code.document(path)
        if not isinstance(document, dict) or document.get("name") != name:
            continue
        folder = posixpath.dirname(path)
        for target in _entries(document, rest):
            if found := _file(code, posixpath.normpath(posixpath.join(folder, target))):
                return found
    return None


def _by_convention(code: Codebase, folder: str, source: str) -> str | None:
    for prefix, roots in _CONVENTIONS.items():
        if source.startswith(prefix):
            for above in _folders(folder):
                for root in roots:
                    found = _file(code, posixpath.normpath(posixpath.join(above, root, source[len(prefix) :])))
                    if found:
                        return found
    return None


def _candidates(path: str) -> Iterator[str]:
    yield path
    for suffix in _SUFFIXES:
        yield path + suffix
    if found := _RUNTIME.search(path):
        stem = path[: found.start()]
        for suffix in (".ts", ".tsx", ".mts", ".cts", ".d.ts"):
            yield stem + suffix
    for suffix in _SUFFIXES:
        yield f"{path}/index{suffix}" if path else f"index{suffix}"


def _folders(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _matched(pattern: str, source: str) -> str | None:
    """Return what the star of a pattern of `paths` stands for, `""` without a star."""
    before, star, after = pattern.partition("*")
    if not star:
        return "" if pattern == source else None
    if source.startswith(before) and source.endswith(after) and len(source) >= len(before) + len(after):
        return source[len(before) : len(source) - len(after) or None]
    return None


def _entries(manifest: dict[str, Any], rest: str) -> Iterator[str]:
    """Yield where a package's module may lie: its `exports` and main files, then the usual folders."""
    exports = manifest.get("exports")
    if isinstance(exports, dict):
        for pattern, target in exports.items():
            if (star := _matched(pattern, f"./{rest}" if rest else ".")) is not None:
                for path in _targets(target):
                    yield path.replace("*", star)
    elif isinstance(exports, str) and not rest:
        yield exports
    if not rest:
        for key in ("source", "types", "module", "main"):
            if isinstance(manifest.get(key), str):
                yield manifest[key]
        yield from ("src/index", "index", "src/main")
    else:
        yield from (rest, f"src/{rest}")


def _targets(target: Any) -> Iterator[str]:
    if isinstance(target, str):
        yield target
    elif isinstance(target, dict):
        for one in target.values():
            yield from _targets(one)
