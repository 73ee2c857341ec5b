"""What the four kinds of text search objects have in common (manual, chapter 12)."""

from __future__ import annotations

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, reference


def source(catalog: str, prefix: str) -> str:
    """Return the tables `t` (the objects), `n` (their schemas) and `d` (their comments)."""
    return f"""
from pg_catalog.{catalog} t
join pg_catalog.pg_namespace n on n.oid = t.{prefix}namespace and {USER_SCHEMA}
{comments("t.oid", catalog)}
where {no_member("t.oid", catalog)}
"""


def head(prefix: str) -> str:
    """Return the first columns."""
    return f"select t.oid, 0 as subid, array[n.nspname, t.{prefix}name] as name"


def named(catalog: str, prefix: str, oid: str) -> str:
    """Return the expression for another text search object as SQL text."""
    return (
        f"(select {reference('on_.nspname', f'o.{prefix}name')} from pg_catalog.{catalog} o"
        f" join pg_catalog.pg_namespace on_ on on_.oid = o.{prefix}namespace where o.oid = {oid})"
    )


def function(oid: str) -> str:
    """Return the expression for a function, whose arguments follow from what it is for; NULL for none."""
    return (
        f"(select {reference('fn.nspname', 'f.proname')} from pg_catalog.pg_proc f"
        f" join pg_catalog.pg_namespace fn on fn.oid = f.pronamespace where f.oid = {oid}::oid)"
    )
