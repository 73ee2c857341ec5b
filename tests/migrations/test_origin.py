"""Upgrades of a schema that the repository keeps elsewhere, and schemas in parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.migrations.discover import discover
from tests.migrations.repository import names, write

A, B = "create table a (id int primary key", "create table b (id int primary key"
UPGRADES = {
    "db/upgrades/001.sql": "alter table a add column name text;",
    "db/upgrades/002.sql": "create table c (id int);\ncreate index c_id on c (id);",
    "db/upgrades/003.sql": "update b set x = 1;",
    "db/upgrades/004.sql": "alter table a add column late int;",
}


@pytest.mark.parametrize(
    ("columns", "rest", "used"),
    [
        (", name text, late int", "create table c (id int); create index c_id on c (id);", ["db.sql"]),
        ("", "", ["db/db.sql", "001.sql", "002.sql", "003.sql", "004.sql"]),
        (", name text", "create table c (id int); create index c_id on c (id);", ["db/db.sql", "003.sql", "004.sql"]),
        (", late int", "", []),
    ],
    ids=["holds all", "holds none", "holds the first", "stands nowhere among them"],
)
def test_where_a_schema_stands_among_its_upgrades(tmp_path: Path, columns: str, rest: str, used: list[str]) -> None:
    first, *_ = discover(write(tmp_path, {**UPGRADES, "db/db.sql": f"{A}{columns});\n{B}, x int);\n{rest}"}))
    run = [name for file, name in zip(first.files, names(first), strict=True) if file.text]
    assert run == (used or ["001.sql", "002.sql", "003.sql", "004.sql"])
    assert [file.path for file in first.files if file.standing] == ["db/db.sql"] * ("db/db.sql" in used)
    assert bool(first.assumed) == ("db/db.sql" in used)
    assert ("db/upgrades" in first.unverified) == (used == ["db.sql"])


@pytest.mark.parametrize(
    "files",
    [
        {"db/upgrades/000.sql": f"{A}); {B}, x int);"},
        {"db/more.sql": "create table d (id int);"},
        {"db/all.sql": "create table a (id int); alter table y add x int; alter table z add x int;"},
        {"db/upgrades/000.py": "create('a')", "db/upgrades/migrations.txt": "000.py"},
    ],
    ids=["all is made", "the schema has parts", "the schema builds on another", "a program beside them"],
)
def test_what_is_no_schema_of_theirs(tmp_path: Path, files: dict[str, str]) -> None:
    first, *_ = discover(write(tmp_path, {"db/all.sql": f"{A}); {B}, x int);", **UPGRADES, **files}))
    assert (first.path, first.assumed, first.unverified) == ("db/upgrades", "", "")


def test_what_a_script_includes_is_the_schema_too(tmp_path: Path) -> None:
    write(tmp_path, {**UPGRADES, "db/create.sql": "\\ir tables/a.sql\n\\ir tables/b.sql\n"})
    write(tmp_path, {"db/tables/a.sql": f"{A});", "db/tables/b.sql": f"{B}, x int);"})
    assert names(discover(tmp_path)[0])[0] == "db/create.sql"


def test_numbered_files_are_upgrades_where_a_schema_holds_them_all(tmp_path: Path) -> None:
    files = {path.replace("upgrades", "postgres"): text for path, text in UPGRADES.items()}
    part = f"{A}, name text); {B}, x int); create table c (id int); create index c_id on c (id);"
    assert discover(write(tmp_path, {**files, "db/db.sql": part}))[0].path == "db/postgres"
    write(tmp_path, {"db/db.sql": part.replace("name text", "name text, late int")})
    assert names(discover(tmp_path)[0]) == ["db.sql"]


def test_a_tool_has_run_its_files_or_has_not(tmp_path: Path) -> None:
    files = {path.replace("upgrades/", "migrations/V").replace(".sql", "__x.sql"): UPGRADES[path] for path in UPGRADES}
    held = f"{A}, name text); {B}, x int); create table c (id int); create index c_id on c (id);"
    first, *_ = discover(write(tmp_path, {**files, "db/db.sql": held}))
    assert (len(first), first.assumed) == (4, "")


def test_parts_of_a_schema_in_the_order_of_the_program_that_runs_them(tmp_path: Path) -> None:
    program = 'run("drop_all.sql")\nrun("tables.sql")\nrun("keys.sql")\nrun("drop_all.sql")\n'
    write(tmp_path, {"admin/sql/keys.sql": "alter table a add primary key (id);", "admin/sql/tables.sql": f"{A});"})
    write(tmp_path, {"admin/sql/drop_all.sql": "drop table a;", "manage.py": program})
    (first,) = discover(tmp_path)
    assert (names(first), first.assumed) == (
        ["tables.sql", "keys.sql"],
        "the order in which manage.py names the parts",
    )


def test_queries_beside_the_tables_are_no_parts_of_a_schema(tmp_path: Path) -> None:
    program = "embed create_tables.sql add_user.sql find_user.sql"
    write(tmp_path, {"sql/users/add_user.sql": "insert into a values ($1);", "store.go": program})
    write(tmp_path, {"sql/users/create_tables.sql": f"{A});", "sql/users/find_user.sql": "select * from a;"})
    assert discover(tmp_path) == []


def test_ways_from_release_to_release_are_no_sequence(tmp_path: Path) -> None:
    write(tmp_path, {"sql/shop.sql": f"{A});", "sql/upgrade/1.2-1.5.sql": "create table x ();"})
    write(tmp_path, {"sql/upgrade/1.3-1.5.sql": "create table x ();"})
    assert [one.path for one in discover(tmp_path)] == ["sql"]


def test_updates_beside_the_schema_are_not_it(tmp_path: Path) -> None:
    updates = {f"db/update_shop_0.{n}_to_0.{n + 1}.sql": "alter table a add b int;" for n in range(20)}
    (first,) = discover(write(tmp_path, {**updates, "db/create_shop.sql": f"{A}, b int);"}))
    assert names(first) == ["create_shop.sql"]


@pytest.mark.parametrize(("folder", "text"), [("post-migrations", "select"), ("more-migrations", "alter table a add")])
def test_what_is_run_after_the_migrations_comes_after_them(tmp_path: Path, folder: str, text: str) -> None:
    after = {f"db/{folder}/{n}_x.up.sql": f"{text} c{n} int;" for n in range(3)}
    found = discover(write(tmp_path, {**after, "db/migrations/1_a.up.sql": f"{A});"}))
    assert [one.path for one in found] == ["db/migrations", f"db/{folder}"]
