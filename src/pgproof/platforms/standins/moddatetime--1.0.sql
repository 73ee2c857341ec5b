-- moddatetime in PL/pgSQL: a BEFORE UPDATE row trigger whose argument names the column that gets the current time.

create function moddatetime() returns trigger language plpgsql as $$
declare
  column_type oid;
begin
  if tg_level <> 'ROW' or tg_when <> 'BEFORE' or tg_op <> 'UPDATE' then
    raise exception 'moddatetime: must be fired before update, for each row' using errcode = '39P01';
  elsif tg_nargs <> 1 then
    raise exception 'moddatetime (%): A single argument was expected', tg_table_name using errcode = 'XX000';
  end if;
  select atttypid into column_type
    from pg_attribute where attrelid = tg_relid and attname = tg_argv[0] and attnum > 0 and not attisdropped;
  if column_type is null then
    raise exception '"%" has no attribute "%"', tg_table_name, tg_argv[0] using errcode = '09000';
  elsif column_type not in ('timestamp'::regtype, 'timestamptz'::regtype) then
    raise exception 'attribute "%" of "%" must be type TIMESTAMP or TIMESTAMPTZ', tg_argv[0], tg_table_name
      using errcode = '09000';
  end if;
  return jsonb_populate_record(new, jsonb_build_object(tg_argv[0], now()));
end $$;
