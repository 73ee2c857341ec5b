"""MIG104 hidden-definition."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.object import Catalog
from pgproof.checks.check import check
from pgproof.evidence.definitions import Definition, Definitions
from pgproof.evidence.directories import Migrations
from pgproof.migrations.observation import Replay
from pgproof.model import Finding, ObjectName, Severity
from pgproof.sql.quote import literal

_COLUMNS = "select attname from pg_catalog.pg_attribute where attrelid = {}::pg_catalog.regclass and attnum > 0;"


@check(
    "MIG104",
    "hidden-definition",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_video.sql
create table if not exists video (id bigint primary key, title text not null);
-- file: migrations/0002_player.sql
create table if not exists video (id bigint primary key, title text not null, duration_s integer not null);
""",
    ok="""
-- file: migrations/0001_video.sql
create table if not exists video (id bigint primary key, title text not null);
-- file: migrations/0002_player.sql
create table if not exists video (id bigint primary key, title text not null, duration_s integer not null);
alter table video add column if not exists duration_s integer;
""",
)
def hidden_definition(replay: Replay, definitions: Definitions, migrations: Migrations) -> Iterator[Finding]:
    """A second CREATE TABLE IF NOT EXISTS for a table that exists was skipped, and the table lacks what it defines.

    ## Why
    PostgreSQL raises a NOTICE and keeps the first definition. Whoever reads the second file believes in columns that no
    database has; the code that was written with it fails at run time.

    ## Fix
    Add what is missing with `alter table … add column if not exists`, and delete the second definition.
    """
    written = {definition.location: definition for definition in definitions.items}
    for observation in replay.observations:
        definition = written.get(observation.location)
        if definition is None or not observation.skipped:
            continue
        table = _table(replay.catalog, definition)
        if table is None or (lacking := _lacking(replay.catalog, table, definition)) == []:
            continue
        first = replay.created.get(table)
        if migrations.were_there(first):
            continue
        yield Finding(
            table,
            f"its second definition was skipped: the table has {', '.join(lacking)}",
            location=observation.location,
            seen=(
                f"replayed: NOTICE {observation.notices[0].message}",
                *((f"first defined at {first}",) if first else ()),
            ),
            reproduce=_COLUMNS.format(literal(str(table))),
            explains=frozenset(lacking_column(table, line.removeprefix("no ")) for line in lacking),
            fix="alter table … add column if not exists …, for what is still wanted; then delete the second definition",
        )


def lacking_column(table: ObjectName, column: str) -> ObjectName:
    """Return what a finding follows from that misses a column of a definition that was skipped."""
    return ObjectName("lacking column", (*table.parts, column))


def _table(catalog: Catalog, definition: Definition) -> ObjectName | None:
    """Find the table that stood in the way: by the schema as written, else the only one of that name."""
    if definition.schema:
        candidates = [ObjectName("table", (definition.schema, definition.table))]
    else:
        candidates = [o.name for o in catalog.of("table") if o.name.parts[1] == definition.table]
    found = [name for name in candidates if name in catalog.objects]
    return found[0] if len(found) == 1 else None


def _lacking(catalog: Catalog, table: ObjectName, definition: Definition) -> list[str]:
    lacking = []
    for column, wanted in definition.columns:
        stands = catalog.objects.get(ObjectName("column", (*table.parts, column)))
        if stands is None:
            lacking.append(f"no {column}")
        elif (
            wanted
            and (actual := str(stands.attributes["type"])) != wanted
            and "(" not in actual
            and _comparable(wanted)
        ):
            lacking.append(f"{column} as {actual}, not {wanted}")
    return lacking


def _comparable(type_name: str) -> bool:
    """Only built-in types are spelled the same by everyone: others may be qualified, or be domains and aliases."""
    return type_name.removesuffix("[]") in _BUILT_IN


_BUILT_IN = frozenset(
    {"smallint", "integer", "bigint", "boolean", "real", "double precision", "numeric", "text", "uuid", "json", "jsonb"}
    | {"bytea", "date", "inet", "timestamp with time zone", "timestamp without time zone"}
)
