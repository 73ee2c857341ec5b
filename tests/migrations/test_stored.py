"""Results and layers: what has not changed is not replayed again, and what has, only from there on."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import fields, replace
from pathlib import Path

import pytest

import pgproof
from pgproof.migrations.codec import decode_replay, encode_replay
from pgproof.migrations.observation import Observation, Replay
from pgproof.migrations.replay import Limits
from pgproof.migrations.replay import file as file_module
from pgproof.migrations.replay import replay as replay_module
from pgproof.migrations.replay.replay import replay
from pgproof.migrations.replay.task import own_stamp
from pgproof.migrations.stored import Memory
from tests.migrations.conftest import Replayer, failures, names

FILES = (
    "create role stored_app; create table a (id int primary key, b text); grant select on a to stored_assumed;",
    "alter table a add c int; create index on a (b); insert into nowhere values (1);",
    "create table d (a int references a);",
)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "replays")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are really replayed."""
    seen: list[str] = []
    original = file_module.replay_file

    def note(stage, file, *rest):  # type: ignore[no-untyped-def]
        seen.append(file.path)
        return original(stage, file, *rest)

    monkeypatch.setattr(replay_module, "replay_file", note)
    return seen


def same(one: Replay, other: Replay) -> bool:
    """Whether two replays saw the same. Addresses are not compared: OIDs differ in every replay."""

    def told(observation: Observation) -> Observation:
        return replace(observation, effects=tuple(replace(e, address=None) for e in observation.effects))

    return all(
        tuple(map(told, one.observations)) == tuple(map(told, other.observations))
        if field.name == "observations"
        else getattr(one, field.name) == getattr(other, field.name)
        for field in fields(Replay)
        if field.compare
    )


def test_a_stored_result_is_the_result(replayed: Replayer, memory: Memory) -> None:
    task = replayed.task(*FILES)
    assert memory.load(task.key) is None
    found = replayed(*FILES)
    memory.save(task.key, found)
    assert memory.load(task.key) == found


@pytest.mark.parametrize("major", [18])
def test_any_result_survives_json(replayed: Replayer) -> None:
    found = replayed(*FILES, "create extension citext; drop table if exists x; alter table a alter b set default 1;")
    assert decode_replay(json.loads(json.dumps(encode_replay(found)))) == found


@pytest.mark.parametrize("major", [18])
def test_the_key_changes_with_everything_that_makes_a_result(replayed: Replayer) -> None:
    task = replayed.task(*FILES)
    (replayed.root / "part.sql").write_text("select 1;")
    including = replayed.task("\\i part.sql\n")
    before = including.key
    (replayed.root / "part.sql").write_text("select 2;")
    keys = {
        task.key,
        replayed.task(*FILES[:2]).key,
        replayed.task(*reversed(FILES)).key,
        replayed.task(*FILES, limits=Limits(statement_s=21.0)).key,
        replayed.task(*FILES, allow=frozenset({"dblink"})).key,
        replayed.task(*FILES, variables={"a": "b"}).key,
        before,
        including.key,
    }
    assert len(keys) == 8
    assert replayed.task(*FILES, cut_before=frozenset({"m/2.sql"})).key == task.key


def test_pgproof_installed_anew_has_the_same_stamp_and_another_pgproof_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "pgproof"
    shutil.copytree(Path(pgproof.__file__).parent, installed, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    monkeypatch.setattr(pgproof, "__file__", str(installed / "__init__.py"))
    stamp = own_stamp.__wrapped__
    first = stamp()
    (installed / "__pycache__").mkdir()
    (installed / "__pycache__" / "cli.cpython-311.pyc").touch()
    sql = installed / "migrations" / "replay" / "observe.sql"
    os.utime(sql, (0, 0))
    assert stamp() == first
    sql.write_text(sql.read_text().replace("a", "b", 1))
    assert stamp() != first


@pytest.mark.parametrize("major", [18])
def test_nothing_is_stored_when_it_cannot_be_told_what_a_file_includes(replayed: Replayer, memory: Memory) -> None:
    task = replayed.task("\\set which part\n\\i :which\n")
    assert task.key is None
    memory.save(task.key, replayed("select 1"))
    assert memory.load(task.key) is None


@pytest.mark.parametrize("major", [18])
def test_entries_that_cannot_be_read_are_absent_and_written_anew(
    replayed: Replayer, memory: Memory, tmp_path: Path
) -> None:
    task = replayed.task("create table a ();")
    found = replayed("create table a ();")
    memory.save(task.key, found)
    (entry,) = (tmp_path / "replays").iterdir()
    whole = entry.read_text()
    for damaged in ("", whole[:-10], "[]", "{}", whole.replace('"observations"', '"other"'), "[" * 100_000):
        entry.write_text(damaged)
        assert memory.load(task.key) is None
    memory.save(task.key, found)
    assert memory.load(task.key) == found


@pytest.mark.parametrize("major", [18])
def test_the_cache_is_ours_alone_and_forgets_what_is_old(replayed: Replayer, memory: Memory, tmp_path: Path) -> None:
    folder = tmp_path / "replays"
    assert folder.stat().st_mode & 0o777 == 0o700
    found = replayed("select 1")
    memory.save("old", found)
    (old,) = folder.iterdir()
    assert old.stat().st_mode & 0o777 == 0o600
    os.utime(old, (0, 0))
    memory.save("new", found)
    assert [path.name for path in folder.iterdir()] == ["result-new.json"]


def test_the_same_files_again_are_not_replayed_again(replayed: Replayer, memory: Memory, run: list[str]) -> None:
    first = replay(replayed.task(*FILES), replayed.shadow, memory)
    assert run == ["m/1.sql", "m/2.sql", "m/3.sql"]
    run.clear()
    assert replay(replayed.task(*FILES), replayed.shadow, memory) == first
    assert run == []


def test_a_change_is_replayed_from_the_layer_before_it(replayed: Replayer, memory: Memory, run: list[str]) -> None:
    changed = (*FILES[:2], "create table e (a int references a); create role stored_other;")
    cut = frozenset({"m/3.sql"})
    replay(replayed.task(*FILES, cut_before=cut), replayed.shadow, memory)
    run.clear()
    found = replay(replayed.task(*changed), replayed.shadow, memory)
    assert run == ["m/3.sql"]
    assert same(found, replayed(*changed))
    assert names(found, "table") == ["public.a", "public.e"]
    assert found.assumed == ("role stored_assumed",)
    assert failures(found) == [("42P01", "insert into nowhere")]


def test_a_file_that_was_added_is_replayed_alone(replayed: Replayer, memory: Memory, run: list[str]) -> None:
    replay(replayed.task(*FILES[:2]), replayed.shadow, memory)
    run.clear()
    found = replay(replayed.task(*FILES), replayed.shadow, memory)
    assert run == ["m/3.sql"]
    assert same(found, replayed(*FILES))


def test_roles_of_later_files_are_gone_when_an_earlier_layer_is_used(replayed: Replayer, memory: Memory) -> None:
    cut = frozenset({"m/2.sql"})
    files = ("create table a ();", "create role stored_later; grant select on a to stored_later;")
    replay(replayed.task(*files, cut_before=cut), replayed.shadow, memory)
    found = replay(replayed.task(files[0], files[1] + "select 1;"), replayed.shadow, memory)
    assert failures(found) == []


def test_a_layer_whose_entry_is_lost_is_not_used(
    replayed: Replayer, memory: Memory, run: list[str], tmp_path: Path
) -> None:
    replay(replayed.task(*FILES), replayed.shadow, memory)
    for entry in (tmp_path / "replays").iterdir():
        entry.unlink()
    run.clear()
    replay(replayed.task(*FILES), replayed.shadow, memory)
    assert run == ["m/1.sql", "m/2.sql", "m/3.sql"]


def test_a_long_replay_is_cut_into_layers(
    replayed: Replayer, memory: Memory, run: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in ("LAYER_AFTER_S", "FEWER_LAYERS"):
        monkeypatch.setattr(replay_module, part, 0.0)
    monkeypatch.setattr(replay_module, "LAYER_COST", 1_000.0)
    replay(replayed.task(*FILES), replayed.shadow, memory)
    run.clear()
    found = replay(replayed.task(FILES[0], FILES[1] + "select 1;", FILES[2]), replayed.shadow, memory)
    assert run == ["m/2.sql", "m/3.sql"]
    assert same(found, replayed(FILES[0], FILES[1] + "select 1;", FILES[2]))


def test_the_last_file_can_be_worked_on_alone(
    replayed: Replayer, memory: Memory, run: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_module, "LAST_AFTER_S", 0.0)
    monkeypatch.setattr(replay_module, "LAYER_AFTER_S", 1_000.0)
    replay(replayed.task(*FILES), replayed.shadow, memory)
    run.clear()
    replay(replayed.task(FILES[0], FILES[1], FILES[2] + "select 1;"), replayed.shadow, memory)
    assert run == ["m/3.sql"]


def test_the_result_stays_as_a_layer_to_work_on(replayed: Replayer, memory: Memory) -> None:
    found = replay(replayed.task(*FILES), replayed.shadow, memory)
    with replayed.shadow.database(found.layer) as database, database.connect() as connection:
        assert connection.execute("select count(*) from a").fetchone() == (0,)
