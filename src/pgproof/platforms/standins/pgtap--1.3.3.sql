do $$
declare
  signature text;
begin
  foreach signature in array array[
    'plan(integer) returns text',
    'no_plan() returns setof boolean',
    'finish(exception_on_failure boolean default null) returns setof text',
    'ok(boolean) returns text',
    'ok(boolean, text) returns text',
    'is(anyelement, anyelement) returns text',
    'is(anyelement, anyelement, text) returns text',
    'isnt(anyelement, anyelement) returns text',
    'isnt(anyelement, anyelement, text) returns text',
    'pass() returns text',
    'pass(text) returns text',
    'fail() returns text',
    'fail(text) returns text',
    'diag(text) returns text'
  ] loop
    execute pg_catalog.format(
      'create function %s language plpgsql as %L',
      signature,
      'begin raise exception ''the stand-in for pgtap tests nothing'' using errcode = ''PGP99''; end');
  end loop;
end $$;
