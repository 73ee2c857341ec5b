"""Rows of history tables, as the real tools wrote them, matched with the files: no replay, so no time is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.evidence.directories import Migrations
from pgproof.evidence.history import History, read_history
from pgproof.evidence.live import Connection
from pgproof.evidence.part import Unavailable
from pgproof.evidence.settings import Settings
from pgproof.migrations.discover import discover
from pgproof.platforms import load
from pgproof.project.config import Config
from pgproof.server.capabilities import capabilities
from pgproof.server.live import connect
from tests.conftest import LiveDatabase
from tests.evidence.test_history import PROJECTS

SQL = "select 1;\n"
FLYWAY = (
    "create table {} (installed_rank int, version text, description text, type text, script text, checksum int,"
    " installed_by text, installed_on timestamp, execution_time int, success boolean);"
    "insert into {} (installed_rank, version, type, script, success) values "
)
SQITCH = (
    "create schema sqitch; create table sqitch.changes (change_id text, script_hash text, change text, project text,"
    " committed_at timestamptz); insert into sqitch.changes (change, script_hash, committed_at) values "
)
PLAN = "%project=app\n\nnote 2024-01-01T00:00:00Z A B <a@b.c>\n@v1 2024-01-02T00:00:00Z A B <a@b.c>\n"
REWORKED = f"{PLAN}note [note@v1] 2024-01-03T00:00:00Z A B <a@b.c>\n"


@pytest.fixture
def major() -> int:
    return 18


def recorded(root: Path, live: LiveDatabase, files: dict[str, str], config: Config | None = None) -> History:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    with connect(live.url) as session:
        connection = Connection(session, capabilities(session))
        settings = Settings(root, config or Config(), live.url)
        return read_history(settings, Migrations(discover(root)[0]), connection, load("plain"))


def names(history: History) -> tuple[list[str], list[str], list[str]]:
    applied, pending = ([file.path.rpartition("/")[2] for file in part] for part in (history.applied, history.pending))
    return applied, pending, list(history.without_file)


@pytest.mark.parametrize("tool", PROJECTS)
def test_what_is_recorded_is_applied_and_the_rest_is_pending(tool: str, tmp_path: Path, live: LiveDatabase) -> None:
    files, history = PROJECTS[tool]
    live.execute(history)
    found = recorded(tmp_path, live, files)
    assert (len(found.applied), len(found.pending), found.without_file) == (1, 1, ())


def test_of_a_flyway_script_that_ran_again_the_last_row_stands(tmp_path: Path, live: LiveDatabase) -> None:
    """Flyway 9.22.3 adds a row at each run of a repeatable migration, and one of type DELETE at `repair`."""
    live.execute(
        FLYWAY.format(*["flyway_schema_history"] * 2)
        + "(4, null, 'SQL', 'R__v.sql', true), (1, '1', 'SQL', 'V1__note.sql', true),"
        " (2, '2', 'SQL', 'V2__x.sql', true), (3, '2', 'DELETE', 'V2__x.sql', true),"
        " (5, '3', 'JDBC', 'db.migration.V3__java', true)"
    )
    live.execute("insert into flyway_schema_history values (6, null, 'v', 'SQL', 'R__v.sql', -5, 'h', now(), 1, true)")
    files = {f"sql/{name}": SQL for name in ("V1__note.sql", "V2__x.sql", "V3__java.java", "R__v.sql")}
    history = recorded(tmp_path, live, files)
    assert names(history) == (["V1__note.sql", "V3__java.java", "R__v.sql"], ["V2__x.sql"], [])
    assert history.rows["sql/R__v.sql"].checksum == "-5"


def test_flyway_knows_a_file_by_its_version(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(
        FLYWAY.format(*["flyway_schema_history"] * 2)
        + "(1, '1', 'SQL', 'V1__note.sql', true), (2, '010.20.0', 'SQL', 'sub/V010.20.0__t.sql', true)"
    )
    files = {"sql/V001__renamed.sql": SQL, "sql/V10_020__t.sql": SQL}
    assert names(recorded(tmp_path, live, files)) == (["V001__renamed.sql", "V10_020__t.sql"], [], [])


def test_a_history_table_is_known_by_its_columns_or_named(tmp_path: Path, live: LiveDatabase) -> None:
    """Flyway's `table`, goose's `-table`, golang-migrate's `x-migrations-table`, dbmate's `--migrations-table`."""
    live.execute(FLYWAY.format(*["my_history"] * 2) + "(1, '1', 'SQL', 'V1__note.sql', true)")
    live.execute(
        "create schema ops; create table ops.runs (version varchar primary key); insert into ops.runs values (1)"
    )
    files = {"sql/V1__note.sql": SQL, "sql/V2__tag.sql": SQL}
    history = recorded(tmp_path / "a", live, files)
    assert (history.table, names(history)) == ("public.my_history", (["V1__note.sql"], ["V2__tag.sql"], []))
    files = {"db/migrations/1_note.sql": f"-- migrate:up\n{SQL}"}
    with pytest.raises(Unavailable, match="no history table") as none:
        recorded(tmp_path / "b", live, files)
    assert 'history = "ops.migrations"' in none.value.gap.way_out
    history = recorded(tmp_path / "b", live, files, Config(history=("ops", "runs")))
    assert (history.table, names(history)) == ("ops.runs", (["1_note.sql"], [], []))
    with pytest.raises(Unavailable, match=r"no table ops\.run as dbmate keeps it") as absent:
        recorded(tmp_path / "b", live, files, Config(history=("ops", "run")))
    assert absent.value.gap.blocking


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("3, false", (["1_a.up.sql", "2_b.up.sql"], ["10_c.up.sql"], ["3"])),
        ("10, true", (["1_a.up.sql", "2_b.up.sql"], ["10_c.up.sql"], [])),
        ("1, true", ([], ["1_a.up.sql", "2_b.up.sql", "10_c.up.sql"], [])),
    ],
)
def test_golang_migrates_one_row_stands_for_all_up_to_it(
    row: str, expected: object, tmp_path: Path, live: LiveDatabase
) -> None:
    live.execute("create table schema_migrations (version bigint primary key, dirty boolean not null)")
    live.execute(f"insert into schema_migrations values ({row})")
    files = {f"migrations/{name}.up.sql": SQL for name in ("1_a", "2_b", "10_c")}
    assert names(recorded(tmp_path, live, files)) == expected


def test_the_row_before_all_migrations_is_none(tmp_path: Path, live: LiveDatabase) -> None:
    """Postgrator 8.0.0 writes `0` first."""
    live.execute("create table schemaversion (version bigint, name text, md5 text, run_at timestamptz)")
    live.execute("insert into schemaversion values (0, null, null, null), (1, 'note', 'd3e2', now())")
    files = {"migrations/001.do.note.sql": SQL, "migrations/002.do.tag.sql": SQL}
    assert names(recorded(tmp_path, live, files)) == (["001.do.note.sql"], ["002.do.tag.sql"], [])


def test_a_change_that_sqitch_reworked_has_two_rows(tmp_path: Path, live: LiveDatabase) -> None:
    files = {"sqitch.plan": REWORKED, "deploy/note@v1.sql": SQL, "deploy/note.sql": "select 2;\n"}
    live.execute(f"{SQITCH} ('note', 'old', '2024-01-01')")
    history = recorded(tmp_path, live, files)
    assert names(history) == (["note@v1.sql"], ["note.sql"], [])
    live.execute("insert into sqitch.changes (change, script_hash, committed_at) values ('note', 'new', '2024-01-03')")
    history = recorded(tmp_path, live, files)
    assert names(history) == (["note@v1.sql", "note.sql"], [], [])
    assert [history.rows[file.path].checksum for file in history.applied] == ["old", "new"]
