-- Queries that a stand-in answers as the real extension does. A heading names the extension, a blank line ends a query.

-- uuid-ossp

select uuid_nil(), uuid_ns_dns(), uuid_ns_url(), uuid_ns_oid(), uuid_ns_x500()

select string_agg(uuid_generate_v3(uuid_ns_url(), repeat('ab', n))::text, ' ') from generate_series(0, 70) as n

select string_agg(uuid_generate_v5(uuid_ns_dns(), repeat('xä', n))::text, ' ') from generate_series(0, 70) as n

select substr(uuid_generate_v1()::text, 15, 1), substr(uuid_generate_v1mc()::text, 15, 1)


-- pgcrypto

select string_agg(digest(repeat('abc', n)::bytea, a)::text, ' ') from generate_series(0, 90) as n,
  unnest(array['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']) as a

select string_agg(hmac('data', repeat('k', n), a)::text, ' ') from generate_series(0, 150, 7) as n,
  unnest(array['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']) as a

select digest('x', 'SHA256')

select digest('x', 'none')

select length(gen_salt('bf')), gen_salt('bf', 11) like '$2a$11$%', length(gen_salt('md5')), length(gen_salt('xdes'))

select gen_salt('bf', 3)

select gen_salt('unknown')

select crypt('a', '%')

select h = crypt('pw', h), h = crypt('px', h), length(h) from unnest(array['bf', 'md5', 'des', 'xdes']) as a,
  lateral (select crypt('pw', gen_salt(a)) as h) as hashed

select length(gen_random_bytes(17))

select gen_random_bytes(1025)

select dearmor(E'-----BEGIN PGP MESSAGE-----\n\nAQID\n=Z2GT\n-----END PGP MESSAGE-----\n')


-- citext

select 'a'::citext = 'A', 'a'::citext < 'B', 'Ä'::citext = 'ä', 'a'::citext = 'A'::text, 'a'::citext = 'A'::varchar

select min(w::citext), max(w::citext), count(distinct w::citext) from unnest(array['b', 'A', 'a', 'B', 'c']) as w

select 'Hello'::citext ~ 'HE', 'Hello'::citext !~ 'z', 'Hello'::citext like 'h%', 'Hello'::citext ~~* 'H%'

select replace('aXbxc'::citext, 'x', '.'), split_part('aXbXc'::citext, 'x', 2), strpos('abC'::citext, 'c')

select split_part('aXb'::citext, 'x', 9), translate('abcABC'::citext, 'b', 'z'), replace('a.b'::citext, '.', '\1')

select regexp_replace('Hello'::citext, 'L', '_'::text), regexp_match('Hello'::citext, '(L+)'::citext)

select regexp_matches('aBab'::citext, 'B'::citext, 'g'), regexp_split_to_array('aXb'::citext, 'x'::citext)

select array(select regexp_split_to_table('aXb'::citext, 'x'::citext)), 'a'::citext in ('A', 'b'),
  'a'::citext || 'b'

select true::citext, inet '10.0.0.1'::citext, 'x '::char(3)::citext, 'A'::citext::text, length('abc'::citext)

select array['a'::citext] = array['A'::citext], 'a'::citext ~<~ 'B', citext_cmp('a', 'B'),
  citext_hash('A') = citext_hash('a')

select w from unnest(array['b', 'C', 'a', 'B']::citext[]) as w group by w order by w


-- pg_trgm

select array_agg(similarity(a, b)) from words as x(a), words as y(b)

select array_agg(word_similarity(a, b)) from words as x(a), words as y(b)

select array_agg(strict_word_similarity(a, b)) from words as x(a), words as y(b)

select array_agg(a <-> b), array_agg(a <<-> b), array_agg(a <->>> b) from words as x(a), words as y(b)

select array_agg(a % b), array_agg(a <% b), array_agg(a %>> b) from words as x(a), words as y(b)

select show_trgm('word'), show_trgm('two words'), show_trgm(''), show_limit(), set_limit(0.5), show_limit()


-- unaccent

select string_agg(unaccent(chr(n)), '') from generate_series(192, 383) as n

select string_agg(unaccent(chr(n)), '') from generate_series(7840, 7929) as n

select string_agg(unaccent(chr(n)), '') from generate_series(902, 974) as n where chr(n) ~ '[[:alpha:]]'

select unaccent('Hôtel Ñandú Straße'), unaccent('unaccent', 'é'), unaccent('й'), unaccent('Ёлка')


-- fuzzystrmatch

select string_agg(soundex(w) || difference(w, 'Robert'), ' ') from unnest(array['', 'Robert', 'Rupert', 'Ashcraft',
  'Tymczak', 'Pfister', ' 1x-y', 'O''Hara', 'aeiou', 'Lloyd', 'Lee']) as w

select array_agg(levenshtein(a, b)) from words as x(a), words as y(b)

select array_agg(levenshtein(a, b, 2, 3, 5)) from words as x(a), words as y(b)

select levenshtein_less_equal('extensive', 'exhaustive', 2), levenshtein_less_equal('', 'abc', 1)

select levenshtein(repeat('a', 256), 'b')


-- hstore

select '  a=>1,b => "two words" , "c"=>NULL, d=>"NULL",e=>nuLL, "q\"x"=>"back\\slash", aa=>=x '::hstore

select ''::hstore, 'a=>1,'::hstore, 'a=>1,b=>2'::hstore = 'b=>2, a=>1', 'bb=>1,c=>2,a=>3'::hstore::text

select h -> 'a', h -> array['b', 'z'], h ? 'a', h ?| array['z', 'b'], h ?& array['a', 'z'], h @> 'a=>1',
  h - 'a'::text, h - array['a', 'b'], h - 'a=>1,b=>9'::hstore, h || 'a=>9,z=>0', akeys(h), avals(h), %%h, %#h,
  slice(h, array['a', 'c']), h::json, h::jsonb, defined(h, 'c'), exist(h,
  'c') from (select 'a=>1,b=>"x y",c=>NULL,"long key"=>"v"'::hstore as h) as x

select hstore_to_jsonb_loose('n=>1.5,t=>t,s=>"01",x=>1e5,y=>-3,z=>abc')

select hstore(x), hstore(x) - hstore(x), to_jsonb(x #= 'a=>7,b=>zz') from (select 1 as a, 'x "y", z' as b, true as c,
  null as d, '' as e, timestamp '2020-01-02 03:04' as f, array[1, 2] as g, 'b\s' as "Q q") as x

select hstore(array['a', 'b', 'c', null]), hstore(array[['a', 'b'], ['c', null]]), hstore('a', null), hstore(null,
  'x')

select hstore(array['a'])

select hstore(array['a', 'b'], array['x'])

select hstore(array[null], array['x'])

select (each('a=>1,bb=>2')).*

select skeys('b=>1,a=>2'), hstore_hash('a=>1,b=>2') = hstore_hash('b=>2,a=>1')


-- ltree

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p <@ 'Top.Science' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p @> 'Top.Science.Astronomy' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ '*.Astronomy.*' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ '*.!pictures@.Astronomy.*' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ '*.Astro*' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ '*.astro*@' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ 'Top.*{1}' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ 'Top.*{2,}' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ 'a.*{,3}.e' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ 'foo_bar%.*' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ '*.bar_foo%.*' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ '*.foo_ba%*' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ 'a.b{1,}.c.d|x.e' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ '!a.*' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ '*{2}' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ 'Top|a.*' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ '*.!Top' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ 'top@.*' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ~ 'a.b.!x{2}.e' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p @ 'Astro*% & !pictures@' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p @ '(Science | Hobbies) & Top' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p @ '!Top' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p @ 'foo_bar%' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p @ 'FOO@%' order by p)

select array(select p from unnest(array['', 'Top', 'Top.Science', 'Top.Science.Astronomy', 'a.b.c.d.e',
  'Top.Science.Astronomy.Cosmology', 'Top.Collections.Pictures.Astronomy.Stars', 'Top.Hobbies.Amateurs_Astronomy',
  'foo_bar.foo_bar_baz.foo_barbaz']::ltree[]) as p where p ? array['Top', 'a.*']::lquery[] order by p)

select subltree('a.b.c', 1, 2), subpath('a.b.c', 1), subpath('a.b.c', -2), subpath('a.b.c', 0, -1), nlevel('a.b'),
  nlevel('')

select index('0.1.2.3.5.4.5.6.8.5.6.8', '5.6'), index('0.1.2.3.5.4.5.6.8.5.6.8', '5.6', -4), index('a.b', 'c')

select lca('1.2.3', '1.2.3.4.5.6'), lca(array['1.2.3', '1.2.4']::ltree[]), lca('a', 'b'), lca('', 'a')

select text2ltree('a.b') || 'c', 'x' || 'a.b'::ltree, ''::ltree || 'a'::ltree, 'a.b'::ltree < 'a.b.c',
  'a.B'::ltree < 'a.a'

select array['Top.x', 'y']::ltree[] @> 'Top.x.z', array['Top', 'y']::ltree[] ?~ 'T*', array['a.b']::ltree[] ?<@ 'a'

select subltree('a.b', 2, 3)

select 'a..b'::ltree

select 'a b'::ltree


-- intarray

select sort(array[3, 1, 2]), sort(array[3, 1, 2], 'DESC'), uniq(array[1, 1, 2, 1]), icount(array[1, 2]),
  idx(array[5, 6], 6)

select subarray(array[1, 2, 3, 4, 5], 2, 3), subarray(array[1, 2, 3, 4, 5], -2), subarray(array[1, 2, 3], 1, -2)

select array[1, 2] | 3, array[3, 1] | array[2, 1], array[1, 2, 3] & array[3, 2], array[1, 2, 1] - 1, array[1, 2,
  3] - array[2], array[1] + 2, array[1] + array[2, 1], #array[1, 2], array[4, 5] # 5

select array[1, 2, 3] @@ '1&(2|9)&!7', '1|5'::query_int ~~ array[5], array[1, 2] @> array[2], array[1] <@ array[1,
  2], array[1, 2] && array[3], _int_same(array[1, 2], array[2, 1, 1]), _int_same(array[1, 2], array[2, 1])

select array[1, null]::int[] @> array[1]


-- cube

select '1'::cube, '(1,2)'::cube, '[(1,2),(3,4)]'::cube, '(1,2),(1,2)'::cube, ' ( 1.50 , -2e3 ) '::cube, '()'::cube

select cube(1), cube(1, 2), cube(array[1, 2], array[3, 4]), cube('(1,2)'::cube, 5), cube('(1,2),(3,4)'::cube, 5, 6)

select cube_dim(c), cube_is_point(c), cube_ll_coord(c, 1), cube_ur_coord(c, 1), cube_size(c), c -> 3, c ~> 2,
  c ~> -1 from (select '(4,2),(3,8)'::cube as c) as x

select cube_subset('(1,3,5),(6,7,8)', array[3, 2, 1, 1]), cube_union('(0,5,2),(2,3,1)', '0'),
  cube_inter('(1,2),(10,11)', '(3,4),(16,15)'), cube_enlarge('(1,2),(3,4)', 0.5, 3), cube_enlarge('(1,2),(3,4)', -2,
  2)

select '(0,0)'::cube <-> '(3,4)', '(1,2)'::cube <#> '(4,6),(7,7)', '(1)'::cube <=> '(1,5)', '(1)'::cube < '(2)',
  '(1,0)'::cube = '(1)', '(0,0),(5,5)'::cube @> '(1,1)', '(1)'::cube <@ '(0),(2)', '(0),(2)'::cube && '(1),(3)'

select '(1,2),(3)'::cube

select 'x'::cube


-- earthdistance

select round(earth_distance(ll_to_earth(52.5, 13.4), ll_to_earth(48.85, 2.35))::numeric, 3), earth()

select round(latitude(ll_to_earth(52.5, 13.4))::numeric, 6), round(longitude(ll_to_earth(52.5, 13.4))::numeric, 6)

select round((point(13.4, 52.5) <@> point(2.35, 48.85))::numeric, 4), round(sec_to_gc(1000)::numeric, 6)

select earth_box(ll_to_earth(52.5, 13.4), 1000) @> ll_to_earth(52.501, 13.401)

select '(1,2,3)'::cube::earth


-- btree_gist

select 1 <-> 4, 1.5::float8 <-> 4, date '2020-01-05' <-> date '2020-01-01', time '10:00' <-> time '11:30',
  timestamp '2020-01-02' <-> timestamp '2020-01-01', 3::money <-> 5::money, 7::oid <-> 3::oid


-- vector

select '[1, 2.5,-3e2]'::vector, ' [ 1 ]'::vector, array[1, 2]::vector(2), '[1,2]'::vector::real[],
  '[1,2]'::vector::halfvec

select '[1,2,3]'::vector <-> '[4,6,3]', '[1,2,3]'::vector <#> '[4,6,3]', '[1,2,3]'::vector <+> '[4,6,3]',
  round(('[1,2,3]'::vector <=> '[4,6,3]')::numeric, 5), ('[0,0]'::vector <=> '[1,1]')::text

select '[1,2]'::vector + '[1,3]', '[1,2]'::vector - '[1,3]', '[1,2]'::vector * '[1,3]', '[1,2]'::vector || '[1,3]'

select vector_dims('[1,2]'::vector), vector_norm('[3,4]'), l2_normalize('[3,4]'::vector),
  subvector('[1,2,3,4]'::vector, 2, 2), binary_quantize('[1,-2,3]'::vector), b'101' <~> b'110', b'101' <%> b'110'

select avg(v), sum(v) from unnest(array['[1,2]', '[3,4]']::vector[]) as v

select '[1,2]'::vector < '[1,3]', '[1,2]'::vector = '[1,2.0]', '[1,2]'::vector < '[1,2,0]',
  '{1:1.5,3:2}/5'::sparsevec(5)

select '[1,2]'::vector(3)

select '1,2'::vector

select '[1,a]'::vector

select '[1,2]'::vector <-> '[1]'

select array[1, 2]::vector(3)


-- tablefunc

select count(*) from normal_rand(7, 5, 3)

