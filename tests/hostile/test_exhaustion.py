"""Migrations that want all of the machine: each runs into a limit, which is said with its key, and the rest goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pgproof.migrations.observation import Replay
from pgproof.migrations.replay import PREPARE, Limits, readable, wire
from pgproof.model import Location
from pgproof.model.errors import PgproofError
from pgproof.platforms import PLAIN, load
from pgproof.server import binaries
from pgproof.shadow.shadow import Shadow, open_shadow
from tests.migrations.conftest import Replayer, names

MIB = 1 << 20
BEFORE = "create table before_it (a int);"
AFTER = "create table after_it (a int);"
GROWS = "insert into t select repeat(md5(n::text), 30) from generate_series(1, 10000000) n"

_stack = ExitStack()
_small: dict[int, Shadow] = {}


@pytest.fixture
def small(major: int, tmp_path: Path) -> Replayer:
    """Replays on a server with little memory and few temporary files."""
    if major not in _small:
        folder = Path(_stack.enter_context(TemporaryDirectory(dir="/var/tmp")))
        folder.chmod(0o755)
        _small[major] = _stack.enter_context(
            open_shadow(
                "small",
                binaries.choose(major),
                load(PLAIN),
                prepare=PREPARE,
                cache_dir=folder,
                session_bytes=400 * MIB,
                disk_bytes=16 * MIB,
            )
        )
    return Replayer(_small[major], tmp_path.resolve())


@pytest.fixture(scope="session", autouse=True)
def _small_end() -> Iterator[None]:
    yield
    _small.clear()
    _stack.close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "_GRACE_S", 0.3)


LIMITED = {
    "a sleep": ("select pg_sleep(1000)", Limits(statement_s=0.6), "statement_timeout"),
    "an endless loop": ("do $$ begin loop end loop; end $$", Limits(statement_s=0.6), "statement_timeout"),
    "an endless query": (
        "select count(*) from (select generate_series(1, 1000000000000)) s",
        Limits(statement_s=0.6),
        "statement_timeout",
    ),
    "a loop that does not let itself be cancelled": (
        """
        do $$ begin loop
            begin perform pg_sleep(1); exception when query_canceled then raise notice 'no'; end;
        end loop; end $$
        """,
        Limits(statement_s=0.6),
        "statement_timeout",
    ),
    "a trigger without end": (
        """
        do $$ begin
            create function again() returns trigger language plpgsql as $f$ begin loop end loop; end $f$;
            create trigger again before insert on before_it for each row execute function again();
            insert into before_it values (1);
        end $$
        """,
        Limits(statement_s=0.6),
        "statement_timeout",
    ),
    "rows": (f"do $$ begin create table t (a text); {GROWS}; end $$", Limits(disk_bytes=40 * MIB), "disk"),
    "rows of a temporary table": (
        f"do $$ begin create temp table t (a text); {GROWS}; end $$",
        Limits(disk_bytes=40 * MIB),
        "disk",
    ),
    "large objects": (
        """
        do $$ begin for n in 1..10000 loop
            perform lo_from_bytea(0, string_agg(sha512(m::text::bytea), ''))
                from generate_series(n * 10000, n * 10000 + 9999) m;
        end loop; end $$
        """,
        Limits(disk_bytes=40 * MIB),
        "disk",
    ),
    "temporary files": (
        "select count(*) from (select md5(n::text) as a from generate_series(1, 3000000) n order by a) s",
        Limits(),
        "disk",
    ),
    "memory": ("select length(repeat('x', 600000000))", Limits(), "memory"),
    "memory by aggregates": (
        "select length(string_agg(repeat('x', 1000), '')) from generate_series(1, 900000)",
        Limits(),
        "memory",
    ),
    "locks": ("select count(pg_advisory_xact_lock(n)) from generate_series(1, 1000000) n", Limits(), "-"),
    "messages without end": (
        "do $$ begin loop raise notice '%', repeat('x', 1000); end loop; end $$",
        Limits(output_bytes=MIB),
        "output",
    ),
    "a message of megabytes": (
        "do $$ begin raise notice '%', repeat('x', 50000000); perform pg_sleep(1000); end $$",
        Limits(output_bytes=MIB),
        "output",
    ),
    "rows for the client": (
        "select repeat('x', 1000), generate_series(1, 10000000)",
        Limits(output_bytes=MIB),
        "output",
    ),
    "COPY for the client": (
        "copy (select repeat('x', 1000), generate_series(1, 10000000)) to stdout",
        Limits(output_bytes=MIB),
        "output",
    ),
}


@pytest.mark.parametrize("what", LIMITED)
def test_what_takes_too_much_is_ended_and_the_rest_goes_on(what: str, small: Replayer) -> None:
    statement, limits, key = LIMITED[what]
    replay = small(BEFORE, f"create table beside_it (a int);\n{statement};", AFTER, limits=limits)
    (failed,) = [o for o in replay.observations if o.failure]
    assert failed.failure is not None
    assert failed.failure.limit == key
    assert (failed.location.path, failed.location.line > 1) == ("m/2.sql", True)
    assert names(replay, "table") == ["public.after_it", "public.before_it", "public.beside_it"]
    assert replay.limited
    assert sum(len(notice.message) for o in replay.observations for notice in o.notices) < MIB


@pytest.mark.parametrize(
    ("making", "limits"),
    [
        (
            "do $$ begin for n in 1..300 loop"
            " execute format('create table t%s (a serial primary key)', n); end loop; end $$",
            Limits(objects=1000),
        ),
        ("select count(lo_create(0)) from generate_series(1, 2000)", Limits(objects=1000)),
        (
            "create type many as enum ('a'); do $$ begin for n in 1..1500 loop "
            "execute format('alter type many add value %L', n); end loop; end $$",
            Limits(objects=1000),
        ),
    ],
    ids=["tables", "large objects", "labels"],
)
def test_objects_without_measure_stop_the_replay(making: str, limits: Limits, small: Replayer) -> None:
    replay = small(BEFORE, making, AFTER, limits=limits)
    _has_stopped(replay, "objects", Location("m/2.sql", 1, replay.observations[-2].location.column))


def test_the_time_of_the_whole_replay_is_limited(small: Replayer) -> None:
    replay = small(BEFORE, "select pg_sleep(0.4);", "select pg_sleep(1000);", AFTER, limits=Limits(replay_s=1.0))
    _has_stopped(replay, "timeout", Location("m/3.sql", 1, 1))


def _has_stopped(replay: Replay, key: str, place: Location) -> None:
    (gap,) = replay.gaps
    assert gap.blocking
    assert f"[replay] {key} = " in gap.way_out
    assert gap.location == place
    assert replay.observations[-1].refused == "not replayed: the replay had stopped"
    assert ("", "after_it") in replay.unknown
    assert "public.before_it" in names(replay, "table")
    assert replay.limited


@pytest.mark.parametrize(
    "text",
    [
        "do $$ begin execute format('comment on table before_it is %L', repeat('x', 3000000)); end $$;",
        "do $$ begin execute format('create function f() returns text language sql as %L',"
        " 'select ''' || repeat('x', 3000000) || ''''); end $$;",
        "do $$ begin execute format('create view v as select %L::text as a', repeat('x', 3000000)); end $$;",
        "do $$ begin for n in 1..40 loop execute (select format('create table t%s (%s)', n,"
        " string_agg('c' || c || ' int', ',')) from generate_series(1, 1500) c); end loop; end $$;",
    ],
    ids=["a comment", "a body", "a view", "columns"],
)
def test_a_catalog_that_would_take_our_memory_is_not_read(
    text: str, small: Replayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readable, "CATALOG_BYTES", 12 * MIB if "1500" in text else 2 * MIB)
    monkeypatch.setattr(readable, "_TAKEN", readable._TAKEN if "1500" in text else "select 0")
    with pytest.raises(PgproofError, match=r"the definitions that the migrations make .* MB; pgproof reads"):
        small(BEFORE, text)
