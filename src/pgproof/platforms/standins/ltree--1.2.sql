-- ltree in SQL alone: the types are stored as their text.

do $$
declare
  t record;
begin
  for t in select * from (values ('ltree', 'ltree'), ('lquery', 'lquery'), ('ltxtquery', 'ltxtq')) as types(name, prefix) loop
    execute pg_catalog.format($create$
      create type %1$s;
      create function %2$s_in(cstring) returns %1$s language internal immutable strict parallel safe as 'textin';
      create function %2$s_out(%1$s) returns cstring language internal immutable strict parallel safe as 'textout';
      create type %1$s (input = %2$s_in, output = %2$s_out, internallength = variable, storage = extended);
      create function %2$s_send(%1$s) returns bytea language plpgsql immutable strict parallel safe as
        'begin raise exception ''the stand-in for ltree has no binary format'' using errcode = ''PGP99''; end';
    $create$, t.name, t.prefix);
  end loop;
end $$;

-- Input that is checked. PL/pgSQL takes no cstring, so a type that is laid out like one (typlen -2) stands for it. The function
-- may run where no snapshot is active (in a procedure, after COMMIT): simple expressions only, no query.
create type ltree_input;
create function ltree_input_in(cstring) returns ltree_input language internal immutable strict parallel safe as 'cstring_in';
create function ltree_input_out(ltree_input) returns cstring language internal immutable strict parallel safe as 'cstring_out';
create type ltree_input (input = ltree_input_in, output = ltree_input_out, internallength = 1, alignment = char);
update pg_catalog.pg_type set typlen = -2 where oid operator(pg_catalog.=) 'ltree_input'::pg_catalog.regtype;

create function ltree_in(ltree_input) returns text language plpgsql immutable strict parallel safe as $$
begin
  if $1::text !~ '^([[:alnum:]_-]+(\.[[:alnum:]_-]+)*)?$' then
    raise exception 'ltree syntax error in "%"', $1 using errcode = '42601';
  end if;
  return $1::text;
end $$;

update pg_catalog.pg_type
set typinput = 'ltree_in(ltree_input)'::pg_catalog.regprocedure
where oid operator(pg_catalog.=) 'ltree'::pg_catalog.regtype;

-- Comparison: label by label, by bytes

create function ltree_cmp(ltree, ltree) returns integer language plpgsql immutable strict parallel safe as $$
begin
  return btarraycmp(string_to_array($1::text, '.') collate "C", string_to_array($2::text, '.') collate "C");
end $$;

do $$
declare
  o record;
begin
  for o in
    select * from (values
      ('=', 'eq', '=', '<>', 'eqsel', 'eqjoinsel', ', merges'), ('<>', 'ne', '<>', '=', 'neqsel', 'neqjoinsel', ''),
      ('<', 'lt', '>', '>=', 'scalarltsel', 'scalarltjoinsel', ''), ('<=', 'le', '>=', '>', 'scalarlesel', 'scalarlejoinsel', ''),
      ('>=', 'ge', '<=', '<', 'scalargesel', 'scalargejoinsel', ''), ('>', 'gt', '<', '<=', 'scalargtsel', 'scalargtjoinsel', '')
    ) as operators(name, function, commutator, negator, restrict_, join_, more)
  loop
    execute pg_catalog.format($create$
      create function ltree_%2$s(ltree, ltree) returns boolean language plpgsql immutable strict parallel safe as $f$
      begin
        return string_to_array($1::text, '.') collate "C" %1$s string_to_array($2::text, '.') collate "C";
      end $f$;
      create operator %1$s (leftarg = ltree, rightarg = ltree, function = ltree_%2$s, commutator = %3$s, negator = %4$s,
        restrict = %5$s, join = %6$s%7$s);
    $create$, o.name, o.function, o.commutator, o.negator, o.restrict_, o.join_, o.more);
  end loop;
end $$;

create operator class ltree_ops default for type ltree using btree as
  operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 ltree_cmp(ltree, ltree);

-- Paths

create function text2ltree(text) returns ltree language sql immutable strict parallel safe
return $1::ltree;

create function ltree2text(ltree) returns text language sql immutable strict parallel safe
return $1::text;

create function nlevel(ltree) returns integer language plpgsql immutable strict parallel safe as
$$ begin return cardinality(string_to_array($1::text, '.')); end $$;

create function subltree(ltree, integer, integer) returns ltree language plpgsql immutable strict parallel safe as $$
declare
  labels constant text[] := string_to_array($1::text, '.');
begin
  if $2 < 0 or $3 < 0 or $2 >= cardinality(labels) or $2 > $3 then
    raise exception 'invalid positions' using errcode = '22023';
  end if;
  return array_to_string(labels[$2 + 1 : $3], '.');
end $$;

-- A negative offset, or length, counts from the end.
create function subpath(ltree, integer, integer) returns ltree language sql immutable strict parallel safe
begin atomic
  select subltree($1, start, case when $3 < 0 then nlevel($1) + $3 else start + $3 end)
  from (select case when $2 < 0 then nlevel($1) + $2 else $2 end as start) as counted;
end;

create function subpath(ltree, integer) returns ltree language sql immutable strict parallel safe
return subltree($1, case when $2 < 0 then nlevel($1) + $2 else $2 end, 65535);

create function index(ltree, ltree, integer) returns integer language plpgsql immutable strict parallel safe as $$
declare
  labels constant text[] := string_to_array($1::text, '.');
  wanted constant text[] := string_to_array($2::text, '.');
  start constant int := case when $3 >= 0 then $3 else greatest(cardinality(labels) + $3, 0) end;
begin
  if cardinality(wanted) > 0 then
    for i in start .. cardinality(labels) - cardinality(wanted) loop
      if labels[i + 1 : i + cardinality(wanted)] = wanted then
        return i;
      end if;
    end loop;
  end if;
  return -1;
end $$;

create function index(ltree, ltree) returns integer language sql immutable strict parallel safe
return index($1, $2, 0);

-- The longest common ancestor is above all paths, so it has at least one label less than the shortest.
create function lca(ltree[]) returns ltree language plpgsql immutable strict parallel safe as $$
declare
  common text[];
  labels text[];
  path ltree;
begin
  foreach path in array $1 loop
    labels := string_to_array(path::text, '.');
    if common is null then
      if cardinality(labels) = 0 then
        return null;
      end if;
      common := labels;
    end if;
    common := common[1 : greatest(cardinality(labels) - 1, 0)];
    for i in 1 .. cardinality(common) loop
      if common[i] <> labels[i] then
        common := common[1 : i - 1];
        exit;
      end if;
    end loop;
  end loop;
  return array_to_string(common, '.');
end $$;

create function lca(ltree, ltree) returns ltree language sql immutable strict parallel safe
return lca(array[$1, $2]);
create function lca(ltree, ltree, ltree) returns ltree language sql immutable strict parallel safe
return lca(array[$1, $2, $3]);
create function lca(ltree, ltree, ltree, ltree) returns ltree language sql immutable strict parallel safe
return lca(array[$1, $2, $3, $4]);
create function lca(ltree, ltree, ltree, ltree, ltree) returns ltree language sql immutable strict parallel safe
return lca(array[$1, $2, $3, $4, $5]);
create function lca(ltree, ltree, ltree, ltree, ltree, ltree) returns ltree language sql immutable strict parallel safe
return lca(array[$1, $2, $3, $4, $5, $6]);
create function lca(ltree, ltree, ltree, ltree, ltree, ltree, ltree) returns ltree language sql immutable strict parallel safe
return lca(array[$1, $2, $3, $4, $5, $6, $7]);
create function lca(ltree, ltree, ltree, ltree, ltree, ltree, ltree, ltree) returns ltree
language sql immutable strict parallel safe
return lca(array[$1, $2, $3, $4, $5, $6, $7, $8]);

create function ltree_addltree(ltree, ltree) returns ltree language sql immutable strict parallel safe
return concat_ws('.', nullif($1::text, ''), nullif($2::text, ''))::ltree;
create function ltree_addtext(ltree, text) returns ltree language sql immutable strict parallel safe
return ltree_addltree($1, $2::ltree);
create function ltree_textadd(text, ltree) returns ltree language sql immutable strict parallel safe
return ltree_addltree($1::ltree, $2);

create operator || (leftarg = ltree, rightarg = ltree, function = ltree_addltree);
create operator || (leftarg = ltree, rightarg = text, function = ltree_addtext);
create operator || (leftarg = text, rightarg = ltree, function = ltree_textadd);

-- Matching: one path

create function ltree_isparent(ltree, ltree) returns boolean language plpgsql immutable strict parallel safe as
$$ begin return $1::text = '' or $2::text = $1::text or starts_with($2::text, $1::text || '.'); end $$;

create function ltree_risparent(ltree, ltree) returns boolean language sql immutable strict parallel safe
return ltree_isparent($2, $1);

-- An lquery becomes a regular expression over '.a.b.c': a level is '\.' and a label, '*' is any number of levels. Of the
-- modifiers, @ ignores case, * matches a prefix, and % wants each of its words somewhere among the label's words.
create function ltq_regex(ltree, lquery) returns boolean language plpgsql immutable strict parallel safe as $$
declare
  pattern text := '';
  level text;
  parts text[];
  alternatives text;
  variant text;
  name text;
  word text;
  spelled text;
begin
  foreach level in array string_to_array($2::text, '.') loop
    parts := regexp_match(level, '^(\*|!?[[:alnum:]_-][^{}!*]*(?:\*[^{}!]*)?(?:\|[^{}!|]+)*)(?:\{(\d*)(,?)(\d*)\})?$');
    if parts is null then
      raise exception 'lquery syntax error in %', $2 using errcode = '42601';
    end if;
    if parts[1] = '*' then
      pattern := pattern || '(?:\.[^.]+)';
    else
      alternatives := null;
      foreach variant in array string_to_array(ltrim(parts[1], '!'), '|') loop
        name := rtrim(variant, '@*%');
        spelled := '';
        foreach word in array case when variant ~ '%[@*]*$' then string_to_array(name, '_') else array[name] end loop
          if variant ~ '@[%*]*$' then
            word := (select string_agg('[' || lower(c) || upper(c) || ']', '' order by place)
                     from regexp_split_to_table(word, '') with ordinality as letters(c, place));
          end if;
          spelled := spelled || case
            when variant !~ '%[@*]*$' then word || case when variant ~ '\*[%@]*$' then '[^.]*' else '' end
            else '(?=(?:[^.]*_)?' || word || case when variant ~ '\*[%@]*$' then '' else '(?:[_.]|$)' end || ')'
          end;
        end loop;
        alternatives := concat_ws('|', alternatives, spelled || case when variant ~ '%[@*]*$' then '[^.]+' else '' end);
      end loop;
      pattern := pattern || case
        when parts[1] like '!%' then '(?:\.(?!(?:' || alternatives || ')(?:\.|$))[^.]+)'
        else '(?:\.(?:' || alternatives || ')(?=\.|$))'
      end;
    end if;
    pattern := pattern || case
      when parts[3] is null and parts[1] = '*' then '*'
      when parts[3] is null then ''
      when parts[3] = '' then '{' || parts[2] || '}'
      else '{' || coalesce(nullif(parts[2], ''), '0') || ',' || parts[4] || '}'
    end;
  end loop;
  return case when $1::text = '' then '' else '.' || $1::text end ~ ('^' || pattern || '$');
end $$;

create function ltq_rregex(lquery, ltree) returns boolean language sql immutable strict parallel safe
return ltq_regex($2, $1);

create function lt_q_regex(ltree, lquery[]) returns boolean language sql immutable strict parallel safe
return exists (select from unnest($2) as query where ltq_regex($1, query));

create function lt_q_rregex(lquery[], ltree) returns boolean language sql immutable strict parallel safe
return lt_q_regex($2, $1);

-- Each word of an ltxtquery becomes true or false; what is left is a Boolean expression.
create function ltxtq_exec(ltree, ltxtquery) returns boolean language plpgsql immutable strict parallel safe as $$
declare
  labels constant text[] := string_to_array($1::text, '.');
  expression text := '';
  token text;
  name text;
  result boolean;
begin
  for token in select part[1] from regexp_matches($2::text, '[&|!()]|[^&|!()\s]+', 'g') as part loop
    if token in ('&', '|', '!', '(', ')') then
      expression := expression || case token when '&' then ' and ' when '|' then ' or ' when '!' then ' not ' else token end;
      continue;
    end if;
    name := rtrim(token, '@*%');
    expression := expression || exists (
      select from unnest(labels) as label
      where case
        when token ~ '%[@*]*$' then not exists (
          select from string_to_table(name, '_') as wanted
          where not exists (
            select from string_to_table(label, '_') as word
            where case when token ~ '@[%*]*$' then lower(word) else word end
                  like case when token ~ '@[%*]*$' then lower(wanted) else wanted end
                       || case when token ~ '\*[%@]*$' then '%' else '' end))
        else case when token ~ '@[%*]*$' then lower(label) else label end
             like replace(case when token ~ '@[%*]*$' then lower(name) else name end, '_', '\_')
                  || case when token ~ '\*[%@]*$' then '%' else '' end
      end
    )::text;
  end loop;
  execute 'select ' || expression into result;
  return result;
exception
  when syntax_error then
    raise exception 'ltxtquery syntax error in %', $2 using errcode = '42601';
end $$;

create function ltxtq_rexec(ltxtquery, ltree) returns boolean language sql immutable strict parallel safe
return ltxtq_exec($2, $1);

-- Matching: an array of paths

create function _ltree_isparent(ltree[], ltree) returns boolean language sql immutable strict parallel safe
return exists (select from unnest($1) as path where ltree_isparent(path, $2));
create function _ltree_r_isparent(ltree, ltree[]) returns boolean language sql immutable strict parallel safe
return _ltree_isparent($2, $1);
create function _ltree_risparent(ltree[], ltree) returns boolean language sql immutable strict parallel safe
return exists (select from unnest($1) as path where ltree_isparent($2, path));
create function _ltree_r_risparent(ltree, ltree[]) returns boolean language sql immutable strict parallel safe
return _ltree_risparent($2, $1);
create function _ltq_regex(ltree[], lquery) returns boolean language sql immutable strict parallel safe
return exists (select from unnest($1) as path where ltq_regex(path, $2));
create function _ltq_rregex(lquery, ltree[]) returns boolean language sql immutable strict parallel safe
return _ltq_regex($2, $1);
create function _lt_q_regex(ltree[], lquery[]) returns boolean language sql immutable strict parallel safe
return exists (select from unnest($1) as path where lt_q_regex(path, $2));
create function _lt_q_rregex(lquery[], ltree[]) returns boolean language sql immutable strict parallel safe
return _lt_q_regex($2, $1);
create function _ltxtq_exec(ltree[], ltxtquery) returns boolean language sql immutable strict parallel safe
return exists (select from unnest($1) as path where ltxtq_exec(path, $2));
create function _ltxtq_rexec(ltxtquery, ltree[]) returns boolean language sql immutable strict parallel safe
return _ltxtq_exec($2, $1);

create function _ltree_extract_isparent(ltree[], ltree) returns ltree language sql immutable strict parallel safe
return (select path from unnest($1) with ordinality as x(path, place) where ltree_isparent(path, $2) order by place limit 1);
create function _ltree_extract_risparent(ltree[], ltree) returns ltree language sql immutable strict parallel safe
return (select path from unnest($1) with ordinality as x(path, place) where ltree_isparent($2, path) order by place limit 1);
create function _ltq_extract_regex(ltree[], lquery) returns ltree language sql immutable strict parallel safe
return (select path from unnest($1) with ordinality as x(path, place) where ltq_regex(path, $2) order by place limit 1);
create function _ltxtq_extract_exec(ltree[], ltxtquery) returns ltree language sql immutable strict parallel safe
return (select path from unnest($1) with ordinality as x(path, place) where ltxtq_exec(path, $2) order by place limit 1);

-- Each operator exists a second time with ^ before its name.
do $$
declare
  o record;
  caret text;
begin
  foreach caret in array array['', '^'] loop
    for o in
      select * from (values
        ('@>', 'ltree', 'ltree', 'ltree_isparent', '<@'), ('<@', 'ltree', 'ltree', 'ltree_risparent', '@>'),
        ('@>', 'ltree[]', 'ltree', '_ltree_isparent', '<@'), ('<@', 'ltree', 'ltree[]', '_ltree_r_isparent', '@>'),
        ('@>', 'ltree', 'ltree[]', '_ltree_r_risparent', '<@'), ('<@', 'ltree[]', 'ltree', '_ltree_risparent', '@>'),
        ('~', 'ltree', 'lquery', 'ltq_regex', '~'), ('~', 'lquery', 'ltree', 'ltq_rregex', '~'),
        ('~', 'ltree[]', 'lquery', '_ltq_regex', '~'), ('~', 'lquery', 'ltree[]', '_ltq_rregex', '~'),
        ('?', 'ltree', 'lquery[]', 'lt_q_regex', '?'), ('?', 'lquery[]', 'ltree', 'lt_q_rregex', '?'),
        ('?', 'ltree[]', 'lquery[]', '_lt_q_regex', '?'), ('?', 'lquery[]', 'ltree[]', '_lt_q_rregex', '?'),
        ('@', 'ltree', 'ltxtquery', 'ltxtq_exec', '@'), ('@', 'ltxtquery', 'ltree', 'ltxtq_rexec', '@'),
        ('@', 'ltree[]', 'ltxtquery', '_ltxtq_exec', '@'), ('@', 'ltxtquery', 'ltree[]', '_ltxtq_rexec', '@')
      ) as operators(name, left_type, right_type, function, commutator)
    loop
      execute pg_catalog.format(
        'create operator %1$s%2$s (leftarg = %3$s, rightarg = %4$s, function = %5$I, commutator = %1$s%6$s, '
        'restrict = matchingsel, join = matchingjoinsel)',
        caret, o.name, o.left_type, o.right_type, o.function, o.commutator);
    end loop;
  end loop;
end $$;

create operator ?@> (leftarg = ltree[], rightarg = ltree, function = _ltree_extract_isparent);
create operator ?<@ (leftarg = ltree[], rightarg = ltree, function = _ltree_extract_risparent);
create operator ?~ (leftarg = ltree[], rightarg = lquery, function = _ltq_extract_regex);
create operator ?@ (leftarg = ltree[], rightarg = ltxtquery, function = _ltxtq_extract_exec);

-- GiST classes that hold nothing and match no clause (as in the stand-in for pg_trgm)

create type ltree_gist;
create function ltree_gist_in(cstring) returns ltree_gist language internal immutable strict parallel safe as 'int8in';
create function ltree_gist_out(ltree_gist) returns cstring language internal immutable strict parallel safe as 'int8out';
create type ltree_gist (
  input = ltree_gist_in, output = ltree_gist_out, internallength = 8, passedbyvalue, alignment = double);
create function ltree_decompress(internal) returns internal language internal immutable strict parallel safe as 'int8up';

do $$
declare
  c record;
begin
  for c in select * from (values ('ltree', 'ltree'), ('_ltree', 'ltree[]')) as classes(prefix, type) loop
    execute pg_catalog.format($create$
      create function %1$s_consistent(internal, %2$s, int2, oid, internal) returns boolean
        language internal immutable strict parallel safe as 'pg_backend_pid';
      create function %1$s_union(internal, internal) returns ltree_gist
        language internal immutable strict parallel safe as 'gtsquery_union';
      create function %1$s_compress(internal) returns internal language internal immutable strict parallel safe as 'int8up';
      create function %1$s_penalty(internal, internal, internal) returns internal
        language internal immutable strict parallel safe as 'gtsquery_penalty';
      create function %1$s_picksplit(internal, internal) returns internal
        language internal immutable strict parallel safe as 'gtsquery_picksplit';
      create function %1$s_same(ltree_gist, ltree_gist, internal) returns internal
        language internal immutable strict parallel safe as 'gtsquery_same';
      create function %1$s_gist_options(internal) returns void
        language internal immutable parallel safe as 'gtsvector_options';
      create operator class gist_%1$s_ops default for type %2$s using gist as
        function 1 %1$s_consistent(internal, %2$s, int2, oid, internal), function 2 %1$s_union(internal, internal),
        function 3 %1$s_compress(internal), function 5 %1$s_penalty(internal, internal, internal),
        function 6 %1$s_picksplit(internal, internal), function 7 %1$s_same(ltree_gist, ltree_gist, internal),
        function 10 %1$s_gist_options(internal), storage ltree_gist;
    $create$, c.prefix, c.type);
  end loop;
end $$;
