"""Rows for tables, from the catalog alone."""

from __future__ import annotations

import pytest

from pgproof.probes.rows.world import World
from tests.conftest import LiveDatabase
from tests.probes.conftest import Fill

TYPES = """
create type mood as enum ('sad', 'happy');
create type place as (street text, zip varchar(5), mood mood);
create type price_range as range (subtype = numeric);
create domain email as text check (value ~ '^[a-z]+@[a-z]+[.][a-z]{2,}$') not null;
create domain percent as numeric(5, 2) check (value between 0 and 100);
create table every_type (
  a smallint not null, b bigint not null, c numeric(3, 2) not null, d real not null, e boolean not null,
  f char(3) not null, g varchar(4) not null, h text not null, i bytea not null, j date not null, k time not null,
  l timetz not null, m timestamp(0) not null, n timestamptz not null, o interval not null, p uuid not null,
  q json not null, r jsonb not null, s inet not null, t cidr not null, u macaddr not null, v bit(5) not null,
  w varbit(7) not null, x point not null, y polygon not null, z tsvector not null, aa tsquery not null,
  ac int4range not null, ad tstzrange not null, ae nummultirange not null, af money not null,
  ag oid not null, ah regclass not null, ai name not null, aj "char" not null, ak pg_lsn not null,
  al mood not null, am place not null, an price_range not null, ao email not null, ap percent not null,
  aq text[] not null, ar mood[] not null, au numeric(6, 3)[] not null, av line not null, aw circle not null,
  ax jsonpath not null, ay interval(0) not null, az price_multirange not null
);
"""

CHECKS = """
create function is_slug(value text) returns boolean language sql immutable as $$ select value ~ '^[a-z]+(-[a-z]+)+$' $$;
create function is_address(value jsonb) returns boolean language plpgsql immutable as $$
begin
  return value ? 'street' and jsonb_typeof(value -> 'rooms') = 'number' and value ->> 'kind' in ('flat', 'house');
end $$;
create table conditions (
  state text not null check (state in ('draft', 'sent')),
  size int not null check (size >= 12345 and size < 12400),
  code text not null check (code ~ '^[A-Z]{3}-[0-9]{4}$'),
  name text not null check (length(name) between 33 and 40),
  path text not null check (path like '/api/%/end'),
  slug text not null check (is_slug(slug)),
  address jsonb not null check (is_address(address)),
  tags text[] not null check (cardinality(tags) = 3),
  starts date not null, ends date not null, check (ends > starts),
  until timestamptz not null, since timestamptz not null,
  check (until > since and until <= since + interval '7 days'),
  email text, phone text, check (num_nonnulls(email, phone) = 1),
  share_a int not null, share_b int not null, check (share_a + share_b = 100),
  total int generated always as (share_a * 2) stored check (total < 150),
  settings jsonb not null check (jsonb_typeof(settings) = 'array' and jsonb_array_length(settings) > 1)
);
"""

KEYS = """
create table tenant (id uuid primary key, name text not null unique);
create table member (
  tenant_id uuid not null references tenant, id int not null, role text not null,
  primary key (tenant_id, id), unique (tenant_id, role)
);
create table profile (tenant_id uuid primary key references tenant, note text);
create table task (
  id int generated always as identity primary key, tenant_id uuid not null references tenant, member_id int not null,
  parent_id int references task, foreign key (tenant_id, member_id) references member (tenant_id, id)
);
create table only_one (id boolean primary key default true check (id));
"""

CIRCLES = """
create table me (id int primary key, next_id int not null references me);
create table pair (id int primary key, other_id int not null references pair, check (id <> other_id));
create table hen (id int primary key, egg_id int not null);
create table egg (id int primary key, hen_id int not null references hen);
alter table hen add foreign key (egg_id) references egg;
create table late (id int primary key, of_id int references late deferrable initially deferred);
"""

PARTITIONS = """
create table event (at timestamptz not null, kind text not null, primary key (at, kind)) partition by range (at);
create table event_2031 partition of event for values from ('2031-01-01') to ('2032-01-01');
create table event_old partition of event for values from (minvalue) to ('2020-01-01') partition by list (kind);
create table event_old_a partition of event_old for values in ('alpha', 'beta');
create table hashed (id int not null) partition by hash (id);
create table hashed_1 partition of hashed for values with (modulus 3, remainder 1);
create table hashed_2 partition of hashed for values with (modulus 3, remainder 2);
"""

TRIGGERS = """
create table article (id int primary key, status text not null, slug text not null, title text not null);
create function guard() returns trigger language plpgsql as $$
begin
  if new.status not in ('review', 'published') then raise exception 'no such status'; end if;
  new.slug := lower(new.title);
  return new;
end $$;
create trigger guard before insert or update on article for each row execute function guard();
"""

ODD = """
create table no_columns ();
create table "select" ("from" int not null, "a""b" text not null check ("a""b" <> ''), primary key ("from"));
create table doubly_named (value text check (value = 'E''\\x'));
create schema "My Schema";
create table "My Schema"."Order" ("Id" uuid primary key default gen_random_uuid(), "userId" int not null);
"""


@pytest.mark.parametrize("sql", [TYPES, CHECKS, KEYS, CIRCLES, PARTITIONS, TRIGGERS, ODD], ids=[
    "types", "checks", "keys", "circles", "partitions", "triggers", "odd names"
])  # fmt: skip
def test_every_table_gets_rows(sql: str, fill: Fill) -> None:
    world = fill(sql)
    assert {name: why.reason for name, why in world.unfilled.items()} == {}
    assert all(world.stored.values())


@pytest.mark.parametrize("major", [18])
def test_what_cannot_hold_a_row_is_said(fill: Fill) -> None:
    world = fill(
        """
create table never (id int check (id > 3 and id < 2) not null);
create table nothing (at date) partition by range (at);
create table above (id int primary key generated always as identity, up int not null references above, check (up < 0));
create table below (id int primary key, never_id int not null references above);
""",
    )
    reasons = {name[1]: why for name, why in world.unfilled.items()}
    assert [check.name.parts[-1] for check in reasons["never"].unmet] == ["never_id_check"]
    assert reasons["nothing"].reason == "it is partitioned and has no partition"
    assert reasons["above"].reason == "each of its rows must refer to another one of it, and no first row can be made"
    assert reasons["below"].reason == "never_id must refer to public.above, which holds no row"


@pytest.mark.parametrize("major", [18])
def test_a_second_row_differs_in_every_key(fill: Fill) -> None:
    world = fill(KEYS)
    assert len(world.stored["public", "profile"]) == 2
    assert len({row["tenant_id"] for row in world.stored["public", "profile"]}) == 2


@pytest.mark.parametrize("major", [18])
def test_the_same_schema_gets_the_same_rows(live: LiveDatabase, fill: Fill) -> None:
    world = fill(CHECKS)
    first = world.stored["public", "conditions"]
    live.execute("drop schema public cascade; create schema public")
    assert fill(CHECKS).stored["public", "conditions"] == first


@pytest.mark.parametrize("major", [18])
def test_a_setting_that_a_trigger_reads_holds_the_key_of_a_row(fill: Fill) -> None:
    world = fill(
        """
create table tenant (id uuid primary key default gen_random_uuid());
create table note (id int primary key, tenant_id uuid not null references tenant);
create function fill() returns trigger language plpgsql as $$
begin new.tenant_id := current_setting('app.current_tenant_id')::uuid; return new; end $$;
create trigger fill before insert on note for each row execute function fill();
""",
    )
    assert world.stored["public", "note"][0]["tenant_id"] == world.stored["public", "tenant"][0]["id"]


@pytest.mark.parametrize("major", [18])
def test_rows_that_the_migrations_inserted_are_found_and_a_sequence_behind_them_is_noticed(fill: Fill) -> None:
    world = fill(
        "create table plan (id serial primary key, name text); insert into plan (id, name) values (1, 'a'), (2, 'b')"
    )
    assert world.fresh(("public", "plan"))
    assert world.behind == {("public", "plan"): "id"}


def tables_with_rows(world: World) -> set[str]:
    return {name[1] for name, rows in world.stored.items() if rows}


@pytest.mark.parametrize("major", [18])
def test_a_condition_that_never_ends_costs_a_table_and_no_more(fill: Fill) -> None:
    world = fill(
        """
create function forever(value int) returns boolean language plpgsql immutable as $$
begin loop perform pg_sleep(0.1); end loop; end $$;
create table endless (id int not null check (forever(id)));
create table fine (id int primary key);
""",
        limit_ms=200,
    )
    assert tables_with_rows(world) == {"fine"}
