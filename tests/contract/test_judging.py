"""What a feature needs, judged on a real server: what holds, what does not, and in which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.contract.answer import State
from pgproof.contract.spelling import same_type
from pgproof.judge.result import Readiness
from pgproof.model import Severity
from tests.conftest import MAJORS, LiveDatabase
from tests.contract.project import answers, checked, feature, found, needs, write

SCHEMA = """
create schema app;
create type app.mood as enum ('sad', 'ok', 'happy');
create domain app.cents as bigint;
create table deals (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique,
  stage text not null default 'lead' check (stage in ('lead', 'won', 'lost')),
  fee numeric(10, 0) default 0,
  kind varchar(20) default 'x',
  meta jsonb not null default '{}',
  tags text[],
  mood app.mood,
  cents app.cents,
  made timestamptz default now()
);
create table targets (
  id int primary key, deal_id uuid references deals on delete cascade, at timestamp(3),
  a int, b int, unique (a, b)
);
create index on deals (stage, made desc);
create index lower_slug on deals (lower(slug)) where stage <> 'lost';
create index on deals using gin (tags);
create view open_deals as select id, slug from deals where stage = 'lead';
create function spend(p_deal uuid, p_cents bigint) returns setof deals language sql as 'select * from deals';
create function touch() returns trigger language plpgsql as 'begin return new; end';
create trigger touch before update on deals for each row execute function touch();
create trigger off_duty before insert on deals for each row execute function touch();
alter table deals disable trigger off_duty;
alter table deals enable row level security;
create policy mine on deals for select using (true);
create policy no_effect on targets using (true);
"""

HOLDS = """
deals
table public.deals
relation public.open_deals
view open_deals
deals.slug text not null
open_deals.id uuid not null
deals.fee numeric(10)
deals.fee decimal(10, 0) null default 0
deals.kind varchar(20) default 'x'
deals.meta jsonb not null default '{}'
deals.meta jsonb default '{}'::jsonb
deals.made timestamp with time zone default CURRENT_TIMESTAMP
deals.tags text[] no default
deals.mood mood
deals.mood app.mood
deals.cents app.cents
targets.at timestamp(3) without time zone
spend(uuid, int8) returns setof deals
spend(p_deal uuid, p_cents bigint)
function spend
touch() returns trigger
index on deals (stage)
index on deals (stage, made desc)
index on deals (lower(slug)) where stage <> 'lost'
index on deals using gin (tags)
index on targets (a)
unique index on targets (a, b)
index lower_slug
unique on targets (b, a)
unique on deals (slug)
unique on deals (id)
primary key on deals (id)
targets.deal_id references deals
targets.deal_id references deals (id) on delete cascade
policy mine on deals
policy on deals for select to anybody
row security on deals
trigger touch on deals
trigger on deals
schema app
enum app.mood ('ok', 'sad')
type mood
no table campaigns
no column deals.stages
no function spend(text)
"""

FAILS = {
    "dealz": 'is not there, did you mean "deals"?',
    "view deals": "is a table, not a view",
    "deals.stagee": 'is not there, did you mean "stage"?',
    "app.mood": "is not there",
    "public.deals": "is a schema; a table or view in it is written: relation public.deals",
    "deals.slug varchar(10)": "is text, not character varying(10)",
    "deals.slug timestamptzz": "is text, and there is no type timestamptzz",
    "deals.made timestamptz not null": "may be null",
    "deals.slug text null": "is not null",
    "deals.slug text default 'x'": "has no default",
    "deals.stage no default": "has the default 'lead'::text",
    "deals.kind default 'y'": "has the default 'x'::character varying, not 'y'::character varying",
    "spend(uuid)": "is not there with these arguments, only public.spend(uuid, bigint)",
    "spend(uuid, bigint) returns deals": "returns SETOF public.deals, not public.deals",
    "spnd(uuid)": 'is not there, did you mean "spend"?',
    "procedure spend": "is not there",
    "index on deals (made)": "is not there",
    "index on deals (mad)": 'nor is the column mad, did you mean "made"?',
    "unique index on deals (stage)": "is not there",
    "index on deals (lower(slug)) where stage = 'lost'": "is not there",
    "targets.deal_id references deals on delete set null": "says on delete cascade, not set null",
    "targets.a references deals": "is not there",
    "targets.c references deals": "lacks its column c, which is not there",
    "policy theirs on deals": "is not there (its policies: mine)",
    "policy on deals for update": "is not there",
    "policy no_effect on targets": "has no effect: row-level security is off for the table",
    "row security on targets": "has row-level security switched off",
    "trigger off_duty on deals": "is disabled",
    "trigger touhc on deals": 'is not there, did you mean "touch"?',
    "enum app.mood ('fine')": "has no value 'fine'",
    "extension pg_trgm": "is not there",
    "no table deals": "is there",
    "deals.stage goes 'lead' -> 'won'": "may be 'lost', which the contract does not name",
    "deals.stage goes 'lead' -> 'won' | 'lost' | 'sold'": "can never be 'sold'",
    "deals.slug is at most 2 days old": "is text, which has no age",
    "campaigns is now dealz": 'is now dealz, which is not there, did you mean "deals"?',
}


@pytest.mark.parametrize("major", [MAJORS[0], MAJORS[-1]])
def test_needs_that_hold_and_needs_that_do_not(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute(SCHEMA)
    holding = HOLDS.strip().splitlines()
    judged = answers([*holding, *FAILS], tmp_path, live.url)
    assert {line: judged[line].problem for line in holding if judged[line].state is not State.HOLDS} == {}
    for line, problem in FAILS.items():
        assert (line, judged[line].state) == (line, State.FAILS)
        assert problem in judged[line].problem, (line, judged[line].problem)


def test_types_are_the_same_only_where_the_server_says_so(live: LiveDatabase, tmp_path: Path) -> None:
    """The grammar alone never takes two types of the server for one."""
    types = (
        "int", "integer", "int4", "bigint", "int8", "smallint", "serial2", "numeric", "decimal", "numeric(10)",
        "numeric(10,0)", "numeric(10,2)", "float", "real", "float8", "float(24)", "double precision", "text",
        "varchar", "varchar(3)", "character varying(3)", "char", "char(1)", "character", "bpchar", '"char"', "bool",
        "boolean", "timestamp", "timestamptz", "timestamp with time zone", "timestamp(3)",
        "timestamp(3) with time zone", "time", "timetz", "interval", "interval day to second", "bit", "bit(1)",
        "varbit", "bit varying(3)", "text[]", "text[3]", "text[][]", "jsonb", "json", "uuid", "date", "name", "money",
    )  # fmt: skip
    real = [one for one in types if not one.startswith("serial")]
    live.execute("create table t (" + ", ".join(f"c{n} {one}" for n, one in enumerate(real)) + ")")
    rows = live.rows(
        "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 't'::regclass and attnum > 0"
        " order by attnum"
    )
    canonical = dict(zip(real, (one for (one,) in rows), strict=True))
    for one in real:
        for other in real:
            if same_type(one, other):
                assert canonical[one] == canonical[other], (one, other)
    assert same_type("int", "integer")
    assert same_type("timestamptz", "timestamp with time zone")
    assert not same_type("varchar(3)", "varchar(4)")


def test_who_may_what_is_asked_of_the_server(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute("""
        create role reader_group; create role member in role reader_group; create role stranger;
        create table plain (id int, secret text);
        create table guarded (id int); alter table guarded enable row level security;
        create policy members on guarded for select to reader_group using (true);
        create function f(int) returns int language sql as 'select 1'; revoke execute on function f(int) from public;
        create function g() returns int language sql as 'select 1';
        grant select on plain to reader_group; grant select, update on guarded to member, stranger;
        grant update (secret) on plain to stranger; grant execute on function f(int) to member;
    """)
    try:
        judged = answers(PRIVILEGES, tmp_path, live.url)
    finally:
        live.execute("drop owned by reader_group, member, stranger cascade")
        live.execute("drop role member; drop role reader_group; drop role stranger")
    for line, problem in PRIVILEGES.items():
        assert (line, problem in judged[line].problem if problem else judged[line].problem) == (
            line,
            bool(problem) or "",
        )


PRIVILEGES = {
    "member may select plain": "",
    "stranger may not select plain": "",
    "stranger may select plain": "is not granted",
    "member may not select plain": "is granted, and no row-level security limits it",
    "stranger may update plain.secret": "",
    "stranger may update plain (id, secret)": "is not granted",
    "stranger may not update plain": "is granted for some columns",
    "member may select guarded": "",
    "stranger may not select guarded": "",
    "stranger may select guarded": "no policy lets any row through",
    "member may not select guarded": "is granted, and a policy lets rows through",
    "member may update guarded": "no policy lets any row through",
    "member may execute f(integer)": "",
    "stranger may not execute f(integer)": "",
    "public may select plain": "is not granted",
    "public may not select plain": "",
    "public may execute g()": "",
    "public may not execute g()": "is granted",
    "public may not select guarded": "",
    "nobody may select plain": "there is no role nobody",
    "nobody may not select plain": "",
    "stranger may select plane": "is not there",
}


def test_a_table_that_only_grows_is_closed_to_changes(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute("""
        create table log (id int); grant insert, select on log to public;
        create table open_log (id int); grant update, truncate on open_log to public;
        create table secured (id int); grant update, delete on secured to public;
        alter table secured enable row level security;
        create table trusted (id int); grant delete on trusted to public;
        create function no() returns trigger language plpgsql as 'begin raise exception $$no$$; end';
        create trigger no before delete on trusted for each statement execute function no();
    """)
    judged = answers([f"{one} is append only" for one in ("log", "open_log", "secured", "trusted")], tmp_path, live.url)
    assert [answer.state for answer in judged.values()] == [State.HOLDS, State.FAILS, State.HOLDS, State.HOLDS]
    assert "was changed by public (update, truncate)" in judged["open_log is append only"].problem


def test_an_empty_database_misses_everything_and_says_so(live: LiveDatabase, tmp_path: Path) -> None:
    result = checked(write(tmp_path, needs("deals", "deals.stage text", "f(int)")), live.url)
    assert feature(result).readiness is Readiness.BLOCKED
    assert [one.subject for one in found(result, "CON101")] == ["public.deals", "public.f(int)"]


def test_one_missing_table_is_one_finding_however_many_features_need_it(live: LiveDatabase, tmp_path: Path) -> None:
    contract = "".join(f'[feature.f{n}]\nneeds = ["deals", "deals.c{n} text"]\n' for n in range(20))
    (one,) = found(checked(write(tmp_path, contract), live.url), "CON101")
    assert one.subject == "public.deals"
    assert "f0, f1, f10 and 17 more features" in one.message
    assert len(one.consequences) == 20


def test_a_name_in_two_schemas_is_not_guessed(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute("create schema a; create schema b; create table a.t (id int); create table b.t (id int)")
    judged = answers(["t", "table a.t", "b.t.id int"], tmp_path, live.url)
    assert [answer.state for answer in judged.values()] == [State.UNKNOWN, State.HOLDS, State.HOLDS]
    assert "in several schemas: a.t, b.t" in judged["t"].problem


def test_what_the_replay_could_not_make_is_unknown_and_not_missing(tmp_path: Path) -> None:
    migrations = "create table deals (id int);\ncreate table other (id int, gone nothing_like_this);\n"
    result = checked(write(tmp_path, needs("deals", "other", "third"), migrations))
    assert (feature(result).holding, feature(result).unknown, feature(result).failing) == (1, 1, 1)


def test_optional_needs_make_a_feature_partial(tmp_path: Path) -> None:
    result = checked(write(tmp_path, needs("deals", optional=("prefs",)), "create table deals (id int);"))
    assert feature(result).readiness is Readiness.PARTIAL
    assert [(one.code, one.severity) for one in result.findings] == [("CON102", Severity.WARNING)]


def test_what_migrations_make_and_live_lacks_names_the_migration(live: LiveDatabase, tmp_path: Path) -> None:
    root = write(
        tmp_path, needs("deals", "deals.stage text"), "create table deals (id int);\nalter table deals add stage text;"
    )
    live.execute("create table deals (id int)")
    (one,) = found(checked(root, live.url), "CON101")
    assert one.fix == "the migrations make it, and the live database has not got it: apply migrations/0001_all.sql:2:1"
    assert str(one.proof) == "read from replay and live"


@pytest.mark.parametrize("major", [15])
def test_what_an_extension_brings_is_unknown_and_not_missing(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute("create extension pg_trgm")
    judged = answers(["function similarity", "similarity(text, text)", "function similarities"], tmp_path, live.url)
    assert [answer.state for answer in judged.values()] == [State.UNKNOWN, State.UNKNOWN, State.FAILS]
    assert "the extension pg_trgm brings it" in judged["function similarity"].problem
