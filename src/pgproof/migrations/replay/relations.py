"""The names of relations by OID, as a replay goes on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pgproof.server.session import Session

_RELATIONS = """
select c.oid::bigint, format('%I.%I', n.nspname, c.relname), c.relkind::text, c.relnatts::int
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.oid >= 16384 and n.nspname <> 'pg_toast' and ($1::oid[] is null or c.oid = any ($1::oid[]))
"""

_WORD = re.compile(r"[\w$]+")
INDEXES = frozenset({"i", "I"})
SEQUENCE = "S"

_KINDS = {
    "table": "r",
    "partitioned table": "p",
    "index": "i",
    "sequence": "S",
    "view": "v",
    "materialized view": "m",
    "composite type": "c",
    "foreign table": "f",
}


@dataclass(slots=True)
class Relation:
    """A relation: `name` quoted as SQL needs it, `kind` as `pg_class.relkind`, `columns` as many as it ever had."""

    name: str
    kind: str
    columns: int | None = None

    @property
    def word(self) -> str:
        """The last word of the name, by which a text is searched for it."""
        words: list[str] = _WORD.findall(self.name.lower())
        return words[-1] if words else ""


class Relations:
    """What is known of each relation: read once, then kept up by the events of the statements.

    A relation that a file drops or renames keeps, for the statements of that file, the name that it had before.
    """

    def __init__(self, admin: Session) -> None:
        """Read all relations that are there."""
        self._admin = admin
        self._known: dict[int, Relation] = {}
        self._gone: set[int] = set()
        self._names: Counter[str] = Counter()
        self.read()

    def read(self, oids: Iterable[int] | None = None) -> None:
        """Read the relations with these OIDs; without any, forget all and read all."""
        if oids is None:
            self._known.clear()
            self._names.clear()
        for oid, name, kind, columns in self._admin.rows(_RELATIONS, [None if oids is None else list(oids)]):
            self._set(oid, Relation(name, kind, columns))

    def need(self, oids: Iterable[int]) -> None:
        """Read those of `oids` that no event told of (a constraint's index); what is gone again stays unknown."""
        unknown = set(oids) - self._known.keys() - self._gone
        if unknown:
            self.read(unknown)
            self._gone |= unknown - self._known.keys()

    def get(self, oid: int) -> Relation | None:
        """Return what is known of a relation."""
        return self._known.get(oid)

    def changed(self, oid: int, object_type: str, name: str, columns: int | None) -> range:
        """Note that a relation was made, altered or renamed; return the numbers of the columns that it got by that."""
        before = self._known.get(oid)
        kind = before.kind if before else _KINDS.get(object_type, "r")
        had = before.columns if before else None
        self._set(oid, Relation(name, kind, had if columns is None else columns))
        return range(0) if columns is None or had is None else range(had + 1, columns + 1)

    def dropped(self, oid: int) -> None:
        """Note that a relation is gone."""
        if gone := self._known.pop(oid, None):
            self._names[gone.word] -= 1

    def expect(self, names: Iterable[str]) -> None:
        """Take names for relations' from now on, before any event has told of them."""
        self._names.update(word for name in names for word in _WORD.findall(name.lower())[-1:])

    def named_in(self, text: str) -> bool:
        """Whether a relation that is known may be named in a text: rather once too often than too seldom."""
        names = self._names
        return any(names[word] > 0 for word in _WORD.findall(text.lower()) if word in names)

    def _set(self, oid: int, relation: Relation) -> None:
        self.dropped(oid)
        self._known[oid] = relation
        self._names[relation.word] += 1
