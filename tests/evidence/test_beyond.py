"""What the live database holds and no kind reads is named under what was not verified."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Verdict
from pgproof.project.config import Config
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase

NOTE = "create table note (id int primary key);"
ODD = """
create schema auth; create language other handler plpgsql_call_handler; select lo_create(77);
create type auth.hull; create type hull;
"""


@pytest.mark.parametrize("major", [18])
def test_it_is_named_and_blocks_nothing(live: LiveDatabase, tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations/0001_note.sql").write_text(NOTE)
    live.execute(NOTE + ODD)
    result = check(Settings(tmp_path, Config(ignore_schemas=("auth",)), live.url))
    assert result.verdict is Verdict.GO
    [gap] = [gap for gap in result.gaps if gap.reason.startswith("what no comparison reads")]
    assert gap.reason == "what no comparison reads: base type (public.hull); language (other)"
    assert not gap.blocking
