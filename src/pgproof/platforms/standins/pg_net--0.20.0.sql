-- pg_net without its worker: requests stay in the queue.

create schema net;

create domain net.http_method as text check (value ilike 'get' or value ilike 'post' or value ilike 'delete');
create type net.request_status as enum ('PENDING', 'SUCCESS', 'ERROR');
create type net.http_response as (status_code integer, headers jsonb, body text);
create type net.http_response_result as (status net.request_status, message text, response net.http_response);

create unlogged table net.http_request_queue (
  id bigserial,
  method net.http_method not null,
  url text not null,
  headers jsonb,
  body bytea,
  timeout_milliseconds int not null
);

create unlogged table net._http_response (
  id bigint,
  status_code integer,
  content_type text,
  headers jsonb,
  content text,
  timed_out bool,
  error_msg text,
  created timestamptz not null default now()
);
create index on net._http_response (created);

-- RFC 3986: letters, digits and -._~ stay, every other byte becomes %XX
create function net._urlencode_string(string varchar) returns text language plpgsql immutable as $$
begin
  return (
    select coalesce(string_agg(
             case when letter ~ '[A-Za-z0-9_.~-]' then letter
                  else upper(regexp_replace(encode(convert_to(letter, 'UTF8'), 'hex'), '(..)', '%\1', 'g')) end,
             '' order by place), '')
    from regexp_split_to_table(string, '') with ordinality as letters(letter, place)
  );
end $$;

create function net._encode_url_with_params_array(url text, params_array text[]) returns text language plpgsql immutable as $$
begin
  return url || case when cardinality(params_array) = 0 then '' when strpos(url, '?') > 0 then '&' else '?' end
         || array_to_string(params_array, '&');
end $$;

create function net.http_get(
  url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds int default 5000
) returns bigint language plpgsql as $$
#variable_conflict use_variable
declare
  pairs constant text[] := array(
    select net._urlencode_string(p.key) || '=' || net._urlencode_string(p.value) from jsonb_each_text(params) as p);
  request_id bigint;
begin
  insert into net.http_request_queue (method, url, headers, timeout_milliseconds)
    values ('GET', net._encode_url_with_params_array(url, pairs), headers, timeout_milliseconds)
    returning id into request_id;
  return request_id;
end $$;

create function net.http_post(
  url text, body jsonb default '{}', params jsonb default '{}', headers jsonb default '{"Content-Type": "application/json"}',
  timeout_milliseconds int default 5000
) returns bigint language plpgsql as $$
#variable_conflict use_variable
declare
  pairs constant text[] := array(
    select net._urlencode_string(p.key) || '=' || net._urlencode_string(p.value) from jsonb_each_text(params) as p);
  content_type constant text := (
    select h.value from jsonb_each_text(coalesce(headers, '{}')) as h where lower(h.key) = 'content-type' limit 1);
  request_id bigint;
begin
  if content_type is distinct from null and content_type <> 'application/json' then
    raise exception 'Content-Type header must be "application/json"';
  end if;
  insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
    values ('POST', net._encode_url_with_params_array(url, pairs),
            case when content_type is null then headers || '{"Content-Type": "application/json"}' else headers end,
            convert_to(body::text, 'UTF8'), timeout_milliseconds)
    returning id into request_id;
  return request_id;
end $$;

create function net.http_delete(
  url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds int default 5000,
  body jsonb default null
) returns bigint language plpgsql as $$
#variable_conflict use_variable
declare
  pairs constant text[] := array(
    select net._urlencode_string(p.key) || '=' || net._urlencode_string(p.value) from jsonb_each_text(params) as p);
  request_id bigint;
begin
  insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
    values ('DELETE', net._encode_url_with_params_array(url, pairs), headers, convert_to(body::text, 'UTF8'),
            timeout_milliseconds)
    returning id into request_id;
  return request_id;
end $$;

create function net._await_response(request_id bigint) returns bool language plpgsql as
$$ begin raise exception 'the stand-in for pg_net sends nothing: no response will come' using errcode = 'PGP99'; end $$;

create function net._http_collect_response(request_id bigint, async bool default true) returns net.http_response_result
language plpgsql as $$
begin
  if not async then
    perform net._await_response(request_id);
  end if;
  return ('ERROR', 'request matching request_id not found', null)::net.http_response_result;
end $$;

create function net.http_collect_response(request_id bigint, async bool default true) returns net.http_response_result
language plpgsql as $$
begin
  raise notice 'The net.http_collect_response function is deprecated.';
  return net._http_collect_response(request_id, async);
end $$;

create function net.check_worker_is_up() returns void language plpgsql as $$ begin end $$;
create function net.wait_until_running() returns void language plpgsql as $$ begin end $$;
create function net.wake() returns void language plpgsql as $$ begin end $$;
create function net.worker_restart() returns bool language plpgsql as $$ begin return true; end $$;

grant usage on schema net to public;
grant all on all sequences in schema net to public;
grant all on all tables in schema net to public;
