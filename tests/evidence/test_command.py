"""A project whose migrations are no SQL: replayed by its own command, when the configuration names one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Verdict
from pgproof.project.config import read_config
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase

TOOL = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    connection.execute({sql!r})
"""
SQL = "create table note (id int primary key, state varchar(9) check (state in ('draft', 'sent')))"


@pytest.fixture
def major() -> int:
    return 18


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    (tmp_path / "pgproof.toml").write_text('server = 18\n[replay]\ncommand = "python tool.py"\n', "utf-8")
    (tmp_path / "tool.py").write_text(TOOL.format(sql=SQL), "utf-8")
    return tmp_path


def test_its_result_is_compared_with_the_live_database(root: Path, live: LiveDatabase) -> None:
    live.execute(f"{SQL}; create index note_state on note (state)")
    result = check(Settings(root, read_config(root), live.url))
    assert [(f.code, f.subject) for f in result.findings] == [("DRF102", "public.note_state")]
    assert result.introduction[0].endswith("python tool.py")


def test_another_spelling_of_an_expression_is_no_difference(root: Path, live: LiveDatabase) -> None:
    restored = "((state)::text = ANY ((ARRAY['draft'::character varying, 'sent'::character varying])::text[]))"
    live.execute(
        f"create table note (id int primary key, state varchar(9) constraint note_state_check check ({restored}))"
    )
    assert check(Settings(root, read_config(root), live.url)).findings == ()


def test_what_may_be_pending_is_no_difference(root: Path, live: LiveDatabase) -> None:
    records = "create table alembic_version (version_num varchar(32) primary key); insert into alembic_version values "
    (root / "tool.py").write_text(TOOL.format(sql=f"{SQL}; {records} ('0002')"), "utf-8")
    live.execute(f"create table note (id int primary key); create table hand (id int); {records} ('0001')")
    settings = Settings(root, read_config(root), live.url)
    result = check(settings)
    assert [(f.code, f.subject) for f in result.findings] == [("DRF102", "public.hand")]
    assert result.verdict is Verdict.UNDECIDED
    assert "public.alembic_version says 0001 in the live database, after the command 0002" in result.reason
    live.execute("update alembic_version set version_num = '0002'")
    finding, *others = check(settings).findings
    assert (finding.code, others[-1].code) == ("DRF101", "DRF102")
    assert (
        finding.seen[0] == "unclear: the project's own command makes it so; which of its migrations, it does not tell"
    )


def test_of_a_command_that_did_not_come_nothing_is_compared(root: Path, live: LiveDatabase) -> None:
    (root / "tool.py").write_text("print('up to date')", "utf-8")
    live.execute(SQL)
    result = check(Settings(root, read_config(root), live.url))
    assert (result.verdict, result.findings) == (Verdict.UNDECIDED, ())
    assert "python tool.py" in result.reason
