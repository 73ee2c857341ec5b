"""Bring an empty database into the state of the production database of this example.

    python live/make_live.py postgresql://localhost/outreach

The migrations are applied and recorded as Supabase does it, and the rows of the report are written.
Needs psycopg, and a superuser: on a server that is not Supabase's, its roles are created.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg

EXAMPLE = Path(__file__).resolve().parent.parent


def make_live(url: str) -> None:
    """Make the platform, apply and record the migrations, write the rows; all of it or nothing."""
    with psycopg.connect(url) as connection:
        in_the_way = connection.execute(
            "select count(*) from pg_catalog.pg_class where relnamespace = 'public'::regnamespace"
        ).fetchone()
        if in_the_way != (0,):
            raise SystemExit("the database is not empty: this script only builds new ones")
        connection.execute((EXAMPLE / "live" / "platform.sql").read_bytes())
        for path in sorted((EXAMPLE / "supabase" / "migrations").glob("*.sql")):
            version, _, name = path.stem.partition("_")
            connection.execute(path.read_bytes())
            connection.execute(
                "insert into supabase_migrations.schema_migrations (version, name) values (%s, %s)", [version, name]
            )
        connection.execute((EXAMPLE / "live" / "seed.sql").read_bytes())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    make_live(sys.argv[1])
