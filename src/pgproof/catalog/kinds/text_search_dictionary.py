"""Text search dictionaries (pg_ts_dict; manual, section 12.6)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog import textsearch
from pgproof.catalog.fragments import role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import parts_of, qualified
from pgproof.catalog.object import Object
from pgproof.model import ObjectName

QUERY = f"""
{textsearch.head("dict")},
  {textsearch.named("pg_ts_template", "tmpl", "t.dicttemplate")} as template,
  t.dictinitoption as options,
  {role("t.dictowner")} as owner,
  d.description as comment
{textsearch.source("pg_ts_dict", "dict")}
"""


def create(dictionary: Object) -> Iterator[str]:
    """Make the dictionary; its options are kept as SQL."""
    value = dictionary.attributes
    options = f", {value['options']}" if value["options"] else ""
    name = qualified(dictionary.name.parts)
    yield f"create text search dictionary {name} (template = {value['template']}{options})"


def belongs(dictionary: Object) -> Iterator[ObjectName]:
    """A dictionary goes with its template."""
    yield ObjectName("text search template", parts_of(str(dictionary.attributes["template"])))


KIND = Kind(
    "text search dictionary",
    catalog="pg_ts_dict",
    query=lambda _: QUERY,
    attributes={
        "template": Effect.INTEGRITY,
        "options": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("schema",),
    belongs=belongs,
)
