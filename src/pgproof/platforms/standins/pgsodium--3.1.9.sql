-- pgsodium without libsodium.

do $$
declare
  name text;
begin
  foreach name in array array['pgsodium_keyiduser', 'pgsodium_keyholder', 'pgsodium_keymaker'] loop
    if not exists (select from pg_catalog.pg_roles where rolname operator(pg_catalog.=) name::pg_catalog.name) then
      execute pg_catalog.format('create role %I', name);
    end if;
    execute pg_catalog.format('grant %I to @extowner@ with admin option', name);
  end loop;
end $$;
grant pgsodium_keyholder to pgsodium_keymaker;
grant pgsodium_keyiduser to pgsodium_keyholder;

create type pgsodium.key_status as enum ('default', 'valid', 'invalid', 'expired');
create type pgsodium.key_type as enum (
  'aead-ietf', 'aead-det', 'hmacsha512', 'hmacsha256', 'auth', 'shorthash', 'generichash', 'kdf', 'secretbox', 'secretstream',
  'stream_xchacha20');

create sequence pgsodium.key_key_id_seq;
create table pgsodium.key (
  id uuid primary key default gen_random_uuid(),
  status pgsodium.key_status default 'valid',
  created timestamptz not null default current_timestamp,
  expires timestamptz,
  key_type pgsodium.key_type,
  key_id bigint default pg_catalog.nextval('pgsodium.key_key_id_seq'::pg_catalog.regclass),
  key_context bytea default '\x7067736f6469756d' check (length(key_context) = 8),
  name text unique,
  associated_data text default 'associated',
  raw_key bytea,
  raw_key_nonce bytea,
  parent_key uuid references pgsodium.key,
  comment text,
  user_data text
);

create view pgsodium.valid_key as
select id, name, status, key_type, key_id, key_context, created, expires, associated_data
from pgsodium.key
where status in ('valid', 'default') and (expires is null or expires > now());

create function pgsodium.create_key(
  key_type pgsodium.key_type default 'aead-det', name text default null, raw_key bytea default null,
  raw_key_nonce bytea default null, parent_key uuid default null, key_context bytea default '\x7067736f6469756d',
  expires timestamptz default null, associated_data text default ''
) returns pgsodium.valid_key language plpgsql as $$
#variable_conflict use_variable
declare
  new_key uuid;
begin
  insert into pgsodium.key as k (key_type, name, raw_key, raw_key_nonce, parent_key, key_context, expires, associated_data)
    values (key_type, name, raw_key, raw_key_nonce, parent_key, key_context, expires, associated_data)
    returning k.id into new_key;
  return (select v from pgsodium.valid_key as v where v.id = new_key);
end $$;

create function pgsodium.get_key_by_id(uuid) returns pgsodium.valid_key language sql stable as
$$ select v from pgsodium.valid_key as v where v.id = $1 $$;
create function pgsodium.get_key_by_name(text) returns pgsodium.valid_key language sql stable as
$$ select v from pgsodium.valid_key as v where v.name = $1 $$;
create function pgsodium.randombytes_random() returns integer language sql
return (('x' || left(replace(gen_random_uuid()::text, '-', ''), 8))::bit(32))::int4;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'crypto_aead_det_keygen() returns bytea volatile',
    'crypto_aead_det_noncegen() returns bytea volatile',
    'crypto_aead_det_encrypt(message bytea, additional bytea, key bytea, nonce bytea default null) returns bytea immutable',
    'crypto_aead_det_encrypt(message bytea, additional bytea, key_uuid uuid) returns bytea stable',
    'crypto_aead_det_encrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea) returns bytea stable',
    'crypto_aead_det_decrypt(ciphertext bytea, additional bytea, key bytea, nonce bytea default null) returns bytea immutable',
    'crypto_aead_det_decrypt(message bytea, additional bytea, key_uuid uuid) returns bytea stable',
    'crypto_aead_det_decrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea) returns bytea stable',
    'crypto_secretbox_keygen() returns bytea volatile',
    'crypto_secretbox_noncegen() returns bytea volatile',
    'crypto_secretbox(message bytea, nonce bytea, key bytea) returns bytea immutable',
    'crypto_secretbox_open(ciphertext bytea, nonce bytea, key bytea) returns bytea immutable',
    'crypto_generichash(message bytea, key bytea default null) returns bytea immutable',
    'crypto_pwhash_str(password bytea) returns bytea volatile',
    'crypto_pwhash_str_verify(hashed_password bytea, password bytea) returns boolean immutable',
    'crypto_auth_hmacsha256(message bytea, secret bytea) returns bytea immutable',
    'crypto_auth_hmacsha512(message bytea, secret bytea) returns bytea immutable',
    'crypto_sign_new_keypair(out public bytea, out secret bytea) returns record volatile',
    'derive_key(key_id bigint, key_len integer default 32, context bytea default ''\x7067736f6469756d'') returns bytea immutable',
    'randombytes_buf(size integer) returns bytea volatile'
  ] loop
    execute pg_catalog.format(
      'create function pgsodium.%s language plpgsql as %L',
      signature,
      'begin raise exception ''the stand-in for pgsodium has no cryptography'' using errcode = ''PGP99''; end');
  end loop;
end $$;

grant usage on schema pgsodium to pgsodium_keyiduser;
grant select on pgsodium.valid_key to pgsodium_keyiduser;
grant all on pgsodium.key, pgsodium.key_key_id_seq to pgsodium_keymaker;
