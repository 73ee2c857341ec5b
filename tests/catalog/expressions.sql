-- Expressions of every sort, in every place that keeps one: what a dump and a restore may spell otherwise.
create schema app;
create type app.state as enum ('new', 'paid', 'sent');
create domain app.code as varchar(8) default 'x'::varchar check (value in ('x', 'y', 'z'))
  constraint code_range check (value between 'a' and 'm' or value between 'n' and 'z');
create domain app.share as numeric(5, 2) check (value between 0 and 100);

create table app.account (id integer primary key, name varchar(40) not null, short char(4), plan text, born date);
create table app.item (
  id integer primary key,
  account_id integer references app.account,
  status varchar(10) default 'new' not null,
  kind text default 'plain',
  state app.state default 'new',
  code app.code,
  part app.share default 10,
  letter char(1) default 'a',
  amount integer default 1 + 1,
  price numeric(10, 2) default 0,
  weight double precision default 1.5,
  tags text[] default '{}',
  words varchar[] default array['a', 'b'],
  doc jsonb default '{"a": 1}',
  made timestamptz default now(),
  day date default current_date,
  due timestamp default localtimestamp + interval '1 day',
  span int4range default '[1,5)',
  loud text generated always as (upper((status)::text) || coalesce(kind, '')) stored,
  constraint c01 check (status in ('new', 'paid')),
  constraint c02 check (status not in ('old', 'gone')),
  constraint c03 check (status = any (array['new', 'paid']::varchar[])),
  constraint c04 check (status = any ('{new,paid}')),
  constraint c05 check (amount between 1 and 10 and price between 1 and 100),
  constraint c06 check (amount between 1 and 10 or (price between 1 and 100 and weight > 0)),
  constraint c07 check (not (amount between 1 and 10)),
  constraint c08 check (amount between symmetric 10 and 1),
  constraint c09 check (amount > 0 and price > 0 and weight > 0),
  constraint c10 check (amount > 0 and (price > 0 and weight > 0)),
  constraint c11 check (kind in ('plain', 'fancy')),
  constraint c12 check (kind like 'a%' and kind not like '%z' and kind ilike 'b_'),
  constraint c13 check (kind ~ '^[a-z]+$' or kind !~* 'x'),
  constraint c14 check (kind similar to '(a|b)%'),
  constraint c15 check (state in ('new', 'paid')),
  constraint c16 check (state <> 'sent' or amount > 0),
  constraint c17 check (letter in ('a', 'b', 'c')),
  constraint c18 check (letter = 'a' or letter between 'b' and 'd'),
  constraint c19 check (case status when 'new' then amount > 0 when 'paid' then price > 0 else true end),
  constraint c20 check (case when kind is null then false else length(kind) > 0 end),
  constraint c21 check (coalesce(kind, status, 'none') <> ''),
  constraint c22 check (nullif(kind, '') is not null),
  constraint c23 check (kind is distinct from 'x' and status is not distinct from status),
  constraint c24 check ((amount, price) > (0, 0)),
  constraint c25 check (row (amount, kind) is not null),
  constraint c26 check (extract(year from day) > 2000),
  constraint c27 check (extract(epoch from due) > 0 and date_part('month', due) > 0),
  constraint c28 check (day > '2000-01-01' and day < date '2100-01-01'),
  constraint c29 check (made > '2000-01-01 00:00:00+00'),
  constraint c30 check (due at time zone 'UTC' > '2000-01-01 00:00:00+00'),
  constraint c31 check (due - interval '1 day 02:00' < due),
  constraint c32 check (date_trunc('month', due) <= due),
  constraint c33 check (cardinality(tags) between 0 and 10 and tags <> array['x']),
  constraint c34 check (tags @> array['a'] or tags && '{b,c}'),
  constraint c35 check (tags[1] is null or tags[1:2] <> '{}'),
  constraint c36 check (not ('x' = any (tags)) and 'y' <> all (tags)),
  constraint c37 check (words <@ array['a', 'b']::varchar[]),
  constraint c38 check (doc ? 'a' and doc -> 'a' is not null and doc ->> 'b' is distinct from 'x'),
  constraint c39 check (jsonb_typeof(doc) = 'object' and doc @> '{"a": 1}'),
  constraint c40 check (span && '[1,3)' or isempty(span)),
  constraint c41 check (price::integer > 0 and amount::numeric < 1.5 and weight < 1e10),
  constraint c42 check (price % 2 = 0 or price ^ 2 > 1 or -price < 0 or @ price > 0),
  constraint c43 check (amount % 2 = 0 and amount & 1 = 0 and amount << 1 > 0),
  constraint c44 check (kind collate "C" < 'z' and kind > 'a' collate "POSIX"),
  constraint c45 check (length(trim(both ' ' from kind)) > 0 and position('a' in kind) >= 0),
  constraint c46 check (substring(kind from 1 for 2) <> 'zz' and overlay(kind placing 'x' from 1) <> ''),
  constraint c47 check (greatest(amount, 1) >= least(amount, 1)),
  constraint c48 check ((amount is null) = (price is null)),
  constraint c49 check (status::text || kind <> '' and status || 'x' <> 'x'),
  constraint c50 check (code in ('x', 'y') or code is null),
  constraint c51 check (amount is not null or kind is null and price is not null),
  constraint c52 check (num_nonnulls(amount, price, kind) between 1 and 3),
  constraint c53 check (lower(status) in ('new', 'paid') and status::text in ('new', 'paid')),
  constraint c54 check (part between 0 and 50 or part between 60 and 100),
  constraint c55 check (status > 'a' is true or amount is null is not unknown),
  constraint c56 check (char_length(status) <= 10 and octet_length(status) > 0),
  constraint c57 check ((day, day + 1) overlaps (day, day + 2)),
  constraint c58 check (id in (1, 2, 3) or id not in (4, 5)),
  constraint c59 check (price in (1, 2.5, 3) and weight in (1, 2)),
  constraint excluded exclude using gist (span with &&) where (status in ('new', 'paid'))
);

create index i01 on app.item (status) where status in ('new', 'paid');
create index i02 on app.item ((lower(status))) where kind not in ('a', 'b') and amount between 1 and 5;
create index i03 on app.item ((status in ('new', 'paid')));
create index i04 on app.item ((coalesce(kind, status, '')), (price * 2) desc nulls last) include (amount);
create index i05 on app.item ((doc ->> 'a')) where doc ? 'a';
create index i06 on app.item using gin (to_tsvector('simple', coalesce(kind, '')));
create unique index i07 on app.item (account_id, (case when status = 'new' then 1 else 0 end))
  where account_id is not null and (amount between 1 and 2 or price between 3 and 4);
create index i08 on app.item (date_trunc('day', due));
create index i09 on app.item (kind collate "C" text_pattern_ops, status varchar_pattern_ops);

create view app.v01 as select * from app.item where status in ('new', 'paid');
create view app.v02 as select i.id, a.name from app.item i join app.account a on a.id = i.account_id
  where a.name not in ('x', 'y') and i.amount between 1 and 2 and i.price between 1 and 2;
create view app.v03 as select id, name from app.account natural join (select account_id as id from app.item) x;
create view app.v04 as select * from app.item join app.account using (id) where short in ('a', 'b');
create view app.v05 as with recent as (select * from app.item where day > current_date - 7), ids (n) as (select id from recent)
  select r.*, (select count(*) from ids) as total from recent r;
create view app.v06 as with recursive tree (id, depth) as (
  select id, 1 from app.item where account_id is null
  union all select i.id, t.depth + 1 from app.item i join tree t on t.id = i.account_id where t.depth < 10)
  select * from tree;
create view app.v07 as select id, row_number() over w as n, sum(amount) over (partition by status order by id
    rows between 1 preceding and current row) as running, lag(amount, 1, 0) over w from app.item
  window w as (partition by kind order by id desc nulls last);
create view app.v08 as select status, kind, count(*) filter (where amount > 1), array_agg(id order by id desc),
    string_agg(distinct kind, ',') as kinds, percentile_cont(0.5) within group (order by weight) as middle
  from app.item group by grouping sets ((status), (kind), ()) having count(*) > 1;
create view app.v09 as select distinct on (status) status, id from app.item order by status, id desc limit 10 offset 1;
create view app.v10 as select id from app.item union select id from app.account
  except (select 1 intersect all values (2), (3)) order by 1;
create view app.v11 as select i.id, l.x, g.n from app.item i
  left join lateral (select i.amount + 1 as x where i.status in ('a', 'b')) l on true
  cross join generate_series(1, 3) with ordinality g (n, o);
create view app.v12 as select case when exists (select 1 from app.account a where a.id = i.account_id) then 'y' end as has,
    array(select name from app.account) as names, i.amount in (select id from app.account) as isin,
    i.status = any (array['new', 'paid']) as quick from app.item i;
create view app.v13 as select extract(dow from day) as dow, extract(epoch from made) as epoch, made at time zone 'UTC' as utc,
    day + 1 as next, due::date as due, to_char(made, 'YYYY') as y, interval '1 month' as m from app.item;
create view app.v14 as select '1'::text || id as t, null::integer as n, 1::bigint as b, 'x'::varchar(3) as c,
    array[1, 2]::bigint[] as l, (row (1, 'a')).f1 as f, -1 as minus, 1e3 as e, true and not false as bool from app.item;
create view app.v15 as select jsonb_build_object('a', id, 'b', doc -> 'x') as o, doc #>> '{a,b}' as p,
    (doc ->> 'n')::numeric as num from app.item tablesample system (10);
create view app.v16 (one, two) as select id, name from app.account where name like 'a%' or name is null for update;
create view app.v17 as select * from (values (1, 'a'), (2, 'b')) as v (n, t) where t in ('a', 'b');
create view app.v18 as select "Odd Name".id as "select", "Odd Name".kind as "A b" from app.item "Odd Name";
create view app.v19 as select * from app.v01 where amount between 1 and 2 and id between 3 and 4;
create materialized view app.m01 as select status, count(*) as n from app.item where status in ('new', 'paid') group by status;
create index m01_n on app.m01 (n) where status not in ('x', 'y');
alter view app.v01 alter status set default 'new';

alter table app.item enable row level security;
create policy p01 on app.item using (status in ('new', 'paid'));
create policy p02 on app.item for update using (amount between 1 and 2 and id between 3 and 4)
  with check (exists (select 1 from app.account a where a.id = item.account_id and a.name in ('x', 'y')));
create policy p03 on app.item for insert
  with check (account_id = (select id from app.account where name = current_user::varchar limit 1));

create function app.f01(a varchar default 'x', b app.state default 'new', c integer default 1 + 2, d text[] default '{a,b}')
  returns boolean language sql immutable begin atomic select a in ('new', 'paid') and c between 1 and 2 and c between 3 and 4; end;
create function app.f02(n integer) returns table (id integer, total bigint) language sql begin atomic
  select i.id, count(*) from app.item i where i.status in ('new', 'paid') and i.amount between n and n + 1 group by i.id;
end;
create function app.f03(n varchar) returns text language sql return case when n in ('a', 'b') then n else 'z' end;
create procedure app.f04(n integer) language sql begin atomic
  insert into app.account (id, name) values (n, 'a') on conflict (id) do update set name = excluded.name
    where account.name in ('x', 'y');
  delete from app.item where status in ('new', 'paid') and amount = n;
end;
create function app.touch() returns trigger language plpgsql as $$begin return new; end$$;
create trigger t01 before update of status on app.item for each row
  when (old.status in ('new', 'paid') and new.amount between 1 and 2 and new.id between 3 and 4)
  execute function app.touch('a', 'b');
create trigger t02 after insert or update on app.item for each row
  when (new.* is distinct from null) execute function app.touch();

create table app.log (at timestamptz not null, status varchar(10), n integer) partition by range (date_trunc('day', at at time zone 'UTC'), lower(status));
create table app.log_1 partition of app.log for values from ('2024-01-01', minvalue) to ('2025-01-01', maxvalue);
create table app.listed (status varchar(10) check (status in ('a', 'b')), n numeric) partition by list (status);
create table app.listed_a partition of app.listed for values in ('a', 'b', null);
create table app.listed_rest partition of app.listed default;
create table app.ruled (name varchar(40), n integer);
create rule r01 as on insert to app.ruled where new.name in ('x', 'y') and new.n between 1 and 2 and new.n between 3 and 4
  do also insert into app.log (at, status) values (now(), new.name);
