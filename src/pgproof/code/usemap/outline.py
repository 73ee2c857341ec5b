"""What a file of TypeScript, JavaScript or Python defines and imports, by its lines.

A use map needs to know in which definition a name is mentioned, for all files of a project and at little cost: a
definition begins in the first column, or as a member of a class or an object that does, and ends where the next begins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_TS_TOP = re.compile(
    r"""^(?:
        (?P<export>export\s+)?(?P<default>default\s+)?(?:declare\s+|abstract\s+|async\s+)*
          (?P<kind>function|class|const|let|var)\b\s*\*?\s*(?P<name>[A-Za-z_$][\w$]*)?
      | (?P<anonymous>export\s+default\b|module\.exports\s*=)
      | (?:import|export|if|for|try|await|void|interface|type|enum)\b
      | (?:[a-z_$][\w$]*\.)*[a-z_$][\w$]*\(
    )""",
    re.MULTILINE | re.VERBOSE,
)
_TS_MEMBER = re.compile(
    r"""^(?P<indent>[ \t]+)(?:(?:public|private|protected|static|async|override|readonly|get|set)\s+)*\*?
        (?P<name>[A-Za-z_$][\w$]*)\s*(?:<[^>\n]*>)?\s*
        (?:\(|[=:]\s*(?:async\b\s*)?(?:\(|function\b|[A-Za-z_$][\w$]*\s*=>))""",
    re.MULTILINE | re.VERBOSE,
)
_OBJECT = re.compile(r"=\s*\{\s*$|^export\s+default\s*\{\s*$|^module\.exports\s*=\s*\{\s*$", re.MULTILINE)
_WORDS = frozenset({"if", "for", "while", "switch", "return", "catch", "await", "function", "constructor", "super"})
_PY_TOP = re.compile(
    r"^(?:(?P<decorator>@)|(?:async\s+)?(?P<kind>def|class)\s+(?P<name>\w+)|(?P<variable>\w+)\s*(?::[^=\n]+)?=(?!=)"
    r"|(?:if|for|while|try|with|from|import)\b|[a-z_][\w.]*\()",
    re.MULTILINE,
)
_PY_MEMBER = re.compile(r"^(?P<indent>[ \t]+)(?:async\s+)?def\s+(?P<name>\w+)", re.MULTILINE)
_TS_IMPORT = re.compile(
    r"""^[ \t]*(?P<how>import|export)\s+(?:type\s+)?(?P<what>[^'"`;()=]*?)\s*from\s*['"](?P<source>[^'"\n]+)['"]""",
    re.MULTILINE,
)
_TS_REQUIRED = re.compile(
    r"""\b(?:const|let|var)\s+(?P<required>[\w$]+|\{[^}]*\})\s*=\s*(?:await\s+)?(?:require|import)\(\s*"""
    r"""['"](?P<other>[^'"\n]+)['"]""",
    re.MULTILINE,
)
_TS_EXPORTS = re.compile(r"^export\s*\{(?P<what>[^}]*)\}\s*;?\s*$|^export\s+default\s+(?P<name>[\w$]+)\s*;?\s*$", re.M)
_PY_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<module>\.*[\w.]*)[ \t]+import[ \t]+(?:\((?P<several>[^)]*)\)|(?P<names>[^\n#;]+))"
    r"|import[ \t]+(?P<plain>[\w., \t]+))",
    re.MULTILINE,
)
_CLASS = re.compile(r"^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s+([\w$]+)", re.MULTILINE)
WHOLE = "*"
"""What is imported when it is a whole module."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition, `owner` the class or object that it is a member of; `name` is `""` for statements without one."""

    name: str
    owner: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Import:
    """`name` of the module `source` is called `local` here; `exported` when it is given on under that name."""

    source: str
    name: str
    local: str = ""
    exported: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """The definitions of a file in their order, members after their owners, and the names that it exports them by."""

    definitions: tuple[Definition, ...]
    exports: tuple[tuple[str, str], ...]
    starts: tuple[int, ...]
    classes: frozenset[str] = frozenset()

    def at(self, offset: int) -> Definition | None:
        """Return the innermost definition that a place is in."""
        number = bisect_right(self.starts, offset) - 1
        while number >= 0:
            if self.definitions[number].end > offset:
                return self.definitions[number]
            number -= 1
        return None

    def called(self, name: str) -> set[str]:
        """Return the names by which other modules import a definition of the first level."""
        return {name, *(exported for own, exported in self.exports if own == name)}


def outline(path: str, text: str) -> Outline:
    """Return what a file defines. A component (`.vue`, `.svelte`, `.astro`) is one definition, its default export."""
    if path.endswith((".vue", ".svelte", ".astro")):
        return Outline((Definition("default", "", 0, len(text)),), (("default", "default"),), (0,))
    python = path.endswith(".py")
    found = tuple(_definitions(text, python))
    exports = () if python else tuple(_exports(text))
    classes = frozenset(match[1] for match in _CLASS.finditer(text))
    return Outline(found, exports, tuple(one.start for one in found), classes)


def imports(path: str, text: str) -> Iterator[Import]:
    """Yield what a file imports, wherever in it."""
    yield from _python_imports(text) if path.endswith(".py") else _script_imports(text)


def _definitions(text: str, python: bool) -> Iterator[Definition]:
    starts = list(_tops(text, python))
    for number, (start, name, members) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(text)
        yield Definition(name, "", start, end)
        if members:
            inner = list(_members(text, start, end, python))
            for index, (begin, member) in enumerate(inner):
                yield Definition(member, name, begin, inner[index + 1][0] if index + 1 < len(inner) else end)


def _tops(text: str, python: bool) -> Iterator[tuple[int, str, bool]]:
    """Yield where each statement of the first column begins, its name, and whether it may have members."""
    if python:
        decorated = -1
        for match in _PY_TOP.finditer(text):
            if match["decorator"]:
                decorated = match.start() if decorated < 0 else decorated
                continue
            start, decorated = (decorated if decorated >= 0 and match["kind"] else match.start()), -1
            yield start, match["name"] or match["variable"] or "", match["kind"] == "class"
        return
    for match in _TS_TOP.finditer(text):
        end = text.find("\n", match.start())
        line = text[match.start() : end if end >= 0 else len(text)]
        unnamed = (match["default"] or match["anonymous"]) and not _TS_EXPORTS.match(line)
        name = match["name"] or ("default" if unnamed else "")
        yield match.start(), name, match["kind"] == "class" or bool(_OBJECT.search(line))


def _members(text: str, start: int, end: int, python: bool) -> Iterator[tuple[int, str]]:
    pattern = _PY_MEMBER if python else _TS_MEMBER
    indent = ""
    for match in pattern.finditer(text, text.find("\n", start) + 1, end):
        indent = indent or match["indent"]
        if match["indent"] == indent and match["name"] not in _WORDS:
            yield match.start(), match["name"]


def _exports(text: str) -> Iterator[tuple[str, str]]:
    for match in _TS_TOP.finditer(text):
        if match["default"] and match["name"]:
            yield match["name"], "default"
    for match in _TS_EXPORTS.finditer(text):
        if match["name"]:
            yield match["name"], "default"
        else:
            yield from _pairs(match["what"])


def _pairs(clause: str) -> Iterator[tuple[str, str]]:
    """Yield `a` and `b` of `{ a as b }`, and of `{ a: b }`."""
    for part in clause.strip("{} \n\t").split(","):
        words = part.replace(":", " as ").replace("type ", " ").split()
        if words:
            yield words[0], words[-1]


def _script_imports(text: str) -> Iterator[Import]:
    for match in _TS_REQUIRED.finditer(text) if "require(" in text or "import(" in text else ():
        required = match["required"]
        if required.startswith("{"):
            yield from (Import(match["other"], name, local) for name, local in _pairs(required))
        else:
            yield Import(match["other"], WHOLE, required)
            yield Import(match["other"], "default", required)
    for match in _TS_IMPORT.finditer(text):
        what, source = match["what"].strip(), match["source"]
        plain, brace, clause = what.partition("{")
        if brace:
            for name, local in _pairs(clause.partition("}")[0]):
                yield Import(source, name, "", local) if match["how"] == "export" else Import(source, name, local)
        for word in filter(None, (part.strip() for part in plain.split(","))):
            if not word.startswith("*"):
                yield Import(source, "default", word)
            elif match["how"] == "export":
                yield Import(source, WHOLE, "", word.split()[-1])
            else:
                yield Import(source, WHOLE, word.split()[-1])


def _python_imports(text: str) -> Iterator[Import]:
    for match in _PY_IMPORT.finditer(text):
        if match["plain"]:
            for part in match["plain"].split(","):
                words = part.split()
                if words:
                    yield Import(words[0], WHOLE, words[-1])
            continue
        for part in re.sub(r"#[^\n]*", "", match["several"] or match["names"] or "").replace("\\", " ").split(","):
            words = part.split()
            if words:
                yield Import(match["module"], words[0], words[-1], words[-1])
