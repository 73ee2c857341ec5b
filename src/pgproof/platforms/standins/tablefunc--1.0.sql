-- tablefunc: what can be defined in SQL; the crosstab functions return rows whose type only the caller knows.

create type tablefunc_crosstab_2 as (row_name text, category_1 text, category_2 text);
create type tablefunc_crosstab_3 as (row_name text, category_1 text, category_2 text, category_3 text);
create type tablefunc_crosstab_4 as (row_name text, category_1 text, category_2 text, category_3 text, category_4 text);

-- Box and Muller's method
create function normal_rand(integer, float8, float8) returns setof float8 language sql volatile strict
begin atomic
  select $2 + $3 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) from generate_series(1, $1);
end;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'crosstab(text) returns setof record',
    'crosstab(text, integer) returns setof record',
    'crosstab(text, text) returns setof record',
    'crosstab2(text) returns setof tablefunc_crosstab_2',
    'crosstab3(text) returns setof tablefunc_crosstab_3',
    'crosstab4(text) returns setof tablefunc_crosstab_4',
    'connectby(text, text, text, text, integer) returns setof record',
    'connectby(text, text, text, text, integer, text) returns setof record',
    'connectby(text, text, text, text, text, integer) returns setof record',
    'connectby(text, text, text, text, text, integer, text) returns setof record'
  ] loop
    execute pg_catalog.format(
      'create function %s stable strict language plpgsql as %L',
      signature,
      'begin raise exception ''the stand-in for tablefunc has no crosstab and no connectby'' using errcode = ''PGP99''; end');
  end loop;
end $$;
