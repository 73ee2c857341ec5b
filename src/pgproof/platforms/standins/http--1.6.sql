-- http without a network.

create domain http_method as text;
create domain content_type as text check (value ~ '^\S+\/\S+');
create type http_header as (field varchar, value varchar);
create type http_response as (status integer, content_type varchar, headers http_header[], content varchar);
create type http_request as (method http_method, uri varchar, headers http_header[], content_type varchar, content varchar);

create function http_set_curlopt(curlopt varchar, value varchar) returns boolean language plpgsql as
$$ begin return true; end $$;
create function http_reset_curlopt() returns boolean language plpgsql as $$ begin return true; end $$;
create function http_list_curlopt() returns table (curlopt text, value text) language plpgsql as $$ begin return; end $$;

create function http_header(field varchar, value varchar) returns http_header language sql
return row($1, $2)::http_header;

create function http(request http_request) returns http_response language plpgsql as
$$ begin raise exception 'the stand-in for http sends no requests' using errcode = 'PGP99'; end $$;

-- RFC 3986: letters, digits and -._~ stay, every other byte becomes %XX
create function urlencode(string bytea) returns text language plpgsql immutable strict as $$
declare
  encoded text := '';
  letter text;
begin
  for i in 0 .. length(string) - 1 loop
    letter := case when get_byte(string, i) between 33 and 126 then chr(get_byte(string, i)) end;
    encoded := encoded || case when letter ~ '[A-Za-z0-9_.~-]' then letter
                               else '%' || upper(encode(substr(string, i + 1, 1), 'hex')) end;
  end loop;
  return encoded;
end $$;

create function urlencode(string varchar) returns text language sql immutable strict
return urlencode(convert_to(string, 'UTF8'));

create function urlencode(data jsonb) returns text language sql immutable strict
begin atomic
  select coalesce(string_agg(urlencode(key::varchar) || '=' || urlencode(value::varchar), '&'), '') from jsonb_each_text(data);
end;

create function text_to_bytea(data text) returns bytea language sql immutable strict
return convert_to(data, 'UTF8');

create function bytea_to_text(data bytea) returns text language sql immutable strict
return convert_from(data, 'UTF8');

create function http_get(uri varchar) returns http_response language sql
return http(row('GET', uri, null, null, null)::http_request);

create function http_get(uri varchar, data jsonb) returns http_response language sql
return http(row('GET', uri || '?' || urlencode(data), null, null, null)::http_request);

create function http_post(uri varchar, content varchar, content_type varchar) returns http_response language sql
return http(row('POST', uri, null, content_type, content)::http_request);

create function http_post(uri varchar, data jsonb) returns http_response language sql
return http(row('POST', uri, null, 'application/x-www-form-urlencoded', urlencode(data))::http_request);

create function http_put(uri varchar, content varchar, content_type varchar) returns http_response language sql
return http(row('PUT', uri, null, content_type, content)::http_request);

create function http_patch(uri varchar, content varchar, content_type varchar) returns http_response language sql
return http(row('PATCH', uri, null, content_type, content)::http_request);

create function http_delete(uri varchar) returns http_response language sql
return http(row('DELETE', uri, null, null, null)::http_request);

create function http_delete(uri varchar, content varchar, content_type varchar) returns http_response language sql
return http(row('DELETE', uri, null, content_type, content)::http_request);

create function http_head(uri varchar) returns http_response language sql
return http(row('HEAD', uri, null, null, null)::http_request);
