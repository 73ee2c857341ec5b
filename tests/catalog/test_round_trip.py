"""No difference that is none: any schema, dumped and restored, on the same version or a newer one, is the same.

`python -m tests.catalog.test_round_trip 500` tries more schemas than the suite does, and names those that differ.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from pgproof.catalog import snapshot
from pgproof.catalog.compare import compare
from pgproof.catalog.difference import Difference
from pgproof.catalog.fixpoint import survivors
from pgproof.catalog.object import Catalog
from pgproof.server.admin import AdminSession
from pgproof.server.live import connect
from tests.catalog.schemas import statements
from tests.conftest import MAJORS, LiveDatabase, make_live, running_cluster

SEEDS = 1
"""How many schemas of each pair of versions the suite tries: each costs three databases and two restores."""
ROLES = ("round_trip_a", '"Round trip b"')
PAIRS = [(old, new) for old in MAJORS for new in MAJORS if old <= new]
REFUSED = 0.2
"""The part of a generated schema's statements that a server may refuse: names and types are drawn blindly."""


@contextmanager
def database(major: int) -> Iterator[LiveDatabase]:
    """Make a database on a cluster that has the roles, and drop it."""
    cluster = running_cluster(major)
    with AdminSession(cluster, "template1") as admin:
        for role in ROLES:
            if not admin.rows("select from pg_catalog.pg_roles where rolname = $1", [role.strip('"')]):
                admin.execute(f"create role {role}")
    made = make_live(cluster)
    try:
        yield made
    finally:
        made.close()
        with AdminSession(cluster, "template1") as admin:
            admin.execute(f"drop database {made.name} with (force)")


def build(live: LiveDatabase, seed: int) -> None:
    """Make a schema, without the statements that the server refuses."""
    refused, total = [], 0
    with psycopg.connect(live.url, autocommit=True, prepare_threshold=None) as connection:
        connection.execute("set client_min_messages = error")
        for statement in statements(seed, ROLES):
            total += 1
            try:
                connection.execute(statement.encode())
            except psycopg.Error as error:
                refused.append(f"{error}: {statement}")
    assert len(refused) <= REFUSED * total, "\n".join(refused)


def dump(live: LiveDatabase) -> str:
    """Return what pg_dump says of the schema, without the key that it makes up."""
    command: list[str | Path] = [live.cluster.installation.bindir / "pg_dump", "-s", live.url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "\n".join(line for line in text.split("\n") if not line.startswith(("\\restrict", "\\unrestrict")))


def restore(text: str, live: LiveDatabase) -> None:
    """Restore a dump; what the new database has already is no mistake."""
    command: list[str | Path] = [live.cluster.installation.bindir / "psql", "-X", "-q", live.url]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    errors = [line for line in done.stderr.splitlines() if "ERROR" in line and "already exists" not in line]
    assert not errors, "\n".join(errors)


def read(live: LiveDatabase) -> Catalog:
    """Read the schema, and close the connection."""
    with connect(live.url) as session:
        return snapshot.read(session)


def differences(first: LiveDatabase, second: LiveDatabase) -> list[Difference]:
    """Compare two databases, but for what a dump of a schema does not keep: what a materialized view holds."""
    ours, theirs = read(first), read(second)
    found = survivors(compare(ours, theirs), ours, theirs, lambda: psycopg.connect(first.url))
    return [one for one in found if one.attribute != "populated"]


def round_trip(seed: int, old: int, new: int) -> tuple[list[Difference], list[Difference], bool]:
    """Return what differs after one dump and restore, and after a second one, and whether the last dumps are equal."""
    with database(old) as first, database(new) as second, database(new) as third:
        build(first, seed)
        restore(dump(first), second)
        again = dump(second)
        restore(again, third)
        return differences(first, second), differences(second, third), again == dump(third)


@pytest.mark.parametrize(("old", "new"), PAIRS, ids=[f"{old}-{new}" for old, new in PAIRS])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_was_dumped_and_restored_is_the_same(seed: int, old: int, new: int) -> None:
    once, twice, is_same_dump = round_trip(seed, old, new)
    assert once == []
    assert twice == []
    assert is_same_dump


def main(count: int, start: int = 1000) -> None:
    """Try so many schemas, each on another pair of versions, and print those that differ."""
    failed = 0
    for seed in range(start, start + count):
        old, new = PAIRS[seed % len(PAIRS)]
        try:
            once, twice, is_same_dump = round_trip(seed, old, new)
        except (AssertionError, subprocess.CalledProcessError) as error:
            failed += 1
            print(f"{seed} {old} {new}: {type(error).__name__} {str(error)[:600]}", flush=True)
            continue
        if once or twice or not is_same_dump:
            failed += 1
            told = [
                f"{d.action} {d.name.kind} {d.name} {d.attribute}: {d.declared!r} {d.live!r} {d.reason}"
                for d in (*once, *twice)
            ]
            print(f"{seed} {old} {new}: same dump: {is_same_dump}; " + " | ".join(told)[:900], flush=True)
    print(f"{failed} of {count} schemas differ from themselves")


if __name__ == "__main__":
    try:
        main(*map(int, sys.argv[1:]))
    finally:
        for major in MAJORS:
            running_cluster(major).stop()
