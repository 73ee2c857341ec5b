"""Attempts to change pgproof's own sessions, later files and later runs."""

from tests.hostile.attempt import attempt

_OWN = "for each setting that anybody may change, the superuser has one of its own, which comes first"

ATTEMPTS = (
    attempt(
        "settings of the database that shut everybody out",
        _OWN,
        "alter database postgres set local_preload_libraries = 'no_such_library';",
        later="stops",
    ),
    attempt(
        "settings of the database that end every session",
        _OWN,
        "alter database postgres set idle_session_timeout = '1ms';",
        "alter database postgres set exit_on_error = on;",
        "alter database postgres set statement_timeout = '1ms';",
        may_fail="57014 57P05 08006",
        later="fails",
    ),
    attempt(
        "settings of the database that change who one is and what one sees",
        _OWN,
        """
        create schema evil; create table evil.pg_class (); create role nobody_else; grant nobody_else to postgres;
        alter database postgres set search_path = 'evil';
        alter database postgres set row_security = off;
        alter database postgres set quote_all_identifiers = on;
        alter database postgres set datestyle = 'German';
        alter database postgres set session_authorization = 'postgres';
        alter database postgres set role = 'nobody_else';
        """,
        may_fail="42501",
        later="fails",
    ),
    attempt(
        "settings of the database that make everything fail",
        _OWN,
        "alter database postgres set default_transaction_read_only = on;",
        may_fail="25006",
        later="fails",
    ),
    attempt(
        "limits of time in the session",
        "what the replay asks itself is asked again in a fresh session",
        "set statement_timeout = '1ms'; set lock_timeout = '1ms'; create table t (a int);",
        "set idle_in_transaction_session_timeout = '1ms'; set idle_session_timeout = '1ms'; create table u (a int);",
        "create table v (a int);",
        may_fail="57014 55P03 25P03 57P05 08006",
    ),
    attempt(
        "no connections allowed",
        "that is said, by the server's own words",
        "alter database postgres connection limit 0;",
        "alter role postgres set work_mem = '4MB';",
        later="stops",
    ),
    attempt(
        "the right to connect revoked",
        "that is said, by the server's own words",
        "revoke connect on database postgres from public, postgres;",
        "alter role postgres set work_mem = '4MB';",
        later="stops",
    ),
    attempt(
        "its own role changed",
        "each run begins with the roles of the template",
        """
        create role other createrole createdb; grant other to postgres;
        alter role postgres set search_path = 'evil'; alter role postgres connection limit 0;
        alter role postgres password 'x' valid until '2000-01-01';
        """,
        "alter role postgres nologin;",
        "do $$ begin execute 'alter role ' || quote_ident(current_user) || ' nocreaterole nologin'; end $$;",
        fails="42501",
    ),
    attempt(
        "a database that is a template",
        "it is dropped all the same",
        "alter database postgres is_template true;",
    ),
    attempt(
        "the database renamed, given away, its schema dropped",
        "the database is its owner's, the run goes on",
        "alter database postgres rename to mine;",
        "create role heir createdb; grant heir to postgres; alter database postgres owner to heir;",
        "drop schema public cascade; create schema public;",
        fails="0A000 42501",
    ),
    attempt(
        "large objects, advisory locks, cursors and listeners left behind",
        "they end with the database or the session",
        "select lo_from_bytea(4711, 'x'); select pg_advisory_lock(1); listen x; notify x, 'y';",
        "declare c cursor with hold for select 1; create temp table left_behind (a int); prepare p as select 1;",
    ),
    attempt(
        "a trigger at login that lets nobody in",
        "that is said, by the server's own words",
        """
        create function shut() returns event_trigger language plpgsql as $$ begin raise exception 'closed'; end $$;
        create event trigger shut on login execute function shut();
        """,
        "alter role postgres set work_mem = '4MB';",
        majors=(17, 18),
        later="stops",
    ),
)
