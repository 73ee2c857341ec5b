"""Attempts to read and write files, to run programs, and to reach other servers."""

from tests.hostile.attempt import attempt

_ROLES = "it takes roles that the migrations do not have and cannot get"
_PSQL = "pgproof reads psql's commands itself, and runs no program"

ATTEMPTS = (
    attempt(
        "COPY to and from a program",
        _ROLES,
        "copy (select 1) to program 'touch {marker}';",
        "create table t (a text); copy t from program 'touch {marker}';",
        "do $$ begin execute 'copy (select 1) to program ''touch {marker}'''; end $$;",
        fails="42501",
    ),
    attempt(
        "COPY to and from a file of the server",
        _ROLES,
        "create table t (a text); copy t from '{secret}';",
        "copy (select 1) to '{marker}';",
        fails="42501 42P01",
    ),
    attempt(
        "functions that read files",
        _ROLES,
        "select pg_read_file('{secret}');",
        "select pg_read_binary_file('{secret}');",
        "select pg_ls_dir('/'), pg_stat_file('{secret}');",
        "select * from pg_hba_file_rules;",
        "select pg_read_file('pg_hba.conf');",
        fails="42501",
    ),
    attempt(
        "files through large objects",
        _ROLES,
        "select lo_import('{secret}');",
        "select lo_export(lo_from_bytea(0, 'x'), '{marker}');",
        fails="42501",
    ),
    attempt(
        "files through a tablespace",
        _ROLES,
        "create tablespace t location '/var/tmp';",
        fails="42501 25001",
    ),
    attempt(
        "files as dictionaries of the text search",
        "PostgreSQL takes no path there",
        "create text search dictionary d (template = ispell, dictfile = '../../../../../..{secret}', afffile = 'x');",
        "create text search dictionary d (template = simple, stopwords = '../../../../../../..{secret}');",
        fails="22023 F0000 42704",
    ),
    attempt(
        "files as entities of XML",
        "PostgreSQL resolves none",
        """
        create table leak as select xmlparse(
            document '<!DOCTYPE a [<!ENTITY b SYSTEM "file://{secret}">]><a>&b;</a>')::text as a;
        do $$ declare t text; begin select a into t from leak; raise notice '%', t; end $$;
        """,
        may_fail="0A000 42P01 2200M",
    ),
    attempt(
        "extensions that read files and connect elsewhere",
        "pgproof does not create them unless it is told to",
        "create extension dblink;",
        "create extension file_fdw;",
        "create extension adminpack;",
        may_fail="0A000",  # 17 has it no more
        refused="can leave the sandbox",
        contrib=True,
    ),
    attempt(
        "the same, by a block",
        "they take a superuser",
        "do $$ begin create extension dblink; end $$;",
        "create extension xml2; do $$ begin create extension postgres_fdw; end $$;",
        fails="42501",
        contrib=True,
    ),
    attempt(
        "a foreign server on a unix socket of the machine",
        "postgres_fdw is there without its handler: nothing connects",
        "create extension postgres_fdw; grant usage on foreign data wrapper postgres_fdw to postgres;",
        """
        create server other foreign data wrapper postgres_fdw options (host '{sockets}', dbname 'postgres');
        create user mapping for postgres server other options (user 'postgres', password 'postgres');
        create foreign table far (a int) server other;
        """,
        "select * from far;",
        "import foreign schema public from server other into public;",
        fails="55000",
        contrib=True,
    ),
    attempt(
        "a foreign-data wrapper without validator, so that no password is required",
        "elevation makes wrappers without functions only",
        "create extension postgres_fdw;",
        "create foreign data wrapper own handler postgres_fdw_handler;",
        "alter foreign data wrapper postgres_fdw handler postgres_fdw_handler;",
        fails="42501",
        contrib=True,
    ),
    attempt(
        "extensions that nobody knows, by path",
        "a name is not a path",
        'create extension "../../../../../../tmp/evil";',
        "create extension evil version '../../../../tmp/evil';",
        fails="22023 0A000 58P01",
    ),
    attempt(
        "a subscription, a replication slot",
        "subscriptions are not run, and there are no slots",
        "create subscription s connection 'host=127.0.0.1 user=pgproof_admin' publication p;",
        "select pg_create_logical_replication_slot('s', 'pgoutput');",
        "select pg_create_physical_replication_slot('s');",
        refused="another server",
        fails="55000 53400 42501",
    ),
    attempt(
        "psql's commands that run programs",
        _PSQL,
        "\\! touch {marker}\n",
        "select 1 \\g | touch {marker}\n",
        "\\o | touch {marker}\nselect 1;\n",
        "create table t (a text);\n\\copy t from program 'touch {marker}'\n",
        "\\set x `touch {marker}`\nselect 1;\n",
        "\\if `touch {marker}`\n\\endif\n",
        refused="runs a command of the shell",
        fails="psql",
    ),
    attempt(
        "psql's commands that read and write files outside of the project",
        "what is read lies in the project, whatever links say",
        "\\i {secret}\n",
        "\\ir ../../../../../../../..{secret}\n",
        "\\i link.sql\n",
        "create table t (a text);\n\\copy t from '{secret}'\n",
        "create table u (a text);\n\\copy u from 'link.sql'\n",
        "\\copy t to '{marker}'\n",
        "\\o {marker}\nselect 1;\n\\o\n",
        "select 1 \\g {marker}\n",
        "\\w {marker}\n\\s {marker}\n",
        "\\lo_import {secret}\n",
        "\\connect - pgproof_admin\n",
        "\\setenv PATH /\n\\cd /\n",
    ),
    attempt(
        "other databases of the server",
        "they let nobody in but the superuser, and none is made",
        "alter database template1 set search_path = public;",
        "do $$ begin execute 'alter database template1 with allow_connections true'; end $$;",
        "do $$ begin execute 'alter database pgproof_template owner to postgres'; end $$;",
        "do $$ begin execute 'drop database pgproof_template'; end $$;",
        "create database mine template pgproof_template;",
        "\\connect template1\n",
        fails="42501 25001 42704",
        refused="",
    ),
)
