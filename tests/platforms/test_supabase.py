"""Supabase as a database: what projects' migrations do there."""

from __future__ import annotations

import os

import psycopg
import pytest

from pgproof.platforms import load
from pgproof.server import binaries
from pgproof.shadow.shadow import open_shadow
from tests.platforms.conftest import Owner

ALICE = "00000000-0000-0000-0000-00000000000a"
BOB = "00000000-0000-0000-0000-00000000000b"
USERS = f"insert into auth.users (id, email) values ('{ALICE}', 'alice@example.com'), ('{BOB}', 'bob@example.com')"


def become(owner: Owner, user: str) -> None:
    """Go on as a request of this user does."""
    owner.run(
        f"""set local request.jwt.claims = '{{"sub": "{user}", "role": "authenticated", "email": "x@example.com"}}'"""
    )
    owner.run("set local role authenticated")


def test_migrations_see_public_and_extensions(supabase: Owner) -> None:
    assert supabase.value("select current_setting('search_path')") == '"$user", public, extensions'


def test_the_presets_lists_name_what_there_is(supabase: Owner) -> None:
    platform = load("supabase")
    roles = set(supabase.values("select rolname from pg_roles"))
    extensions = set(supabase.values("select extname from pg_extension"))
    assert set(platform.roles) <= roles
    assert extensions == {*platform.extensions, "plpgsql"}


def test_every_schema_of_the_platform_is_listed(supabase: Owner) -> None:
    own = supabase.values("select nspname from pg_namespace where nspname !~ '^pg_|^pgproof$|^information_schema$'")
    assert set(own) - {"public"} <= set(load("supabase").schemas)


def test_no_role_of_the_platform_is_a_superuser(supabase: Owner) -> None:
    assert supabase.values("select rolname from pg_roles where rolsuper") == ["pgproof_admin"]


@pytest.mark.parametrize(
    ("claims", "answer"),
    [
        (f"""request.jwt.claims = '{{"sub": "{ALICE}"}}'""", ALICE),
        (f"request.jwt.claim.sub = '{BOB}'", BOB),
        ("request.jwt.claims = ''", None),
        ("request.jwt.claims = '{}'", None),
    ],
)
def test_the_user_is_read_from_the_claims(supabase: Owner, claims: str, answer: str | None) -> None:
    supabase.run(f"set local {claims}")
    assert supabase.value("select auth.uid()::text") == answer


def test_the_older_setting_of_a_claim_wins(supabase: Owner) -> None:
    supabase.run(
        f"""set local request.jwt.claim.sub = '{BOB}'; set local request.jwt.claims = '{{"sub": "{ALICE}"}}'"""
    )
    assert supabase.value("select auth.uid()::text") == BOB


def test_the_other_claims(supabase: Owner) -> None:
    supabase.run("""set local request.jwt.claims = '{"role": "anon", "email": "a@b.c", "x": {"y": 1}}'""")
    assert supabase.run("select auth.role(), auth.email(), auth.jwt() -> 'x' ->> 'y'") == [("anon", "a@b.c", "1")]


def test_without_a_request_there_is_no_user(supabase: Owner) -> None:
    assert supabase.run("select auth.uid(), auth.role(), auth.email(), auth.jwt()") == [(None, None, None, None)]


def test_a_user_of_a_table_sees_his_rows(supabase: Owner) -> None:
    supabase.run("""
        create table note (owner uuid references auth.users on delete cascade default auth.uid(), body text);
        alter table note enable row level security;
        create policy own on note to authenticated using (owner = auth.uid()) with check (owner = (select auth.uid()))
    """)
    supabase.run(USERS)
    supabase.run(f"insert into note values ('{ALICE}', 'hers'), ('{BOB}', 'his')")
    become(supabase, ALICE)
    assert supabase.values("select body from note") == ["hers"]
    assert supabase.refusal(f"insert into note values ('{BOB}', 'forged')") == "42501"


def test_what_a_project_creates_in_public_is_granted_to_the_api(supabase: Owner) -> None:
    supabase.run("create table t (n serial); create function f() returns int language sql as 'select 1'")
    for role in load("supabase").api_roles:
        assert supabase.run(
            f"select has_table_privilege('{role}', 't', 'select, insert, update, delete'), "
            f"has_function_privilege('{role}', 'f()', 'execute'), has_sequence_privilege('{role}', 't_n_seq', 'usage')"
        ) == [(True, True, True)]


def test_the_api_cannot_read_the_users(supabase: Owner) -> None:
    become(supabase, ALICE)
    assert supabase.refusal("select * from auth.users") == "42501"


def test_a_trigger_on_users_makes_a_profile(supabase: Owner) -> None:
    supabase.run("""
        create table profile (id uuid primary key references auth.users, name text);
        create function handle_new_user() returns trigger language plpgsql security definer set search_path = '' as $$
        begin
          insert into public.profile values (new.id, new.raw_user_meta_data ->> 'name');
          return new;
        end $$;
        create trigger on_auth_user_created after insert on auth.users for each row execute function handle_new_user()
    """)
    supabase.run(f"""insert into auth.users (id, raw_user_meta_data) values ('{ALICE}', '{{"name": "Alice"}}')""")
    assert supabase.values("select name from profile") == ["Alice"]


def test_policies_on_objects_and_messages(supabase: Owner) -> None:
    supabase.run("""
        create policy own on storage.objects to authenticated
          using (bucket_id = 'a' and (storage.foldername(name))[1] = auth.uid()::text);
        create policy mine on realtime.messages to authenticated using (realtime.topic() = 'room');
        insert into storage.buckets (id, name, public) values ('a', 'a', false)
    """)
    supabase.run(f"insert into storage.objects (bucket_id, name) values ('a', '{ALICE}/x'), ('a', '{BOB}/y')")
    become(supabase, ALICE)
    assert supabase.values("select name from storage.objects") == [f"{ALICE}/x"]


def test_names_of_objects(supabase: Owner) -> None:
    assert supabase.run(
        "select storage.foldername(n), storage.filename(n), storage.extension(n) from (select 'a/b/c.tar.gz' as n) as x"
    ) == [(["a", "b"], "c.tar.gz", "gz")]


def test_objects_are_listed_by_folder(supabase: Owner) -> None:
    supabase.run("insert into storage.buckets (id, name) values ('a', 'a')")
    supabase.run("insert into storage.objects (bucket_id, name) values ('a', 'f/x'), ('a', 'f/y'), ('a', 'top')")
    assert supabase.run("select name, id is null from storage.search('', 'a')") == [("f", True), ("top", False)]
    assert supabase.values("select name from storage.search('f/', 'a', 100, 2)") == ["x", "y"]


def test_a_webhook_queues_a_request(supabase: Owner) -> None:
    supabase.run("""
        create table t (n int);
        create trigger hook after insert on t for each row
          execute function supabase_functions.http_request('https://example.com', 'POST', '{}', '{}', '1000');
        insert into t values (7)
    """)
    assert supabase.run(
        "select q.url, convert_from(q.body, 'UTF8')::jsonb -> 'record' from net.http_request_queue as q"
    ) == [("https://example.com", {"n": 7})]


def test_a_change_is_broadcast(supabase: Owner) -> None:
    supabase.run("""
        create table t (n int);
        create function told() returns trigger language plpgsql security definer as $$
        begin
          perform realtime.broadcast_changes('t:' || new.n, tg_op, tg_op, tg_table_name, tg_table_schema, new, old);
          return null;
        end $$;
        create trigger told after insert on t for each row execute function told();
        insert into t values (7)
    """)
    assert supabase.run("select topic, event, payload -> 'record' from realtime.messages") == [
        ("t:7", "INSERT", {"n": 7})
    ]


@pytest.mark.parametrize(
    "statement",
    [
        'create extension if not exists "uuid-ossp"',
        "create extension if not exists pgcrypto with schema extensions",
        "create extension if not exists pg_graphql",
        "create extension if not exists supabase_vault cascade",
        "drop extension if exists pg_net",
        "create extension pg_cron",
        "create extension moddatetime schema extensions",
        "create extension vector with schema extensions",
        "create extension postgis with schema extensions",
        "create extension pgmq",
        "create extension http with schema extensions",
        "create extension pgtap with schema extensions",
        "alter publication supabase_realtime add table public.t",
        "alter table public.t replica identity full",
        "alter role authenticator set pgrst.db_schemas = 'public, api'",
        "alter database postgres set app.settings.jwt_secret = 'x'",
        "notify pgrst, 'reload schema'",
        "alter default privileges in schema public revoke all on functions from anon",
        "alter default privileges for role postgres in schema public grant all on tables to service_role",
        "revoke all on public.t from anon, authenticated",
        "grant usage on schema api to anon, authenticated",
        "create role app nologin; grant authenticated to app; grant app to postgres",
        "grant pg_read_all_data to service_role",
        "set session_replication_role = replica",
        "create policy p on storage.buckets for select using (true)",
        "alter table storage.objects enable row level security",
        "create index on storage.objects ((metadata ->> 'size'))",
        "create trigger t after insert on storage.objects for each row execute function public.f()",
        "drop trigger if exists on_auth_user_created on auth.users",
        "create function auth.tenant() returns text language sql stable as $$ select auth.jwt() ->> 'tenant' $$",
        "create view public.people as select id, email from auth.users",
        "alter table public.t add foreign key (owner) references auth.users (id) on delete cascade",
        "comment on schema public is '@graphql({\"inflect_names\": true})'",
        "select vault.create_secret('s', 'name')",
        "insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types) "
        "values ('b', 'b', true, 1000, array['image/png']) on conflict (id) do nothing",
        "delete from storage.buckets where id = 'b'",
        "insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at) values "
        "('00000000-0000-0000-0000-000000000000', gen_random_uuid(), 'authenticated', 'authenticated', 'a@b.c', "
        "crypt('secret', gen_salt('bf')), now())",
        "insert into auth.identities (id, user_id, identity_data, provider, provider_id) "
        "select gen_random_uuid(), id, '{}', 'email', id from auth.users",
        "insert into supabase_migrations.schema_migrations (version, name, statements) values ('1', 'a', array['b'])",
        "select extensions.uuid_generate_v4(), extensions.gen_random_uuid(), uuid_generate_v4(), gen_random_uuid()",
    ],
)
def test_a_migration_may(supabase: Owner, statement: str) -> None:
    supabase.run(
        "create table public.t (id int primary key, owner uuid); create schema api;"
        "create function public.f() returns trigger language plpgsql as 'begin return new; end'"
    )
    supabase.run(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "alter role supabase_admin superuser",
        "set role supabase_admin",
        "drop schema vault cascade",
        "insert into cron.job (schedule, command) values ('* * * * *', 'select 1')",
    ],
)
def test_a_migration_may_not(supabase: Owner, statement: str) -> None:
    supabase.create("pg_cron")
    assert supabase.refusal(statement) == "42501"


def test_the_platform_can_be_made_a_second_time_in_a_cluster(major: int) -> None:
    """Its roles are there then; a new version of the preset makes a new template."""
    with open_shadow(f"again {os.getpid()}", binaries.choose(major), load("supabase")) as shadow:
        with shadow.database() as database, database.admin() as admin:
            admin.execute("create database again owner postgres")
        password = shadow.cluster.admin_password()
        url = shadow.cluster.dsn("pgproof_admin", "again")
        with psycopg.connect(url, password=password, autocommit=True) as connection:
            connection.execute(load("supabase").sql.encode())
            assert connection.execute("select count(*) from auth.users").fetchone() == (0,)


@pytest.mark.parametrize("platform", ["rds", "cloudsql", "neon", "azure"])
def test_other_platforms_have_their_roles(major: int, platform: str) -> None:
    preset = load(platform)
    with (
        open_shadow(f"{platform} {os.getpid()}", binaries.choose(major), preset) as shadow,
        shadow.database() as database,
        database.connect() as connection,
    ):
        found = {name for (name,) in connection.execute("select rolname from pg_roles").fetchall()}
        assert set(preset.roles) <= found
        connection.execute(f"create schema app; grant usage on schema app to {preset.roles[0]}".encode())
