-- Functions that a hostile reader would choose: after the schema, each with its healthy twin. `{name}` is the function's name.
create type state as enum ('open', 'closed');
create type pair as (a integer, b text);
create domain percent as integer check (value between 0 and 100);
create table person (id bigint primary key, name varchar(40) not null, email text, born date, data jsonb);
create unique index on person (email) where born is not null;
create table job (
  id bigint primary key, owner bigint references person, state state not null, title text, tags text[],
  made timestamptz default now(), code uuid, amount numeric(8, 2)
);
create table counter (id bigint generated always as identity primary key, name text unique, count integer, deleted boolean);
create table copy_of_job (id bigint primary key, title text);
create view busy as select p.name, count(*) as jobs from job j join person p on p.id = j.owner group by p.name;
create function twice(a integer) returns integer language sql as 'select 2 * a';
create function twice(a numeric) returns numeric language sql as 'select 2 * a';
create function named(first_one integer, second_one text default 'x') returns integer language sql as 'select 1';
create function pairs() returns setof record language sql as 'select 1, 2';
create function stamp() returns trigger language plpgsql as $$ begin new.made := now(); return new; end $$;
create trigger stamp before insert on job for each row execute function stamp();
create procedure archive(job_id bigint) language plpgsql as $$ begin delete from job where id = job_id; end $$;
create procedure archived(job_id bigint, out done boolean) language plpgsql as $$ begin done := true; end $$;
create procedure in_steps() language plpgsql as $$ begin delete from job; commit; end $$;
create materialized view stats as select 1 as a;
create function archive_all() returns void language sql as 'select';
create function my_schema_fn() returns void language sql as 'select';
create schema side; create table side.note (id bigint primary key, body text);

-- [transaction 2D000]
-- healthy
create procedure {name}() language plpgsql as $$ begin delete from job; commit; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin delete from job; commit; end $$;

-- [transaction 2D000]
-- healthy
create function {name}(n integer) returns void language plpgsql as $$
begin
  if n > 1 then raise exception 'x'; end if;
end
$$;
-- broken
create function {name}(n integer) returns void language plpgsql as $$
begin
  if n > 1 then rollback; end if;
end
$$;

-- [transaction 2D000]
-- healthy
create procedure {name}() language plpgsql as $$
begin
  begin delete from job; exception when others then null; end; commit;
end
$$;
-- broken
create procedure {name}() language plpgsql as $$
begin
  delete from job; commit; exception when others then raise;
end
$$;

-- [transaction 2D000]
-- healthy
create procedure {name}() language plpgsql as $$ begin delete from job; commit; end $$;
-- broken
create procedure {name}() language plpgsql set search_path = public as $$ begin delete from job; commit; end $$;

-- [transaction 2D000]
-- healthy
create procedure {name}() language plpgsql security definer as $$ begin delete from job; end $$;
-- broken
create procedure {name}() language plpgsql security definer as $$ begin delete from job; commit; end $$;

-- [transaction 2D000]
-- healthy
create procedure {name}() language plpgsql as $$ begin call in_steps(); end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin call in_steps(); end $$;

-- [transaction 0A000]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  begin delete from job; exception when others then null; end;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$ begin savepoint a; delete from job; end $$;

-- [utility 0A000]
-- healthy
create function {name}() returns void language plpgsql as $$ begin delete from job; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin copy job from stdin; end $$;

-- [utility 25001]
-- healthy
create function {name}() returns void language plpgsql as $$ begin analyze job; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin vacuum job; end $$;

-- [utility 25001]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  create index if not exists job_owner on job (owner);
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  create index concurrently if not exists job_owner on job (owner);
end
$$;

-- [utility 42P01]
-- healthy
create function {name}() returns void language plpgsql as $$ begin truncate job; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin truncate jobs; end $$;

-- [utility 42P01]
-- healthy
create function {name}() returns void language plpgsql as $$ begin drop table if exists old_job; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin drop table old_job; end $$;

-- [utility 42P01]
-- healthy
create function {name}() returns void language plpgsql as $$ begin alter table job disable trigger user; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin alter table jobs disable trigger user; end $$;

-- [call 42809]
-- healthy
create function {name}() returns void language plpgsql as $$ begin call archive(1); end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform archive(1); end $$;

-- [call 42809]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform twice(1); end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin call twice(1); end $$;

-- [call 42601]
-- healthy
create function {name}() returns void language plpgsql as $$ declare v boolean; begin call archived(1, v); end $$;
-- broken
create function {name}() returns void language plpgsql as $$
declare v boolean;
begin
  call archived(1, true);
end
$$;

-- [call 42883]
-- healthy
create function {name}() returns void language plpgsql as $$ declare v boolean; begin call archived(1, v); end $$;
-- broken
create function {name}() returns void language plpgsql as $$
declare v boolean;
begin
  call archived(now(), v);
end
$$;

-- [call 42883]
-- healthy
create function {name}() returns void language plpgsql as $$ declare v boolean; begin call archived(1, v); end $$;
-- broken
create function {name}() returns void language plpgsql as $$
declare v boolean;
begin
  call archived(1, v, 2);
end
$$;

-- [call 42725]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform twice(1); end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform twice('1'); end $$;

-- [call 42883]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform named(first_one => 1); end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform named(one => 1); end $$;

-- [call 0A000]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform twice(1); end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform stamp(); end $$;

-- [call 42601]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform * from pairs() as p(a integer, b integer);
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform * from pairs(); end $$;

-- [result 42804]
-- healthy
create function {name}() returns table (id bigint, name text) language plpgsql as $$
begin
  return query select p.id, p.name::text from person p;
end
$$;
-- broken
create function {name}() returns table (id bigint, name text) language plpgsql as $$
begin
  return query select p.id, p.name from person p;
end
$$;

-- [result 42804]
-- healthy
create function {name}() returns setof integer language plpgsql as $$
begin
  return query select count(*)::integer from job;
end
$$;
-- broken
create function {name}() returns setof integer language plpgsql as $$
begin
  return query select count(*) from job;
end
$$;

-- [result 42804]
-- healthy
create function {name}() returns table (s text) language plpgsql as $$
begin
  return query select j.state::text from job j;
end
$$;
-- broken
create function {name}() returns table (s text) language plpgsql as $$
begin
  return query select j.state from job j;
end
$$;

-- [result 42804]
-- healthy
create function {name}() returns setof copy_of_job language plpgsql as $$
begin
  return query select * from copy_of_job;
end
$$;
-- broken
create function {name}() returns setof copy_of_job language plpgsql as $$
begin
  return query select id from copy_of_job;
end
$$;

-- [result 42804]
-- healthy
create function {name}() returns table (i bigint, t text) language plpgsql as $$
begin
  return query execute format('select id, title from %I', 'job');
end
$$;
-- broken
create function {name}() returns table (i bigint, t text) language plpgsql as $$
begin
  return query execute format('select id, state from %I', 'job');
end
$$;

-- [result 42804]
-- healthy
create function {name}() returns pair language plpgsql as $$ begin return (1, 'a'::text); end $$;
-- broken
create function {name}() returns pair language plpgsql as $$ begin return (1, 'a'::text, 2); end $$;

-- [result 42601]
-- healthy
create function {name}() returns text language plpgsql as $$ begin return (select title from job limit 1); end $$;
-- broken
create function {name}() returns text language plpgsql as $$
begin
  return (select id, title from job limit 1);
end
$$;

-- [result 42804]
-- healthy
create function {name}() returns setof copy_of_job language plpgsql as $$
declare r record;
begin
  for r in select id, title from job loop return next r; end loop;
end
$$;
-- broken
create function {name}() returns setof copy_of_job language plpgsql as $$
declare r record;
begin
  for r in select title, id from job loop return next r; end loop;
end
$$;

-- [missing return 2F005]
-- healthy
create function {name}(n integer) returns text language plpgsql as $$
begin
  case n when 1 then return 'a'; else return 'b'; end case;
end
$$;
-- broken
create function {name}(n integer) returns text language plpgsql as $$
begin
  case n when 1 then raise notice 'a'; else raise notice 'b'; end case;
end
$$;

-- [missing return 2F005]
-- healthy
create function {name}() returns boolean language plpgsql as $$
begin
  update job set title = 'x'; return found;
end
$$;
-- broken
create function {name}() returns boolean language plpgsql as $$ begin update job set title = 'x'; end $$;

-- [ambiguous 42702]
-- healthy
create function {name}() returns table (name text) language plpgsql as $$
begin
  insert into counter (name, count) values ('a', 1) on conflict on constraint counter_name_key do nothing;
end
$$;
-- broken
create function {name}() returns table (name text) language plpgsql as $$
begin
  insert into counter (name, count) values ('a', 1) on conflict (name) do nothing;
end
$$;

-- [ambiguous 42702]
-- healthy
create function {name}(out count integer) returns integer language plpgsql as $$
begin
  update counter c set count = c.count + 1;
end
$$;
-- broken
create function {name}(out count integer) returns integer language plpgsql as $$
begin
  update counter set count = count + 1;
end
$$;

-- [ambiguous 42702]
-- healthy
create function {name}() returns table (id bigint) language plpgsql as $$
begin
  return query select c.id from counter c order by c.id;
end
$$;
-- broken
create function {name}() returns table (id bigint) language plpgsql as $$
begin
  return query select c.id from counter c where id > 0;
end
$$;

-- [ambiguous 42702]
-- healthy
create function {name}(owner bigint, delete_of bigint) returns void language plpgsql as $$
begin
  delete from job j where j.owner = delete_of;
end
$$;
-- broken
create function {name}(owner bigint, delete_of bigint) returns void language plpgsql as $$
begin
  delete from job where owner = owner;
end
$$;

-- [ambiguous 42702]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform 1 from job j join person p on p.id = j.owner where j.id = 1;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  perform 1 from job j join person p on p.id = j.owner where id = 1;
end
$$;

-- [type 42804]
-- healthy
create function {name}(p_state text) returns void language plpgsql as $$
begin
  update job set state = p_state::state;
end
$$;
-- broken
create function {name}(p_state text) returns void language plpgsql as $$
begin
  update job set state = p_state;
end
$$;

-- [type 42883]
-- healthy
create function {name}(p_state text) returns void language plpgsql as $$
begin
  perform 1 from job where state = p_state::state;
end
$$;
-- broken
create function {name}(p_state text) returns void language plpgsql as $$
begin
  perform 1 from job where state = p_state;
end
$$;

-- [type 42883]
-- healthy
create function {name}(p text) returns void language plpgsql as $$
begin
  perform 1 from job where code = p::uuid;
end
$$;
-- broken
create function {name}(p text) returns void language plpgsql as $$
begin
  perform 1 from job where code = p;
end
$$;

-- [type 22P02]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform (data ->> 'n')::integer + 1 from person;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform data ->> 'n' + 1 from person; end $$;

-- [type 42804]
-- healthy
create function {name}(n integer) returns void language plpgsql as $$
declare v text;
begin
  v := coalesce(n::text, 'none');
end
$$;
-- broken
create function {name}(n integer) returns void language plpgsql as $$
declare v text;
begin
  v := coalesce(n, array['none']);
end
$$;

-- [type 42804]
-- healthy
create function {name}(n integer) returns void language plpgsql as $$
begin
  perform case when n > 1 then 'a' else n::text end;
end
$$;
-- broken
create function {name}(n integer) returns void language plpgsql as $$
begin
  perform case when n > 1 then now() else n end;
end
$$;

-- [type 22P02]
-- healthy
create function {name}() returns void language plpgsql as $$
declare v timestamptz;
begin
  select made into v from job;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare v timestamptz;
begin
  select code into v from job;
end
$$;

-- [type 22P02]
-- healthy
create function {name}() returns void language plpgsql as $$
declare v bigint;
begin
  select id into v from job;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare v bigint;
begin
  select made into v from job;
end
$$;

-- [type 22P02]
-- healthy
create function {name}(n integer) returns void language plpgsql as $$ begin if n > 1 then null; end if; end $$;
-- broken
create function {name}(n integer) returns void language plpgsql as $$ begin if now() then null; end if; end $$;

-- [type 22P02]
-- healthy
create function {name}() returns void language plpgsql as $$
declare v integer;
begin
  v := tags[1] from job;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$ declare v integer; begin v := tags from job; end $$;

-- [type 22P02]
-- healthy
create function {name}(p jsonb) returns void language plpgsql as $$
declare v text[];
begin
  v := array(select jsonb_array_elements_text(p));
end
$$;
-- broken
create function {name}(p jsonb) returns void language plpgsql as $$
declare v text[];
begin
  v := p -> 'tags';
end
$$;

-- [constant 23514]
-- healthy
create function {name}() returns void language plpgsql as $$ declare v percent; begin v := 100; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ declare v percent; begin v := 101; end $$;

-- [constant 22003]
-- healthy
create function {name}() returns void language plpgsql as $$ declare v smallint; begin v := 30000; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ declare v smallint; begin v := 70000; end $$;

-- [constant 22001]
-- healthy
create function {name}() returns void language plpgsql as $$ declare v varchar(3); begin v := 'abc'; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ declare v varchar(3); begin v := 'abcd'; end $$;

-- [constant 22008]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform 1 from job where made > '2024-02-29';
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  perform 1 from job where made > '2023-02-29';
end
$$;

-- [constant 22007]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform now() - interval '3 days'; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform now() - interval '3 dayz'; end $$;

-- [constant 22004]
-- healthy
create function {name}() returns void language plpgsql as $$
declare v integer not null := 0;
begin
  v := 1;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare v integer not null := 0;
begin
  v := null;
end
$$;

-- [constant 22P02]
-- healthy
create function {name}() returns void language plpgsql as $$ declare v text[]; begin v := '{}'; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ declare v text[]; begin v := 'a,b'; end $$;

-- [constant 22012]
-- healthy
create function {name}() returns void language plpgsql as $$ declare v integer; begin v := 100 / 4; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ declare v integer; begin v := 100 / 0; end $$;

-- [loop 22023]
-- healthy
create function {name}() returns void language plpgsql as $$ begin for i in 1..9 by 2 loop null; end loop; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin for i in 1..9 by 0 loop null; end loop; end $$;

-- [loop 22P02]
-- healthy
create function {name}() returns void language plpgsql as $$ begin for i in 1..9 loop null; end loop; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin for i in 1..now() loop null; end loop; end $$;

-- [loop 42804]
-- healthy
create function {name}() returns void language plpgsql as $$
declare v text[]; w text; list text[] := '{a}';
begin
  foreach v slice 1 in array list loop null; end loop;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare v text[]; w text; list text[] := '{a}';
begin
  foreach w slice 1 in array list loop null; end loop;
end
$$;

-- [loop 42804]
-- healthy
create function {name}() returns void language plpgsql as $$
declare v text[]; w text; list text[] := '{a}';
begin
  foreach w in array list loop null; end loop;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare v text[]; w text; list text[] := '{a}';
begin
  foreach v in array list loop null; end loop;
end
$$;

-- [record 55000]
-- healthy
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  select * into r from job; raise notice '%', r.title;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  raise notice '%', r.title; select * into r from job;
end
$$;

-- [record 55000]
-- healthy
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  r := row(1, 2); r.f1 := 1;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$ declare r record; begin r.title := 'x'; end $$;

-- [record 42703]
-- healthy
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  for r in select j.id, p.name as owner from job j join person p on p.id = j.owner loop raise notice '%', r.owner;
  end loop;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  for r in select j.id, p.name from job j join person p on p.id = j.owner loop raise notice '%', r.owner;
  end loop;
end
$$;

-- [record 42703]
-- healthy
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  delete from job where id = 1 returning id, title into r; raise notice '%', r.title;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  delete from job where id = 1 returning id into r; raise notice '%', r.title;
end
$$;

-- [record 42703]
-- healthy
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  with d as (delete from job returning id, title) select * into r from d; raise notice '%', r.title;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  with d as (delete from job returning id) select * into r from d; raise notice '%', r.title;
end
$$;

-- [record 42703]
-- healthy
create function {name}() returns void language plpgsql as $$
declare c cursor for select * from job; r record;
begin
  open c; fetch c into r; close c; raise notice '%', r.title;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare c cursor for select * from job; r record;
begin
  open c; fetch c into r; close c; raise notice '%', r.titel;
end
$$;

-- [raise 42601]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  raise exception using message = 'a', hint = 'b';
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  raise exception 'a' using message = 'b';
end
$$;

-- [raise 42704]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  raise exception 'a' using errcode = 'unique_violation';
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  raise exception 'a' using errcode = 'uniqueness_violated';
end
$$;

-- [raise 0Z002]
-- healthy
create function {name}(n integer) returns void language plpgsql as $$
begin
  begin delete from job; exception when others then raise; end;
end
$$;
-- broken
create function {name}(n integer) returns void language plpgsql as $$ begin if n = 1 then raise; end if; end $$;

-- [raise 0Z002]
-- healthy
create function {name}() returns void language plpgsql as $$
declare v text;
begin
  begin delete from job; exception when others then get stacked diagnostics v = message_text; end;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare v text;
begin
  get stacked diagnostics v = message_text;
end
$$;

-- [raise 42703]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  begin delete from job; exception when others then raise notice '%', sqlerrm; end;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  delete from job; raise notice '%', sqlerrm;
end
$$;

-- [dynamic 42P02]
-- healthy
create function {name}() returns void language plpgsql as $$ begin execute 'select $1 + $2' using 1, 2; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin execute 'select $1 + $2' using 1; end $$;

-- [dynamic 22023]
-- healthy
create function {name}(t text, n integer) returns void language plpgsql as $$
begin
  execute format('select count(*) from %I where id = %s', t, n);
end
$$;
-- broken
create function {name}(t text, n integer) returns void language plpgsql as $$
begin
  execute format('select count(*) from %I where id = %d', t, n);
end
$$;

-- [dynamic 22023]
-- healthy
create function {name}(t text, n integer) returns void language plpgsql as $$
begin
  execute format('select %L, %L', t, n);
end
$$;
-- broken
create function {name}(t text, n integer) returns void language plpgsql as $$
begin
  execute format('select %L, %L', t);
end
$$;

-- [dynamic 42601]
-- healthy
create function {name}(t text) returns void language plpgsql as $$
declare n bigint;
begin
  execute format('select count(*) from %I', t) into n;
end
$$;
-- broken
create function {name}(t text) returns void language plpgsql as $$
declare n bigint;
begin
  execute format('select count(*) from %L', t) into n;
end
$$;

-- [dynamic 42P01]
-- healthy
create function {name}(t text) returns void language plpgsql as $$
begin
  execute format('update job set title = %L where id = %L', t, 1);
end
$$;
-- broken
create function {name}(t text) returns void language plpgsql as $$
begin
  execute format('update jobs set title = %L where id = %L', t, 1);
end
$$;

-- [dynamic 42703]
-- healthy
create function {name}(n integer) returns void language plpgsql as $$
begin
  execute 'delete from job where id = ' || n;
end
$$;
-- broken
create function {name}(n integer) returns void language plpgsql as $$
begin
  execute 'delete from job where idd = ' || n;
end
$$;

-- [dynamic 42703]
-- healthy
create function {name}(t text) returns void language plpgsql as $$
begin
  execute 'update job set title = $1' using t;
end
$$;
-- broken
create function {name}(t text) returns void language plpgsql as $$
begin
  execute 'update job set title = t';
end
$$;

-- [dynamic 0A000]
-- healthy
create function {name}() returns void language plpgsql as $$
declare v bigint;
begin
  execute 'select id from job' into v;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare v bigint;
begin
  execute 'select id into v from job';
end
$$;

-- [dynamic 22004]
-- healthy
create function {name}() returns void language plpgsql as $$ begin execute 'select 1'; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin execute null; end $$;

-- [dynamic 42601]
-- healthy
create function {name}(t text) returns void language plpgsql as $$
begin
  execute 'select count(*) from ' || quote_ident(t) || ' where id = 1';
end
$$;
-- broken
create function {name}(t text) returns void language plpgsql as $$
begin
  execute 'select count(*) from ' || quote_ident(t) || ' were id = 1';
end
$$;

-- [dynamic 42703]
-- healthy
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  for r in execute 'select id, title from job' loop raise notice '%', r.title; end loop;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  for r in execute 'select id from job' loop raise notice '%', r.title; end loop;
end
$$;

-- [write 42P10]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  insert into person (id, name, email) values (1, 'a', 'b') on conflict (email) where born is not null do nothing;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  insert into person (id, name, email) values (1, 'a', 'b') on conflict (email) do nothing;
end
$$;

-- [write 428C9]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  insert into counter (name) values ('a');
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  insert into counter (id, name) values (1, 'a');
end
$$;

-- [write 55000]
-- healthy
create function {name}() returns void language plpgsql as $$ begin update job set title = 'x'; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin update busy set jobs = 1; end $$;

-- [write 42804]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  insert into copy_of_job select id, title from job;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  insert into copy_of_job select title, title from job;
end
$$;

-- [write 42601]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  insert into copy_of_job values (1, 'a');
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  insert into copy_of_job values (1, 'a', 2);
end
$$;

-- [write 0A000]
-- healthy
create function {name}() returns void language plpgsql stable as $$ begin perform 1 from job; end $$;
-- broken
create function {name}() returns void language plpgsql stable as $$
begin
  insert into copy_of_job values (1, 'a');
end
$$;

-- [write 42P01]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform nextval('counter_id_seq'); end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform nextval('counters_id_seq'); end $$;

-- [query 42803]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform owner from job group by owner having count(*) > 1;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  perform owner from job where count(*) > 1 group by owner;
end
$$;

-- [query 42P20]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform row_number() over (order by id) from job;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  perform 1 from job where row_number() over (order by id) = 1;
end
$$;

-- [query 42P10]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform distinct on (owner) id from job order by owner, made;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  perform distinct on (owner) id from job order by made;
end
$$;

-- [query 0A000]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform owner from job where owner is null for update;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  perform owner from job group by owner for update;
end
$$;

-- [query 42601]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform id from job union select id from person;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  perform id, title from job union select id from person;
end
$$;

-- [query 42804]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform id from job union select id from person;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  perform made from job union select id from person;
end
$$;

-- [query 42704]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform to_tsvector('english', title) from job;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  perform to_tsvector('englisch', title) from job;
end
$$;

-- [search path 42P01]
-- healthy
create function {name}() returns void language plpgsql set search_path = '' as $$
begin
  perform 1 from public.job;
end
$$;
-- broken
create function {name}() returns void language plpgsql set search_path = '' as $$
begin
  perform 1 from job;
end
$$;

-- [search path 42704]
-- healthy
create function {name}() returns void language plpgsql set search_path = '' as $$
begin
  perform 'open'::public.state;
end
$$;
-- broken
create function {name}() returns void language plpgsql set search_path = '' as $$
begin
  perform 'open'::state;
end
$$;

-- [search path 42883]
-- healthy
create function {name}() returns void language plpgsql set search_path = side as $$
begin
  perform public.twice(1);
end
$$;
-- broken
create function {name}() returns void language plpgsql set search_path = side as $$
begin
  perform twice(1);
end
$$;

-- [search path 42P01]
-- healthy
create function {name}() returns void language plpgsql set search_path = side as $$
begin
  perform 1 from note;
end
$$;
-- broken
create function {name}() returns void language plpgsql set search_path = side as $$
begin
  perform 1 from job;
end
$$;

-- [trigger 42703]
-- healthy
create function {name}() returns trigger language plpgsql as $$ begin new.made := now(); return new; end $$;
create trigger {name} before insert on job for each row execute function {name}();
-- broken
create function {name}() returns trigger language plpgsql as $$
begin
  new.modified_at := now(); return new;
end
$$;
create trigger {name} before insert on job for each row execute function {name}();

-- [trigger 42804]
-- healthy
create function {name}() returns trigger language plpgsql as $$ declare p person; begin return new; end $$;
create trigger {name} before insert on job for each row execute function {name}();
-- broken
create function {name}() returns trigger language plpgsql as $$
declare p person;
begin
  select * into p from person limit 1; return p;
end
$$;
create trigger {name} before insert on job for each row execute function {name}();

-- [trigger 2F005]
-- healthy
create function {name}() returns trigger language plpgsql as $$ begin perform 1; return null; end $$;
create trigger {name} after insert on job for each row execute function {name}();
-- broken
create function {name}() returns trigger language plpgsql as $$ begin perform 1; end $$;
create trigger {name} after insert on job for each row execute function {name}();

-- [trigger 42P01]
-- healthy
create function {name}() returns trigger language plpgsql as $$ begin perform 1 from fresh; return null; end $$;
create trigger {name} after insert on job referencing new table as fresh for each statement execute function {name}();
-- broken
create function {name}() returns trigger language plpgsql as $$ begin perform 1 from fresh; return null; end $$;
create trigger {name} after insert on job for each statement execute function {name}();

-- [trigger 42601]
-- healthy
create function {name}() returns trigger language plpgsql as $$
begin
  insert into copy_of_job values (new.id, new.title); return null;
end
$$;
create trigger {name} after insert on job for each row execute function {name}();
-- broken
create function {name}() returns trigger language plpgsql as $$
begin
  insert into copy_of_job select new.*; return null;
end
$$;
create trigger {name} after insert on job for each row execute function {name}();

-- [trigger 22P02]
-- healthy
create function {name}() returns trigger language plpgsql as $$ begin new.state := 'closed'; return new; end $$;
create trigger {name} before insert on job for each row execute function {name}();
-- broken
create function {name}() returns trigger language plpgsql as $$ begin new.state := 'done'; return new; end $$;
create trigger {name} before insert on job for each row execute function {name}();

-- [sql 42703]
-- healthy
create function {name}() returns text language sql as $$ select title from job limit 1 $$;
-- broken
create function {name}() returns text language sql as $$ select titel from job limit 1 $$;

-- [sql 42P13]
-- healthy
create function {name}() returns bigint language sql as $$ select id from job $$;
-- broken
create function {name}() returns bigint language sql as $$ select title from job $$;

-- [sql 42P13]
-- healthy
create function {name}() returns bigint language sql as $$ delete from job where id = 1 returning id $$;
-- broken
create function {name}() returns bigint language sql as $$ delete from job where id = 1 $$;

-- [sql 42P13]
-- healthy
create function {name}() returns table (a bigint, b text) language sql as $$ select id, title from job $$;
-- broken
create function {name}() returns table (a bigint, b text) language sql as $$ select id from job $$;

-- [event trigger 42703]
-- healthy
create function {name}() returns event_trigger language plpgsql as $$
declare r record;
begin
  for r in select * from pg_event_trigger_ddl_commands() loop raise notice '% %', tg_tag, r.object_identity;
  end loop;
end
$$;
-- broken
create function {name}() returns event_trigger language plpgsql as $$
declare r record;
begin
  for r in select * from pg_event_trigger_ddl_commands() loop raise notice '% %', tg_tag, r.object_name;
  end loop;
end
$$;

-- [event trigger 42P01]
-- healthy
create function {name}() returns event_trigger language plpgsql as $$ begin raise notice '%', tg_event; end $$;
-- broken
create function {name}() returns event_trigger language plpgsql as $$ begin raise notice '%', new.id; end $$;

-- [into 22P02]
-- healthy
create function {name}() returns void language plpgsql as $$
declare v bigint;
begin
  for v in select id from job loop null; end loop;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare v bigint;
begin
  for v in select made from job loop null; end loop;
end
$$;

-- [into 22P02]
-- healthy
create function {name}() returns void language plpgsql as $$
declare v bigint; w timestamptz;
begin
  select id, made into strict v, w from job;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare v bigint; w timestamptz;
begin
  select made, id into strict v, w from job;
end
$$;

-- [type 22P02]
-- healthy
create function {name}(out done boolean) returns boolean language plpgsql as $$ begin done := true; end $$;
-- broken
create function {name}(out done boolean) returns boolean language plpgsql as $$ begin done := now(); end $$;

-- [duplicate 42701]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  insert into copy_of_job (id, title) values (1, 'a');
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  insert into copy_of_job (id, id) values (1, 2);
end
$$;

-- [duplicate 42601]
-- healthy
create function {name}() returns void language plpgsql as $$ begin update job set title = 'a'; end $$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  update job set title = 'a', title = 'b';
end
$$;

-- [duplicate 42712]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform 1 from job j, person p; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform 1 from job j, person j; end $$;

-- [query 42601]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform * from (values (1, 2), (3, 4)) v;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform * from (values (1), (3, 4)) v; end $$;

-- [query 42P10]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform id from job order by 1; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform id from job order by 5; end $$;

-- [query 42883]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform round(amount, 2) from job; end $$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  perform round(amount::float, 2) from job;
end
$$;

-- [query 42883]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform generate_series(now(), now(), interval '1 day');
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform generate_series(now(), now()); end $$;

-- [query 42809]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform count(*) filter (where id > 1) from job;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  perform lower(title) filter (where id > 1) from job;
end
$$;

-- [query 42809]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  perform 1 from job where 'a' = any(tags);
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform 1 from job where 'a' = any(id); end $$;

-- [query 42804]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform tags[1] from job; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform title[1] from job; end $$;

-- [query 42P01]
-- healthy
create function {name}() returns void language plpgsql as $$ declare v text; begin perform v; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ declare v text; begin perform v.nope; end $$;

-- [query 42846]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform 1::text; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform true::uuid; end $$;

-- [query 42601]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  insert into person (id, name) values (1, 'a') on conflict (id) do update set name = 'b';
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  insert into person (id, name) values (1, 'a') on conflict do update set name = 'b';
end
$$;

-- [query 42703]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  insert into person (id, name) values (1, 'a') on conflict (id) do update set name = excluded.name;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  insert into person (id, name) values (1, 'a') on conflict (id) do update set name = excluded.title;
end
$$;

-- [query 42601]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform (select id from job limit 1); end $$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  perform (select id, title from job limit 1);
end
$$;

-- [query 42703]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  if exists (select 1 from job where id = 1) then null; end if;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  if exists (select 1 from job where idd = 1) then null; end if;
end
$$;

-- [query 42883]
-- healthy
create function {name}(n integer) returns void language plpgsql as $$
begin
  case n when 1 then null; else null; end case;
end
$$;
-- broken
create function {name}(n integer) returns void language plpgsql as $$
begin
  case n when now() then null; else null; end case;
end
$$;

-- [query 42704]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  begin null; exception when unique_violation then null; end;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  begin null; exception when unique_violaton then null; end;
end
$$;

-- [dynamic utility 42P01]
-- healthy
create function {name}() returns void language plpgsql as $$ begin execute 'truncate job'; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin execute 'truncate jobz'; end $$;

-- [dynamic utility 42P01]
-- healthy
create function {name}() returns void language plpgsql as $$
begin
  execute 'refresh materialized view stats';
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
begin
  execute 'refresh materialized view statz';
end
$$;

-- [dynamic utility 42P01]
-- healthy
create function {name}() returns void language plpgsql as $$ begin execute 'drop table if exists jobz'; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin execute 'drop table jobz'; end $$;

-- [dynamic utility 25001]
-- healthy
create function {name}() returns void language plpgsql as $$ begin execute 'analyze job'; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin execute 'vacuum job'; end $$;

-- [dynamic utility 0A000]
-- healthy
create function {name}() returns void language plpgsql as $$ begin execute 'select 1'; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin execute 'commit'; end $$;

-- [dynamic 42601]
-- healthy
create function {name}(t text, n integer) returns void language plpgsql as $$
begin
  execute format('select * from %I where id = %L', t, n);
end
$$;
-- broken
create function {name}(t text, n integer) returns void language plpgsql as $$
begin
  execute format('select * from %I were id = = %L', t, n);
end
$$;

-- [dynamic 42P01]
-- healthy
create function {name}(t text, n integer) returns void language plpgsql as $$
begin
  execute format('insert into copy_of_job (id, title) values (%s, %L)', n, t);
end
$$;
-- broken
create function {name}(t text, n integer) returns void language plpgsql as $$
begin
  execute format('insert into copy_of_jobs (id, title) values (%s, %L)', n, t);
end
$$;

-- [dynamic 42703]
-- healthy
create function {name}(n integer) returns setof text language plpgsql as $$
begin
  return query execute 'select title from job where id = ' || n;
end
$$;
-- broken
create function {name}(n integer) returns setof text language plpgsql as $$
begin
  return query execute 'select titel from job where id = ' || n;
end
$$;

-- [dynamic 42P02]
-- healthy
create function {name}(t text, n integer) returns void language plpgsql as $$
begin
  execute 'update job set title = $1 where id = $2' using t, n;
end
$$;
-- broken
create function {name}(t text, n integer) returns void language plpgsql as $$
begin
  execute 'update job set title = $1 where id = $2' using t;
end
$$;

-- [utility 42P01]
-- healthy
create function {name}() returns void language plpgsql as $$ begin grant select on job to public; end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin grant select on jobz to public; end $$;

-- [sql 25001]
-- healthy
create function {name}() returns void language sql as $$ analyze job $$;
-- broken
create function {name}() returns void language sql as $$ vacuum job $$;

-- [sql 0A000]
-- healthy
create function {name}() returns void language sql as $$ delete from job $$;
-- broken
create function {name}() returns void language sql as $$ delete from job; commit $$;

-- [call 42883]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform archive_all(); end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform archive_all(1); end $$;

-- [call 42883]
-- healthy
create function {name}() returns void language plpgsql as $$ begin perform my_schema_fn(); end $$;
-- broken
create function {name}() returns void language plpgsql as $$ begin perform side.my_schema_fn(); end $$;

-- [trigger 42703]
-- healthy
create function {name}() returns trigger language plpgsql as $$
begin
  insert into copy_of_job (id, title) values (old.id, old.title); return old;
end
$$;
create trigger {name} before delete on job for each row execute function {name}();
-- broken
create function {name}() returns trigger language plpgsql as $$
begin
  insert into copy_of_job (id, title) values (old.id, old.name); return old;
end
$$;
create trigger {name} before delete on job for each row execute function {name}();

-- [trigger 42703]
-- healthy
create function {name}() returns trigger language plpgsql as $$
begin
  if new.title is distinct from old.title then new.made := now(); end if; return new;
end
$$;
create trigger {name} before update on job for each row execute function {name}();
-- broken
create function {name}() returns trigger language plpgsql as $$
begin
  if new.titel is distinct from old.titel then new.made := now(); end if; return new;
end
$$;
create trigger {name} before update on job for each row execute function {name}();

-- [trigger 42883]
-- healthy
create function {name}() returns trigger language plpgsql as $$
begin
  if new.owner = 1 then return null; end if; return new;
end
$$;
create trigger {name} before insert on job for each row execute function {name}();
-- broken
create function {name}() returns trigger language plpgsql as $$
begin
  if new.owner = new.code then return null; end if; return new;
end
$$;
create trigger {name} before insert on job for each row execute function {name}();

-- [trigger 42804]
-- healthy
create function {name}() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger {name} before insert on job for each row execute function {name}();
-- broken
create function {name}() returns trigger language plpgsql as $$ begin return 'x'; end $$;
create trigger {name} before insert on job for each row execute function {name}();

-- [record 42703]
-- healthy
create function {name}() returns void language plpgsql as $$
declare r job;
begin
  r := jsonb_populate_record(null::job, '{}'); raise notice '%', r.title;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare r job;
begin
  r := jsonb_populate_record(null::job, '{}'); raise notice '%', r.titel;
end
$$;

-- [record 42703]
-- healthy
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  r := row(1, 'a')::pair; raise notice '%', r.a;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  r := row(1, 'a')::pair; raise notice '%', r.c;
end
$$;

-- [record 42703]
-- healthy
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  for r in select jsonb_array_elements('[]') as e loop raise notice '%', r.e ->> 'x'; end loop;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  for r in select jsonb_array_elements('[]') as e loop raise notice '%', r.f ->> 'x'; end loop;
end
$$;

-- [record 42703]
-- healthy
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  select count(*) as n, max(made) into r from job; raise notice '%', r.n;
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare r record;
begin
  select count(*), max(made) into r from job; raise notice '%', r.n;
end
$$;

-- [array 22P02]
-- healthy
create function {name}() returns void language plpgsql as $$
declare list integer[];
begin
  list := array_append(list, 1);
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$ declare list integer[]; begin list := 5; end $$;

-- [array 42883]
-- healthy
create function {name}() returns void language plpgsql as $$
declare list integer[];
begin
  list := array_append(list, 1);
end
$$;
-- broken
create function {name}() returns void language plpgsql as $$
declare list integer[];
begin
  list := array_append(list, 'a'::text);
end
$$;

-- [type 22P02]
-- healthy
create function {name}(p jsonb) returns void language plpgsql as $$
declare v jsonb; w uuid;
begin
  v := p -> 'a';
end
$$;
-- broken
create function {name}(p jsonb) returns void language plpgsql as $$
declare v jsonb; w uuid;
begin
  w := p -> 'a';
end
$$;

-- [result 22P02]
-- healthy
create function {name}(p jsonb) returns uuid language plpgsql as $$ begin return p ->> 'n'; end $$;
-- broken
create function {name}(p jsonb) returns uuid language plpgsql as $$ begin return p -> 'n'; end $$;
