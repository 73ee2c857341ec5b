"""Which directories are found, and which one is used."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pgproof.migrations.discover import discover, read_directory
from pgproof.model.errors import UsageError
from tests.migrations.repository import debris, versions, write


def git(root: Path, *arguments: str) -> None:
    """Run git without the configuration of this machine."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "-C", root, *arguments], check=True, capture_output=True, env=environment)


def found(root: Path) -> list[str]:
    """Return the paths that are found, best first."""
    return [directory.path for directory in discover(root)]


def test_an_empty_repository_has_none(tmp_path: Path) -> None:
    assert discover(tmp_path) == []
    write(tmp_path, ["queries/report.sql", "supabase/seed.sql"])
    assert discover(tmp_path) == []


def test_all_are_found_and_the_one_that_a_person_would_pick_is_first(tmp_path: Path) -> None:
    write(tmp_path, [f"examples/app/supabase/migrations/{n}_x.sql" for n in range(9)])
    write(tmp_path, [f"sql/{n}_x.sql" for n in range(8)])
    write(tmp_path, [f"packages/db/migrations/{n}_x.sql" for n in range(5)])
    write(tmp_path, [f"tools/migrations/{n}_x.sql" for n in range(3)])
    write(tmp_path, [f"db/mysql/migrations/{n}_x.sql" for n in range(7)])
    write(tmp_path, ["schema.sql"])
    assert found(tmp_path) == [
        "packages/db/migrations",
        "tools/migrations",
        "sql",
        "examples/app/supabase/migrations",
        "db/mysql/migrations",
    ]
    write(tmp_path, ["supabase/migrations/1_x.sql"])
    assert found(tmp_path)[0] == "supabase/migrations"


def test_what_supabases_compose_file_mounts_is_no_schema_of_the_project(tmp_path: Path) -> None:
    volumes = tmp_path / "docker/volumes/db"
    volumes.mkdir(parents=True)
    (volumes / "schema.sql").write_text("create table hooks (id int);\n" * 9, "utf-8")
    (tmp_path / "tables.sql").write_text("create table note (id int);\ncreate table deal (id int);\n", "utf-8")
    assert discover(tmp_path)[0].path == "."


def test_directories_of_other_systems_come_last_and_say_so(tmp_path: Path) -> None:
    for system, text in (("mysql", "create table `t` (id int auto_increment);"), ("postgres", "create table t ();")):
        write(tmp_path, {f"store/migrations/{system}/{n}_x.sql": text for n in range(3)})
    write(tmp_path, {"migrations/1_x.sql": "create table t (id integer primary key autoincrement);"})
    shown = [(directory.path, directory.dialect) for directory in discover(tmp_path)]
    assert shown == [
        ("store/migrations/postgres", ""),
        ("store/migrations/mysql", "MySQL"),
        ("migrations", "SQLite"),
    ]


def test_systems_that_speak_postgresqls_language_are_known_by_their_folders(tmp_path: Path) -> None:
    text = "create table a (b jsonb);"
    write(tmp_path, {f"database/{system}/migrations/1_a.up.sql": text for system in ("cockroachdb", "pgx", "redshift")})
    assert [(d.path, d.dialect) for d in discover(tmp_path)] == [
        ("database/pgx/migrations", ""),
        ("database/cockroachdb/migrations", "CockroachDB"),
        ("database/redshift/migrations", "Redshift"),
    ]


def test_a_folder_of_reversals_is_none_of_migrations(tmp_path: Path) -> None:
    files = ("m2024_a", "m2025_b")
    write(tmp_path, [f"src/migrations_up/{name}_up.sql" for name in files])
    write(tmp_path, [f"src/migrations_down/{name}_down.sql" for name in files])
    write(tmp_path, [f"db/migrations/{way}/{name}.sql" for way in ("down", "up") for name in ("001_a", "002_b")])
    found = [directory.path for directory in discover(tmp_path)]
    assert found == ["src/migrations_up", "db/migrations/up", "db/migrations/down"]


def test_one_strange_file_does_not_make_a_directory_strange(tmp_path: Path) -> None:
    write(tmp_path, {f"migrations/{n}_x.sql": "create table t (a jsonb);" for n in range(4)})
    write(tmp_path, {"migrations/5_x.sql": "create table t (id int auto_increment);"})
    assert discover(tmp_path)[0].dialect == ""


@pytest.mark.parametrize(
    "paths",
    [
        ["queries/1_report.sql", "queries/2_other.sql"],
        ["leetcode/175.sql"],
        ["supabase/schemas/01_a.sql", "supabase/schemas/02_b.sql"],
    ],
)
def test_numbered_queries_are_no_migrations(tmp_path: Path, paths: list[str]) -> None:
    write(tmp_path, {path: "select * from t;" if "schemas" not in path else "create table t ();" for path in paths})
    assert discover(tmp_path) == []


def test_pgtap_tests_are_no_migrations(tmp_path: Path) -> None:
    write(tmp_path, {f"supabase/tests/{n}_x.sql": "begin;\ncreate extension pgtap;\nselect plan(1);" for n in range(3)})
    assert discover(tmp_path) == []


def test_folders_beside_migrations_are_debris_not_directories(tmp_path: Path) -> None:
    write(tmp_path, ["migrations/1_a.sql", "migrations/2_b.sql"])
    for folder in ("rollback", "seeds", "archive", "tests"):
        write(tmp_path, [f"migrations/{folder}/1_a.sql", f"migrations/{folder}/2_b.sql"])
    (directory,) = discover(tmp_path)
    assert debris(directory) == {
        "archive": "set aside (2 files)",
        "rollback": "rollback scripts (2 files)",
        "seeds": "seeds (2 files)",
        "tests": "tests (2 files)",
    }


def test_a_directory_inside_of_another_is_no_debris(tmp_path: Path) -> None:
    write(tmp_path, ["migrations/1_a.sql", "migrations/tenant/1_a.sql", "migrations/tenant/2_b.sql"])
    assert {directory.path: directory.debris for directory in discover(tmp_path)} == {
        "migrations": (),
        "migrations/tenant": (),
    }


def test_git_says_what_is_ignored(tmp_path: Path) -> None:
    write(tmp_path, ["migrations/1_a.sql", "migrations/2_ignored.sql", "copy/migrations/1_a.sql"])
    write(tmp_path, {".gitignore": "copy/\n2_ignored.sql\n"})
    git(tmp_path, "init", "-q")
    (directory,) = discover(tmp_path)
    assert (directory.path, versions(directory)) == ("migrations", ["1"])
    git(tmp_path, "add", "-A")
    write(tmp_path, ["migrations/3_new.sql"])
    (tmp_path / "migrations/1_a.sql").unlink()
    assert versions(discover(tmp_path)[0]) == ["3"]
    assert versions(read_directory(tmp_path, "migrations")) == ["2", "3"]


def test_a_folder_of_a_work_tree_is_a_project_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, ["migrations/1_a.sql", "app/migrations/1_b.sql"])
    git(tmp_path, "init", "-q")
    assert found(tmp_path / "app") == ["migrations"]


def test_git_runs_nothing_that_the_repository_says(tmp_path: Path) -> None:
    write(tmp_path, ["migrations/1_a.sql"])
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "core.fsmonitor", f"touch {tmp_path}/ran; false")
    assert found(tmp_path) == ["migrations"]
    assert not (tmp_path / "ran").exists()


def test_what_tools_fill_is_left_out_without_git(tmp_path: Path) -> None:
    for folder in ("node_modules/x", ".venv/lib", "vendor/y", "target", "dist", "build", "__pycache__"):
        write(tmp_path, [f"{folder}/migrations/1_a.sql"])
    assert discover(tmp_path) == []


def test_links_neither_loop_nor_lead_out(tmp_path: Path) -> None:
    root = write(tmp_path / "project", ["migrations/1_a.sql"])
    write(tmp_path, ["secret.sql"])
    (root / "migrations/again").symlink_to(root)
    (root / "other").symlink_to(root / "migrations")
    (root / "migrations/2_b.sql").symlink_to(tmp_path / "secret.sql")
    (root / "migrations/3_c.sql").symlink_to("3_c.sql")
    os.mkfifo(root / "migrations/4_d.sql")
    (directory,) = discover(root)
    assert versions(directory) == ["1", "2", "3", "4"]
    assert [file.text for file in directory.files[1:]] == ["", "", ""]
    assert directory.files[1].problem == "it is a symbolic link out of the project"
    assert directory.files[3].problem == "it is no regular file"
    assert all(file.problem for file in directory.files[1:])


def test_a_folder_may_be_named_like_a_file(tmp_path: Path) -> None:
    write(tmp_path, ["migrations/1_a.sql", "migrations/2_b.sql/x.txt"])
    assert versions(discover(tmp_path)[0]) == ["1"]


def test_names_in_any_script_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    write(tmp_path, ["миграции/migrations/1_таблица.sql"])
    folder = tmp_path / os.fsdecode(b"\xfe/migrations")
    folder.mkdir(parents=True)
    (folder / os.fsdecode(b"1_\xff.sql")).write_text("create table t ();")
    first, second = discover(tmp_path)
    assert (first.path, first.files[0].path) == ("\\xfe/migrations", "\\xfe/migrations/1_\\xff.sql")
    assert first.files[0].text == "create table t ();"
    assert second.path == "миграции/migrations"


def test_very_many_files_are_walked(tmp_path: Path) -> None:
    for folder in range(300):
        (tmp_path / f"src/{folder}").mkdir(parents=True)
        for file in range(20):
            (tmp_path / f"src/{folder}/{file}.ts").touch()
    write(tmp_path, ["deep/" * 40 + "migrations/1_a.sql"])
    assert found(tmp_path) == ["deep/" * 40 + "migrations"]


@pytest.mark.parametrize(
    ("path", "problem", "way_out"),
    [
        ("gone", "there is no directory gone", "migrations ="),
        ("db/migration", "there is no directory db/migration", "Did you mean db/migrations?"),
        ("db/migrations/1_a.sql", "db/migrations/1_a.sql is a file, not a directory", "relative to it"),
        ("../outside", "../outside is outside the project", "Name a directory"),
        ("/etc", "/etc is outside the project", "Name a directory"),
        ("out", "out is outside the project", "Name a directory"),
        ("empty", "empty is empty", "that holds the migrations"),
        ("loose", "no order is known for the 2 SQL files of loose", "0001_users.sql"),
        ("db", "db holds no migrations itself", "db/migrations"),
        ("texts", "there are no migrations of the layout numbered in texts", "Name another"),
    ],
)
def test_a_wrong_directory_is_said_with_the_way_out(tmp_path: Path, path: str, problem: str, way_out: str) -> None:
    root = write(tmp_path / "project", ["db/migrations/1_a.sql", "loose/a.sql", "loose/b.sql", "texts/README.md"])
    (root / "empty").mkdir()
    (tmp_path / "outside").mkdir()
    (root / "out").symlink_to(tmp_path / "outside")
    with pytest.raises(UsageError) as raised:
        read_directory(root, path)
    assert raised.value.problem.startswith(problem)
    assert way_out in raised.value.way_out


def test_a_directory_that_was_named_is_read_even_when_nothing_speaks_for_it(tmp_path: Path) -> None:
    write(tmp_path, {"x/1.sql": "select 1;", "x/2.sql": "select 2;", "x/notes.sql": "", ".gitignore": "x\n"})
    git(tmp_path, "init", "-q")
    for path in ("x", "x/", "./x", str(tmp_path / "x")):
        directory = read_directory(tmp_path, path)
        assert (directory.path, directory.layout, versions(directory)) == ("x", "numbered", ["1", "2"])


def test_a_layout_that_was_named_is_used(tmp_path: Path) -> None:
    write(tmp_path, ["x/10_b.sql", "x/9_a.sql"])
    assert versions(read_directory(tmp_path, "x")) == ["9", "10"]
    assert versions(read_directory(tmp_path, "x", "supabase")) == ["10", "9"]
    with pytest.raises(UsageError, match="no migrations of the layout prisma"):
        read_directory(tmp_path, "x", "prisma")
    with pytest.raises(UsageError, match='no layout "nonsense"'):
        read_directory(tmp_path, "x", "nonsense")


def test_the_project_itself_may_be_the_directory(tmp_path: Path) -> None:
    write(tmp_path, ["1_a.sql", "2_b.sql"])
    (directory,) = discover(tmp_path)
    assert (directory.path, [file.path for file in directory.files]) == (".", ["1_a.sql", "2_b.sql"])
    assert read_directory(tmp_path, ".") == directory
