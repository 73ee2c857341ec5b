-- wrappers that reach nothing. A handler is asked for its functions only when a foreign table is used, and then fails.

do $$
declare
  source text;
begin
  foreach source in array array[
    'airtable', 'auth0', 'big_query', 'click_house', 'cognito', 'firebase', 'iceberg', 'logflare', 'mssql', 'redis', 's3',
    's3vectors', 'stripe', 'wasm'
  ] loop
    execute pg_catalog.format($create$
      create function %1$I() returns fdw_handler language internal strict as 'fdw_handler_in';
      create function %2$I(options text[], catalog oid) returns void language plpgsql as 'begin end';
      create function %3$I() returns table (name text, version text, author text, website text) language plpgsql as
        $f$ begin return query select %4$L, null::text, 'Supabase', 'https://github.com/supabase/wrappers'; end $f$;
      $create$,
      pg_catalog.format('%s_fdw_handler', source), pg_catalog.format('%s_fdw_validator', source),
      pg_catalog.format('%s_fdw_meta', source), source);
  end loop;
end $$;

create table wrappers_fdw_stats (
  fdw_name text not null primary key,
  create_times bigint,
  rows_in bigint,
  rows_out bigint,
  bytes_in bigint,
  bytes_out bigint,
  metadata jsonb,
  created_at timestamptz not null default timezone('utc', now()),
  updated_at timestamptz not null default timezone('utc', now())
);
