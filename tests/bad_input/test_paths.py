"""What is named is not there, is empty, cannot be read, has a strange name or goes away."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bad_input.project import CONFIG, NOTE, TAG, Project, finish

NO_MIGRATIONS = "no migrations were found"


def test_a_project_without_files_is_undecided_and_told_the_way(tmp_path: Path) -> None:
    answer = Project(tmp_path).check()
    assert answer.code == 3
    assert NO_MIGRATIONS in answer.out
    assert "pgproof check --migrations DIR" in answer.out
    assert answer.last_line.startswith("UNDECIDED ")


def test_an_empty_directory_that_is_named_is_said_to_be_empty(project: Project) -> None:
    (project.root / "migrations").mkdir()
    answer = project.check("--migrations", "migrations")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "pgproof: migrations is empty.\n  Name the directory that holds the migrations.\n"


@pytest.mark.parametrize(
    ("named", "problem", "way_out"),
    [
        ("db/migratons", "there is no directory db/migratons", "Did you mean db/migrations?"),
        ("../elsewhere", "../elsewhere is outside the project", "Name a directory of the project"),
        ("/etc", "/etc is outside the project", "Name a directory of the project"),
        ("pgproof.toml", "pgproof.toml is a file, not a directory", "Name a directory of the project"),
        ("db", "db holds no migrations itself", "Name one of: db/migrations."),
    ],
)
def test_a_wrong_path_in_the_configuration_is_a_usage_error(
    project: Project, named: str, problem: str, way_out: str
) -> None:
    project.write("db/migrations/0001_note.sql", NOTE)
    project.write("pgproof.toml", f'{CONFIG}migrations = "{named}"\n')
    answer = project.check()
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"pgproof: {problem}")
    assert way_out in answer.err


def test_a_folder_may_have_spaces_and_letters_of_any_script(tmp_path: Path) -> None:
    project = Project(tmp_path / "mañana 'q' 日本\nзавтра %s {x}")
    project.write("pgproof.toml", CONFIG)
    project.migrations(NOTE)
    answer = project.check()
    assert answer.code == 0, answer.err
    assert answer.out.startswith("found 1 directory of migrations; using migrations (numbered, 1 file)\n")


def test_a_file_that_goes_away_while_pgproof_looks_is_named(project: Project) -> None:
    project.migrations(NOTE, TAG)
    lost = """
from pathlib import Path
from pgproof.migrations import walk
found = walk.walk
def losing(root, encoding):
    tree = found(root, encoding)
    Path("migrations/0002.sql").unlink()
    return tree
walk.walk = losing
"""
    answer = finish(project.start("check", patch=lost))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("pgproof: cannot read migrations/0002.sql: No such file or directory.\n")


def test_a_link_to_nowhere_is_named(project: Project) -> None:
    project.migrations(NOTE)
    (project.root / "migrations" / "0002.sql").symlink_to("gone.sql")
    answer = project.check()
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "pgproof: cannot read migrations/0002.sql: No such file or directory.\n"


def test_a_pipe_is_named_and_not_waited_for(project: Project) -> None:
    project.migrations(NOTE)
    os.mkfifo(project.root / "migrations" / "0002.sql")
    answer = project.check()
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "pgproof: cannot read migrations/0002.sql: it is no regular file.\n"
