-- pg_trgm in SQL alone (manual, section F.35: the words are padded with two blanks before and one after).

create function show_trgm(text) returns text[] language plpgsql immutable strict parallel safe as $$
begin
  return array(
    select distinct substr(padded, i, 3) collate "C"
    from (select '  ' || word[1] || ' ' as padded from regexp_matches(lower($1), '[[:alnum:]]+', 'g') as word) as words,
         generate_series(1, length(padded) - 2) as i
    order by 1
  );
end $$;

create function similarity(text, text) returns real language sql immutable strict parallel safe
begin atomic
  select case when cardinality(a) = 0 or cardinality(b) = 0 then 0
              else shared::real / (cardinality(a) + cardinality(b) - shared) end
  from (
    select a, b, cardinality(array(select unnest(a) intersect select unnest(b))) as shared
    from (select show_trgm($1) as a, show_trgm($2) as b) as trigrams
  ) as counted;
end;

-- The greatest similarity between the set of trigrams of the first text and any continuous extent of the trigrams of the
-- second, in their order; the strict one takes extents of whole words only.
do $$
declare
  variant record;
begin
  for variant in
    select * from (values
      ('word_similarity', 'trigrams[start] = any (wanted)', 'trigrams[stop] = any (wanted)'),
      ('strict_word_similarity', 'begins[start]', 'ends[stop]')
    ) as variants(name, may_begin, may_end)
  loop
    execute pg_catalog.format($create$
create function %I(text, text) returns real language plpgsql immutable strict parallel safe as $body$
declare
  wanted constant text[] := array(
    select distinct substr('  ' || word[1] || ' ', i, 3) collate "C"
    from regexp_matches(lower($1), '[[:alnum:]]+', 'g') as word, generate_series(1, length(word[1]) + 1) as i);
  trigrams text[];
  begins boolean[];
  ends boolean[];
  seen text[];
  shared int;
  best real := 0;
begin
  select array_agg(substr('  ' || word[1] || ' ', i, 3) collate "C" order by place, i),
         array_agg(i = 1 order by place, i),
         array_agg(i = length(word[1]) + 1 order by place, i)
    into trigrams, begins, ends
    from regexp_matches(lower($2), '[[:alnum:]]+', 'g') with ordinality as words(word, place),
         generate_series(1, length(word[1]) + 1) as i;
  for start in 1 .. coalesce(cardinality(trigrams), 0) loop
    continue when not (%s);
    seen := '{}';
    shared := 0;
    for stop in start .. cardinality(trigrams) loop
      if trigrams[stop] <> all (seen) then
        seen := seen || trigrams[stop];
        shared := shared + (trigrams[stop] = any (wanted))::int;
      end if;
      if %s then
        best := greatest(best, shared::real / (cardinality(wanted) + cardinality(seen) - shared));
      end if;
      exit when cardinality(seen) * best > cardinality(wanted);  -- longer extents are worse
    end loop;
  end loop;
  return best;
end $body$
$create$, variant.name, variant.may_begin, variant.may_end);
  end loop;
end $$;

-- Thresholds are settings of the real library; unset, they have its defaults.

create function show_limit() returns real language sql stable strict parallel safe
return coalesce(nullif(current_setting('pg_trgm.similarity_threshold', true), ''), '0.3')::real;

create function set_limit(real) returns real language sql volatile strict parallel unsafe
return set_config('pg_trgm.similarity_threshold', $1::text, false)::real;

create function similarity_op(text, text) returns boolean language sql stable strict parallel safe
return similarity($1, $2) >= coalesce(nullif(current_setting('pg_trgm.similarity_threshold', true), ''), '0.3')::real;

create function similarity_dist(text, text) returns real language sql immutable strict parallel safe
return 1 - similarity($1, $2);

create function word_similarity_op(text, text) returns boolean language sql stable strict parallel safe
return word_similarity($1, $2) >= coalesce(nullif(current_setting('pg_trgm.word_similarity_threshold', true), ''), '0.6')::real;

create function word_similarity_commutator_op(text, text) returns boolean language sql stable strict parallel safe
return word_similarity($2, $1) >= coalesce(nullif(current_setting('pg_trgm.word_similarity_threshold', true), ''), '0.6')::real;

create function word_similarity_dist_op(text, text) returns real language sql immutable strict parallel safe
return 1 - word_similarity($1, $2);

create function word_similarity_dist_commutator_op(text, text) returns real language sql immutable strict parallel safe
return 1 - word_similarity($2, $1);

create function strict_word_similarity_op(text, text) returns boolean language sql stable strict parallel safe
return strict_word_similarity($1, $2)
       >= coalesce(nullif(current_setting('pg_trgm.strict_word_similarity_threshold', true), ''), '0.5')::real;

create function strict_word_similarity_commutator_op(text, text) returns boolean language sql stable strict parallel safe
return strict_word_similarity($2, $1)
       >= coalesce(nullif(current_setting('pg_trgm.strict_word_similarity_threshold', true), ''), '0.5')::real;

create function strict_word_similarity_dist_op(text, text) returns real language sql immutable strict parallel safe
return 1 - strict_word_similarity($1, $2);

create function strict_word_similarity_dist_commutator_op(text, text) returns real language sql immutable strict parallel safe
return 1 - strict_word_similarity($2, $1);

create operator % (
  leftarg = text, rightarg = text, function = similarity_op, commutator = %,
  restrict = matchingsel, join = matchingjoinsel);
create operator <% (
  leftarg = text, rightarg = text, function = word_similarity_op, commutator = %>,
  restrict = matchingsel, join = matchingjoinsel);
create operator %> (
  leftarg = text, rightarg = text, function = word_similarity_commutator_op, commutator = <%,
  restrict = matchingsel, join = matchingjoinsel);
create operator <<% (
  leftarg = text, rightarg = text, function = strict_word_similarity_op, commutator = %>>,
  restrict = matchingsel, join = matchingjoinsel);
create operator %>> (
  leftarg = text, rightarg = text, function = strict_word_similarity_commutator_op, commutator = <<%,
  restrict = matchingsel, join = matchingjoinsel);
create operator <-> (leftarg = text, rightarg = text, function = similarity_dist, commutator = <->);
create operator <<-> (leftarg = text, rightarg = text, function = word_similarity_dist_op, commutator = <->>);
create operator <->> (leftarg = text, rightarg = text, function = word_similarity_dist_commutator_op, commutator = <<->);
create operator <<<-> (leftarg = text, rightarg = text, function = strict_word_similarity_dist_op, commutator = <->>>);
create operator <->>> (
  leftarg = text, rightarg = text, function = strict_word_similarity_dist_commutator_op, commutator = <<<->);

-- GIN: extracting returns nothing (one placeholder entry a row), consistency is always true. Without OPERATOR items no clause
-- matches the class: always a sequential scan, so always the right answer, and the same index definition.

create function gin_extract_value_trgm(text, internal) returns internal
  language internal immutable strict parallel safe as 'void_in';
create function gin_extract_query_trgm(text, internal, int2, internal, internal, internal, internal) returns internal
  language internal immutable strict parallel safe as 'void_in';
create function gin_trgm_consistent(internal, int2, text, int4, internal, internal, internal, internal) returns boolean
  language internal immutable strict parallel safe as 'pg_backend_pid';
create function gin_trgm_triconsistent(internal, int2, text, int4, internal, internal, internal) returns "char"
  language internal immutable strict parallel safe as 'trigger_in';

create operator class gin_trgm_ops for type text using gin as
  function 1 btint4cmp(int4, int4),
  function 2 gin_extract_value_trgm(text, internal),
  function 3 gin_extract_query_trgm(text, internal, int2, internal, internal, internal, internal),
  function 4 gin_trgm_consistent(internal, int2, text, int4, internal, internal, internal, internal),
  storage int4;

-- GiST: the key is an eight-byte value that nobody looks into, handled by the server's own tsquery support functions (they do
-- arithmetic on such a value and never follow it as a pointer). Compressing must exist, else GiST would offer index-only
-- scans that return the key; int8up gives back what it got.

create type gtrgm;
create function gtrgm_in(cstring) returns gtrgm language internal immutable strict parallel safe as 'int8in';
create function gtrgm_out(gtrgm) returns cstring language internal immutable strict parallel safe as 'int8out';
create type gtrgm (input = gtrgm_in, output = gtrgm_out, internallength = 8, passedbyvalue, alignment = double);

create function gtrgm_consistent(internal, text, int2, oid, internal) returns boolean
  language internal immutable strict parallel safe as 'pg_backend_pid';
create function gtrgm_distance(internal, text, int2, oid, internal) returns float8
  language internal immutable strict parallel safe as 'trigger_in';
create function gtrgm_union(internal, internal) returns gtrgm
  language internal immutable strict parallel safe as 'gtsquery_union';
create function gtrgm_compress(internal) returns internal language internal immutable strict parallel safe as 'int8up';
create function gtrgm_decompress(internal) returns internal language internal immutable strict parallel safe as 'int8up';
create function gtrgm_penalty(internal, internal, internal) returns internal
  language internal immutable strict parallel safe as 'gtsquery_penalty';
create function gtrgm_picksplit(internal, internal) returns internal
  language internal immutable strict parallel safe as 'gtsquery_picksplit';
create function gtrgm_same(gtrgm, gtrgm, internal) returns internal
  language internal immutable strict parallel safe as 'gtsquery_same';
create function gtrgm_options(internal) returns void language internal immutable parallel safe as 'gtsvector_options';

create operator class gist_trgm_ops for type text using gist as
  function 1 gtrgm_consistent(internal, text, int2, oid, internal),
  function 2 gtrgm_union(internal, internal),
  function 3 gtrgm_compress(internal),
  function 5 gtrgm_penalty(internal, internal, internal),
  function 6 gtrgm_picksplit(internal, internal),
  function 7 gtrgm_same(gtrgm, gtrgm, internal),
  function 10 gtrgm_options(internal),
  storage gtrgm;
