-- hstore in SQL alone: a base type that is stored as its own normal text, keys by length, then by bytes.

create type hstore;

create function hstore_in(cstring) returns hstore language internal immutable strict parallel safe as 'textin';
create function hstore_out(hstore) returns cstring language internal immutable strict parallel safe as 'textout';
create type hstore (input = hstore_in, output = hstore_out, internallength = variable, storage = extended);

-- Input that is read. PL/pgSQL takes no cstring, so a type that is laid out like one (typlen -2) stands for it. The function
-- may run where no snapshot is active (in a procedure, after COMMIT): simple expressions only, no query.
create type hstore_input;
create function hstore_input_in(cstring) returns hstore_input language internal immutable strict parallel safe as 'cstring_in';
create function hstore_input_out(hstore_input) returns cstring
  language internal immutable strict parallel safe as 'cstring_out';
create type hstore_input (input = hstore_input_in, output = hstore_input_out, internallength = 1, alignment = char);
update pg_catalog.pg_type set typlen = -2 where oid operator(pg_catalog.=) 'hstore_input'::pg_catalog.regtype;

create function hstore_in(hstore_input) returns text language plpgsql immutable strict parallel safe as $$
declare
  rest text := ltrim($1::text, E' \t\n\r\f\v');
  keys text[] := '{}';
  vals text[] := '{}';
  pair text[];
  key text;
  val text;
  place int;
  result text := '';
begin
  while rest <> '' loop
    pair := regexp_match(
      rest,
      '^("(?:[^"\\]|\\.)*"|(?:\\.|[^\s="\\,])(?:\\.|[^\s=\\])*)\s*=>\s*'
      '("(?:[^"\\]|\\.)*"|(?:\\.|[^\s,"\\])(?:\\.|[^\s,\\])*)\s*(?:,\s*|$)(.*)$');
    if pair is null then
      raise exception 'syntax error in hstore, near "%"', rest using errcode = '42601';
    end if;
    rest := pair[3];
    key := regexp_replace(case when pair[1] like '"%' then substr(pair[1], 2, length(pair[1]) - 2) else pair[1] end,
                          '\\(.)', '\1', 'g');
    val := case when lower(pair[2]) <> 'null' then
      regexp_replace(case when pair[2] like '"%' then substr(pair[2], 2, length(pair[2]) - 2) else pair[2] end,
                     '\\(.)', '\1', 'g') end;
    place := 1;
    while (octet_length(keys[place]), keys[place] collate "C") < (octet_length(key), key) loop
      place := place + 1;
    end loop;
    if keys[place] is distinct from key then  -- the first of two equal keys stays
      keys := keys[1 : place - 1] || array[key] || keys[place : cardinality(keys)];
      vals := vals[1 : place - 1] || array[val] || vals[place : cardinality(vals)];
    end if;
  end loop;
  for place in 1 .. cardinality(keys) loop
    result := result || case when place > 1 then ', ' else '' end
              || '"' || replace(replace(keys[place], '\', '\\'), '"', '\"') || '"=>'
              || coalesce('"' || replace(replace(vals[place], '\', '\\'), '"', '\"') || '"', 'NULL');
  end loop;
  return result;
end $$;

update pg_catalog.pg_type
set typinput = 'hstore_in(hstore_input)'::pg_catalog.regprocedure
where oid operator(pg_catalog.=) 'hstore'::pg_catalog.regtype;

-- Making one: PL/pgSQL converts the text that it returns.

create function hstore(text[], text[]) returns hstore language plpgsql immutable parallel safe as $$
declare
  pairs text;
begin
  if $1 is null then
    return null;
  elsif cardinality($2) <> cardinality($1) then
    raise exception 'arrays must have same bounds' using errcode = '2202E';
  elsif array_position($1, null) is not null then
    raise exception 'null value not allowed for hstore key' using errcode = '22004';
  end if;
  select string_agg('"' || replace(replace($1[i], '\', '\\'), '"', '\"') || '"=>'
                    || coalesce('"' || replace(replace($2[i], '\', '\\'), '"', '\"') || '"', 'NULL'), ',')
    into pairs from generate_subscripts($1, 1) as i;
  return coalesce(pairs, '');
end $$;

create function hstore(text, text) returns hstore language sql immutable parallel safe
return case when $1 is not null then hstore(array[$1], array[$2]) end;

create function tconvert(text, text) returns hstore language sql immutable parallel safe
return hstore($1, $2);

create function hstore(text[]) returns hstore language plpgsql immutable strict parallel safe as $$
declare
  pairs text;
  flat text[];
begin
  if (array_ndims($1) = 1 and cardinality($1) % 2 = 1) or array_ndims($1) > 2
     or (array_ndims($1) = 2 and array_length($1, 2) <> 2) then
    raise exception 'array must have even number of elements, or two columns' using errcode = '2202E';
  end if;
  flat := array(select unnest($1));
  for i in 1 .. cardinality(flat) by 2 loop
    if flat[i] is null then
      raise exception 'null value not allowed for hstore key' using errcode = '22004';
    end if;
    pairs := concat_ws(',', pairs, '"' || replace(replace(flat[i], '\', '\\'), '"', '\"') || '"=>'
                                   || coalesce('"' || replace(replace(flat[i+1], '\', '\\'), '"', '\"') || '"', 'NULL'));
  end loop;
  return coalesce(pairs, '');
end $$;

-- The names of a record's fields are in its JSON, their texts are in its own text: "(a,,""b c"")".
create function hstore(record) returns hstore language plpgsql immutable parallel safe as $$
declare
  pairs text;
begin
  if $1 is null and row_to_json($1) is null then
    return null;
  end if;
  select string_agg('"' || replace(replace(name, '\', '\\'), '"', '\"') || '"=>'
                    || coalesce('"' || replace(replace(value, '\', '\\'), '"', '\"') || '"', 'NULL'), ',')
    into pairs
    from (
      select name, case
               when field[1] like '"%' then
                 regexp_replace(replace(substr(field[1], 2, length(field[1]) - 2), '""', '"'), '\\(.)', '\1', 'g')
               else nullif(field[1], '')
             end as value
      from json_object_keys(row_to_json($1)) with ordinality as names(name, place)
      join regexp_matches(',' || substr($1::text, 2, length($1::text) - 2), ',("(?:[^"\\]|""|\\.)*"|[^,]*)', 'g')
           with ordinality as fields(field, place) using (place)
    ) as named;
  return coalesce(pairs, '');
end $$;

-- Reading one: every function goes through JSON, whose objects have the same order of keys.

create function hstore_to_jsonb(hstore) returns jsonb language plpgsql immutable strict parallel safe as $$
begin
  return coalesce((
    select jsonb_object_agg(regexp_replace(pair[1], '\\(.)', '\1', 'g'), regexp_replace(pair[2], '\\(.)', '\1', 'g'))
    from regexp_matches($1::text, '"((?:[^"\\]|\\.)*)"=>(?:"((?:[^"\\]|\\.)*)"|NULL)', 'g') as pair
  ), '{}');
end $$;

create function hstore_to_json(hstore) returns json language sql immutable strict parallel safe
return hstore_to_jsonb($1)::json;

create function hstore_to_jsonb_loose(hstore) returns jsonb language sql immutable strict parallel safe
begin atomic
  select coalesce(jsonb_object_agg(key, case
           when value = 't' then 'true'::jsonb
           when value = 'f' then 'false'::jsonb
           when value ~ '^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$' then value::jsonb
           else to_jsonb(value)
         end), '{}')
  from jsonb_each_text(hstore_to_jsonb($1));
end;

create function hstore_to_json_loose(hstore) returns json language sql immutable strict parallel safe
return hstore_to_jsonb_loose($1)::json;

create function fetchval(hstore, text) returns text language sql immutable strict parallel safe
return hstore_to_jsonb($1) ->> $2;

create function exist(hstore, text) returns boolean language sql immutable strict parallel safe
return hstore_to_jsonb($1) ? $2;

create function isexists(hstore, text) returns boolean language sql immutable strict parallel safe
return hstore_to_jsonb($1) ? $2;

create function exists_any(hstore, text[]) returns boolean language sql immutable strict parallel safe
return hstore_to_jsonb($1) ?| $2;

create function exists_all(hstore, text[]) returns boolean language sql immutable strict parallel safe
return hstore_to_jsonb($1) ?& $2;

create function defined(hstore, text) returns boolean language sql immutable strict parallel safe
return (hstore_to_jsonb($1) ->> $2) is not null;

create function isdefined(hstore, text) returns boolean language sql immutable strict parallel safe
return (hstore_to_jsonb($1) ->> $2) is not null;

create function hs_contains(hstore, hstore) returns boolean language sql immutable strict parallel safe
return hstore_to_jsonb($1) @> hstore_to_jsonb($2);

create function hs_contained(hstore, hstore) returns boolean language sql immutable strict parallel safe
return hstore_to_jsonb($1) <@ hstore_to_jsonb($2);

create function akeys(hstore) returns text[] language sql immutable strict parallel safe
return array(select jsonb_object_keys(hstore_to_jsonb($1)));

create function avals(hstore) returns text[] language sql immutable strict parallel safe
return array(select value from jsonb_each_text(hstore_to_jsonb($1)));

create function skeys(hstore) returns setof text language sql immutable strict parallel safe
return jsonb_object_keys(hstore_to_jsonb($1));

create function svals(hstore) returns setof text language sql immutable strict parallel safe
begin atomic
  select value from jsonb_each_text(hstore_to_jsonb($1));
end;

create function each(hs hstore, out key text, out value text) returns setof record
  language sql immutable strict parallel safe
begin atomic
  select pairs.key, pairs.value from jsonb_each_text(hstore_to_jsonb(hs)) as pairs;
end;

create function hstore_to_array(hstore) returns text[] language sql immutable strict parallel safe
return array(select unnest(array[key, value]) from jsonb_each_text(hstore_to_jsonb($1)));

create function hstore_to_matrix(hstore) returns text[] language sql immutable strict parallel safe
return array(select array[key, value] from jsonb_each_text(hstore_to_jsonb($1)));

create function slice_array(hstore, text[]) returns text[] language sql immutable strict parallel safe
return array(select hstore_to_jsonb($1) ->> key from unnest($2) with ordinality as wanted(key, place) order by place);

create function hstore_version_diag(hstore) returns integer language sql immutable strict parallel safe
return 2;

-- A polymorphic function cannot have a body that is bound to hstore_to_jsonb, so it repeats what that does.
create function populate_record(anyelement, hstore) returns anyelement language plpgsql immutable parallel safe as $$
begin
  return jsonb_populate_record($1, coalesce((
    select jsonb_object_agg(regexp_replace(pair[1], '\\(.)', '\1', 'g'), regexp_replace(pair[2], '\\(.)', '\1', 'g'))
    from regexp_matches($2::text, '"((?:[^"\\]|\\.)*)"=>(?:"((?:[^"\\]|\\.)*)"|NULL)', 'g') as pair
  ), '{}'));
end $$;

-- Changing one

create function hs_concat(hstore, hstore) returns hstore language sql immutable strict parallel safe
begin atomic
  select hstore(coalesce(array_agg(key), '{}'), coalesce(array_agg(value), '{}'))
  from jsonb_each_text(hstore_to_jsonb($1) || hstore_to_jsonb($2));
end;

create function delete(hstore, text) returns hstore language sql immutable strict parallel safe
begin atomic
  select hstore(coalesce(array_agg(key), '{}'), coalesce(array_agg(value), '{}'))
  from jsonb_each_text(hstore_to_jsonb($1) - $2);
end;

create function delete(hstore, text[]) returns hstore language sql immutable strict parallel safe
begin atomic
  select hstore(coalesce(array_agg(key), '{}'), coalesce(array_agg(value), '{}'))
  from jsonb_each_text(hstore_to_jsonb($1) - $2);
end;

create function delete(hstore, hstore) returns hstore language sql immutable strict parallel safe
begin atomic
  select hstore(coalesce(array_agg(key), '{}'), coalesce(array_agg(value), '{}'))
  from jsonb_each_text(hstore_to_jsonb($1))
  where not (hstore_to_jsonb($2) @> jsonb_build_object(key, value));
end;

create function slice(hstore, text[]) returns hstore language sql immutable strict parallel safe
begin atomic
  select hstore(coalesce(array_agg(key), '{}'), coalesce(array_agg(value), '{}'))
  from jsonb_each_text(hstore_to_jsonb($1))
  where key = any ($2);
end;

create function hstore_send(hstore) returns bytea language plpgsql immutable strict parallel safe as
$$ begin raise exception 'the stand-in for hstore has no binary format' using errcode = 'PGP99'; end $$;

create cast (text[] as hstore) with function hstore(text[]);
create cast (hstore as json) with function hstore_to_json(hstore);
create cast (hstore as jsonb) with function hstore_to_jsonb(hstore);

create operator -> (leftarg = hstore, rightarg = text, function = fetchval);
create operator -> (leftarg = hstore, rightarg = text[], function = slice_array);
create operator ? (leftarg = hstore, rightarg = text, function = exist, restrict = matchingsel, join = matchingjoinsel);
create operator ?| (leftarg = hstore, rightarg = text[], function = exists_any, restrict = matchingsel, join = matchingjoinsel);
create operator ?& (leftarg = hstore, rightarg = text[], function = exists_all, restrict = matchingsel, join = matchingjoinsel);
create operator @> (
  leftarg = hstore, rightarg = hstore, function = hs_contains, commutator = <@, restrict = matchingsel, join = matchingjoinsel);
create operator <@ (
  leftarg = hstore, rightarg = hstore, function = hs_contained, commutator = @>, restrict = matchingsel, join = matchingjoinsel);
create operator || (leftarg = hstore, rightarg = hstore, function = hs_concat);
create operator - (leftarg = hstore, rightarg = text, function = delete);
create operator - (leftarg = hstore, rightarg = text[], function = delete);
create operator - (leftarg = hstore, rightarg = hstore, function = delete);
create operator %% (rightarg = hstore, function = hstore_to_array);
create operator %# (rightarg = hstore, function = hstore_to_matrix);
create operator #= (leftarg = anyelement, rightarg = hstore, function = populate_record);

-- Comparison: of the normal text

create function hstore_cmp(hstore, hstore) returns integer language plpgsql immutable strict parallel safe as
$$ begin return bttextcmp($1::text collate "C", $2::text collate "C"); end $$;

create function hstore_hash(hstore) returns integer language plpgsql immutable strict parallel safe as
$$ begin return hashtext($1::text collate "C"); end $$;

create function hstore_hash_extended(hstore, bigint) returns bigint language plpgsql immutable strict parallel safe as
$$ begin return hashtextextended($1::text collate "C", $2); end $$;

do $$
declare
  o record;
begin
  for o in
    select * from (values
      ('=', 'hstore_eq', '=', '=', '<>', 'eqsel', 'eqjoinsel', ', hashes, merges'),
      ('<>', 'hstore_ne', '<>', '<>', '=', 'neqsel', 'neqjoinsel', ''),
      ('#<#', 'hstore_lt', '<', '#>#', '#>=#', 'scalarltsel', 'scalarltjoinsel', ''),
      ('#<=#', 'hstore_le', '<=', '#>=#', '#>#', 'scalarlesel', 'scalarlejoinsel', ''),
      ('#>=#', 'hstore_ge', '>=', '#<=#', '#<#', 'scalargesel', 'scalargejoinsel', ''),
      ('#>#', 'hstore_gt', '>', '#<#', '#<=#', 'scalargtsel', 'scalargtjoinsel', '')
    ) as operators(name, function, as_text, commutator, negator, restrict_, join_, more)
  loop
    execute pg_catalog.format(
      'create function %I(hstore, hstore) returns boolean language plpgsql immutable strict parallel safe as '
      '$f$ begin return $1::text collate "C" %s $2::text collate "C"; end $f$',
      o.function, o.as_text);
    execute pg_catalog.format(
      'create operator %s (leftarg = hstore, rightarg = hstore, function = %I, commutator = %s, negator = %s, '
      'restrict = %s, join = %s%s)',
      o.name, o.function, o.commutator, o.negator, o.restrict_, o.join_, o.more);
  end loop;
end $$;

create operator class btree_hstore_ops default for type hstore using btree as
  operator 1 #<#, operator 2 #<=#, operator 3 =, operator 4 #>=#, operator 5 #>#, function 1 hstore_cmp(hstore, hstore);

create operator class hash_hstore_ops default for type hstore using hash as
  operator 1 =, function 1 hstore_hash(hstore), function 2 hstore_hash_extended(hstore, bigint);

-- Index classes that hold nothing and match no clause (as in the stand-ins for pg_trgm and btree_gist)

create function gin_extract_hstore(hstore, internal) returns internal
  language internal immutable strict parallel safe as 'void_in';
create function gin_extract_hstore_query(hstore, internal, int2, internal, internal) returns internal
  language internal immutable strict parallel safe as 'void_in';
create function gin_consistent_hstore(internal, int2, hstore, int4, internal, internal) returns boolean
  language internal immutable strict parallel safe as 'pg_backend_pid';

create operator class gin_hstore_ops default for type hstore using gin as
  function 1 bttextcmp(text, text),
  function 2 gin_extract_hstore(hstore, internal),
  function 3 gin_extract_hstore_query(hstore, internal, int2, internal, internal),
  function 4 gin_consistent_hstore(internal, int2, hstore, int4, internal, internal),
  storage text;

create type ghstore;
create function ghstore_in(cstring) returns ghstore language internal immutable strict parallel safe as 'int8in';
create function ghstore_out(ghstore) returns cstring language internal immutable strict parallel safe as 'int8out';
create type ghstore (input = ghstore_in, output = ghstore_out, internallength = 8, passedbyvalue, alignment = double);

create function ghstore_consistent(internal, hstore, int2, oid, internal) returns boolean
  language internal immutable strict parallel safe as 'pg_backend_pid';
create function ghstore_union(internal, internal) returns ghstore
  language internal immutable strict parallel safe as 'gtsquery_union';
create function ghstore_compress(internal) returns internal language internal immutable strict parallel safe as 'int8up';
create function ghstore_decompress(internal) returns internal language internal immutable strict parallel safe as 'int8up';
create function ghstore_penalty(internal, internal, internal) returns internal
  language internal immutable strict parallel safe as 'gtsquery_penalty';
create function ghstore_picksplit(internal, internal) returns internal
  language internal immutable strict parallel safe as 'gtsquery_picksplit';
create function ghstore_same(ghstore, ghstore, internal) returns internal
  language internal immutable strict parallel safe as 'gtsquery_same';
create function ghstore_options(internal) returns void language internal immutable parallel safe as 'gtsvector_options';

create operator class gist_hstore_ops default for type hstore using gist as
  function 1 ghstore_consistent(internal, hstore, int2, oid, internal),
  function 2 ghstore_union(internal, internal),
  function 3 ghstore_compress(internal),
  function 5 ghstore_penalty(internal, internal, internal),
  function 6 ghstore_picksplit(internal, internal),
  function 7 ghstore_same(ghstore, ghstore, internal),
  function 10 ghstore_options(internal),
  storage ghstore;
