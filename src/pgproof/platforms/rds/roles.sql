-- Roles belong to the cluster: they may be there already.
do $$
declare
  name text;
begin
  foreach name in array array[
    'rds_superuser', 'rds_replication', 'rds_password', 'rds_iam', 'rds_ad', 'rdsadmin', 'rdsrepladmin',
    'rds_extension'
  ] loop
    if not exists (select from pg_catalog.pg_roles where rolname = name) then
      execute pg_catalog.format('create role %I', name);
    end if;
  end loop;
end $$;

grant pg_monitor, pg_signal_backend, rds_replication, rds_password to rds_superuser with admin option;
grant rds_superuser to postgres;
