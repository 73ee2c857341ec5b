"""Text search configurations and their mappings (pg_ts_config; manual, section 12.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pgproof.catalog import textsearch
from pgproof.catalog.fragments import role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import parts_of, qualified
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier

QUERY = f"""
{textsearch.head("cfg")},
  {textsearch.named("pg_ts_parser", "prs", "t.cfgparser")} as parser,
  (select pg_catalog.jsonb_object_agg(w.alias, w.dictionaries) from (
     select k.alias, pg_catalog.array_agg({textsearch.named("pg_ts_dict", "dict", "m.mapdict")} order by m.mapseqno)
       as dictionaries
     from pg_catalog.pg_ts_config_map m
     join pg_catalog.ts_token_type(t.cfgparser) k on k.tokid = m.maptokentype
     where m.mapcfg = t.oid group by k.alias) w) as mappings,
  {role("t.cfgowner")} as owner,
  d.description as comment
{textsearch.source("pg_ts_config", "cfg")}
"""


def create(configuration: Object) -> Iterator[str]:
    """Make the configuration, then its mappings."""
    name = qualified(configuration.name.parts)
    yield f"create text search configuration {name} (parser = {configuration.attributes['parser']})"
    mappings = cast("dict[str, list[str]]", configuration.attributes["mappings"] or {})
    for token, dictionaries in sorted(mappings.items()):
        added = f"add mapping for {identifier(token)} with {', '.join(dictionaries)}"
        yield f"alter text search configuration {name} {added}"


def belongs(configuration: Object) -> Iterator[ObjectName]:
    """A configuration goes with its parser."""
    yield ObjectName("text search parser", parts_of(str(configuration.attributes["parser"])))


KIND = Kind(
    "text search configuration",
    catalog="pg_ts_config",
    query=lambda _: QUERY,
    attributes={
        "parser": Effect.INTEGRITY,
        "mappings": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("schema",),
    belongs=belongs,
)
