"""What of a catalog the project answers for: the rest belongs to the platform or to the migration tool."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pgproof.catalog.belonging import parents
from pgproof.catalog.object import Catalog
from pgproof.model import ObjectName

BOOKKEEPING = frozenset(
    {
        "__diesel_schema_migrations",
        "__drizzle_migrations",
        "_prisma_migrations",
        "_sqlx_migrations",
        "_yoyo_log",
        "_yoyo_migration",
        "_yoyo_version",
        "alembic_version",
        "databasechangelog",
        "databasechangeloglock",
        "django_migrations",
        "flyway_schema_history",
        "goose_db_version",
        "knex_migrations",
        "knex_migrations_lock",
        "pgmigrations",
        "schema_migrations",
        "schema_version",
        "yoyo_lock",
    }
)
"""Tables in which migration tools record what they did; none of them is made by a migration."""

BOOKKEEPING_SCHEMAS = frozenset({"drizzle", "supabase_migrations", "sqitch"})


def scoped(catalog: Catalog, made: Collection[ObjectName], foreign_schemas: Collection[str]) -> Catalog:
    """Leave out bookkeeping tables, and what is in `foreign_schemas`, unless the migrations made it (`made`).

    What belongs to an object that is left out is left out too.
    """
    left_out = {name for name in catalog.objects if name not in made and _foreign(name, foreign_schemas)}
    kept = {}
    for name, thing in catalog.objects.items():
        if name in left_out or (name not in made and any(parent in left_out for parent in parents(thing))):
            continue
        kept[name] = thing
    return replace(catalog, objects=kept)


def _foreign(name: ObjectName, foreign_schemas: Collection[str]) -> bool:
    if name.schema in foreign_schemas or name.schema in BOOKKEEPING_SCHEMAS:
        return True
    return len(name.parts) > 1 and name.parts[1] in BOOKKEEPING
