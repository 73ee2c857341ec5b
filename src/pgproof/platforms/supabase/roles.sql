-- Roles belong to the cluster: they may be there already.
do $$
declare
  r record;
begin
  for r in
    select * from (values
      ('supabase_admin', 'nologin nosuperuser createdb createrole replication bypassrls'),
      ('supabase_auth_admin', 'login noinherit createrole'),
      ('supabase_storage_admin', 'login noinherit createrole'),
      ('supabase_functions_admin', 'login noinherit createrole'),
      ('supabase_realtime_admin', 'nologin noinherit'),
      ('supabase_replication_admin', 'login replication'),
      ('supabase_read_only_user', 'login bypassrls'),
      ('dashboard_user', 'nologin createdb createrole replication'),
      ('authenticator', 'login noinherit'),
      ('pgbouncer', 'login'),
      ('anon', 'nologin'),
      ('authenticated', 'nologin'),
      ('service_role', 'nologin bypassrls')
    ) as platform(name, attributes)
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = r.name) then
      execute format('create role %I', r.name);
    end if;
    execute format('alter role %I %s', r.name, r.attributes);
  end loop;
end $$;

grant anon, authenticated, service_role to authenticator;
grant authenticator to supabase_storage_admin;
grant pg_read_all_data to supabase_read_only_user;

grant anon, authenticated, service_role, authenticator to postgres with admin option;
grant supabase_auth_admin, supabase_storage_admin, supabase_functions_admin, supabase_realtime_admin to postgres;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres with admin option;

-- Settings of the API server and of an application, which a project stores in the database (`alter role authenticator set …`)
do $$
declare
  setting text;
begin
  if current_setting('server_version_num')::int < 150000 then
    return;  -- privileges on parameters came with 15
  end if;
  execute 'grant set on parameter session_replication_role to postgres';
  foreach setting in array array[
    'pgrst.db_aggregates_enabled', 'pgrst.db_anon_role', 'pgrst.db_extra_search_path', 'pgrst.db_hoisted_tx_settings',
    'pgrst.db_max_rows', 'pgrst.db_plan_enabled', 'pgrst.db_pre_config', 'pgrst.db_pre_request', 'pgrst.db_root_spec',
    'pgrst.db_schemas', 'pgrst.db_tx_end', 'pgrst.jwt_aud', 'pgrst.jwt_role_claim_key', 'pgrst.jwt_secret',
    'pgrst.log_level', 'pgrst.openapi_mode', 'pgrst.openapi_security_active', 'pgrst.server_cors_allowed_origins',
    'pgrst.server_timing_enabled', 'pgrst.server_trace_header', 'app.settings.jwt_secret', 'app.settings.jwt_exp'
  ] loop
    execute format('grant set on parameter %s to postgres', setting);
  end loop;
end $$;

alter role postgres set search_path = "$user", public, extensions;
alter role supabase_admin set search_path = "$user", public, auth, extensions;
alter role supabase_auth_admin set search_path = auth;
alter role supabase_storage_admin set search_path = storage;
alter role supabase_functions_admin set search_path = supabase_functions;
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
