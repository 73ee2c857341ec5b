-- What lets a replay see the effects of each statement. Run once in a database by the superuser.
--
-- The effects are collected in a setting of the session, `pgproof.seen`, which the query after the statement reads and
-- empties: a statement that is rolled back to a savepoint takes its effects with it, and a message for each effect would
-- cost twice as much. A record is JSON; U+001D, which JSON escapes, stands before each. A migration can write into the
-- setting: it can blur where its own objects come from, and say that it altered or dropped what is older than itself, as
-- it could have done; what it says of later objects is not believed (`trace.py`).
create schema if not exists pgproof;

grant usage on schema pgproof to public;

-- The OID counter: what exists has a smaller OID and file node, what is made from now on a greater one.
create function pgproof.next_oid() returns oid
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  select pg_nextoid('pg_class'::regclass, 'oid', 'pg_class_oid_index'::regclass)
$$;

-- Events of a command that ended (manual, section 9.30.1), and the OID counter: every object that the command made has a
-- smaller OID, every later one a greater. That is how constraints, partitions' indexes and other objects without an
-- event of their own are attributed. `relnatts` tells which columns an ALTER TABLE has added, the stack what it said
-- when a function ran it.
create function pgproof.command_ended() returns event_trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  effects json;
  stack text;
begin
  select json_agg(json_build_array(
           command_tag, object_type, object_identity, classid::int8, objid::int8, objsubid, in_extension,
           case when command_tag in ('ALTER TABLE', 'CREATE TABLE') and classid = 1259
                then (select relnatts from pg_class where oid = objid) end))
    into effects
    from pg_event_trigger_ddl_commands();
  if effects is not null then
    if tg_tag = 'ALTER TABLE' then
      get diagnostics stack = pg_context;
    end if;
    perform set_config('pgproof.seen', concat(current_setting('pgproof.seen', true), e'\x1d', json_build_array(
              'made', effects, pg_nextoid('pg_class'::regclass, 'oid', 'pg_class_oid_index'::regclass)::int8, stack)), false);
  end if;
end
$$;

create function pgproof.objects_dropped() returns event_trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  effects json;
begin
  select json_agg(json_build_array(object_type, object_identity, classid::int8, objid::int8, objsubid))
    into effects
    from pg_event_trigger_dropped_objects()
   where original or normal;
  if effects is not null then
    perform set_config('pgproof.seen', concat(current_setting('pgproof.seen', true), e'\x1d', json_build_array(
              'dropped', effects)), false);
  end if;
end
$$;

create function pgproof.table_rewritten() returns event_trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('pgproof.seen', concat(current_setting('pgproof.seen', true), e'\x1d', json_build_array(
            'rewritten', pg_event_trigger_table_rewrite_oid()::int8)), false);
end
$$;

create event trigger pgproof_command_ended on ddl_command_end execute function pgproof.command_ended();

create event trigger pgproof_objects_dropped on sql_drop execute function pgproof.objects_dropped();

create event trigger pgproof_table_rewritten on table_rewrite execute function pgproof.table_rewritten();

-- Otherwise session_replication_role = replica would switch them off.
alter event trigger pgproof_command_ended enable always;

alter event trigger pgproof_objects_dropped enable always;

alter event trigger pgproof_table_rewritten enable always;

-- This session's locks on relations that are older than `bound`, each with the relation's file node and how often it was
-- scanned since the statistics were last flushed. The view pg_stat_xact_all_tables would cost six times as much.
create function pgproof.held(bound oid) returns text
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  return (
    select string_agg(concat_ws(':', relation, mode, pg_stat_get_xact_numscans(relation), pg_relation_filenode(relation)), ' ')
      from pg_lock_status()
     where relation >= 16384 and relation < bound and mode <> 'AccessShareLock' and pid = pg_backend_pid());
end
$$;
