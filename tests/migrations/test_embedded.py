"""DDL in the strings of programs: taken where all of it can be read, and not at all where some cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.evidence.prepared import Prepared
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.migrations.layouts.embedded import embedded
from pgproof.migrations.observation import Replay
from pgproof.migrations.walk import walk
from pgproof.project.config import Config

MODULE = "module hotel\n\nrequire github.com/jackc/pgx/v5 v5.0.0\n"
ROOMS = """package hotel

import "github.com/jackc/pgx/v5"

var migrations = map[string]string{
\t"1_rooms.up.sql": `
\t\tCREATE TABLE rooms (
\t\t\tid bigserial primary key,
\t\t\tguest bigint references guests
\t\t);
\t`,
\t"1_rooms.down.sql": `DROP TABLE rooms;`,
}

const cache = "create table seen (id integer primary key autoincrement)"

func rooms(db *pgx.Conn) {
\tdb.Query(ctx, "select id, guest from rooms")
\tdb.Query(ctx, "select id, floor from rooms")
\tdb.Query(ctx, "select id from room")
\tdb.Query(ctx, "select id from another_programs_table")
}
"""
GUESTS = """package hotel

const guests = "CREATE TABLE guests (id bigint primary key,\\n\\tname text default '\\"x\\"')" // "create table no ();"
"""


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        (root / f"{'.'.join(name.rsplit('_', 1))}").write_text(text)


def test_tables_that_a_program_makes_are_known(tmp_path: Path) -> None:
    write(tmp_path, go_mod=MODULE, rooms_go=ROOMS, zguests_go=GUESTS, rooms_test_go=ROOMS.replace("guests", "nobody"))
    found = embedded(walk(tmp_path))
    assert found is not None
    guests, rooms = found.files  # in the order in which they need each other
    assert rooms.text.count("\n") == ROOMS.count("\n")
    assert rooms.text.index("CREATE TABLE rooms") == ROOMS.index("CREATE TABLE rooms")
    assert guests.text.split(";")[0].endswith("name text default ' \"x \"')")
    with Evidence(Settings(tmp_path, Config(), None, use_cache=False)) as evidence:
        replay, prepared = evidence.get(Replay), evidence.get(Prepared)
    assert isinstance(replay, Replay)
    assert [str(one.failure) for one in replay.observations if one.failure] == []
    assert isinstance(prepared, Prepared)
    assert [one.tried.refusal.message for one in prepared.refused] == [
        'column "floor" does not exist',
        'relation "room" does not exist',
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("more_go", 'package hotel\n\nvar q = fmt.Sprintf("create table %s (id int)", name)\n'),
        ("more_go", 'package hotel\n\nvar q = "create table " + name + " (id int)"\n'),
        ("more_go", "package hotel\n\nfunc f() { db.AutoMigrate(&Room{}) }\n"),
        ("more_rs", 'fn f() { run(format!("alter table {} add column b int", name)) }\n'),
        ("more_sql", "create table b (id int);\n"),
        ("go_mod", "module hotel\n"),
    ],
)
def test_tables_that_cannot_all_be_known_are_left_alone(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, **{"go_mod": MODULE, "rooms_go": ROOMS, name: text})
    assert embedded(walk(tmp_path)) is None


def test_tables_of_two_systems_are_told_apart_by_what_is_only_in_one(tmp_path: Path) -> None:
    other = 'package hotel\n\nconst b = "create table b (id integer, a text)"\n'
    write(tmp_path, go_mod=MODULE + "require modernc.org/sqlite v1\n", rooms_go=ROOMS, other_go=other)
    found = embedded(walk(tmp_path))
    assert found is not None
    assert [file.path for file in found.files] == ["rooms.go"]


def test_strings_of_rust(tmp_path: Path) -> None:
    program = """
fn all<'a>() -> Vec<&'a str> {
    vec!["CREATE TABLE a ( \\
            id int)", r#"create table "b" (id int)"#]
}
"""
    write(tmp_path, Cargo_toml='[dependencies]\ntokio-postgres = "1"\n', main_rs=program)
    found = embedded(walk(tmp_path))
    assert found is not None
    assert [one.split() for one in found.files[0].text.split(";")[:2]] == [
        ["CREATE", "TABLE", "a", "(", "id", "int)"],
        ["create", "table", '"b"', "(id", "int)"],
    ]
