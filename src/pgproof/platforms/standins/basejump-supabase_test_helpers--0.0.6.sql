-- Helpers for tests of a Supabase project: users by name, their claims, and a clock that can be stopped.

create schema tests;
create schema test_overrides;
grant usage on schema tests, test_overrides to public;

create function tests.create_supabase_user(
  identifier text, email text default null, phone text default null, metadata jsonb default null
) returns uuid language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  user_id constant uuid := gen_random_uuid();
begin
  insert into auth.users (id, email, phone, raw_user_meta_data, raw_app_meta_data, created_at, updated_at)
    values (user_id, coalesce(email, user_id || '@test.com'), phone,
            jsonb_build_object('test_identifier', identifier) || coalesce(metadata, '{}'), '{}', now(), now());
  return user_id;
end $$;

create function tests.get_supabase_user(identifier text) returns json
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_user json;
begin
  select json_build_object('id', id, 'email', email, 'phone', phone, 'raw_user_meta_data', raw_user_meta_data,
                           'raw_app_meta_data', raw_app_meta_data)
    into found_user from auth.users where raw_user_meta_data ->> 'test_identifier' = identifier limit 1;
  if found_user is null then
    raise exception 'User with identifier % not found', identifier;
  end if;
  return found_user;
end $$;

create function tests.get_supabase_uid(identifier text) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (tests.get_supabase_user(identifier) ->> 'id')::uuid;
end $$;

-- They write to auth.users with their owner's rights, and fire its triggers: the owner must be no superuser.
alter function tests.create_supabase_user(text, text, text, jsonb) owner to @extowner@;
alter function tests.get_supabase_user(text) owner to @extowner@;
alter function tests.get_supabase_uid(text) owner to @extowner@;

create function tests.authenticate_as(identifier text) returns void language plpgsql as $$
declare
  found_user constant json := tests.get_supabase_user(identifier);
begin
  perform set_config('role', 'authenticated', true);
  perform set_config(
    'request.jwt.claims',
    json_build_object(
      'sub', found_user ->> 'id', 'email', found_user ->> 'email', 'phone', found_user ->> 'phone',
      'user_metadata', found_user -> 'raw_user_meta_data', 'app_metadata', found_user -> 'raw_app_meta_data')::text,
    true);
end $$;

create function tests.authenticate_as_service_role() returns void language plpgsql as $$
begin
  perform set_config('role', 'service_role', true);
  perform set_config('request.jwt.claims', null, true);
end $$;

create function tests.clear_authentication() returns void language plpgsql as $$
begin
  perform set_config('role', 'anon', true);
  perform set_config('request.jwt.claims', null, true);
end $$;

create function tests.rls_enabled(testing_schema text) returns text language plpgsql as
$$ begin raise exception 'the stand-in for basejump-supabase_test_helpers has no pgTAP' using errcode = 'PGP99'; end $$;
create function tests.rls_enabled(testing_schema text, testing_table text) returns text language plpgsql as
$$ begin raise exception 'the stand-in for basejump-supabase_test_helpers has no pgTAP' using errcode = 'PGP99'; end $$;

-- With test_overrides before pg_catalog in the search path, now() is the time that was frozen.
create function test_overrides.now() returns timestamptz language plpgsql as $$
begin
  return coalesce(nullif(current_setting('tests.frozen_time', true), '')::timestamptz, pg_catalog.now());
end $$;

create function tests.freeze_time(frozen_time timestamptz) returns void language plpgsql as $$
begin
  perform set_config('search_path', 'test_overrides,' || current_setting('search_path') || ',pg_catalog', true);
  perform set_config('tests.frozen_time', frozen_time::text, true);
end $$;

create function tests.unfreeze_time() returns void language plpgsql as $$
begin
  perform set_config('tests.frozen_time', null, true);
end $$;
