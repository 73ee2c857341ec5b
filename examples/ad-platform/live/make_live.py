"""Bring an empty database into the state of the production database of this example.

    python live/make_live.py postgresql://localhost/ad_platform

Migrations 001 to 005 are applied, all six are recorded in schema_migrations, and then
drift.sql is run. Needs psycopg, and a role that may create tables and roles.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg

EXAMPLE = Path(__file__).resolve().parent.parent
PHANTOM = "006"
"""The version that is recorded but was never run."""

HISTORY = """
create table schema_migrations (
    version text primary key,
    applied_at timestamptz default now()
)
"""


def make_live(url: str) -> None:
    """Apply the migrations but the last, record them all, and drift; all of it or nothing."""
    with psycopg.connect(url) as connection:
        in_the_way = connection.execute(
            "select count(*) from pg_catalog.pg_class where relnamespace = 'public'::regnamespace"
        ).fetchone()
        if in_the_way != (0,):
            raise SystemExit("the database is not empty: this script only builds new ones")
        connection.execute(HISTORY)
        for path in sorted((EXAMPLE / "database" / "migrations").glob("*.sql")):
            version = path.name.partition("_")[0]
            if version != PHANTOM:
                connection.execute(path.read_bytes())
            connection.execute("insert into schema_migrations (version) values (%s)", [version])
        connection.execute((EXAMPLE / "live" / "drift.sql").read_bytes())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    make_live(sys.argv[1])
