-- A workshop takes place once and has a number of seats.

create table workshop (
    id bigint generated always as identity primary key,
    studio_id bigint not null references studio,
    title text not null,
    starts_at timestamptz not null,
    seats integer not null check (seats > 0)
);

create index workshop_studio_id_idx on workshop (studio_id);
