"""For each constraint a row that breaks it alone."""

from __future__ import annotations

import pytest

from pgproof.probes.observed import Outcome, Rejection
from pgproof.probes.trips.rejections import reject, reject_domains
from tests.probes.conftest import Fill

SCHEMA = """
create domain positive as int check (value > 0);
create table tenant (id uuid primary key default gen_random_uuid(), name text not null unique, size positive);
create table member (tenant_id uuid not null references tenant, id int, role text, primary key (tenant_id, id));
create table task (
  id int primary key, tenant_id uuid not null references tenant, member_id int,
  state text not null check (state in ('open', 'done')), done_at timestamptz, email text not null,
  check ((state = 'done') = (done_at is not null)),
  starts date not null, ends date not null, check (ends >= starts),
  code varchar(8) check (code ~ '^[A-Z]+$'), deleted_at timestamptz,
  foreign key (tenant_id, member_id) references member (tenant_id, id),
  unique (tenant_id, code)
);
create unique index task_email on task (lower(email)) where deleted_at is null;
create table booking (id int primary key, during tsrange not null, exclude using gist (during with &&));
create table reading (at date not null, value int not null check (value < 100)) partition by range (at);
create table reading_2030 partition of reading for values from ('2030-01-01') to ('2031-01-01');
"""


def outcomes(fill: Fill, sql: str) -> dict[str, Rejection]:
    world = fill(sql)
    found = [one for name in sorted(world.tables) for one in reject(world, world.tables[name])]
    found += reject_domains(world, {thing.name for thing in world.catalog.of("domain")})
    return {".".join((*one.constraint.parts[1:], one.kind)): one for one in found}


def test_every_constraint_refuses_a_row_that_breaks_it(fill: Fill) -> None:
    found = outcomes(fill, SCHEMA)
    assert found.pop("reading.at.not null").outcome is Outcome.IMPLIED  # no partition takes NULL
    assert {name: one for name, one in found.items() if one.outcome is not Outcome.REJECTED} == {}
    kinds = {one.kind for one in found.values()}
    assert kinds >= {"not null", "check", "primary key", "unique", "unique index", "exclusion", "foreign key"}
    assert kinds >= {"domain check", "partition bound"}


@pytest.mark.parametrize("major", [18])
def test_a_key_that_another_one_implies_is_told_from_one_that_nothing_broke(fill: Fill) -> None:
    found = outcomes(fill, "create table t (id int primary key, kind int not null, unique (id, kind))")
    assert found["t.t_id_kind_key.unique"].outcome is Outcome.IMPLIED


@pytest.mark.parametrize("major", [18])
def test_what_a_trigger_repairs_is_not_called_stored(fill: Fill) -> None:
    found = outcomes(
        fill,
        """
create table t (id int primary key, name text not null check (name = lower(name)));
create function repair() returns trigger language plpgsql as $$
begin new.name := lower(coalesce(new.name, 'none')); return new; end $$;
create trigger repair before insert on t for each row execute function repair();
""",
    )
    assert found["t.name.not null"].outcome is Outcome.REPAIRED
    assert found["t.t_name_check.check"].outcome is Outcome.REPAIRED


@pytest.mark.parametrize("major", [18])
def test_a_foreign_key_whose_triggers_are_off_lets_an_orphan_in(fill: Fill) -> None:
    found = outcomes(
        fill,
        """
create table author (id int primary key);
create table book (id int primary key, author_id int not null references author);
alter table book disable trigger all;
""",
    )
    assert found["book.book_author_id_fkey.foreign key"].outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("major", [18])
def test_a_trigger_that_makes_what_is_referred_to_is_no_orphan(fill: Fill) -> None:
    found = outcomes(
        fill,
        """
create table author (id int primary key);
create table book (id int primary key, author_id int not null references author);
create function add_author() returns trigger language plpgsql as $$
begin insert into author values (new.author_id) on conflict do nothing; return new; end $$;
create trigger add_author before insert on book for each row execute function add_author();
""",
    )
    assert found["book.book_author_id_fkey.foreign key"].outcome is Outcome.REPAIRED


@pytest.mark.parametrize("major", [18])
def test_a_table_that_holds_one_row_is_broken_by_changing_it(fill: Fill) -> None:
    found = outcomes(fill, "create table t (id int primary key check (id = 1), name text not null check (name <> ''))")
    assert {one.outcome for one in found.values()} == {Outcome.REJECTED}


@pytest.mark.parametrize("major", [18])
def test_a_constraint_that_is_not_enforced_is_not_asked_to_refuse(fill: Fill) -> None:
    found = outcomes(fill, "create table t (id int primary key, size int check (size > 0) not enforced)")
    assert "t.t_size_check.check" not in found


@pytest.mark.parametrize("major", [18])
def test_a_row_whose_default_is_another_by_then_does_not_break_its_check(fill: Fill) -> None:
    found = outcomes(
        fill,
        """
create table t (id int primary key, n int not null default 10, m int not null, check (m > n));
create function below() returns trigger language plpgsql as $$ begin new.n := new.m - 1; return new; end $$;
create trigger below before insert or update on t for each row execute function below();
""",
    )
    assert found["t.t_check.check"].outcome is Outcome.REPAIRED
