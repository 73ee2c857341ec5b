"""Which directory is used, and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Result, Verdict
from pgproof.project.config import Config
from pgproof.workflows.check import check

NOTE = "create table note (id int primary key);"


def run(root: Path, files: dict[str, str], select: str = "MIG") -> Result:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return check(Settings(root, Config(server=18)), select=(select,))


def test_the_first_line_names_all_directories_and_the_one_that_is_used(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        {
            "supabase/migrations/20240101000000_note.sql": NOTE,
            "db/migrations/0001_tag.sql": "create table tag (id int primary key);",
            "db/migrations/rollback/0001_tag.sql": "drop table tag;",
        },
    )
    assert result.introduction[0] == (
        "found 2 directories of migrations; using supabase/migrations (supabase, 1 file); "
        "others: db/migrations (numbered, 1)"
    )


def test_what_lies_beside_the_migrations_is_named_for_what_it_is(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        {
            "migrations/0001_note.sql": NOTE,
            "migrations/0001_note_rollback.sql": "drop table note;",
            "migrations/seed.sql": "insert into note values (1);",
            "migrations/notes.sql": "select 1;",
        },
    )
    assert "rollback script (1)" in result.introduction[1]
    assert "seed (1)" in result.introduction[1]
    assert "loose SQL (1)" in result.introduction[1]


def test_migrations_for_another_system_are_not_replayed(tmp_path: Path) -> None:
    mysql = "CREATE TABLE `note` (`id` int NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;"
    result = run(tmp_path, {"migrations/0001_note.sql": mysql, "migrations/0002_tag.sql": mysql.replace("note", "tag")})
    assert result.verdict is Verdict.UNDECIDED
    assert "MySQL" in result.reason


def test_folders_that_differ_in_one_name_are_of_several_databases(tmp_path: Path) -> None:
    files = {f"hasura/migrations/{name}/{n}_x/up.sql": NOTE for name in ("default", "other") for n in range(1)}
    files |= {"hasura/migrations/default/1_y/up.sql": "create table tag (id int primary key);"}
    files |= {"hasura/parts/migrations/default/0_x/up.sql": NOTE}
    assert run(tmp_path, files).findings == ()


def test_a_declarative_schema_is_no_second_owner(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        {"supabase/migrations/20240101000000_note.sql": NOTE, "supabase/schemas/01_note.sql": NOTE},
    )
    assert result.findings == ()


def test_two_packages_may_each_have_a_table_of_one_name(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        {
            "apps/shop/package.json": "{}",
            "apps/shop/migrations/0001_note.sql": NOTE,
            "apps/blog/package.json": "{}",
            "apps/blog/migrations/0001_note.sql": NOTE,
        },
    )
    assert result.findings == ()


def test_a_numbered_schema_is_no_second_owner(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        {"db/migrations/0001_note.sql": NOTE, "sql/schema/v0.sql": NOTE, "sql/schema/v1.sql": "create table tag ();"},
    )
    assert result.findings == ()


def test_the_steps_of_a_text_are_no_migrations(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "presentations" / "partitions"
    folder.mkdir(parents=True)
    (folder / "1_before.sql").write_text("create table note (id int primary key);")
    (folder / "2_after.sql").write_text("create table note (id int) partition by range (id);")
    assert check(Settings(tmp_path, Config(server=18)), select=("MIG103",)).verdict is Verdict.UNDECIDED


def test_examples_are_no_second_owners_of_each_other(tmp_path: Path) -> None:
    result = run(tmp_path, {f"examples/{name}/migrations/0001_note.sql": NOTE for name in ("a", "b")})
    assert result.findings == ()


def test_migrations_in_code_are_a_gap_and_the_others_are_replayed(tmp_path: Path) -> None:
    files = {f"migrations/0000{n}_note.sql": f"-- +goose Up\ncreate table note_{n} (id int);" for n in range(1, 5)}
    code = {"migrations/00009_data.go": "package migrations"}
    result = run(tmp_path, files | code)
    assert result.verdict is Verdict.GO
    (gap,) = (gap for gap in result.gaps if "Go" in gap.reason)
    assert gap.reason == "1 migration: written in Go, which is not replayed"
    assert "[replay] command" in gap.way_out


def test_what_only_code_can_have_made_is_a_base_that_is_missing(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        {
            "migrations/00001_note.sql": f"-- +goose Up\n{NOTE}",
            "migrations/00002_data.go": "package migrations",
            "migrations/00003_index.sql": "-- +goose Up\ncreate index on made_in_go (id);",
        },
    )
    assert result.verdict is Verdict.UNDECIDED
    assert "1 table that none of them makes in SQL (made_in_go)" in result.reason


def test_migrations_that_are_programs_are_named_with_the_command_that_runs_them(tmp_path: Path) -> None:
    result = run(tmp_path, {"alembic/versions/1a2b_users.py": "down_revision = None"})
    assert result.verdict is Verdict.UNDECIDED
    assert "Alembic's in alembic/versions (1 file) are programs" in result.reason
    (gap,) = (gap for gap in result.gaps if gap.blocking)
    assert '[replay] command = "alembic upgrade head"' in gap.way_out


def test_what_a_program_between_the_migrations_may_have_made_is_unknown_to_functions(tmp_path: Path) -> None:
    body = "create function f() returns int language plpgsql as $$ begin return (select count(*) from zones); end $$;"
    files = {"initdb/01.sql": f"{NOTE} {body}", "initdb/03.sql": "create table tag (id int);"}
    assert [one.code for one in run(tmp_path, files, "FUN").findings] == ["FUN102"]
    assert not run(tmp_path, {"initdb/02.sh": "load zones"}, "FUN").findings
