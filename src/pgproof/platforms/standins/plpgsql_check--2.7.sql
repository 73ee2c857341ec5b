do $$
declare
  signature text;
begin
  foreach signature in array array[
    'plpgsql_check_function(funcoid regprocedure, relid regclass default 0, format text default ''text'') returns setof text',
    'plpgsql_check_function(name text, relid regclass default 0, format text default ''text'') returns setof text',
    'plpgsql_check_function_tb(funcoid regprocedure, relid regclass default 0) returns table (functionid regproc, lineno int, '
      'statement text, sqlstate text, message text, detail text, hint text, level text, "position" int, query text, context text)',
    'plpgsql_check_function_tb(name text, relid regclass default 0) returns table (functionid regproc, lineno int, '
      'statement text, sqlstate text, message text, detail text, hint text, level text, "position" int, query text, context text)'
  ] loop
    execute pg_catalog.format(
      'create function %s language plpgsql as %L',
      signature,
      'begin raise exception ''the stand-in for plpgsql_check checks nothing'' using errcode = ''PGP99''; end');
  end loop;
end $$;
