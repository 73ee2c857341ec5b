-- pg_graphql that resolves nothing.

create sequence graphql.seq_schema_version as int cycle;

create function graphql.get_schema_version() returns int language sql
begin atomic
  select last_value::int from graphql.seq_schema_version;
end;

create function graphql.increment_schema_version() returns event_trigger language plpgsql as
$$ begin perform nextval('graphql.seq_schema_version'); end $$;

create function graphql.comment_directive(comment_ text) returns jsonb language sql immutable
return coalesce((regexp_match(comment_, '@graphql\((.+)\)'))[1]::jsonb, '{}');

create function graphql.exception(message text) returns text language plpgsql as
$$ begin raise exception using errcode = '22000', message = message; end $$;

create function graphql._internal_resolve(
  query text, variables jsonb default '{}', "operationName" text default null, extensions jsonb default null
) returns jsonb language plpgsql as
$$ begin raise exception 'the stand-in for pg_graphql resolves nothing' using errcode = 'PGP99'; end $$;

create function graphql.resolve(
  query text, variables jsonb default '{}', "operationName" text default null, extensions jsonb default null
) returns jsonb language plpgsql as
$$ begin return graphql._internal_resolve(query, variables, "operationName", extensions); end $$;

grant usage on schema graphql to @extowner@ with grant option;
grant all on sequence graphql.seq_schema_version to public;
