-- One of everything that routines, types and extensions can have.
create schema app;
create schema "Odd ""Schema";
do $$
begin
  if not exists (select from pg_roles where rolname = 'routines reader') then
    create role "routines reader";
    create role routines_owner;
  end if;
end $$;

create type app.state as enum ('new', 'it''s', 'Ünïcode', '');
create type app.nothing as enum ();
create type app.pair as (x integer, y varchar(10) collate "C", "Odd name" app.state[]);
create type app.empty as ();
comment on type app.pair is 'two';
comment on column app.pair.y is 'the second';
revoke usage on type app.pair from public;
grant usage on type app.pair to "routines reader" with grant option;
alter type app.pair owner to routines_owner;
create domain app.email as varchar(80) collate "C" default 'x@y' not null
  constraint has_at check (value like '%@%') check (length(value) > 2);
alter domain app.email add constraint late check (value <> 'z') not valid;
comment on constraint has_at on domain app.email is 'an address';
comment on domain app.email is 'where to write to';
create domain app.nested as app.email check (value in ('a@b', 'c@d'));
create domain app.many as integer[] check (cardinality(value) > 0);
create type app.span as range (
  subtype = float8, subtype_diff = float8mi, multirange_type_name = app.spans);
create type app.words as range (subtype = text, collation = "C", subtype_opclass = text_pattern_ops);

create function app.nothing() returns void language sql as '';
create function app.modes(a integer default 1, out b text, inout c text default 'x', variadic d text[] default '{}')
  language sql as $$ select $2, $3 $$;
create function app.tabled("A b" app.state) returns table (id integer, "n n" text) language plpgsql
  security definer set search_path = app, "Odd ""Schema", pg_temp set work_mem = '64MB' set "my.setting" = 'a''b\c'
  rows 12 cost 3.5 as $$ begin return; end $$;
create function app.pathless() returns void language sql set search_path = '' as '';
create function app.parsed(v varchar, w app.state default 'new') returns boolean language sql
  immutable strict parallel safe leakproof begin atomic select w <> 'new' and v = 'b'; end;
create function app.returned(integer) returns integer language sql stable parallel restricted return $1 + 1;
create function "Odd ""Schema"."F f"("select" integer, b app.state[] default null) returns setof record
  language sql as 'select 1';
create function app.many_lines() returns text language sql as $$
  select '1
2' || E'\\n' -- 'quoted' $x$
$$;
create function app.windowed() returns bigint language internal window as 'window_row_number';
create function app.supported(text, text) returns boolean language internal immutable strict
  support text_starts_with_support as 'text_starts_with';
create function app.polymorphic(anyelement, variadic anyarray) returns anyelement language sql as 'select $1';
create function app.events() returns event_trigger language plpgsql as 'begin end';
comment on function app.modes is 'in and out';
revoke execute on function app.modes from public;
grant execute on function app.modes to "routines reader";
alter function app.tabled owner to routines_owner;

create procedure app.proceed(inout x integer, y text default 'q') language plpgsql as $$ begin x := 1; end $$;
create procedure app.atomic(n integer) language sql begin atomic select n; select n + 1; end;
comment on procedure app.proceed is 'goes on';
revoke execute on procedure app.proceed from public;

create aggregate app.sum_of(integer) (
  sfunc = int4pl, stype = integer, initcond = '0', parallel = safe, combinefunc = int4pl,
  msfunc = int4pl, minvfunc = int4mi, mstype = integer, minitcond = '0', sspace = 4);
create function app.first_of(anycompatiblearray) returns anycompatible language sql as 'select $1[1]';
create aggregate app.ordered(order by anycompatible) (
  sfunc = array_append, stype = anycompatiblearray, finalfunc = app.first_of, finalfunc_modify = shareable, initcond = '{}');
create aggregate app.count_of(*) (sfunc = int8inc, stype = int8, initcond = '0');
create aggregate app.least_of(integer) (sfunc = int4smaller, stype = integer, sortop = operator(pg_catalog.<));
comment on aggregate app.sum_of(integer) is 'adds';
grant execute on function app.count_of() to "routines reader";
alter aggregate app.ordered(order by anycompatible) owner to routines_owner;
