"""The private server of a project: started in place, alone, and again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pgproof.model.errors import UsageError
from pgproof.server import binaries
from pgproof.server.folders import is_root
from pgproof.shadow import store
from pgproof.shadow.shadow import Shadow, open_shadow
from tests.conftest import EmptyPlatform
from tests.server.holder import PROJECT, alive


@pytest.fixture
def key() -> Iterator[str]:
    """A project that no other test has."""
    with tempfile.NamedTemporaryFile() as unique:
        yield unique.name


@contextmanager
def opened(key: str, major: int = 18, platform: EmptyPlatform = EmptyPlatform(), **how: Any) -> Iterator[Shadow]:  # noqa: B008
    with open_shadow(key, binaries.choose(major), platform, **how) as shadow:
        yield shadow


def make_layer(key: str, major: int = 18, **how: Any) -> None:
    with opened(key, major, **how) as shadow, shadow.database() as database:
        with database.connect() as connection:
            connection.execute("create table t as select 1 as a")
        shadow.keep_layer(database, "one")


def test_layers_are_there_when_it_is_opened_again(key: str, major: int) -> None:
    make_layer(key, major)
    with opened(key, major) as shadow:
        assert shadow.layers() == ["one"]
        with shadow.database("one") as database, database.connect() as connection:
            assert connection.execute("select a from t").fetchall() == [(1,)]


def test_projects_do_not_see_each_other(key: str) -> None:
    make_layer(key)
    with opened(f"{key} other") as shadow:
        assert shadow.layers() == []


def test_a_second_run_at_the_same_time_takes_a_fresh_one(key: str) -> None:
    make_layer(key)
    with opened(key) as first, opened(key) as second:
        assert first.layers() == ["one"]
        assert second.layers() == []
        second.keep_layer(second.database(), "two")
        assert second.layers() == ["two"]
        assert first.layers() == ["one"]
    with opened(key) as shadow:
        assert shadow.layers() == ["one"]


_KILLED = """
import os, sys
from pgproof.server import binaries
from pgproof.shadow.shadow import open_shadow
from tests.conftest import EmptyPlatform
with open_shadow(sys.argv[1], binaries.choose(int(sys.argv[2])), EmptyPlatform()) as shadow:
    database = shadow.database()
    shadow.keep_layer(database, "one")
    connection = shadow.database("one").connect()
    connection.execute("create role half_way; create table t (); begin; create table u ()")
    print(shadow.cluster.pid, flush=True)
    sys.stdin.read()
"""


def test_a_run_that_was_killed_does_no_harm_to_the_next(key: str, major: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, key, str(major)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )
    assert process.stdout
    server = int(process.stdout.readline())
    process.kill()
    process.communicate()
    with opened(key, major) as shadow:
        assert not alive(server)
        assert shadow.layers() == ["one"]
        with shadow.database("one") as database, database.connect() as connection:
            assert connection.execute("select rolname from pg_roles where oid >= 16384").fetchall() == [("postgres",)]
            assert connection.execute("select relname from pg_class where relname in ('t', 'u')").fetchall() == []


def test_a_data_directory_that_does_not_start_is_made_anew(key: str) -> None:
    make_layer(key)
    with opened(key) as shadow:
        data = store_of(shadow)
    (data / "global" / "pg_control").write_bytes(b"\0" * 8192)
    with opened(key) as shadow:
        assert shadow.layers() == []
        shadow.database().drop()


def store_of(shadow: Shadow) -> Path:
    with shadow.database() as database, database.admin() as admin:
        ((data,),) = admin.rows("show data_directory")
    return Path(data)


def test_after_another_boot_nothing_is_trusted(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_layer(key)
    monkeypatch.setattr(store, "_boot", lambda: "another boot")
    with opened(key) as shadow:
        assert shadow.layers() == []


def test_another_image_is_another_start(key: str) -> None:
    make_layer(key)
    with opened(key, prepare=("create table public.prepared ()",)) as shadow:
        assert shadow.layers() == []
    with opened(
        key, platform=EmptyPlatform("other", "create role app; create schema app; grant usage on schema app to app")
    ) as shadow:
        assert shadow.layers() == []
        with shadow.database() as database, database.connect() as connection:
            assert connection.execute("select has_schema_privilege('app', 'app', 'usage')").fetchall() == [(True,)]


def test_what_no_run_has_used_for_a_month_is_removed(key: str) -> None:
    make_layer(key)
    with opened(key) as shadow:
        project = store_of(shadow).parent
    os.utime(project, (0, 0))
    with opened(f"{key} other"):
        assert not project.exists()


def test_only_the_projects_that_were_used_last_stay(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o755)
    monkeypatch.setattr(store, "subfolder", lambda name: tmp_path)
    monkeypatch.setattr(store, "KEPT", 2)
    for name in ("first", "second", "third"):
        opened_store = store.open_store(name, 18)
        assert opened_store is not None
        opened_store.close()
    assert len(list(tmp_path.iterdir())) == 3
    in_use = store.open_store("second", 18)
    last = store.open_store("fourth", 18)
    assert in_use is not None
    assert last is not None
    assert {folder.name for folder in tmp_path.iterdir()} >= {in_use.data.parent.name, last.data.parent.name}
    assert len(list(tmp_path.iterdir())) == 3
    in_use.close()
    last.close()


OBSERVE = """
create function pgproof.note() returns event_trigger language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$ begin raise info using message = tg_tag, errcode = 'PGP01'; end $$;
create event trigger pgproof_note on ddl_command_end execute function pgproof.note();
alter event trigger pgproof_note enable always;
"""


def test_scripts_of_the_caller_observe_elevated_statements_too(key: str, major: int) -> None:
    seen: list[str] = []
    with (
        opened(key, major, prepare=(OBSERVE,)) as shadow,
        shadow.database() as database,
        database.connect() as connection,
    ):
        connection.add_notice_handler(lambda notice: seen.append(f"{notice.sqlstate} {notice.message_primary}"))
        connection.execute("create table t ()")
        database.elevate(connection, "create publication p for all tables")
        for statement in ("drop event trigger pgproof_note", "alter event trigger pgproof_note disable"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
    assert seen == ["PGP01 CREATE TABLE", "PGP01 CREATE PUBLICATION"]


def test_a_script_that_fails_leaves_no_image(key: str) -> None:
    for _ in range(2):
        with pytest.raises(psycopg.errors.SyntaxError), opened(key, prepare=("no sql",)):
            pass


def test_tools_log_in_over_tcp_with_a_password_that_only_they_know(key: str, major: int) -> None:
    with opened(key, major, tcp=True) as shadow, shadow.database() as database:
        assert shadow.networked
        assert database.tcp_url.startswith("postgresql://postgres:")
        with psycopg.connect(database.tcp_url) as connection:
            assert connection.execute("select current_user").fetchall() == [("postgres",)]
        environment = {"PATH": os.environ["PATH"], **database.tcp_environment}
        ask = "import psycopg; print(psycopg.connect('').execute('select current_database()').fetchone()[0])"
        said = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
        assert said.stdout == "postgres\n"
        where = f"host=127.0.0.1 port={shadow.cluster.port} dbname={database.name}"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"{where} user=postgres password=guess")
        with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
            psycopg.connect(f"{where} user=pgproof_admin password={shadow.cluster.admin_password()}")


def test_the_shadows_server_is_cut_off_unless_tcp_was_asked_for(key: str) -> None:
    with opened(key) as shadow:
        apart = Path(f"/proc/{shadow.cluster.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
        assert apart is not shadow.networked


def test_a_folder_that_the_server_cannot_reach_is_a_usage_error(key: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    if is_root():
        with pytest.raises(UsageError, match="cannot hold"), opened(key, cache_dir=tmp_path / "cache"):
            pass
    else:
        with opened(key, cache_dir=tmp_path / "cache") as shadow:
            assert store_of(shadow).is_relative_to(tmp_path)


def test_a_folder_of_the_callers_choice_is_used(key: str) -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        with opened(key, cache_dir=Path(folder) / "cache") as shadow:
            assert store_of(shadow).is_relative_to(folder)


def test_secrets_lie_where_only_we_read_them(key: str) -> None:
    make_layer(key)
    with opened(key) as shadow:
        project = store_of(shadow).parent
        states = list((project / "layers").glob("*.json"))
        assert states
        assert json.loads(states[0].read_text())["shared"]["pg_authid"]
        assert {path.stat().st_mode & 0o077 for path in states} == {0}
        assert {path.stat().st_mode & 0o077 for path in (project / "data", project / "layers")} == {0}
