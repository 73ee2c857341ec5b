-- Week 2, 016: signals from the market, and the insights that are made of them.

create table if not exists intelligence_signals (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    competitor_id uuid references competitors (id) on delete set null,
    kind text not null,
    title text not null,
    priority integer not null default 3 check (priority between 1 and 5),
    detected_at timestamptz not null default now(),
    processed_at timestamptz
);

create table if not exists market_insights (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    cohort_id uuid references cohorts (id) on delete set null,
    created_by uuid references users (id) on delete set null,
    title text not null,
    signal_count integer not null default 0,
    status text not null default 'active' check (status in ('active', 'expired', 'dismissed')),
    expires_at timestamptz,
    created_at timestamptz not null default now()
);

create index if not exists idx_intelligence_signals_workspace on intelligence_signals (workspace_id);
create index if not exists idx_intelligence_signals_competitor on intelligence_signals (competitor_id);
create index if not exists idx_intelligence_signals_kind on intelligence_signals (kind);
create index if not exists idx_intelligence_signals_priority on intelligence_signals (workspace_id, priority);
create index if not exists idx_intelligence_signals_detected_at on intelligence_signals (detected_at desc);
create index if not exists idx_intelligence_signals_unprocessed on intelligence_signals (workspace_id)
    where processed_at is null;
create index if not exists idx_market_insights_workspace on market_insights (workspace_id);
create index if not exists idx_market_insights_cohort on market_insights (cohort_id);
create index if not exists idx_market_insights_status on market_insights (status);
create index if not exists idx_market_insights_expires_at on market_insights (expires_at);

alter table intelligence_signals enable row level security;
alter table market_insights enable row level security;

drop policy if exists intelligence_signals_workspace on intelligence_signals;
create policy intelligence_signals_workspace on intelligence_signals using (workspace_id = current_workspace_id());
drop policy if exists market_insights_workspace on market_insights;
create policy market_insights_workspace on market_insights using (workspace_id = current_workspace_id());

create or replace function create_insight_from_signals(p_workspace_id uuid, p_title text, p_signal_ids uuid[])
returns uuid
language plpgsql as $$
declare
    v_count integer;
    v_id uuid;
begin
    update intelligence_signals s
    set processed_at = now()
    where s.id = any (p_signal_ids) and s.workspace_id = p_workspace_id and s.processed_at is null;
    get diagnostics v_count = row_count;
    if v_count = 0 then
        raise exception 'none of the signals is open in this workspace';
    end if;
    insert into market_insights (workspace_id, title, signal_count, expires_at)
    values (p_workspace_id, p_title, v_count, now() + interval '30 days')
    returning id into v_id;
    return v_id;
end
$$;

create or replace function get_active_insights(p_workspace_id uuid)
returns table (id uuid, title text, signal_count integer, expires_at timestamptz)
language plpgsql stable as $$
begin
    return query
    select i.id, i.title, i.signal_count, i.expires_at
    from market_insights i
    where i.workspace_id = p_workspace_id
      and i.status = 'active'
      and (expires_at is null or expires_at > now())
    order by i.created_at desc;
end
$$;

create or replace function get_priority_signals(p_workspace_id uuid, p_most integer default 10)
returns setof intelligence_signals
language sql stable as $$
    select s.*
    from intelligence_signals s
    where s.workspace_id = p_workspace_id and s.processed_at is null
    order by s.priority, s.detected_at desc
    limit p_most
$$;
