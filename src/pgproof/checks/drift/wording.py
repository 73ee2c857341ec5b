"""How differences are worded and weighed, and the SQL that shows an object."""

from __future__ import annotations

from pgproof.catalog.difference import Difference
from pgproof.catalog.kind import Effect
from pgproof.catalog.object import Value
from pgproof.model import ObjectName, Severity
from pgproof.model.name import ROUTINES, quoted
from pgproof.sql.quote import literal

RELATIONS = ("table", "view", "materialized view", "index", "sequence", "foreign table")
TYPES = ("enum", "composite type", "domain", "range type")


def severity(difference: Difference) -> Severity:
    """Weigh a difference by its effect: security and integrity are errors, performance warns, cosmetic is a note."""
    if difference.effect & (Effect.SECURITY | Effect.INTEGRITY):
        return Severity.ERROR
    return Severity.WARNING if difference.effect & Effect.PERFORMANCE else Severity.NOTE


def belongings(difference: Difference) -> str:
    """Say how many objects go with a missing or extra one."""
    if not difference.hidden:
        return ""
    return f", with {difference.hidden} object{'s' * (difference.hidden != 1)} of its own"


def changed(difference: Difference) -> str:
    """Say in a few words what changed: flags by their state, the rest by the fact."""
    what = f"{difference.attribute} of {difference.key}" if difference.key else difference.attribute
    if isinstance(difference.declared, bool) and isinstance(difference.live, bool):
        return (
            f"{what} is {_flag(difference.live)} in the live database, {_flag(difference.declared)} in the migrations"
        )
    return f"{what} is not what the migrations make it"


def value(of: Value) -> str:
    """Write an attribute's value as a person would."""
    if of is None or of == [] or of == {}:
        return "nothing"
    if isinstance(of, bool):
        return _flag(of)
    if isinstance(of, list):
        return ", ".join(map(value, of))
    if isinstance(of, dict):
        return ", ".join(f"{key} {value(one)}" for key, one in of.items())
    return str(of)


def _flag(of: bool) -> str:
    return "on" if of else "off"


_SHOW = {
    "schema": "select * from pg_catalog.pg_namespace where nspname = {last};",
    "extension": "select * from pg_catalog.pg_extension where extname = {last};",
    "column": "select * from pg_catalog.pg_attribute where attrelid = {table} and attname = {last};",
    "constraint": "select pg_catalog.pg_get_constraintdef(oid) from pg_catalog.pg_constraint\n"
    "where conrelid = {table} and conname = {last};",
    "trigger": "select tgenabled, pg_catalog.pg_get_triggerdef(oid) from pg_catalog.pg_trigger\n"
    "where tgrelid = {table} and tgname = {last};",
    "policy": "select * from pg_catalog.pg_policies\n"
    "where schemaname = {first} and tablename = {second} and policyname = {last};",
    "rule": "select pg_catalog.pg_get_ruledef(oid) from pg_catalog.pg_rewrite\n"
    "where ev_class = {table} and rulename = {last};",
    **dict.fromkeys(ROUTINES, "select pg_catalog.pg_get_functiondef(pg_catalog.to_regprocedure({whole}));"),
    **dict.fromkeys(TYPES, "select pg_catalog.to_regtype({whole});"),
    **dict.fromkeys(RELATIONS, "select pg_catalog.to_regclass({whole});"),
    "index": "select pg_catalog.pg_get_indexdef(pg_catalog.to_regclass({whole}));",
}


def show(name: ObjectName) -> str:
    """Return SQL that shows the object in the live database, or that it is not there."""
    table = literal(".".join(map(quoted, name.parts[:-1])))
    return _SHOW.get(name.kind, "").format(
        first=literal(name.parts[0]),
        second=literal(name.parts[min(1, len(name.parts) - 1)]),
        last=literal(name.parts[-1]),
        whole=literal(name.spelled),
        table=f"pg_catalog.to_regclass({table})",
    )
