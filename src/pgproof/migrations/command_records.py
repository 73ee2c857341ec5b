"""What the project's own tool records: the rows of its table, in whatever database it ran."""

from __future__ import annotations

from pgproof.migrations.history import TABLES
from pgproof.migrations.observation import CommandRecords
from pgproof.server.session import Session
from pgproof.sql.quote import identifier

_TOOLS = {
    "alembic_version": ("version_num", "version_num"),
    "django_migrations": ("name", "app || '.' || name"),
    "knex_migrations": ("name", "name"),
    "migrations": ("name", "name"),  # TypeORM
    "SequelizeMeta": ("name", "name"),
    "mikro_orm_migrations": ("name", "name"),
    "schema_migrations": ("version", "version::text"),  # Rails, Ecto
    "doctrine_migration_versions": ("version", "version"),
}
"""The table by its name, a column that it has, and what names a migration."""
_ONE_HEAD = {"alembic_version"}
"""Tables that hold where the database is, and not the way there."""


def command_records(session: Session, table: str = "") -> CommandRecords | None:
    """Return what a tool recorded, `None` where there is no such table, or one that may not be read, or several.

    `table` is the one to read, as SQL writes it; otherwise it is looked for by the names that tools use.
    """
    found = []
    for schema, name, columns, readable, filtered in session.rows(TABLES, (list(_TOOLS),)):
        place = f"{identifier(schema)}.{identifier(name)}"
        column, told = _TOOLS[name]
        if readable and not filtered and column in columns and table in ("", place):
            found.append((place, told, name in _ONE_HEAD))
    if len(found) != 1:
        return None
    ((place, told, head),) = found
    rows = session.rows(" ".join(("select", told, "from", place)))
    return CommandRecords(place, frozenset(str(name) for (name,) in rows if name), head)
