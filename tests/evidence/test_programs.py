"""What a program makes itself is no defect of the migrations, and of their functions, that need it."""

from __future__ import annotations

from pathlib import Path

from pgproof.evidence.settings import Settings
from pgproof.project.config import Config
from pgproof.workflows.check import check

MIGRATION = """
create table note (id bigint primary key default next_id(), body text);
create table page (id bigint primary key default last_id(), body text);
create function sort_out() returns bigint language plpgsql as $$ begin return (select count(*) from batch); end $$;
create function throw_out() returns bigint language plpgsql as $$ begin return (select count(*) from heap); end $$;
"""
PROGRAM = """package notes

const setup = `CREATE OR REPLACE FUNCTION next_id() RETURNS bigint AS $$ SELECT 1 $$ LANGUAGE sql`
const begin = "CREATE TEMP TABLE batch (id bigint) ON COMMIT DROP"
"""


def test_what_a_program_makes_before_or_for_its_session_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_notes.sql").write_text(MIGRATION)
    (tmp_path / "notes.go").write_text(PROGRAM)
    (tmp_path / "notes_test.go").write_text(PROGRAM.replace("next_id", "last_id").replace("batch", "heap"))
    result = check(Settings(tmp_path, Config(server=18)), select=("MIG103", "FUN102"))
    assert sorted((one.code, one.message) for one in result.findings) == [
        ("FUN102", 'relation "heap" does not exist (42P01)'),
        ("MIG103", "function last_id() does not exist (42883)"),
    ]
    assert any("next_id itself, at notes.go:3" in gap.reason for gap in result.gaps)
