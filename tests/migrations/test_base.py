"""What was there before the first migration: a dump, a snapshot or a database; and what of it cannot be made."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pgproof.catalog import file as snapshot_file
from pgproof.catalog import snapshot
from pgproof.migrations.base import Base, read_base
from pgproof.model.errors import UsageError
from pgproof.server import binaries
from tests.migrations.conftest import Replayer, failures, names

if TYPE_CHECKING:
    from tests.conftest import LiveDatabase

MADE_BY_HAND = """
create schema app; create type app.state as enum ('new', 'old');
create table app.users (id int primary key, name text not null default 'x', state app.state);
create function app.f() returns int language sql as 'select 1';
create view app.names as select name from app.users;
insert into app.users values (1, 'a;b', 'new'), (2, E'tab\\there', null);
"""
MIGRATION = "alter table app.users add email text; create table app.note (user_id int references app.users);"


def dump(live: LiveDatabase, *options: str) -> str:
    major = live.cluster.installation.major
    # A server that npm brought has no pg_dump; a newer one dumps older databases too.
    programs = (i.bindir / "pg_dump" for i in binaries.find() if i.major >= major)
    program = next(program for program in programs if program.exists())
    done = subprocess.run([program, *options, live.url], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("options", [("--schema-only",), (), ("--inserts", "--no-owner"), ("--create",)])
def test_a_dump_is_there_before_the_first_migration(
    live: LiveDatabase, replayed: Replayer, tmp_path: Path, options: tuple[str, ...]
) -> None:
    live.execute(MADE_BY_HAND)
    (tmp_path / "base.sql").write_text(dump(live, *options))
    base = read_base(str(tmp_path / "base.sql"))
    replay = replayed(MIGRATION, base=base)
    assert replay.gaps == ()
    assert failures(replay) == []
    assert len(replay) == 2
    assert names(replay, "table") == ["app.note", "app.users"]
    assert {str(name) for name in replay.created} >= {"app.note", "app.users.email"}
    assert "app.users" not in {str(name) for name in replay.created}


def test_the_rows_of_a_dump_are_there_too(live: LiveDatabase, replayed: Replayer, tmp_path: Path) -> None:
    live.execute(MADE_BY_HAND)
    (tmp_path / "base.sql").write_text(dump(live))
    migration = (
        "do $$ begin assert (select string_agg(name, '|' order by id) from app.users) = E'a;b|tab\\there'; end $$"
    )
    assert failures(replayed(migration, base=read_base(str(tmp_path / "base.sql")))) == []


def test_a_snapshot_file_and_a_database_are_the_same_base(
    live: LiveDatabase, replayed: Replayer, tmp_path: Path
) -> None:
    live.execute(MADE_BY_HAND)
    (tmp_path / "schema.json").write_text(snapshot_file.dump(snapshot.read(live.session())))
    from_file = replayed(MIGRATION, base=read_base(str(tmp_path / "schema.json")))
    from_url = replayed(MIGRATION, base=read_base(live.url))
    for replay in (from_file, from_url):
        assert replay.gaps == ()
        assert failures(replay) == []
        assert names(replay, "table", "view", "enum") == ["app.state", "app.note", "app.users", "app.names"]
    assert from_file.catalog == from_url.catalog


def test_roles_of_a_base_are_made_up(replayed: Replayer) -> None:
    script = (
        "create table t (id int); alter table t owner to base_owner; grant select on t to base_reader;"
        "create policy p on t to base_reader using (true);"
    )
    replay = replayed("alter table t add a int;", base=Base("base.sql", "1", script))
    assert replay.gaps == ()
    assert failures(replay) == []
    assert replay.assumed == ("role base_owner", "role base_reader")
    assert [table.attributes["owner"] for table in replay.catalog.of("table")] == ["base_owner"]


def test_what_of_a_base_cannot_be_made_is_a_gap_that_blocks(replayed: Replayer) -> None:
    bad = "create table good (id int);\n" + "".join(f"create table bad_{n} (id nothing);\n" for n in range(7))
    replay = replayed("alter table good add a int;", base=Base("base.sql", "1", bad))
    assert failures(replay) == []
    assert [gap.blocking for gap in replay.gaps] == [True] * 6
    assert replay.gaps[0].reason == 'the base base.sql: type "nothing" does not exist (line 2)'
    assert replay.gaps[-1].reason == "the base base.sql: 2 more statements failed"


def test_what_is_there_already_and_settings_of_newer_dumps_are_no_gaps(replayed: Replayer) -> None:
    script = "set no_such_setting = 0; create schema public; create extension plpgsql; create table t ();"
    assert replayed("select 1", base=Base("base.sql", "1", script)).gaps == ()


def test_a_base_is_read_with_what_is_wrong_with_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read the base .*nowhere\.sql: No such file"):
        read_base(str(tmp_path / "nowhere.sql"))
    (tmp_path / "custom").write_bytes(b"PGDMP\x01\x02")
    with pytest.raises(UsageError, match="custom format") as refused:
        read_base(str(tmp_path / "custom"))
    assert "pg_restore" in refused.value.way_out
    (tmp_path / "latin.sql").write_bytes(b"-- \xe9")
    with pytest.raises(UsageError, match="0xE9 at line 1"):
        read_base(str(tmp_path / "latin.sql"))
    assert read_base(str(tmp_path / "latin.sql"), "latin-1").script == "-- é"
    (tmp_path / "broken.json").write_text("{ not json")
    with pytest.raises(UsageError, match="no usable snapshot"):
        read_base(str(tmp_path / "broken.json"))


def test_a_password_in_a_url_does_not_become_the_name_of_the_base(live: LiveDatabase) -> None:
    base = read_base(live.url + "&password=very-secret")
    assert "very-secret" not in base.name
