"""From what the observing functions said (`observe.sql`) to what a statement did."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import NoneType
from typing import TYPE_CHECKING, Any

from pgproof.migrations.observation import Effect, Lock, Notice
from pgproof.migrations.replay.alterations import Alteration, altered, inner_statement
from pgproof.migrations.replay.relations import INDEXES, SEQUENCE, Relations

if TYPE_CHECKING:
    from pgproof.migrations.replay.wire import Message
    from pgproof.server.session import Session

ADDED_COLUMN = ("create", "table column")
"""Action and type of the effect that stands for a column that an ALTER TABLE added."""

_MADE = {(list, int, str), (list, int, NoneType)}
_ROWS = {
    (str, str, str, int, int, int, bool, NoneType),
    (str, str, str, int, int, int, bool, int),
    (str, str, NoneType, NoneType, NoneType, NoneType, bool, NoneType),
}
_DROPPED = (str, str, int, int, int)
"""The types of what `observe.sql` writes."""
_HELD = re.compile(r"(\d+):(\w+):(\d+)(?::(\d+))?")
_NO_TABLE = {*INDEXES, SEQUENCE}
_SHOWN = {"NOTICE", "WARNING"}
_MAKES = ("CREATE ", "SELECT INTO", "IMPORT FOREIGN SCHEMA")
_COMMENTS = {"COMMENT", "SECURITY LABEL"}
_VIEW_RULE = '"_RETURN" on '
"""The rule that makes a view a view: it goes with it."""
_CHANGES_NOTHING = {"REFRESH MATERIALIZED VIEW", "REINDEX"}
_CATALOGS = """
select c.oid::bigint, c.relname::text
  from pg_catalog.pg_class c
 where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r'
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one statement raised and did.

    `next_oid`: all that it made has a smaller OID; 0 when it made nothing. `bound`: what its transaction made has no
    smaller one. `altered` are parts of tables.
    """

    notices: tuple[Notice, ...] = ()
    effects: tuple[Effect, ...] = ()
    locks: tuple[Lock, ...] = ()
    rewrites: tuple[str, ...] = ()
    scans: tuple[str, ...] = ()
    next_oid: int = 0
    altered: tuple[Alteration, ...] = ()
    bound: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A lock on a relation, how often the relation was scanned in this session, and its file node (0: none)."""

    oid: int
    mode: str
    scans: int
    file_node: int


def catalogs(admin: Session) -> dict[int, str]:
    """Return the names of the system catalogs by OID."""
    return dict(admin.rows(_CATALOGS))


def held(text: str) -> list[Held]:
    """Read the answer of `pgproof.held`."""
    return [Held(int(oid), mode, int(scans), int(node or 0)) for oid, mode, scans, node in _HELD.findall(text)]


def _records(events: str) -> Iterator[list[Any]]:
    """Read what the event triggers noted; what they cannot have written is passed over."""
    for text in events.split("\x1d")[1:]:
        with suppress(ValueError, RecursionError):
            record = json.loads(text)
            if isinstance(record, list) and _is_ours(record):
                yield record


def _is_ours(record: list[Any]) -> bool:
    kind, *values = record or [None]
    types = tuple(map(type, values))
    if kind == "made":
        return types in _MADE and all(isinstance(row, list) and tuple(map(type, row)) in _ROWS for row in values[0])
    if kind == "dropped":
        return types == (list,) and all(
            isinstance(row, list) and tuple(map(type, row)) == _DROPPED for row in values[0]
        )
    return kind == "rewritten" and types == (int,)


class Observer:
    """Turns what was noted and locked into effects, one statement after the other."""

    def __init__(self, relations: Relations, names: Mapping[int, str]) -> None:
        """`names` are the system catalogs' names by OID."""
        self._relations = relations
        self._catalogs = names
        self._bound = 0
        self._next_oid = 0
        self._locked: set[tuple[int, str]] = set()
        self._scanned: dict[int, int] = {}
        self._file_nodes: dict[int, int] = {}

    def begin(self, bound: int) -> None:
        """Begin a transaction: relations with an OID below `bound` are older than it."""
        self._bound = self._next_oid = bound
        self._locked.clear()
        self._scanned.clear()
        self._file_nodes.clear()

    def see(self, text: str, messages: Sequence[Message], events: str = "", locks: Sequence[Held] = ()) -> Seen:
        """Return what a statement did: what it raised, what the event triggers noted, all that is held after it."""
        records = list(_records(events)) if events else []
        # Names first, as they were before the statement: it may have renamed or dropped what it locked.
        taken, rewrites, scans = self._look_at(locks, {r[1] for r in records if r[0] == "rewritten"})
        effects: list[Effect] = []
        parts: list[Alteration] = []
        for kind, *record in records:
            if kind == "made":
                rows, next_oid, stack = record
                if stack:
                    inner = inner_statement(stack) or text
                    parts += (part for row in rows for part in altered(row[4], inner))
                effects += self._made(rows)
                self._next_oid = next_oid
            elif kind == "dropped":
                effects += self._dropped(record[0])
        return Seen(
            tuple(Notice(m.severity, m.sqlstate, m.text) for m in messages if m.severity in _SHOWN),
            tuple(dict.fromkeys(effects)),  # CREATE OR REPLACE VIEW may alter the same view several times
            taken,
            rewrites,
            scans,
            self._next_oid if effects else 0,
            tuple(parts),
            self._bound,
        )

    def _look_at(
        self, locks: Sequence[Held], rewritten: set[int]
    ) -> tuple[tuple[Lock, ...], tuple[str, ...], tuple[str, ...]]:
        """Return what is new since the statement before: locks, rewritten relations, scanned tables."""
        if not locks and not rewritten:
            return (), (), ()
        new, scanned = set(), set()
        rewritten = {oid for oid in rewritten if oid < self._bound}
        for lock in locks:
            relation = self._relations.get(lock.oid)
            if relation and (lock.oid, lock.mode) not in self._locked:
                self._locked.add((lock.oid, lock.mode))
                new.add(Lock(relation.name, lock.mode))
            if lock.scans > self._scanned.get(lock.oid, 0):
                self._scanned[lock.oid] = lock.scans
                if relation and relation.kind not in _NO_TABLE:
                    scanned.add(relation.name)
            if lock.file_node >= self._bound and lock.file_node != self._file_nodes.get(lock.oid):
                self._file_nodes[lock.oid] = lock.file_node
                rewritten.add(lock.oid)
        return tuple(sorted(new)), self._names(rewritten), tuple(sorted(scanned))

    def _names(self, rewritten: Iterable[int]) -> tuple[str, ...]:
        """Return the names of rewritten relations. A table's indexes go with it: they count only by themselves."""
        found = [r for oid in rewritten if (r := self._relations.get(oid)) and r.kind != SEQUENCE]
        tables = [r for r in found if r.kind not in INDEXES]
        return tuple(sorted(r.name for r in tables or found))

    def _made(self, rows: list[list[Any]]) -> Iterator[Effect]:
        for tag, object_type, identity, catalog, oid, column, in_extension, columns in rows:
            if tag in _CHANGES_NOTHING:
                continue
            if oid is None:  # GRANT, ALTER DEFAULT PRIVILEGES: the event does not say on what
                yield Effect("alter", object_type.lower(), "")
                continue
            address = (self._catalogs.get(catalog, ""), oid, column)
            if tag in _COMMENTS:
                yield Effect("comment", object_type, identity, address)
                continue
            action = "create" if tag.startswith(_MAKES) and oid >= self._next_oid else "alter"
            yield Effect(action, object_type, identity, address, in_extension)
            if address[0] == "pg_class" and not column:
                for added in self._relations.changed(oid, object_type, identity, columns):
                    yield Effect(*ADDED_COLUMN, identity, (address[0], oid, added), in_extension)
            elif address[0] == "pg_namespace" and action == "alter":
                self._relations.read()  # a new name of a schema is one of all that is in it

    def _dropped(self, rows: list[list[Any]]) -> Iterator[Effect]:
        for object_type, identity, catalog, oid, column in rows:
            name = self._catalogs.get(catalog, "")
            if name == "pg_rewrite" and identity.startswith(_VIEW_RULE):
                continue
            if name == "pg_class" and not column:
                self._relations.dropped(oid)
            yield Effect("drop", object_type, identity, (name, oid, column))
