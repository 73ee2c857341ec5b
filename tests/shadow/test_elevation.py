"""What runs with a superuser's rights, and what must not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from pgproof.shadow.database import Database
from pgproof.shadow.sandbox import seal
from pgproof.shadow.shadow import Shadow
from pgproof.sql.parse import parse

Connection = psycopg.Connection[Any]

PREPARED = """
create role app nologin;
create table t (id int primary key); create table u (t int references t);
create function trigger() returns event_trigger language plpgsql as $$ begin end $$;
create function f(text) returns int language sql immutable as 'select 1';
create function less(int, int) returns boolean language sql immutable as 'select $1 < $2';
"""


@pytest.fixture
def database(shadow: Shadow) -> Iterator[Database]:
    with shadow.database() as made:
        with made.connect() as connection:
            connection.execute(PREPARED)
        yield made


ELEVATED = [
    "create event trigger e on ddl_command_end execute function trigger()",
    "create publication p for all tables",
    "create publication p for tables in schema public",
    "alter database postgres set app.jwt_secret = 'x'",
    "alter role app set app.tenant = 'x'",
    "alter table u disable trigger all",
    "alter function f(text) leakproof",
    "create cast (text as uuid) with inout as assignment",
    "create foreign data wrapper w",
    "create access method m type table handler heap_tableam_handler",
    "create operator class c for type int using hash as function 1 hashint4(int)",
]


@pytest.mark.parametrize("statement", ELEVATED)
def test_it_is_elevated_inside_the_owners_transaction(database: Database, statement: str) -> None:
    (tree,) = parse(statement)
    assert database.needs_elevation(tree)
    with database.connect() as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())
        connection.execute("begin isolation level serializable")
        connection.execute("select count(*) from t")  # the snapshot is taken
        database.elevate(connection, statement)
        connection.execute("rollback")
        connection.execute(f"begin; {database.elevated(statement)}; commit".encode())


def test_what_elevation_made_can_be_changed_and_dropped(database: Database) -> None:
    with database.connect() as connection:
        for statement in (
            "create event trigger e on ddl_command_end execute function trigger()",
            "comment on event trigger e is 'x'",
            "alter event trigger e disable",
            "alter event trigger e enable",
            "alter event trigger e rename to g",
            "drop event trigger g",
            "create publication p for all tables",
            "alter publication p set (publish = 'insert')",
            "drop publication p",
            "create foreign data wrapper w",
            "grant usage on foreign data wrapper w to postgres",
            "drop foreign data wrapper w",
            "create cast (text as uuid) with inout",
            "drop cast (text as uuid)",
            "create operator class c for type int using hash as function 1 hashint4(int)",
            "drop operator class c using hash",
        ):
            database.elevate(connection, statement)


@pytest.mark.parametrize("role", ["create role service bypassrls", "alter role app bypassrls replication"])
def test_bypassrls_is_elevated_only_where_createrole_cannot_give_it(database: Database, role: str) -> None:
    (tree,) = parse(role)
    assert database.needs_elevation(tree) is (database.cluster.installation.major <= 15)
    with database.connect() as connection:
        if database.needs_elevation(tree):
            database.elevate(connection, role)
        else:
            connection.execute(role.encode())


NOT_ELEVATED = [
    "alter role postgres superuser",
    "create role x superuser bypassrls",
    "create role x bypassrls in role pgproof_admin",
    "alter role current_user bypassrls",
    "alter role session_user bypassrls",
    "alter role pgproof_admin bypassrls",
    "alter role all set app.x = '1'",
    "alter role pgproof_admin set app.x = '1'",
    "alter database pgproof_template set app.x = '1'",
    "alter database postgres set session_preload_libraries = 'x'",
    "alter database postgres set plperl.on_init = 'x'",
    "alter database postgres set app.x from current",
    "alter system set app.x = '1'",
    "alter event trigger e enable always",
    "alter event trigger e enable replica",
    "create event trigger pgproof_e on ddl_command_end execute function trigger()",
    "drop event trigger pgproof_e",
    "alter event trigger pgproof_e disable",
    "alter event trigger e rename to pgproof_e",
    "alter event trigger e owner to postgres",
    "alter function f(text) leakproof security definer",
    "alter function f(text) owner to pgproof_admin",
    "create function g() returns int language internal as 'pg_backend_pid'",
    "create function g() returns int language sql leakproof as 'select 1'",
    "create cast (text as int) with function f(text) as implicit",
    "create cast (text as int) with function f(text)",
    "create cast (text as bytea) without function",
    "create foreign data wrapper w validator f",
    "create operator class pg_catalog.c for type int using btree as operator 1 <",
    "create operator class c for type int using btree family integer_ops as function 1 less(int, int)",
    "alter operator family integer_ops using btree add function 1 (int, text) f(text)",
    "alter table t disable trigger all, add column x int default f('x')",
    "alter table t add column x int",
    "grant execute on function pg_read_file(text) to postgres",
    "grant pg_execute_server_program to postgres",
    "create extension vector schema pgproof",
    "create text search template x (lexize = f)",
    "create type x (input = f, output = f)",
    "copy t to program 'id'",
    "do $$ begin end $$",
    "select 1",
    "set session authorization pgproof_admin",
    "create table x ()",
    "drop schema pgproof cascade",
    "drop function pgproof.sealed",
    "drop extension pg_stat_statements, plpgsql cascade",
    'create event trigger "~~" on ddl_command_start execute function trigger()',
    'alter event trigger e rename to "~pgproof_late"',
    "create foreign data wrapper w handler f no validator",
]


@pytest.mark.parametrize("major", [18])
@pytest.mark.parametrize("statement", NOT_ELEVATED)
def test_it_is_not_elevated(database: Database, statement: str) -> None:
    with database.connect() as connection, pytest.raises(ValueError, match="may be elevated"):
        database.elevate(connection, statement)


@pytest.mark.parametrize("major", [15])
@pytest.mark.parametrize("statement", NOT_ELEVATED[:6])
def test_roles_that_lead_further_are_not_elevated_before_16_either(database: Database, statement: str) -> None:
    with database.connect() as connection, pytest.raises(ValueError, match="may be elevated"):
        database.elevate(connection, statement)


@pytest.mark.parametrize("major", [18])
@pytest.mark.parametrize("statement", ["create publication p for all tables; drop table t", "", "select 1; select 2"])
def test_only_one_statement_is_elevated(database: Database, statement: str) -> None:
    with database.connect() as connection, pytest.raises(ValueError, match="may be elevated"):
        database.elevate(connection, statement)


def test_a_text_that_is_two_statements_only_for_the_server_stays_one(database: Database) -> None:
    text = r"comment on publication p is 'a\''; alter role postgres superuser; --'"
    assert len(parse(text)) == 1
    with database.connect() as connection:
        connection.execute("create publication p; set standard_conforming_strings = off; set backslash_quote = on")
        database.elevate(connection, text)
        connection.execute("set standard_conforming_strings = on")
        ((superuser, comment),) = connection.execute(
            "select rolsuper, obj_description((select oid from pg_publication), 'pg_publication')"
            " from pg_roles where rolname = 'postgres'"
        ).fetchall()
    assert superuser is False
    assert comment == r"a\'; alter role postgres superuser; --"


def test_a_seal_opens_nothing_but_its_statement(database: Database) -> None:
    sealed = seal("create publication p for all tables", database.cluster.admin_password())
    with database.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege, match="no seal"):
        connection.execute("select pgproof.elevate('alter role postgres superuser', %s)", (sealed,))


def test_the_seal_is_checked_with_postgresqls_own_operators(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("""
            create function yes(bytea, bytea) returns boolean language sql as 'select true';
            create operator public.= (leftarg = bytea, rightarg = bytea, function = yes);
            create function public.sha256(bytea) returns bytea language sql as $$ select ''::bytea $$;
            set search_path = public, pg_catalog
        """)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no seal"):
            connection.execute("select pgproof.elevate('alter role postgres superuser', ''::bytea)")


@pytest.mark.parametrize("path", ["pg_catalog, public", "information_schema", "pgproof"])
def test_nothing_is_created_in_a_system_schema(database: Database, path: str) -> None:
    with database.connect() as connection:
        connection.execute(f"set search_path = {path}".encode())
        statement = "create operator class c for type int using hash as function 1 hashint4(int)"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            database.elevate(connection, statement)


TRAPS = {
    "a function": "create function here.f(int) returns int language sql as 'select 1'",
    "an operator": "create operator here.<> (leftarg = int, rightarg = text, function = public.g)",
}


@pytest.mark.parametrize("trap", ["", *TRAPS])
def test_a_script_that_could_be_trapped_runs_only_where_nothing_of_others_is(database: Database, trap: str) -> None:
    orders = json.dumps({"alone": "here", "with": []}).encode().hex()
    statement = f"/* {orders} */ create publication p for all tables"
    with database.connect() as connection:
        connection.execute(
            "create schema here; create function g(int, text) returns boolean language sql as 'select true'"
        )
        connection.execute(TRAPS.get(trap, "select 1").encode())
        run = (statement, seal(statement, database.cluster.admin_password()))
        if trap:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only where no function of others is"):
                connection.execute("select pgproof.elevate(%s, %s)", run)
        else:
            connection.execute("select pgproof.elevate(%s, %s)", run)


def test_a_trap_in_the_schema_of_an_extension_that_it_requires_counts_too(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("create schema here; create extension citext with schema here")
        connection.execute("create function here.f(int) returns int language sql as 'select 1'")
    with database.admin() as admin:
        has_traps = "select pgproof.has_traps($1, $2::json)"
        assert admin.rows(has_traps, ["nowhere", '["citext"]']) == [(True,)]
        assert admin.rows(has_traps, ["nowhere", '["plpgsql"]']) == [(False,)]


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("create operator class c default for type point using hash as function 1 pointhash(point)", True),
        ("create operator class c for type point using hash as function 1 pointhash(point)", False),
        ("create operator class c default for type own using hash as function 1 ownhash(own)", False),
    ],
)
def test_a_default_operator_class_of_a_built_in_type_is_refused(
    database: Database, statement: str, refused: bool
) -> None:
    with database.connect() as connection:
        connection.execute("""
            create type own as (a int);
            create function pointhash(point) returns int language sql immutable as 'select 1';
            create function ownhash(own) returns int language sql immutable as 'select 1'
        """)
        if refused:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="would serve the superuser too"):
                database.elevate(connection, statement)
        else:
            database.elevate(connection, statement)


ESCAPE = """
create function public.escape() returns event_trigger language plpgsql as $$
begin
    if (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        execute 'alter role postgres superuser';
    end if;
end $$
"""


@pytest.mark.parametrize("event", ["ddl_command_start", "ddl_command_end", "sql_drop"])
def test_an_event_trigger_of_the_migration_never_runs_as_a_superuser(shadow: Shadow, event: str) -> None:
    with shadow.database() as database:
        with database.connect() as connection:
            connection.execute(ESCAPE)
            database.elevate(connection, f"create event trigger escape on {event} execute function escape()")
            database.elevate(connection, "create publication p for all tables")
            database.elevate(connection, "drop publication p")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("alter event trigger escape enable always")
        with database.admin() as admin:
            admin.execute("create table public.by_admin ()")
            admin.execute("drop table public.by_admin")
            assert admin.rows("select rolsuper from pg_roles where rolname = 'postgres'") == [(False,)]


@pytest.mark.parametrize("major", [18])
def test_a_login_trigger_of_the_migration_does_not_fire_for_the_superuser(database: Database) -> None:
    with database.connect() as connection:
        connection.execute(ESCAPE)
        database.elevate(connection, "create event trigger escape on login execute function escape()")
    with database.admin() as admin:
        assert admin.rows("select rolsuper from pg_roles where rolname = 'postgres'") == [(False,)]


def test_the_migrations_event_trigger_fires_for_the_owner(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("""
            create table log (who text);
            create function note() returns event_trigger language plpgsql as $$
                begin insert into public.log values (current_user); end $$
        """)
        database.elevate(connection, "create event trigger e on ddl_command_start execute function note()")
        connection.execute("create table x ()")
        assert connection.execute("select who from log").fetchall() == [("postgres",)]


@pytest.mark.parametrize(
    "statement",
    ["create subscription s connection 'host=x' publication p", "alter subscription s refresh publication"],
)
def test_a_subscription_is_not_run_at_all(database: Database, statement: str) -> None:
    (tree,) = parse(statement)
    assert "another server" in database.refusal(tree)
    assert not database.needs_elevation(tree)
