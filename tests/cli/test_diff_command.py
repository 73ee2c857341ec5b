"""`pgproof diff` compares any two of migrations, live databases, dumps and snapshot files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pgproof.cli.run import run
from tests.conftest import MAJORS, LiveDatabase, make_live, running_cluster

SCHEMA = """
create table note (id bigint generated always as identity primary key, state varchar(9) not null
  check (state in ('new', 'old')), body text default 'x');
create index note_body on note (lower(body)) where state in ('new', 'old');
create view fresh as select id, body from note where state = 'new';
alter table note enable row level security;
create policy own on note using (body <> 'secret');
grant select on note to public;
"""


@pytest.fixture
def major() -> int:
    return 18


@pytest.fixture
def other(major: int) -> Iterator[LiveDatabase]:
    database = make_live(running_cluster(major))
    yield database
    database.close()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the schema in two migrations, in which the command is run."""
    first, _, rest = SCHEMA.partition("create index")
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_note.sql").write_text(first)
    (tmp_path / "migrations" / "0002_more.sql").write_text("create index" + rest)
    (tmp_path / "pgproof.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def dump(live: LiveDatabase, *options: str) -> str:
    program = live.cluster.installation.bindir / "pg_dump"
    done = subprocess.run([program, "-s", *options, live.url], capture_output=True, text=True, check=True)
    return done.stdout


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = run(["diff", *arguments, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def brief(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["action"], f"{one['kind']} {one['name']}", one["attribute"]) for one in document["changes"]]


@pytest.mark.parametrize("major", MAJORS)
def test_a_dump_restored_elsewhere_a_snapshot_and_the_database_are_equal(
    major: int, project: Path, live: LiveDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    live.execute(SCHEMA)
    (project / "schema.sql").write_text(dump(live))
    assert run(["snapshot", "--live", live.url, "--output", "schema.json"]) == 0
    for sides in (("schema.sql", live.url), (live.url, "schema.json"), ("schema.json", "schema.sql")):
        code, document = told(capsys, *sides)
        assert (code, document["changes"], document["gaps"]) == (0, [], []), sides


def test_the_migrations_up_to_one_of_them_are_a_side(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for first in ("migrations@0001", "migrations@1", "./migrations@0001_note.sql"):
        code, document = told(capsys, first, "migrations")
        assert code == 1
        assert ("only in B", "policy public.note.own", "") in brief(document)
        policy = next(one for one in document["changes"] if one["kind"] == "policy")
        assert policy["location"] == {"path": "migrations/0002_more.sql", "line": 4, "column": 1}
    assert run(["diff", "migrations@2", "migrations"]) == 0


def test_migrations_and_a_database_that_was_changed(
    project: Path, live: LiveDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    live.execute(SCHEMA)
    live.execute("create table schema_migrations (version text primary key)")
    assert told(capsys, "migrations", live.url)[0] == 0
    live.execute("alter table note disable row level security; drop index note_body; comment on view fresh is 'x'")
    code, document = told(capsys, "migrations", live.url)
    assert code == 1
    expected = [
        ("changed", "table public.note", "row security"),
        ("only in A", "index public.note_body", ""),
        ("changed", "view public.fresh", "comment"),
    ]
    assert brief(document) == expected
    assert [one["weight"] for one in document["changes"]] == ["security", "performance", "cosmetic"]
    code, turned = told(capsys, live.url, "migrations")
    assert brief(turned)[1] == ("only in B", "index public.note_body", "")
    before, after = document["changes"][0], turned["changes"][0]
    assert (before["before"], before["after"]) == (after["after"], after["before"]) == ("on", "off")


def test_two_databases_that_spell_an_expression_otherwise_are_equal(
    project: Path, live: LiveDatabase, other: LiveDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    live.execute(SCHEMA)
    other.execute("\n".join(line for line in dump(live).splitlines() if not line.startswith("\\")))
    assert live.rows("select pg_get_constraintdef(oid) from pg_constraint where contype = 'c'") != other.rows(
        "select pg_get_constraintdef(oid) from pg_constraint where contype = 'c'"
    )
    assert told(capsys, live.url, other.url)[0] == 0
    other.execute("alter table note drop constraint note_state_check; alter table note add check (state in ('new'))")
    code, document = told(capsys, live.url, other.url)
    assert code == 1
    assert brief(document) == [("changed", "constraint public.note.note_state_check", "definition")]


def test_what_one_role_lost_on_many_tables_is_one_line(
    project: Path, live: LiveDatabase, other: LiveDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = "".join(f"create table t{n} (id int); grant select on t{n} to public;" for n in range(5))
    live.execute(tables)
    other.execute(tables + "revoke select on t0, t1, t2, t3 from public")
    code, document = told(capsys, live.url, other.url)
    [one] = document["changes"]
    assert (code, one["key"], one["before"], one["after"]) == (1, "public", "SELECT", None)
    assert [one["name"], *one["others"]] == [f"public.t{n}" for n in range(4)]
    assert run(["diff", live.url, other.url]) == 1
    assert "~ 4 × table: privileges of public" in capsys.readouterr().out


def test_what_is_ignored_does_not_count_and_what_is_ignored_in_vain_is_said(
    project: Path, live: LiveDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    live.execute(SCHEMA)
    live.execute("comment on view fresh is 'x'; create schema audit; create table audit.log (id int)")
    code, document = told(capsys, "migrations", live.url, "--ignore", "cosmetic", "--ignore", "audit*")
    assert (code, document["ignored"]) == (0, 2)
    code, document = told(capsys, "migrations", live.url, "--ignore", "comment", "--ignore", "nothing.*")
    assert brief(document) == [("only in B", "schema audit", "")]
    assert [gap["reason"] for gap in document["gaps"]] == ["--ignore nothing.*: nothing that differs is called so"]


def test_a_role_that_is_called_otherwise_is_named(
    project: Path, live: LiveDatabase, other: LiveDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    with live.admin_session() as admin:
        admin.execute("create role diff_staging")
        admin.execute("create role diff_production")
    try:
        for database, role in ((live, "diff_staging"), (other, "diff_production")):
            database.execute(f"create table note (id int); alter table note owner to {role}")
        document = told(capsys, live.url, other.url)[1]
        assert brief(document) == [("changed", "table public.note", "owner")]
        assert told(capsys, live.url, other.url, "--role", "diff_staging=diff_production")[0] == 0
        assert run(["diff", live.url, other.url, "--role", "diff_staging"]) == 2
    finally:
        for database in (live, other):
            database.execute("drop table note")
        with other.admin_session() as admin:
            admin.execute("drop role diff_staging")
            admin.execute("drop role diff_production")


def test_a_dump_with_restrict_and_with_statements_that_fail_is_named_and_not_called_equal(
    project: Path, live: LiveDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    live.execute(SCHEMA)
    text = dump(live)
    restricted = text if "\\restrict " in text else f"\\restrict abc\n{text}\\unrestrict abc\n"
    (project / "schema.sql").write_text(restricted)
    assert told(capsys, "schema.sql", live.url)[0] == 0
    (project / "broken.sql").write_text(restricted + "alter table nowhere add column x int;\nselekt 1;\n")
    code, document = told(capsys, "broken.sql", live.url)
    assert (code, document["changes"]) == (3, [])
    said = [(gap["blocking"], gap["reason"]) for gap in document["gaps"]]
    assert (True, 'what this statement makes: relation "nowhere" does not exist') in said
    assert any("selekt" in reason for _, reason in said)
    assert run(["diff", "broken.sql", live.url]) == 3
    assert "UNDECIDED" in capsys.readouterr().out


def test_a_grant_that_fails_hides_nothing_but_privileges(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fails = (
        "grant select (nothing) on note to public; alter table note owner to pg_monitor; alter table gone owner to x;\n"
    )
    (project / "before.sql").write_text(SCHEMA + fails)
    changed = "alter table note disable row level security; revoke select on note from public;"
    (project / "after.sql").write_text(SCHEMA + changed + fails)
    code, document = told(capsys, "before.sql", "after.sql")
    assert code == 1
    assert brief(document) == [("changed", "table public.note", "row security")]
    assert any("1 object that differ" in gap["reason"] for gap in document["gaps"])


def test_what_only_one_side_asks_for_in_vain_is_not_called_equal(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = "create operator family odd using btree;\n"
    (project / "before.sql").write_text(SCHEMA)
    (project / "after.sql").write_text(SCHEMA + refused)
    code, document = told(capsys, "before.sql", "after.sql")
    assert (code, document["changes"]) == (3, [])
    assert any(gap["blocking"] and "create operator family odd" in gap["reason"] for gap in document["gaps"])
    (project / "before.sql").write_text(refused + SCHEMA)
    assert told(capsys, "before.sql", "after.sql")[0] == 0


def test_another_major_is_no_difference(project: Path, live: LiveDatabase, capsys: pytest.CaptureFixture[str]) -> None:
    older = make_live(running_cluster(MAJORS[0]))
    for database in (live, older):
        database.execute(SCHEMA)
    (project / "old.sql").write_text(dump(older))
    assert told(capsys, older.url, live.url)[0] == 0
    assert told(capsys, "old.sql", live.url)[0] == 0
    older.close()


def test_a_role_that_may_only_connect_is_told_nothing_that_is_not_so(
    project: Path, live: LiveDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    live.execute(SCHEMA)
    live.execute("create extension if not exists plpgsql; create schema hidden; create table hidden.t (id int)")
    with live.admin_session() as admin:
        admin.execute("create role diff_stranger login")
    try:
        code, document = told(capsys, live.url, live.url_as("diff_stranger"))
        assert (code, document["changes"]) == (0, [])
    finally:
        with live.admin_session() as admin:
            admin.execute("drop role diff_stranger")


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        (("nowhere", "migrations"), "there is no file or folder nowhere"),
        (("migrations@9", "migrations"), "no migration is called 9"),
        (("migrations", "live"), "the project names no live database"),
        (("custom.dump", "migrations"), "the dump"),
        (("damaged.json", "migrations"), "no usable snapshot"),
        (("migrations", "/"), "outside"),
    ],
)
def test_what_is_no_side_is_a_usage_error(
    project: Path, capsys: pytest.CaptureFixture[str], sides: tuple[str, str], said: str
) -> None:
    (project / "custom.dump").write_bytes(b"PGDMP\x01\x0e")
    (project / "damaged.json").write_text('{"pgproof snapshot": 1')
    assert run(["diff", *sides]) == 2
    assert said in capsys.readouterr().err


def test_a_database_that_does_not_answer_is_trouble(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", "migrations", "postgresql://nobody:secret@127.0.0.1:1/none"]) == 4
    assert "secret" not in capsys.readouterr().err
