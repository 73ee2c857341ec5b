-- supabase_vault that hides nothing: what it should encrypt stays as it is.

create function vault._crypto_aead_det_encrypt(
  message bytea, additional bytea, key_id bigint, context bytea default 'pgsodium', nonce bytea default null
) returns bytea language sql immutable
return message;

create function vault._crypto_aead_det_decrypt(
  message bytea, additional bytea, key_id bigint, context bytea default 'pgsodium', nonce bytea default null
) returns bytea language sql immutable
return message;

create function vault._crypto_aead_det_noncegen() returns bytea language sql volatile
return uuid_send(gen_random_uuid());

create table vault.secrets (
  id uuid primary key default gen_random_uuid(),
  name text,
  description text not null default '',
  secret text not null,
  key_id uuid,
  nonce bytea default vault._crypto_aead_det_noncegen(),
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp
);
create unique index secrets_name_idx on vault.secrets (name) where name is not null;

create view vault.decrypted_secrets as
select id, name, description, secret, convert_from(decode(secret, 'base64'), 'utf8') as decrypted_secret, key_id, nonce,
       created_at, updated_at
from vault.secrets;

create function vault.create_secret(
  new_secret text, new_name text default null, new_description text default '', new_key_id uuid default null
) returns uuid language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  secret_id uuid;
begin
  insert into vault.secrets (secret, name, description)
    values (encode(convert_to(new_secret, 'utf8'), 'base64'), new_name, new_description)
    returning id into secret_id;
  return secret_id;
end $$;

create function vault.update_secret(
  secret_id uuid, new_secret text default null, new_name text default null, new_description text default null,
  new_key_id uuid default null
) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update vault.secrets as s
    set secret = coalesce(encode(convert_to(new_secret, 'utf8'), 'base64'), s.secret), name = coalesce(new_name, s.name),
        description = coalesce(new_description, s.description), updated_at = now()
    where s.id = secret_id;
end $$;

-- The functions run with their owner's rights in a schema that the extension's owner could rename, so they are his.
alter table vault.secrets owner to @extowner@;
alter view vault.decrypted_secrets owner to @extowner@;
alter function vault.create_secret(text, text, text, uuid) owner to @extowner@;
alter function vault.update_secret(uuid, text, text, text, uuid) owner to @extowner@;
revoke all on all functions in schema vault from public;
grant execute on all functions in schema vault to @extowner@ with grant option;
