"""What a migration cannot do, whatever it says."""

from __future__ import annotations

import psycopg
import pytest

from pgproof.shadow.shadow import Shadow


def refused(shadow: Shadow, *statements: str) -> str:
    """Return the SQLSTATE of the last statement, run by the owner."""
    with shadow.database() as database, database.connect() as connection:
        for statement in statements[:-1]:
            connection.execute(statement.encode())
        with pytest.raises(psycopg.Error) as caught:
            connection.execute(statements[-1].encode())
    return caught.value.sqlstate or ""


@pytest.mark.parametrize(
    "role", ["pg_execute_server_program", "pg_read_server_files", "pg_write_server_files", "pgproof_admin"]
)
def test_the_owner_cannot_give_himself_a_role_that_leaves_the_sandbox(shadow: Shadow, role: str) -> None:
    assert refused(shadow, f"grant {role} to postgres") in ("42501", "42704")


@pytest.mark.parametrize(
    "statement",
    [
        "copy (select 1) to program 'id'",
        "copy (select 1) to '/tmp/pgproof-leak'",
        "select pg_read_file('/etc/passwd')",
        "select lo_import('/etc/passwd')",
        "load 'plpgsql'",
        "create function f() returns int language internal as 'pg_backend_pid'",
        "alter system set port = 1",
        "set role pgproof_admin",
        "set session authorization pgproof_admin",
        "create role s superuser",
        "alter role postgres superuser",
        "alter role pgproof_admin password 'x'",
        "select rolpassword from pg_authid",
        "select pg_read_binary_file('pgproof.pads')",
        "select pgproof.sealed('select 1', '')",
        "select pgproof.elevate('alter role postgres superuser', '')",
        "drop schema pgproof cascade",
        "create or replace function pgproof.sealed(text, bytea) returns boolean language sql as 'select true'",
        "alter database pgproof_template owner to postgres",
    ],
)
def test_it_is_refused(shadow: Shadow, statement: str) -> None:
    assert refused(shadow, statement) in ("42501", "42809")


@pytest.mark.parametrize(
    "statement",
    [
        "create role app; grant app to postgres; create schema app authorization app; set role app",
        "alter role app set statement_timeout = '5s'",
        "alter default privileges in schema public grant select on tables to app",
        "grant pg_monitor, pg_read_all_data to app",
        "alter database postgres set timezone = 'Europe/Berlin'",
        "set session_replication_role = replica",
        "create extension pgcrypto",
        "create database another",
        "create publication p",
        "comment on database postgres is 'replayed'",
        "drop schema public cascade; create schema public",
    ],
)
def test_the_owner_does_what_an_owner_does(shadow: Shadow, statement: str) -> None:
    with shadow.database() as database, database.connect() as connection:
        connection.execute("create role app") if not statement.startswith("create role") else None
        connection.execute(statement.encode())


def test_no_session_but_the_owners_is_let_in_without_a_password(shadow: Shadow) -> None:
    with shadow.database() as database:
        with database.connect() as connection:
            connection.execute("create role other login")
        with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
            psycopg.connect(shadow.cluster.dsn("other", database.name))
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(shadow.cluster.dsn("pgproof_admin", database.name))


@pytest.mark.parametrize("database", ["template1", "pgproof_template"])
def test_the_owner_cannot_reach_the_templates(shadow: Shadow, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"permission denied|not currently accepting"):
        psycopg.connect(shadow.cluster.dsn("postgres", database))
