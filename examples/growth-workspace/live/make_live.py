"""Bring an empty database into the state of the staging database of this example: after the plan, or `before` it.

    python live/make_live.py postgresql://localhost/growth_workspace [before]

Week 1 is applied, two workspaces have rows, and then week 2 is applied; all of it is recorded in schema_migrations.
Needs psycopg, and a role that may create tables.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg

EXAMPLE = Path(__file__).resolve().parent.parent
WEEK_1 = "012"
"""The version of the base that the plan begins with."""
HISTORY = """
create table schema_migrations (
    version text primary key,
    applied_at timestamptz default now()
)
"""


def make_live(url: str, *, before: bool) -> None:
    """Apply and record week 1, fill it, and unless `before` is asked for, go on; all of it or nothing."""
    with psycopg.connect(url) as connection:
        in_the_way = connection.execute(
            "select count(*) from pg_catalog.pg_class where relnamespace = 'public'::regnamespace"
        ).fetchone()
        if in_the_way != (0,):
            raise SystemExit("the database is not empty: this script only builds new ones")
        connection.execute(HISTORY)
        for path in sorted((EXAMPLE / "database" / "migrations").glob("*.sql")):
            version = path.name.partition("_")[0]
            connection.execute(path.read_bytes())
            connection.execute("insert into schema_migrations (version) values (%s)", [version])
            if version == WEEK_1:
                connection.execute((EXAMPLE / "live" / "rows.sql").read_bytes())
                if before:
                    return


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["before"]):
        raise SystemExit(__doc__)
    make_live(sys.argv[1], before=len(sys.argv) == 3)
