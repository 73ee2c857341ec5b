-- unaccent in SQL alone: the accents go with Unicode's canonical decomposition, a few letters have none.

-- A dictionary that accepts any options and knows no word, so that the next dictionary of a configuration gets it.
create function unaccent_init(internal) returns internal language internal parallel safe as 'void_in';
create function unaccent_lexize(internal, internal, internal, internal) returns internal
  language internal parallel safe as 'void_in';
create text search template unaccent (init = unaccent_init, lexize = unaccent_lexize);
create text search dictionary unaccent (template = unaccent, rules = 'unaccent');

create function unaccent(text) returns text language plpgsql stable strict parallel safe as $$
declare
  -- Latin and Greek letters only: a Cyrillic й is a letter of its own, and stays
  plain text := normalize(regexp_replace(normalize($1, nfd), '([A-Za-z\u0370-\u03ff])[\u0300-\u036f]+', '\1', 'g'), nfc);
  letters constant text[] := array[
    'Æ', 'AE', 'æ', 'ae', 'Œ', 'OE', 'œ', 'oe', 'ß', 'ss', 'ẞ', 'SS', 'Þ', 'TH', 'þ', 'th', 'Ĳ', 'IJ', 'ĳ', 'ij',
    'ŉ', '''n', 'Ǆ', 'DZ', 'ǆ', 'dz', 'Ǉ', 'LJ', 'ǉ', 'lj', 'Ǌ', 'NJ', 'ǌ', 'nj'
  ];
begin
  for i in 1 .. cardinality(letters) by 2 loop
    plain := replace(plain, letters[i], letters[i + 1]);
  end loop;
  return translate(plain, '×÷ØøÐðĐđĦħıĸĿŀŁłŊŋſŦŧƒЁё', '*/OoDdDdHhiqLlLlNnsTtfЕе');
end $$;

create function unaccent(regdictionary, text) returns text language sql stable strict parallel safe
return unaccent($2);
