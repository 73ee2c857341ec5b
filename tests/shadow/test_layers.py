"""Layers: databases to start from, with the roles and settings that they had."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from pgproof.shadow import shadow as shadow_room
from pgproof.shadow.database import Database
from pgproof.shadow.shadow import MAX_LAYERS, Shadow


def run(database: Database, sql: str) -> list[tuple[Any, ...]]:
    with database.connect() as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


ROLES = "select rolname from pg_roles where oid >= 16384 order by 1"


def test_a_layer_holds_what_the_database_held(shadow: Shadow) -> None:
    database = shadow.database()
    run(database, "create table t as select 1 as a")
    shadow.keep_layer(database, "one")
    assert database.gone
    assert shadow.layers() == ["one"]
    with shadow.database("one") as copy:
        assert copy.name == "postgres"
        assert run(copy, "select a from t") == [(1,)]
        run(copy, "drop table t")
    with shadow.database("one") as copy:
        assert run(copy, "select a from t") == [(1,)]


def test_a_copy_leaves_the_database_open(shadow: Shadow) -> None:
    with shadow.database() as database:
        run(database, "create table t as select 1 as a")
        shadow.keep_layer(database, "one", copy=True)
        run(database, "insert into t values (2)")
        assert run(database, "select count(*) from t") == [(2,)]
    with shadow.database("one") as copy:
        assert run(copy, "select a from t") == [(1,)]


def test_roles_are_those_that_the_layer_had(shadow: Shadow) -> None:
    with shadow.database() as database:
        run(database, "create role early; create table t (); grant select on t to early; comment on role early is 'e'")
        shadow.keep_layer(database, "early", copy=True)
        run(
            database,
            "create role late createdb; grant late to early; alter role early set work_mem = '1MB';"
            "alter role early login; create table u (); grant select on u to late; comment on role early is 'changed'",
        )
        shadow.keep_layer(database, "late")
    described = "select rolcanlogin, shobj_description(oid, 'pg_authid') from pg_roles where rolname = 'early'"
    for _ in range(2):
        with shadow.database() as database:
            assert run(database, ROLES) == [("postgres",)]
        with shadow.database("early") as database:
            assert run(database, ROLES) == [("early",), ("postgres",)]
            assert run(database, described) == [(False, "e")]
            assert run(database, "select count(*) from pg_db_role_setting where setrole = 'early'::regrole") == [(0,)]
            assert run(database, "select has_table_privilege('early', 't', 'select')") == [(True,)]
            run(database, "create role late; drop role late")
        with shadow.database("late") as database:
            assert run(database, ROLES) == [("early",), ("late",), ("postgres",)]
            assert run(database, described) == [(True, "changed")]
            assert run(database, "select pg_has_role('early', 'late', 'member')") == [(True,)]
            assert run(database, "select has_table_privilege('late', 'u', 'select')") == [(True,)]
            with pytest.raises(psycopg.errors.DependentObjectsStillExist):
                run(database, "drop role late")


def test_what_belongs_to_the_database_itself_is_kept(shadow: Shadow) -> None:
    with shadow.database() as database:
        run(
            database,
            "create role app; revoke connect on database postgres from public;"
            "grant create on database postgres to app;"
            "comment on database postgres is 'it''s mine'; alter database postgres set timezone = 'Europe/Berlin';"
            "alter role app in database postgres set work_mem = '1MB'",
        )
        shadow.keep_layer(database, "one")
    with shadow.database() as database:
        assert run(database, "select datacl is null from pg_database where datname = 'postgres'") == [(True,)]
        assert run(database, "show timezone") == [("UTC",)]
    with shadow.database("one") as database:
        assert run(
            database,
            "select has_database_privilege('app', oid, 'create'), has_database_privilege('app', oid, 'connect'),"
            " shobj_description(oid, 'pg_database'), pg_get_userbyid(datdba)"
            " from pg_database where datname = 'postgres'",
        ) == [(True, False, "it's mine", "postgres")]
        assert run(database, "show timezone") == [("Europe/Berlin",)]
        assert run(
            database,
            "select s.setconfig from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase"
            " where d.datname = 'postgres' and s.setrole <> 0",
        ) == [(["work_mem=1MB"],)]
        with pytest.raises(psycopg.errors.DependentObjectsStillExist):
            run(database, "drop role app")


def test_a_layer_is_out_of_a_migrations_reach(shadow: Shadow) -> None:
    with shadow.database() as database:
        run(database, "create table t ()")
        shadow.keep_layer(database, "one")
    with shadow.database() as database, database.connect() as connection:
        ((layer,),) = connection.execute("select datname from pg_database where datname ~ '^pgproof_layer'").fetchall()
        for statement in (
            f"drop database {layer}",
            f"create database x template {layer}",
            f"alter database {layer} rename to x",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
        with pytest.raises(psycopg.OperationalError, match="not currently accepting connections"):
            psycopg.connect(shadow.cluster.dsn("postgres", layer))


def test_sessions_that_were_left_open_do_not_prevent_a_layer(shadow: Shadow) -> None:
    database = shadow.database()
    left = database.connect()
    left.execute("begin; create table never ()")
    shadow.keep_layer(database, "one")
    assert shadow.layers() == ["one"]
    left.close()


def test_a_layer_is_replaced_and_dropped(shadow: Shadow) -> None:
    for value in ("1", "2"):
        database = shadow.database()
        run(database, f"create table t as select {value} as a")
        shadow.keep_layer(database, "one")
    with shadow.database("one") as database:
        assert run(database, "select a from t") == [(2,)]
    shadow.drop_layer("one")
    assert shadow.layers() == []
    with pytest.raises(KeyError):
        shadow.database("one")


def test_the_longest_unused_layers_are_dropped(shadow: Shadow) -> None:
    for number in range(MAX_LAYERS):
        shadow.keep_layer(shadow.database(), f"layer {number}")
    shadow.database("layer 0").drop()
    shadow.keep_layer(shadow.database(), "one more")
    layers = shadow.layers()
    assert len(layers) == MAX_LAYERS
    assert layers[:2] == ["one more", "layer 0"]
    assert "layer 1" not in layers


def test_large_layers_leave_no_room_for_others(shadow: Shadow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadow_room, "MAX_BYTES", 60 << 20)
    shadow.keep_layer(shadow.database(), "small")
    for name in ("large", "larger"):
        database = shadow.database()
        run(database, "create table t as select repeat(md5(n::text), 50) as a from generate_series(1, 20000) n")
        shadow.keep_layer(database, name)
    assert shadow.layers() == ["larger"]


def test_a_second_database_has_a_name_of_its_own(shadow: Shadow) -> None:
    with shadow.database() as first:
        run(first, "create role app; create table t ()")
        with shadow.database() as second:
            assert (first.name, second.name) == ("postgres", "postgres_2")
            assert run(second, ROLES) == [("app",), ("postgres",)]
            run(second, "create table t ()")


def test_a_name_that_a_migration_has_taken_is_passed_over(shadow: Shadow) -> None:
    with shadow.database() as first:
        run(first, "create database postgres_2")
        with shadow.database() as second:
            assert second.name == "postgres_3"


def test_a_database_is_dropped_also_when_its_use_failed(shadow: Shadow) -> None:
    with pytest.raises(ZeroDivisionError), shadow.database():
        _ = 1 / 0
    with shadow.database() as database:
        assert database.name == "postgres"


def test_a_layer_with_other_roles_waits_for_open_databases(shadow: Shadow) -> None:
    with shadow.database() as database:
        run(database, "create role app")
        shadow.keep_layer(database, "one")
    with shadow.database(), pytest.raises(RuntimeError, match="other roles"):
        shadow.database("one")


def test_databases_that_a_migration_made_are_gone_with_it(shadow: Shadow) -> None:
    with shadow.database() as database:
        run(database, 'create database "odd ""name""" is_template true')
    with shadow.database() as database:
        assert run(database, "select count(*) from pg_database where datname ~ 'odd'") == [(0,)]


def test_a_migration_may_copy_template1(shadow: Shadow) -> None:
    with shadow.database() as database:
        run(database, "create database another template template1")
