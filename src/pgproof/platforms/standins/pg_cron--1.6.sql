-- pg_cron without its scheduler: jobs stand in the table.

-- The extension belongs to pg_catalog. Older versions let the caller choose, and `with schema extensions` is in many projects.
delete from pg_catalog.pg_depend as d using pg_catalog.pg_extension as e
where e.extname operator(pg_catalog.=) 'pg_cron' and d.objid operator(pg_catalog.=) e.oid
  and d.classid operator(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass
  and d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass
  and e.extnamespace operator(pg_catalog.<>) coalesce(pg_catalog.to_regnamespace('extensions')::oid, 0);
update pg_catalog.pg_extension
set extnamespace = 'pg_catalog'::pg_catalog.regnamespace
where extname operator(pg_catalog.=) 'pg_cron'
  and extnamespace operator(pg_catalog.<>) coalesce(pg_catalog.to_regnamespace('extensions')::oid, 0);

create schema cron;
create sequence cron.jobid_seq;
create sequence cron.runid_seq;

create table cron.job (
  jobid bigint primary key default pg_catalog.nextval('cron.jobid_seq'::pg_catalog.regclass),
  schedule text not null,
  command text not null,
  nodename text not null default 'localhost',
  nodeport int not null default coalesce(inet_server_port(), 5432),
  database text not null default current_database(),
  username text not null default current_user,
  active boolean not null default true,
  jobname text,
  constraint jobname_username_uniq unique (jobname, username)
);
alter table cron.job enable row level security;
create policy cron_job_policy on cron.job using (username = current_user);

create table cron.job_run_details (
  jobid bigint,
  runid bigint primary key default pg_catalog.nextval('cron.runid_seq'::pg_catalog.regclass),
  job_pid integer,
  database text,
  username text,
  command text,
  status text,
  return_message text,
  start_time timestamptz,
  end_time timestamptz
);
alter table cron.job_run_details enable row level security;
create policy cron_job_run_details_policy on cron.job_run_details using (username = current_user);

create function cron.job_cache_invalidate() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger cron_job_cache_invalidate after insert or update or delete or truncate on cron.job
  for each statement execute function cron.job_cache_invalidate();

-- A superuser owns the schema, the tables and these functions, so nothing here may resolve a name in a schema of the caller.
-- Five fields of cron ('$' is the last day of a month), a nickname, or '1 second' to '59 seconds'. The functions write as the
-- extension's owner; the caller is the role that was set, else the one that logged in.
create function cron.schedule_in_database(
  job_name text, schedule text, command text, database text, username text default null, active boolean default true
) returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
  caller constant text := coalesce(nullif(current_setting('role'), 'none'), session_user);
  id bigint;
begin
  if schedule !~* '^\s*(@(yearly|annually|monthly|weekly|daily|midnight|hourly|reboot)|[1-5]?[0-9]\s+seconds?|'
                  '([0-9a-z*/,$-]+\s+){4}[0-9a-z*/,$-]+)\s*$' then
    raise exception 'invalid schedule: %', schedule using errcode = '22023',
      hint = 'Use cron format (e.g. 5 4 * * *), or interval format ''[1-59] seconds''';
  end if;
  insert into cron.job as j (schedule, command, database, username, active, jobname)
    values (schedule, command, coalesce(database, current_database()), coalesce(username, caller), active, job_name)
    on conflict on constraint jobname_username_uniq do update
      set schedule = excluded.schedule, command = excluded.command, database = excluded.database, active = excluded.active
    returning jobid into id;
  return id;
end $$;

create function cron.schedule(job_name text, schedule text, command text) returns bigint language sql
begin atomic
  select cron.schedule_in_database(job_name, schedule, command, current_database());
end;

create function cron.schedule(schedule text, command text) returns bigint language sql strict
begin atomic
  select cron.schedule_in_database(null, schedule, command, current_database());
end;

create function cron.unschedule(job_id bigint) returns bool
language plpgsql strict security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from cron.job
    where jobid = job_id and username = coalesce(nullif(current_setting('role'), 'none'), session_user);
  if not found then
    raise exception 'could not find valid entry for job %', job_id using errcode = 'XX000';
  end if;
  return true;
end $$;

create function cron.unschedule(job_name text) returns bool
language plpgsql strict security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from cron.job
    where jobname = job_name and username = coalesce(nullif(current_setting('role'), 'none'), session_user);
  if not found then
    raise exception 'could not find valid entry for job ''%''', job_name using errcode = 'XX000';
  end if;
  return true;
end $$;

create function cron.alter_job(
  job_id bigint, schedule text default null, command text default null, database text default null,
  username text default null, active boolean default null
) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
begin
  update cron.job as j
    set schedule = coalesce(schedule, j.schedule), command = coalesce(command, j.command),
        database = coalesce(database, j.database), username = coalesce(username, j.username),
        active = coalesce(active, j.active)
    where j.jobid = job_id and j.username = coalesce(nullif(current_setting('role'), 'none'), session_user);
  if not found then
    raise exception 'Job % does not exist or you don''t own it', job_id using errcode = 'XX000';
  end if;
end $$;

-- As hosted platforms do: the role that creates the extension may use it and pass that on.
grant usage on schema cron to @extowner@ with grant option;
grant all on all functions in schema cron to @extowner@ with grant option;
grant all on cron.job_run_details to @extowner@ with grant option;
grant select on cron.job to @extowner@ with grant option;
grant select on cron.job, cron.job_run_details to public;
