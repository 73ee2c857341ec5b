"""Each difference tells how it came about, and the live database is located in the history of its migrations."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Judged, Result
from pgproof.project.config import Config
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase

FILES = {
    "0001_note.sql": "create table note (id int primary key, body text); create index note_body on note (body);",
    "0002_tag.sql": "create table tag (id int primary key);\ncreate view tags as select id from tag;",
    "0003_old.sql": "create table old (id int primary key);",
    "0004_drop.sql": "drop table old; alter table note alter body set not null;",
    "0005_state.sql": "alter table note add column state text default 'new';",
    "0006_link.sql": "create table link (id int primary key, note_id int references note);",
}


@pytest.fixture
def major() -> int:
    return 18


def run(root: Path, live: LiveDatabase, applied: list[int], recorded: list[int] | None, by_hand: str = "") -> Result:
    (root / "migrations").mkdir(exist_ok=True)
    for name, text in FILES.items():
        (root / "migrations" / name).write_text(text)
    for number, text in enumerate(FILES.values(), 1):
        if number in applied:
            live.execute(text)
    if recorded is not None:
        rows = ", ".join(f"('000{number}')" for number in recorded)
        live.execute(f"create table schema_migrations (version text); insert into schema_migrations values {rows}")
    if by_hand:
        live.execute(by_hand)
    return check(Settings(root, Config(platform="plain"), live.url))


def story(finding: Judged) -> str:
    stories = ("by hand", "phantom", "unfinished", "edited", "unrecorded", "left over", "not run")
    return next((line for line in finding.seen if line.partition(":")[0] in stories), "")


def stories(result: Result) -> dict[str, str]:
    return {one.subject: story(one).partition(":")[0] for one in result.findings if one.code.startswith("DRF")}


def located(result: Result) -> str:
    return next((line for line in result.introduction if line.startswith("the live database is")), "")


def test_a_database_at_the_end_of_its_migrations_needs_no_sentence(tmp_path: Path, live: LiveDatabase) -> None:
    result = run(tmp_path, live, [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6])
    assert (result.findings, located(result)) == ((), "")


def test_what_someone_did_by_hand(tmp_path: Path, live: LiveDatabase) -> None:
    result = run(
        tmp_path, live, [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6],
        "drop index note_body; alter table note alter state set default 'old'; create table scratch (id int);",
    )  # fmt: skip
    assert stories(result) == {
        "public.note_body": "by hand",
        "public.note.state": "by hand",
        "public.scratch": "by hand",
    }
    (dropped,) = (one for one in result.findings if one.subject == "public.note_body")
    assert story(dropped) == "by hand: dropped after migrations/0001_note.sql had run; no migration does that"


def test_what_a_migration_drops_and_is_still_there_is_left_over(tmp_path: Path, live: LiveDatabase) -> None:
    result = run(tmp_path, live, [1, 2, 3, 5, 6], [1, 2, 3, 4, 5, 6], "alter table note alter body set not null")
    assert stories(result) == {"public.old": "left over"}
    assert "migrations/0004_drop.sql is recorded as applied and drops it" in story(result.findings[0])
    assert located(result) == (
        "the live database is the state after 0003_old.sql, plus 0005_state.sql and 0006_link.sql "
        "and a part of 0004_drop.sql"
    )


def test_what_a_pending_migration_makes_is_unrecorded(tmp_path: Path, live: LiveDatabase) -> None:
    result = run(tmp_path, live, [1, 2, 3], [1, 2, 3], "drop table old; alter table note alter body set not null")
    told = {one.subject: story(one) for one in result.findings if one.code == "DRF103"}
    assert told["public.note.body"].startswith("unrecorded: migrations/0004_drop.sql, which is not recorded as applied")


def test_a_table_of_a_migration_that_never_ran_on_a_database_without_a_history(
    tmp_path: Path, live: LiveDatabase
) -> None:
    result = run(tmp_path, live, [1, 2, 3, 4, 5], None)
    assert stories(result) == {"public.link": "not run"}
    assert located(result) == "the live database is the state after 0005_state.sql"


def test_migrations_that_were_skipped_and_changes_by_hand_are_counted(tmp_path: Path, live: LiveDatabase) -> None:
    result = run(
        tmp_path, live, [1, 3, 4, 6], [1, 3, 4, 6], "create table scratch (id int); create table notes (x int)"
    )
    assert located(result) == (
        "the live database is the state after 0001_note.sql, plus 0004_drop.sql and 0006_link.sql, "
        "without 0002_tag.sql and 0005_state.sql, plus 2 objects changed by hand"
    )


def test_what_stopped_in_the_middle(tmp_path: Path, live: LiveDatabase) -> None:
    result = run(tmp_path, live, [1, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], "create table tag (id int primary key)")
    assert [(one.code, one.subject) for one in result.findings] == [("HIS108", "migrations/0002_tag.sql")]
    assert str(result.findings[0].location) == "migrations/0002_tag.sql:2:1"
    assert "a part of 0002_tag.sql" in located(result)


def test_an_empty_database_is_nowhere(tmp_path: Path, live: LiveDatabase) -> None:
    result = run(tmp_path, live, [], None)
    assert [one.code for one in result.findings] == ["DRF105"]
    assert located(result) == ""
