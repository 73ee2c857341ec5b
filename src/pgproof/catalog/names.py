"""References to objects as SQL text (`app."Order".id`): how attributes name other objects, and how DDL does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pgproof.model import ObjectName
from pgproof.model.name import ROUTINES
from pgproof.sql.quote import identifier

_PART = re.compile(r'"((?:[^"]|"")*)"|([^".]+)', re.DOTALL)
_ROUTINE = re.compile(r'((?:"(?:[^"]|"")*"|[^"(])+)\((.*)\)', re.DOTALL)


def qualified(parts: Iterable[str]) -> str:
    """Return the parts of a name as SQL."""
    return ".".join(identifier(part) for part in parts)


def parts_of(reference: str) -> tuple[str, ...]:
    """Return the parts of a name that is written as SQL, the inverse of `qualified`."""
    return tuple(quoted.replace('""', '"') or plain for quoted, plain in _PART.findall(reference))


def relation(child: ObjectName) -> str:
    """Return the table or view that a column, constraint, trigger, rule or policy belongs to, as SQL."""
    return qualified(child.parts[:-1])


def own(name: ObjectName) -> str:
    """Return the last part of a name as SQL."""
    return identifier(name.parts[-1])


def routine_of(reference: str) -> tuple[str, ...]:
    """Return the parts of a routine's name (schema, name, argument types) that is written as SQL."""
    match = _ROUTINE.fullmatch(reference)
    return (*parts_of(match[1]), match[2]) if match else ()


def types_of(reference: str) -> Iterator[ObjectName]:
    """Yield what a type's reference may stand for: a type of any kind, or the row of a relation."""
    for kind in ("enum", "composite type", "domain", "range type", "table", "view", "materialized view"):
        yield ObjectName(kind, parts_of(reference))


def address(name: ObjectName) -> str:
    """Return the object as ALTER and COMMENT ON call it, for most kinds."""
    if name.kind in ROUTINES:
        return f"{qualified(name.parts[:-1])}({name.parts[-1]})"
    if len(name.parts) < 3 or name.kind == "column":
        return qualified(name.parts)
    return f"{own(name)} on {relation(name)}"
