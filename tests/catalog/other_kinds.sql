-- What is neither a relation nor a routine nor a type. In braces: n is a name and l the same as a text.
create schema {n};
create function {n}.guard() returns event_trigger language plpgsql as 'begin end';
create type {n}.{n} as (x integer, y text);
create function {n}.same({n}.{n}, {n}.{n}) returns boolean language sql immutable as 'select ($1).x = ($2).x';
create function {n}.other({n}.{n}, {n}.{n}) returns boolean language sql immutable as 'select ($1).x <> ($2).x';
create function {n}.less({n}.{n}, {n}.{n}) returns boolean language sql immutable as 'select ($1).x < ($2).x';
create function {n}.compared({n}.{n}, {n}.{n}) returns integer language sql immutable as 'select ($1).x - ($2).x';
create function {n}.hashed({n}.{n}) returns integer language sql immutable as 'select ($1).x';
create function {n}."made (of)"({n}.{n}) returns integer language sql immutable as 'select ($1).x';
create function {n}.not_one(integer) returns boolean language sql immutable as 'select $1 <> 1';
create cast ({n}.{n} as integer) with function {n}."made (of)"({n}.{n}) as assignment;
create cast ({n}.{n} as text) with inout as implicit;
comment on cast ({n}.{n} as text) is {l};

create operator {n}.=== (function = {n}.same, leftarg = {n}.{n}, rightarg = {n}.{n}, commutator = operator({n}.===),
  negator = operator({n}.<<>>), restrict = eqsel, join = eqjoinsel, hashes, merges);
create operator {n}.<<>> (function = {n}.other, leftarg = {n}.{n}, rightarg = {n}.{n}, negator = operator({n}.===));
create operator {n}.<<< (function = {n}.less, leftarg = {n}.{n}, rightarg = {n}.{n});
create operator {n}.!! (function = {n}.not_one, rightarg = integer);
comment on operator {n}.!! (none, integer) is {l};
create operator family {n}.{family} using hash;
create operator class {n}.{n} default for type {n}.{n} using hash family {n}.{family} as
  operator 1 {n}.===, function 1 {n}.hashed({n}.{n});
comment on operator class {n}.{n} using hash is {l};
create operator family {n}.{loose} using btree;
alter operator family {n}.{loose} using btree add
  operator 1 {n}.<<< ({n}.{n}, {n}.{n}), function 1 ({n}.{n}, {n}.{n}) {n}.compared({n}.{n}, {n}.{n});
comment on operator family {n}.{loose} using btree is {l};

create collation {n}.{n} (lc_collate = 'C', lc_ctype = 'POSIX');
comment on collation {n}.{n} is {l};
create conversion {n}.{n} for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create text search template {n}.{n} (init = dsimple_init, lexize = dsimple_lexize);
create text search dictionary {n}.{n} (template = {n}.{n}, accept = false);
create text search parser {n}.{n} (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
  lextypes = prsd_lextype, headline = prsd_headline);
create text search configuration {n}.{n} (parser = {n}.{n});
alter text search configuration {n}.{n} add mapping for word, email with {n}.{n}, pg_catalog.simple;
comment on text search configuration {n}.{n} is {l};

create table {n}.{t} ({n} integer primary key, b text, c integer);
create statistics {n}.{n} (mcv, ndistinct) on {n}, c, lower(b) from {n}.{t};
create statistics {n}.{one} on upper(b) from {n}.{t};
alter statistics {n}.{one} set statistics 17;
comment on statistics {n}.{n} is {l};

create publication {n} for table only {n}.{t} ({n}, b) where ({n} > 0) with (publish = 'insert, update');
create publication {everything} for all tables with (publish_via_partition_root = true);
create publication {whole} for tables in schema {n};
comment on publication {n} is {l};

create foreign data wrapper {n} options ({n} {l});
create server {n} type {l} version {l} foreign data wrapper {n} options (host {l}, {n} {l});
create user mapping for {role} server {n} options (user {l}, password {l});
create user mapping for public server {n};
grant usage on foreign server {n} to {role} with grant option;
grant usage on foreign data wrapper {n} to {role};
create foreign table {n}.{foreign} ({n} integer options ({n} {l}) not null default 7, b text collate "C", check ({n} > 0))
  server {n} options (table_name {l});
create trigger {n} before insert on {n}.{foreign} for each row execute function suppress_redundant_updates_trigger();
create table {n}.{parts} (id integer) partition by list (id);
create foreign table {n}.{part} partition of {n}.{parts} for values in (1) server {n};
grant select on {n}.{foreign} to {role};
grant select ({n}) on {n}.{foreign} to public;
comment on foreign table {n}.{foreign} is {l};

alter default privileges in schema {n} grant select, insert on tables to {role} with grant option;
alter default privileges for role {role} revoke execute on routines from public;
alter default privileges for role {role} grant usage on types to public;
alter default privileges for role {role} grant select on tables to public;
create event trigger {n} on sql_drop when tag in ('DROP TABLE', 'ALTER TABLE') execute function {n}.guard();
alter event trigger {n} enable replica;
comment on event trigger {n} is {l};
