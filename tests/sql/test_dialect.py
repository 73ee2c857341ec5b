"""Scripts of other database systems are told, PostgreSQL's never taken for one."""

from __future__ import annotations

import pytest

from pgproof.sql.dialect import dialect, is_postgresql


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT) ENGINE=InnoDB;", "MySQL"),
        ("CREATE TABLE `t` (`id` text PRIMARY KEY);", "MySQL or SQLite"),
        ("create table t (id integer primary key autoincrement);", "SQLite"),
        ("create table t (\n  id integer primary key,\n  hash BLOB not null\n);", "MySQL or SQLite"),
        ("create table t (\n  made datetime not null\n);", "MySQL or SQLite"),
        ("PRAGMA foreign_keys = ON;\ncreate table t (id int);", "SQLite"),
        ("create table t (id integer primary key, hash any) STRICT;", "SQLite"),
        ("create table t (a uuid, primary key (a))\nwith clustering order by (a desc);", "Cassandra"),
        ("create table t (a String) ENGINE = ReplacingMergeTree ORDER BY a;", "ClickHouse"),
        ("create table [dbo].[t] (a nvarchar(10));\nGO\n", "SQL Server"),
        ("create table t (a varchar2(10));", "Oracle"),
    ],
)
def test_another_system_is_told(text: str, system: str) -> None:
    assert dialect(text) == system


@pytest.mark.parametrize(
    "text",
    [
        "create table t (id int);",
        "-- AUTO_INCREMENT in MySQL, `backticks` too\ncreate table t (id serial);",
        "comment on table t is 'ENGINE=InnoDB, `t`, auto_increment';",
        "do $$ begin raise notice '`x` text'; end $$;",
        "create function f() returns void language plpgsql as ' begin perform `x`; end';",
        "create function f(a int) returns table (b numeric(1)) strict language sql as 'select 1';",
        "insert into `broken` values (1); alter table t enable row level security;",
    ],
)
def test_postgresql_is_not_taken_for_another(text: str) -> None:
    assert dialect(text) is None


def test_what_only_postgresql_understands_is_told() -> None:
    assert is_postgresql("create extension x")
    assert not is_postgresql("create table t (id int)")
