-- btree_gist in SQL alone.
--
-- An index key is an eight-byte value that nobody looks into, handled by the server's own tsquery support functions: they do
-- arithmetic on such a value and never follow it as a pointer. Consistency is always true and asks for a recheck (which is
-- GiST's preset), so the operators, which EXCLUDE needs, give the right answers. Compressing must exist, else GiST would offer
-- index-only scans that return the key; int8up gives back what it got.

create type gbtreekey8;
create function gbtreekey8_in(cstring) returns gbtreekey8 language internal immutable strict parallel safe as 'int8in';
create function gbtreekey8_out(gbtreekey8) returns cstring language internal immutable strict parallel safe as 'int8out';
create type gbtreekey8 (input = gbtreekey8_in, output = gbtreekey8_out, internallength = 8, passedbyvalue, alignment = double);

-- All classes share the support functions of int4; the real ones have their own.
create function gbt_int4_union(internal, internal) returns gbtreekey8
  language internal immutable strict parallel safe as 'gtsquery_union';
create function gbt_int4_compress(internal) returns internal
  language internal immutable strict parallel safe as 'int8up';
create function gbt_int4_penalty(internal, internal, internal) returns internal
  language internal immutable strict parallel safe as 'gtsquery_penalty';
create function gbt_int4_picksplit(internal, internal) returns internal
  language internal immutable strict parallel safe as 'gtsquery_picksplit';
create function gbt_int4_same(gbtreekey8, gbtreekey8, internal) returns internal
  language internal immutable strict parallel safe as 'gtsquery_same';

do $$
declare
  t record;
  temporal text := '';
begin
  -- WITHOUT OVERLAPS (18) asks for the strategy of a comparison; CompareType numbers =, <, <=, >=, > as B-trees do.
  if pg_catalog.current_setting('server_version_num')::pg_catalog.int4 operator(pg_catalog.>=) 180000 then
    create function gist_translate_cmptype_btree(int4) returns int2
      language internal immutable strict parallel safe as 'i4toi2';
    temporal := 'function 12 ("any", "any") gist_translate_cmptype_btree(int4), ';
  end if;

  for t in
    select * from (values
      ('bit', 'bit', 'bit', 'bit'), ('vbit', 'varbit', 'bit', 'bit'), ('bool', 'bool', 'bool', 'bool'),
      ('bpchar', 'bpchar', 'bpchar', 'bpchar'), ('bytea', 'bytea', 'bytea', 'bytea'), ('cash', 'money', 'cash', 'money'),
      ('date', 'date', 'date', 'date'), ('enum', 'anyenum', 'enum', 'anyenum'), ('float4', 'float4', 'float4', 'float4'),
      ('float8', 'float8', 'float8', 'float8'), ('inet', 'inet', 'inet', 'inet'), ('cidr', 'cidr', 'inet', 'inet'),
      ('int2', 'int2', 'int2', 'int2'), ('int4', 'int4', 'int4', 'int4'), ('int8', 'int8', 'int8', 'int8'),
      ('interval', 'interval', 'intv', 'interval'), ('macaddr', 'macaddr', 'macad', 'macaddr'),
      ('macaddr8', 'macaddr8', 'macad8', 'macaddr8'), ('numeric', 'numeric', 'numeric', 'numeric'),
      ('oid', 'oid', 'oid', 'oid'), ('text', 'text', 'text', 'text'), ('time', 'time', 'time', 'time'),
      ('timestamp', 'timestamp', 'ts', 'timestamp'), ('timestamptz', 'timestamptz', 'tstz', 'timestamptz'),
      ('timetz', 'timetz', 'timetz', 'timetz'), ('uuid', 'uuid', 'uuid', 'uuid')
    ) as types(class, name, support, operand)
  loop
    if t.class not in ('vbit', 'cidr') then  -- these two use the function of bit and of inet
      execute pg_catalog.format(
        'create function gbt_%s_consistent(internal, %s, int2, oid, internal) returns boolean '
        'language internal immutable strict parallel safe as ''pg_backend_pid''',
        t.support, t.name);
    end if;
    execute pg_catalog.format(
      'create operator class gist_%1$s_ops default for type %2$s using gist as '
      'operator 1 <(%4$s, %4$s), operator 2 <=(%4$s, %4$s), operator 3 =(%4$s, %4$s), operator 4 >=(%4$s, %4$s), '
      'operator 5 >(%4$s, %4$s), operator 6 <>(%4$s, %4$s), '
      'function 1 gbt_%3$s_consistent(internal, %4$s, int2, oid, internal), function 2 gbt_int4_union(internal, internal), '
      'function 3 gbt_int4_compress(internal), function 5 gbt_int4_penalty(internal, internal, internal), '
      'function 6 gbt_int4_picksplit(internal, internal), function 7 gbt_int4_same(gbtreekey8, gbtreekey8, internal), '
      '%5$sstorage gbtreekey8',
      t.class, t.name, t.support, t.operand, temporal);
  end loop;
end $$;

-- Distance: the absolute difference

create function cash_dist(money, money) returns money language sql immutable strict parallel safe
return case when $1 > $2 then $1 - $2 else $2 - $1 end;

create function date_dist(date, date) returns int language sql immutable strict parallel safe
return abs($1 - $2);

create function float4_dist(float4, float4) returns float4 language sql immutable strict parallel safe
return abs($1 - $2);

create function float8_dist(float8, float8) returns float8 language sql immutable strict parallel safe
return abs($1 - $2);

create function int2_dist(int2, int2) returns int2 language sql immutable strict parallel safe
return abs($1 - $2);

create function int4_dist(int4, int4) returns int4 language sql immutable strict parallel safe
return abs($1 - $2);

create function int8_dist(int8, int8) returns int8 language sql immutable strict parallel safe
return abs($1 - $2);

create function interval_dist(interval, interval) returns interval language sql immutable strict parallel safe
return case when $1 > $2 then $1 - $2 else $2 - $1 end;

create function oid_dist(oid, oid) returns oid language sql immutable strict parallel safe
return abs($1::int8 - $2::int8)::oid;

create function time_dist(time, time) returns interval language sql immutable strict parallel safe
return case when $1 > $2 then $1 - $2 else $2 - $1 end;

create function ts_dist(timestamp, timestamp) returns interval language sql immutable strict parallel safe
return case when $1 > $2 then $1 - $2 else $2 - $1 end;

create function tstz_dist(timestamptz, timestamptz) returns interval language sql immutable strict parallel safe
return case when $1 > $2 then $1 - $2 else $2 - $1 end;

create operator <-> (leftarg = money, rightarg = money, function = cash_dist, commutator = <->);
create operator <-> (leftarg = date, rightarg = date, function = date_dist, commutator = <->);
create operator <-> (leftarg = float4, rightarg = float4, function = float4_dist, commutator = <->);
create operator <-> (leftarg = float8, rightarg = float8, function = float8_dist, commutator = <->);
create operator <-> (leftarg = int2, rightarg = int2, function = int2_dist, commutator = <->);
create operator <-> (leftarg = int4, rightarg = int4, function = int4_dist, commutator = <->);
create operator <-> (leftarg = int8, rightarg = int8, function = int8_dist, commutator = <->);
create operator <-> (leftarg = interval, rightarg = interval, function = interval_dist, commutator = <->);
create operator <-> (leftarg = oid, rightarg = oid, function = oid_dist, commutator = <->);
create operator <-> (leftarg = time, rightarg = time, function = time_dist, commutator = <->);
create operator <-> (leftarg = timestamp, rightarg = timestamp, function = ts_dist, commutator = <->);
create operator <-> (leftarg = timestamptz, rightarg = timestamptz, function = tstz_dist, commutator = <->);
