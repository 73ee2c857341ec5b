"""How differences are worded and weighed, and the SQL that shows an object."""

from __future__ import annotations

from pgproof.catalog.difference import Difference
from pgproof.catalog.kind import Effect
from pgproof.catalog.object import Value
from pgproof.evidence.attribution import Attribution, Story
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


def perhaps(difference: Difference, attribution: Attribution | None) -> tuple[str, ...]:
    """Name the object on the other side that this one may be, if there is one that is alike in all but the name.

    Nothing is said when it can be told why the object is missing, or where it comes from.
    """
    told = attribution.of(difference) if attribution else None
    if difference.perhaps is None or (told and told.story is not Story.BY_HAND):
        return ()
    return (f"alike in all but the name: {difference.perhaps.kind} {difference.perhaps}; perhaps it was renamed",)


def story(difference: Difference, attribution: Attribution | None) -> tuple[str, ...]:
    """Say how it came about, when that can be told."""
    told = attribution.of(difference) if attribution else None
    return (f"{told.story}: {told.sentence}",) if told else ()


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


_IN_A_SCHEMA = {
    "collation": ("pg_collation", "coll"),
    "conversion": ("pg_conversion", "con"),
    "operator class": ("pg_opclass", "opc"),
    "operator family": ("pg_opfamily", "opf"),
    "statistics object": ("pg_statistic_ext", "stx"),
    "text search configuration": ("pg_ts_config", "cfg"),
    "text search dictionary": ("pg_ts_dict", "dict"),
    "text search parser": ("pg_ts_parser", "prs"),
    "text search template": ("pg_ts_template", "tmpl"),
}
"""The catalog of a kind and the prefix of its columns."""

_IN_NONE = {
    "access method": ("pg_am", "amname"),
    "event trigger": ("pg_event_trigger", "evtname"),
    "foreign data wrapper": ("pg_foreign_data_wrapper", "fdwname"),
    "publication": ("pg_publication", "pubname"),
    "server": ("pg_foreign_server", "srvname"),
}

_SHOW = {
    **{
        kind: f"select o.* from pg_catalog.{catalog} o"  # noqa: S608 (constants)
        f" join pg_catalog.pg_namespace n on n.oid = o.{prefix}namespace\n"
        f"where n.nspname = {{first}} and o.{prefix}name = {{second}};"
        for kind, (catalog, prefix) in _IN_A_SCHEMA.items()
    },
    **{
        kind: f"select * from pg_catalog.{catalog} where {column} = {{last}};"  # noqa: S608 (constants)
        for kind, (catalog, column) in _IN_NONE.items()
    },
    "cast": "select * from pg_catalog.pg_cast where castsource = pg_catalog.to_regtype({first})\n"
    "and casttarget = pg_catalog.to_regtype({last});",
    "database": "select * from pg_catalog.pg_database d left join pg_catalog.pg_db_role_setting s\n"
    "on s.setdatabase = d.oid and s.setrole = 0 where d.datname = pg_catalog.current_database();",
    "default privileges": "select * from pg_catalog.pg_default_acl"
    " where pg_catalog.pg_get_userbyid(defaclrole) = {first};",
    "operator": "select * from pg_catalog.pg_operator where oid = pg_catalog.to_regoperator({whole});",
    "publication schema": "select pg_catalog.pg_describe_object('pg_catalog.pg_publication_namespace'::regclass,"
    " r.oid, 0)\nfrom pg_catalog.pg_publication_namespace r join pg_catalog.pg_publication p on p.oid = r.pnpubid\n"
    "where p.pubname = {last};",
    "publication table": "select * from pg_catalog.pg_publication_tables\n"
    "where pubname = {last} and schemaname = {first} and tablename = {second};",
    "role in database": "select s.* from pg_catalog.pg_db_role_setting s join pg_catalog.pg_database d\n"
    "on d.oid = s.setdatabase and d.datname = pg_catalog.current_database()\n"
    "where pg_catalog.pg_get_userbyid(s.setrole) = {last};",
    "security label": "select * from pg_catalog.pg_seclabels where objname = {second} and provider = {last};",
    "subscription": "select subname, subenabled, subpublications from pg_catalog.pg_subscription"
    " where subname = {last};",
    "user mapping": "select * from pg_catalog.pg_user_mappings where srvname = {first} and usename = {last};",
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
