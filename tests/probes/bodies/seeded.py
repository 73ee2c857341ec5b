"""Defects sown into healthy statements, each in several surroundings: 20 kinds, more than 200 functions."""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA = """
create type state as enum ('open', 'closed');
create type money_of as (amount numeric, currency text);
create table person (id bigint primary key, name text not null, email text unique, born date);
create table job (
  id bigint generated always as identity primary key, owner bigint references person, state state not null,
  title text, tags text[], made timestamptz default now(), price money_of,
  title_size integer generated always as (length(title)) stored
);
create view open_job as select id, title from job where state = 'open';
create function tally(a integer, b text) returns integer language sql as 'select a';
create procedure archive(job_id bigint, out done boolean) language plpgsql as $$ begin done := true; end $$;
"""

DECLARE = """
declare
  v_id bigint; v_text text; v_state state; v_when timestamptz; v_done boolean; v_uuid uuid; v_money money_of;
  r record; row_of job%rowtype; title_of job.title%type; jobs job[]; list text[];
  people cursor (p_name text) for select id, name from person where name = p_name;
  other refcursor;
"""


@dataclass(frozen=True)
class Seed:
    """A healthy statement and its broken twin, the error, and the text that it is at."""

    kind: str
    sqlstate: str
    good: str
    bad: str
    at: str


SEEDS = [
    Seed("column", "42703", "select title into v_text from job", "select titel into v_text from job", "titel"),
    Seed(
        "column", "42703", "update job set title = 'x' where id = 1", "update job set titel = 'x' where id = 1", "titel"
    ),
    Seed("table", "42P01", "perform 1 from person", "perform 1 from persons", "persons"),
    Seed(
        "table", "42P01", "delete from public.job where id = 1", "delete from public.jobb where id = 1", "public.jobb"
    ),
    Seed("function", "42883", "v_id := tally(1, 'a')", "v_id := taly(1, 'a')", "taly"),
    Seed("arguments", "42883", "v_id := tally(1, 'a')", "v_id := tally(v_when, 'a')", "tally"),
    Seed("arguments", "42883", "v_text := lower(v_text)", "v_text := lower(v_text, 1)", "lower"),
    Seed("operator", "42883", "v_done := v_id = 1", "v_done := v_id = v_text", "="),
    Seed(
        "field",
        "42703",
        "for r in select id, title from job loop v_text := r.title; end loop",
        "for r in select id, title from job loop v_text := r.titel; end loop",
        "r.titel",
    ),
    Seed("field", "42703", "row_of.title := 'x'", "row_of.titel := 'x'", "row_of.titel"),
    Seed(
        "field",
        "42703",
        "select * into r from person limit 1; v_text := r.name",
        "select * into r from person limit 1; v_text := r.nam",
        "r.nam",
    ),
    Seed(
        "insert",
        "42601",
        "insert into person (id, name) values (1, 'a')",
        "insert into person (id, name) values (1, 'a', 'b')",
        "'b'",
    ),
    Seed(
        "generated",
        "428C9",
        "insert into job (title, state) values ('a', 'open')",
        "insert into job (title, state, title_size) values ('a', 'open', 1)",
        "",
    ),
    Seed("enum", "22P02", "v_done := v_state = 'open'", "v_done := v_state = 'opened'", "'opened'"),
    Seed("constant", "22P02", "v_id := 5", "v_id := 'five'", "'five'"),
    Seed("conversion", "22P02", "v_text := now()", "v_uuid := now()", "now()"),
    Seed(
        "conflict",
        "42P10",
        "insert into person (id, name, email) values (1, 'a', 'b') on conflict (email) do nothing",
        "insert into person (id, name, email) values (1, 'a', 'b') on conflict (name) do nothing",
        "",
    ),
    Seed(
        "group",
        "42803",
        "perform name, count(*) from person group by name",
        "perform name, count(*) from person",
        "name",
    ),
    Seed(
        "literal command",
        "42P01",
        "execute 'select count(*) from job' into v_id",
        "execute 'select count(*) from jobz' into v_id",
        "jobz",
    ),
    Seed(
        "format command",
        "42703",
        "execute format('select %I from job', 'title') into v_text",
        "execute format('select %I from job', 'titel') into v_text",
        "format",
    ),
    Seed(
        "cursor",
        "42703",
        "open other for select title from job; close other",
        "open other for select titel from job; close other",
        "titel",
    ),
    Seed(
        "loop over a cursor",
        "42703",
        "for c in people('a') loop v_text := c.name; end loop",
        "for c in people('a') loop v_text := c.nam; end loop",
        "c.nam",
    ),
    Seed(
        "array",
        "42804",
        "foreach v_text in array list loop null; end loop",
        "foreach v_text in array lower('a') loop null; end loop",
        "lower('a') loop",
    ),
    Seed(
        "elements",
        "42703",
        "foreach row_of in array jobs loop v_text := row_of.title; end loop",
        "foreach row_of in array jobs loop v_text := row_of.titel; end loop",
        "row_of.titel",
    ),
    Seed("call", "42883", "call archive(1, v_done)", "call archived(1, v_done)", "archived"),
    Seed(
        "temporary table",
        "42703",
        "create temp table mine on commit drop as select id from job; insert into mine (id) values (1)",
        "create temp table mine on commit drop as select id from job; insert into mine (idd) values (1)",
        "idd",
    ),
    Seed(
        "ambiguous",
        "42702",
        "perform 1 from job where job.id = p_id and shared = 1",
        "perform 1 from (select 1 as shared) s where shared = 1",
        "shared",
    ),
    Seed("schema", "3F000", "perform pg_catalog.lower('A')", "perform publc.tally(1, 'a')", "publc"),
    Seed("type", "42704", "v_text := 'open'::state", "v_text := 'open'::stat", "stat"),
    Seed("alias", "42P01", "perform j.id from job j where j.id = 1", "perform j.id from job j where k.id = 1", "k.id"),
]

CONTEXTS = {
    "top": "{s};",
    "branch": "if p_id > 1 then null; elsif p_id < 0 then {s}; end if;",
    "loop": "for i in 1..3 loop {s}; end loop;",
    "nested": "<<inner>> declare shadowed text := 'a'; v_other integer; begin v_other := 1; {s}; end;",
    "case": "case p_id when 1 then null; when 2, 3 then {s}; else null; end case;",
    "guarded": "begin {s}; exception when unique_violation then null; end;",
    "handler": "begin null; exception when unique_violation or sqlstate '22012' then raise info 'x'; {s}; end;",
    "while": "while p_id < 5 loop exit when p_id = 3; {s}; end loop;",
}


def functions() -> list[tuple[str, Seed, str]]:
    """Return name, seed and body of every broken function, and under `ok_…` of its healthy twin."""
    made = []
    for number, seed in enumerate(SEEDS):
        for context, template in CONTEXTS.items():
            for name, statement in ((f"bad_{number}_{context}", seed.bad), (f"ok_{number}_{context}", seed.good)):
                body = f"{DECLARE}  shared integer;\nbegin\n  {template.format(s=statement)}\nend "
                made.append((name, seed, body))
    return made


def sql() -> str:
    """Return the statements that make them all."""
    create = "create function {}(p_id bigint) returns void language plpgsql as $body${}$body$;\n"
    return SCHEMA + "".join(create.format(name, body) for name, _, body in functions())
