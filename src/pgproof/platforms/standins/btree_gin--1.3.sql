-- btree_gin in SQL alone.
--
-- Extracting returns nothing (GIN stores one placeholder entry a row), consistency is always true. Without OPERATOR items no
-- clause matches a class: always a sequential scan, so always the right answer, and the same index definition.

create function gin_btree_consistent(internal, int2, anyelement, int4, internal, internal) returns boolean
  language internal immutable strict as 'pg_backend_pid';
create function gin_numeric_cmp(numeric, numeric) returns int4 language internal immutable strict as 'numeric_cmp';
create function gin_enum_cmp(anyenum, anyenum) returns int4 language internal immutable strict as 'enum_cmp';

do $$
declare
  t record;
begin
  for t in
    select * from (values
      ('bit', 'bit', 'bitcmp', 'bit'), ('bool', 'bool', 'btboolcmp', 'bool'), ('bpchar', 'bpchar', 'bpcharcmp', 'bpchar'),
      ('bytea', 'bytea', 'byteacmp', 'bytea'), ('char', '"char"', 'btcharcmp', '"char"'),
      ('cidr', 'cidr', 'network_cmp', 'inet'), ('date', 'date', 'date_cmp', 'date'),
      ('enum', 'anyenum', 'gin_enum_cmp', 'anyenum'), ('float4', 'float4', 'btfloat4cmp', 'float4'),
      ('float8', 'float8', 'btfloat8cmp', 'float8'), ('inet', 'inet', 'network_cmp', 'inet'),
      ('int2', 'int2', 'btint2cmp', 'int2'), ('int4', 'int4', 'btint4cmp', 'int4'), ('int8', 'int8', 'btint8cmp', 'int8'),
      ('interval', 'interval', 'interval_cmp', 'interval'), ('macaddr', 'macaddr', 'macaddr_cmp', 'macaddr'),
      ('macaddr8', 'macaddr8', 'macaddr8_cmp', 'macaddr8'), ('money', 'money', 'cash_cmp', 'money'),
      ('name', 'name', 'btnamecmp', 'name'), ('numeric', 'numeric', 'gin_numeric_cmp', 'numeric'),
      ('oid', 'oid', 'btoidcmp', 'oid'), ('text', 'text', 'bttextcmp', 'text'), ('time', 'time', 'time_cmp', 'time'),
      ('timestamp', 'timestamp', 'timestamp_cmp', 'timestamp'),
      ('timestamptz', 'timestamptz', 'timestamptz_cmp', 'timestamptz'), ('timetz', 'timetz', 'timetz_cmp', 'timetz'),
      ('uuid', 'uuid', 'uuid_cmp', 'uuid'), ('varbit', 'varbit', 'varbitcmp', 'varbit'),
      ('varchar', 'varchar', 'bttextcmp', 'text')
    ) as types(class, name, compare, operand)
  loop
    if t.class <> 'varchar' then  -- it uses the functions of text
      execute pg_catalog.format($create$
        create function %1$I(%2$s, internal) returns internal language internal immutable strict as 'void_in';
        create function %3$I(%2$s, internal, int2, internal, internal) returns internal
          language internal immutable strict as 'void_in';
        create function %4$I(%2$s, %2$s, int2, internal) returns int4 language internal immutable strict as 'trigger_in';
        $create$,
        'gin_extract_value_' operator(pg_catalog.||) pg_catalog.btrim(t.name, '"'), t.name,
        'gin_extract_query_' operator(pg_catalog.||) pg_catalog.btrim(t.name, '"'),
        'gin_compare_prefix_' operator(pg_catalog.||) pg_catalog.btrim(t.name, '"'));
    end if;
    execute pg_catalog.format(
      'create operator class %s_ops default for type %s using gin as function 1 %s(%s, %4$s), '
      'function 2 gin_extract_value_%5$s(%6$s, internal), '
      'function 3 gin_extract_query_%5$s(%6$s, internal, int2, internal, internal), '
      'function 4 gin_btree_consistent(internal, int2, anyelement, int4, internal, internal)',
      t.class, t.name, t.compare, t.operand,
      case when t.class = 'varchar' then 'text' else pg_catalog.btrim(t.name, '"') end,
      case when t.class = 'varchar' then 'text' else t.name end);
  end loop;
end $$;
