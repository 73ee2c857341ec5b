"""Every attempt is replayed on every version; none gets out, and the next project does not notice."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pgproof.migrations.observation import Replay
from pgproof.migrations.replay import Limits
from pgproof.model import ObjectName
from tests.hostile.attempt import Attempt
from tests.hostile.attempts import ALL
from tests.migrations.conftest import Replayer

# A superuser runs programs as the server's user. What it runs stays done, even if its transaction does not. Only a
# volatile function may hold a command, but an immutable one, which may stand anywhere, may call it.
CANARY = """
create function public.sing() returns void language plpgsql as $canary$
begin
    if (select rolsuper from pg_catalog.pg_roles where rolname operator(pg_catalog.=) current_user) then
        execute pg_catalog.format('copy (select 1) to program %L', 'cat >> {marker}');
    end if;
end
$canary$;
create function public.canary() returns int language plpgsql immutable as $canary$
begin
    perform public.sing();
    return 1;
end
$canary$;
"""
SECRET = "ThisMustNotBeRead"
INNOCENT = "create table public.innocent (id int primary key, other int references public.innocent);"
LIMITS = Limits(statement_s=10.0)

# What no migration may change for the next database: what all share, and what the template holds.
STATE = """
select array(select rolname::text from pg_roles where rolsuper order by 1),
  (select md5(string_agg(r::text, '' order by r.oid)) from pg_roles r),
  (select md5(string_agg(m::text, '' order by m::text)) from pg_auth_members m),
  (select md5(string_agg(s::text, '' order by s::text)) from pg_db_role_setting s),
  array(select datname::text from pg_database where not datname like 'pgproof_layer%' order by 1),
  array(select concat(evtname, evtenabled) from pg_event_trigger order by 1),
  (select md5(string_agg(p::text, '' order by p.oid)) from pg_proc p where p.pronamespace = 'pgproof'::regnamespace),
  (select count(*)::int from pg_proc where pronamespace = 'pg_catalog'::regnamespace and oid >= 16384),
  array(select concat(nspname, nspowner::regrole, nspacl) from pg_namespace order by 1),
  array(select relname::text from pg_class where relnamespace = 'public'::regnamespace order by 1)
"""
_states: dict[int, list[tuple[Any, ...]]] = {}


@dataclass(frozen=True)
class Outside:
    """What lies outside of the sandbox: a folder in which the server's user may write."""

    folder: Path

    @property
    def marker(self) -> Path:
        """Is there when something got out."""
        return self.folder / "escaped"

    @property
    def secret(self) -> Path:
        """A file that the server's user and we can read."""
        return self.folder / "secret"


@pytest.fixture
def outside() -> Iterator[Outside]:
    with tempfile.TemporaryDirectory(prefix="pgproof-outside-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o777)
        made = Outside(Path(folder))
        made.secret.write_text(f"{SECRET}\n")
        yield made


@pytest.mark.parametrize("attempt", [pytest.param(one, id=one.name) for several in ALL.values() for one in several])
def test_it_does_not_get_out(attempt: Attempt, replayed: Replayer, outside: Outside) -> None:
    installation = replayed.shadow.installation
    if (attempt.majors and installation.major not in attempt.majors) or (attempt.contrib and not installation.contrib):
        return
    (replayed.root / "m").mkdir()
    (replayed.root / "m" / "link.sql").symlink_to(outside.secret)
    (replayed.root / "link.sql").symlink_to(outside.secret)
    files = [_filled(text, outside, replayed) for text in (CANARY, *attempt.files, INNOCENT)]
    before = _states.get(installation.major) or _states.setdefault(installation.major, _state(replayed))

    replay = replayed(*files, limits=LIMITS)

    _is_honest(attempt, replay)
    for kept in (SECRET, replayed.shadow.cluster.admin_password()):
        assert kept not in repr(replay)
    assert not outside.marker.exists()
    assert outside.secret.read_text() == f"{SECRET}\n"
    assert _state(replayed) == before


def test_the_canary_tells_of_a_superuser_and_of_nobody_else(replayed: Replayer, outside: Outside) -> None:
    with replayed.shadow.database() as database:
        with database.connect() as connection:
            connection.execute(_filled(CANARY, outside, replayed).encode())
            connection.execute("select public.canary()")
        assert not outside.marker.exists()
        with database.admin() as admin:
            admin.execute("select public.canary()")
        assert outside.marker.exists()


def _filled(text: str, outside: Outside, replayed: Replayer) -> str:
    for name, value in {
        "{canary}": "public.canary()",
        "{marker}": str(outside.marker),
        "{secret}": str(outside.secret),
        "{sockets}": str(replayed.shadow.cluster.socket_dir),
    }.items():
        text = text.replace(name, value)
    return text


def _is_honest(attempt: Attempt, replay: Replay) -> None:
    """What failed and what was refused is told, and what was made is known to be from the file that made it."""
    failed = {o.failure.sqlstate: o.failure.message for o in replay.observations if o.failure}
    assert failed.keys() <= attempt.fails | attempt.may_fail, failed
    assert failed or not attempt.fails
    if attempt.refused:
        assert any(attempt.refused in o.refused for o in replay.observations)
    innocent = f"m/{len(attempt.files) + 2}.sql"
    last = [o.failure or o.refused for o in replay.observations if o.origin == innocent]
    if attempt.later == "stops":
        assert any(gap.blocking and "the replay stopped" in gap.reason for gap in replay.gaps)
        assert last == ["not replayed: the replay had stopped"]
    if attempt.later != "replayed":
        return
    assert last == [""]
    for name in (ObjectName("table", ("public", "innocent")), ObjectName("column", ("public", "innocent", "id"))):
        assert replay.created[name].path == replay.origins[name].path == innocent
    for name, place in replay.created.items():
        texts = [o.text for o in replay.observations if o.origin == place.path]
        assert name.kind != "table" or any(name.parts[-1] in text for text in texts), f"{name} is not from {place.path}"


def _state(replayed: Replayer) -> list[tuple[Any, ...]]:
    """Return what a fresh database is like, in which the next project can do its work."""
    with replayed.shadow.database() as database:
        with database.admin() as admin:
            state = admin.rows(STATE)
        with database.connect() as connection:
            connection.execute("create role app; create table t (id int primary key); grant select on t to app")
        return state
