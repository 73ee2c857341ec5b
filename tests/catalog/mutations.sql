-- One of everything that the mutations of mutations.py change.
do $$
begin
  if not exists (select from pg_roles where rolname = 'mutations_owner') then
    create role mutations_owner;
    create role mutations_reader;
    create role mutations_super superuser;
  end if;
end $$;

create schema app;
create schema other;
comment on schema app is 'the application';

create type app.state as enum ('new', 'paid', 'sent');
create type app.place as (x integer, y integer);
create domain app.email as text default 'nobody@example.com' constraint has_at check (value ~ '@');
create type app.span as range (subtype = float8);
comment on type app.state is 'the life of an order';

create function app.touch() returns trigger language plpgsql as 'begin return new; end';
create function app.price(amount integer, rate numeric default 1.5) returns numeric
  language sql as 'select amount * rate';
create function app.total(a integer, b integer) returns integer language sql begin atomic select a + b; end;
create function app.numbers(n integer) returns setof integer language sql rows 10 as 'select generate_series(1, n)';
comment on function app.price(integer, numeric) is 'what it costs';
create procedure app.archive(days integer) language plpgsql as 'begin end';
create aggregate app.sum_of(integer) (sfunc = int4pl, stype = integer, initcond = '0');

create sequence app.ticket as integer increment 5 maxvalue 1000 cache 3;

create table app.customer (
  id integer generated always as identity (start with 10) primary key,
  name text not null,
  code varchar(20),
  credit numeric(10, 2) default 0,
  loud text generated always as (upper(name)) stored,
  email app.email,
  home app.place
);
comment on table app.customer is 'who pays';
comment on column app.customer.name is 'as on the invoice';

create table app.orders (
  id serial constraint orders_pk primary key,
  customer_id integer not null constraint orders_customer references app.customer (id),
  state app.state not null default 'new',
  status varchar(10) constraint orders_status check (status in ('new', 'paid')),
  amount integer constraint orders_amount check (amount > 0),
  reference text constraint orders_reference unique,
  period int4range,
  constraint orders_period exclude using gist (period with &&)
);
comment on constraint orders_amount on app.orders is 'nothing is free';
create index orders_state on app.orders (state);
create index orders_open on app.orders (customer_id) where state = 'new';
create index orders_lower on app.orders (lower(reference));
create unique index orders_customer_status on app.orders (customer_id, status);
comment on index app.orders_state is 'for the work list';
create trigger orders_touch before update on app.orders for each row execute function app.touch();

create table app.document (id integer primary key, owner_name text not null, title text);
alter table app.document enable row level security;
create policy own on app.document for select to mutations_reader using (owner_name = current_user);
create policy write on app.document for insert to mutations_reader with check (owner_name = current_user);

create table app.measure (at date not null, value integer) partition by range (at);
create table app.measure_2024 partition of app.measure for values from ('2024-01-01') to ('2025-01-01');
create table app.measure_2025 partition of app.measure for values from ('2025-01-01') to ('2026-01-01');
create index measure_all on only app.measure ((1));
create index measure_2024_all on app.measure_2024 ((1));
create index measure_2025_all on app.measure_2025 ((1));
alter index app.measure_all attach partition app.measure_2025_all;

create table app.animal (name text);
create table app.dog (breed text) inherits (app.animal);

create table app.log (line text);
create rule log_quiet as on delete to app.log do instead nothing;

create view app.open_orders as select id, customer_id, status from app.orders where status = 'new';
comment on view app.open_orders is 'to be done';
create materialized view app.totals as select customer_id, count(*) as orders from app.orders group by customer_id;
create index totals_customer on app.totals (customer_id);

create function app.guard() returns event_trigger language plpgsql as 'begin end';
create event trigger guard on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE') execute function app.guard();

create collation app.plain (locale = 'C');
create cast (app.place as text) with inout as assignment;
create function app.same(integer, integer) returns boolean language sql immutable as 'select $1 = $2';
create statistics app.orders_related (ndistinct, dependencies) on state, status from app.orders;
create text search dictionary app.words (template = simple, accept = false);
create text search configuration app.simple (parser = default);
alter text search configuration app.simple add mapping for word, asciiword with app.words;

create publication feed for table only app.customer, only app.orders where (id > 0);

create foreign data wrapper elsewhere;
create server archive foreign data wrapper elsewhere options (host 'archive.example.com', dbname 'archive');
create user mapping for mutations_reader server archive options (user 'reader');
create foreign table app.old_orders (id integer, state text) server archive options (table_name 'orders');
