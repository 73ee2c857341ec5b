"""Event triggers (pg_event_trigger; manual, chapter 40)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pgproof.catalog.fragments import comments, no_member, reference, role
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import own, parts_of
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.sql.quote import literal

QUERY = f"""
select t.oid, 0 as subid, array[t.evtname] as name,
  t.evtevent as event,
  (select pg_catalog.array_agg(tag order by tag collate "C") from pg_catalog.unnest(t.evttags) tag) as tags,
  {reference("fn.nspname", "f.proname")} as function,
  case t.evtenabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always' else 'enabled' end as state,
  {role("t.evtowner")} as owner,
  d.description as comment
from pg_catalog.pg_event_trigger t
join pg_catalog.pg_proc f on f.oid = t.evtfoid
join pg_catalog.pg_namespace fn on fn.oid = f.pronamespace
{comments("t.oid", "pg_event_trigger")}
where {no_member("t.oid", "pg_event_trigger")}
"""

_ENABLE = {"disabled": "disable", "replica": "enable replica", "always": "enable always"}


def create(trigger: Object) -> Iterator[str]:
    """Make the event trigger, then switch it as it is."""
    value = trigger.attributes
    tags = ", ".join(map(literal, cast("list[str]", value["tags"] or [])))
    when = f"when tag in ({tags}) " if tags else ""
    yield f"create event trigger {own(trigger.name)} on {value['event']} {when}execute function {value['function']}()"
    if value["state"] != "enabled":
        yield f"alter event trigger {own(trigger.name)} {_ENABLE[str(value['state'])]}"


def belongs(trigger: Object) -> Iterator[ObjectName]:
    """An event trigger goes with its function, which takes no arguments."""
    yield ObjectName("function", (*parts_of(str(trigger.attributes["function"])), ""))


KIND = Kind(
    "event trigger",
    catalog="pg_event_trigger",
    query=lambda _: QUERY,
    attributes={
        "event": Effect.INTEGRITY,
        "tags": Effect.INTEGRITY,
        "function": Effect.INTEGRITY,
        "state": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "comment": Effect.COSMETIC,
    },
    create=create,
    belongs=belongs,
    renames=True,
    last=True,
)
