"""Row-level security policies (pg_policy; manual, section 5.9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, role
from pgproof.catalog.kind import Effect, Kind, Trial
from pgproof.catalog.names import own, relation
from pgproof.catalog.object import Object
from pgproof.catalog.privileges import PUBLIC
from pgproof.sql.quote import identifier, literal

QUERY = f"""
select p.oid, 0 as subid, array[n.nspname, c.relname, p.polname] as name,
  case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete'
    else 'all' end as command,
  array(select case when r.oid = 0 then '{PUBLIC}' else {role("r.oid")} end from pg_catalog.unnest(p.polroles) r (oid)
    order by 1) as roles,
  p.polpermissive as permissive,
  pg_catalog.pg_get_expr(p.polqual, p.polrelid) as "using",
  pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as "check",
  d.description as comment
from pg_catalog.pg_policy p
join pg_catalog.pg_class c on c.oid = p.polrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
{comments("p.oid", "pg_policy")}
where {USER_SCHEMA}
  and {no_member("c.oid", "pg_class")}
"""


def create(policy: Object) -> Iterator[str]:
    """Make the policy."""
    value = policy.attributes
    roles = [PUBLIC if one == PUBLIC else identifier(one) for one in cast("list[str]", value["roles"])]
    clauses = [
        f"create policy {own(policy.name)} on {relation(policy.name)}",
        f"as {'permissive' if value['permissive'] else 'restrictive'} for {value['command']} to {', '.join(roles)}",
    ]
    clauses += [f"using ({value['using']})"] if value["using"] is not None else []
    clauses += [f"with check ({value['check']})"] if value["check"] is not None else []
    yield " ".join(clauses)


def trial(policy: Object, attribute: str, expression: str) -> Trial:
    """Make a policy of the expression; a policy for all commands takes both expressions, and takes any columns."""
    clause, column = ("using", "polqual") if attribute == "using" else ("with check", "polwithcheck")
    table = relation(policy.name)
    read = f"""
select pg_catalog.pg_get_expr(p.{column}, p.polrelid) from pg_catalog.pg_policy p
where p.polrelid = pg_catalog.to_regclass({literal(table)}) and p.polname = 'pgproof_trial'"""
    return Trial((f"create policy pgproof_trial on {table} {clause} ({expression})",), read)


KIND = Kind(
    "policy",
    catalog="pg_policy",
    query=lambda _: QUERY,
    attributes={
        "command": Effect.SECURITY,
        "roles": Effect.SECURITY | Effect.ROLE,
        "permissive": Effect.SECURITY,
        "using": Effect.SECURITY | Effect.EXPRESSION,
        "check": Effect.SECURITY | Effect.EXPRESSION,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("table",),
    existence=Effect.SECURITY,
    renames=True,
    trial=trial,
)
