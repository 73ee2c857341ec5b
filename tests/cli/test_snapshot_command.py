"""`pgproof snapshot` writes what `--base` takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.catalog import file
from pgproof.cli.run import run
from pgproof.model import ObjectName
from tests.conftest import LiveDatabase

NOTE = ObjectName("table", ("public", "note"))


@pytest.fixture
def major() -> int:
    return 18


def project(folder: Path, sql: str) -> Path:
    (folder / "migrations").mkdir(parents=True)
    (folder / "migrations" / "0001_first.sql").write_text(sql, "utf-8")
    return folder


def test_of_migrations(tmp_path: Path) -> None:
    root = project(tmp_path / "a", "create table note (id int primary key);")
    assert run(["snapshot", str(root), "--server", "18", "--output", str(tmp_path / "note.json")]) == 0
    assert NOTE in file.load((tmp_path / "note.json").read_text("utf-8")).objects


def test_of_a_live_database(tmp_path: Path, live: LiveDatabase, capsys: pytest.CaptureFixture[str]) -> None:
    live.execute("create table note (id int primary key)")
    assert run(["snapshot", str(tmp_path), "--live", live.url]) == 0
    assert NOTE in file.load(capsys.readouterr().out).objects


def test_migrations_that_build_on_a_base_are_replayed_on_its_snapshot(
    tmp_path: Path, live: LiveDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    live.execute("create table note (id int primary key)")
    run(["snapshot", str(tmp_path), "--live", live.url, "--output", str(tmp_path / "base.json")])
    root = project(tmp_path / "b", "alter table note add column body text;")
    assert run(["check", str(root), "--server", "18"]) == 3
    assert "--base" in capsys.readouterr().out
    assert run(["check", str(root), "--server", "18", "--base", str(tmp_path / "base.json")]) == 0


def test_nothing_to_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["snapshot", str(tmp_path)]) == 4
    assert "no migrations were found" in capsys.readouterr().err
