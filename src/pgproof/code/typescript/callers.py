"""Where a function of the project is called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.typescript.assigned import class_of
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import Ref
from pgproof.code.typescript.module import ELEMENTS, Module, called, name_of

if TYPE_CHECKING:
    from tree_sitter import Node

_CALL = re.compile(rb"\s*(?:[(<`]|\?\.|/[/*])")
_ELEMENT = re.compile(rb"<[\w$.\s]*\Z")
_BEFORE = 100
"""Bytes before a word in which an element begins."""
_FILES = 400
"""Files that mention the name of a function; beyond, it is an everyday word, and the search stops."""


def callers(code: Codebase, module: Module, function: Node, everywhere: bool = True) -> list[Ref]:
    """Return the calls of a function, those that surely mean it; `everywhere`: in other files too.

    An element `<Component name="…">` is a call with one argument, itself.

    The calls of a constructor are `new Class(…)`, and `super(…)` in classes that extend it.
    """
    name = name_of(module, function)
    if name == "constructor":
        owner = class_of(function)
        own = owner.child_by_field_name("name") if owner is not None else None
        if owner is None or own is None:
            return []
        found = [
            one
            for other in _modules(code, module, module.text(own), everywhere)
            for one in _made(code, other, module, owner, own)
        ]
    elif name:
        found = [
            one
            for other in _modules(code, module, name, everywhere)
            for one in _called(code, other, module, function, name)
        ]
    else:
        found = []
    return found


def heirs(code: Codebase, module: Module, owner: Node) -> list[Ref]:
    """Return the classes that extend a class."""
    own = owner.child_by_field_name("name")
    if own is None:
        return []
    found: list[Ref] = []
    for other in _modules(code, module, module.text(own), everywhere=True):
        for node in other.words(module.text(own)):
            above = node.parent
            if above is not None and above.type == "extends_clause" and _means(code, Ref(other, node), module, owner):
                heir = class_of(above)
                found += [Ref(other, heir)] if heir is not None else []
    return found


def _means(code: Codebase, ref: Ref, module: Module, declared: Node) -> bool:
    """Say whether a name surely means what is declared in a module."""
    known = follow(code, ref)
    return any(isinstance(one, Ref) and one.module is module and one.node.id == declared.id for one in known)


def _modules(code: Codebase, module: Module, name: str, everywhere: bool) -> Iterator[Module]:
    yield module
    if not everywhere or not _leaves(module, name):
        return
    for path in code.mentioning(name, besides=module.path)[:_FILES]:
        if (other := code.module(path)) is not None:
            yield other


def _leaves(module: Module, name: str) -> bool:
    """Whether something of the module can be named elsewhere at all."""
    return b"export" in module.data


def _may_be_called(data: bytes, start: int, end: int) -> bool:
    """Say whether a call, or an element of this name, may begin with a word: most mentions of a name are neither."""
    return _CALL.match(data, end) is not None or _ELEMENT.search(data[max(0, start - _BEFORE) : start]) is not None


def _called(code: Codebase, other: Module, module: Module, function: Node, name: str) -> Iterator[Ref]:
    for node in other.words(name, where=_may_be_called):
        above = node.parent
        callee = node
        if above is not None and above.type == "member_expression":
            property_name = above.child_by_field_name("property")
            if property_name is None or property_name.id != node.id:
                continue
            callee, above = above, above.parent
        if above is not None and above.type in ELEMENTS:
            named = above.child_by_field_name("name")
            call = above if named is not None and named.id == callee.id else None
        else:
            call = called(callee)
        if call is not None and _means(code, Ref(other, callee), module, function):
            yield Ref(other, call)


def _made(code: Codebase, other: Module, module: Module, owner: Node, own: Node) -> Iterator[Ref]:
    for node in other.words(module.text(own)):
        above = node.parent
        if above is None or node.id == own.id:
            continue
        if node.type != "identifier" or not _means(code, Ref(other, node), module, owner):
            continue
        if above.type == "new_expression":
            yield Ref(other, above)
        elif above.type == "extends_clause":
            heir = class_of(above)
            for call in _supers(other, heir) if heir is not None else ():
                yield Ref(other, call)


def _supers(module: Module, heir: Node) -> Iterator[Node]:
    for node in module.words("super", heir.start_byte, heir.end_byte):
        call = node.parent
        if call is not None and call.type == "call_expression":
            yield call
