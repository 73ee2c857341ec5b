-- A request sees and changes the rows of its own studio only.

alter table studio enable row level security;
alter table workshop enable row level security;
alter table booking enable row level security;
alter table waiting_list enable row level security;

grant select on studio to booking_app;
grant select, insert, update on workshop, booking to booking_app;
grant select, insert, delete on waiting_list to booking_app;

create policy studio_read on studio for select to booking_app
    using (id = current_studio());

create policy workshop_of_studio on workshop to booking_app
    using (studio_id = current_studio());

create policy booking_read on booking for select to booking_app
    using (studio_id = current_studio());

create policy booking_make on booking for insert to booking_app
    with check (studio_id = current_studio());

create policy booking_cancel on booking for update to booking_app
    using (studio_id = current_studio());

create policy waiting_list_of_studio on waiting_list to booking_app
    using (studio_id = current_studio());
