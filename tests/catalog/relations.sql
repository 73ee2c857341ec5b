-- One of everything that the kinds of relations can have; `test_relations.py` changes one thing at a time.
create schema app;
create schema other;
create role relations_reader nologin;
create role relations_owner nologin;

create function app.touch() returns trigger language plpgsql as 'begin return new; end';
create function app.other_touch() returns trigger language plpgsql as 'begin return new; end';
create type app.pair as (left_side integer, right_side text);

create table app.customer (
  id integer generated always as identity primary key,
  name text not null,
  email varchar(40),
  credit numeric(10, 2) default 0,
  label text generated always as (upper(name)) stored,
  spare integer
);
comment on table app.customer is 'who pays';
comment on column app.customer.name is 'as on the invoice';
grant select on app.customer to relations_reader;

create table app.plain (id bigint, note text, amount integer default 1, moment timestamptz default now());
create index plain_note on app.plain (note);
create unique index plain_id on app.plain (id);
create index plain_partial on app.plain (lower(note), amount) where amount > 0;
comment on index app.plain_note is 'search';
alter table app.plain alter column id set not null;

create table app.orders (
  id serial primary key,
  customer integer not null constraint orders_customer references app.customer (id) on delete cascade,
  customer_alone integer,
  status text not null default 'new' constraint orders_status check (status in ('new', 'paid')),
  code text constraint orders_code unique,
  period int4range,
  constraint orders_period exclude using gist (period with &&)
);
comment on constraint orders_status on app.orders is 'the life of an order';
create trigger orders_touch before update on app.orders for each row when (old.status <> new.status)
  execute function app.touch();
comment on trigger orders_touch on app.orders is 'keeps the time';
create constraint trigger orders_late after insert on app.orders deferrable initially deferred for each row
  execute function app.touch();
alter table app.orders enable row level security;
create policy orders_read on app.orders for select to relations_reader, relations_owner using (status <> 'new');
create policy orders_write on app.orders as restrictive for update using (true) with check (customer > 0);
comment on policy orders_read on app.orders is 'no drafts';

create table app.events (id integer not null, at date not null, primary key (id, at)) partition by range (at);
create table app.events_2024 partition of app.events for values from ('2024-01-01') to ('2025-01-01');
create table app.events_2025 partition of app.events for values from ('2025-01-01') to ('2026-01-01');
create index events_at on app.events (at);
create table app.attendance (event integer, at date, constraint attends foreign key (event, at) references app.events);
create trigger events_touch after insert on app.events for each row execute function app.touch();

create table app.animal (name text);
create table app.dog (breed text) inherits (app.animal);
create table app.typed of app.pair;
create unlogged table app.scratch (id integer);

create view app.active with (check_option = local) as
  select id, customer, status from app.orders where status = 'new';
comment on view app.active is 'to be done';
comment on column app.active.status is 'always new';
create materialized view app.totals as select customer, count(*) as number from app.orders group by customer;
create index totals_customer on app.totals (customer);

create sequence app.ticket as integer increment 5 maxvalue 1000 cache 3;
comment on sequence app.ticket is 'numbers at the counter';

create rule plain_quiet as on delete to app.plain do instead nothing;
comment on rule plain_quiet on app.plain is 'nothing is ever deleted';
comment on schema app is 'the application';
