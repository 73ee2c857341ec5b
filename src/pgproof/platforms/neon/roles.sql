-- Roles belong to the cluster: they may be there already.
do $$
declare
  name text;
begin
  foreach name in array array[
    'neon_superuser', 'neondb_owner', 'cloud_admin', 'authenticated', 'anonymous', 'authenticator'
  ] loop
    if not exists (select from pg_catalog.pg_roles where rolname = name) then
      execute pg_catalog.format('create role %I', name);
    end if;
  end loop;
end $$;

alter role neon_superuser nologin createdb createrole bypassrls replication;
grant pg_monitor, pg_read_all_data, pg_write_all_data, pg_signal_backend to neon_superuser with admin option;
grant neon_superuser to postgres, neondb_owner;
grant anonymous, authenticated to authenticator, postgres with admin option;
