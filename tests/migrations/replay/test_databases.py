r"""Scripts that connect to several databases: one of them is the project's, and what is for the others is not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.migrations.replay.databases import in_database, main_database
from pgproof.sql.script import read_script
from pgproof.sql.step import Broken, Refused

OTHERS = "it is for another database, "


@pytest.mark.parametrize(
    ("script", "main", "refused"),
    [
        ("create database x;\n\\c x\ncreate table a ();", "x", []),
        ("create table a ();\n\\c x\ncreate table b ();\n\\c - joe\ncreate table a ();", "", ["x", "x"]),
        ("create role r;\n\\c a\ncreate table a ();\n\\c b\ncreate table b (); create view v as select;", "b", ["a"]),
        ("\\connect -reuse-previous=on \"dbname='x'\"\ncreate table a ();", "x", []),
        ("\\c :db\ncreate table a ();\n\\c postgres\nalter table a add b int;", ":db", ["postgres"]),
        ("\\c x\ncreate table a (;\n\\c y\ncreate table b (); create table c ();", "y", ["x"]),
        ("\\copy a from 'x'\ncreate table a ();", "", []),
    ],
)  # fmt: skip
def test_what_is_for_another_database_is_not_run(tmp_path: Path, script: str, main: str, refused: list[str]) -> None:
    assert main_database([script]) == main
    steps = in_database(read_script(script, "m.sql", tmp_path), main)
    assert [one.reason for one in steps if isinstance(one, Refused) and "\\" not in one.text] == [
        OTHERS + name for name in refused
    ]


def test_scripts_beside_each_other_are_about_the_one_that_most_is_made_in() -> None:
    other = "\\c other\ncreate table c ();"
    assert (
        main_database(["create role r;", "\\c app\ncreate table a ();", other, "\\c app\ncreate table b ();"]) == "app"
    )
    assert main_database(["create table a ();", other, other]) == ""


def test_a_way_to_the_only_database_is_nothing_to_tell_of(tmp_path: Path) -> None:
    steps = in_database(read_script("create database x;\n\\c x\ncreate table a ();", "m.sql", tmp_path), "x")
    assert not any(isinstance(step, Refused | Broken) for step in steps)
