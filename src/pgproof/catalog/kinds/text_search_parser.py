"""Text search parsers (pg_ts_parser; manual, CREATE TEXT SEARCH PARSER)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog import textsearch
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object

FUNCTIONS = {
    "start": "prsstart",
    "gettoken": "prstoken",
    "end": "prsend",
    "headline": "prsheadline",
    "lextypes": "prslextype",
}
"""What CREATE calls the functions, and pg_ts_parser."""

QUERY = f"""
{textsearch.head("prs")},
  {", ".join(f'{textsearch.function(f"t.{column}")} as "{name}"' for name, column in FUNCTIONS.items())},
  d.description as comment
{textsearch.source("pg_ts_parser", "prs")}
"""


def create(parser: Object) -> Iterator[str]:
    """Make the parser."""
    parts = [f"{name} = {parser.attributes[name]}" for name in FUNCTIONS if parser.attributes[name]]
    yield f"create text search parser {qualified(parser.name.parts)} ({', '.join(parts)})"


KIND = Kind(
    "text search parser",
    catalog="pg_ts_parser",
    query=lambda _: QUERY,
    attributes={**dict.fromkeys(FUNCTIONS, Effect.INTEGRITY), "comment": Effect.COSMETIC},
    create=create,
    parent=("schema",),
)
