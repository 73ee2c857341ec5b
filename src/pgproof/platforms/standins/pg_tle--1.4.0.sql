-- pg_tle that installs nothing.

create type pgtle.password_types as enum ('PASSWORD_TYPE_PLAINTEXT', 'PASSWORD_TYPE_MD5', 'PASSWORD_TYPE_SCRAM_SHA_256');
create type pgtle.pg_tle_features as enum ('passcheck', 'clientauth');
create table pgtle.feature_info (
  feature pgtle.pg_tle_features,
  schema_name text,
  proname text,
  obj_identity text,
  primary key (feature, schema_name, proname)
);

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'install_extension(name text, version text, description text, ext text, requires text[] default null) returns boolean',
    'install_extension_version_sql(name text, version text, ext text) returns boolean',
    'install_update_path(name text, fromvers text, tovers text, ext text) returns boolean',
    'set_default_version(name text, version text) returns boolean',
    'uninstall_extension(extname text) returns boolean',
    'uninstall_extension(extname text, version text) returns boolean',
    'uninstall_update_path(extname text, fromvers text, tovers text) returns boolean'
  ] loop
    execute pg_catalog.format(
      'create function pgtle.%s language plpgsql as %L',
      signature,
      'begin raise exception ''the stand-in for pg_tle installs no extensions'' using errcode = ''PGP99''; end');
  end loop;
end $$;

create function pgtle.uninstall_extension_if_exists(extname text) returns boolean language plpgsql as
$$ begin return false; end $$;
create function pgtle.uninstall_update_path_if_exists(extname text, fromvers text, tovers text) returns boolean
language plpgsql as
$$ begin return false; end $$;
create function pgtle.available_extensions(out name name, out default_version text, out comment text) returns setof record
language plpgsql as
$$ begin return; end $$;
create function pgtle.available_extension_versions(
  out name name, out version text, out superuser boolean, out trusted boolean, out relocatable boolean, out schema name,
  out requires name[], out comment text
) returns setof record language plpgsql as
$$ begin return; end $$;
create function pgtle.extension_update_paths(name name, out source text, out target text, out path text)
returns setof record strict language plpgsql as
$$ begin return; end $$;

create function pgtle.register_feature(proc regproc, feature pgtle.pg_tle_features) returns void language sql as $$
  insert into pgtle.feature_info
  select $2, n.nspname, p.proname, p.oid::regprocedure::text
  from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace where p.oid = $1
$$;
create function pgtle.unregister_feature(proc regproc, feature pgtle.pg_tle_features) returns void language sql as $$
  delete from pgtle.feature_info as f where f.feature = $2 and f.obj_identity = $1::regprocedure::text
$$;

grant usage on schema pgtle to public;
