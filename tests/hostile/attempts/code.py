"""Attempts to have a superuser run the migration's code."""

from tests.hostile.attempt import attempt

_SPY = """
create function spy() returns event_trigger language plpgsql as $$ begin perform {canary}; end $$;
"""
_REPLICA = "under `session_replication_role = replica` none of the migration's event triggers fires"
_ONLY_READ = "the superuser only reads catalogs; nothing that is read is evaluated"

ATTEMPTS = (
    attempt(
        "an event trigger in a trusted extension's script",
        f"scripts run only where no event trigger fires: {_REPLICA}",
        _SPY,
        "create event trigger spy on ddl_command_start execute function spy();",
        "create event trigger spy_too on ddl_command_end execute function spy();",
        "create extension pgcrypto; create extension if not exists citext;",
        "alter extension pgcrypto update;",
    ),
    attempt(
        "the same, by a block that runs CREATE EXTENSION",
        "an event trigger of pgproof's, the last one, refuses the script",
        _SPY,
        "create event trigger spy on ddl_command_start execute function spy();",
        "do $$ begin create extension pgcrypto; end $$;",
        fails="42501",
    ),
    attempt(
        "the same, pretending that no event trigger fires",
        "the guard fires after all others and sees the setting as the script would",
        _SPY,
        """
        create function pretend() returns event_trigger language plpgsql as $$ begin
            perform set_config('session_replication_role', 'replica', true); end $$;
        create function reset() returns event_trigger language plpgsql as $$ begin
            perform set_config('session_replication_role', 'origin', true); end $$;
        create event trigger a on ddl_command_start execute function pretend();
        create event trigger b on ddl_command_start execute function reset();
        create event trigger spy on ddl_command_start execute function spy();
        """,
        "do $$ begin create extension pgcrypto; end $$;",
        fails="42501",
    ),
    attempt(
        "an event trigger after the guard",
        "elevation makes none whose name comes after it",
        _SPY,
        'create event trigger "~~" on ddl_command_start execute function spy();',
        'create event trigger spy on ddl_command_start execute function spy(); alter event trigger spy rename to "~~";',
        fails="42501",
    ),
    attempt(
        "event triggers that fire for the superuser",
        _REPLICA + ", and ENABLE ALWAYS is not elevated",
        _SPY,
        "create event trigger spy on ddl_command_start execute function spy(); create publication p for all tables;",
        "alter event trigger spy enable always;",
        "alter event trigger spy enable replica;",
        fails="42501",
    ),
    attempt(
        "a trigger at the superuser's login",
        "the superuser connects with event_triggers = off",
        _SPY,
        "create event trigger spy on login execute function spy();",
        "alter database postgres set search_path = 'public'; create publication p for all tables;",
        majors=(17, 18),
    ),
    attempt(
        "pgproof's functions as event triggers of the migration",
        "they note what happened, and nothing else",
        "create event trigger twice on ddl_command_end execute function pgproof.command_ended();",
        "create table t ();",
    ),
    attempt(
        "functions in everything that the catalog holds",
        _ONLY_READ,
        """
        create function called(int) returns int language sql immutable as $$ select {canary} + $1 $$;
        create function called() returns int language sql stable as $$ select {canary} $$;
        create table t (a int default called(), b int generated always as (called(1)) stored, check (called(a) < 9));
        create index on t (called(a)) where called(1) > 0;
        create statistics s on (called(a)), (called(b)) from t;
        alter table t enable row level security; create policy p on t using (called() > 0);
        create view v as select called() as a from t; create materialized view m as select called();
        create domain d as int check (called(value) > 0) default called();
        create rule r as on update to t do instead select called();
        create function f(a int default called()) returns int language sql as 'select 1';
        create function g() returns trigger language plpgsql as $$ begin return new; end $$;
        create trigger g before insert on t for each row when (called(new.a) > 0) execute function g();
        create aggregate g (int) (sfunc = int4pl, stype = int, initcond = '0');
        """,
    ),
    attempt(
        "functions in partition keys and bounds",
        _ONLY_READ,
        """
        create function called(int) returns int language sql immutable as $$ select {canary} + $1 $$;
        create function compare(int, int) returns int language plpgsql immutable as $$ begin
            perform {canary}; return btint4cmp($1, $2); end $$;
        create operator class own for type int using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=,
            operator 5 >, function 1 compare(int, int);
        create table p (a int) partition by range (a own);
        create table p1 partition of p for values from (1) to (10);
        create table p2 partition of p default;
        create table q (a int) partition by range ((called(1) + a));
        create table q1 partition of q for values from (called(1)) to (10);
        create table q2 partition of q default;
        """,
    ),
    attempt(
        "a default operator class for a built-in type",
        "elevation refuses those that the superuser's own queries would use",
        """
        create function compare(regclass, regclass) returns int language plpgsql immutable as $$ begin
            perform {canary}; return btoidcmp($1, $2); end $$;
        """,
        """
        create operator class own default for type regclass using btree as operator 1 <(oid, oid),
            operator 2 <=(oid, oid), operator 3 =(oid, oid), operator 4 >=(oid, oid), operator 5 >(oid, oid),
            function 1 compare(regclass, regclass);
        """,
        fails="42501",
    ),
    attempt(
        "functions and operators that fit better than PostgreSQL's own",
        "every name that the superuser uses is looked for in pg_catalog alone",
        """
        create function concat_ws(text, oid, text, bigint, oid) returns text language sql as
            $$ select {canary}::text $$;
        create function format(text, name, name) returns text language sql as $$ select {canary}::text $$;
        create function json_build_array(text, json, bigint, text) returns json language sql as
            $$ select to_json({canary}) $$;
        create function quote_ident(name) returns text language sql as $$ select {canary}::text $$;
        create function max(oid) returns oid language sql as $$ select {canary}::oid $$;
        create function same(name, text) returns boolean language sql as $$ select {canary} > 0 $$;
        create operator = (leftarg = name, rightarg = text, function = same);
        create operator <> (leftarg = name, rightarg = text, function = same);
        create operator !~ (leftarg = name, rightarg = text, function = same);
        alter database postgres set search_path = public, pg_catalog;
        """,
        "set search_path = public, pg_catalog; create table t (id int primary key); drop table t;",
    ),
    attempt(
        "casts between built-in types",
        "elevation makes only casts that call no function, and the catalog can be read with them",
        "create cast (int as text) with inout as implicit;",
        "create cast (oid as text) with inout as implicit; create cast (text as oid) with inout as implicit;",
        "create cast (name as oid) with inout as implicit; create cast (boolean as bigint) with inout as implicit;",
        "create function to_it(text) returns int language sql immutable as $$ select {canary} $$;",
        "create cast (text as int) with function to_it(text) as implicit;",
        fails="42501 42P17",
    ),
    attempt(
        "relations of the session's temporary schema",
        "pg_temp comes last in the superuser's search path and in that of pgproof's functions",
        """
        create temp table pg_class (oid oid, relname name, relnatts int2, relnamespace oid);
        create temp table pg_event_trigger (evtfoid oid); create temp view pg_roles as select {canary} as oid;
        set search_path = pg_temp, pg_catalog, public;
        create table public.t (a int);
        alter table public.t add b int;
        """,
    ),
    attempt(
        "what is planted around a stand-in's or an extension's script",
        "the scripts name everything with its schema, or create only",
        """
        create function compared(varchar, varchar) returns boolean language sql as $$ select {canary} > 0 $$;
        create function compared(name, varchar) returns boolean language sql as $$ select {canary} > 0 $$;
        do $$ declare o text; begin
            foreach o in array array['=', '<>', '<', '~', '!~', '~*', '!~*', '||', '->>', '+', '@>'] loop
                execute format('create operator %s (leftarg = varchar, rightarg = varchar, function = compared)', o);
                execute format('create operator %s (leftarg = name, rightarg = varchar, function = compared)', o);
            end loop;
        end $$;
        create function format(text, varchar) returns text language sql as $$ select {canary}::text $$;
        create function to_regclass(varchar) returns regclass language sql as $$ select {canary}::oid::regclass $$;
        create function current_setting(varchar) returns text language sql as $$ select {canary}::text $$;
        create function length(varchar) returns int language sql as $$ select {canary} $$;
        create function lower(varchar) returns text language sql as $$ select {canary}::text $$;
        """,
        "create extension pgcrypto; create extension citext; create extension hstore; create extension ltree;",
        "create extension btree_gist; create extension pg_trgm; create extension unaccent; create extension tablefunc;",
        "create extension pg_cron; create extension pgmq; create extension postgis; create extension timescaledb;",
    ),
    attempt(
        "triggers on the tables that a stand-in writes as a superuser",
        "the tables are the superuser's; where a migration may make triggers, the stand-in writes as the migration",
        """
        create extension pg_cron; create extension pg_net;
        create function spy_on_rows() returns trigger language plpgsql as $$ begin perform {canary}; return new; end $$;
        create trigger spy before insert on net.http_request_queue for each row execute function spy_on_rows();
        select net.http_get('http://127.0.0.1/'), cron.schedule('spy', '* * * * *', 'select {canary}');
        """,
        "create trigger spy before insert on cron.job for each row execute function spy_on_rows();",
        "create rule spy as on insert to cron.job do also select {canary};",
        "alter table cron.job owner to postgres;",
        "alter extension pg_cron drop table cron.job; alter table cron.job add check ({canary} > 0);",
        "select cron.schedule('spy again', '* * * * *', 'select {canary}');",
        fails="42501",
    ),
    attempt(
        "the functions of a stand-in that run as a superuser",
        "the superuser owns them, and their search path holds nothing of the migration's",
        "create extension pg_cron; create extension supabase_vault cascade;",
        "create function cron.mine() returns int language sql as 'select 1';",
        """
        create or replace function cron.unschedule(job_id bigint) returns bool language sql security definer as
            $$ select {canary} > 0 $$;
        """,
        "alter function cron.unschedule(bigint) reset search_path;",
        "alter function cron.unschedule(bigint) owner to postgres;",
        "alter extension pg_cron drop function cron.unschedule(bigint);",
        "alter function cron.unschedule(bigint) set search_path = public;",
        """
        create function public.lower(text) returns text language sql as $$ select {canary}::text $$;
        create operator public.~* (leftarg = text, rightarg = text, function = textregexeq);
        set search_path = public, pg_catalog;
        select cron.schedule('x', '* * * * *', 'select 1'), cron.unschedule('x'), vault.create_secret('x');
        """,
        fails="42501",
    ),
    attempt(
        "an extension in a system schema, and a function of one's own in it",
        "PostgreSQL lets a trusted extension be made there, and nothing else be moved there",
        "create extension pgcrypto with schema pg_catalog;",
        "create extension hstore with schema pg_catalog;",
        "create function public.evil(name, text) returns boolean language sql as $$ select {canary} > 0 $$;",
        "alter extension hstore add function public.evil(name, text);",
        "alter extension hstore set schema public;",
        "alter extension hstore set schema pg_catalog;",
        "alter function public.evil(name, text) set schema pg_catalog;",
        "create extension citext; alter extension citext set schema pg_catalog;",
        fails="42501 42723 0A000",
    ),
    attempt(
        "languages that are not trusted, C functions, libraries",
        "only a superuser may use them",
        "create function c() returns int language c as 'libc.so.6', 'getpid';",
        "create function i() returns int language internal as 'pg_backend_pid';",
        "load '$libdir/plpgsql';",
        "create language evil handler plpgsql_call_handler;",
        fails="42501",
    ),
    attempt(
        "languages of extensions that are not trusted",
        "pgproof does not create them",
        "create extension plpython3u;",
        "create extension plperlu;",
        "create language plperlu;",
        fails="0A000 42501 42704",
    ),
    attempt(
        "a background worker, a parallel one",
        "no library that has any can be loaded, and there are no parallel workers",
        "set max_parallel_workers_per_gather = 8; set parallel_setup_cost = 0; set parallel_tuple_cost = 0;"
        " create table t as select generate_series(1, 1000) as a; select count(*) from t;",
        "create subscription s connection 'host=127.0.0.1' publication p;",
        refused="another server",
    ),
)
