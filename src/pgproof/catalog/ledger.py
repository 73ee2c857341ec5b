"""What a database holds that a snapshot does not read: counted and named, so that nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pgproof.catalog.compare import unreadable
from pgproof.catalog.difference import Unreadable
from pgproof.catalog.fragments import FIRST_OF_USERS, USER_SCHEMA, no_member, reference
from pgproof.catalog.names import parts_of
from pgproof.catalog.object import Catalog
from pgproof.server.session import Session

SHOWN = 5
"""How many are named of each kind."""

_MEMBER_TABLES = (
    "select e.objid from pg_catalog.pg_depend e where e.refclassid = 'pg_catalog.pg_extension'::regclass"
    " and e.deptype = 'e' and e.classid = 'pg_catalog.pg_class'::regclass"
)
_ON_MEMBER = "join pg_catalog.pg_class c on c.oid = {table} join pg_catalog.pg_namespace n on n.oid = c.relnamespace"

_QUERIES = {
    "base type": f"""
select {reference("n.nspname", "t.typname")} from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace and {USER_SCHEMA}
where t.typtype in ('b', 'p') and (t.typelem = 0 or t.typlen <> -1) and {no_member("t.oid", "pg_type")}""",
    "language": f"""
select pg_catalog.quote_ident(l.lanname) from pg_catalog.pg_language l
where l.oid >= {FIRST_OF_USERS} and {no_member("l.oid", "pg_language")}""",
    "transform": f"""
select pg_catalog.format('for %s language %I', pg_catalog.format_type(t.trftype, null), l.lanname)
from pg_catalog.pg_transform t join pg_catalog.pg_language l on l.oid = t.trflang
where t.oid >= {FIRST_OF_USERS} and {no_member("t.oid", "pg_transform")}""",
    "large object": "select m.oid::text from pg_catalog.pg_largeobject_metadata m",
    "parameter privileges": "select a.parname from pg_catalog.pg_parameter_acl a",
    "trigger on a table of an extension": f"""
select {reference("n.nspname", "c.relname", "g.tgname")} from pg_catalog.pg_trigger g
{_ON_MEMBER.format(table="g.tgrelid")}
where not g.tgisinternal and c.oid in ({_MEMBER_TABLES}) and {no_member("g.tgfoid", "pg_proc")}""",
    "policy on a table of an extension": f"""
select {reference("n.nspname", "c.relname", "o.polname")} from pg_catalog.pg_policy o
{_ON_MEMBER.format(table="o.polrelid")}
where o.oid >= {FIRST_OF_USERS} and c.oid in ({_MEMBER_TABLES})""",
    "changed privileges of an extension's object": f"""
select {reference("n.nspname", "c.relname")} from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_init_privs i on i.objoid = c.oid and i.objsubid = 0
  and i.classoid = 'pg_catalog.pg_class'::regclass
where c.oid in ({_MEMBER_TABLES}) and c.relacl is distinct from i.initprivs""",
}
"""One query a kind: the names of what there is, in no order."""

_SINCE = {"parameter privileges": 150000}


@dataclass(frozen=True, slots=True)
class Unmodelled:
    """Objects of a kind that is not read: how many there are, and the first of their names."""

    kind: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a snapshot holds by kind, what the role could not see of it, and what is not read at all."""

    compared: Mapping[str, int]
    unreadable: tuple[Unreadable, ...]
    unmodelled: tuple[Unmodelled, ...]


def ledger(catalog: Catalog, session: Session) -> Ledger:
    """Return the ledger of a catalog that was read in this session."""
    compared: dict[str, int] = {}
    for name in sorted(catalog.objects):
        compared[name.kind] = compared.get(name.kind, 0) + 1
    return Ledger(compared, tuple(unreadable(catalog)), tuple(unmodelled(session)))


def unmodelled(session: Session, foreign_schemas: Collection[str] = ()) -> list[Unmodelled]:
    """Return what the database holds and no kind reads, by one query; roles and tablespaces are the cluster's.

    What is in `foreign_schemas` does not count.
    """
    parts = [
        f"select '{kind.replace(chr(39), chr(39) * 2)}', q.name from ({query}) q (name)"
        for kind, query in _QUERIES.items()
        if session.version >= _SINCE.get(kind, 0)
    ]
    found: dict[str, list[str]] = {}
    for kind, name in session.rows("\nunion all\n".join(parts)):
        if len(spelled := parts_of(name)) < 2 or spelled[0] not in foreign_schemas:
            found.setdefault(kind, []).append(name)
    return [Unmodelled(kind, len(names), tuple(sorted(names)[:SHOWN])) for kind, names in sorted(found.items())]
