"""Files that a script reads: those of the project, and no others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pgproof.model import Location
from pgproof.sql.script import Broken, Copy, Refused, Sql, Step, read_script


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a folder that has a neighbour."""
    root = tmp_path / "project"
    (root / "db" / "parts").mkdir(parents=True)
    (tmp_path / "secret.sql").write_text("select 'secret';")
    return root


def read(root: Path, text: str, path: str = "db/main.sql") -> list[Step]:
    (root / path).write_text(text)
    return read_script(text, path, root)


def test_an_included_file_stands_where_it_is_included(project: Path) -> None:
    (project / "db/parts/a.sql").write_text("select 1;\n\\ir b.sql;\nselect 3")
    (project / "db/parts/b.sql").write_text("\n  select 2;")
    found = read(project, "select 0;\n\\i parts/a.sql\nselect 4;")
    assert [step.statement.text for step in found if isinstance(step, Sql)] == [f"select {n}" for n in range(5)]
    assert [str(step.location) for step in found] == [
        "db/main.sql:1:1",
        "db/parts/a.sql:1:1",
        "db/parts/b.sql:2:3",
        "db/parts/a.sql:3:1",
        "db/main.sql:3:1",
    ]


def test_a_file_is_looked_for_from_the_script_upwards(project: Path) -> None:
    (project / "schema.sql").write_text("select 'root';")
    (found,) = read(project, "\\include schema.sql\n")
    assert found.location.path == "schema.sql"
    (project / "db/schema.sql").write_text("select 'near';")
    (found,) = read(project, "\\include schema.sql\n")
    assert found.location.path == "db/schema.sql"


def test_variables_reach_into_an_included_file_and_back(project: Path) -> None:
    (project / "db/b.sql").write_text("select :x;\n\\set y 2\n")
    found = read(project, "\\set x 1\n\\ir b.sql\nselect :y;")
    assert [step.statement.text for step in found if isinstance(step, Sql)] == ["select 1", "select 2"]


@pytest.mark.parametrize("target", ["../../secret.sql", "parts/../../../secret.sql", "link.sql", "folder/secret.sql"])
def test_nothing_outside_of_the_project_is_read(project: Path, target: str) -> None:
    (project / "db/link.sql").symlink_to(project.parent / "secret.sql")
    (project / "db/folder").symlink_to(project.parent)
    for command in ("\\i", "\\ir", "\\copy t from"):
        (step,) = read(project, f"{command} {target}\n")
        assert isinstance(step, Refused), step
        assert step.reason == f"{target} is outside the project"


def test_a_link_inside_the_project_is_followed(project: Path) -> None:
    (project / "db/real.sql").write_text("select 1;")
    (project / "db/link.sql").symlink_to("real.sql")
    (step,) = read(project, "\\ir link.sql")
    assert step.location == Location("db/real.sql", 1, 1)


def test_a_missing_file_a_folder_and_a_loop_of_links_are_said(project: Path) -> None:
    (project / "db/loop.sql").symlink_to("loop.sql")
    for target in ("gone.sql", "parts", "loop.sql"):
        (step,) = read(project, f"\\ir {target}")
        assert isinstance(step, Broken)
        assert step.error.message == f"there is no file {target}"


def test_a_pipe_in_the_project_does_not_hang(project: Path) -> None:
    os.mkfifo(project / "db/pipe.sql")
    (step,) = read(project, "\\ir pipe.sql")
    assert isinstance(step, Broken)


def test_files_that_include_each_other_are_refused(project: Path) -> None:
    (project / "db/b.sql").write_text("select 1;\n\\ir main.sql\n")
    found = read(project, "\\ir b.sql\nselect 2;")
    assert [type(step) for step in found] == [Sql, Refused, Sql]
    (step,) = read(project, "\\ir main.sql")
    assert isinstance(step, Refused)
    assert step.reason == "db/main.sql includes itself"


def test_includes_that_double_at_each_level_end(project: Path) -> None:
    for level in range(30):
        (project / f"db/{level}.sql").write_text(f"\\ir {level + 1}.sql\n" * 2)
    (project / "db/30.sql").write_text("select 1;")
    found = read(project, "\\ir 0.sql")
    assert any(isinstance(step, Refused) and "1000 files" in step.reason for step in found)
    assert len(found) < 2_000


def test_an_included_file_that_is_no_text_is_said(project: Path) -> None:
    (project / "db/b.sql").write_bytes(b"select 1;\n\xe9")
    (step,) = read(project, "\\ir b.sql")
    assert isinstance(step, Broken)
    assert step.error.message == "cannot read db/b.sql: byte 0xE9 at line 2 is not UTF-8"


def test_copy_reads_a_file_of_the_project(project: Path) -> None:
    (project / "db/parts/rows.csv").write_text("1;x\n2;'\n")
    (step,) = read(project, "\\copy a.\"b c\" (d, e) from 'parts/rows.csv' with (format csv, delimiter ';')\n")
    assert isinstance(step, Copy)
    assert step.statement.text == "COPY a.\"b c\" (d, e) FROM STDIN with (format csv, delimiter ';')"
    assert (step.data, step.data_at) == ("1;x\n2;'\n", Location("db/parts/rows.csv", 1, 1))
    assert step.location == Location("db/main.sql", 1, 1)


def test_copy_from_stdin_reads_the_script(project: Path) -> None:
    found = read(project, "\\copy t from stdin csv;\n1\n\\.\nselect 1;")
    assert isinstance(found[0], Copy)
    assert (found[0].statement.text, found[0].data) == ("COPY t FROM STDIN csv", "1\n")
    assert isinstance(found[1], Sql)
