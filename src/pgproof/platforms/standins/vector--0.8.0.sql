-- pgvector in SQL alone: base types that are stored as their normal text, '[1,2,3]'.

-- Input that is checked. PL/pgSQL takes no cstring, so a type that is laid out like one (typlen -2) stands for it. The functions
-- may run where no snapshot is active (in a procedure, after COMMIT): simple expressions only, no query. Modifiers are those
-- of bit strings: a number of at least one.
create type vector_input;
create function vector_input_in(cstring) returns vector_input language internal immutable strict parallel safe as 'cstring_in';
create function vector_input_out(vector_input) returns cstring
  language internal immutable strict parallel safe as 'cstring_out';
create type vector_input (input = vector_input_in, output = vector_input_out, internallength = 1, alignment = char);
update pg_catalog.pg_type set typlen = -2 where oid operator(pg_catalog.=) 'vector_input'::pg_catalog.regtype;

do $$
declare
  t text;
begin
  foreach t in array array['vector', 'halfvec', 'sparsevec'] loop
    execute pg_catalog.format($create$
      create type %1$s;
      create function %1$s_in(cstring, oid, integer) returns %1$s
        language internal immutable strict parallel safe as 'textin';
      create function %1$s_out(%1$s) returns cstring language internal immutable strict parallel safe as 'textout';
      create function %1$s_typmod_in(cstring[]) returns integer
        language internal immutable strict parallel safe as 'varbittypmodin';
      create type %1$s (input = %1$s_in, output = %1$s_out, typmod_in = %1$s_typmod_in, storage = external);
      create function %1$s_send(%1$s) returns bytea language plpgsql immutable strict parallel safe as
        'begin raise exception ''the stand-in for vector has no binary format'' using errcode = ''PGP99''; end';
    $create$, t);
  end loop;

  foreach t in array array['vector', 'halfvec'] loop
    execute pg_catalog.format($create$
      create function %1$s_in(vector_input, oid, integer) returns text language plpgsql immutable strict parallel safe as $f$
      declare
        elements real[];
      begin
        if $1::text !~ '^\s*\[[-+0-9.,eE\s]+\]\s*$' then
          raise exception 'invalid input syntax for type %1$s: "%%"', $1 using errcode = '22P02';
        end if;
        elements := translate($1::text, '[]', '{}');
        if $3 not in (-1, cardinality(elements)) then
          raise exception 'expected %% dimensions, not %%', $3, cardinality(elements) using errcode = '22000';
        end if;
        return translate(elements::text, '{}', '[]');
      end $f$;
    $create$, t);
  end loop;
end $$;

create function sparsevec_in(vector_input, oid, integer) returns text language plpgsql immutable strict parallel safe as $$
begin
  if $1::text !~ '^\s*\{\s*(\d+\s*:\s*[-+0-9.eE]+\s*(,\s*(?=\d)|(?=\})))*\}\s*/\s*\d+\s*$' then
    raise exception 'invalid input syntax for type sparsevec: "%"', $1 using errcode = '22P02';
  elsif $3 not in (-1, substring($1::text from '/\s*(\d+)')::int4) then
    raise exception 'expected % dimensions, not %', $3, substring($1::text from '/\s*(\d+)') using errcode = '22000';
  end if;
  return regexp_replace($1::text, '\s', '', 'g');
end $$;

update pg_catalog.pg_type
set typinput = pg_catalog.format('%s_in(vector_input, oid, integer)', typname)::pg_catalog.regprocedure
where oid operator(pg_catalog.=) any (array['vector', 'halfvec', 'sparsevec']::pg_catalog.regtype[]::oid[]);

-- Everything that vector and halfvec share. PL/pgSQL converts the text that it returns; the bodies refer to nothing of the
-- extension but, through the types of their arguments, to its types.
do $$
declare
  t text;
  o record;
begin
  foreach t in array array['vector', 'halfvec'] loop
    execute pg_catalog.format($create$
      create function %1$s(%1$s, integer, boolean) returns %1$s language plpgsql immutable strict parallel safe as $f$
      declare
        dimensions constant int := cardinality(translate($1::text, '[]', '{}')::real[]);
      begin
        if $2 not in (-1, dimensions) then
          raise exception 'expected %% dimensions, not %%', $2, dimensions using errcode = '22000';
        end if;
        return $1;
      end $f$;

      create function %1$s_to_float4(%1$s, integer, boolean) returns real[] language plpgsql immutable strict parallel safe as
      $f$ begin return translate($1::text, '[]', '{}')::real[]; end $f$;

      create function vector_dims(%1$s) returns integer language plpgsql immutable strict parallel safe as
      $f$ begin return cardinality(translate($1::text, '[]', '{}')::real[]); end $f$;

      create function l2_normalize(%1$s) returns %1$s language plpgsql immutable strict parallel safe as $f$
      declare
        a constant real[] := translate($1::text, '[]', '{}');
        norm constant float8 := (select sqrt(sum(x::float8 * x)) from unnest(a) as x);
      begin
        return translate(array(select (case when norm > 0 then x / norm else 0 end)::real from unnest(a) as x)::text, '{}', '[]');
      end $f$;

      create function binary_quantize(%1$s) returns bit language plpgsql immutable strict parallel safe as $f$
      begin
        return (select string_agg((x > 0)::int::text, '' order by place)::varbit
                from unnest(translate($1::text, '[]', '{}')::real[]) with ordinality as elements(x, place));
      end $f$;

      create function subvector(%1$s, integer, integer) returns %1$s language plpgsql immutable strict parallel safe as $f$
      declare
        a constant real[] := (translate($1::text, '[]', '{}')::real[])[greatest($2, 1) : $2 + $3 - 1];
      begin
        if cardinality(a) = 0 then
          raise exception 'vector must have at least 1 dimension' using errcode = '22000';
        end if;
        return translate(a::text, '{}', '[]');
      end $f$;

      create function %1$s_concat(%1$s, %1$s) returns %1$s language plpgsql immutable strict parallel safe as
      $f$ begin return left($1::text, -1) || ',' || substr($2::text, 2); end $f$;

      create function %1$s_cmp(%1$s, %1$s) returns integer language plpgsql immutable strict parallel safe as
      $f$ begin return btarraycmp(translate($1::text, '[]', '{}')::real[], translate($2::text, '[]', '{}')::real[]); end $f$;

      create function %1$s_accum(float8[], %1$s) returns float8[] language plpgsql immutable strict parallel safe as $f$
      declare
        a constant float8[] := translate($2::text, '[]', '{}');
      begin
        if cardinality($1) not in (1, cardinality(a) + 1) then
          raise exception 'expected %% dimensions, not %%', cardinality($1) - 1, cardinality(a) using errcode = '22000';
        end if;
        return $1[1] + 1 || array(select coalesce($1[i + 1], 0) + a[i] from generate_subscripts(a, 1) as i);
      end $f$;

      create function %1$s_combine(float8[], float8[]) returns float8[] language plpgsql immutable strict parallel safe as $f$
      begin
        return array(select coalesce($1[i], 0) + coalesce($2[i], 0)
                     from generate_series(1, greatest(cardinality($1), cardinality($2))) as i);
      end $f$;

      create function %1$s_avg(float8[]) returns %1$s language plpgsql immutable strict parallel safe as $f$
      begin
        return case when $1[1] > 0 then translate(array(select (x / $1[1])::real from unnest($1[2:]) as x)::text, '{}', '[]') end;
      end $f$;
    $create$, t);

    for o in
      select * from (values ('real[]'), ('float8[]'), ('integer[]'), ('numeric[]')) as sources(source)
    loop
      execute pg_catalog.format($create$
        create function array_to_%1$s(%2$s, integer, boolean) returns %1$s
          language plpgsql immutable strict parallel safe as $f$
        begin
          if array_ndims($1) is distinct from 1 or array_position($1, null) is not null then
            raise exception 'array must be 1-D, not empty and without nulls' using errcode = '22000';
          elsif $2 not in (-1, cardinality($1)) then
            raise exception 'expected %% dimensions, not %%', $2, cardinality($1) using errcode = '22000';
          end if;
          return translate($1::real[]::text, '{}', '[]');
        end $f$;
        create cast (%2$s as %1$s) with function array_to_%1$s(%2$s, integer, boolean) as assignment;
      $create$, t, o.source);
    end loop;

    -- distances, and the two that the real index methods use
    for o in
      select * from (values
        ('l2_distance', 'sqrt(sum((x - y) * (x - y)))', '<->'),
        ('inner_product', 'sum(x * y)', null),
        ('%1$s_negative_inner_product', '-sum(x * y)', '<#>'),
        ('cosine_distance', '1 - case when sum(x * x) * sum(y * y) > 0 '
          'then greatest(-1, least(1, sum(x * y) / sqrt(sum(x * x) * sum(y * y)))) end', '<=>'),
        ('l1_distance', 'sum(abs(x - y))', '<+>'),
        ('%1$s_l2_squared_distance', 'sum((x - y) * (x - y))', null),
        ('%1$s_spherical_distance', 'acos(greatest(-1, least(1, sum(x * y)))) / pi()', null)
      ) as distances(name, formula, operator)
    loop
      execute pg_catalog.format($create$
        create function %2$s(%1$s, %1$s) returns float8 language plpgsql immutable strict parallel safe as $f$
        declare
          a constant float8[] := translate($1::text, '[]', '{}');
          b constant float8[] := translate($2::text, '[]', '{}');
        begin
          if cardinality(a) <> cardinality(b) then
            raise exception 'different %1$s dimensions %% and %%', cardinality(a), cardinality(b) using errcode = '22000';
          end if;
          return (select coalesce(%3$s, 'NaN') from unnest(a, b) as pairs(x, y));
        end $f$;
      $create$, t, pg_catalog.format(o.name, t), o.formula);
      if o.operator is not null then
        execute pg_catalog.format(
          'create operator %s (leftarg = %2$s, rightarg = %2$s, function = %3$s, commutator = %1$s)',
          o.operator, t, pg_catalog.format(o.name, t));
      end if;
    end loop;

    for o in
      select * from (values ('add', '+', ', commutator = +'), ('sub', '-', ''), ('mul', '*', ', commutator = *'))
      as arithmetic(name, operator, more)
    loop
      execute pg_catalog.format($create$
        create function %1$s_%2$s(%1$s, %1$s) returns %1$s language plpgsql immutable strict parallel safe as $f$
        declare
          a constant real[] := translate($1::text, '[]', '{}');
          b constant real[] := translate($2::text, '[]', '{}');
        begin
          if cardinality(a) <> cardinality(b) then
            raise exception 'different %1$s dimensions %% and %%', cardinality(a), cardinality(b) using errcode = '22000';
          end if;
          return translate(array(select x %3$s y from unnest(a, b) as pairs(x, y))::text, '{}', '[]');
        end $f$;
        create operator %3$s (leftarg = %1$s, rightarg = %1$s, function = %1$s_%2$s%4$s);
      $create$, t, o.name, o.operator, o.more);
    end loop;

    execute pg_catalog.format($create$
      create operator || (leftarg = %1$s, rightarg = %1$s, function = %1$s_concat);
      create cast (%1$s as %1$s) with function %1$s(%1$s, integer, boolean) as implicit;
      create aggregate avg(%1$s) (
        sfunc = %1$s_accum, stype = float8[], finalfunc = %1$s_avg, combinefunc = %1$s_combine, initcond = '{0}', parallel = safe);
      create aggregate sum(%1$s) (sfunc = %1$s_add, stype = %1$s, combinefunc = %1$s_add, parallel = safe);
    $create$, t);
  end loop;
end $$;

create function vector_norm(vector) returns float8 language plpgsql immutable strict parallel safe as
$$ begin return (select sqrt(sum(x * x)) from unnest(translate($1::text, '[]', '{}')::float8[]) as x); end $$;

create function l2_norm(halfvec) returns float8 language plpgsql immutable strict parallel safe as
$$ begin return (select sqrt(sum(x * x)) from unnest(translate($1::text, '[]', '{}')::float8[]) as x); end $$;

create function vector_to_halfvec(vector, integer, boolean) returns halfvec language sql immutable strict parallel safe
return array_to_halfvec(vector_to_float4($1, -1, $3), $2, $3);

create function halfvec_to_vector(halfvec, integer, boolean) returns vector language sql immutable strict parallel safe
return array_to_vector(halfvec_to_float4($1, -1, $3), $2, $3);

create function hamming_distance(bit, bit) returns float8 language plpgsql immutable strict parallel safe as
$$ begin return bit_count($1 # $2); end $$;

create function jaccard_distance(bit, bit) returns float8 language plpgsql immutable strict parallel safe as
$$ begin return case when bit_count($1 & $2) = 0 then 1 else 1 - bit_count($1 & $2)::float8 / bit_count($1 | $2) end; end $$;

create operator <~> (leftarg = bit, rightarg = bit, function = hamming_distance, commutator = <~>);
create operator <%> (leftarg = bit, rightarg = bit, function = jaccard_distance, commutator = <%>);

create cast (vector as real[]) with function vector_to_float4(vector, integer, boolean) as implicit;
create cast (halfvec as real[]) with function halfvec_to_float4(halfvec, integer, boolean) as assignment;
create cast (vector as halfvec) with function vector_to_halfvec(vector, integer, boolean) as implicit;
create cast (halfvec as vector) with function halfvec_to_vector(halfvec, integer, boolean) as assignment;

-- sparsevec: stored and compared as its text; nothing computes with it

create function sparsevec(sparsevec, integer, boolean) returns sparsevec language plpgsql immutable strict parallel safe as $$
begin
  if $2 not in (-1, substring($1::text from '/(\d+)')::int4) then
    raise exception 'expected % dimensions, not %', $2, substring($1::text from '/(\d+)') using errcode = '22000';
  end if;
  return $1;
end $$;

create function sparsevec_cmp(sparsevec, sparsevec) returns integer language plpgsql immutable strict parallel safe as
$$ begin return bttextcmp($1::text collate "C", $2::text collate "C"); end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'array_to_sparsevec(real[], integer, boolean) returns sparsevec',
    'array_to_sparsevec(float8[], integer, boolean) returns sparsevec',
    'array_to_sparsevec(integer[], integer, boolean) returns sparsevec',
    'array_to_sparsevec(numeric[], integer, boolean) returns sparsevec',
    'cosine_distance(sparsevec, sparsevec) returns float8',
    'halfvec_to_sparsevec(halfvec, integer, boolean) returns sparsevec',
    'inner_product(sparsevec, sparsevec) returns float8',
    'l1_distance(sparsevec, sparsevec) returns float8',
    'l2_distance(sparsevec, sparsevec) returns float8',
    'l2_norm(sparsevec) returns float8',
    'l2_normalize(sparsevec) returns sparsevec',
    'sparsevec_l2_squared_distance(sparsevec, sparsevec) returns float8',
    'sparsevec_negative_inner_product(sparsevec, sparsevec) returns float8',
    'sparsevec_to_halfvec(sparsevec, integer, boolean) returns halfvec',
    'sparsevec_to_vector(sparsevec, integer, boolean) returns vector',
    'vector_to_sparsevec(vector, integer, boolean) returns sparsevec'
  ] loop
    execute pg_catalog.format(
      'create function %s immutable strict parallel safe language plpgsql as %L',
      signature,
      'begin raise exception ''the stand-in for vector does not compute with sparsevec'' using errcode = ''PGP99''; end');
  end loop;
end $$;

create operator <-> (leftarg = sparsevec, rightarg = sparsevec, function = l2_distance, commutator = <->);
create operator <#> (leftarg = sparsevec, rightarg = sparsevec, function = sparsevec_negative_inner_product, commutator = <#>);
create operator <=> (leftarg = sparsevec, rightarg = sparsevec, function = cosine_distance, commutator = <=>);
create operator <+> (leftarg = sparsevec, rightarg = sparsevec, function = l1_distance, commutator = <+>);

create cast (sparsevec as sparsevec) with function sparsevec(sparsevec, integer, boolean) as implicit;
create cast (sparsevec as vector) with function sparsevec_to_vector(sparsevec, integer, boolean) as assignment;
create cast (vector as sparsevec) with function vector_to_sparsevec(vector, integer, boolean) as implicit;
create cast (sparsevec as halfvec) with function sparsevec_to_halfvec(sparsevec, integer, boolean) as assignment;
create cast (halfvec as sparsevec) with function halfvec_to_sparsevec(halfvec, integer, boolean) as implicit;
create cast (real[] as sparsevec) with function array_to_sparsevec(real[], integer, boolean) as assignment;
create cast (float8[] as sparsevec) with function array_to_sparsevec(float8[], integer, boolean) as assignment;
create cast (integer[] as sparsevec) with function array_to_sparsevec(integer[], integer, boolean) as assignment;
create cast (numeric[] as sparsevec) with function array_to_sparsevec(numeric[], integer, boolean) as assignment;

-- Comparison operators and B-tree classes of all three

do $$
declare
  t text;
  o record;
begin
  foreach t in array array['vector', 'halfvec', 'sparsevec'] loop
    for o in
      select * from (values
        ('<', 'lt', '>', '>=', 'scalarltsel', 'scalarltjoinsel'), ('<=', 'le', '>=', '>', 'scalarlesel', 'scalarlejoinsel'),
        ('=', 'eq', '=', '<>', 'eqsel', 'eqjoinsel'), ('<>', 'ne', '<>', '=', 'eqsel', 'eqjoinsel'),
        ('>=', 'ge', '<=', '<', 'scalargesel', 'scalargejoinsel'), ('>', 'gt', '<', '<=', 'scalargtsel', 'scalargtjoinsel')
      ) as operators(name, function, commutator, negator, restrict_, join_)
    loop
      execute pg_catalog.format($create$
        create function %1$s_%3$s(%1$s, %1$s) returns boolean language sql immutable strict parallel safe
        return %1$s_cmp($1, $2) operator(pg_catalog.%2$s) 0;
        create operator %2$s (leftarg = %1$s, rightarg = %1$s, function = %1$s_%3$s, commutator = %4$s, negator = %5$s,
          restrict = %6$s, join = %7$s);
      $create$, t, o.name, o.function, o.commutator, o.negator, o.restrict_, o.join_);
    end loop;
    execute pg_catalog.format($create$
      create operator class %1$s_ops default for type %1$s using btree as
        operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 %1$s_cmp(%1$s, %1$s);
    $create$, t);
  end loop;
end $$;

-- The index methods are the server's hash method under other names: it stores a hash of any value, however long. Without
-- OPERATOR items no clause and no ordering matches a class: such an index is never used, and its definition stays.

create function hnswhandler(internal) returns index_am_handler language internal as 'hashhandler';
create function ivfflathandler(internal) returns index_am_handler language internal as 'hashhandler';
create access method hnsw type index handler hnswhandler;
create access method ivfflat type index handler ivfflathandler;

do $$
declare
  c record;
begin
  for c in
    select * from (values
      ('hnsw', 'vector', 'vector_l2_ops', ''), ('hnsw', 'vector', 'vector_ip_ops', ''),
      ('hnsw', 'vector', 'vector_cosine_ops', ''),
      ('hnsw', 'vector', 'vector_l1_ops', ''), ('hnsw', 'halfvec', 'halfvec_l2_ops', ''),
      ('hnsw', 'halfvec', 'halfvec_ip_ops', ''),
      ('hnsw', 'halfvec', 'halfvec_cosine_ops', ''), ('hnsw', 'halfvec', 'halfvec_l1_ops', ''),
      ('hnsw', 'sparsevec', 'sparsevec_l2_ops', ''), ('hnsw', 'sparsevec', 'sparsevec_ip_ops', ''),
      ('hnsw', 'sparsevec', 'sparsevec_cosine_ops', ''), ('hnsw', 'sparsevec', 'sparsevec_l1_ops', ''),
      ('hnsw', 'bit', 'bit_hamming_ops', ''), ('hnsw', 'bit', 'bit_jaccard_ops', ''),
      ('ivfflat', 'vector', 'vector_l2_ops', 'default'), ('ivfflat', 'vector', 'vector_ip_ops', ''),
      ('ivfflat', 'vector', 'vector_cosine_ops', ''), ('ivfflat', 'halfvec', 'halfvec_l2_ops', ''),
      ('ivfflat', 'halfvec', 'halfvec_ip_ops', ''), ('ivfflat', 'halfvec', 'halfvec_cosine_ops', ''),
      ('ivfflat', 'bit', 'bit_hamming_ops', '')
    ) as classes(method, type, name, is_default)
  loop
    execute pg_catalog.format(
      'create operator class %s %s for type %s using %s as function 1 (%3$s) pg_catalog.hashvarlena(internal)',
      c.name, c.is_default, c.type, c.method);
  end loop;
end $$;
