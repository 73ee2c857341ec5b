"""Attempts to deceive the recorder: who made what, and what happened at all."""

from tests.hostile.attempt import attempt

_COUNTED = "marks are told by their place in the stream, which no statement can change"

ATTEMPTS = (
    attempt(
        "messages that look like pgproof's",
        "effects do not travel in messages",
        """
        do $$ begin
            raise info using errcode = 'PGP01', message = '[["CREATE TABLE","table","public.fake",1259,1,0,false,1]]';
            raise info using errcode = 'PGP02', message = '[["table","public.innocent",1259,1,0]]';
            raise notice using errcode = 'PGP00', message = '1';
        end $$;
        """,
    ),
    attempt(
        "effects that nothing had",
        "what the setting of the session says is checked by the catalog",
        """
        select set_config('pgproof.seen', e'\\x1d' ||
            '["made",[["CREATE TABLE","table","public.fake",1259,99999,0,false,1]],2147483647,null]', false);
        select set_config('pgproof.seen', e'\\x1d["made",[["CREATE TABLE"]],1,2]' || e'\\x1d{{{' || e'\\x1d' ||
            repeat('[', 100000), false);
        create table t (a int);
        """,
    ),
    attempt(
        "effects on objects that a later file will make",
        "its transaction ended before their OIDs",
        """
        create table t (a int);
        select set_config('pgproof.seen', string_agg(e'\\x1d["made",[["ALTER TABLE","table column","public.innocent",'
            || '1259,' || oid || ',1,false,9],["ALTER TABLE","table","public.innocent",1259,' || oid
            || ',0,false,9]],2147483647,null]', ''), false)
        from generate_series(pgproof.next_oid()::int8, pgproof.next_oid()::int8 + 100) oid;
        """,
    ),
    attempt(
        "effects taken away",
        "it blurs only what its own statement did",
        "create table t (a int); select set_config('pgproof.seen', '', false);",
        "do $$ begin create table u (a int); perform set_config('pgproof.seen', '', false); end $$;",
    ),
    attempt(
        "rows that look like pgproof's marks",
        _COUNTED,
        """
        create table before_marks (a int);
        select substring(current_query() from '''([0-9a-f]{16}):-1') || ':' || n, '0', '', '', ''
        from generate_series(-1, 9) as n;
        create table after_marks (a int);
        create table later (a int);
        """,
        "create table another (a int);",
    ),
    attempt(
        "the same, in a transaction that it commits itself",
        "a gap says that the record of this transaction cannot be trusted",
        """
        begin; create table in_its_own (a int);
        select substring(current_query() from '''([0-9a-f]{16}):-1') || ':' || n, '0', '', '', ''
        from generate_series(-1, 9) as n;
        commit;
        """,
        "create table another (a int);",
    ),
    attempt(
        "the number of objects",
        "the counter only grows, and is asked in a message of pgproof's own",
        "do $$ begin perform pgproof.next_oid() from generate_series(1, 10000); end $$; create table t (a int);",
        "create table u (a int);",
    ),
    attempt(
        "results that nobody asked for",
        _COUNTED,
        """
        create table t (a int);
        create rule r as on insert to t do also (select 1 as a; select 2 as a; select 3 as a);
        """,
        "insert into t values (1) returning a; create table after_rule (a int);",
    ),
    attempt(
        "COMMIT, ROLLBACK and savepoints of its own",
        "what was rolled back is not there, and what is there has its origin",
        "create table a1 (a int); commit; create table a2 (a int); rollback; create table a3 (a int); begin;",
        "abort; begin; create table b1 (a int); savepoint pgproof; create table b2 (a int); rollback to pgproof;",
        "release savepoint pgproof; rollback to savepoint pgproof; create table c1 (a int);",
        "do $$ begin commit; create table d1 (a int); rollback; end $$; create table d2 (a int);",
        fails="3B001 2D000 25P01 25000",
    ),
    attempt(
        "prepared transactions",
        "there are none",
        "begin; create table t (a int); prepare transaction 'later';",
        "commit prepared 'later';",
        fails="55000 25001",
    ),
    attempt(
        "event triggers switched off",
        "pgproof's are ENABLE ALWAYS, and belong to the superuser",
        "set session_replication_role = replica; create table t (a int);",
        "set event_triggers = off; create table u (a int);",
        fails="42501 42704",
    ),
    attempt(
        "functions of the same names, first in the search path",
        "every name is qualified",
        """
        create schema evil;
        create function evil.next_oid() returns oid language sql as 'select 1::oid';
        create function evil.held(oid) returns text language sql as $$ select '1:AccessExclusiveLock:1' $$;
        create function evil.set_config(text, text, boolean) returns text language sql as $$ select 'x' $$;
        create function evil.clock_timestamp() returns timestamptz language sql as
            $$ select '-infinity'::timestamptz $$;
        set search_path = evil, pg_catalog, public; create table public.t (a int);
        """,
    ),
    attempt(
        "another encoding of the client",
        "the replay puts it back to UTF-8",
        "select set_config('client_encoding', 'SJIS', false); create table t (a int);",
        "select set_config('client_encoding', 'LATIN1', false); create table \"ü\" (a int);",
        "alter role postgres set client_encoding = 'BIG5'; create table \"ö\" (a int);",
    ),
    attempt(
        "a file in which literals end elsewhere",
        "the replay puts standard_conforming_strings back",
        r"""
        select set_config('standard_conforming_strings', 'off', false);
        commit;
        create table t (a text default 'a\');
        create table u (a text default 'b'); --');
        """,
    ),
    attempt(
        "its own session ended",
        "the statement that did it is named, and the rest replayed",
        "create table t (a int); select pg_terminate_backend(pg_backend_pid()); create table u (a int);",
        fails="57P01 08006",
    ),
    attempt(
        "what it made, hidden in an extension",
        "the statement that did it is recorded",
        "create extension pgcrypto; create table hidden (a int); alter extension pgcrypto add table hidden;",
        "alter extension pgcrypto drop table hidden;",
    ),
)
