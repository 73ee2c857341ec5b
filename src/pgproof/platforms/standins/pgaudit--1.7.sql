create function pgaudit_ddl_command_end() returns event_trigger
  security definer set search_path = pg_catalog, pg_temp language plpgsql as $$ begin end $$;
create function pgaudit_sql_drop() returns event_trigger
  security definer set search_path = pg_catalog, pg_temp language plpgsql as $$ begin end $$;
