"""How differences are worded and weighed, and the SQL that shows an object."""

from __future__ import annotations

from pgproof.catalog.difference import Difference
from pgproof.catalog.kind import Effect
from pgproof.evidence.differences import Differences
from pgproof.model import ObjectName, Severity
from pgproof.model.name import ROUTINES, quoted

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
    return f", with {difference.hidden} object{'s' * (difference.hidden != 1)} that belong{'s' * (difference.hidden == 1)} to it"


def declared_by(differences: Differences, difference: Difference) -> tuple[str, ...]:
    """Say where the missing object is declared, and what was looked at."""
    place = differences.origin(difference.name)
    return (f"declared by {place}; the live catalog has no such {difference.name.kind}",) if place else (
        f"the replayed migrations make it; the live catalog has no such {difference.name.kind}",
    )


def changed(difference: Difference) -> str:
    """Say in a few words what changed: flags by name, the rest by the fact."""
    if isinstance(difference.declared, bool) and isinstance(difference.live, bool):
        return f"is {_flag(difference.live)} in the live database, {_flag(difference.declared)} in the migrations"
    return "differs from the migrations"


def _flag(value: bool) -> str:
    return "on" if value else "off"


def show(name: ObjectName) -> str:
    """Return SQL that shows the object in the live database, or that it is not there."""
    parts = [_literal(part) for part in name.parts]
    path = ".".join(map(quoted, name.parts))
    owner = ".".join(map(quoted, name.parts[:-1]))
    if name.kind in RELATIONS:
        return f"select pg_catalog.to_regclass({_literal(path)});"
    if name.kind in ROUTINES:
        return f"select pg_catalog.pg_get_functiondef(pg_catalog.to_regprocedure({_literal(str(name))}));"
    if name.kind in TYPES:
        return f"select pg_catalog.to_regtype({_literal(path)});"
    on_table = f"= pg_catalog.to_regclass({_literal(owner)})"
    last = parts[-1]
    return {
        "schema": f"select * from pg_catalog.pg_namespace where nspname = {last};",
        "extension": f"select * from pg_catalog.pg_extension where extname = {last};",
        "column": f"select * from pg_catalog.pg_attribute where attrelid {on_table} and attname = {last};",
        "constraint": f"select pg_catalog.pg_get_constraintdef(oid) from pg_catalog.pg_constraint where conrelid {on_table} and conname = {last};",
        "trigger": f"select pg_catalog.pg_get_triggerdef(oid) from pg_catalog.pg_trigger where tgrelid {on_table} and tgname = {last};",
        "policy": f"select * from pg_catalog.pg_policy where polrelid {on_table} and polname = {last};",
        "rule": f"select pg_catalog.pg_get_ruledef(oid) from pg_catalog.pg_rewrite where ev_class {on_table} and rulename = {last};",
    }.get(name.kind, "")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
