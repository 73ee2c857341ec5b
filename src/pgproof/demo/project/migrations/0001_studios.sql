-- Studios offer workshops; every row of every table belongs to one studio.

create table studio (
    id bigint generated always as identity primary key,
    name text not null unique,
    created_at timestamptz not null default now()
);

-- The application logs in as a member of this role.
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'booking_app') then
        create role booking_app nologin;
    end if;
end
$$;

-- The studio that the current request works for; the application sets it.
create function current_studio() returns bigint
language sql stable
as $$
    select nullif(current_setting('app.studio_id', true), '')::bigint
$$;
