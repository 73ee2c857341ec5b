do $$
declare
  signature text;
begin
  foreach signature in array array[
    'json_matches_schema(schema json, instance json) returns boolean',
    'jsonb_matches_schema(schema json, instance jsonb) returns boolean',
    'jsonschema_is_valid(schema json) returns boolean',
    'jsonschema_validation_errors(schema json, instance json) returns text[]'
  ] loop
    execute pg_catalog.format(
      'create function %s immutable strict parallel safe language plpgsql as %L',
      signature,
      'begin raise exception ''the stand-in for pg_jsonschema validates nothing'' using errcode = ''PGP99''; end');
  end loop;
end $$;
