"""Attempts to become a superuser, or to use what only one may."""

from tests.hostile.attempt import attempt

_NO_SUPERUSER = "the migrations log in as a role that is no superuser and belongs to none"
_PADS = "the key of the seals is in a file, and in no table"

ATTEMPTS = (
    attempt(
        "SET ROLE, SET SESSION AUTHORIZATION, RESET",
        "the session is the role's own: there is nothing to go back to",
        "reset role; reset session authorization; set role pgproof_admin;",
        "set session authorization pgproof_admin;",
        "set session authorization default; set role none; select {canary};",
        fails="42501",
    ),
    attempt(
        "GRANT of the superuser, SUPERUSER for a role",
        _NO_SUPERUSER,
        "grant pgproof_admin to postgres;",
        "create role boss superuser;",
        "alter role postgres superuser;",
        "create role member in role pgproof_admin;",
        fails="42501",
    ),
    attempt(
        "the superuser's password, name and settings",
        _NO_SUPERUSER,
        "alter role pgproof_admin password 'x';",
        "alter role pgproof_admin rename to mine;",
        "alter role pgproof_admin set search_path = public;",
        "alter role pgproof_admin in database postgres set role = 'postgres';",
        "drop role pgproof_admin;",
        fails="42501",
    ),
    attempt(
        "roles that run programs and read files (CREATEROLE grants them up to 15)",
        "they do not exist up to 15; from 16 on they cannot be granted",
        "grant pg_execute_server_program to postgres;",
        "grant pg_read_server_files, pg_write_server_files to postgres;",
        fails="42501 42704",
    ),
    attempt(
        "objects given to the superuser",
        _NO_SUPERUSER,
        "create table t (); alter table t owner to pgproof_admin;",
        "create function definer() returns int language sql security definer as $$ select {canary} $$;",
        "alter function definer() owner to pgproof_admin;",
        "alter function public.canary() owner to pgproof_admin;",
        "create schema authorization pgproof_admin;",
        "alter database postgres owner to pgproof_admin;",
        fails="42501",
    ),
    attempt(
        "a forged seal",
        _PADS,
        "select pgproof.elevate('alter role postgres superuser', '\\x00');",
        "select pgproof.sealed('alter role postgres superuser', '');",
        "select pgproof.create_index('alter role postgres superuser', '\\x00');",
        "do $$ begin perform pgproof.note_options(0, '/* 7b7d */ x', '\\x00'); end $$;",
        "select pgproof.without_event_triggers('alter role postgres superuser');",
        "select pg_read_binary_file('pgproof.pads');",
        fails="42501",
    ),
    attempt(
        "the key of the seals, by roles that read and write all tables",
        _PADS,
        """
        create role reader; create role writer;
        grant pg_read_all_data to reader; grant pg_write_all_data to writer;
        grant reader, writer to postgres;
        set role reader;
        do $$ declare t text; begin
            for t in select c.oid::regclass from pg_class c where c.relnamespace = 'pgproof'::regnamespace loop
                raise exception 'there is a table %', t using errcode = 'XX999';
            end loop;
        end $$;
        set role writer;
        """,
        "set role writer; update pg_authid set rolsuper = true where rolname = 'postgres';",
        fails="42501",
    ),
    attempt(
        "another statement under a seal that was seen",
        "a seal is an HMAC of the one statement's text",
        """
        create table seen (seal text not null);
        create publication seen for all tables;
        insert into seen select substring(current_query() from 'x([0-9a-f]{64})');
        """,
        "select pgproof.elevate('alter role postgres superuser', decode(seal, 'hex')) from seen;",
        "select pgproof.elevate('create publication seen for all tables; select 1', decode(seal, 'hex')) from seen;",
        fails="42501",
    ),
    attempt(
        "a statement that is two statements without standard_conforming_strings",
        "elevation pins the setting, and the replay puts it back",
        r"""
        create publication p;
        set standard_conforming_strings = off; set backslash_quote = on;
        """,
        r"""
        select set_config('standard_conforming_strings', 'off', false), set_config('backslash_quote', 'on', false);
        begin; commit;
        comment on publication p is 'a\''; alter role postgres superuser; --';
        """,
    ),
    attempt(
        "pgproof's own functions and event triggers",
        "they belong to the superuser",
        "alter function pgproof.command_ended() owner to postgres;",
        "create or replace function pgproof.next_oid() returns oid language sql as 'select 1::oid';",
        "create function pgproof.held(int) returns text language sql as $$ select '' $$;",
        "drop function pgproof.guard_extensions() cascade;",
        "drop schema pgproof cascade;",
        "alter schema pgproof rename to mine;",
        "alter event trigger pgproof_command_ended disable;",
        'alter event trigger "~pgproof_guard_extensions" disable;',
        "drop event trigger pgproof_objects_dropped;",
        "drop owned by pgproof_admin cascade;",
        "reassign owned by pgproof_admin to postgres;",
        "drop extension plpgsql cascade;",
        "create schema pgproof;",
        "revoke usage on schema pgproof from public;",
        "revoke execute on function pg_catalog.set_config(text, text, boolean) from public;",
        "alter schema pg_catalog rename to mine;",
        fails="42501 42P06 2BP01",
    ),
    attempt(
        "pgproof's functions dropped with their language",
        "plpgsql is dropped by nobody, whatever is dropped with it",
        "drop extension if exists xml2, plpgsql cascade;",
        fails="42501",
        contrib=True,
    ),
    attempt(
        "a superuser's privileges on settings",
        _NO_SUPERUSER,
        "grant set on parameter session_preload_libraries to postgres;",
        "set session_preload_libraries = 'x';",
        "alter database postgres set session_preload_libraries = 'x';",
        "alter role postgres set log_min_messages = 'debug5';",
        "alter system set shared_preload_libraries = 'x';",
        "alter role all set search_path = public;",
        "set temp_file_limit = -1;",
        fails="42501 25001",
    ),
    attempt(
        "the catalogs, by hand",
        "allow_system_table_mods is a superuser's",
        "update pg_catalog.pg_authid set rolsuper = true;",
        "update pg_catalog.pg_auth_members set admin_option = true;",
        "delete from pg_catalog.pg_event_trigger;",
        "create table pg_catalog.mine ();",
        "set allow_system_table_mods = on;",
        fails="42501",
    ),
    attempt(
        "rights in pg_catalog, lent for an error that the migration raised",
        "nothing of the superuser's is lent to a role that pgproof made up",
        """
        create table t ();
        create function deny() returns event_trigger language plpgsql as $$ begin
            raise exception 'permission denied for schema pg_catalog' using errcode = '42501';
        end $$;
        """,
        "create event trigger deny on ddl_command_start when tag in ('ALTER TABLE') execute function deny();",
        "grant select on t to ghost;",
        "alter table t owner to ghost;",
        "set role ghost; create function pg_catalog.mine() returns int language sql as 'select 1';",
        fails="42501",
    ),
    attempt(
        "roles that are said to be missing",
        "a role that is there is not made again, and none is granted",
        """do $$ begin raise exception 'role "pgproof_admin" does not exist' using errcode = '42704'; end $$;""",
        """do $$ begin raise exception 'role "public" does not exist' using errcode = '42704'; end $$;""",
        """do $$ begin raise exception 'role "x"" superuser; --" does not exist' using errcode = '42704'; end $$;""",
        "set role pgproof_admin;",
        fails="42501 42704",
    ),
    attempt(
        "roles with pgproof's names",
        "names give no rights",
        "create role pgproof_reader createrole login; create role pgproof_admin2 createdb;",
        "grant pgproof_reader to postgres; set role pgproof_reader; select {canary};",
    ),
    attempt(
        "privileges that a superuser's objects would get",
        _NO_SUPERUSER,
        "alter default privileges for role pgproof_admin grant execute on functions to public;",
        "grant execute on function pg_catalog.pg_read_file(text) to postgres;",
        fails="42501",
    ),
    attempt(
        "the superuser's sessions ended",
        "only a superuser ends those",
        """
        create role killer; grant pg_signal_backend to killer; grant killer to postgres; set role killer;
        select pg_terminate_backend(pid) from pg_stat_activity where usename = 'pgproof_admin';
        """,
        fails="42501",
    ),
)
