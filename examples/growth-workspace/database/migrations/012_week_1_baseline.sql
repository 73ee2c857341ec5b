-- Week 1: the 43 tables that week 2 builds on. Every table belongs to a workspace, by itself or by its parent.

create table users (
    id uuid primary key default gen_random_uuid(),
    email text not null unique,
    name text,
    created_at timestamptz not null default now()
);

create table workspaces (
    id uuid primary key default gen_random_uuid(),
    owner_id uuid not null references users (id),
    name text not null,
    created_at timestamptz not null default now()
);

-- The workspace that the application has set for this connection.
create function current_workspace_id() returns uuid language sql stable as $$
    select nullif(current_setting('app.workspace_id', true), '')::uuid
$$;

create table workspace_members (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    user_id uuid not null,
    role text not null default 'member' check (role in ('owner', 'admin', 'member')),
    joined_at timestamptz not null default now()
);
create index idx_workspace_members_user_id on workspace_members (user_id);
alter table workspace_members enable row level security;
create policy workspace_members_workspace on workspace_members using (workspace_id = current_workspace_id());

create table workspace_invitations (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    email text not null,
    token text not null unique,
    expires_at timestamptz not null,
    accepted_at timestamptz
);
create index idx_workspace_invitations_email on workspace_invitations (email);
alter table workspace_invitations enable row level security;
create policy workspace_invitations_workspace on workspace_invitations using (workspace_id = current_workspace_id());

create table workspace_settings (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    settings jsonb not null default '{}',
    updated_at timestamptz not null default now()
);
alter table workspace_settings enable row level security;
create policy workspace_settings_workspace on workspace_settings using (workspace_id = current_workspace_id());

create table subscriptions (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    plan text not null,
    status text not null check (status in ('trial', 'active', 'past_due', 'cancelled')),
    renews_at timestamptz
);
create index idx_subscriptions_status on subscriptions (status);
alter table subscriptions enable row level security;
create policy subscriptions_workspace on subscriptions using (workspace_id = current_workspace_id());

create table invoices (
    id uuid primary key default gen_random_uuid(),
    subscription_id uuid not null references subscriptions (id) on delete cascade,
    amount_cents integer not null check (amount_cents >= 0),
    issued_at timestamptz not null default now(),
    paid_at timestamptz
);
create index idx_invoices_issued_at on invoices (issued_at);

create table api_keys (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    name text not null,
    key_hash text not null unique,
    last_used_at timestamptz
);
alter table api_keys enable row level security;
create policy api_keys_workspace on api_keys using (workspace_id = current_workspace_id());

create table audit_log (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    actor_id uuid,
    action text not null,
    subject text,
    at timestamptz not null default now()
);
create index idx_audit_log_at on audit_log (at);

create table files (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    path text not null,
    size_bytes bigint not null,
    uploaded_by uuid
);

create table cohorts (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    name text not null,
    description text,
    size integer not null default 0,
    created_at timestamptz not null default now()
);
create index idx_cohorts_name on cohorts (name);
alter table cohorts enable row level security;
create policy cohorts_workspace on cohorts using (workspace_id = current_workspace_id());

create table cohort_members (
    id uuid primary key default gen_random_uuid(),
    cohort_id uuid not null references cohorts (id) on delete cascade,
    contact_email text not null,
    added_at timestamptz not null default now()
);
create index idx_cohort_members_contact_email on cohort_members (contact_email);

create table cohort_insights (
    id uuid primary key default gen_random_uuid(),
    cohort_id uuid not null references cohorts (id) on delete cascade,
    insight text not null,
    confidence numeric(4, 3) check (confidence between 0 and 1)
);

create table personas (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    name text not null,
    traits jsonb not null default '{}'
);
alter table personas enable row level security;
create policy personas_workspace on personas using (workspace_id = current_workspace_id());

create table competitors (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    name text not null,
    website text
);
create index idx_competitors_name on competitors (name);
alter table competitors enable row level security;
create policy competitors_workspace on competitors using (workspace_id = current_workspace_id());

create table competitor_changes (
    id uuid primary key default gen_random_uuid(),
    competitor_id uuid not null references competitors (id) on delete cascade,
    what text not null,
    seen_at timestamptz not null default now()
);
create index idx_competitor_changes_seen_at on competitor_changes (seen_at);

create table brand_voices (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    name text not null,
    tone text[] not null default '{}'
);
alter table brand_voices enable row level security;
create policy brand_voices_workspace on brand_voices using (workspace_id = current_workspace_id());

create table content_pieces (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    title text not null,
    body text,
    status text not null default 'draft' check (status in ('draft', 'review', 'published')),
    published_at timestamptz
);
create index idx_content_pieces_status on content_pieces (status);
alter table content_pieces enable row level security;
create policy content_pieces_workspace on content_pieces using (workspace_id = current_workspace_id());

create table content_versions (
    id uuid primary key default gen_random_uuid(),
    content_piece_id uuid not null references content_pieces (id) on delete cascade,
    number integer not null,
    body text not null
);
create index idx_content_versions_number on content_versions (number);

create table content_comments (
    id uuid primary key default gen_random_uuid(),
    content_piece_id uuid not null references content_pieces (id) on delete cascade,
    author_id uuid,
    body text not null,
    at timestamptz not null default now()
);

create table content_schedules (
    id uuid primary key default gen_random_uuid(),
    content_piece_id uuid not null references content_pieces (id) on delete cascade,
    publish_at timestamptz not null,
    done boolean not null default false
);
create index idx_content_schedules_publish_at on content_schedules (publish_at);

create table channels (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    kind text not null,
    name text not null
);
alter table channels enable row level security;
create policy channels_workspace on channels using (workspace_id = current_workspace_id());

create table channel_accounts (
    id uuid primary key default gen_random_uuid(),
    channel_id uuid not null references channels (id) on delete cascade,
    handle text not null,
    connected_at timestamptz not null default now()
);

create table moves (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    title text not null,
    status text not null default 'planned' check (status in ('planned', 'running', 'done', 'dropped')),
    cohort_id uuid,
    owner_id uuid,
    started_at timestamptz,
    finished_at timestamptz
);
create index idx_moves_status on moves (status);
create index idx_moves_cohort_id on moves (cohort_id);
alter table moves enable row level security;
create policy moves_workspace on moves using (workspace_id = current_workspace_id());

create table move_steps (
    id uuid primary key default gen_random_uuid(),
    move_id uuid not null references moves (id) on delete cascade,
    position integer not null,
    title text not null,
    done boolean not null default false
);
create index idx_move_steps_position on move_steps (position);

create table move_results (
    id uuid primary key default gen_random_uuid(),
    move_id uuid not null references moves (id) on delete cascade,
    succeeded boolean not null,
    score numeric(5, 2),
    notes text,
    at timestamptz not null default now()
);
create index idx_move_results_at on move_results (at);

create table quests (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    title text not null,
    points integer not null default 0 check (points >= 0)
);
alter table quests enable row level security;
create policy quests_workspace on quests using (workspace_id = current_workspace_id());

create table quest_steps (
    id uuid primary key default gen_random_uuid(),
    quest_id uuid not null references quests (id) on delete cascade,
    position integer not null,
    title text not null
);

create table quest_progress (
    id uuid primary key default gen_random_uuid(),
    quest_id uuid not null references quests (id) on delete cascade,
    user_id uuid not null,
    completed_at timestamptz
);
create index idx_quest_progress_user_id on quest_progress (user_id);

create table experiments (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    hypothesis text not null,
    status text not null default 'draft'
);
create index idx_experiments_status on experiments (status);
alter table experiments enable row level security;
create policy experiments_workspace on experiments using (workspace_id = current_workspace_id());

create table experiment_variants (
    id uuid primary key default gen_random_uuid(),
    experiment_id uuid not null references experiments (id) on delete cascade,
    name text not null,
    weight integer not null default 1 check (weight > 0)
);

create table experiment_results (
    id uuid primary key default gen_random_uuid(),
    variant_id uuid not null references experiment_variants (id) on delete cascade,
    metric text not null,
    value numeric not null
);

create table metrics (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    name text not null,
    unit text
);
create index idx_metrics_name on metrics (name);
alter table metrics enable row level security;
create policy metrics_workspace on metrics using (workspace_id = current_workspace_id());

create table metric_values (
    id uuid primary key default gen_random_uuid(),
    metric_id uuid not null references metrics (id) on delete cascade,
    at timestamptz not null,
    value numeric not null
);
create index idx_metric_values_at on metric_values (at);

create table dashboards (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    name text not null,
    layout jsonb not null default '[]'
);
alter table dashboards enable row level security;
create policy dashboards_workspace on dashboards using (workspace_id = current_workspace_id());

create table dashboard_widgets (
    id uuid primary key default gen_random_uuid(),
    dashboard_id uuid not null references dashboards (id) on delete cascade,
    kind text not null,
    position integer not null default 0
);

create table integrations (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    provider text not null,
    status text not null default 'connected'
);
create index idx_integrations_provider on integrations (provider);
alter table integrations enable row level security;
create policy integrations_workspace on integrations using (workspace_id = current_workspace_id());

create table integration_runs (
    id uuid primary key default gen_random_uuid(),
    integration_id uuid not null references integrations (id) on delete cascade,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    error text
);
create index idx_integration_runs_started_at on integration_runs (started_at);

create table webhooks (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    url text not null,
    secret text not null
);
alter table webhooks enable row level security;
create policy webhooks_workspace on webhooks using (workspace_id = current_workspace_id());

create table webhook_deliveries (
    id uuid primary key default gen_random_uuid(),
    webhook_id uuid not null references webhooks (id) on delete cascade,
    status_code integer,
    sent_at timestamptz not null default now()
);
create index idx_webhook_deliveries_sent_at on webhook_deliveries (sent_at);

create table tags (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    name text not null
);

create table taggings (
    id uuid primary key default gen_random_uuid(),
    tag_id uuid not null references tags (id) on delete cascade,
    subject_id uuid not null,
    subject_kind text not null
);
create index idx_taggings_subject_id on taggings (subject_id);

create table onboarding_sessions (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    step text not null,
    data jsonb not null default '{}',
    finished_at timestamptz
);
