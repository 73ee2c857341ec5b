"""Pieces of SQL that the queries of many kinds are made of.

They are made for speed at thousands of tables: joins and hashed sub-selects instead of functions per row.
"""

from __future__ import annotations

USER_SCHEMA = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"
"""True for a schema `n` (pg_namespace) that is neither the system's nor for temporary objects (`pg_temp_3`).

PostgreSQL reserves the prefix `pg_` (manual, CREATE SCHEMA).
"""


def no_member(oid: str, catalog: str) -> str:
    """Return the condition that the object is no member of an extension.

    The class is matched because an OID is unique in its catalog only. Entered from the extensions' side, for which
    pg_depend has an index; it is read once a query. Children (columns, constraints, triggers…) follow their table.
    """
    return (
        f"{oid} not in (select e.objid from pg_catalog.pg_depend e"
        " where e.refclassid = 'pg_catalog.pg_extension'::regclass and e.deptype = 'e'"
        f" and e.classid = 'pg_catalog.{catalog}'::regclass)"
    )


def comments(oid: str, catalog: str, subid: str = "0") -> str:
    """Return the join that brings the object's comment as `d.description`."""
    return (
        f"left join pg_catalog.pg_description d on d.objoid = {oid} and d.objsubid = {subid}"
        f" and d.classoid = 'pg_catalog.{catalog}'::regclass"
    )


def role(oid: str) -> str:
    """Return the name of a role (`unknown (OID=…)` when it is gone), readable for every role."""
    return f"pg_catalog.pg_get_userbyid({oid})"


def privileges(letter: str, acl: str, owner: str) -> str:
    """Return the access list as text, the defaults of its kind made explicit; decoded by `privileges.decode`.

    `letter` is the kind's in acldefault: c column, r table or view, s sequence, f routine, n schema, T type,
    l language, F foreign-data wrapper, S foreign server, d database. Columns have no default privileges.
    """
    return f"coalesce({acl}, pg_catalog.acldefault('{letter}', {owner}))::text"


def sorted_texts(array: str) -> str:
    """Return a text array sorted by code point, NULL when it is NULL or empty: options have no order."""
    return (
        f"case when {array} is not null then"
        f' (select pg_catalog.array_agg(o.o order by o.o collate "C") from pg_catalog.unnest({array}) o) end'
    )
