"""Triggers, constraint triggers included (pg_trigger; manual, CREATE TRIGGER).

Those that the system makes for foreign keys are told with the constraint, the clones on partitions with the original.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, reference
from pgproof.catalog.kind import Effect, Kind, Trial
from pgproof.catalog.names import own, parts_of, relation
from pgproof.catalog.object import Object
from pgproof.model import ObjectName
from pgproof.sql.quote import literal

DEFINITION = """pg_catalog.substr(pg_catalog.pg_get_triggerdef(t.oid), 2 + pg_catalog.length(pg_catalog.format(
    'CREATE %sTRIGGER %I', case when t.tgconstraint <> 0 then 'CONSTRAINT ' end, t.tgname)))"""
"""The trigger's text without its name."""


def _state(enabled: str) -> str:
    return f"case {enabled} when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always' else 'enabled' end"


QUERY = f"""
with recursive clones as (
  select t.tgparentid as original, t.oid, t.tgrelid, t.tgenabled from pg_catalog.pg_trigger t
  where t.tgparentid <> 0
  union all
  select t.tgparentid, k.oid, k.tgrelid, k.tgenabled from clones k
  join pg_catalog.pg_trigger t on t.oid = k.original
  where t.tgparentid <> 0
)
select t.oid, 0 as subid, array[n.nspname, c.relname, t.tgname] as name,
  {DEFINITION} as definition,
  t.tgconstraint <> 0 as constraint,
  {_state("t.tgenabled")} as state,
  k.states as "state on partitions",
  {reference("fn.nspname", "f.proname")} as function,
  d.description as comment
from pg_catalog.pg_trigger t
join pg_catalog.pg_class c on c.oid = t.tgrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_proc f on f.oid = t.tgfoid
join pg_catalog.pg_namespace fn on fn.oid = f.pronamespace
left join (
  select k.original, pg_catalog.jsonb_object_agg(
    {reference("pn.nspname", "p.relname")}, {_state("k.tgenabled")}) as states
  from clones k
  join pg_catalog.pg_trigger o on o.oid = k.original and o.tgenabled <> k.tgenabled
  join pg_catalog.pg_class p on p.oid = k.tgrelid
  join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
  group by k.original
) k on k.original = t.oid
{comments("t.oid", "pg_trigger")}
where not t.tgisinternal and t.tgparentid = 0
  and {USER_SCHEMA}
  and {no_member("c.oid", "pg_class")}
"""

_ENABLE = {"enabled": "enable", "disabled": "disable", "replica": "enable replica", "always": "enable always"}


def create(trigger: Object) -> Iterator[str]:
    """Make the trigger, then switch it as it is, here and on partitions."""
    value = trigger.attributes
    constraint = "constraint " if value["constraint"] else ""
    yield f"create {constraint}trigger {own(trigger.name)} {value['definition']}"
    states = {relation(trigger.name): value["state"]} if value["state"] != "enabled" else {}
    if isinstance(otherwise := value["state on partitions"], dict):
        states |= otherwise
    for table, state in sorted(states.items(), key=lambda one: one[0] != relation(trigger.name)):
        yield f"alter table {table} {_ENABLE[str(state)]} trigger {own(trigger.name)}"


def belongs(trigger: Object) -> Iterator[ObjectName]:
    """A trigger goes with its function; trigger functions take no arguments."""
    yield ObjectName("function", (*parts_of(str(trigger.attributes["function"])), ""))


def trial(trigger: Object, _: str, definition: str) -> Trial:
    """Make the trigger once more under another name."""
    constraint = "constraint " if trigger.attributes["constraint"] else ""
    read = f"""
select {DEFINITION} from pg_catalog.pg_trigger t
where t.tgrelid = pg_catalog.to_regclass({literal(relation(trigger.name))}) and t.tgname = 'pgproof_trial'"""
    return Trial((f"create {constraint}trigger pgproof_trial {definition}",), read)


KIND = Kind(
    "trigger",
    catalog="pg_trigger",
    query=lambda _: QUERY,
    attributes={
        "definition": Effect.INTEGRITY | Effect.EXPRESSION,
        "constraint": Effect.INTEGRITY,
        "state": Effect.INTEGRITY,
        "state on partitions": Effect.INTEGRITY,
        "function": Effect.DERIVED,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("table", "view", "foreign table"),
    belongs=belongs,
    renames=True,
    trial=trial,
)
