"""Which columns `on conflict` can name for a unique index (manual, INSERT: conflict_target)."""

from __future__ import annotations

import re

from pgproof.catalog.object import Object

_COLUMN_LIST = re.compile(r"USING \w+ \(([^()]*)\)(?: INCLUDE \([^()]*\))?(?: NULLS NOT DISTINCT)?")
_COLUMN = re.compile(r'\s*("(?:[^"]|"")+"|\w+)(?: (?:ASC|DESC|NULLS FIRST|NULLS LAST|COLLATE \S+|\w+_ops))*\s*')


def conflict_columns(index: Object) -> frozenset[str] | None:
    """Return the columns of a unique index.

    Empty when `on conflict (columns)` cannot infer it: it is partial, has expressions, or is a constraint's, which has
    its own. `None` when its definition could not be read.
    """
    definition = index.attributes["definition"]
    if definition is None:
        return frozenset()
    if " WHERE " in str(definition):
        return frozenset()
    match = _COLUMN_LIST.match(str(definition))
    if match is None:
        return frozenset() if "(" in str(definition).partition("(")[2] else None
    found = [_COLUMN.fullmatch(part) for part in match[1].split(",")]
    if not all(found):
        return None
    return frozenset(one[1].strip('"').replace('""', '"') for one in found if one)
