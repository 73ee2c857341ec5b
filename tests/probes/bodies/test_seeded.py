"""What is sown is found, where it is, and in the healthy twins nothing is."""

from __future__ import annotations

import psycopg
import pytest

from tests.conftest import LiveDatabase
from tests.probes.bodies.proving import proved
from tests.probes.bodies.seeded import CONTEXTS, SEEDS, functions, sql


def test_there_are_enough() -> None:
    assert len(SEEDS) * len(CONTEXTS) >= 200
    assert len({seed.kind for seed in SEEDS}) >= 15


def test_every_defect_is_found_at_its_place_and_no_healthy_function_is_flagged(live: LiveDatabase) -> None:
    found = proved(live, sql())
    wrong: list[tuple[object, ...]] = []
    for name, seed, body in functions():
        defects = found[name].defects
        if name.startswith("ok_"):
            wrong += [(name, seed.good, defects)] if defects else []
            continue
        if [defect.sqlstate for defect in defects] != [seed.sqlstate]:
            wrong.append((name, seed.bad, defects))
        elif seed.at and not body[defects[0].offset :].startswith(seed.at):
            wrong.append((name, seed.at, body[defects[0].offset :][:20]))
        assert not found[name].untold
    assert not wrong


@pytest.mark.parametrize("major", [15])
def test_nothing_of_a_body_is_executed(live: LiveDatabase) -> None:
    body = """
    create table log (what text);
    create function writes() returns integer language plpgsql as $$
      declare n integer := noted('default');
      begin
        n := noted('assignment'); perform noted('perform');
        if noted('condition') > 0 then null; end if;
        for i in noted('low')..noted('high') loop null; end loop;
        insert into log values ('insert'); select noted('into') into n; select noted('query') into strict n;
        execute 'select noted(''dynamic'')' using noted('using');
        raise notice '%', noted('raise');
        return noted('return');
      end $$;
    create function noted(what text) returns integer language plpgsql as $$
      begin insert into log values (what); perform set_config('pgproof.seen', what, false); return 1; end $$;
    """
    found = proved(live, body)
    assert not found["writes"].defects
    assert live.rows("select count(*) from log") == [(0,)]
    assert live.rows("select current_setting('pgproof.seen', true)") == [(None,)]


@pytest.mark.parametrize("major", [18])
def test_what_is_said_to_fail_on_every_call_does(live: LiveDatabase) -> None:
    found = proved(live, sql())
    wrong = []
    with psycopg.connect(live.url, autocommit=True) as connection:
        for name, seed, _ in functions():
            (*_, defect) = found[name].defects or (None,)
            if defect is None or not defect.certain:
                continue
            try:
                connection.execute(f"begin; select {name}(1); rollback".encode())
                wrong.append((name, seed.bad, "it works"))
            except psycopg.Error as error:
                connection.execute("rollback")
                if error.sqlstate != defect.sqlstate:
                    wrong.append((name, seed.bad, str(error)))
    assert not wrong


@pytest.mark.parametrize("major", [18])
def test_most_of_what_stands_at_the_top_fails_on_every_call(live: LiveDatabase) -> None:
    found = proved(live, sql())
    top = [body for name, body in found.items() if name.startswith("bad_") and name.endswith(("_top", "_nested"))]
    assert sum(body.defects[0].certain for body in top) > len(top) * 0.8
