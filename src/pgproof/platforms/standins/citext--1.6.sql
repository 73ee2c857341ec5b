-- citext in SQL alone: a base type that is stored as text, compared by the lower case of the default collation.

create type citext;

create function citextin(cstring) returns citext language internal immutable strict parallel safe as 'textin';
create function citextout(citext) returns cstring language internal immutable strict parallel safe as 'textout';
create function citextrecv(internal) returns citext language internal stable strict parallel safe as 'textrecv';
create function citextsend(citext) returns bytea language internal stable strict parallel safe as 'textsend';

create type citext (
  input = citextin, output = citextout, receive = citextrecv, send = citextsend,
  internallength = variable, storage = extended, category = 'S', preferred = false, collatable = true
);

create function citext(bpchar) returns citext language internal immutable strict parallel safe as 'rtrim1';
create function citext(boolean) returns citext language internal immutable strict parallel safe as 'booltext';
create function citext(inet) returns citext language internal immutable strict parallel safe as 'network_show';

create cast (citext as text) without function as implicit;
create cast (citext as varchar) without function as implicit;
create cast (citext as bpchar) without function as assignment;
create cast (text as citext) without function as assignment;
create cast (varchar as citext) without function as assignment;
create cast (bpchar as citext) with function citext(bpchar) as assignment;
create cast (boolean as citext) with function citext(boolean) as assignment;
create cast (inet as citext) with function citext(inet) as assignment;

-- Comparison. PL/pgSQL is not inlined, so the planner sees the operators, and it is called faster than SQL.

create function citext_cmp(citext, citext) returns integer language plpgsql immutable strict parallel safe as
$$ begin return bttextcmp(lower($1::text collate "default"), lower($2::text collate "default")); end $$;

create function citext_pattern_cmp(citext, citext) returns integer language plpgsql immutable strict parallel safe as
$$ begin return bttext_pattern_cmp(lower($1::text collate "default"), lower($2::text collate "default")); end $$;

create function citext_hash(citext) returns integer language plpgsql immutable strict parallel safe as
$$ begin return hashtext(lower($1::text collate "default")); end $$;

create function citext_hash_extended(citext, bigint) returns bigint language plpgsql immutable strict parallel safe as
$$ begin return hashtextextended(lower($1::text collate "default"), $2); end $$;

create function citext_smaller(citext, citext) returns citext language sql immutable strict parallel safe
return case when citext_cmp($1, $2) < 0 then $1 else $2 end;

create function citext_larger(citext, citext) returns citext language sql immutable strict parallel safe
return case when citext_cmp($1, $2) > 0 then $1 else $2 end;

do $$
declare
  o record;
begin
  for o in
    select * from (values
      ('=', 'citext_eq', '=', '=', '<>', 'eqsel', 'eqjoinsel', ', hashes, merges'),
      ('<>', 'citext_ne', '<>', '<>', '=', 'neqsel', 'neqjoinsel', ''),
      ('<', 'citext_lt', '<', '>', '>=', 'scalarltsel', 'scalarltjoinsel', ''),
      ('<=', 'citext_le', '<=', '>=', '>', 'scalarlesel', 'scalarlejoinsel', ''),
      ('>=', 'citext_ge', '>=', '<=', '<', 'scalargesel', 'scalargejoinsel', ''),
      ('>', 'citext_gt', '>', '<', '<=', 'scalargtsel', 'scalargtjoinsel', ''),
      ('~<~', 'citext_pattern_lt', '~<~', '~>~', '~>=~', 'scalarltsel', 'scalarltjoinsel', ''),
      ('~<=~', 'citext_pattern_le', '~<=~', '~>=~', '~>~', 'scalarltsel', 'scalarltjoinsel', ''),
      ('~>=~', 'citext_pattern_ge', '~>=~', '~<=~', '~<~', 'scalargtsel', 'scalargtjoinsel', ''),
      ('~>~', 'citext_pattern_gt', '~>~', '~<~', '~<=~', 'scalargtsel', 'scalargtjoinsel', '')
    ) as operators(name, function, as_text, commutator, negator, restrict_, join_, more)
  loop
    execute pg_catalog.format(
      'create function %I(citext, citext) returns boolean language plpgsql immutable strict parallel safe as '
      '$f$ begin return lower($1::text collate "default") %s lower($2::text collate "default"); end $f$',
      o.function, o.as_text);
    execute pg_catalog.format(
      'create operator %s (leftarg = citext, rightarg = citext, function = %I, commutator = %s, negator = %s, '
      'restrict = %s, join = %s%s)',
      o.name, o.function, o.commutator, o.negator, o.restrict_, o.join_, o.more);
  end loop;
end $$;

create operator class citext_ops default for type citext using btree as
  operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 citext_cmp(citext, citext);

create operator class citext_ops default for type citext using hash as
  operator 1 =, function 1 citext_hash(citext), function 2 citext_hash_extended(citext, bigint);

create operator class citext_pattern_ops for type citext using btree as
  operator 1 ~<~, operator 2 ~<=~, operator 3 =, operator 4 ~>=~, operator 5 ~>~,
  function 1 citext_pattern_cmp(citext, citext);

create aggregate min(citext) (sfunc = citext_smaller, stype = citext, sortop = <, combinefunc = citext_smaller, parallel = safe);
create aggregate max(citext) (sfunc = citext_larger, stype = citext, sortop = >, combinefunc = citext_larger, parallel = safe);

-- Pattern matching: the server's own case-insensitive functions (LIKE is ~~)

do $$
declare
  o record;
begin
  for o in
    select * from (values
      ('texticregexeq', 'icregexeqsel', 'icregexeqjoinsel', '~', '!~', '~*', '!~*'),
      ('texticregexne', 'icregexnesel', 'icregexnejoinsel', '!~', '~', '!~*', '~*'),
      ('texticlike', 'iclikesel', 'iclikejoinsel', '~~', '!~~', '~~*', '!~~*'),
      ('texticnlike', 'icnlikesel', 'icnlikejoinsel', '!~~', '~~', '!~~*', '~~*')
    ) as operators(function, restrict_, join_, name, negator, name_i, negator_i),
    (values ('citext'), ('text')) as types(pattern)
  loop
    execute pg_catalog.format(
      'create function %I(citext, %I) returns boolean language internal immutable strict parallel safe as %L',
      o.function, o.pattern, o.function);
    execute pg_catalog.format(
      'create operator %s (leftarg = citext, rightarg = %I, function = %I, negator = %s, restrict = %s, join = %s)',
      o.name, o.pattern, o.function, o.negator, o.restrict_, o.join_);
    execute pg_catalog.format(
      'create operator %s (leftarg = citext, rightarg = %I, function = %I, negator = %s, restrict = %s, join = %s)',
      o.name_i, o.pattern, o.function, o.negator_i, o.restrict_, o.join_);
  end loop;
end $$;

create function regexp_match(citext, citext) returns text[] language sql immutable strict parallel safe
return regexp_match($1::text, $2::text, 'i');

create function regexp_match(citext, citext, text) returns text[] language sql immutable strict parallel safe
return regexp_match($1::text, $2::text, case when strpos($3, 'c') = 0 then $3 || 'i' else $3 end);

create function regexp_matches(citext, citext) returns setof text[] language sql immutable strict parallel safe rows 1
return regexp_matches($1::text, $2::text, 'i');

create function regexp_matches(citext, citext, text) returns setof text[] language sql immutable strict parallel safe rows 10
return regexp_matches($1::text, $2::text, case when strpos($3, 'c') = 0 then $3 || 'i' else $3 end);

create function regexp_replace(citext, citext, text) returns text language sql immutable strict parallel safe
return regexp_replace($1::text, $2::text, $3, 'i');

create function regexp_replace(citext, citext, text, text) returns text language sql immutable strict parallel safe
return regexp_replace($1::text, $2::text, $3, case when strpos($4, 'c') = 0 then $4 || 'i' else $4 end);

create function regexp_split_to_array(citext, citext) returns text[] language sql immutable strict parallel safe
return regexp_split_to_array($1::text, $2::text, 'i');

create function regexp_split_to_array(citext, citext, text) returns text[] language sql immutable strict parallel safe
return regexp_split_to_array($1::text, $2::text, case when strpos($3, 'c') = 0 then $3 || 'i' else $3 end);

create function regexp_split_to_table(citext, citext) returns setof text language sql immutable strict parallel safe
return regexp_split_to_table($1::text, $2::text, 'i');

create function regexp_split_to_table(citext, citext, text) returns setof text language sql immutable strict parallel safe
return regexp_split_to_table($1::text, $2::text, case when strpos($3, 'c') = 0 then $3 || 'i' else $3 end);

create function strpos(citext, citext) returns integer language sql immutable strict parallel safe
return strpos(lower($1::text), lower($2::text));

-- In a regular expression, '***=' says that the rest is a literal string (manual, section 9.7.3.4).
create function replace(citext, citext, citext) returns text language sql immutable strict parallel safe
return regexp_replace($1::text, '***=' || $2::text, $3::text, 'gi');

create function split_part(citext, citext, integer) returns text language sql immutable strict parallel safe
return (regexp_split_to_array($1::text, '***=' || $2::text, 'i'))[$3];

create function translate(citext, citext, text) returns text language sql immutable strict parallel safe
return translate(translate($1::text, lower($2::text), $3), upper($2::text), $3);
