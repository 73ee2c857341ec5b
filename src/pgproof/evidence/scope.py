"""What of a catalog the project answers for: the rest belongs to the platform or to the migration tool."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from pgproof.catalog.belonging import parents
from pgproof.catalog.kinds import BY_NAME
from pgproof.catalog.object import Catalog, Object
from pgproof.catalog.owners import live_name
from pgproof.migrations.layouts import layouts
from pgproof.migrations.observation import Replay
from pgproof.model import ObjectName
from pgproof.platforms import Platform

BOOKKEEPING = frozenset(
    {
        "SequelizeMeta",
        "__EFMigrationsHistory",
        "__diesel_schema_migrations",
        "__drizzle_migrations",
        "__migrations",
        "_migrations",
        "_prisma_migrations",
        "_sqlx_migrations",
        "_yoyo_log",
        "_yoyo_migration",
        "_yoyo_version",
        "alembic_version",
        "applied_migrations",
        "ar_internal_metadata",
        "atlas_schema_revisions",
        "darwin_migrations",
        "databasechangelog",
        "databasechangeloglock",
        "db_migrations",
        "django_migrations",
        "doctrine_migration_versions",
        "flyway_schema_history",
        "goose_db_version",
        "gopg_migrations",
        "gorp_migrations",
        "knex_migrations",
        "knex_migrations_lock",
        "migration_history",
        "migrations",
        "migrations_history",
        "mikro_orm_migrations",
        "pgmigrations",
        "schema_migration",
        "schema_migrations",
        "schema_version",
        "schema_versions",
        "schemaversion",
        "yoyo_lock",
    }
)
"""Tables in which migration tools record what they did; none of them is made by a migration."""

_SQITCH = frozenset(
    {"project", "note", "committed_at", "committer_name", "committer_email"}
    | {"planned_at", "planner_name", "planner_email"}
)
_SHAPES = frozenset(
    {
        frozenset({"version_num"}),  # Alembic
        frozenset({"id", "name", "batch", "migration_time"}),  # Knex
        frozenset({"index", "is_locked"}),
        # Sqitch's registry, beside its changes
        frozenset({"change_id", "type", "dependency", "dependency_id"}),
        frozenset({"project", "uri", "created_at", "creator_name", "creator_email"}),
        frozenset({"version", "installed_at", "installer_name", "installer_email"}),
        _SQITCH | {"tag_id", "tag", "change_id"},
        _SQITCH | {"event", "change_id", "change", "requires", "conflicts", "tags"},
    }
)
"""The columns of tables of tools that no layout reads."""

BOOKKEEPING_SCHEMAS = frozenset(
    {"atlas_schema_revisions", "drizzle", "graphile_migrate", "supabase_migrations", "sqitch"}
)


def scoped(
    catalog: Catalog,
    made: Collection[ObjectName],
    foreign_schemas: Collection[str],
    history: tuple[str, str] | None = None,
) -> Catalog:
    """Leave out bookkeeping tables, and what is in `foreign_schemas`, unless the migrations made it (`made`).

    A bookkeeping table is known by its name, or by its columns, which no other table has; `history` is a further one
    (schema, table). What belongs to an object that is left out is left out too, and a schema that holds nothing else.
    """
    foreign = BOOKKEEPING_SCHEMAS.union(foreign_schemas)
    shaped = _shaped(catalog, made) | ({history} if history else set())
    left_out = {
        name for name in catalog.objects if (_foreign(name, foreign) or name.parts[:2] in shaped) and name not in made
    }
    left_out |= _emptied(catalog, left_out) - set(made)
    if not left_out:
        return catalog
    kept = {}
    for name, thing in catalog.objects.items():
        if name in left_out or (name not in made and any(parent in left_out for parent in parents(thing))):
            continue
        kept[name] = thing
    return replace(catalog, objects=kept)


def _foreign(name: ObjectName, schemas: Collection[str]) -> bool:
    return (len(name.parts) > 1 and name.parts[1] in BOOKKEEPING) or name.schema in schemas


def _shaped(catalog: Catalog, made: Collection[ObjectName]) -> set[tuple[str, ...]]:
    """Return the tables that have just the columns of a tool's history table, whatever they are called."""
    columns: dict[tuple[str, ...], set[str]] = {}
    for name in catalog.objects:
        if name.kind == "column" and name not in made:
            columns.setdefault(name.parts[:2], set()).add(name.parts[2])
    shapes = {layout.history.shape for layout in layouts().values() if layout.history} | _SHAPES
    return {table for table, names in columns.items() if frozenset(names) in shapes}


def _emptied(catalog: Catalog, left_out: Collection[ObjectName]) -> set[ObjectName]:
    """Return the schemas in which there is nothing but bookkeeping tables and what belongs to them."""
    schemas = {name.schema for name in left_out if name.kind == "table"} - {"public"}
    for name, thing in catalog.objects.items():
        if name.schema not in schemas or name.kind == "schema" or name in left_out:
            continue
        if not any(one in left_out for one in parents(thing)):
            schemas.discard(name.schema)
    return {ObjectName("schema", (schema,)) for schema in schemas}


_OF_THE_DATABASE = {
    "database": re.compile(r"\b(?:alter|on|in)\s+database\b", re.IGNORECASE),
    "role in database": re.compile(r"\bin\s+database\b", re.IGNORECASE),
    "default privileges": re.compile(r"\balter\s+default\s+privileges\b", re.IGNORECASE),
}
"""What a migration that has a say in objects of these kinds says. No event and no OID tells that it made them."""


_MEMBERS = ("publication table", "publication schema")


def without_the_platforms_own(
    declared: Catalog, live: Catalog, replay: Replay, platform: Platform, owners: Mapping[str, str]
) -> tuple[Catalog, Catalog]:
    """Leave out of both what lies in no schema and is the platform's or the provider's, unless the migrations touch it.

    Publications, event triggers and default privileges that the platform brings are none of the project's; nor are the
    database's own settings and privileges, which whoever runs the server decides, as long as no migration does.
    """
    spoken = {
        kind for kind, words in _OF_THE_DATABASE.items() if any(words.search(o.text) for o in replay.observations)
    }
    ours = {
        name
        for name, thing in declared.objects.items()
        if _is_the_projects(name, thing, replay.origins, spoken, platform)
    }
    in_both = {live_name(name, owners): name in ours for name in declared.objects}
    untouched = _untouched_publications(declared, ours)
    theirs = {
        name
        for name, thing in live.objects.items()
        if in_both.get(name, not _is_a_providers(thing, spoken, platform) and not _published(name, untouched))
    }
    return _only(declared, ours), _only(live, theirs)


def _untouched_publications(declared: Catalog, ours: Collection[ObjectName]) -> set[str]:
    """Return the platform's publications that no migration touches: who adds what to them is not the project's say."""
    spoken_of = {name.parts[-1] for name in declared.objects if name.kind in _MEMBERS}
    names = {name for name in declared.objects if name.kind == "publication" and name not in ours}
    return {name.parts[0] for name in names} - spoken_of


def _published(name: ObjectName, publications: Collection[str]) -> bool:
    return name.kind in _MEMBERS and name.parts[-1] in publications


def _is_the_projects(
    name: ObjectName, thing: Object, touched: Collection[ObjectName], spoken: Collection[str], platform: Platform
) -> bool:
    if name.schema or name.kind == "extension":
        return True
    if name.kind in _OF_THE_DATABASE and platform.sql:
        return name.kind in spoken and not _is_a_providers(thing, spoken, platform)
    return name in touched or not (platform.sql or _is_a_providers(thing, spoken, platform))


def _is_a_providers(thing: Object, spoken: Collection[str], platform: Platform) -> bool:
    """Whether it belongs to a role of the platform, or is the database's while no migration says a word of that."""
    name = thing.name
    if name.schema or name.kind == "extension":
        return False
    if name.kind in ("database", "role in database") and name.kind not in spoken:
        return True
    place = BY_NAME[name.kind].role_part
    return (thing.attributes.get("owner") if place is None else name.parts[place]) in platform.roles


def _only(catalog: Catalog, names: Collection[ObjectName]) -> Catalog:
    return replace(catalog, objects={name: thing for name, thing in catalog.objects.items() if name in names})
