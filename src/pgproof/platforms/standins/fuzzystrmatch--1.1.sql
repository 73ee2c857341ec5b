-- fuzzystrmatch in SQL alone (manual, section F.17).

create function soundex(text) returns text language plpgsql immutable strict parallel safe as $$
declare
  codes constant text := '01230120022455012623010202';  -- of the letters from A
  letters constant text := regexp_replace(upper($1 collate "C"), '^[^A-Z]+', '');
  result text := left(letters, 1);
  code text;
  previous text := substr(codes, ascii(letters) - 64, 1);
begin
  for i in 2 .. length(letters) loop
    exit when length(result) = 4;
    code := substr(letters, i, 1);
    if code ~ '[A-Z]' then
      code := substr(codes, ascii(code) - 64, 1);
      if code not in ('0', previous) then
        result := result || code;
      end if;
    end if;
    previous := code;
  end loop;
  return case when result = '' then '' else rpad(result, 4, '0') end;
end $$;

create function text_soundex(text) returns text language sql immutable strict parallel safe
return soundex($1);

create function difference(text, text) returns integer language sql immutable strict parallel safe
begin atomic
  select count(*)::int
  from generate_series(1, 4) as i
  where substr(soundex($1), i, 1) = substr(soundex($2), i, 1);
end;

-- Costs of an insertion, a deletion and a substitution; row by row of the usual table.
create function levenshtein(text, text, int, int, int) returns integer language plpgsql immutable strict parallel safe as $$
declare
  above int[];
  current int[];
begin
  if length($1) > 255 or length($2) > 255 then
    raise exception 'levenshtein argument exceeds maximum length of 255 characters' using errcode = '22023';
  end if;
  for j in 0 .. length($2) loop
    above[j] := j * $3;
  end loop;
  for i in 1 .. length($1) loop
    current[0] := i * $4;
    for j in 1 .. length($2) loop
      current[j] := least(
        above[j] + $4,
        current[j-1] + $3,
        above[j-1] + case when substr($1, i, 1) = substr($2, j, 1) then 0 else $5 end);
    end loop;
    above := current;
  end loop;
  return above[length($2)];
end $$;

create function levenshtein(text, text) returns integer language sql immutable strict parallel safe
return levenshtein($1, $2, 1, 1, 1);

-- Beyond the limit, the real function says only that it is beyond (the limit and one), unless a text is empty.
create function levenshtein_less_equal(text, text, int, int, int, int) returns integer
  language sql immutable strict parallel safe
return case when $6 < 0 or '' in ($1, $2) then levenshtein($1, $2, $3, $4, $5)
            else least(levenshtein($1, $2, $3, $4, $5), $6 + 1) end;

create function levenshtein_less_equal(text, text, int) returns integer language sql immutable strict parallel safe
return levenshtein_less_equal($1, $2, 1, 1, 1, $3);

do $$
declare
  signature text;
begin
  foreach signature in array array['metaphone(text, int)', 'dmetaphone(text)', 'dmetaphone_alt(text)'] loop
    execute pg_catalog.format(
      'create function %s returns text immutable strict parallel safe language plpgsql as %L',
      signature,
      'begin raise exception ''the stand-in for fuzzystrmatch has no metaphone'' using errcode = ''PGP99''; end');
  end loop;
end $$;
