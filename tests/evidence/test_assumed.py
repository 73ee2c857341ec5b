"""What was made up for the replay says nothing of the live database."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.project.config import Config
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase

STEPS = "create table app.note (id int primary key, place vector(3));"


@pytest.mark.parametrize("major", [18])
def test_where_it_is_and_who_owns_it_are_no_differences(live: LiveDatabase, tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations/0001_note.sql").write_text(STEPS)
    live.execute("create schema app; comment on schema app is 'by hand'; grant usage on schema app to public;")
    live.execute("create schema extensions; create extension vector with schema extensions;")
    live.execute(f"set search_path = public, extensions; {STEPS}")
    result = check(Settings(tmp_path, Config(), live.url), select=("DRF",))
    changed = {(finding.kind, finding.subject) for finding in result.findings if finding.code == "DRF103"}
    assert not changed & {("schema", "app"), ("extension", "vector")}
    assert any(gap.reason.startswith("assumed: extension vector, schema app;") for gap in result.gaps)
