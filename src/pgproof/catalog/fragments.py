"""Pieces of SQL that the queries of many kinds are made of.

They are made for speed at thousands of tables: joins and hashed sub-selects instead of functions per row.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.object import Value
from pgproof.sql.quote import identifier, literal

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


def options(array: str) -> str:
    """Return storage options (`{fillfactor=70}`) as a JSON object, NULL when there are none: they have no order."""
    return (
        f"case when {array} is not null then (select pg_catalog.jsonb_object_agg(o.option_name, o.option_value)"
        f" from pg_catalog.pg_options_to_table({array}) o) end"
    )


def with_clause(stored: Value, toast: Value = None) -> str:
    """Return the clause that sets the options which `options` read; empty when there are none."""
    settings = [*_settings(stored, ""), *_settings(toast, "toast.")]
    return f"with ({', '.join(settings)})" if settings else ""


def _settings(stored: Value, prefix: str) -> Iterator[str]:
    for name, value in sorted(stored.items()) if isinstance(stored, dict) else ():
        yield f"{prefix}{identifier(name)} = {literal(str(value))}"


def reference(*parts: str) -> str:
    """Return the expression for a qualified name as SQL text, such as `app."Order"`."""
    return f"pg_catalog.format('{'.'.join(['%I'] * len(parts))}', {', '.join(parts)})"
