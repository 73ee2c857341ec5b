"""`pgproof inventory`: what is there, of the live database or of the migrations."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pgproof.judge.inventory import Inventory
from pgproof.reports import format_names
from tests.cli.running import pgproof
from tests.conftest import LiveDatabase

FIRST = """
create type mood as enum ('sad', 'it''s fine');
create table note (
    id integer primary key,
    parent integer references note (id),
    body text not null default 'none' check (body <> ''),
    size integer generated always as (length(body)) stored,
    mood mood
);
comment on table note is 'what people | write';
create unique index note_lower on note (lower(body), size) where parent is null;
create table scratch (id integer);
create function double(n integer) returns integer language sql as 'select n * 2';
"""
SECOND = """
drop table scratch;
alter table note enable row level security;
create policy everybody on note using (true);
create view roots as select * from note where parent is null;
create function touch() returns void language plpgsql as $$ begin update note set mood = 'sad'; end $$;
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_first.sql").write_text(FIRST, "utf-8")
    (folder / "0002_second.sql").write_text(SECOND, "utf-8")
    return tmp_path


def inventory(project: Path, *options: str) -> dict[str, Any]:
    done = pgproof("inventory", "--project", str(project), "--server", "18", "--format", "json", "-q", *options)
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_migrations_tell_what_they_made_and_what_of_it_still_stands(project: Path) -> None:
    first, second = inventory(project)["migrations"]
    assert ["table", "public.scratch"] in first["created"]
    assert first["gone"] == [["table", "public.scratch"]]
    assert first["statements"] == 6
    assert ["table", "public.scratch"] in second["dropped"]
    assert ["table", "public.note"] in second["altered"]
    assert first["applied"] is None


def test_tables_have_columns_indexes_references_and_rights(project: Path) -> None:
    found = inventory(project)
    (note,) = (table for table in found["tables"] if table["name"] == "note")
    assert [column["name"] for column in note["columns"]] == ["id", "parent", "body", "size", "mood"]
    assert [column["generated"] for column in note["columns"]] == [False, False, False, True, False]
    assert {index["name"]: index["kinds"] for index in note["indexes"]} == {
        "note_pkey": ["constraint"],
        "note_lower": ["unique", "composite", "partial", "expression"],
    }
    assert note["references"][0]["table"] == "public.note"
    assert (note["checks"], note["row_security"], note["policies"]) == (1, True, ["everybody"])
    assert note["made_by"] == "migrations/0001_first.sql:3:1"
    assert found["enums"] == [["public.mood", ["sad", "it's fine"]]]
    assert dict(found["counts"])["tables"] == 1
    assert note["rows"] is None


def test_functions_tell_what_they_touch(project: Path) -> None:
    routines = {one["name"]: one for one in inventory(project)["routines"]}
    assert routines.keys() == {"public.double(integer)", "public.touch()"}
    assert routines["public.touch()"]["writes"] == ["note"]


def test_patterns_leave_the_others_out_and_say_so(project: Path) -> None:
    found = inventory(project, "no*")
    assert [table["name"] for table in found["tables"]] == ["note"]
    assert found["left_out"] == 3
    assert dict(found["counts"])["views"] == 1


def test_rows_of_the_live_database_are_estimated_or_exact_and_labelled(project: Path, live: LiveDatabase) -> None:
    live.execute(FIRST + SECOND + "insert into note (id, body) select n, n from generate_series(1, 7) n")
    options = ("--live", live.url)
    (note,) = (table for table in inventory(project, *options)["tables"] if table["name"] == "note")
    assert (note["rows"], note["rows_are"], note["sample"]) == (None, "", [])
    live.execute("analyze note")
    (note,) = (table for table in inventory(project, *options)["tables"] if table["name"] == "note")
    assert (note["rows"], note["rows_are"]) == (7, "estimated")
    (note,) = inventory(project, "note", "--exact", "--sample", "2", *options)["tables"]
    assert (note["rows"], note["rows_are"], len(note["sample"])) == (7, "exact", 2)
    assert note["size_bytes"] > 0


def test_sample_rows_are_shown_as_they_are_but_for_secrets_and_long_values(project: Path, live: LiveDatabase) -> None:
    live.execute(FIRST + SECOND)
    live.execute("""
create table "{} t" (t integer, nothing text, long text, line text, "API-Key" text, password text, is_key boolean,
  big jsonb, number numeric);
insert into "{} t" values
  (1, null, repeat('é', 300), E'\\x1b[31m\n::set-output <b>', 'k-123', null, true,
   jsonb_build_object('a', repeat('x', 300)), 'NaN');
create table empty (); insert into empty default values;
""")
    found = {table["name"]: table for table in inventory(project, "--live", live.url, "--sample", "3")["tables"]}
    [row] = map(json.loads, found["{} t"]["sample"])
    assert (row["t"], row["nothing"], row["password"], row["API-Key"]) == (1, None, None, "(secret)")
    assert (row["is_key"], row["number"], row["line"]) == (True, "NaN", "\x1b[31m\n::set-output <b>")
    assert row["long"] == "é" * 200 + "…"
    assert row["big"].endswith("…")
    assert found["empty"]["sample"] == ["{}"]
    for form in ("text", "markdown"):
        options = ("--live", live.url, "--sample", "3", "--format", form)
        shown = pgproof("inventory", "--project", str(project), *options).stdout
        assert "The rows shown are real" in shown
        assert '"(secret)"' in shown
        assert "k-123" not in shown
        assert not re.search(r"^::|\x1b", shown, re.MULTILINE)
    plain = pgproof("inventory", "--project", str(project), "--live", live.url).stdout
    assert "NaN" not in plain
    assert "The rows shown" not in plain


def test_rows_that_may_not_be_read_are_a_gap_and_no_zero(project: Path, live: LiveDatabase) -> None:
    live.execute(FIRST + "create role inventory_nobody login")
    try:
        found = inventory(project, "--live", live.url_as("inventory_nobody"), "--exact")
        assert all(table["rows_are"] != "exact" for table in found["tables"])
        assert "permission denied" in found["gaps"][0]["reason"]
    finally:
        live.execute("drop role inventory_nobody")


def test_without_anything_to_read_it_says_so(tmp_path: Path) -> None:
    done = pgproof("inventory", "--project", str(tmp_path))
    assert done.returncode == 4
    assert "no inventory" in done.stderr


HOSTILE = 'create table "a ""b"" | <i>`c`\n::set-output" ("x\ny" integer primary key, "1 z" text);'


@pytest.mark.parametrize("name", format_names(Inventory))
def test_hostile_names_break_no_format(tmp_path: Path, name: str) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_a.sql").write_text(HOSTILE, "utf-8")
    done = pgproof("inventory", "--project", str(tmp_path), "--server", "18", "--format", name, "-q")
    assert done.returncode == 0
    assert not re.search(r"^::", done.stdout, re.MULTILINE)
    if name == "markdown":
        assert "<i>" not in done.stdout
    if name == "mermaid":
        assert re.findall(r"^        (\S+) (\S+)", done.stdout, re.MULTILINE) == [("integer", "x_y"), ("text", "_1_z")]
    if name == "dbml":
        assert done.stdout.count("Table ") == 1


def test_a_first_word_with_a_slash_is_the_folder(tmp_path: Path) -> None:
    (tmp_path / "shop" / "migrations").mkdir(parents=True)
    (tmp_path / "shop" / "migrations" / "0001_a.sql").write_text(
        "create table a (id int primary key); create table b ();"
    )
    done = pgproof("inventory", "./shop", "a", "--server", "18", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 tables · 1 column · 1 index in all" in done.stdout
    assert "  1 of the tables and functions are left out by the filter" in done.stdout
    two = pgproof("inventory", ".", "--project", "shop", cwd=tmp_path)
    assert two.returncode == 2
    assert "two folders: . and shop" in two.stderr
