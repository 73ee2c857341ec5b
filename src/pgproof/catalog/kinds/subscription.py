"""Subscriptions (pg_subscription; manual, section 29.2).

The connection string may hold a password, and only superusers may see it: it is never read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import cast

from pgproof.catalog.fragments import NOT_READABLE_SQL, comments, role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import own
from pgproof.catalog.object import Object
from pgproof.sql.quote import identifier, literal


def _gated(version: int, since: int, expression: str, otherwise: str = "null") -> str:
    return expression if version >= since else otherwise


@cache
def query(version: int) -> str:
    """Many options came with later versions; what one lacks is read as the default that it works by."""
    streaming = "case s.substream when 't' then 'on' when 'p' then 'parallel' else 'off' end"
    return f"""
select s.oid, 0 as subid, array[s.subname] as name,
  {NOT_READABLE_SQL} as connection,
  s.subenabled as enabled,
  (select pg_catalog.array_agg(p order by p collate "C") from pg_catalog.unnest(s.subpublications) p) as publications,
  s.subslotname::text as slot,
  s.subsynccommit as "synchronous commit",
  s.subbinary as "binary",
  {streaming if version >= 160000 else "case when s.substream then 'on' else 'off' end"} as streaming,
  {_gated(version, 150000, "s.subtwophasestate <> 'd'", "false")} as "two phase",
  {_gated(version, 150000, "s.subdisableonerr", "false")} as "disable on error",
  {_gated(version, 160000, "not s.subpasswordrequired", "false")} as "password optional",
  {_gated(version, 160000, "s.subrunasowner", "true")} as "run as owner",
  {_gated(version, 160000, "nullif(s.suborigin, 'any')")} as origin,
  {_gated(version, 170000, "s.subfailover", "false")} as failover,
  {role("s.subowner")} as owner,
  d.description as comment
from pg_catalog.pg_subscription s
{comments("s.oid", "pg_subscription")}
where s.subdbid = (select b.oid from pg_catalog.pg_database b where b.datname = pg_catalog.current_database())
"""


def create(subscription: Object) -> Iterator[str]:
    """Make the subscription without connecting: to nowhere, disabled, without a slot. Whoever runs it decides."""
    value = subscription.attributes
    publications = ", ".join(map(identifier, cast("list[str]", value["publications"] or [])))
    options = ["connect = false", "enabled = false", "slot_name = none"]
    options += [
        f"synchronous_commit = {literal(str(value['synchronous commit']))}",
        f"streaming = {value['streaming']}",
    ]
    options += [f"{one.replace(' ', '_')} = true" for one in ("binary", "two phase") if value[one]]
    options += ["disable_on_error = true"] if value["disable on error"] else []
    options += ["password_required = false"] if value["password optional"] else []
    options += [f"origin = {value['origin']}"] if value["origin"] else []
    yield (
        f"create subscription {own(subscription.name)} connection '' publication {publications}"
        f" with ({', '.join(options)})"
    )


KIND = Kind(
    "subscription",
    catalog="pg_subscription",
    query=query,
    attributes={
        "connection": Effect.INTEGRITY,
        "enabled": Effect.INTEGRITY,
        "publications": Effect.INTEGRITY,
        "slot": Effect.INTEGRITY,
        "synchronous commit": Effect.INTEGRITY,
        "binary": Effect.PERFORMANCE,
        "streaming": Effect.PERFORMANCE,
        "two phase": Effect.INTEGRITY,
        "disable on error": Effect.INTEGRITY,
        "password optional": Effect.SECURITY,
        "run as owner": Effect.SECURITY,
        "origin": Effect.INTEGRITY,
        "failover": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "comment": Effect.COSMETIC,
    },
    create=create,
    last=True,
)
