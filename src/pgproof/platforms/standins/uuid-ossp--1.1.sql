-- uuid-ossp in SQL alone (RFC 4122). SHA-1 is not among the server's own functions, so version 5 computes it.

create function uuid_nil() returns uuid language sql immutable strict parallel safe
return '00000000-0000-0000-0000-000000000000'::uuid;

create function uuid_ns_dns() returns uuid language sql immutable strict parallel safe
return '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid;

create function uuid_ns_url() returns uuid language sql immutable strict parallel safe
return '6ba7b811-9dad-11d1-80b4-00c04fd430c8'::uuid;

create function uuid_ns_oid() returns uuid language sql immutable strict parallel safe
return '6ba7b812-9dad-11d1-80b4-00c04fd430c8'::uuid;

create function uuid_ns_x500() returns uuid language sql immutable strict parallel safe
return '6ba7b814-9dad-11d1-80b4-00c04fd430c8'::uuid;

create function uuid_generate_v4() returns uuid language sql volatile strict parallel safe
return gen_random_uuid();

-- Version 1: 100 ns intervals since 1582-10-15 (60 bits, low part first), 14 random bits, a random node whose
-- multicast bit (the lowest of its first byte: bit 16 behind the two clock bytes) says that it is no hardware address.
-- Both functions do this; the real v1 takes the hardware address.
create function uuid_generate_v1() returns uuid language sql volatile strict parallel safe
begin atomic
  select (substr(ticks, 9, 8) || substr(ticks, 5, 4) || '1' || substr(ticks, 2, 3)
          || encode(set_bit(noise, 16, 1), 'hex'))::uuid
  from (
    select lpad(to_hex(
             (extract(epoch from clock_timestamp()) * 10000000)::int8 + 122192928000000000), 16, '0') as ticks,
           substr(uuid_send(gen_random_uuid()), 9, 2) || substr(uuid_send(gen_random_uuid()), 1, 6) as noise
  ) as parts;
end;

create function uuid_generate_v1mc() returns uuid language sql volatile strict parallel safe
return uuid_generate_v1();

-- Versions 3 and 5: the first 16 bytes of a hash; the version is byte 6's high nibble, byte 8 begins with the bits 10.
create function uuid_generate_v3(namespace uuid, name text) returns uuid language sql immutable strict parallel safe
begin atomic
  select (overlay(overlay(hash placing '3' from 13) placing
            to_hex((('x' || substr(hash, 17, 1))::bit(4) & b'0011' | b'1000')::int4) from 17))::uuid
  from (select md5(uuid_send(namespace) || convert_to(name, 'UTF8')) as hash) as hashed;
end;

create function uuid_generate_v5(namespace uuid, name text) returns uuid language plpgsql immutable strict parallel safe as $$
declare
  message bytea := uuid_send(namespace) || convert_to(name, 'UTF8');
  length_bytes constant int := length(message);
  mask constant int8 := 4294967295;
  h int8[] := array[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
  w int8[];
  a int8; b int8; c int8; d int8; e int8; f int8; k int8; t int8;
  hash text;
begin
  -- SHA-1 (FIPS 180-4, section 6.1): pad to 64 bytes with 0x80, zeros and the length in bits
  message := message || '\x80'::bytea || decode(repeat('00', 63 - (length_bytes + 8) % 64), 'hex')
             || int8send(length_bytes * 8::int8);
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
  hash := lpad(to_hex(h[1]), 8, '0') || lpad(to_hex(h[2]), 8, '0') || lpad(to_hex(h[3]), 8, '0') || lpad(to_hex(h[4]), 8, '0');
  hash := overlay(hash placing '5' from 13);
  return overlay(hash placing to_hex((('x' || substr(hash, 17, 1))::bit(4) & b'0011' | b'1000')::int4) from 17)::uuid;
end $$;
