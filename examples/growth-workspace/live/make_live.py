"""Bring an empty database into the state of the staging database of this example, as it is before week 2.

    python live/make_live.py postgresql://localhost/growth_workspace

Week 1 is applied and recorded in schema_migrations, and two workspaces have rows. Needs psycopg, and a role
that may create tables.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg

EXAMPLE = Path(__file__).resolve().parent.parent
BASELINE = EXAMPLE / "database" / "migrations" / "012_week_1_baseline.sql"
HISTORY = """
create table schema_migrations (
    version text primary key,
    applied_at timestamptz default now()
)
"""


def make_live(url: str) -> None:
    """Apply and record week 1, and fill it; all of it or nothing."""
    with psycopg.connect(url) as connection:
        in_the_way = connection.execute(
            "select count(*) from pg_catalog.pg_class where relnamespace = 'public'::regnamespace"
        ).fetchone()
        if in_the_way != (0,):
            raise SystemExit("the database is not empty: this script only builds new ones")
        connection.execute(HISTORY)
        connection.execute(BASELINE.read_bytes())
        connection.execute("insert into schema_migrations (version) values (%s)", [BASELINE.name.partition("_")[0]])
        connection.execute((EXAMPLE / "live" / "rows.sql").read_bytes())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    make_live(sys.argv[1])
