"""Checksums as the tools compute them."""

from __future__ import annotations

import hashlib

import pytest

from pgproof.migrations import checksums
from pgproof.migrations.file import MigrationFile

SQL = 'CREATE TABLE "note" ("id" serial PRIMARY KEY);\r\n--> statement-breakpoint\nCREATE INDEX n ON note (id);\n-- ü\n'
RECORDED_BY_DRIZZLE = "b457238f89e811271223accf4a756dbd9b6d9b0eb7d012ec4abad682879865f3"
"""What drizzle-orm 0.45.4 wrote into its table for a file with this text."""


def file(path: str, version: str = "1") -> MigrationFile:
    return MigrationFile(path, version, "", "")


def test_drizzle_as_recorded_by_the_real_tool() -> None:
    assert RECORDED_BY_DRIZZLE in checksums.drizzle([(file("0000_a.sql"), SQL.encode())])["0000_a.sql"]


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\rb", "\ufeffa\nb", "a\nb\n"])
def test_flyway_sums_up_lines_without_their_ends(text: str) -> None:
    # CRC-32 of "ab", signed
    assert checksums.flyway([(file("V1__a.sql"), text.encode())]) == {"V1__a.sql": {"-1635563411"}}


def test_flyway_replaces_placeholders_of_repeatable_migrations_first() -> None:
    text = b"create view ${schema}.v as select 1"
    assert checksums.flyway([(file("db/R__v.sql", "R__v.sql"), text), (file("db/V1__v.sql"), text)]).keys() == {
        "db/V1__v.sql"
    }


@pytest.mark.parametrize("algorithm", [checksums.prisma, checksums.drizzle, checksums.sqlx, checksums.sqitch])
def test_line_ends_say_nothing(algorithm: object) -> None:
    assert callable(algorithm)
    unix, windows = b"select 1;\nselect 2;\n", b"select 1;\r\nselect 2;\r\n"
    answers = [algorithm([(file("a.sql"), text)])["a.sql"] for text in (unix, windows)]
    assert answers[0] & answers[1]
    assert not answers[0] & algorithm([(file("a.sql"), b"select 3;\n")])["a.sql"]


def test_prisma_knows_the_checksums_that_lost_their_zeros() -> None:
    digest = next(d for n in range(99) if "00" in (d := hashlib.sha256(b"%d" % n).hexdigest()) or d[0] == "0")
    text = next(b"%d" % n for n in range(99) if hashlib.sha256(b"%d" % n).hexdigest() == digest)
    old = "".join(f"{byte:x}" for byte in bytes.fromhex(digest))
    assert len(old) < 64
    assert {digest, old} <= checksums.prisma([(file("a.sql"), text)])["a.sql"]


def test_sqlx_writes_a_bytea() -> None:
    assert (
        "\\x" + hashlib.sha384(b"select 1").hexdigest() in checksums.sqlx([(file("1_a.sql"), b"select 1")])["1_a.sql"]
    )


def test_atlas_sums_up_all_files_so_far() -> None:
    both = checksums.atlas([(file("db/1_a.sql"), b"x"), (file("db/2_b.sql"), b"y")])
    edited = checksums.atlas([(file("db/1_a.sql"), b"z"), (file("db/2_b.sql"), b"y")])
    assert both["db/2_b.sql"] != edited["db/2_b.sql"]
    # SHA-256 of "1_a.sqlx": the name, then the content
    assert both["db/1_a.sql"] == {"Hvvl8rkzMSW09daWNwro0paiq4nK2pNEOvw2htglVbE="}
