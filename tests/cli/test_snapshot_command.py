"""`pgproof snapshot` writes what `--base` and `--live` take."""

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


NOTES = "create table note (id int primary key, body text); create policy own on note using (true);"


@pytest.fixture
def taken(tmp_path: Path, live: LiveDatabase) -> Path:
    """A snapshot file of a live database that lacks a policy."""
    live.execute("create table note (id int primary key, body text)")
    file = tmp_path / "schema.json"
    assert run(["snapshot", str(tmp_path), "--live", live.url, "--output", str(file)]) == 0
    return file


def test_a_snapshot_stands_for_the_live_database(
    tmp_path: Path, taken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path / "c", NOTES)
    assert run(["check", str(root), "--live", str(taken)]) == 1
    out = capsys.readouterr().out
    assert "error[DRF101] missing-object   policy public.note.own" in out
    assert "NO-GO (repository and a snapshot of the live database)" in out
    assert "snapshot: ../schema.json, of database live_" in out
    assert "replay: PostgreSQL 18" in out
    assert "which migrations were applied: a snapshot file holds the catalog and no rows" in out
    (root / "migrations" / "0002_drop.sql").write_text("drop policy own on note;")
    assert run(["check", str(root), "--live", str(taken)]) == 0


def test_the_configuration_may_name_a_snapshot(
    tmp_path: Path, taken: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path / "d", NOTES)
    (root / "pgproof.toml").write_text('live = "../schema.json"\n')
    monkeypatch.chdir(root / "migrations")
    assert run(["check"]) == 1
    assert "snapshot of the live database" in capsys.readouterr().out
    assert run(["check", "--no-live"]) == 0
    monkeypatch.setenv("SCHEMA", str(taken))
    (root / "pgproof.toml").write_text('live = "$SCHEMA"\n')
    assert run(["check"]) == 1


def test_a_snapshot_is_not_the_live_evidence_that_a_policy_requires(tmp_path: Path, taken: Path) -> None:
    root = project(tmp_path / "e", "create table note (id int primary key, body text);")
    assert run(["check", str(root), "--live", str(taken)]) == 0
    assert run(["check", str(root), "--live", str(taken), "--require", "live"]) == 3


@pytest.mark.parametrize(
    "content", [b"", b"create table note (id int);", b'{"pgproof snapshot": 99}', b"\xff\xfe", b"[1]"]
)
def test_a_file_that_is_no_snapshot_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    root = project(tmp_path / "f", NOTES)
    (tmp_path / "schema.json").write_bytes(content)
    assert run(["check", str(root), "--live", str(tmp_path / "schema.json")]) == 2
    assert "schema.json" in capsys.readouterr().err


def test_a_snapshot_that_is_not_there_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path / "g", NOTES)
    assert run(["check", str(root), "--live", "nothing.json"]) == 2
    err = capsys.readouterr().err
    assert "there is no snapshot file nothing.json" in err
    assert "pgproof snapshot --live URL --output FILE" in err
