"""Collations (pg_collation; manual, section 24.2).

The version that the system's library had when the collation was made is that of the machine, and is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object
from pgproof.sql.quote import literal


def query(version: int) -> str:
    """PostgreSQL 15 got a column for ICU's locale, which 17 renamed; ICU's rules came with 16."""
    locale = "c.colllocale" if version >= 170000 else "c.colliculocale" if version >= 150000 else "c.collcollate"
    return f"""
select c.oid, 0 as subid, array[n.nspname, c.collname] as name,
  case c.collprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end as provider,
  case when c.collprovider <> 'c' then {locale} end as locale,
  case when c.collprovider = 'c' then c.collcollate end as lc_collate,
  case when c.collprovider = 'c' then c.collctype end as lc_ctype,
  c.collisdeterministic as deterministic,
  {"c.collicurules" if version >= 160000 else "null"} as rules,
  {role("c.collowner")} as owner,
  d.description as comment
from pg_catalog.pg_collation c
join pg_catalog.pg_namespace n on n.oid = c.collnamespace and {USER_SCHEMA}
{comments("c.oid", "pg_collation")}
where c.collencoding in (-1, (
    select e.encoding from pg_catalog.pg_database e where e.datname = pg_catalog.current_database()))
  and {no_member("c.oid", "pg_collation")}
"""


def create(collation: Object) -> Iterator[str]:
    """Make the collation."""
    value = collation.attributes
    parts = [f"provider = {value['provider']}"]
    parts += [
        f"{one} = {literal(str(value[one]))}"
        for one in ("locale", "lc_collate", "lc_ctype", "rules")
        if value[one] is not None
    ]
    parts += [] if value["deterministic"] else ["deterministic = false"]
    yield f"create collation {qualified(collation.name.parts)} ({', '.join(parts)})"


KIND = Kind(
    "collation",
    catalog="pg_collation",
    query=query,
    attributes={
        "provider": Effect.INTEGRITY,
        "locale": Effect.INTEGRITY,
        "lc_collate": Effect.INTEGRITY,
        "lc_ctype": Effect.INTEGRITY,
        "deterministic": Effect.INTEGRITY,
        "rules": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("schema",),
)
