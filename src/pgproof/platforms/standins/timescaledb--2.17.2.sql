-- timescaledb on ordinary tables.

create schema _timescaledb_internal;
create schema _timescaledb_catalog;
create schema timescaledb_information;
grant usage on schema _timescaledb_internal, _timescaledb_catalog, timescaledb_information to public;

create type _timescaledb_internal.dimension_info as (kind text, column_name name, part_interval text, number_partitions int);

create table _timescaledb_catalog.hypertable (
  id int primary key generated always as identity,
  schema_name name not null,
  table_name name not null,
  time_column_name name not null,
  unique (table_name, schema_name)
);
grant select, insert on _timescaledb_catalog.hypertable to public;

create view timescaledb_information.hypertables as
select schema_name as hypertable_schema, table_name as hypertable_name, pg_get_userbyid(c.relowner) as owner,
       1::smallint as num_dimensions, 0::bigint as num_chunks, false as compression_enabled, null::name[] as tablespaces
from _timescaledb_catalog.hypertable as h
join pg_catalog.pg_namespace as n on n.nspname = h.schema_name
join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = h.table_name;
grant select on timescaledb_information.hypertables to public;

create function by_range(
  column_name name, partition_interval anyelement default null::bigint, partition_func regproc default null
) returns _timescaledb_internal.dimension_info language plpgsql as
$$ begin return row('range', column_name, partition_interval::text, null)::_timescaledb_internal.dimension_info; end $$;

create function by_hash(column_name name, number_partitions int, partition_func regproc default null)
returns _timescaledb_internal.dimension_info language plpgsql as
$$ begin return row('hash', column_name, null, number_partitions)::_timescaledb_internal.dimension_info; end $$;

create function create_hypertable(
  relation regclass, time_column_name name, partitioning_column name default null, number_partitions int default null,
  associated_schema_name name default null, associated_table_prefix name default null,
  chunk_time_interval anyelement default null::bigint, create_default_indexes boolean default true,
  if_not_exists boolean default false, partitioning_func regproc default null, migrate_data boolean default false,
  chunk_target_size text default null, chunk_sizing_func regproc default null, time_partitioning_func regproc default null
) returns table (hypertable_id int, schema_name name, table_name name, created boolean) language plpgsql as $$
#variable_conflict use_column
declare
  relation_schema name;
  relation_name name;
begin
  select n.nspname, c.relname into relation_schema, relation_name
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where c.oid = relation;
  if exists (
    select from _timescaledb_catalog.hypertable as h where h.schema_name = relation_schema and h.table_name = relation_name
  ) then
    if not if_not_exists then
      raise exception 'table "%" is already a hypertable', relation_name using errcode = 'TS110';
    end if;
    raise notice 'table "%" is already a hypertable, skipping', relation_name;
    return query
      select h.id, h.schema_name, h.table_name, false
      from _timescaledb_catalog.hypertable as h where h.schema_name = relation_schema and h.table_name = relation_name;
    return;
  end if;
  execute format('alter table %I.%I alter column %I set not null', relation_schema, relation_name, time_column_name);
  if create_default_indexes and not exists (
    select from pg_index as i
    join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] and a.attname = time_column_name
    where i.indrelid = relation
  ) then
    execute format('create index on %I.%I (%I desc)', relation_schema, relation_name, time_column_name);
  end if;
  return query
    insert into _timescaledb_catalog.hypertable as h (schema_name, table_name, time_column_name)
      values (relation_schema, relation_name, time_column_name)
      returning h.id, h.schema_name, h.table_name, true;
end $$;

create function create_hypertable(
  relation regclass, dimension _timescaledb_internal.dimension_info, create_default_indexes boolean default true,
  if_not_exists boolean default false, migrate_data boolean default false
) returns table (hypertable_id int, created boolean) language plpgsql as $$
begin
  raise exception 'the stand-in for timescaledb makes a hypertable by the name of its column only' using errcode = 'PGP99';
end $$;

-- Buckets begin at 2000-01-03, a Monday; those of months at 2000-01-01.
do $$
declare
  t text;
begin
  foreach t in array array['timestamp', 'timestamptz', 'date'] loop
    execute pg_catalog.format($create$
      create function time_bucket(bucket_width interval, ts %1$s, origin %1$s) returns %1$s
      language plpgsql immutable strict parallel safe as $f$
      declare
        months constant int := extract(year from bucket_width) * 12 + extract(month from bucket_width);
        passed int;
      begin
        if months = 0 then
          return date_bin(bucket_width, ts::timestamp, origin::timestamp)::%1$s;
        end if;
        passed := (extract(year from ts) * 12 + extract(month from ts))
                  - (extract(year from origin) * 12 + extract(month from origin));
        return (date_trunc('month', origin::timestamp)
                + make_interval(months => floor(passed / months::numeric)::int * months))::%1$s;
      end $f$;

      create function time_bucket(bucket_width interval, ts %1$s) returns %1$s language sql immutable strict parallel safe
      return time_bucket(bucket_width, ts, case
        when extract(month from bucket_width) + extract(year from bucket_width) > 0 then '2000-01-01'::%1$s
        else '2000-01-03'::%1$s end);
    $create$, t);
  end loop;

  foreach t in array array['smallint', 'int', 'bigint'] loop
    execute pg_catalog.format(
      'create function time_bucket(bucket_width %1$s, ts %1$s) returns %1$s language sql immutable strict parallel safe '
      'return (floor(ts::numeric / bucket_width) * bucket_width)::%1$s', t);
  end loop;
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'function add_dimension(hypertable regclass, column_name name, number_partitions int default null, '
      'chunk_time_interval anyelement default null::bigint, partitioning_func regproc default null, '
      'if_not_exists boolean default false) returns table (dimension_id int, schema_name name, table_name name, column_name name, '
      'created boolean)',
    'function set_chunk_time_interval(hypertable regclass, chunk_time_interval anyelement, dimension_name name default null) '
      'returns void',
    'function add_retention_policy(relation regclass, drop_after interval, if_not_exists boolean default false, '
      'schedule_interval interval default null, initial_start timestamptz default null, timezone text default null) returns int',
    'function remove_retention_policy(relation regclass, if_exists boolean default false) returns void',
    'function add_compression_policy(hypertable regclass, compress_after interval, if_not_exists boolean default false, '
      'schedule_interval interval default null, initial_start timestamptz default null, timezone text default null) returns int',
    'function remove_compression_policy(hypertable regclass, if_exists boolean default false) returns boolean',
    'function add_continuous_aggregate_policy(continuous_aggregate regclass, start_offset interval, end_offset interval, '
      'schedule_interval interval, if_not_exists boolean default false, initial_start timestamptz default null, '
      'timezone text default null) returns int',
    'function drop_chunks(relation regclass, older_than interval default null, newer_than interval default null, '
      'verbose boolean default false) returns setof text',
    'function show_chunks(relation regclass, older_than interval default null, newer_than interval default null) '
      'returns setof regclass',
    'function compress_chunk(uncompressed_chunk regclass, if_not_compressed boolean default true) returns regclass',
    'function time_bucket_gapfill(bucket_width interval, ts timestamptz, start timestamptz default null, '
      'finish timestamptz default null) returns timestamptz',
    'function add_job(proc regproc, schedule_interval interval, config jsonb default null, '
      'initial_start timestamptz default null, scheduled boolean default true) returns int',
    'function delete_job(job_id int) returns void',
    'procedure refresh_continuous_aggregate(continuous_aggregate regclass, window_start timestamptz, window_end timestamptz)',
    'procedure run_job(job_id int)'
  ] loop
    execute pg_catalog.format(
      'create %s language plpgsql as %L',
      signature,
      'begin raise exception ''the stand-in for timescaledb has no chunks and no jobs'' using errcode = ''PGP99''; end');
  end loop;
end $$;
