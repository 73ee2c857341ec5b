"""Liquibase's changesets, and the checksums that the real tool recorded of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.migrations import checksums
from pgproof.migrations.changesets import changesets
from pgproof.migrations.discover import discover
from pgproof.migrations.file import MigrationFile
from pgproof.migrations.layouts import layouts

TEXT = """--liquibase formatted sql

--changeset ann:f splitStatements:false stripComments:false
--comment hello
create function f() returns int language plpgsql as $$
begin
  -- inside
  return 1;
end $$;

--changeset ann:g endDelimiter:GO
-- a remark é
create table g (i int)
GO
   \n\tcreate   table g2 (i int)
GO

--changeset ann:h dbms:oracle
select 1 from dual;
--changeset "b o b":"h h" runAlways:true context:prod
create table if not exists h (i int);
/* liquibase rollback
 drop table h;
*/
--changeset ann:q
--validCheckSum: any
create table q (i int);
--changeset ann:i
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 select count(*) from pg_tables where tablename = 'audit'
--ignoreLines:1
this is nonsense;
create table audit (id bigint primary key, what text);
--ignoreLines:start
nonsense
--ignoreLines:end
create index audit_what on audit (what);
--rollback drop table audit;
"""
RECORDED = {
    "f": {"9:12ede2b51ccbcbea3be2f7bf227b161d", "8:06b08a4ab28218372d03b27a45db98eb"},
    "g": {"9:122b9ddaa5b688b37011f4ebf2eb49bd", "8:570d69052a2f521baebe862870e919c8"},
    "h h": {"9:6307c7c525dd4bf6e4a6acca10b1cb86"},
    "i": {"9:f6a1745ecc370e1bd39532032b7ba591"},
}
"""What Liquibase 4.28.0 (9) and 4.4.0 (8) wrote for these changesets."""


def read(root: Path, text: str) -> tuple[MigrationFile, ...]:
    (root / "db").mkdir()
    (root / "db/all.sql").write_bytes(text.encode())
    return discover(root)[0].files


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_checksums_are_those_of_the_real_tool(end: str, tmp_path: Path) -> None:
    text = TEXT.replace("\n", end)
    files = read(tmp_path, text)
    found = checksums.liquibase([(file, text.encode()) for file in files])
    told = {path.split("::")[1]: sums for path, sums in found.items()}
    assert told.keys() == RECORDED.keys()  # that of q may be any other, too
    assert all(recorded <= told[which] for which, recorded in RECORDED.items())


def test_the_only_changeset_of_a_file_has_its_name(tmp_path: Path) -> None:
    text = "--liquibase formatted sql\n--changeset ann:1 runOnChange:true\nselect 1;\n"
    (file,) = read(tmp_path, text)
    assert (file.path, file.version, file.repeatable, file.conditional) == ("db/all.sql", "all.sql", True, False)
    assert checksums.liquibase([(file, text.encode())]).keys() == {"db/all.sql"}


def test_a_property_may_stand_for_anything() -> None:
    (one,) = changesets("--changeset ann:1\ncreate table ${name} (i int);\n")
    file = MigrationFile("a.sql", "a.sql", "", "")
    assert checksums.liquibase([(file, b"--changeset ann:1\ncreate table ${name} (i int);\n")]) == {}
    assert one.attributes == {}


def test_each_changeset_is_a_migration_at_its_place(tmp_path: Path) -> None:
    files = read(tmp_path, TEXT)
    assert [(file.path.removeprefix("db/all.sql::"), file.place.path, file.place.line) for file in files] == [
        ("f::ann", "db/all.sql", 3),
        ("g::ann", "db/all.sql", 11),
        ("h h::b o b", "db/all.sql", 21),
        ("q::ann", "db/all.sql", 26),
        ("i::ann", "db/all.sql", 29),
    ]
    assert all(not "".join(file.text.split("\n")[1 : file.line - 1]).strip() for file in files)
    assert all(file.text.split("\n")[file.line - 1].startswith("--changeset") for file in files)
    assert [file.name for file in files if file.conditional] == ["h h", "i"]
    assert [file.name for file in files if file.repeatable] == ["h h"]


def test_a_changeset_may_name_another_file(tmp_path: Path) -> None:
    files = read(
        tmp_path,
        "--liquibase formatted sql logicalFilePath:my/logical.sql\n--changeset ann:p\nselect 1;\n"
        "--changeset ann:r logicalFilePath:other.sql\nselect 2;\n",
    )
    history = layouts()["liquibase"].history
    assert history is not None
    assert ["my/logical.sql::p::ann" in history.spellings(files[0]), "other.sql::r::ann" in history.spellings(files[1])]
    assert not any("all.sql" in spelling for file in files for spelling in history.spellings(file))
