"""A base that is no dump, is broken, or does not fit."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from tests.bad_input.project import NOTE, SECRET, TAG, Project
from tests.conftest import LiveDatabase

USES_BASE = "alter table customer add column email text;\n"
CUSTOMER = "create table customer (id int primary key);\n"


def test_what_a_dump_cannot_make_blocks_the_verdict_and_has_its_line(project: Project) -> None:
    project.write("base.sql", CUSTOMER + "create table broken (id nonsense);\nalter table customer owner to nobody;\n")
    answer = project.migrations(USES_BASE).check("--base", "base.sql")
    assert answer.code == 3
    assert f'blocking the base {project.root}/base.sql: type "nonsense" does not exist (line 2)' in answer.out
    assert "Without them, migrations that build on them fail." in answer.out
    assert answer.last_line.startswith("UNDECIDED ")
    assert "no findings" in answer.last_line


def test_a_dump_in_the_custom_format_is_a_usage_error_with_the_command_that_helps(project: Project) -> None:
    project.write("base.dump", b"PGDMP\x01\x0e\x00\x04\x08\x01\x01\x01")
    answer = project.migrations(USES_BASE).check("--base", "base.dump")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        f"pgproof: the base {project.root}/base.dump is a dump in the custom format.\n"
        f"  Make a plain one of it: pg_restore --schema-only -f base.sql {project.root}/base.dump\n"
    )


def tar() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("toc.dat"), io.BytesIO(b""))
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (gzip.compress(CUSTOMER.encode(), mtime=0), "is compressed"),
        (tar(), "is a dump in the tar format"),
        (CUSTOMER.encode("utf-16"), "it begins with the byte order mark of UTF-16-LE"),
        (b"\x7fELF\x02\x01\x01\x00", "it has a NUL character at line 1"),
        (b"-- caf\xe9", "byte 0xE9 at line 1 is not UTF-8"),
        (b"{", "is no usable snapshot"),
        (b'{"format": "something else"}', "is no usable snapshot"),
    ],
    ids=["gzip", "tar", "utf-16", "program", "latin1", "broken JSON", "other JSON"],
)
def test_what_is_no_base_is_a_usage_error(project: Project, content: bytes, problem: str) -> None:
    project.write("base", content)
    answer = project.migrations(USES_BASE).check("--base", "base")
    assert (answer.code, answer.out) == (2, "")
    assert f"{project.root}/base" in answer.err.splitlines()[0]
    assert problem in answer.err
    assert len(answer.err.splitlines()) > 1


def test_a_folder_is_no_base(project: Project) -> None:
    answer = project.migrations(USES_BASE).check("--base", "migrations")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("pgproof: the base migrations is no file.\n  Name a dump ")


def test_an_empty_dump_is_no_base_and_the_missing_one_is_said(project: Project) -> None:
    project.write("base.sql", "")
    answer = project.migrations(USES_BASE).check("--base", "base.sql")
    assert answer.code == 3
    assert "blocking migrations/0001.sql:1:1: the migrations build on 1 table that none of them makes (customer)" in (
        answer.out
    )


def test_a_base_that_cannot_be_reached_is_4(project: Project) -> None:
    answer = project.migrations(USES_BASE).check("--base", f"postgresql://app:{SECRET}@127.0.0.1:1/shop")
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("pgproof: cannot connect to app@127.0.0.1:1/shop: no server listens there")


def test_a_snapshot_is_a_base(project: Project, live: LiveDatabase) -> None:
    live.execute(CUSTOMER)
    taken = project.root.parent / "base.json"
    assert project.run("snapshot", "--live", live.url, "--output", str(taken)).code == 0
    answer = project.migrations(USES_BASE, TAG).check("--base", str(taken))
    assert answer.code == 0, answer.out
    assert "2 of 2 statements replayed" in answer.out


def test_a_base_that_holds_what_the_migrations_make_is_said_by_them(project: Project) -> None:
    project.write("base.sql", NOTE)
    answer = project.migrations(NOTE).check("--base", "base.sql")
    assert answer.code == 1
    assert 'relation "note" already exists (42P07)' in answer.out
