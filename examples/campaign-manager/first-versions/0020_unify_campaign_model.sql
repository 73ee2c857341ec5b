-- 0020: one model for campaigns that are found, made by hand and made by form.
-- First version: written against src/db/schema.ts. It never ran in production.

alter table campaigns add column if not exists is_active boolean not null default true;
alter table campaigns add column if not exists active_leads_count integer not null default 0;
alter table campaigns add column if not exists completed_leads_count integer not null default 0;
alter table campaigns add column if not exists opted_out_count integer not null default 0;
alter table campaigns add column if not exists booked_count integer not null default 0;
alter table campaigns add column if not exists deactivated_at timestamp with time zone;
alter table campaigns add column if not exists last_enrollment_at timestamp with time zone;
alter table campaigns add column if not exists auto_discovered boolean not null default false;

-- Whoever is not active any more has left for one reason: booked counts before opted out, that before completed.
update campaigns c
set active_leads_count = counted.active,
    completed_leads_count = counted.completed,
    opted_out_count = counted.opted_out,
    booked_count = counted.booked,
    last_enrollment_at = counted.last_enrollment
from (
    select
        campaign_link_id,
        count(*) filter (where is_active) as active,
        count(*) filter (where not is_active and not booked_meeting and not opted_out) as completed,
        count(*) filter (where not is_active and not booked_meeting and opted_out) as opted_out,
        count(*) filter (where not is_active and booked_meeting) as booked,
        max(enrolled_at) as last_enrollment
    from leads
    where campaign_link_id is not null
    group by campaign_link_id
) as counted
where counted.campaign_link_id = c.id;

create index if not exists idx_campaigns_client_active on campaigns (client_id, is_active);
create index if not exists idx_campaigns_last_enrollment on campaigns (last_enrollment_at desc) where is_active;
create index if not exists idx_leads_campaign_active on leads (campaign_link_id, is_active);
