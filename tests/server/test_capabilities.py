"""What the role that pgproof was given may do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from pgproof.server.capabilities import Capabilities, capabilities, grants
from tests.conftest import LiveDatabase

Ask = Callable[[str], Capabilities]


@pytest.fixture
def ask(live: LiveDatabase) -> Iterator[Ask]:
    """A role with no right but CONNECT, two tables; what it may do after some SQL (`{role}`) has been run."""
    role = f"{live.name}_reader"
    live.execute(f"create role {role} login; revoke create on schema public from public")
    live.execute("create table a (); create table b (); create schema app; create table app.c ()")

    def answer(sql: str = "") -> Capabilities:
        live.execute(sql.format(role=role, base=live.name))
        return capabilities(live.session(role))

    yield answer
    live.close()
    live.execute(f"reassign owned by {role} to postgres; drop owned by {role}; drop role {role}")


def test_connect_alone_writes_and_reads_nothing(ask: Ask) -> None:
    can = ask("")
    assert (can.writes, can.tables, can.readable, can.monitors, can.sees_all_rows) == ((), 3, 0, False, False)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("alter role {role} superuser", "it is a superuser"),
        ("alter role {role} createrole", "it may create roles"),
        ("alter role {role} createdb", "it may create databases"),
        ("alter database {base} owner to {role}", "it owns the database"),
        ("grant create on database {base} to {role}", "it may create schemas"),
        ("grant create on schema app to {role}", "it may create objects in 1 schemas (app)"),
        ("grant insert on a to {role}", "it may change rows in 1 of 3 tables and views"),
        ("alter table b owner to {role}", "it owns 1 of 3 tables and views"),
        ("grant pg_write_all_data to {role}", "it is a member of pg_write_all_data"),
    ],
)
def test_each_way_to_write_is_named(ask: Ask, sql: str, words: str) -> None:
    assert words in ask(sql).writes


def test_a_right_on_a_table_in_a_closed_schema_counts_as_nothing(ask: Ask) -> None:
    assert ask("grant select, insert on app.c to {role}").readable == 0


def test_the_proposed_grants_unlock_their_tiers_and_no_writing(live: LiveDatabase) -> None:
    role = f"{live.name} pgproof"
    live.execute("revoke create on schema public from public; create table a ()")
    live.execute(grants(live.name, role).replace("'…'", "'x'"))
    can = capabilities(live.session(role))
    live.close()
    live.execute(f'drop owned by "{role}"; drop role "{role}"')
    assert (can.writes, can.tables, can.readable, can.monitors, can.sees_all_rows) == ((), 1, 1, True, True)
