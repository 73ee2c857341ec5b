"""DRF105 unrelated-database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgproof.checks.check import check
from pgproof.checks.drift.wording import show
from pgproof.evidence.differences import Differences
from pgproof.evidence.live import Live
from pgproof.evidence.replay import Expected
from pgproof.model import Finding, ObjectName, Severity

_MAIN = ("table", "view", "materialized view", "function", "procedure")
_FEW = 2
"""A project that makes fewer of these says little about a database that lacks them."""


@check(
    "DRF105",
    "unrelated-database",
    Severity.ERROR,
    bad="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
create table tag (id int primary key);
-- live:
create table planet (id int primary key);
""",
    ok="""
-- file: migrations/0001_note.sql
create table note (id int primary key);
create table tag (id int primary key);
-- live:
create table note (id int primary key);
create table planet (id int primary key);
""",
)
def unrelated_database(differences: Differences, expected: Expected, live: Live) -> Iterator[Finding]:
    """Nothing of what the migrations make is in the live database.

    ## Why
    The URL leads to another database, to an empty one, or to one in which the migrations were never run. Each missing
    table by itself would say less.

    ## Fix
    Look at the end of the URL: it names the database, and some providers give each branch its own host. If it is the
    right one, run the migrations there.
    """
    replay = expected.replay
    made = replay.created.keys() & replay.catalog.objects.keys()
    if len(main := _main(made)) < _FEW or made & live.catalog.objects.keys():
        return
    others = [str(name) for name in _main(one.name for one in differences.items if one.action == "extra")]
    there = f"only {', '.join(others[:3])}{' …' * (len(others) > 3)}" if others else "no table, view or routine at all"
    yield Finding(
        ObjectName("database", (live.catalog.database,)),
        f"has none of the {len(main)} tables, views and routines that the migrations make",
        seen=(f"read from the live catalog: {there}",),
        reproduce="\n".join(map(show, main[:3])),
        fix="look at the database's name at the end of the URL; if it is the right one, run the migrations there",
        explains=frozenset[ObjectName | str](one.name for one in differences.items).union(replay.files),
    )


def _main(names: Iterable[ObjectName]) -> list[ObjectName]:
    return sorted(name for name in names if name.kind in _MAIN)
