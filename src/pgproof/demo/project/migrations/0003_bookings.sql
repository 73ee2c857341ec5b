-- Customers book a seat, or wait for one.

create table booking (
    id bigint generated always as identity primary key,
    studio_id bigint not null references studio,
    workshop_id bigint not null references workshop,
    email text not null,
    created_at timestamptz not null default now(),
    cancelled_at timestamptz,
    unique (workshop_id, email)
);

create index booking_studio_id_idx on booking (studio_id);

create table waiting_list (
    studio_id bigint not null references studio,
    workshop_id bigint not null references workshop,
    email text not null,
    created_at timestamptz not null default now(),
    primary key (workshop_id, email)
);

create index waiting_list_studio_id_idx on waiting_list (studio_id);

-- Refuses a booking when all seats are taken.
create function refuse_overbooking() returns trigger
language plpgsql
as $$
declare
    capacity integer;
    taken integer;
begin
    -- The lock makes two bookings of the last seat wait for each other.
    select seats into capacity from workshop where id = new.workshop_id for update;
    select count(*) into taken from booking where workshop_id = new.workshop_id and cancelled_at is null;
    if taken >= capacity then
        raise exception 'workshop % is fully booked', new.workshop_id using errcode = 'check_violation';
    end if;
    return new;
end
$$;

create trigger booking_refuse_overbooking
    before insert on booking
    for each row execute function refuse_overbooking();

-- Takes the customer who waits longest from the list.
create function take_from_waiting_list(p_workshop_id bigint)
returns table (email text, created_at timestamptz)
language plpgsql
as $$
begin
    return query
    delete from waiting_list
    where workshop_id = p_workshop_id and email = (
        select first.email from waiting_list as first
        where first.workshop_id = p_workshop_id
        order by first.created_at
        limit 1
        for update skip locked
    )
    returning waiting_list.email, waiting_list.created_at;
end
$$;
