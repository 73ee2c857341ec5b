"""The packaged demo project tells the story that its README tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from tests.conftest import LiveDatabase

DEMO = Path(str(files("pgproof.demo")))
PROJECT = DEMO / "project"
MIGRATIONS = sorted((PROJECT / "migrations").glob("*.sql"))
INCLUDE = re.compile(r"^\\ir (.+)$", re.MULTILINE)


@pytest.fixture
def empty(live: LiveDatabase) -> Iterator[LiveDatabase]:
    """An empty database; the role that the migrations create is dropped in the end."""
    yield live
    if live.rows("select 1 from pg_roles where rolname = 'booking_app'"):
        live.execute("drop owned by booking_app; drop role booking_app")


def script() -> str:
    """Return live.sql with the migrations that it includes."""
    text = (PROJECT / "live.sql").read_text(encoding="utf-8")
    return INCLUDE.sub(lambda include: (PROJECT / include[1]).read_text(encoding="utf-8"), text)


def apply_all(database: LiveDatabase) -> None:
    for path in MIGRATIONS:
        database.execute(path.read_text(encoding="utf-8"))


def test_all_migrations_run_and_only_the_second_definition_is_skipped(empty: LiveDatabase) -> None:
    import psycopg

    notices = []
    with psycopg.connect(empty.url, autocommit=True) as connection:
        connection.add_notice_handler(lambda notice: notices.append((notice.sqlstate, notice.message_primary)))
        for path in MIGRATIONS:
            connection.execute(path.read_bytes())
    assert notices == [("42P07", 'relation "waiting_list" already exists, skipping')]
    assert (
        empty.rows(
            "select 1 from pg_attribute where attname in ('position', 'notified_at')"
            " and attrelid = 'waiting_list'::regclass"
        )
        == []
    )


def test_the_live_database_lacks_an_invoice_a_trigger_and_a_policy_and_records_everything(empty: LiveDatabase) -> None:
    empty.execute(script())
    there = """
        select (select to_regclass('invoice')::text),
               (select string_agg(tgname, ', ') from pg_trigger where not tgisinternal),
               (select string_agg(polname, ', ' order by polname) from pg_policy),
               (select string_agg(version, ' ' order by version) from schema_migrations)
    """
    recorded = " ".join(path.name.partition("_")[0] for path in MIGRATIONS)
    policies = "booking_make, booking_read, studio_read, waiting_list_of_studio, workshop_of_studio"
    assert empty.rows(there) == [(None, None, policies, recorded)]


def test_live_sql_runs_every_migration_but_the_phantom() -> None:
    included = INCLUDE.findall((PROJECT / "live.sql").read_text(encoding="utf-8"))
    assert included == [f"migrations/{path.name}" for path in MIGRATIONS[:-1]]


def test_without_its_trigger_the_live_database_overbooks(empty: LiveDatabase) -> None:
    from psycopg.errors import CheckViolation

    book = """
        insert into studio (name) values ('Clay');
        insert into workshop (studio_id, title, starts_at, seats) values (1, 'Bowls', now(), 1);
        insert into booking (studio_id, workshop_id, email) values (1, 1, 'a@example.org');
        insert into booking (studio_id, workshop_id, email) values (1, 1, 'b@example.org');
    """
    empty.execute(script())
    empty.execute(book)
    assert empty.rows("select count(*) from booking") == [(2,)]
    empty.execute("drop schema public cascade; create schema public")
    apply_all(empty)
    with pytest.raises(CheckViolation, match="fully booked"):
        empty.execute(book)


def test_without_its_policy_cancelling_changes_no_row_and_raises_nothing(empty: LiveDatabase) -> None:
    booked = """
        insert into studio (name) values ('Clay');
        insert into workshop (studio_id, title, starts_at, seats) values (1, 'Bowls', now(), 1);
        insert into booking (studio_id, workshop_id, email) values (1, 1, 'a@example.org');
        set role booking_app;
        set app.studio_id = 1;
        update booking set cancelled_at = now();
    """
    cancelled = "select count(*) from booking where cancelled_at is not null"
    empty.execute(script())
    empty.execute("grant usage on schema public to public;" + booked)
    assert empty.rows(cancelled) == [(0,)]
    empty.execute("drop schema public cascade; create schema public; grant usage on schema public to public")
    apply_all(empty)
    empty.execute(booked)
    assert empty.rows(cancelled) == [(1,)]


def test_the_next_step_names_the_lines_of_the_second_definition() -> None:
    step = (DEMO / "next_step.txt").read_text(encoding="utf-8")
    named = re.search(r"lines (\d+) to (\d+) of (\S+)", step)
    assert named
    lines = (PROJECT / named[3]).read_text(encoding="utf-8").splitlines()[int(named[1]) - 1 : int(named[2])]
    assert lines[0] == "create table if not exists waiting_list ("
    assert lines[-1] == ");"
    assert ");" not in lines[:-1]
