"""What a platform brings besides schemas is nobody's drift; what the migrations add to it is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Result
from pgproof.migrations.discover import discover
from pgproof.migrations.layouts import layouts
from pgproof.migrations.replay import PREPARE, Task
from pgproof.migrations.replay.replay import replay
from pgproof.platforms import load
from pgproof.project.config import read_config
from pgproof.server import binaries
from pgproof.server.admin import AdminSession
from pgproof.shadow.database import Database
from pgproof.shadow.shadow import open_shadow
from pgproof.sql.quote import literal
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase, make_live, running_cluster

MIGRATIONS = {
    "20250101000000_note.sql": """
create schema app;
create table public.note (id bigint generated always as identity primary key, state text, at timestamptz);
alter table public.note enable row level security;
create policy own on public.note to authenticated using (auth.uid() is not null);
create table app.secret (id int primary key);
create statistics app.note_related on state, at from public.note;
create collation app.plain (locale = 'C');
""",
    "20250102000000_realtime.sql": """
alter publication supabase_realtime add table public.note;
create publication everything for all tables;
create function app.guard() returns event_trigger language plpgsql as 'begin end';
create event trigger guard on ddl_command_end execute function app.guard();
alter default privileges in schema app grant select on tables to service_role;
do $$ begin execute format('alter database %I set work_mem = 1024', current_database()); end $$;
create type app.place as (x int, y int);
create cast (app.place as text) with inout;
create foreign data wrapper elsewhere;
grant usage on foreign data wrapper elsewhere to postgres;
create server archive foreign data wrapper elsewhere options (host 'archive');
create user mapping for postgres server archive options (user 'reader', password 'hidden');
create foreign table app.old_note (id bigint, state text) server archive;
create function app.same(app.place, app.place) returns boolean language sql immutable as 'select ($1).x = ($2).x';
create operator app.=== (function = app.same, leftarg = app.place, rightarg = app.place);
create text search configuration app.words (copy = pg_catalog.simple);
""",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "supabase" / "migrations"
    folder.mkdir(parents=True)
    for name, text in MIGRATIONS.items():
        (folder / name).write_text(text, "utf-8")
    (tmp_path / "pgproof.toml").write_text('platform = "supabase"\n', "utf-8")
    return tmp_path


@pytest.fixture
def live(root: Path, major: int) -> Iterator[Database]:
    """The project's database on a server of its own, as another replay makes it, without what pgproof has in there."""
    [directory] = discover(root)
    platform, installation = load("supabase"), binaries.choose(major)
    task = Task(root, tuple(directory.files), layouts()[directory.layout].transaction, installation, platform)
    with open_shadow(f"live {root}", installation, platform, prepare=PREPARE) as shadow:
        found = replay(task, shadow)
        assert [one.failure for one in found.observations if one.failure] == []
        with shadow.database(found.layer) as database:
            run(database, "drop schema pgproof cascade")
            for file in directory.files:
                run(
                    database,
                    f"insert into supabase_migrations.schema_migrations (version) values ({literal(file.version)})",
                )
            yield database


@pytest.fixture
def database(major: int) -> Iterator[LiveDatabase]:
    """A live database of a project without a platform."""
    with closing(make_live(running_cluster(major))) as made:
        yield made


def run(database: Database, sql: str) -> None:
    with AdminSession(database.cluster, database.name) as admin:
        for statement in sql.split(";"):
            admin.execute(statement)


def checked(root: Path, live: Database) -> Result:
    return check(Settings(root, read_config(root), live.url))


def findings(result: Result) -> set[tuple[str, str, str]]:
    return {(one.code, one.kind, one.subject) for one in result.findings}


def test_a_project_that_is_replayed_twice_is_the_same(root: Path, live: Database) -> None:
    assert checked(root, live).findings == ()


def test_what_the_platform_changes_in_its_own_is_silent(root: Path, live: Database) -> None:
    run(
        live,
        """create publication supabase_realtime_messages_publication;
           alter publication supabase_realtime_messages_publication owner to supabase_admin;
           create function extensions.watch() returns event_trigger language plpgsql as 'begin end';
           create event trigger pgrst_ddl_watch on ddl_command_end execute function extensions.watch();
           alter default privileges for role supabase_admin in schema public grant select on tables to anon;
           alter publication everything owner to postgres;
           alter role postgres in database postgres set statement_timeout = '1min'""".replace(
            "database postgres", f"database {live.name}"
        ),
    )
    assert findings(checked(root, live)) == set()


def test_what_the_migrations_added_is_theirs(root: Path, live: Database) -> None:
    run(
        live,
        """alter publication supabase_realtime drop table public.note;
           drop event trigger guard;
           drop cast (app.place as text);
           alter default privileges for role postgres in schema app revoke select on tables from service_role;
           alter server archive options (set host 'other')""",
    )
    assert findings(checked(root, live)) == {
        ("DRF101", "publication table", "public.note.supabase_realtime"),
        ("DRF101", "event trigger", "guard"),
        ("DRF101", "cast", "(app.place as text)"),
        ("DRF101", "default privileges", "for role postgres in schema app on tables"),
        ("DRF103", "server", "archive"),
    }


def test_a_publication_made_by_hand_is_extra(root: Path, live: Database) -> None:
    run(live, "create publication by_hand for table app.secret; alter publication by_hand owner to postgres")
    assert findings(checked(root, live)) == {
        ("DRF102", "publication", "by_hand"),
    }


NOTE = "create table note (id int primary key);"
IN_THE_DATABASE = """
do $$ begin
  execute format('revoke temporary on database %I from public', current_database());
  execute format('alter database %I set work_mem = 1024', current_database());
  execute format('alter role postgres in database %I set work_mem = 2048', current_database());
end $$;
"""


def plain_project(folder: Path, migration: str) -> Settings:
    (folder / "migrations").mkdir()
    (folder / "migrations" / "0001_note.sql").write_text(migration, "utf-8")
    return Settings(folder, read_config(folder))


@pytest.mark.parametrize("migration", [NOTE, NOTE + IN_THE_DATABASE], ids=["of nobody", "of the migrations"])
def test_settings_of_the_database_are_compared_when_migrations_make_them(
    tmp_path: Path, database: LiveDatabase, migration: str
) -> None:
    database.execute(NOTE + IN_THE_DATABASE)
    settings = plain_project(tmp_path, migration)
    assert check(replace(settings, live=database.url)).findings == ()
    database.execute("do $$ begin execute format('alter database %I reset all', current_database()); end $$")
    expected = {("DRF103", "database", "current_database")} if migration != NOTE else set()
    assert findings(check(replace(settings, live=database.url))) == expected
