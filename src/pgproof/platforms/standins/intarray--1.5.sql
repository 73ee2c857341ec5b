-- intarray in SQL alone. Its arrays have no nulls, and as sets they are sorted.

create type query_int;
create function bqarr_in(cstring) returns query_int language internal immutable strict parallel safe as 'textin';
create function bqarr_out(query_int) returns cstring language internal immutable strict parallel safe as 'textout';
create type query_int (input = bqarr_in, output = bqarr_out, internallength = variable);

create function querytree(query_int) returns text language plpgsql immutable strict parallel safe as
$$ begin raise exception 'the stand-in for intarray has no querytree' using errcode = 'PGP99'; end $$;

-- Each number becomes true or false; what is left is a Boolean expression.
create function boolop(int[], query_int) returns boolean language plpgsql immutable strict parallel safe as $$
declare
  expression text := '';
  token text;
  result boolean;
begin
  if $2::text !~ '^[-0-9&|!()\s]+$' then
    raise exception 'syntax error in query_int "%"', $2 using errcode = '42601';
  end if;
  for token in select part[1] from regexp_matches($2::text, '-?\d+|[&|!()]', 'g') as part loop
    expression := expression || case token
      when '&' then ' and ' when '|' then ' or ' when '!' then ' not ' when '(' then '(' when ')' then ')'
      else (token::int = any ($1))::text
    end;
  end loop;
  execute 'select ' || expression into result;
  return result;
end $$;

create function rboolop(query_int, int[]) returns boolean language sql immutable strict parallel safe
return boolop($2, $1);

-- Sets

create function sort(int[], text) returns int[] language plpgsql immutable strict parallel safe as $$
begin
  return case lower($2)
    when 'asc' then array(select unnest($1) order by 1)
    when 'desc' then array(select unnest($1) order by 1 desc)
  end;
end $$;
create function sort(int[]) returns int[] language sql immutable strict parallel safe
return sort($1, 'asc');
create function sort_asc(int[]) returns int[] language sql immutable strict parallel safe
return sort($1, 'asc');
create function sort_desc(int[]) returns int[] language sql immutable strict parallel safe
return sort($1, 'desc');

-- Neighbours that are equal become one.
create function uniq(int[]) returns int[] language sql immutable strict parallel safe
begin atomic
  select coalesce(array_agg(x order by place), '{}')
  from (
    select x, place, lag(x) over (order by place) as before from unnest($1) with ordinality as elements(x, place)
  ) as neighbours
  where before is distinct from x;
end;

create function icount(int[]) returns integer language sql immutable strict parallel safe
return cardinality($1);

create function idx(int[], int) returns integer language sql immutable strict parallel safe
return coalesce(array_position($1, $2), 0);

-- From 1; a negative start counts from the end, a negative length leaves so many off.
create function subarray(int[], int, int) returns int[] language sql immutable strict parallel safe
begin atomic
  select $1[greatest(start, 1) : case when $3 < 0 then cardinality($1) + $3 else start + $3 - 1 end]
  from (select case when $2 < 0 then cardinality($1) + $2 + 1 else $2 end as start) as counted;
end;

create function subarray(int[], int) returns int[] language sql immutable strict parallel safe
return subarray($1, $2, cardinality($1));

create function intset(int) returns int[] language sql immutable strict parallel safe
return array[$1];

create function _int_union(int[], int[]) returns int[] language sql immutable strict parallel safe
return array(select unnest($1) union select unnest($2) order by 1);

create function _int_inter(int[], int[]) returns int[] language sql immutable strict parallel safe
return array(select unnest($1) intersect select unnest($2) order by 1);

create function intset_subtract(int[], int[]) returns int[] language sql immutable strict parallel safe
return array(select unnest($1) except select unnest($2) order by 1);

create function intset_union_elem(int[], int) returns int[] language sql immutable strict parallel safe
return _int_union($1, array[$2]);

create function intarray_push_elem(int[], int) returns int[] language sql immutable strict parallel safe
return $1 || $2;

create function intarray_push_array(int[], int[]) returns int[] language sql immutable strict parallel safe
return $1 || $2;

create function intarray_del_elem(int[], int) returns int[] language sql immutable strict parallel safe
return array_remove($1, $2);

do $$
declare
  f record;
begin
  for f in
    select * from (values
      ('_int_contains', '$1 operator(pg_catalog.@>) $2'), ('_int_contained', '$1 operator(pg_catalog.<@) $2'),
      ('_int_overlap', '$1 operator(pg_catalog.&&) $2'),
      ('_int_same', 'array(select unnest($1) order by 1) operator(pg_catalog.=) array(select unnest($2) order by 1)'),
      ('_int_different', 'array(select unnest($1) order by 1) operator(pg_catalog.<>) array(select unnest($2) order by 1)')
    ) as functions(name, expression)
  loop
    execute pg_catalog.format($create$
      create function %1$I(int[], int[]) returns boolean language plpgsql immutable strict parallel safe as $f$
      begin
        if array_position($1, null) is not null or array_position($2, null) is not null then
          raise exception 'array must not contain nulls' using errcode = '22004';
        end if;
        return %2$s;
      end $f$;
    $create$, f.name, f.expression);
  end loop;

  for f in select * from (values ('contains'), ('contained'), ('overlap')) as selectivity(name) loop
    execute pg_catalog.format($create$
      create function _int_%1$s_sel(internal, oid, internal, integer) returns float8
        language internal stable strict parallel safe as 'contsel';
      create function _int_%1$s_joinsel(internal, oid, internal, smallint, internal) returns float8
        language internal stable strict parallel safe as 'contjoinsel';
    $create$, f.name);
  end loop;
end $$;

create function _int_matchsel(internal, oid, internal, integer) returns float8
  language internal stable strict parallel safe as 'contsel';

create operator && (
  leftarg = int[], rightarg = int[], function = _int_overlap, commutator = &&, restrict = _int_overlap_sel,
  join = _int_overlap_joinsel);
create operator @> (
  leftarg = int[], rightarg = int[], function = _int_contains, commutator = <@, restrict = _int_contains_sel,
  join = _int_contains_joinsel);
create operator <@ (
  leftarg = int[], rightarg = int[], function = _int_contained, commutator = @>, restrict = _int_contained_sel,
  join = _int_contained_joinsel);
create operator @@ (
  leftarg = int[], rightarg = query_int, function = boolop, commutator = ~~, restrict = _int_matchsel, join = contjoinsel);
create operator ~~ (
  leftarg = query_int, rightarg = int[], function = rboolop, commutator = @@, restrict = _int_matchsel, join = contjoinsel);
create operator # (rightarg = int[], function = icount);
create operator # (leftarg = int[], rightarg = int, function = idx);
create operator + (leftarg = int[], rightarg = int, function = intarray_push_elem);
create operator + (leftarg = int[], rightarg = int[], function = intarray_push_array, commutator = +);
create operator - (leftarg = int[], rightarg = int, function = intarray_del_elem);
create operator - (leftarg = int[], rightarg = int[], function = intset_subtract);
create operator | (leftarg = int[], rightarg = int, function = intset_union_elem);
create operator | (leftarg = int[], rightarg = int[], function = _int_union, commutator = |);
create operator & (leftarg = int[], rightarg = int[], function = _int_inter, commutator = &);

-- GIN: with the server's own functions for arrays, under their strategy numbers; `@@` does not use the index

create operator class gin__int_ops for type int[] using gin as
  operator 1 &&, operator 2 @>, operator 3 <@,
  function 1 btint4cmp(int4, int4),
  function 2 ginarrayextract(anyarray, internal),
  function 3 ginqueryarrayextract(anyarray, internal, int2, internal, internal, internal, internal),
  function 4 ginarrayconsistent(internal, int2, anyarray, int4, internal, internal, internal, internal),
  storage int4;

-- GiST classes that hold nothing and match no clause (as in the stand-in for pg_trgm)

create type intbig_gkey;
create function _intbig_in(cstring) returns intbig_gkey language internal immutable strict parallel safe as 'int8in';
create function _intbig_out(intbig_gkey) returns cstring language internal immutable strict parallel safe as 'int8out';
create type intbig_gkey (input = _intbig_in, output = _intbig_out, internallength = 8, passedbyvalue, alignment = double);

do $$
declare
  c record;
begin
  for c in
    select * from (values ('int', 'default', ''), ('intbig', '', ', function 10 g_intbig_options(internal)'))
    as classes(name, is_default, options)
  loop
    if c.options <> '' then
      create function g_intbig_options(internal) returns void language internal immutable parallel safe as 'gtsvector_options';
    end if;
    execute pg_catalog.format($create$
      create function g_%1$s_consistent(internal, int[], int2, oid, internal) returns boolean
        language internal immutable strict parallel safe as 'pg_backend_pid';
      create function g_%1$s_union(internal, internal) returns intbig_gkey
        language internal immutable strict parallel safe as 'gtsquery_union';
      create function g_%1$s_compress(internal) returns internal language internal immutable strict parallel safe as 'int8up';
      create function g_%1$s_penalty(internal, internal, internal) returns internal
        language internal immutable strict parallel safe as 'gtsquery_penalty';
      create function g_%1$s_picksplit(internal, internal) returns internal
        language internal immutable strict parallel safe as 'gtsquery_picksplit';
      create function g_%1$s_same(intbig_gkey, intbig_gkey, internal) returns internal
        language internal immutable strict parallel safe as 'gtsquery_same';
      create operator class gist__%1$s_ops %2$s for type int[] using gist as
        function 1 g_%1$s_consistent(internal, int[], int2, oid, internal), function 2 g_%1$s_union(internal, internal),
        function 3 g_%1$s_compress(internal), function 5 g_%1$s_penalty(internal, internal, internal),
        function 6 g_%1$s_picksplit(internal, internal), function 7 g_%1$s_same(intbig_gkey, intbig_gkey, internal)%3$s,
        storage intbig_gkey;
    $create$, c.name, c.is_default, c.options);
  end loop;
end $$;
