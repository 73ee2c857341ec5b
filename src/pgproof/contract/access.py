"""Who may do what: asked of a server, because memberships and what a superuser may are not in a catalog."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object
from pgproof.contract.answer import HOLDS, Answer, State, fails, unknown
from pgproof.contract.judge_objects import fitting_routine
from pgproof.contract.need import AppendOnly, Privilege, Routine
from pgproof.contract.schema import Schema
from pgproof.contract.wording import sentence
from pgproof.model import ObjectName
from pgproof.sql.quote import literal

if TYPE_CHECKING:
    from pgproof.server.session import Session

ACCESS = """
select a.n, r.oid is not null as role,
  case when a.routine is not null then pg_catalog.has_function_privilege(r.oid, f.oid, 'execute')
    when a.columns is null then pg_catalog.has_table_privilege(r.oid, c.oid, a.action)
    else (select pg_catalog.bool_and(pg_catalog.has_column_privilege(r.oid, c.oid, x.name, a.action))
            from pg_catalog.jsonb_array_elements_text(a.columns) x(name)) end as held,
  case when a.routine is not null or a.action in ('delete', 'truncate', 'trigger') then false
    else pg_catalog.has_any_column_privilege(r.oid, c.oid, a.action) end as of_some_column,
  pg_catalog.has_schema_privilege(r.oid, coalesce(c.relnamespace, f.pronamespace), 'usage') as usage,
  coalesce(c.relrowsecurity, false) and not r.rolsuper and not r.rolbypassrls
    and (c.relforcerowsecurity or not pg_catalog.pg_has_role(r.oid, c.relowner, 'usage')) as secured,
  exists (select from pg_catalog.pg_policy p
    where p.polrelid = c.oid and p.polpermissive
      and p.polcmd in ('*', case a.action when 'select' then 'r' when 'insert' then 'a' when 'update' then 'w'
        when 'delete' then 'd' end)
      and exists (select from pg_catalog.unnest(p.polroles) o(oid)
        where o.oid = 0 or pg_catalog.pg_has_role(r.oid, o.oid, 'usage'))) as let_through
from pg_catalog.jsonb_to_recordset($1::jsonb)
  a(n integer, role text, action text, relation text, routine text, columns jsonb)
left join (
  select p.oid, p.rolname, p.rolsuper, p.rolbypassrls from pg_catalog.pg_roles p
  union all select 0, 'public', false, false
) r on r.rolname = a.role
left join pg_catalog.pg_class c on c.oid = pg_catalog.to_regclass(a.relation)
left join pg_catalog.pg_proc f on f.oid = pg_catalog.to_regprocedure(a.routine)
order by a.n
"""
_FILTERED = ("select", "insert", "update", "delete")
CHANGING = ("UPDATE", "DELETE", "TRUNCATE")
"""What changes or removes rows that are there."""

Held = Mapping[Privilege, Answer]


def ask_access(needs: Iterable[Privilege], schema: Schema, session: Session) -> dict[Privilege, Answer]:
    """Return for each privilege whether the role has it; one query for all.

    Raises psycopg.Error when the server refuses the query.
    """
    answers: dict[Privilege, Answer] = {}
    rows: list[tuple[Privilege, Object, dict[str, Any]]] = []
    for need in needs:
        found = privilege_object(need, schema)
        if isinstance(found, Answer):
            answers[need] = found
        else:
            rows.append((need, found, _row(len(rows), need, found)))
    asked = json.dumps([row for _, _, row in rows])
    for (need, found, _), answer in zip(rows, session.rows(ACCESS, (asked,)) if rows else (), strict=True):
        answers[need] = _answer(need, found.name, *answer[1:])
    return answers


def privilege_object(need: Privilege, schema: Schema) -> Object | Answer:
    """Return the relation or function that a privilege is about, or why there is none."""
    if need.action == "execute":
        return fitting_routine(Routine(need.path, need.arguments), schema)
    relation = schema.relation(need.path)
    if isinstance(relation, Object):
        for column in need.columns:
            if isinstance(found := schema.column(need.path, column), Answer):
                return found
    elif len(need.path) == 2 and not need.columns and isinstance(table := schema.relation(need.path[:1]), Object):
        found = schema.column(need.path[:1], need.path[1])
        return found if isinstance(found, Answer) else table
    return relation


def _row(number: int, need: Privilege, found: Object) -> dict[str, Any]:
    name = found.name
    routine = f"{qualified(name.parts[:2])}({name.parts[2]})" if need.action == "execute" else None
    of_column = need.columns or (need.path[1:] if _is_column(need, found) else ())
    return {
        "n": number,
        "role": need.role,
        "action": need.action,
        "relation": None if routine else qualified(name.parts[:2]),
        "routine": routine,
        "columns": list(of_column) or None,
    }


def _is_column(need: Privilege, found: Object) -> bool:
    """Whether `a.b` was meant as the column b of the table a."""
    return need.action != "execute" and len(need.path) == 2 and found.name.parts[1] != need.path[1]


def _answer(
    need: Privilege, name: ObjectName, role: bool, held: Any, some: Any, usage: Any, secured: Any, let_through: Any
) -> Answer:
    if not role:
        return fails(name, f"cannot be: there is no role {need.role}") if need.allowed else HOLDS
    filtered = need.action in _FILTERED and secured
    if need.allowed:
        if not held:
            return fails(name, "is not granted")
        if not usage:
            return fails(name, f"is granted, and the schema {name.schema} is closed to {need.role}")
        if filtered and not let_through:
            return fails(name, "is granted, and no policy lets any row through: row-level security is on")
        return HOLDS
    if (held or some) and usage and not (filtered and not let_through):
        through = (
            ", and a policy lets rows through"
            if filtered
            else ", and no row-level security limits it" * (need.action in _FILTERED)
        )
        return fails(name, f"is granted{through}" if held else f"is granted for some columns{through}")
    return HOLDS


def judge_privilege(need: Privilege, schema: Schema) -> Answer:
    """Whether the role may, as far as the catalog alone tells: what is granted to it by name, or to everybody."""
    found = privilege_object(need, schema)
    if isinstance(found, Answer):
        return found
    return unknown(f"nobody asked a server whether {sentence(need)}", found.name)


def judge_append_only(need: AppendOnly, schema: Schema) -> Answer:
    """Whether no role but the owner may change or remove rows; what a trigger refuses nobody has tried."""
    table = schema.relation(need.relation, "table")
    if isinstance(table, Answer):
        return table
    held = cast("dict[str, list[str]]", table.attributes.get("privileges") or {})
    able = {
        role: [one for one in CHANGING if one in privileges or f"{one}*" in privileges]
        for role, privileges in held.items()
        if role != table.attributes["owner"]
    }
    able = {role: [one for one in may if not _stopped(one, role, table, schema)] for role, may in able.items()}
    told = [f"{role} ({', '.join(one.lower() for one in may)})" for role, may in sorted(able.items()) if may]
    if not told:
        return HOLDS
    triggers = [str(one.attributes["definition"]) for one in schema.of_table("trigger", table)]
    if any(one.startswith("BEFORE") and ("UPDATE" in one or "DELETE" in one) for one in triggers):
        return Answer(State.UNKNOWN, "a trigger fires before changes, and nobody has tried whether it refuses them")
    return fails(table.name, f"is open to changes by {', '.join(told)}")


def _stopped(privilege: str, role: str, table: Object, schema: Schema) -> bool:
    """Whether row-level security lets nothing through: no permissive policy for that command and role."""
    if not table.attributes.get("row security") or privilege == "TRUNCATE":
        return False
    return not any(
        one.attributes["permissive"]
        and one.attributes["command"] in ("all", privilege.lower())
        and {role, "public"} & set(cast("list[str]", one.attributes["roles"] or []))
        for one in schema.of_table("policy", table)
    )


def held(need: Privilege, name: ObjectName) -> str:
    """Return SQL that shows whether the role holds the privilege on an object."""
    if need.action == "execute":
        routine = f"{qualified(name.parts[:2])}({name.parts[2]})" if len(name.parts) > 2 else qualified(name.parts)
        return f"select has_function_privilege({literal(need.role)}, {literal(routine)}, 'execute');"
    relation = literal(qualified(name.parts[:2]))
    columns = need.columns or (need.path[-1:] if need.path[-1] not in name.parts[:2] else ())
    if not columns:
        return f"select has_table_privilege({literal(need.role)}, {relation}, '{need.action}');"
    asked = (
        f"has_column_privilege({literal(need.role)}, {relation}, {literal(column)}, '{need.action}')"
        for column in columns
    )
    return f"select {', '.join(asked)};"
