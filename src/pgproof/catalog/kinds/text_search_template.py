"""Text search templates (pg_ts_template; manual, CREATE TEXT SEARCH TEMPLATE)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog import textsearch
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object

QUERY = f"""
{textsearch.head("tmpl")},
  {textsearch.function("t.tmplinit")} as init,
  {textsearch.function("t.tmpllexize")} as lexize,
  d.description as comment
{textsearch.source("pg_ts_template", "tmpl")}
"""


def create(template: Object) -> Iterator[str]:
    """Make the template."""
    parts = [f"{name} = {template.attributes[name]}" for name in ("init", "lexize") if template.attributes[name]]
    yield f"create text search template {qualified(template.name.parts)} ({', '.join(parts)})"


KIND = Kind(
    "text search template",
    catalog="pg_ts_template",
    query=lambda _: QUERY,
    attributes={"init": Effect.INTEGRITY, "lexize": Effect.INTEGRITY, "comment": Effect.COSMETIC},
    create=create,
    parent=("schema",),
)
