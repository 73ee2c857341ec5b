"""Whether what the migrations have made can be read: a catalog without measure would take our own memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgproof.migrations.replay.limits import shown
from pgproof.model.errors import PgproofError

if TYPE_CHECKING:
    from pgproof.server.session import Session

CATALOG_BYTES = 256 << 20
"""What the catalogs may take, and what the texts in them may. A thousand tables and all that is theirs take 10 MB."""

_TAKEN = """
select coalesce(sum(pg_total_relation_size(c.oid)), 0)::int8
  from pg_class c
 where c.relkind = 'r' and c.relnamespace = 'pg_catalog'::regnamespace and not c.relisshared
   and c.relname not in ('pg_largeobject', 'pg_largeobject_metadata', 'pg_statistic')
"""
# How long each text will be is asked without reading it: a gigabyte of the same letter takes little on disk.
_TEXTS = """
select sum(bytes)::int8
  from (select sum(octet_length(description)) from pg_description
        union all select sum(octet_length(prosrc)) from pg_proc
        union all select sum(octet_length(ev_action::text)) from pg_rewrite
        union all select sum(octet_length(adbin::text)) from pg_attrdef
        union all select sum(octet_length(conbin::text)) from pg_constraint
        union all select sum(octet_length(polqual::text)) from pg_policy
        union all select sum(octet_length(polwithcheck::text)) from pg_policy
        union all select sum(octet_length(indexprs::text)) from pg_index
        union all select sum(octet_length(indpred::text)) from pg_index
        union all select sum(octet_length(tgqual::text)) from pg_trigger
        union all select sum(octet_length(typdefault)) from pg_type) as text (bytes)
"""


def require_readable(session: Session) -> None:
    """Raise PgproofError when the catalog of a database is too large to be read."""
    for query, what in ((_TAKEN, "take"), (_TEXTS, "hold texts of")):
        ((taken,),) = session.rows(query)
        if taken > CATALOG_BYTES:
            most = shown(CATALOG_BYTES)
            raise PgproofError(
                f"the definitions that the migrations make {what} {shown(taken)}; pgproof reads {most}.",
                "Look for migrations that make objects, comments or bodies of functions without measure.",
            )
