-- cube in SQL alone: stored as its text, '(1, 2),(3, 4)', or '(1, 2)' for a point.

create type cube;
create function cube_in(cstring) returns cube language internal immutable strict parallel safe as 'textin';
create function cube_out(cube) returns cstring language internal immutable strict parallel safe as 'textout';
create type cube (input = cube_in, output = cube_out, internallength = variable, alignment = double);

create function cube_send(cube) returns bytea language plpgsql immutable strict parallel safe as
$$ begin raise exception 'the stand-in for cube has no binary format' using errcode = 'PGP99'; end $$;

-- Input that is read. PL/pgSQL takes no cstring, so a type that is laid out like one (typlen -2) stands for it. The function
-- may run where no snapshot is active (in a procedure, after COMMIT): simple expressions only, no query.
create type cube_input;
create function cube_input_in(cstring) returns cube_input language internal immutable strict parallel safe as 'cstring_in';
create function cube_input_out(cube_input) returns cstring language internal immutable strict parallel safe as 'cstring_out';
create type cube_input (input = cube_input_in, output = cube_input_out, internallength = 1, alignment = char);
update pg_catalog.pg_type set typlen = -2 where oid operator(pg_catalog.=) 'cube_input'::pg_catalog.regtype;

create function cube_in(cube_input) returns text language plpgsql immutable strict parallel safe as $$
declare
  number constant text := '[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?(?:inf|infinity|nan)';
  list constant text := '(?:' || number || ')(?:,(?:' || number || '))*';
  plain constant text := regexp_replace(lower($1::text), '\s', '', 'g');
  corners text[];
  first float8[];
  second float8[];
begin
  corners := coalesce(
    regexp_match(plain, '^(' || list || ')$'),
    regexp_match(plain, '^\((' || list || ')\)$'),
    regexp_match(plain, '^\((' || list || ')\),\((' || list || ')\)$'),
    regexp_match(plain, '^\[\((' || list || ')\),\((' || list || ')\)\]$'),
    case when plain in ('()', '(),()', '[(),()]') then array[''] end);
  if corners is null then
    raise exception 'invalid input syntax for cube: "%"', $1 using errcode = '22P02';
  end if;
  first := '{' || corners[1] || '}';
  second := '{' || coalesce(corners[2], corners[1]) || '}';
  if cardinality(first) <> cardinality(second) then
    raise exception 'invalid input syntax for cube' using errcode = '22P02',
      detail = format('Different point dimensions in (%s) and (%s).', corners[1], corners[2]);
  end if;
  return '(' || array_to_string(first, ', ') || ')'
         || case when first = second then '' else ',(' || array_to_string(second, ', ') || ')' end;
end $$;

update pg_catalog.pg_type
set typinput = 'cube_in(cube_input)'::pg_catalog.regprocedure
where oid operator(pg_catalog.=) 'cube'::pg_catalog.regtype;

-- Taking apart

create function cube_dim(cube) returns int language plpgsql immutable strict parallel safe as
$$ begin return cardinality(string_to_array(split_part(trim(both '()' from $1::text), '),(', 1), ', ')); end $$;

create function cube_is_point(cube) returns boolean language plpgsql immutable strict parallel safe as
$$ begin return strpos($1::text, '),(') = 0; end $$;

create function cube_coord(cube, int) returns float8 language plpgsql immutable strict parallel safe as $$
declare
  corners constant text[] := string_to_array(trim(both '()' from $1::text), '),(');
  first constant float8[] := string_to_array(corners[1], ', ');
begin
  if $2 not between 1 and 2 * cardinality(first) then
    raise exception 'cube index % is out of bounds', $2 using errcode = '2202E';
  end if;
  return (first || string_to_array(corners[cardinality(corners)], ', ')::float8[])[$2];
end $$;

create function cube_ll_coord(cube, int) returns float8 language sql immutable strict parallel safe
return case when $2 between 1 and cube_dim($1)
            then least(cube_coord($1, $2), cube_coord($1, $2 + cube_dim($1))) else 0 end;

create function cube_ur_coord(cube, int) returns float8 language sql immutable strict parallel safe
return case when $2 between 1 and cube_dim($1)
            then greatest(cube_coord($1, $2), cube_coord($1, $2 + cube_dim($1))) else 0 end;

-- An odd number is the lower bound of a dimension, an even one its upper bound; negative ones give the negated value.
create function cube_coord_llur(cube, int) returns float8 language sql immutable strict parallel safe
return sign($2) * case when abs($2) % 2 = 1 then cube_ll_coord($1, (abs($2) + 1) / 2)
                       else cube_ur_coord($1, abs($2) / 2) end;

-- Making

create function cube(float8[], float8[]) returns cube language plpgsql immutable strict parallel safe as $$
begin
  if cardinality($1) <> cardinality($2) then
    raise exception 'UR and LL arrays must be of same length' using errcode = '2202E';
  end if;
  return '(' || array_to_string($1, ',') || '),(' || array_to_string($2, ',') || ')';
end $$;

create function cube(float8[]) returns cube language sql immutable strict parallel safe
return cube($1, $1);
create function cube(float8) returns cube language sql immutable strict parallel safe
return cube(array[$1], array[$1]);
create function cube(float8, float8) returns cube language sql immutable strict parallel safe
return cube(array[$1], array[$2]);

create function cube(cube, float8, float8) returns cube language sql immutable strict parallel safe
return cube(array(select cube_coord($1, i) from generate_series(1, cube_dim($1)) as i) || $2,
            array(select cube_coord($1, i + cube_dim($1)) from generate_series(1, cube_dim($1)) as i) || $3);

create function cube(cube, float8) returns cube language sql immutable strict parallel safe
return cube($1, $2, $2);

create function cube_subset(cube, int[]) returns cube language sql immutable strict parallel safe
return cube(array(select cube_coord($1, i) from unnest($2) with ordinality as x(i, place) order by place),
            array(select cube_coord($1, i + cube_dim($1)) from unnest($2) with ordinality as x(i, place) order by place));

create function cube_union(cube, cube) returns cube language sql immutable strict parallel safe
return cube(
  array(select least(cube_ll_coord($1, i), cube_ll_coord($2, i))
        from generate_series(1, greatest(cube_dim($1), cube_dim($2))) as i),
  array(select greatest(cube_ur_coord($1, i), cube_ur_coord($2, i))
        from generate_series(1, greatest(cube_dim($1), cube_dim($2))) as i));

create function cube_inter(cube, cube) returns cube language sql immutable strict parallel safe
return cube(
  array(select greatest(cube_ll_coord($1, i), cube_ll_coord($2, i))
        from generate_series(1, greatest(cube_dim($1), cube_dim($2))) as i),
  array(select least(cube_ur_coord($1, i), cube_ur_coord($2, i))
        from generate_series(1, greatest(cube_dim($1), cube_dim($2))) as i));

-- A negative radius shrinks; bounds that cross meet in the middle.
create function cube_enlarge(cube, float8, int) returns cube language sql immutable strict parallel safe
begin atomic
  select cube(array_agg(case when low > high then (low + high) / 2 else low end order by i),
              array_agg(case when low > high then (low + high) / 2 else high end order by i))
  from (
    select i, cube_ll_coord($1, i) - case when i <= $3 or i <= cube_dim($1) then $2 else 0 end as low,
           cube_ur_coord($1, i) + case when i <= $3 or i <= cube_dim($1) then $2 else 0 end as high
    from generate_series(1, greatest(cube_dim($1), case when $2 > 0 then least($3, 100) else 0 end)) as i
  ) as bounds;
end;

create function cube_size(cube) returns float8 language plpgsql immutable strict parallel safe as $$
declare
  corners constant text[] := string_to_array(trim(both '()' from $1::text), '),(');
  size float8 := 1;
begin
  for i in 1 .. cardinality(string_to_array(corners[1], ', ')) loop
    size := size * abs((string_to_array(corners[1], ', '))[i]::float8
                       - (string_to_array(corners[cardinality(corners)], ', '))[i]::float8);
  end loop;
  return size;
end $$;

-- Comparing: lower bounds, upper bounds, dimensions

create function cube_cmp(cube, cube) returns int language sql immutable strict parallel safe
begin atomic
  select btarraycmp(
    array(select cube_ll_coord($1, i) from generate_series(1, n) as i)
      || array(select cube_ur_coord($1, i) from generate_series(1, n) as i) || cube_dim($1)::float8,
    array(select cube_ll_coord($2, i) from generate_series(1, n) as i)
      || array(select cube_ur_coord($2, i) from generate_series(1, n) as i) || cube_dim($2)::float8)
  from (select greatest(cube_dim($1), cube_dim($2)) as n) as dimensions;
end;

create function cube_contains(cube, cube) returns boolean language sql immutable strict parallel safe
return not exists (
  select from generate_series(1, greatest(cube_dim($1), cube_dim($2))) as i
  where cube_ll_coord($1, i) > cube_ll_coord($2, i) or cube_ur_coord($1, i) < cube_ur_coord($2, i));

create function cube_contained(cube, cube) returns boolean language sql immutable strict parallel safe
return cube_contains($2, $1);

create function cube_overlap(cube, cube) returns boolean language sql immutable strict parallel safe
return not exists (
  select from generate_series(1, greatest(cube_dim($1), cube_dim($2))) as i
  where cube_ll_coord($1, i) > cube_ur_coord($2, i) or cube_ur_coord($1, i) < cube_ll_coord($2, i));

-- Distances: of the gaps between the bounds

do $$
declare
  d record;
begin
  for d in
    select * from (values
      ('cube_distance', 'coalesce(sqrt(sum(gap * gap)), 0)'), ('distance_taxicab', 'coalesce(sum(gap), 0)'),
      ('distance_chebyshev', 'coalesce(max(gap), 0)')
    ) as distances(name, formula)
  loop
    execute pg_catalog.format($create$
      create function %I(cube, cube) returns float8 language sql immutable strict parallel safe
      begin atomic
        select %s
        from (
          select greatest(cube_ll_coord($1, i) - cube_ur_coord($2, i), cube_ll_coord($2, i) - cube_ur_coord($1, i), 0) as gap
          from generate_series(1, greatest(cube_dim($1), cube_dim($2))) as i
        ) as gaps;
      end
    $create$, d.name, d.formula);
  end loop;

  for d in
    select * from (values
      ('<', 'lt', '>', '>=', 'scalarltsel', 'scalarltjoinsel', ''), ('<=', 'le', '>=', '>', 'scalarlesel', 'scalarlejoinsel', ''),
      ('=', 'eq', '=', '<>', 'eqsel', 'eqjoinsel', ', merges'), ('<>', 'ne', '<>', '=', 'neqsel', 'neqjoinsel', ''),
      ('>=', 'ge', '<=', '<', 'scalargesel', 'scalargejoinsel', ''), ('>', 'gt', '<', '<=', 'scalargtsel', 'scalargtjoinsel', '')
    ) as operators(name, function, commutator, negator, restrict_, join_, more)
  loop
    execute pg_catalog.format($create$
      create function cube_%2$s(cube, cube) returns boolean language sql immutable strict parallel safe
      return cube_cmp($1, $2) operator(pg_catalog.%1$s) 0;
      create operator %1$s (leftarg = cube, rightarg = cube, function = cube_%2$s, commutator = %3$s, negator = %4$s,
        restrict = %5$s, join = %6$s%7$s);
    $create$, d.name, d.function, d.commutator, d.negator, d.restrict_, d.join_, d.more);
  end loop;
end $$;

create operator && (
  leftarg = cube, rightarg = cube, function = cube_overlap, commutator = &&, restrict = areasel, join = areajoinsel);
create operator @> (
  leftarg = cube, rightarg = cube, function = cube_contains, commutator = <@, restrict = contsel, join = contjoinsel);
create operator <@ (
  leftarg = cube, rightarg = cube, function = cube_contained, commutator = @>, restrict = contsel, join = contjoinsel);
create operator -> (leftarg = cube, rightarg = int, function = cube_coord);
create operator ~> (leftarg = cube, rightarg = int, function = cube_coord_llur);
create operator <#> (leftarg = cube, rightarg = cube, function = distance_taxicab, commutator = <#>);
create operator <-> (leftarg = cube, rightarg = cube, function = cube_distance, commutator = <->);
create operator <=> (leftarg = cube, rightarg = cube, function = distance_chebyshev, commutator = <=>);

create operator class cube_ops default for type cube using btree as
  operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 cube_cmp(cube, cube);

-- A GiST class that holds nothing and matches no clause (as in the stand-in for pg_trgm)

create function g_cube_consistent(internal, cube, int2, oid, internal) returns boolean
  language internal immutable strict parallel safe as 'pg_backend_pid';
create function g_cube_union(internal, internal) returns cube
  language internal immutable strict parallel safe as 'gtsquery_union';
create function g_cube_penalty(internal, internal, internal) returns internal
  language internal immutable strict parallel safe as 'gtsquery_penalty';
create function g_cube_picksplit(internal, internal) returns internal
  language internal immutable strict parallel safe as 'gtsquery_picksplit';
create function g_cube_same(cube, cube, internal) returns internal
  language internal immutable strict parallel safe as 'gtsquery_same';
create function g_cube_compress(internal) returns internal language internal immutable strict parallel safe as 'int8up';

create operator class gist_cube_ops default for type cube using gist as
  function 1 g_cube_consistent(internal, cube, int2, oid, internal),
  function 2 g_cube_union(internal, internal),
  function 3 g_cube_compress(internal),
  function 5 g_cube_penalty(internal, internal, internal),
  function 6 g_cube_picksplit(internal, internal),
  function 7 g_cube_same(cube, cube, internal),
  storage int8;
