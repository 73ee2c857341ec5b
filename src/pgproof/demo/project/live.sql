-- How the live database came to be what it is. psql and pgproof can both run this file.

\ir migrations/0001_studios.sql
\ir migrations/0002_workshops.sql
\ir migrations/0003_bookings.sql
\ir migrations/0004_row_level_security.sql
\ir migrations/0005_waiting_list.sql

-- 0006 was recorded like the others, but the deployment had stopped before it ran.
create table schema_migrations (
    version text primary key,
    applied_at timestamptz not null default now()
);
insert into schema_migrations (version) values ('0001'), ('0002'), ('0003'), ('0004'), ('0005'), ('0006');

-- Dropped for an import of old bookings, and never made again.
drop trigger booking_refuse_overbooking on booking;

-- Dropped while somebody looked for an error. The "cancel" button now changes no row, and no error is raised.
drop policy booking_cancel on booking;
