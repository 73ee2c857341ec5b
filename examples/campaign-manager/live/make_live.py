"""Bring an empty database into the state of the production database of this example.

    python live/make_live.py postgresql://localhost/campaign_manager

The schema of production, its rows, and then the second versions of 0020 and 0021, which are recorded
in schema_migrations. Needs psycopg, and a role that may create tables.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg

EXAMPLE = Path(__file__).resolve().parent.parent
HISTORY = """
create table schema_migrations (
    version text primary key,
    applied_at timestamptz default now()
)
"""


def make_live(url: str) -> None:
    """Make the schema, fill it, and apply and record the migrations; all of it or nothing."""
    with psycopg.connect(url) as connection:
        in_the_way = connection.execute(
            "select count(*) from pg_catalog.pg_class where relnamespace = 'public'::regnamespace"
        ).fetchone()
        if in_the_way != (0,):
            raise SystemExit("the database is not empty: this script only builds new ones")
        connection.execute((EXAMPLE / "database" / "production.sql").read_bytes())
        connection.execute((EXAMPLE / "live" / "rows.sql").read_bytes())
        connection.execute(HISTORY)
        for path in sorted((EXAMPLE / "migrations").glob("*.sql")):
            connection.execute(path.read_bytes())
            connection.execute("insert into schema_migrations (version) values (%s)", [path.name.partition("_")[0]])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    make_live(sys.argv[1])
