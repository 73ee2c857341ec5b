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


@pytest.mark.parametrize("major", [15, 18])
def test_every_defect_is_found_at_its_place_and_no_healthy_function_is_flagged(live: LiveDatabase) -> None:
    found = proved(live, sql())
    wrong: list[tuple[object, ...]] = []
    with psycopg.connect(live.url, autocommit=True) as connection:
        for name, seed, body in functions():
            defects = found[name].defects
            if name.startswith("ok_"):
                wrong += [(name, seed.good, defects)] if defects else []
            elif [defect.sqlstate for defect in defects] != [seed.sqlstate]:
                wrong.append((name, seed.bad, defects))
            elif seed.at and not body[defects[0].offset :].startswith(seed.at):
                wrong.append((name, seed.at, body[defects[0].offset :][:20]))
            elif defects[0].certain and (said := _called(connection, name)) != seed.sqlstate:
                wrong.append((name, seed.bad, said))
            assert not found[name].untold
    assert not wrong
    top = [body for name, body in found.items() if name.startswith("bad_") and name.endswith(("_top", "_nested"))]
    assert sum(body.defects[0].certain for body in top) > len(top) * 0.8


def _called(connection: psycopg.Connection[object], name: str) -> str | None:
    """Return the SQLSTATE that a call ends with."""
    try:
        connection.execute(f"begin; select {name}(1); rollback".encode())
    except psycopg.Error as error:
        connection.execute("rollback")
        return error.sqlstate
    return "it works"


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
