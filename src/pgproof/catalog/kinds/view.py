"""Views (pg_rewrite; manual, CREATE VIEW)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, privileges, role
from pgproof.catalog.kind import Effect, Kind, Trial
from pgproof.catalog.kinds import column
from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object

DEFINITION = "pg_catalog.btrim(pg_catalog.pg_get_viewdef(c.oid), ' ;')"
"""The query without the semicolon at its end."""


def _option(name: str, cast: str = "") -> str:
    stored = "pg_catalog.pg_options_to_table(c.reloptions)"
    return f"(select o.option_value{cast} from {stored} o where o.option_name = '{name}')"


QUERY = f"""
select c.oid, 0 as subid, array[n.nspname, c.relname] as name,
  {DEFINITION} as definition,
  c.reloptions is not null and coalesce({_option("security_invoker", "::bool")}, false) as "security invoker",
  c.reloptions is not null and coalesce({_option("security_barrier", "::bool")}, false) as "security barrier",
  case when c.reloptions is not null then {_option("check_option")} end as "check option",
  {role("c.relowner")} as owner,
  {privileges("r", "c.relacl", "c.relowner")} as privileges,
  d.description as comment
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
{comments("c.oid", "pg_class")}
where c.relkind = 'v'
  and {USER_SCHEMA}
  and {no_member("c.oid", "pg_class")}
"""


def create(view: Object, *columns: Object) -> Iterator[str]:
    """Make the view and give its columns their defaults; the query names them."""
    value = view.attributes
    settings = [f"{name.replace(' ', '_')} = true" for name in ("security invoker", "security barrier") if value[name]]
    if value["check option"]:
        settings.append(f"check_option = {value['check option']}")
    clause = f"with ({', '.join(settings)}) " if settings else ""
    yield f"create view {qualified(view.name.parts)} {clause}as {value['definition']}"
    for one in columns:
        yield from column.settings(one)


def trial(view: Object, _: str, definition: str) -> Trial:
    """Make a temporary view of the query."""
    read = f"""
select {DEFINITION} from pg_catalog.pg_class c where c.oid = pg_catalog.to_regclass('pg_temp.pgproof_trial')"""
    return Trial((f"create temporary view pgproof_trial as {definition}",), read)


KIND = Kind(
    "view",
    catalog="pg_class",
    query=lambda _: QUERY,
    attributes={
        "definition": Effect.INTEGRITY | Effect.EXPRESSION,
        "security invoker": Effect.SECURITY,
        "security barrier": Effect.SECURITY,
        "check option": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "privileges": Effect.SECURITY | Effect.ROLES,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("schema",),
    made_with=("column",),
    trial=trial,
    grant="table",
)
