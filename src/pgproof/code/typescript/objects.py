"""What postgres.js makes of objects and lists: `insert into a ${sql(row)}` (its README, "Building queries")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.queries.written import Written, hole, join, piece
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.keys import Key
from pgproof.code.typescript.known import Ref
from pgproof.code.typescript.module import Module, arguments
from pgproof.code.typescript.shape import shape_of
from pgproof.code.typescript.text import constant
from pgproof.model import Location

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLED = re.compile(r"^(?:\w+\.)?(?:sql|tx|trx|pg|db|t|transaction)$")
_INSERT = re.compile(r"\binsert\s+into\s+[^\s(]+\s*$", re.IGNORECASE)
_SET = re.compile(r"\bset\s*$", re.IGNORECASE)
_NAMES = re.compile(r"\b(?:select|returning)\s*$", re.IGNORECASE)
_SNAKE = re.compile(rb"postgres\.(?:camel|fromCamel)\b|\bfromCamel\b")
_CHANGES = re.compile(rb"\btransform\b")


def written_by_helper(code: Codebase, ref: Ref, before: str) -> Written | None:
    """Return what a call `sql(…)` puts behind a text; `None` when it is none, or its columns are not known."""
    callee = ref.node.child_by_field_name("function")
    given = arguments(ref.node)
    if callee is None or not given or given[0].type == "template_string" or not _CALLED.match(ref.module.text(callee)):
        return None
    insert, assigns = _INSERT.search(before) is not None, _SET.search(before) is not None
    if not insert and not assigns and not _NAMES.search(before):
        return None
    found = _columns(code, ref, given)
    if found is None or not found[0]:
        return None
    keys, whole = found
    spelled = [(_spelled(code, ref.to(callee), key.name), key) for key in keys]
    columns = [(name, ref.module.place(ref.node.start_byte), key) for name, key in spelled if name is not None]
    if len(columns) < len(keys):
        return None
    placed = [(name, _place(ref.module, key.location) or place, key) for name, place, key in columns]
    return _row(ref, placed, insert, assigns, whole)


def _columns(code: Codebase, ref: Ref, given: list[Node]) -> tuple[list[Key], bool] | None:
    """Return the columns that are named, or the keys of the object, and whether these are all."""
    if len(given) > 1:
        listed = [one for arg in given[1:] for one in (arg.named_children if arg.type == "array" else [arg])]
        names = [(one, list(constant(code, ref.to(one)))) for one in listed if one.type != "comment"]
        if any(len(texts) != 1 for _, texts in names):
            return None
        return [Key(texts[0], ref.module.location(one)) for one, texts in names], True
    if given[0].type == "array" and all(one.type == "string" for one in given[0].named_children):
        return [
            Key(next(constant(code, ref.to(one)), ""), ref.module.location(one)) for one in given[0].named_children
        ], True
    shape = shape_of(code, ref.to(given[0]))
    if shape is None or any(key.typed for key in shape.keys.values()):
        return None
    sure = all(key.sure for key in shape.keys.values())
    return list(shape.keys.values()), sure and not shape.open


def _spelled(code: Codebase, callee: Ref, name: str) -> str | None:
    """Return a column's name as postgres.js writes it; `None` when its `transform` may change it."""
    if name.islower():
        return name
    made = [one for one in follow(code, callee) if isinstance(one, Ref)]
    if not made:
        return None
    data = made[0].module.data
    if _SNAKE.search(data):
        return re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), name)
    return None if _CHANGES.search(data) else name


def _place(module: Module, location: Location) -> tuple[int, int] | None:
    return (location.line, location.column) if location.path == module.path else None


def _row(
    ref: Ref, columns: list[tuple[str, tuple[int, int], Key]], insert: bool, assigns: bool, whole: bool
) -> Written:
    place = ref.module.place(ref.node.start_byte)
    rest = [] if whole else [piece(" ", *place), hole("${…}", *place, "text")]

    def listed(values: bool) -> Iterator[Written]:
        for number, (name, at, key) in enumerate(columns):
            yield piece(", " * (number > 0), *at)
            if not values or assigns:
                yield piece('"' + name.replace('"', '""') + '"', *at)
            if assigns:
                yield piece(" = ", *at)
            if values or assigns:
                one = key.values if len(key.values) == 1 else ()
                yield hole("${" + key.name + "}", *at, "value", values=one)

    if not insert:
        return join([*listed(values=False), *rest])
    names, values = [*listed(values=False), *rest], [*listed(values=True), *rest]
    return join([piece("(", *place), *names, piece(") values (", *place), *values, piece(")", *place)])
