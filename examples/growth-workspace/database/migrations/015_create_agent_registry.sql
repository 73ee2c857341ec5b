-- Week 2, 015: the agents of a workspace, what they can do, what they are given, and how they do it.

create table if not exists agent_registry (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    created_by uuid references users (id) on delete set null,
    name text not null,
    kind text not null,
    status text not null default 'idle' check (status in ('idle', 'busy', 'failed', 'retired')),
    executions integer not null default 0,
    last_seen_at timestamptz
);

create table if not exists agent_capabilities (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    agent_id uuid not null references agent_registry (id) on delete cascade,
    name text not null,
    proficiency numeric(3, 2) not null default 0.5 check (proficiency between 0 and 1)
);

create table if not exists agent_assignments (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    agent_id uuid not null references agent_registry (id) on delete cascade,
    campaign_id uuid references campaigns (id) on delete cascade,
    assigned_by uuid references users (id) on delete set null,
    status text not null default 'open' check (status in ('open', 'running', 'done', 'failed')),
    assigned_at timestamptz not null default now()
);

create table if not exists agent_performance (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    agent_id uuid not null references agent_registry (id) on delete cascade,
    assignment_id uuid references agent_assignments (id) on delete set null,
    succeeded boolean not null,
    duration_ms integer not null check (duration_ms >= 0),
    cost_cents integer not null default 0,
    recorded_at timestamptz not null default now()
);

create index if not exists idx_agent_registry_workspace on agent_registry (workspace_id);
create index if not exists idx_agent_registry_kind on agent_registry (kind);
create index if not exists idx_agent_registry_status on agent_registry (status);
create index if not exists idx_agent_registry_last_seen_at on agent_registry (last_seen_at);
create index if not exists idx_agent_capabilities_workspace on agent_capabilities (workspace_id);
create index if not exists idx_agent_capabilities_agent on agent_capabilities (agent_id);
create index if not exists idx_agent_capabilities_name on agent_capabilities (name);
create index if not exists idx_agent_assignments_workspace on agent_assignments (workspace_id);
create index if not exists idx_agent_assignments_agent on agent_assignments (agent_id);
create index if not exists idx_agent_assignments_campaign on agent_assignments (campaign_id);
create index if not exists idx_agent_assignments_status on agent_assignments (status);
create index if not exists idx_agent_performance_workspace on agent_performance (workspace_id);
create index if not exists idx_agent_performance_agent on agent_performance (agent_id);
create index if not exists idx_agent_performance_assignment on agent_performance (assignment_id);
create index if not exists idx_agent_performance_recorded_at on agent_performance (recorded_at desc);

alter table agent_registry enable row level security;
alter table agent_capabilities enable row level security;
alter table agent_assignments enable row level security;
alter table agent_performance enable row level security;

drop policy if exists agent_registry_workspace on agent_registry;
create policy agent_registry_workspace on agent_registry using (workspace_id = current_workspace_id());
drop policy if exists agent_capabilities_workspace on agent_capabilities;
create policy agent_capabilities_workspace on agent_capabilities using (workspace_id = current_workspace_id());
drop policy if exists agent_assignments_workspace on agent_assignments;
create policy agent_assignments_workspace on agent_assignments using (workspace_id = current_workspace_id());
drop policy if exists agent_performance_workspace on agent_performance;
create policy agent_performance_workspace on agent_performance using (true);

create or replace function record_agent_execution(
    p_agent_id uuid, p_assignment_id uuid, p_succeeded boolean, p_duration_ms integer, p_cost_cents integer default 0
) returns uuid
language plpgsql as $$
declare
    v_workspace_id uuid;
    v_id uuid;
begin
    update agent_registry a
    set executions = a.executions + 1,
        status = case when p_succeeded then 'idle' else 'failed' end,
        last_seen_at = now()
    where a.id = p_agent_id
    returning a.workspace_id into strict v_workspace_id;
    insert into agent_performance (workspace_id, agent_id, assignment_id, succeeded, duration_ms, cost_cents)
    values (v_workspace_id, p_agent_id, p_assignment_id, p_succeeded, p_duration_ms, p_cost_cents)
    returning id into v_id;
    return v_id;
end
$$;
