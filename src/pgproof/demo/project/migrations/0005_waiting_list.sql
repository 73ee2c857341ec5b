-- Customers on the waiting list move up in order and are told when a seat is free.

alter table workshop add column waiting_list_open boolean not null default true;

create table if not exists waiting_list (
    studio_id bigint not null references studio,
    workshop_id bigint not null references workshop,
    email text not null,
    position integer not null,
    notified_at timestamptz,
    primary key (workshop_id, email)
);
