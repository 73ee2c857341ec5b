"""Reading a schema, against `pg_dump -s` of the same database in the same run.

    python -m bench.snapshot [tables…]

Each table has ten columns, a primary key, two more indexes, a foreign key, a check and a trigger. A snapshot includes
connecting; `pg_dump` includes the start of its process, which is about 10 ms.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

import psycopg

from pgproof.catalog import snapshot
from pgproof.server import binaries
from pgproof.server.admin import AdminSession
from pgproof.server.cluster import Cluster
from pgproof.server.live import connect

SIZES = (60, 600, 5000)
RUNS = 5
BATCH = 200
"""Tables made in one transaction: it locks each of them."""

FIRST = """
create schema app;
create function app.touch() returns trigger language plpgsql as 'begin return new; end';
"""
TABLE = """
create table app.t{n} (
  id integer generated always as identity primary key,
  parent integer references app.t{parent} (id),
  amount integer not null, body text default 'x', made timestamptz not null default now(), price numeric(10, 2),
  label varchar(40), done boolean default false, extra jsonb, key uuid,
  check (amount > 0 and length(label) > 2)
);
create index on app.t{n} (amount);
create index on app.t{n} (lower(label)) where done;
create trigger touch before update on app.t{n} for each row execute function app.touch();
"""


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print a Markdown table."""
    print("| server | tables | objects | snapshot | `pg_dump -s` | ratio |")
    print("|---|---:|---:|---:|---:|---:|")
    for installation in newest_of_each_origin():
        with Cluster(installation) as cluster:
            with AdminSession(cluster, "template1") as admin:
                admin.execute("create role bench superuser login")
            for size in sizes:
                with database_of(cluster, size) as url:
                    objects, ours, theirs = measured(installation, url)
                print(
                    f"| {installation.version} | {size:,} | {objects:,} | {ours:.3f} s | {theirs:.3f} s"
                    f" | {ours / theirs:.2f} |",
                    flush=True,
                )


def newest_of_each_origin() -> list[binaries.Installation]:
    """Return the newest installed and the newest embedded server."""
    newest = {found.origin: found for found in sorted(binaries.find(), key=lambda found: found.major)}
    return sorted(newest.values(), key=lambda found: found.major)


@contextmanager
def database_of(cluster: Cluster, size: int) -> Iterator[str]:
    """Make a database with as many tables, and yield its URL."""
    name = f"bench_{size}"
    with AdminSession(cluster, "template1") as admin:
        admin.execute(f"create database {name} owner bench")
    url = cluster.dsn("bench", name)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FIRST)
        for start in range(0, size, BATCH):
            tables = range(start, min(size, start + BATCH))
            connection.execute("".join(TABLE.format(n=n, parent=max(n - 1, 0)) for n in tables).encode())
        connection.execute("vacuum analyze")
    yield url
    with AdminSession(cluster, "template1") as admin:
        admin.execute(f"drop database {name} with (force)")


def measured(installation: binaries.Installation, url: str) -> tuple[int, float, float]:
    """Return the number of objects, and the median seconds of both ways, taken in turns."""
    objects = 0

    def ours() -> None:
        nonlocal objects
        with connect(url) as session:
            objects = len(snapshot.read(session))

    def theirs() -> None:
        subprocess.run([installation.bindir / "pg_dump", "-s", url], check=True, stdout=subprocess.DEVNULL)

    times = [(seconds(ours), seconds(theirs)) for _ in range(RUNS)]
    return objects, median(one for one, _ in times), median(other for _, other in times)


def seconds(work: Callable[[], None]) -> float:
    """Return how long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
