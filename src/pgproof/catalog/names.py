"""References to objects as SQL text (`app."Order".id`): how attributes name other objects, and how DDL does."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pgproof.model import ObjectName
from pgproof.sql.quote import identifier

_PART = re.compile(r'"((?:[^"]|"")*)"|([^".]+)', re.DOTALL)


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
