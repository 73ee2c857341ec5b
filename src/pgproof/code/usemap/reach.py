"""Which routes reach a definition: through calls and imports, backwards from what is called.

What is followed are names: a definition that mentions another one reaches it. What is called by a name that is put
together at run time, through a container, an event or a queue is not known, and has no route.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pgproof.code.usemap.by_code import Registered
from pgproof.code.usemap.by_path import METHODS, route_of
from pgproof.code.usemap.outline import WHOLE, Import, Outline

_OWN = ("this", "self", "cls")
_BEFORE = 80
_HOLDS = re.compile(r"\b(\w+)\??\s*(?::\s*|=\s*(?:await\s+)?(?:new\s+)?)\Z")
"""What comes before the name of a class where a variable gets an object of it."""
_RECEIVER = re.compile(r"([\w$]+(?:\.[\w$]+)?)\??\Z")
MOST = 2_000
"""Definitions that are looked at from one on: behind so many, everything reaches everything."""
_DEEPEST = 4
"""How often a name is given on."""
_HANDLER_FILE = re.compile(r"(?:^|/)(?:route|\+server)\.[jt]sx?$")
"""Files of which only the functions named for a method serve anything."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that imports something, and what: `source` is the path of the module."""

    path: str
    what: Import


@dataclass(frozen=True, slots=True)
class Node:
    """A definition in a file."""

    path: str
    name: str
    owner: str = ""


class Program:
    """The files of a project as far as they call each other; each is looked at when it is first needed."""

    def __init__(
        self,
        text: Callable[[str], str],
        outlined: Callable[[str], Outline],
        importers: Mapping[str, Sequence[Imported]],
        registered: Callable[[str], Sequence[Registered]],
    ) -> None:
        """Take the texts and outlines of files, who imports each, and what each registers as a route."""
        self._text = text
        self._outlined = outlined
        self._importers = importers
        self._registered = registered
        self._callers: dict[Node, tuple[frozenset[Node], frozenset[str]]] = {}
        self._lines: dict[str, list[int]] = {}

    def routes(self, path: str, line: int) -> tuple[str, ...]:
        """Return the routes that reach a line of a file, sorted; none when too much lies between to tell."""
        offset = self._offset(path, line)
        found = set(self._around(path, offset))
        begin = self._outlined(path).at(offset)
        if begin is None or not begin.name:
            return tuple(sorted(found))
        waiting = [Node(path, begin.name, begin.owner)]
        seen = set(waiting)
        while waiting:
            node = waiting.pop()
            found |= self._served(node)
            callers, routes = self._who_calls(node)
            found |= routes
            fresh = callers - seen
            if len(seen) + len(fresh) > MOST:
                return ()
            seen |= fresh
            waiting += fresh
        return tuple(sorted(found))

    def _served(self, node: Node) -> set[str]:
        """Return what a definition serves itself: by its path, or by a decorator."""
        found = {one.route for one in self._registered(node.path) if one.function and one.function == node.name}
        if not _HANDLER_FILE.search(node.path) or node.name in METHODS:
            found.add(route_of(node.path, node.name))
        return found - {""}

    def _who_calls(self, node: Node) -> tuple[frozenset[Node], frozenset[str]]:
        known = self._callers.get(node)
        if known is None:
            callers: set[Node] = set()
            routes: set[str] = set()
            for path, offset in self._mentions(node):
                routes |= set(self._around(path, offset))
                above = self._outlined(path).at(offset)
                if above is not None and above.name:
                    callers.add(Node(path, above.name, above.owner))
                elif not _HANDLER_FILE.search(path):
                    routes |= {route_of(path, "")} - {""}
            known = self._callers[node] = frozenset(callers - {node}), frozenset(routes)
        return known

    def _mentions(self, node: Node) -> Iterator[tuple[str, int]]:
        """Yield the places where a definition is named outside of itself."""
        top = node.owner or node.name
        for path, receiver, own in self._known_as(node.path, top):
            text = self._text(path)
            found: Iterator[int]
            if node.owner and node.name not in text:
                found = iter(())
            elif node.owner:
                names = {receiver, *self._instances(text, receiver), *(_OWN if own else ())}
                found = _members(text, names, node.name)
            else:
                found = words(text, receiver)
            inside = self._span(path, node) if own else (-1, -1)
            yield from ((path, offset) for offset in found if not inside[0] <= offset < inside[1])
            if node.owner:  # a class that serves a route serves it with each of its methods
                for one in self._registered(path):
                    if one.first and next(words(self._between(path, one), receiver), None) is not None:
                        yield path, self._offset(path, one.first)

    def _known_as(self, path: str, name: str) -> Iterator[tuple[str, str, bool]]:
        """Yield each file that knows a definition of the first level, what it calls it, and whether it is its own."""
        yield path, name, True
        own = self._outlined(path)
        made = self._instances(self._text(path), name) if name in own.classes else ()
        for instance in made:
            for other, receiver in self._imported(path, own.called(instance), 0):
                yield other, receiver, False
        for other, receiver in self._imported(path, own.called(name), 0):
            yield other, receiver, False

    def _imported(self, path: str, names: set[str], depth: int) -> Iterator[tuple[str, str]]:
        if depth > _DEEPEST:
            return
        for one in self._importers.get(path, ()):
            what = one.what
            if what.exported and (what.name in names or what.name == WHOLE):
                given = {what.exported} if what.name in names else names if what.exported == WHOLE else set()
                yield from self._imported(one.path, given, depth + 1)
            if what.local and what.name in names:
                yield one.path, what.local
            elif what.local and what.name == WHOLE:
                yield from ((one.path, f"{what.local}.{name}") for name in sorted(names))

    def _instances(self, text: str, name: str) -> list[str]:
        """Return the variables of a file that hold an object of a class."""
        above = (_HOLDS.search(text, max(0, offset - _BEFORE), offset) for offset in words(text, name))
        return list(dict.fromkeys(match[1] for match in above if match and match[1] != name))

    def _span(self, path: str, node: Node) -> tuple[int, int]:
        for one in self._outlined(path).definitions:
            if (one.name, one.owner) == (node.name, node.owner):
                return one.start, one.end
        return -1, -1

    def _around(self, path: str, offset: int) -> Iterator[str]:
        """Yield the route whose registration a place is in."""
        line = self._line(path, offset)
        around = [one for one in self._registered(path) if one.first <= line <= one.last]
        if around:
            yield min(around, key=lambda one: one.last - one.first).route

    def _between(self, path: str, one: Registered) -> str:
        return self._text(path)[self._offset(path, one.first) : self._offset(path, one.last + 1)]

    def _breaks(self, path: str) -> list[int]:
        if path not in self._lines:
            self._lines[path] = [0, *(match.end() for match in re.finditer("\n", self._text(path)))]
        return self._lines[path]

    def _offset(self, path: str, line: int) -> int:
        breaks = self._breaks(path)
        return breaks[line - 1] if 0 < line <= len(breaks) else len(self._text(path))

    def _line(self, path: str, offset: int) -> int:
        return bisect_right(self._breaks(path), offset)


def words(text: str, word: str) -> Iterator[int]:
    """Yield where a word stands in a text by itself: no part of a longer one, and no member of something."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        before = text[start - 1] if start else " "
        after = text[end] if end < len(text) else " "
        if not (_in_word(before) or before == "." or _in_word(after)) or text[max(0, start - 3) : start] == "...":
            yield start
        start = text.find(word, end)


def _members(text: str, receivers: Collection[str], name: str) -> Iterator[int]:
    """Yield where a member is named of one of some objects: `deals.list`, `this.deals.list`."""
    start = text.find(f".{name}")
    while start >= 0:
        end = start + len(name) + 1
        match = _RECEIVER.search(text, max(0, start - _BEFORE), start)
        if match and not _in_word(text[end : end + 1]) and {match[1], match[1].rpartition(".")[2]} & set(receivers):
            yield start
        start = text.find(f".{name}", end)


def _in_word(character: str) -> bool:
    return character.isalnum() or character in ("_", "$")


def by_module(found: Mapping[str, Sequence[tuple[str, Import]]]) -> dict[str, list[Imported]]:
    """Return who imports each module, from what each file imports (the module's path, and what of it)."""
    importers: defaultdict[str, list[Imported]] = defaultdict(list)
    for path in sorted(found):
        for module, what in found[path]:
            importers[module].append(Imported(path, what))
    return dict(importers)
