-- How a migration's statement gets a superuser's rights, and what must not get them. Run once in a database by the
-- superuser.
--
-- What is elevated is bound to its text by a seal, an HMAC (RFC 2104) that only the administrator can make: nothing else
-- in the database can use the function, and whoever sees a seal can run that same statement again and no other. It needs
-- no second session, so it works in a transaction whose snapshot is older. The key is in a file beside the data and in no
-- table: whoever has CREATEROLE may grant himself pg_read_all_data and pg_write_all_data.
create schema pgproof;

grant usage on schema pgproof to public;

create function pgproof.sealed(statement text, seal bytea) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select sha256(substr(pads, 65) || sha256(substr(pads, 1, 64) || convert_to($1, 'UTF8'))) = $2
    from pg_read_binary_file('pgproof.pads') pads
$$;

revoke execute on function pgproof.sealed from public;

-- What pgproof's own comment before the statement orders, in JSON and in hexadecimal digits; sealed with the statement.
create function pgproof.orders(statement text) returns json
  language sql immutable set search_path = pg_catalog, pg_temp as $$
  select convert_from(decode(substring($1, '^/[*] ([0-9a-f]+) [*]/'), 'hex'), 'UTF8')::json
$$;

-- Whether the script of an extension could call what somebody else has made, in its schema or in that of an extension
-- that it requires: `pg_catalog` comes first, but a function whose arguments fit better is taken nevertheless.
create function pgproof.has_traps(place text, required json) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (
    select
      from (select pronamespace, proowner from pg_proc union all select oprnamespace, oprowner from pg_operator)
           as made (schema, owner)
      join pg_authid o on o.oid = made.owner
      join pg_namespace n on n.oid = made.schema
     where not o.rolsuper
       and (n.nspname = place
            or n.oid in (select extnamespace from pg_extension
                          where extname in (select json_array_elements_text(required)))))
$$;

revoke execute on function pgproof.has_traps from public;

-- The function has no `set search_path`: an extension goes where the migration's search path says. So every name in it is
-- qualified, operators too. `standard_conforming_strings` is pinned because a text that pgproof's parser takes for one
-- statement may be two without it. Under `replica` no event trigger of the migration fires with the superuser's rights;
-- pgproof's own are ENABLE ALWAYS.
create function pgproof.elevate(statement text, seal bytea) returns void
  language plpgsql security definer
  set session_replication_role = replica
  set standard_conforming_strings = on
as $$
declare
  orders constant json := pgproof.orders(statement);
  place text;
begin
  if pgproof.sealed(statement, seal) is not true then
    raise exception 'pgproof: this statement has no seal' using errcode = '42501';
  end if;
  if pg_catalog.current_schema() operator(pg_catalog.=) 'pg_catalog'
     or pg_catalog.current_schema() operator(pg_catalog.=) 'information_schema'
     or pg_catalog.current_schema() operator(pg_catalog.=) 'pgproof'
  then
    raise exception 'pgproof: a statement that needs a superuser may not create objects in schema %',
      pg_catalog.current_schema() using errcode = '42501';
  end if;
  if pg_catalog.json_extract_path(orders, 'alone') is not null then
    place := coalesce(pg_catalog.json_extract_path_text(orders, 'alone'), pg_catalog.current_schema());
    if pgproof.has_traps(place, pg_catalog.json_extract_path(orders, 'with')) then
      raise exception 'pgproof: a superuser runs the script of this extension only where no function of others is'
        using errcode = '42501';
    end if;
  end if;

  execute statement;

  if pg_catalog.json_extract_path_text(orders, 'cut off') operator(pg_catalog.=) 'true' then
    update pg_catalog.pg_foreign_data_wrapper set fdwhandler = 0 where fdwhandler operator(pg_catalog.<>) 0;
  end if;
  if exists (
    select
      from pg_catalog.pg_opclass c
     where c.opcdefault and c.oid operator(pg_catalog.>=) 16384 and c.opcintype operator(pg_catalog.<) 16384
       and not exists (
         select
           from pg_catalog.pg_depend d
          where d.classid operator(pg_catalog.=) 'pg_catalog.pg_opclass'::pg_catalog.regclass
            and d.objid operator(pg_catalog.=) c.oid and d.deptype operator(pg_catalog.=) 'e'))
  then
    raise exception 'pgproof: a default operator class of a built-in type would serve the superuser too'
      using errcode = '42501';
  end if;
end
$$;

-- An index of a stand-in's method, whose options only the real extension knows: it is made without them, and they are
-- noted as the real one would. The statement runs with the rights of the migration; noting is sealed with it.
create function pgproof.note_options(newer oid, statement text, seal bytea) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  update pg_class
     set reloptions = array(select json_array_elements_text(pgproof.orders(statement) -> 'options'))
   where oid > newer and relam >= 16384 and relkind in ('i', 'I') and pgproof.sealed(statement, seal)
$$;

create function pgproof.create_index(statement text, seal bytea) returns void language plpgsql as $$
declare
  newest constant oid := (select pg_catalog.max(oid) from pg_catalog.pg_class where relkind in ('i', 'I'));
begin
  execute statement;
  perform pgproof.note_options(newest, statement, seal);
end
$$;

-- The script of a trusted extension runs as a superuser too (manual, section 36.17.1), and with it would the event
-- triggers of the migrations: PostgreSQL counts on superusers alone having any. So no script runs while they could fire.
-- Without such triggers nothing is switched off: the platform's own fire as they do in production.
create function pgproof.others_watch() returns boolean
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (
    select
      from pg_event_trigger t join pg_proc f on f.oid = t.evtfoid join pg_roles o on o.oid = f.proowner
     where not o.rolsuper)
$$;

create function pgproof.without_event_triggers(statement text) returns void language plpgsql as $$
declare
  before constant text := pg_catalog.current_setting('session_replication_role');
begin
  if pgproof.others_watch() then
    begin
      perform pg_catalog.set_config('session_replication_role', 'replica', true);
    exception when insufficient_privilege then
      null;  -- another role than the owner: the guard decides
    end;
  end if;
  execute statement;
  perform pg_catalog.set_config('session_replication_role', before, true)
    where before operator(pg_catalog.<>) pg_catalog.current_setting('session_replication_role');
end
$$;

create function pgproof.guard_extensions() returns event_trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('session_replication_role') <> 'replica' and pgproof.others_watch() then
    raise exception 'pgproof: the script of an extension would fire event triggers as a superuser' using errcode = '42501';
  end if;
end
$$;

-- Event triggers fire in the order of their names, and elevation makes none that comes after this one: nothing of the
-- migration runs between the guard and the script.
create event trigger "~pgproof_guard_extensions" on ddl_command_start
  when tag in ('CREATE EXTENSION', 'ALTER EXTENSION') execute function pgproof.guard_extensions();

alter event trigger "~pgproof_guard_extensions" enable always;
