-- pgcrypto in SQL alone, as far as the server's own functions reach. What it cannot do raises PGP99.

create function gen_random_uuid() returns uuid language sql volatile parallel safe
return pg_catalog.gen_random_uuid();

-- A random UUID has 122 random bits; six of its 16 bytes are wholly random on both sides of the fixed ones.
create function gen_random_bytes(integer) returns bytea language plpgsql volatile strict parallel safe as $$
declare
  bytes bytea := '';
begin
  if $1 not between 1 and 1024 then
    raise exception 'Length not in range' using errcode = '39000';
  end if;
  while length(bytes) < $1 loop
    bytes := bytes || substr(uuid_send(gen_random_uuid()), 1, 6);
  end loop;
  return substr(bytes, 1, $1);
end $$;

create function digest(bytea, text) returns bytea language plpgsql immutable strict parallel safe as $$
declare
  mask constant int8 := 4294967295;
  message bytea;
  h int8[] := array[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
  w int8[];
  a int8; b int8; c int8; d int8; e int8; f int8; k int8; t int8;
  hash text;
begin
  case lower($2)
    when 'md5' then return decode(md5($1), 'hex');
    when 'sha224' then return sha224($1);
    when 'sha256' then return sha256($1);
    when 'sha384' then return sha384($1);
    when 'sha512' then return sha512($1);
    when 'sha1' then null;
    else raise exception 'Cannot use "%": No such hash algorithm', $2 using errcode = '22023';
  end case;
  -- SHA-1 (FIPS 180-4, section 6.1): pad to 64 bytes with 0x80, zeros and the length in bits
  message := $1 || '\x80'::bytea || decode(repeat('00', 63 - (length($1) + 8) % 64), 'hex') || int8send(length($1) * 8::int8);
  for block in 0 .. length(message) / 64 - 1 loop
    for i in 0 .. 15 loop
      w[i] := ('x' || encode(substr(message, block * 64 + i * 4 + 1, 4), 'hex'))::bit(32)::int8;
    end loop;
    for i in 16 .. 79 loop
      t := w[i-3] # w[i-8] # w[i-14] # w[i-16];
      w[i] := ((t << 1) | (t >> 31)) & mask;
    end loop;
    a := h[1]; b := h[2]; c := h[3]; d := h[4]; e := h[5];
    for i in 0 .. 79 loop
      case i / 20
        when 0 then f := (b & c) | ((b # mask) & d); k := 1518500249;
        when 1 then f := b # c # d; k := 1859775393;
        when 2 then f := (b & c) | (b & d) | (c & d); k := 2400959708;
        else f := b # c # d; k := 3395469782;
      end case;
      t := (((a << 5) | (a >> 27)) & mask) + f + e + k + w[i];
      e := d; d := c; c := ((b << 30) | (b >> 2)) & mask; b := a; a := t & mask;
    end loop;
    h := array[(h[1] + a) & mask, (h[2] + b) & mask, (h[3] + c) & mask, (h[4] + d) & mask, (h[5] + e) & mask];
  end loop;
  select string_agg(lpad(to_hex(word), 8, '0'), '' order by place) into hash from unnest(h) with ordinality as x(word, place);
  return decode(hash, 'hex');
end $$;

create function digest(text, text) returns bytea language sql immutable strict parallel safe
return digest(convert_to($1, 'UTF8'), $2);

-- RFC 2104: the key is hashed when longer than a block (64 bytes, 128 for sha384 and sha512), then padded with zeros.
create function hmac(bytea, bytea, text) returns bytea language sql immutable strict parallel safe
begin atomic
  select digest(outer_pad || digest(inner_pad || $1, $3), $3)
  from (
    select string_agg(set_byte('\x00'::bytea, 0, get_byte(key_block, i) # 54), ''::bytea order by i) as inner_pad,
           string_agg(set_byte('\x00'::bytea, 0, get_byte(key_block, i) # 92), ''::bytea order by i) as outer_pad
    from (
      select block, short_key || decode(repeat('00', block - length(short_key)), 'hex') as key_block
      from (
        select block, case when length($2) > block then digest($2, $3) else $2 end as short_key
        from (select case when lower($3) in ('sha384', 'sha512') then 128 else 64 end as block) as sized
      ) as shortened
    ) as padded, generate_series(0, block - 1) as i
  ) as pads;
end;

create function hmac(text, text, text) returns bytea language sql immutable strict parallel safe
return hmac(convert_to($1, 'UTF8'), convert_to($2, 'UTF8'), $3);

-- Salts as the manual describes them (F.28.2.2): two characters for des, '_' and eight for xdes, '$1$' and eight for md5,
-- '$2a$', two digits of cost, '$' and 22 characters for bf.
create function gen_salt(text, integer) returns text language plpgsql volatile strict parallel safe as $$
declare
  letters constant text := './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  noise constant bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
  rounds int := $2;
  salt text := '';
begin
  if lower($1) not in ('des', 'xdes', 'md5', 'bf') then
    raise exception 'gen_salt: Unknown salt algorithm' using errcode = '22023';
  end if;
  rounds := case when rounds <> 0 then rounds when lower($1) = 'xdes' then 725 when lower($1) = 'bf' then 6 else 0 end;
  if (lower($1) = 'bf' and rounds not between 4 and 31)
     or (lower($1) = 'xdes' and (rounds not between 1 and 16777215 or rounds % 2 = 0))
     or (lower($1) = 'des' and rounds not in (0, 25)) or (lower($1) = 'md5' and rounds not in (0, 1000)) then
    raise exception 'gen_salt: Incorrect number of rounds' using errcode = '22023';
  end if;
  for i in 0 .. 21 loop
    salt := salt || substr(letters, get_byte(noise, i) % 64 + 1, 1);
  end loop;
  return case lower($1)
    when 'des' then left(salt, 2)
    when 'md5' then '$1$' || left(salt, 8)
    when 'bf' then '$2a$' || lpad(rounds::text, 2, '0') || '$' || salt
    else '_' || substr(letters, rounds % 64 + 1, 1) || substr(letters, rounds / 64 % 64 + 1, 1)
         || substr(letters, rounds / 4096 % 64 + 1, 1) || substr(letters, rounds / 262144 % 64 + 1, 1) || left(salt, 4)
  end;
end $$;

create function gen_salt(text) returns text language sql volatile strict parallel safe
return gen_salt($1, 0);

-- A hash of the right form: the salt, four characters that mark it as this stand-in's own, and what is left of a SHA-256 of
-- salt and password. So a password can be verified with a hash that was made here, and with no other.
create function crypt(text, text) returns text language plpgsql immutable strict parallel safe as $$
declare
  salt constant text := case
    when $2 ~ '^\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{22}' then left($2, 29)
    when $2 ~ '^\$1\$[^$]+' then substring($2 from '^\$1\$[^$]{1,8}') || '$'
    when $2 ~ '^_[./A-Za-z0-9]{8}' then left($2, 9)
    when $2 ~ '^[./A-Za-z0-9]{2}' then left($2, 2)
  end;
  size constant int := case left(salt, 2) when '$2' then 31 when '$1' then 22 else 11 end;
  mark text;
begin
  if salt is null then
    raise exception 'invalid salt' using errcode = '22023';
  end if;
  mark := left(translate(encode(sha256(convert_to('pgcrypto stand-in' || salt, 'UTF8')), 'base64'), '+=', '..'), 4);
  if length($2) >= length(salt) + size and substr($2, length(salt) + 1, 4) <> mark then
    raise exception 'crypt: the stand-in for pgcrypto cannot verify a hash that was made elsewhere' using errcode = 'PGP99';
  end if;
  return salt || mark || left(translate(encode(sha256(convert_to(salt || $1, 'UTF8')), 'base64'), '+=', '..'), size - 4);
end $$;

create function dearmor(text) returns bytea language plpgsql immutable strict parallel safe as $$
declare
  body constant text := substring(
    replace($1, chr(13), '') from '-----BEGIN [^\n]*-----\n(?:[^\n]+\n)*?\n(.*?)\n(?:=[^\n]{4}\n)?-----END');
begin
  if body is null then
    raise exception 'Corrupt ascii-armor' using errcode = '39000';
  end if;
  return decode(body, 'base64');
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'armor(bytea) returns text immutable',
    'armor(bytea, text[], text[]) returns text immutable',
    'decrypt(bytea, bytea, text) returns bytea immutable',
    'decrypt_iv(bytea, bytea, bytea, text) returns bytea immutable',
    'encrypt(bytea, bytea, text) returns bytea immutable',
    'encrypt_iv(bytea, bytea, bytea, text) returns bytea immutable',
    'pgp_armor_headers(text, out key text, out value text) returns setof record immutable',
    'pgp_key_id(bytea) returns text immutable',
    'pgp_pub_decrypt(bytea, bytea) returns text immutable',
    'pgp_pub_decrypt(bytea, bytea, text) returns text immutable',
    'pgp_pub_decrypt(bytea, bytea, text, text) returns text immutable',
    'pgp_pub_decrypt_bytea(bytea, bytea) returns bytea immutable',
    'pgp_pub_decrypt_bytea(bytea, bytea, text) returns bytea immutable',
    'pgp_pub_decrypt_bytea(bytea, bytea, text, text) returns bytea immutable',
    'pgp_pub_encrypt(text, bytea) returns bytea volatile',
    'pgp_pub_encrypt(text, bytea, text) returns bytea volatile',
    'pgp_pub_encrypt_bytea(bytea, bytea) returns bytea volatile',
    'pgp_pub_encrypt_bytea(bytea, bytea, text) returns bytea volatile',
    'pgp_sym_decrypt(bytea, text) returns text immutable',
    'pgp_sym_decrypt(bytea, text, text) returns text immutable',
    'pgp_sym_decrypt_bytea(bytea, text) returns bytea immutable',
    'pgp_sym_decrypt_bytea(bytea, text, text) returns bytea immutable',
    'pgp_sym_encrypt(text, text) returns bytea volatile',
    'pgp_sym_encrypt(text, text, text) returns bytea volatile',
    'pgp_sym_encrypt_bytea(bytea, text) returns bytea volatile',
    'pgp_sym_encrypt_bytea(bytea, text, text) returns bytea volatile'
  ] loop
    execute pg_catalog.format(
      'create function %s strict parallel safe language plpgsql as %L',
      signature,
      'begin raise exception ''the stand-in for pgcrypto cannot encrypt or decrypt'' using errcode = ''PGP99''; end');
  end loop;
end $$;
