"""Rows written, changed, deleted; triggers fired; views read; policies evaluated."""

from __future__ import annotations

import pytest

from pgproof.probes.observed import ABOUT_DATA, Step
from pgproof.probes.rows.world import World
from pgproof.probes.trips.trips import deletions, trips
from tests.probes.conftest import Fill


def seen(world: World) -> dict[tuple[str, str], Step]:
    return {(".".join(step.subject.parts[1:]), step.action): step for step in trips(world, world.catalog.objects)}


TOUCH = """
create table note (id int primary key, body text not null, updated_at timestamptz not null default now());
create function touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;
create trigger touch before update on note for each row execute function touch();
"""


def test_a_trigger_fires_and_its_effect_is_seen(fill: Fill) -> None:
    steps = seen(fill(TOUCH))
    fired = steps["note.touch", "fire on update"]
    assert (fired.done, fired.note) == (True, "changes updated_at")
    assert all(steps["note", action].done for action in ("insert", "read", "update", "delete"))


@pytest.mark.parametrize("major", [18])
def test_a_trigger_that_names_a_missing_column_fails_the_update(fill: Fill) -> None:
    steps = seen(fill(TOUCH.replace("new.updated_at", "new.changed_at")))
    update = steps["note", "update"].refusal
    assert update
    assert (update.sqlstate, update.message) == ("42703", 'record "new" has no field "changed_at"')
    assert steps["note", "insert"].done


@pytest.mark.parametrize("major", [18])
def test_every_kind_of_event_and_trigger_is_raised(fill: Fill) -> None:
    steps = seen(
        fill("""
create table log (what text);
create table account (id int primary key, plan text not null default 'free' check (plan in ('free', 'paid')), n int);
create function note() returns trigger language plpgsql as $$ begin insert into log values (tg_op); return null; end $$;
create trigger each_row after insert or update or delete on account for each row execute function note();
create trigger each_statement after truncate on account execute function note();
create trigger plan_changed after update of plan on account for each row
  when (old.plan is distinct from new.plan) execute function note();
create constraint trigger at_the_end after insert on account deferrable initially deferred
  for each row execute function note();
create trigger off after insert on account for each row execute function note();
alter table account disable trigger off;
create trigger changed after update on account for each row when (old.* is distinct from new.*)
  execute function note();
create trigger row_changed after update on account for each row when (old is distinct from new) execute function note();
create trigger never after insert on account for each row when (new.n = 4711 and new.n < 0) execute function note();
""")
    )
    events = [("each_row", event) for event in ("insert", "update", "delete")]
    events += [("each_statement", "truncate"), ("plan_changed", "update"), ("at_the_end", "insert")]
    events += [("changed", "update"), ("row_changed", "update")]
    assert all(steps[f"account.{name}", f"fire on {event}"].done for name, event in events)
    assert steps["account.off", "fire"].note == "it is switched off (disabled)"
    never = steps["account.never", "fire on insert"]
    assert (never.done, never.note) == (False, "no row was found for which it fires")


@pytest.mark.parametrize("major", [18])
def test_a_default_that_its_own_check_refuses(fill: Fill) -> None:
    steps = seen(fill("create table t (id int primary key, n int not null default 0 check (n > 0), m int default 3)"))
    assert steps["t.n", "default"].note == "a condition on this column alone refuses its own default"
    assert steps["t.m", "default"].done


@pytest.mark.parametrize("major", [18])
def test_a_refusal_that_speaks_of_a_made_up_value_is_marked(fill: Fill) -> None:
    steps = seen(
        fill("""
create table page (id int primary key, language text not null, body text not null, words tsvector);
create function index_words() returns trigger language plpgsql as $$
begin new.words := to_tsvector(new.language::regconfig, new.body); return new; end $$;
create trigger index_words before insert on page for each row execute function index_words();
""")
    )
    step = steps["page", "insert"]
    assert step.done or step.note == ABOUT_DATA


def test_delete_rules_do_what_they_say(fill: Fill) -> None:
    world = fill("""
create table a (id int primary key);
create table cascading (id int primary key, a_id int not null references a on delete cascade);
create table emptied (id int primary key, a_id int references a on delete set null);
create table restricting (id int primary key, a_id int not null references a on delete restrict);
create table plain (id int primary key, a_id int not null references a);
create table wrong (id int primary key, a_id int not null references a on delete set null);
create table alone (id int primary key, up int references alone on delete cascade);
""")
    steps = {step.subject.parts[1]: step for step in deletions(world, world.catalog.objects)}
    done = {name: (step.done, step.note) for name, step in steps.items()}
    assert done.pop("wrong") == (False, "on delete set null")
    assert steps["wrong"].refusal
    assert steps["wrong"].refusal.sqlstate == "23502"
    assert all(ok for ok, _ in done.values()), done


@pytest.mark.parametrize("major", [18])
def test_views_are_read_over_rows(fill: Fill) -> None:
    steps = seen(
        fill("""
create table t (id int primary key, n int not null);
create view good as select n from t;
create function broken(int) returns int language plpgsql as $$ begin return (select missing from t); end $$;
create view bad as select broken(n) from t;
create materialized view summed as select sum(n) from t;
""")
    )
    assert steps["good", "read"].done
    assert steps["summed", "refresh"].done
    assert steps["summed", "read"].done
    assert steps["bad", "read"].refusal
    assert steps["bad", "read"].refusal.sqlstate == "42703"


def test_policies_are_evaluated_as_a_role_that_they_hold_for(fill: Fill) -> None:
    steps = seen(
        fill("""
create table member (team int, name text, primary key (team, name));
alter table member enable row level security;
create policy again on member using (team in (select m.team from member m));
create table note (id int primary key, owner text not null);
alter table note enable row level security;
create policy own on note using (owner = current_user);
""")
    )
    recursion = steps["member", "select as another role"].refusal
    assert recursion
    assert recursion.sqlstate == "42P17"
    assert all(steps["note", f"{command} as another role"].done for command in ("select", "insert", "update", "delete"))


@pytest.mark.parametrize("major", [18])
def test_nothing_is_left_of_what_was_tried(fill: Fill) -> None:
    world = fill(TOUCH)
    before = world.session.rows("select count(*), max(updated_at) from note")
    trips(world, world.catalog.objects)
    assert world.session.rows("select count(*), max(updated_at) from note") == before
    assert world.session.rows("select 1 from pg_roles where rolname = 'pgproof_reader'") == []


@pytest.mark.parametrize("major", [18])
def test_a_trigger_that_ends_its_session_costs_its_steps_and_leaves_nothing(fill: Fill) -> None:
    world = fill("""
create table before (id int primary key, n int);
create table deadly (id int primary key, n int);
create function ends() returns trigger language plpgsql as $$
begin perform pg_terminate_backend(pg_backend_pid()); return old; end $$;
create trigger ends before update or delete on deadly for each row execute function ends();
""")
    steps = seen(world)
    assert steps["before", "update"].done
    assert not steps["deadly", "update"].done
    assert not steps["deadly", "delete"].done
    assert not steps["deadly.ends", "fire on delete"].done
    assert world.session.lost > 0
    assert world.session.rows("select count(*) from deadly") == [(2,)]
