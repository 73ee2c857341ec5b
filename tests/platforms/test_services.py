"""Stand-ins for extensions that do something outside: what can be seen in the database, and what cannot be done."""

from __future__ import annotations

import pytest

from pgproof.platforms.standin import SQLSTATE
from tests.platforms.conftest import Owner

# Queries that a stand-in cannot answer
CANNOT = {
    "basejump-supabase_test_helpers": "tests.rls_enabled('public')",
    "fuzzystrmatch": "metaphone('x', 4)",
    "http": "http_get('https://example.com')",
    "hypopg": "hypopg_create_index('create index on t (a)')",
    "index_advisor": "index_advisor('select 1')",
    "intarray": "querytree('1&2'::query_int)",
    "pg_graphql": "graphql.resolve('{ a }')",
    "pg_jsonschema": "json_matches_schema('{}', '1')",
    "pg_net": "net.http_collect_response(1, false)",
    "pg_partman": "create_parent('public.t', 'at', '1 day')",
    "pg_tle": "pgtle.install_extension('a', '1', 'b', 'c')",
    "pgcrypto": "crypt('a', '$2a$06$9Lq3rqDHWrEVHqUKUEXfSeCYPBIixSLcm8SuIbWNc485jZirX3oQC')",
    "pgmq": "pgmq.create_partitioned('q')",
    "pgsodium": "pgsodium.crypto_aead_det_keygen()",
    "pgtap": "plan(1)",
    "plpgsql_check": "plpgsql_check_function('f()')",
    "postgis": "st_area('POLYGON((0 0,1 0,1 1,0 0))'::geometry)",
    "supabase-dbdev": "dbdev.install('x')",
    "tablefunc": "crosstab2('select 1')",
    "timescaledb": "drop_chunks('pg_class', interval '1 day')",
    "vector": "'{1:1}/2'::sparsevec <-> '{1:1}/2'",
}


@pytest.mark.parametrize("extension", CANNOT)
@pytest.mark.parametrize("major", [15, 18])
def test_what_it_cannot_do_has_a_sqlstate_of_its_own(owner: Owner, extension: str, major: int) -> None:
    owner.create(extension)
    if extension in owner.values("select name from pg_available_extensions where comment like '%(stand-in)'"):
        assert owner.refusal(f"select {CANNOT[extension]}") == SQLSTATE


def test_scheduling_by_name_replaces(owner: Owner) -> None:
    owner.create("pg_cron")
    owner.run(
        "select cron.schedule('a', '* * * * *', 'select 1'); select cron.schedule('a', '0 3 * * 1-5', 'select 2')"
    )
    assert owner.run("select jobid, schedule, command, username, active, jobname from cron.job") == [
        (1, "0 3 * * 1-5", "select 2", "postgres", True, "a")
    ]


@pytest.mark.parametrize("schedule", ["* * * * *", "*/5 0-3 1,15 jan mon-fri", "0 0 $ * *", "30 seconds", "@daily"])
def test_schedules_of_cron(owner: Owner, schedule: str) -> None:
    owner.create("pg_cron")
    assert owner.value(f"select cron.schedule('{schedule}', 'select 1')") == 1


@pytest.mark.parametrize("schedule", ["every day", "* * * *", "61 seconds", "* * * * * *"])
def test_a_schedule_that_is_none_is_refused(owner: Owner, schedule: str) -> None:
    owner.create("pg_cron")
    assert owner.refusal(f"select cron.schedule('{schedule}', 'select 1')") == "22023"


def test_a_job_that_is_not_there_cannot_be_unscheduled(owner: Owner) -> None:
    owner.create("pg_cron")
    assert owner.refusal("select cron.unschedule('a')") == "XX000"


def test_jobs_are_not_written_past_the_functions(owner: Owner) -> None:
    owner.create("pg_cron")
    assert owner.refusal("insert into cron.job (schedule, command) values ('* * * * *', 'select 1')") == "42501"


@pytest.mark.parametrize(
    ("schema", "recorded"), [("", "pg_catalog"), ("public", "pg_catalog"), ("extensions", "extensions")]
)
def test_the_schema_of_pg_cron(owner: Owner, schema: str, recorded: str) -> None:
    owner.run("create schema extensions")
    owner.create("pg_cron", schema)
    assert (
        owner.value("select extnamespace::regnamespace::text from pg_extension where extname = 'pg_cron'") == recorded
    )


def test_a_request_is_queued_and_not_sent(owner: Owner) -> None:
    owner.create("pg_net")
    number = owner.value("""select net.http_post('https://example.com/a', '{"b": 1}', '{"q": "x y&z"}')""")
    assert owner.run("select id, method::text, url, convert_from(body, 'UTF8') from net.http_request_queue") == [
        (number, "POST", "https://example.com/a?q=x%20y%26z", '{"b": 1}')
    ]


def test_a_token_is_signed_as_everywhere(owner: Owner) -> None:
    owner.create("pgjwt")
    signed = owner.value("""select sign('{"sub":"1234567890","name":"John Doe","admin":true}', 'secret')""")
    assert signed.endswith(".TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ")


def test_a_token_is_verified(owner: Owner) -> None:
    owner.create("pgjwt")
    assert owner.values("""
        select valid
        from (values ('{"sub": "x"}', 's'), ('{"sub": "x"}', 'other'), ('{"exp": 1}', 's')) as t (payload, secret),
          verify(sign(payload::json, 's', 'HS384'), secret, 'HS384')
    """) == [True, False, False]


def test_a_secret_is_read_back(owner: Owner) -> None:
    owner.create("supabase_vault")
    owner.run("select vault.create_secret('sesame', 'door')")
    owner.run("select vault.update_secret((select id from vault.secrets), 'tahini')")
    assert owner.run("select name, decrypted_secret from vault.decrypted_secrets") == [("door", "tahini")]


def test_a_message_goes_through_a_queue(owner: Owner) -> None:
    owner.create("pgmq")
    owner.run("select pgmq.create('jobs')")
    owner.run("""select pgmq.send('jobs', '{"n": 1}'), pgmq.send('jobs', '{"n": 2}', 60)""")
    assert owner.run("select msg_id, read_ct, message from pgmq.read('jobs', 30, 5)") == [(1, 1, {"n": 1})]
    assert owner.values("select msg_id from pgmq.read('jobs', 30, 5)") == []
    assert owner.value("select pgmq.archive('jobs', 1)")
    assert owner.values("select msg_id from pgmq.a_jobs") == [1]
    assert owner.run("select queue_length, total_messages from pgmq.metrics('jobs')") == [(1, 2)]


def test_the_owner_owns_the_queues(owner: Owner) -> None:
    owner.create("pgmq")
    owner.run("select pgmq.create('jobs'); create policy p on pgmq.q_jobs using (true)")
    assert owner.value("select relowner::regrole::text from pg_class where oid = 'pgmq.q_jobs'::regclass") == "postgres"


def test_foreign_tables_can_be_defined_and_not_read(fresh: Owner) -> None:
    owner = fresh
    owner.create("wrappers")
    with owner.database.admin() as admin:
        admin.execute("set search_path = public")
        admin.execute("create foreign data wrapper stripe handler stripe_fdw_handler validator stripe_fdw_validator")
        admin.execute("grant usage on foreign data wrapper stripe to postgres")
    owner.run("create server s foreign data wrapper stripe options (api_key 'x')")
    owner.run("create foreign table customers (id text, attrs jsonb) server s options (object 'customers')")
    assert owner.refusal("select * from customers") == "0A000"


@pytest.mark.parametrize("column", ["at timestamp", "at timestamptz"])
def test_the_time_of_a_change_is_kept(owner: Owner, column: str) -> None:
    owner.create("moddatetime")
    owner.run(f"create table t (n int, {column}); insert into t values (1, '2000-01-01')")
    owner.run("create trigger touched before update on t for each row execute function moddatetime(at)")
    owner.run("update t set n = 2")
    assert owner.value("select at = now() and n = 2 from t")


def test_a_hypertable_has_an_index_on_time(owner: Owner) -> None:
    owner.create("timescaledb")
    owner.run("create table m (time timestamptz, v float); select create_hypertable('m', 'time')")
    assert owner.values("select indexdef from pg_indexes where tablename = 'm'") == [
        'CREATE INDEX m_time_idx ON public.m USING btree ("time" DESC)'
    ]
    assert owner.value("select attnotnull from pg_attribute where attrelid = 'm'::regclass and attname = 'time'")


def test_time_buckets(owner: Owner) -> None:
    owner.create("timescaledb")
    assert (
        owner.value("""
        select concat_ws(' | ', time_bucket('1 hour', timestamp '2024-05-06 07:08:09'),
          time_bucket('1 week', timestamp '2024-05-08'), time_bucket('1 month', date '2024-05-08'), time_bucket(10, 27))
    """)
        == "2024-05-06 07:00:00 | 2024-05-06 00:00:00 | 2024-05-01 | 20"
    )


def test_nothing_is_reached_by_test_helpers_with_a_superusers_rights(supabase: Owner) -> None:
    """They insert users, and a migration's trigger fires then."""
    supabase.create("basejump-supabase_test_helpers")
    supabase.run("""
        create table seen (who text);
        create function note() returns trigger language plpgsql as $$
        begin
          insert into public.seen values (current_user);
          return null;
        end $$;
        create trigger note after insert on auth.users for each row execute function note();
        select tests.create_supabase_user('alice')
    """)
    assert supabase.values("select who from seen") == ["postgres"]


def test_helpers_authenticate(supabase: Owner) -> None:
    supabase.create("basejump-supabase_test_helpers")
    supabase.run(
        "select tests.create_supabase_user('alice', 'alice@example.com'); select tests.authenticate_as('alice')"
    )
    assert supabase.run("select current_user, auth.email(), auth.uid() = tests.get_supabase_uid('alice')") == [
        ("authenticated", "alice@example.com", True)
    ]
