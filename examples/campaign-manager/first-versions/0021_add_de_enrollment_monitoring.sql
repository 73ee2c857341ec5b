-- 0021: leads that completed, opted out or booked leave their campaign; every run and every lead is on record.
-- First version: written against src/db/schema.ts. It never ran in production.

create table if not exists de_enrollment_runs (
    id uuid primary key default gen_random_uuid(),
    client_id uuid not null references clients (id) on delete cascade,
    status varchar(20) not null default 'running',
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    leads_evaluated integer not null default 0,
    leads_de_enrolled integer not null default 0,
    completed_count integer not null default 0,
    opted_out_count integer not null default 0,
    booked_count integer not null default 0,
    duration_ms integer,
    error_message text,
    constraint de_enrollment_runs_status_check check (status in ('running', 'success', 'partial', 'failed'))
);

create table if not exists de_enrollment_lead_log (
    id uuid primary key default gen_random_uuid(),
    run_id uuid not null references de_enrollment_runs (id) on delete cascade,
    lead_id uuid not null references leads (id) on delete cascade,
    campaign_id uuid references campaigns (id) on delete set null,
    client_id uuid not null references clients (id) on delete cascade,
    outcome varchar(20) not null,
    sequence_position integer not null,
    de_enrolled_at timestamptz not null default now(),
    constraint de_enrollment_lead_log_outcome_check check (outcome in ('completed', 'opted_out', 'booked'))
);

create index if not exists idx_de_enrollment_runs_client on de_enrollment_runs (client_id, started_at desc);
create index if not exists idx_de_enrollment_runs_running on de_enrollment_runs (client_id) where status = 'running';
create index if not exists idx_de_enrollment_log_run on de_enrollment_lead_log (run_id);
create index if not exists idx_de_enrollment_log_lead on de_enrollment_lead_log (lead_id, de_enrolled_at desc);
create index if not exists idx_leads_de_enrollment on leads (client_id, id)
    where is_active and (opted_out or booked_meeting or completed_at is not null);

create or replace function get_leads_for_de_enrollment(
    p_client_id uuid,
    p_batch_size integer default 100,
    p_last_processed_id uuid default null
)
returns table (lead_id uuid, lead_campaign_id uuid, outcome text)
language sql
stable
as $$
    select
        l.id,
        l.campaign_link_id,
        case when l.booked_meeting then 'booked' when l.opted_out then 'opted_out' else 'completed' end
    from leads l
    where l.client_id = p_client_id
      and l.is_active
      and (l.opted_out or l.booked_meeting or l.completed_at is not null)
      and (p_last_processed_id is null or l.id > p_last_processed_id)
    order by l.id
    limit p_batch_size
$$;

-- Runs of the same client wait for each other: a lead is taken out once, whoever comes first.
create or replace function process_de_enrollment_batch(p_run_id uuid, p_lead_ids uuid[])
returns integer
language plpgsql
as $$
declare
    v_client_id uuid;
    v_done integer;
begin
    select r.client_id into strict v_client_id from de_enrollment_runs r where r.id = p_run_id;
    perform pg_advisory_xact_lock(hashtextextended(v_client_id::text, 0));

    with removed as (
        update leads l
        set is_active = false, updated_at = now()
        where l.id = any (p_lead_ids) and l.client_id = v_client_id and l.is_active
        returning
            l.id, l.campaign_link_id, l.current_message_position,
            case when l.booked_meeting then 'booked' when l.opted_out then 'opted_out' else 'completed' end as outcome
    ), logged as (
        insert into de_enrollment_lead_log (run_id, lead_id, campaign_id, client_id, outcome, sequence_position)
        select p_run_id, d.id, d.campaign_id, v_client_id, d.outcome, d.current_message_position from removed d
    ), per_campaign as (
        select
            d.campaign_id,
            count(*) as gone,
            count(*) filter (where d.outcome = 'completed') as completed,
            count(*) filter (where d.outcome = 'opted_out') as opted_out,
            count(*) filter (where d.outcome = 'booked') as booked
        from removed d
        where d.campaign_id is not null
        group by d.campaign_id
    ), counted as (
        update campaigns c
        set active_leads_count = c.active_leads_count - p.gone,
            completed_leads_count = c.completed_leads_count + p.completed,
            opted_out_count = c.opted_out_count + p.opted_out,
            booked_count = c.booked_count + p.booked,
            updated_at = now()
        from per_campaign p
        where c.id = p.campaign_id
    )
    update de_enrollment_runs r
    set leads_evaluated = r.leads_evaluated + coalesce(cardinality(p_lead_ids), 0),
        leads_de_enrolled = r.leads_de_enrolled + (select count(*) from removed),
        completed_count = r.completed_count + (select count(*) from removed d where d.outcome = 'completed'),
        opted_out_count = r.opted_out_count + (select count(*) from removed d where d.outcome = 'opted_out'),
        booked_count = r.booked_count + (select count(*) from removed d where d.outcome = 'booked')
    where r.id = p_run_id
    returning (select count(*) from removed) into v_done;

    return v_done;
end
$$;

create or replace view de_enrollment_health as
select
    c.id as client_id,
    c.name,
    max(r.started_at) as last_run_at,
    count(r.id) filter (where r.started_at > now() - interval '24 hours') as runs_24h,
    count(r.id) filter (where r.status = 'failed' and r.started_at > now() - interval '24 hours') as failed_runs_24h,
    coalesce(sum(r.leads_de_enrolled) filter (where r.started_at > now() - interval '24 hours'), 0)
        as leads_de_enrolled_24h,
    avg(r.duration_ms) filter (where r.status = 'success') as average_duration_ms,
    count(r.id) filter (where r.status = 'running' and r.started_at < now() - interval '1 hour') as stuck_runs
from clients c
left join de_enrollment_runs r on r.client_id = c.id
where c.is_active
group by c.id, c.name;
