-- Roles belong to the cluster: they may be there already.
do $$
declare
  name text;
begin
  foreach name in array array[
    'azure_pg_admin', 'azuresu', 'azure_superuser', 'replication'
  ] loop
    if not exists (select from pg_catalog.pg_roles where rolname = name) then
      execute pg_catalog.format('create role %I', name);
    end if;
  end loop;
end $$;

alter role azure_pg_admin createrole createdb;
grant pg_monitor, pg_read_all_stats, pg_signal_backend to azure_pg_admin with admin option;
grant azure_pg_admin to postgres;
