"""Promises of behaviour, kept and broken."""

from __future__ import annotations

import pytest

from pgproof.probes.calls.promised import keep
from pgproof.probes.promise import Promise
from tests.probes.conftest import Fill

SPEND = """
create table campaign (id int primary key, spent numeric not null default 0, budget numeric not null);
create function spend(p_id int, p_amount numeric) returns setof campaign language plpgsql as $$
begin
  if p_amount < 0 then raise exception 'negative amount' using errcode = 'SP001'; end if;
  return query update campaign set spent = spent + p_amount
    where id = p_id and spent + p_amount <= budget returning *;
end $$;
"""
ROW = ("insert into campaign (id, spent, budget) values (77, 40, 100)",)


@pytest.mark.parametrize("major", [18])
def test_arithmetic_is_checked_end_to_end(fill: Fill) -> None:
    session = fill(SPEND).session
    kept = {
        promise.name: keep(session, promise)
        for promise in (
            Promise("added", "select spend(77, 50)", ROW, then="select spent from campaign where id = 77", expect=90),
            Promise(
                "exactly", "select spend(77, 60)", ROW, then="select spent from campaign where id = 77", expect="100"
            ),
            Promise("beyond", "select * from spend(77, 61)", ROW, rows=0),
            Promise("refused", "select spend(77, -1)", ROW, error="SP001"),
            Promise("by message", "select spend(77, -1)", ROW, error="negative amount"),
            Promise("true", "select spent = 40 from campaign where id = 77", ROW, expect="t"),
        )
    }
    assert {name: one.problem for name, one in kept.items() if one.problem} == {}


@pytest.mark.parametrize("major", [18])
def test_what_came_instead_is_told(fill: Fill) -> None:
    session = fill(SPEND).session

    def problem(promise: Promise) -> str:
        kept = keep(session, promise)
        assert kept.tried
        return kept.problem

    spent = "select spent from campaign where id = 77"
    assert problem(Promise("a", spent, ROW, expect=41)) == "expected 41, not 40"
    assert problem(Promise("b", spent, ROW, rows=0)) == "expected 0 rows, not 1"
    assert problem(Promise("c", spent, ROW, error="SP001")) == "expected the error SP001, and there was none"
    assert problem(Promise("d", "select spend(77, -1)", ROW, rows=0)) == "it is refused: negative amount (SP001)"
    other = problem(Promise("e", "select spend(77, -1)", ROW, error="23514"))
    assert other == "expected the error 23514, not negative amount (SP001)"
    assert problem(Promise("f", "select 1, 2", ROW, expect=1)) == "expected the value 1, not 1 rows of 2 columns"


@pytest.mark.parametrize("major", [18])
def test_what_does_not_come_to_its_call_proves_nothing(fill: Fill) -> None:
    session = fill(SPEND).session
    broken = keep(session, Promise("a", "select 1", ("insert into nowhere values (1)",), expect=1))
    assert (broken.tried, broken.problem) == (
        False,
        'the set-up is refused: relation "nowhere" does not exist (42P01)',
    )
    assert not keep(session, Promise("b", "selec 1", expect=1)).tried
    assert not keep(session, Promise("c", "select 1", role="nobody at all", expect=1)).tried


@pytest.mark.parametrize("major", [18])
def test_settings_and_the_role_hold_for_the_call_and_nothing_is_left(fill: Fill) -> None:
    world = fill(SPEND)
    settings = {"app.tenant_id": "7"}
    asked = Promise(
        "a",
        "select current_setting('app.tenant_id') || current_user",
        role="pg_monitor",
        settings=settings,
        expect="7pg_monitor",
    )
    assert keep(world.session, asked).problem == ""
    before = world.session.rows("select count(*) from campaign")
    keep(world.session, Promise("b", "select 1", ROW, expect=1))
    assert world.session.rows("select count(*) from campaign") == before
