-- pgmq in SQL. A queue is a table q_<name> and an archive a_<name>; reading a message hides it until its time (vt) is over.

create table pgmq.meta (
  queue_name varchar unique not null,
  is_partitioned boolean not null,
  is_unlogged boolean not null,
  created_at timestamptz not null default now()
);
select pg_catalog.pg_extension_config_dump('pgmq.meta', '');
grant usage on schema pgmq to pg_monitor;
grant select on pgmq.meta to pg_monitor;

create type pgmq.message_record as (
  msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb, headers jsonb);
create type pgmq.queue_record as (queue_name varchar, is_partitioned boolean, is_unlogged boolean, created_at timestamptz);
create type pgmq.metrics_result as (
  queue_name text, queue_length bigint, newest_msg_age_sec int, oldest_msg_age_sec int, total_messages bigint,
  scrape_time timestamptz, queue_visible_length bigint);

create function pgmq.format_table_name(queue_name text, prefix text) returns text language plpgsql as $$
begin
  if queue_name ~ '\$|;|--|''' then
    raise exception 'queue name contains invalid characters: $, ;, --, or \''';
  end if;
  return lower(prefix || '_' || queue_name);
end $$;

create function pgmq.validate_queue_name(queue_name text) returns void language plpgsql as $$
begin
  if length(queue_name) > 47 then
    raise exception 'queue name is too long, maximum length is 47 characters';
  end if;
end $$;

create function pgmq.acquire_queue_lock(queue_name text) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('pgmq.queue_' || queue_name));
end $$;

create function pgmq._extension_exists(extension_name text) returns boolean language sql
return exists (select from pg_extension where extname = extension_name);

create function pgmq._belongs_to_pgmq(table_name text) returns boolean language plpgsql as $$
begin
  return exists (
    select from pg_depend
    where refclassid = 'pg_extension'::regclass and refobjid = (select oid from pg_extension where extname = 'pgmq')
      and classid = 'pg_class'::regclass and objid = to_regclass(format('pgmq.%I', table_name)));
end $$;

do $$
declare
  variant record;
begin
  for variant in
    select * from (values ('create_non_partitioned', '', 'false'), ('create_unlogged', 'unlogged', 'true'))
    as variants(name, persistence, is_unlogged)
  loop
    execute pg_catalog.format($create$
create function pgmq.%1$I(queue_name text) returns void language plpgsql as $body$
declare
  queue constant text := pgmq.format_table_name(queue_name, 'q');
  archive constant text := pgmq.format_table_name(queue_name, 'a');
  name text;
begin
  perform pgmq.validate_queue_name(queue_name);
  perform pgmq.acquire_queue_lock(queue_name);
  execute format(
    'create %2$s table if not exists pgmq.%%I (msg_id bigint primary key generated always as identity, '
    'read_ct int default 0 not null, enqueued_at timestamptz default now() not null, vt timestamptz not null, '
    'message jsonb, headers jsonb)', queue);
  execute format(
    'create table if not exists pgmq.%%I (msg_id bigint primary key, read_ct int default 0 not null, '
    'enqueued_at timestamptz default now() not null, archived_at timestamptz default now() not null, '
    'vt timestamptz not null, message jsonb, headers jsonb)', archive);
  foreach name in array array[queue, archive] loop
    if not pgmq._belongs_to_pgmq(name) then
      execute format('alter extension pgmq add table pgmq.%%I', name);
    end if;
  end loop;
  execute format('create index if not exists %%I on pgmq.%%I (vt asc)', queue || '_vt_idx', queue);
  execute format('create index if not exists %%I on pgmq.%%I (archived_at)', 'archived_at_idx_' || queue_name, archive);
  insert into pgmq.meta (queue_name, is_partitioned, is_unlogged) values (queue_name, false, %3$s) on conflict do nothing;
end $body$
$create$, variant.name, variant.persistence, variant.is_unlogged);
  end loop;
end $$;

create function pgmq.create(queue_name text) returns void language plpgsql as
$$ begin perform pgmq.create_non_partitioned(queue_name); end $$;

create function pgmq.create_partitioned(
  queue_name text, partition_interval text default '10000', retention_interval text default '100000'
) returns void language plpgsql as
$$ begin raise exception 'the stand-in for pgmq has no partitioned queues' using errcode = 'PGP99'; end $$;

create function pgmq.convert_archive_partitioned(
  table_name text, partition_interval text default '10000', retention_interval text default '100000',
  leading_partition int default 10
) returns void language plpgsql as
$$ begin raise exception 'the stand-in for pgmq has no partitioned queues' using errcode = 'PGP99'; end $$;

create function pgmq.drop_queue(queue_name text) returns boolean language plpgsql as $$
#variable_conflict use_variable
declare
  name text;
  known boolean;
begin
  perform pgmq.acquire_queue_lock(queue_name);
  foreach name in array array[pgmq.format_table_name(queue_name, 'q'), pgmq.format_table_name(queue_name, 'a')] loop
    if pgmq._belongs_to_pgmq(name) then
      execute format('alter extension pgmq drop table pgmq.%I', name);
    end if;
    execute format('drop table if exists pgmq.%I', name);
  end loop;
  delete from pgmq.meta as m where m.queue_name = queue_name;
  known := found;
  return known;
end $$;

create function pgmq.drop_queue(queue_name text, partitioned boolean) returns boolean language plpgsql as $$
begin
  raise warning 'drop_queue(queue_name, partitioned) is deprecated: use drop_queue(queue_name)';
  return pgmq.drop_queue(queue_name);
end $$;

create function pgmq.detach_archive(queue_name text) returns void language plpgsql as $$
begin
  execute format('alter extension pgmq drop table pgmq.%I', pgmq.format_table_name(queue_name, 'a'));
end $$;

create function pgmq.list_queues() returns setof pgmq.queue_record language sql as
$$ select queue_name, is_partitioned, is_unlogged, created_at from pgmq.meta $$;

create function pgmq.purge_queue(queue_name text) returns bigint language plpgsql as $$
declare
  queue constant text := pgmq.format_table_name(queue_name, 'q');
  purged bigint;
begin
  execute format('select count(*) from pgmq.%I', queue) into purged;
  execute format('truncate pgmq.%I', queue);
  return purged;
end $$;

-- Sending

create function pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[], delay timestamptz) returns setof bigint
language plpgsql as $$
begin
  return query execute format(
    'insert into pgmq.%I (vt, message, headers) '
    'select $1, m, h from unnest($2, coalesce($3, array[]::jsonb[])) as x(m, h) returning msg_id',
    pgmq.format_table_name(queue_name, 'q')) using delay, msgs, headers;
end $$;

create function pgmq.send(queue_name text, msg jsonb, headers jsonb, delay timestamptz) returns setof bigint language sql as
$$ select pgmq.send_batch(queue_name, array[msg], array[headers], delay) $$;

create function pgmq.send(queue_name text, msg jsonb) returns setof bigint language sql as
$$ select pgmq.send(queue_name, msg, null, clock_timestamp()) $$;
create function pgmq.send(queue_name text, msg jsonb, headers jsonb) returns setof bigint language sql as
$$ select pgmq.send(queue_name, msg, headers, clock_timestamp()) $$;
create function pgmq.send(queue_name text, msg jsonb, delay integer) returns setof bigint language sql as
$$ select pgmq.send(queue_name, msg, null, clock_timestamp() + make_interval(secs => delay)) $$;
create function pgmq.send(queue_name text, msg jsonb, delay timestamptz) returns setof bigint language sql as
$$ select pgmq.send(queue_name, msg, null, delay) $$;
create function pgmq.send(queue_name text, msg jsonb, headers jsonb, delay integer) returns setof bigint language sql as
$$ select pgmq.send(queue_name, msg, headers, clock_timestamp() + make_interval(secs => delay)) $$;

create function pgmq.send_batch(queue_name text, msgs jsonb[]) returns setof bigint language sql as
$$ select pgmq.send_batch(queue_name, msgs, null, clock_timestamp()) $$;
create function pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[]) returns setof bigint language sql as
$$ select pgmq.send_batch(queue_name, msgs, headers, clock_timestamp()) $$;
create function pgmq.send_batch(queue_name text, msgs jsonb[], delay integer) returns setof bigint language sql as
$$ select pgmq.send_batch(queue_name, msgs, null, clock_timestamp() + make_interval(secs => delay)) $$;
create function pgmq.send_batch(queue_name text, msgs jsonb[], delay timestamptz) returns setof bigint language sql as
$$ select pgmq.send_batch(queue_name, msgs, null, delay) $$;
create function pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[], delay integer) returns setof bigint
language sql as
$$ select pgmq.send_batch(queue_name, msgs, headers, clock_timestamp() + make_interval(secs => delay)) $$;

-- Reading

create function pgmq.read(queue_name text, vt integer, qty integer, conditional jsonb default '{}')
returns setof pgmq.message_record language plpgsql as $$
begin
  return query execute format($query$
    with next as (
      select msg_id from pgmq.%1$I
      where vt <= clock_timestamp() and ($3 = '{}' or message @> $3)
      order by msg_id limit $2 for update skip locked
    )
    update pgmq.%1$I as m set vt = clock_timestamp() + make_interval(secs => $1), read_ct = read_ct + 1
    from next where m.msg_id = next.msg_id
    returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message, m.headers
    $query$, pgmq.format_table_name(queue_name, 'q')) using vt, qty, conditional;
end $$;

create function pgmq.read_with_poll(
  queue_name text, vt integer, qty integer, max_poll_seconds integer default 5, poll_interval_ms integer default 100,
  conditional jsonb default '{}'
) returns setof pgmq.message_record language plpgsql as $$
declare
  stop_at constant timestamptz := clock_timestamp() + make_interval(secs => max_poll_seconds);
begin
  while clock_timestamp() < stop_at loop
    return query select * from pgmq.read(queue_name, vt, qty, conditional);
    exit when found;
    perform pg_sleep(poll_interval_ms / 1000.0);
  end loop;
end $$;

create function pgmq.pop(queue_name text) returns setof pgmq.message_record language plpgsql as $$
begin
  return query execute format($query$
    with next as (
      select msg_id from pgmq.%1$I where vt <= clock_timestamp() order by msg_id limit 1 for update skip locked
    )
    delete from pgmq.%1$I as m using next where m.msg_id = next.msg_id
    returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message, m.headers
    $query$, pgmq.format_table_name(queue_name, 'q'));
end $$;

create function pgmq.set_vt(queue_name text, msg_id bigint, vt integer) returns setof pgmq.message_record
language plpgsql as $$
begin
  return query execute format(
    'update pgmq.%I set vt = clock_timestamp() + make_interval(secs => $1) where msg_id = $2 '
    'returning msg_id, read_ct, enqueued_at, vt, message, headers',
    pgmq.format_table_name(queue_name, 'q')) using vt, msg_id;
end $$;

create function pgmq.delete(queue_name text, msg_ids bigint[]) returns setof bigint language plpgsql as $$
begin
  return query execute format(
    'delete from pgmq.%I where msg_id = any ($1) returning msg_id', pgmq.format_table_name(queue_name, 'q')) using msg_ids;
end $$;

create function pgmq.delete(queue_name text, msg_id bigint) returns boolean language sql as
$$ select exists (select from pgmq.delete(queue_name, array[msg_id])) $$;

create function pgmq.archive(queue_name text, msg_ids bigint[]) returns setof bigint language plpgsql as $$
begin
  return query execute format(
    'with gone as (delete from pgmq.%I where msg_id = any ($1) returning msg_id, vt, read_ct, enqueued_at, message, headers) '
    'insert into pgmq.%I (msg_id, vt, read_ct, enqueued_at, message, headers) select * from gone returning msg_id',
    pgmq.format_table_name(queue_name, 'q'), pgmq.format_table_name(queue_name, 'a')) using msg_ids;
end $$;

create function pgmq.archive(queue_name text, msg_id bigint) returns boolean language sql as
$$ select exists (select from pgmq.archive(queue_name, array[msg_id])) $$;

create function pgmq.metrics(queue_name text) returns pgmq.metrics_result language plpgsql as $$
declare
  queue constant text := pgmq.format_table_name(queue_name, 'q');
  result pgmq.metrics_result;
begin
  execute format($query$
    select $1, count(*), extract(epoch from now() - max(enqueued_at))::int, extract(epoch from now() - min(enqueued_at))::int,
           (select case when is_called then last_value else 0 end from pgmq.%I), now(), count(*) filter (where vt <= now())
    from pgmq.%I
    $query$, queue || '_msg_id_seq', queue) using queue_name into result;
  return result;
end $$;

create function pgmq.metrics_all() returns setof pgmq.metrics_result language sql as
$$ select m.* from pgmq.meta, pgmq.metrics(meta.queue_name) as m $$;
