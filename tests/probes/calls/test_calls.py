"""Functions and procedures called."""

from __future__ import annotations

import pytest

from pgproof.probes.calls.calling import call_all
from pgproof.probes.observed import Called
from pgproof.probes.rows.world import World
from tests.probes.conftest import Fill

CLAIM = """
create table job (id int primary key, status text not null default 'pending');
create function claim(worker text) returns table (id int, status text) language plpgsql as $$
begin
  return query update job set status = 'running' where {condition} returning job.id, job.status;
end $$;
"""


def called(world: World) -> dict[str, Called]:
    names = [name for name in world.catalog.objects if name.kind in ("function", "procedure")]
    return {one.routine.parts[1]: one for one in call_all(world, names, lambda: "")}


def states(one: Called) -> set[str]:
    return {call.refusal.sqlstate if call.refusal else "" for call in one.calls}


def test_the_function_that_was_called_verified_fails_on_every_call_and_its_repaired_version_does_not(
    fill: Fill,
) -> None:
    broken = called(fill(CLAIM.format(condition="status = 'pending'")))["claim"]
    assert states(broken) == {"42702"}
    assert any(call.sql == "select public.claim(null::text) limit 20" for call in broken.calls)


def test_the_repaired_version_returns_a_row(fill: Fill) -> None:
    repaired = called(fill(CLAIM.format(condition="job.status = 'pending'")))["claim"]
    assert states(repaired) == {""}
    assert repaired.calls[0].rows == 2


@pytest.mark.parametrize("major", [18])
def test_arguments_are_keys_of_rows_that_exist(fill: Fill) -> None:
    one = called(
        fill("""
create table campaign (id uuid primary key default gen_random_uuid(), spent numeric not null, budget numeric not null,
  check (spent <= budget));
create function spend(p_campaign_id uuid, p_amount numeric) returns setof campaign language sql as $$
  update campaign set spent = spent + p_amount where id = p_campaign_id and spent + p_amount <= budget returning *
$$;
""")
    )["spend"]
    by_case = {call.case: call for call in one.calls}
    assert states(one) == {""}
    assert by_case["NULL"].rows == by_case["the key of no row"].rows == 0


@pytest.mark.parametrize("major", [18])
def test_functions_that_harm_or_never_end_cost_their_time_and_leave_nothing(fill: Fill) -> None:
    world = fill(
        """
create table kept (id int primary key);
create function forever() returns void language plpgsql as $$ begin loop perform 1; end loop; end $$;
create function sleeper() returns void language sql as $$ select pg_sleep(60) $$;
create function drops() returns void language plpgsql as $$ begin drop table kept; end $$;
create function empties() returns void language sql as $$ delete from kept $$;
create function locks() returns void language plpgsql as $$ begin lock table kept in access exclusive mode; end $$;
create function ends_itself() returns void language sql as $$ select pg_terminate_backend(pg_backend_pid()) $$;
create procedure commits() language plpgsql as $$ begin commit; end $$;
create procedure gives(inout n int, out m int) language plpgsql as $$ begin m := n; end $$;
create function writes_a_file() returns void language plpgsql as $$ begin copy kept to '/proc/nowhere'; end $$;
create function many() returns setof int language sql as $$ select generate_series(1, 1000) $$;
create function any_array(anyarray) returns int language sql as $$ select cardinality($1) $$;
create function several(variadic n int[]) returns int language sql as $$ select cardinality(n) $$;
""",
        limit_ms=300,
    )
    found = called(world)
    assert states(found["forever"]) == states(found["sleeper"]) == {"57014"}
    assert states(found["drops"]) == states(found["empties"]) == states(found["locks"]) == {""}
    assert found["ends_itself"].calls[0].refusal  # by the connection's end
    assert states(found["commits"]) == states(found["gives"]) == {""}
    assert states(found["any_array"]) == states(found["several"]) == {""}
    assert found["many"].calls[0].rows == 20
    assert world.session.lost == 1
    assert len(world.session.rows("select 1 from kept")) == 2


@pytest.mark.parametrize("major", [18])
def test_what_is_no_function_to_call_is_said(fill: Fill) -> None:
    found = called(
        fill("""
create function on_change() returns trigger language plpgsql as $$ begin return null; end $$;
create function inside(internal) returns void language internal as 'void_in';
create function row_number_again() returns bigint language internal window as 'window_row_number';
""")
    )
    assert {name: one.not_called for name, one in found.items()} == {
        "on_change": "it is a trigger's",
        "inside": "it is written in internal",
        "row_number_again": "it is written in internal",
    }


@pytest.mark.parametrize("major", [18])
def test_a_refusal_that_speaks_of_an_argument_is_marked(fill: Fill) -> None:
    one = called(
        fill("create function size_of(t text) returns bigint language sql as $$ select pg_table_size(t::regclass) $$")
    )["size_of"]
    assert all(call.about_arguments for call in one.calls if call.refusal and call.refusal.sqlstate == "42P01")


@pytest.mark.parametrize("major", [18])
def test_another_type_than_the_one_that_was_taken_may_fare_better(fill: Fill) -> None:
    trims = "create function trims(x {}) returns {} language plpgsql as $$ begin return trim(x); end $$;"
    found = called(fill(trims.format("anyelement", "text") + trims.format("integer", "text").replace("trims", "wrong")))
    assert {states(one).pop() for one in found.values()} == {"42883"}
    assert all(call.about_arguments for call in found["trims"].calls)
    assert not any(call.about_arguments for call in found["wrong"].calls)
