"""Domains and their checks (pg_type and pg_constraint; manual, section 8.18)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pgproof.catalog import trial, types
from pgproof.catalog.kind import Effect, Kind, Trial
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object, Value
from pgproof.sql.quote import identifier, literal

QUERY = f"""{types.HEAD},
  pg_catalog.format_type(t.typbasetype, t.typtypmod) as "base type",
  {types.collation("t.typcollation", "t.typbasetype")} as collation,
  coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 'pg_catalog.pg_type'::regclass), t.typdefault) as "default",
  t.typnotnull as "not null",
  (select pg_catalog.jsonb_object_agg(k.conname, pg_catalog.jsonb_build_object(
      'expression', pg_catalog.pg_get_expr(k.conbin, 0),
      'validated', k.convalidated))
   from pg_catalog.pg_constraint k where k.contypid = t.oid and k.contype = 'c') as checks,
  (select pg_catalog.jsonb_object_agg(k.conname, kd.description)
   from pg_catalog.pg_constraint k
   join pg_catalog.pg_description kd on kd.objoid = k.oid and kd.classoid = 'pg_catalog.pg_constraint'::regclass
   where k.contypid = t.oid) as "check comments"
{types.SOURCE}
where t.typtype = 'd' and {types.NO_MEMBER}
"""


def create(domain: Object) -> Iterator[str]:
    """Make the domain, then its checks: only one that is added later can be not valid."""
    attributes, name = domain.attributes, qualified(domain.name.parts)
    words = [f"create domain {name} as {attributes['base type']}"]
    words += [f"collate {attributes['collation']}"] if attributes["collation"] else []
    words += [f"default {attributes['default']}"] if attributes["default"] is not None else []
    words += ["not null"] if attributes["not null"] else []
    yield " ".join(words)
    for check, facts in sorted(cast("dict[str, dict[str, Value]]", attributes["checks"] or {}).items()):
        not_valid = "" if facts["validated"] else " not valid"
        yield f"alter domain {name} add constraint {identifier(check)} check ({facts['expression']}){not_valid}"
    for check, comment in sorted(cast("dict[str, str]", attributes["check comments"] or {}).items()):
        yield f"comment on constraint {identifier(check)} on domain {name} is {literal(comment)}"


def try_again(domain: Object, attribute: str, text: str) -> Trial | None:
    """Say how the default or a check is parsed again."""
    return (
        trial.of_value(text) if attribute == "default" else trial.of_domain(str(domain.attributes["base type"]), text)
    )


KIND = Kind(
    "domain",
    catalog="pg_type",
    query=lambda _: QUERY,
    attributes={
        **types.ATTRIBUTES,
        "base type": Effect.INTEGRITY,
        "collation": Effect.INTEGRITY,
        "default": Effect.INTEGRITY | Effect.EXPRESSION,
        "not null": Effect.INTEGRITY,
        "checks": Effect.INTEGRITY | Effect.EXPRESSION,
        "check comments": Effect.COSMETIC,
    },
    create=create,
    parent=("schema",),
    trial=try_again,
    grant="type",
)
