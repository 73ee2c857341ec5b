-- Every booking that takes place is invoiced once.

create table invoice (
    id bigint generated always as identity primary key,
    studio_id bigint not null references studio,
    booking_id bigint not null unique references booking,
    amount numeric(10, 2) not null check (amount >= 0),
    issued_at timestamptz not null default now()
);

create index invoice_studio_id_idx on invoice (studio_id);

alter table invoice enable row level security;

grant select, insert on invoice to booking_app;

create policy invoice_of_studio on invoice to booking_app
    using (studio_id = current_studio());
