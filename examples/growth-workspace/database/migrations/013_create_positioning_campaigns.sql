-- Week 2, 013: positioning, the messages that follow from it, and campaigns.

create table if not exists positioning (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    created_by uuid references users (id) on delete set null,
    category text not null,
    audience text not null,
    promise text not null,
    is_current boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table if not exists message_architecture (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    positioning_id uuid not null references positioning (id) on delete cascade,
    pillar text not null,
    proof_points text[] not null default '{}',
    position integer not null default 1 check (position > 0)
);

create table if not exists campaigns (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    positioning_id uuid references positioning (id) on delete set null,
    message_architecture_id uuid references message_architecture (id) on delete set null,
    created_by uuid references users (id) on delete set null,
    name text not null,
    status text not null default 'draft' check (status in ('draft', 'active', 'paused', 'completed')),
    starts_at timestamptz,
    ends_at timestamptz,
    budget_cents integer not null default 0 check (budget_cents >= 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint campaigns_ends_after_start check (ends_at is null or starts_at is null or ends_at > starts_at)
);

create table if not exists campaign_quests (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    campaign_id uuid not null references campaigns (id) on delete cascade,
    quest_id uuid not null references quests (id) on delete cascade
);

create table if not exists campaign_cohorts (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    campaign_id uuid not null references campaigns (id) on delete cascade,
    cohort_id uuid not null references cohorts (id) on delete cascade
);

create index if not exists idx_positioning_workspace on positioning (workspace_id);
create index if not exists idx_positioning_created_by on positioning (created_by);
create index if not exists idx_message_architecture_workspace on message_architecture (workspace_id);
create index if not exists idx_message_architecture_positioning on message_architecture (positioning_id);
create index if not exists idx_campaigns_workspace on campaigns (workspace_id);
create index if not exists idx_campaigns_positioning on campaigns (positioning_id);
create index if not exists idx_campaigns_status on campaigns (status);
create index if not exists idx_campaigns_starts_at on campaigns (starts_at);
create index if not exists idx_campaign_quests_campaign on campaign_quests (campaign_id);
create index if not exists idx_campaign_quests_quest on campaign_quests (quest_id);
create index if not exists idx_campaign_cohorts_campaign on campaign_cohorts (campaign_id);
create index if not exists idx_campaign_cohorts_cohort on campaign_cohorts (cohort_id);

alter table positioning enable row level security;
alter table message_architecture enable row level security;
alter table campaigns enable row level security;
alter table campaign_quests enable row level security;
alter table campaign_cohorts enable row level security;

drop policy if exists positioning_workspace on positioning;
create policy positioning_workspace on positioning using (workspace_id = current_workspace_id());
drop policy if exists message_architecture_workspace on message_architecture;
create policy message_architecture_workspace on message_architecture using (workspace_id = current_workspace_id());
drop policy if exists campaigns_workspace on campaigns;
create policy campaigns_workspace on campaigns using (workspace_id = current_workspace_id());
drop policy if exists campaign_quests_workspace on campaign_quests;
create policy campaign_quests_workspace on campaign_quests using (workspace_id = current_workspace_id());
drop policy if exists campaign_cohorts_workspace on campaign_cohorts;
create policy campaign_cohorts_workspace on campaign_cohorts using (workspace_id = current_workspace_id());

create or replace function touch_updated_at() returns trigger language plpgsql as $$
begin
    new.updated_at := now();
    return new;
end
$$;

create or replace trigger positioning_touch before update on positioning
    for each row execute function touch_updated_at();
create or replace trigger campaigns_touch before update on campaigns
    for each row execute function touch_updated_at();
