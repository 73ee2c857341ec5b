create schema extensions authorization postgres;
create schema auth authorization supabase_admin;
create schema storage authorization supabase_admin;
create schema realtime authorization supabase_admin;
create schema vault authorization supabase_admin;
create schema graphql authorization supabase_admin;
create schema graphql_public authorization supabase_admin;
create schema supabase_functions authorization supabase_admin;
create schema pgbouncer authorization pgbouncer;

grant usage on schema public, extensions, auth, storage, realtime, graphql_public, supabase_functions
  to postgres, anon, authenticated, service_role;
grant all on schema auth, storage, realtime to postgres;
grant usage on schema storage, realtime to postgres with grant option;
grant all on schema auth, extensions, storage to dashboard_user;

-- What a project creates in public can be reached over the API, unless row-level security or a revoke says otherwise.
alter default privileges for role postgres in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;

create extension pgcrypto schema extensions;
create extension "uuid-ossp" schema extensions;
create extension pg_stat_statements schema extensions;
create extension pg_net schema extensions;
create extension supabase_vault schema vault;
create extension pg_graphql schema graphql;

-- A project may drop them (`drop extension if exists pg_net` is in what the platform's own diff writes).
update pg_catalog.pg_extension set extowner = 'postgres'::regrole where extname <> 'plpgsql';
insert into pg_catalog.pg_shdepend (dbid, classid, objid, objsubid, refclassid, refobjid, deptype)
select d.oid, 'pg_catalog.pg_extension'::regclass, e.oid, 0, 'pg_catalog.pg_authid'::regclass, e.extowner, 'o'
from pg_catalog.pg_extension as e, pg_catalog.pg_database as d
where e.extname <> 'plpgsql' and d.datname = current_database();

grant all on all tables in schema extensions to postgres with grant option;
grant all on all routines in schema extensions to postgres with grant option;
alter table vault.secrets owner to supabase_admin;
alter view vault.decrypted_secrets owner to supabase_admin;
alter function vault.create_secret(text, text, text, uuid) owner to supabase_admin;
alter function vault.update_secret(uuid, text, text, text, uuid) owner to supabase_admin;
grant execute on all functions in schema vault to supabase_admin;
grant usage on schema vault to postgres, service_role;
grant select, delete on vault.secrets, vault.decrypted_secrets to postgres with grant option;
grant select, delete on vault.secrets, vault.decrypted_secrets to service_role;
grant execute on all functions in schema vault to postgres with grant option;
grant execute on all functions in schema vault to service_role;
grant usage on schema graphql to postgres, anon, authenticated, service_role;
grant usage on schema net to postgres, anon, authenticated, service_role, supabase_functions_admin;

create publication supabase_realtime;
alter publication supabase_realtime owner to postgres;

-- The history table of the platform's command line
create schema supabase_migrations authorization postgres;
create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
alter table supabase_migrations.schema_migrations owner to postgres;
