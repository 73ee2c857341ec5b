create schema dbdev;
grant usage on schema dbdev to public;
create function dbdev.install(package_name text, base_url text default null, api_key text default null) returns bool
language plpgsql as
$$ begin raise exception 'the stand-in for supabase-dbdev installs no packages' using errcode = 'PGP99'; end $$;
