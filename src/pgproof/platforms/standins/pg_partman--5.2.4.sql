-- pg_partman that makes no partitions.

create table part_config (
  parent_table text not null primary key,
  control text not null,
  time_encoder text,
  time_decoder text,
  partition_interval text not null,
  partition_type text not null,
  premake int not null default 4,
  automatic_maintenance text not null default 'on',
  template_table text,
  retention text,
  retention_schema text,
  retention_keep_index boolean not null default true,
  retention_keep_table boolean not null default true,
  epoch text not null default 'none',
  constraint_cols text[],
  optimize_constraint int not null default 30,
  infinite_time_partitions boolean not null default false,
  datetime_string text,
  jobmon boolean not null default true,
  sub_partition_set_full boolean not null default false,
  undo_in_progress boolean not null default false,
  inherit_privileges boolean default false,
  constraint_valid boolean default true not null,
  ignore_default_data boolean not null default true,
  date_trunc_interval text,
  maintenance_order int,
  retention_keep_publication boolean not null default false,
  maintenance_last_run timestamptz
);

create table part_config_sub (
  sub_parent text primary key references part_config (parent_table) on delete cascade on update cascade,
  sub_control text not null,
  sub_time_encoder text,
  sub_time_decoder text,
  sub_partition_interval text not null,
  sub_partition_type text not null
);

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'function create_parent(p_parent_table text, p_control text, p_interval text, p_type text default ''range'', '
      'p_epoch text default ''none'', p_premake int default 4, p_start_partition text default null, '
      'p_default_table boolean default true, p_automatic_maintenance text default ''on'', p_constraint_cols text[] default null, '
      'p_template_table text default null, p_jobmon boolean default true, p_date_trunc_interval text default null, '
      'p_control_not_null boolean default true, p_time_encoder text default null, p_time_decoder text default null) '
      'returns boolean',
    'function create_sub_parent(p_top_parent text, p_control text, p_interval text, p_type text default ''range'', '
      'p_default_table boolean default true, p_declarative_check text default null) returns boolean',
    'function run_maintenance(p_parent_table text default null, p_analyze boolean default false, p_jobmon boolean default true) '
      'returns void',
    'function partition_data_time(p_parent_table text, p_batch_count int default 1) returns bigint',
    'function partition_data_id(p_parent_table text, p_batch_count int default 1) returns bigint',
    'function drop_partition_time(p_parent_table text, p_retention interval default null) returns int',
    'function drop_partition_id(p_parent_table text, p_retention bigint default null) returns int',
    'function show_partitions(p_parent_table text, p_order text default ''ASC'', p_include_default boolean default false) '
      'returns table (partition_schemaname text, partition_tablename text)',
    'procedure run_maintenance_proc(p_wait int default 0, p_analyze boolean default null, p_jobmon boolean default true)',
    'procedure partition_data_proc(p_parent_table text, p_loop_count int default null, p_interval text default null)'
  ] loop
    execute pg_catalog.format(
      'create %s language plpgsql as %L',
      signature,
      'begin raise exception ''the stand-in for pg_partman makes no partitions'' using errcode = ''PGP99''; end');
  end loop;
end $$;

grant select, insert, update, delete on part_config, part_config_sub to @extowner@ with grant option;
