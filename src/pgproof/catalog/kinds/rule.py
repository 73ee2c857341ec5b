"""Rewrite rules of tables and views, without the one that is a view's query (pg_rewrite; manual, chapter 41)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member
from pgproof.catalog.kind import Effect, Kind, Trial
from pgproof.catalog.names import own, relation
from pgproof.catalog.object import Object
from pgproof.sql.quote import literal

DEFINITION = """pg_catalog.btrim(pg_catalog.substr(pg_catalog.pg_get_ruledef(r.oid), 1 + pg_catalog.length(
    pg_catalog.format('CREATE RULE %I AS', r.rulename))), E' \\n;')"""
"""The rule's text without its name."""

QUERY = f"""
select r.oid, 0 as subid, array[n.nspname, c.relname, r.rulename] as name,
  {DEFINITION} as definition,
  case r.ev_enabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always' else 'enabled' end as state,
  d.description as comment
from pg_catalog.pg_rewrite r
join pg_catalog.pg_class c on c.oid = r.ev_class
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
{comments("r.oid", "pg_rewrite")}
where r.rulename <> '_RETURN'
  and c.relkind in ('r', 'p', 'v')
  and {USER_SCHEMA}
  and {no_member("c.oid", "pg_class")}
"""

_ENABLE = {"disabled": "disable", "replica": "enable replica", "always": "enable always"}


def create(rule: Object) -> Iterator[str]:
    """Make the rule, then switch it as it is."""
    value = rule.attributes
    yield f"create rule {own(rule.name)} as {value['definition']}"
    if value["state"] != "enabled":
        yield f"alter table {relation(rule.name)} {_ENABLE[str(value['state'])]} rule {own(rule.name)}"


def trial(rule: Object, _: str, definition: str) -> Trial:
    """Make the rule once more under another name."""
    read = f"""
select {DEFINITION} from pg_catalog.pg_rewrite r
where r.ev_class = pg_catalog.to_regclass({literal(relation(rule.name))}) and r.rulename = 'pgproof_trial'"""
    return Trial((f"create rule pgproof_trial as {definition}",), read)


KIND = Kind(
    "rule",
    catalog="pg_rewrite",
    query=lambda _: QUERY,
    attributes={
        "definition": Effect.INTEGRITY | Effect.EXPRESSION,
        "state": Effect.INTEGRITY,
        "comment": Effect.COSMETIC,
    },
    create=create,
    parent=("table", "view"),
    renames=True,
    trial=trial,
)
