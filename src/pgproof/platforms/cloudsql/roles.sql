-- Roles belong to the cluster: they may be there already.
do $$
declare
  name text;
begin
  foreach name in array array[
    'cloudsqlsuperuser', 'cloudsqladmin', 'cloudsqlagent', 'cloudsqlreplica', 'cloudsqlimportexport',
    'cloudsqliamuser', 'cloudsqliamserviceaccount', 'cloudsqliamgroup', 'cloudsqlinactiveuser',
    'cloudsqllogical'
  ] loop
    if not exists (select from pg_catalog.pg_roles where rolname = name) then
      execute pg_catalog.format('create role %I', name);
    end if;
  end loop;
end $$;

grant pg_monitor, pg_signal_backend to cloudsqlsuperuser with admin option;
alter role cloudsqlsuperuser createrole createdb;
grant cloudsqlsuperuser to postgres;
