-- Week 2, 017: alerts of the system, and what users are told.

create table if not exists system_alerts (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    agent_id uuid references agent_registry (id) on delete set null,
    acknowledged_by uuid references users (id) on delete set null,
    severity text not null check (severity in ('info', 'warning', 'critical')),
    status text not null default 'open' check (status in ('open', 'acknowledged', 'resolved')),
    title text not null,
    created_at timestamptz not null default now(),
    acknowledged_at timestamptz
);

create table if not exists user_notifications (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    alert_id uuid references system_alerts (id) on delete cascade,
    kind text not null default 'alert',
    title text not null,
    created_at timestamptz not null default now(),
    read_at timestamptz
);

create index if not exists idx_system_alerts_workspace on system_alerts (workspace_id);
create index if not exists idx_system_alerts_severity on system_alerts (severity);
create index if not exists idx_system_alerts_status on system_alerts (status);
create index if not exists idx_system_alerts_created_at on system_alerts (created_at desc);
create index if not exists idx_system_alerts_agent on system_alerts (agent_id);
create index if not exists idx_system_alerts_acknowledged_by on system_alerts (acknowledged_by);
create index if not exists idx_user_notifications_workspace on user_notifications (workspace_id);
create index if not exists idx_user_notifications_user on user_notifications (user_id);
create index if not exists idx_user_notifications_alert on user_notifications (alert_id);
create index if not exists idx_user_notifications_kind on user_notifications (kind);
create index if not exists idx_user_notifications_created_at on user_notifications (created_at desc);
create index if not exists idx_user_notifications_unread on user_notifications (user_id) where read_at is null;

alter table system_alerts enable row level security;
alter table user_notifications enable row level security;

drop policy if exists system_alerts_read on system_alerts;
create policy system_alerts_read on system_alerts for select using (workspace_id = current_workspace_id());
drop policy if exists system_alerts_update on system_alerts;
create policy system_alerts_update on system_alerts for update using (workspace_id = current_workspace_id());
drop policy if exists user_notifications_read on user_notifications;
create policy user_notifications_read on user_notifications for select using (workspace_id = current_workspace_id());
drop policy if exists user_notifications_update on user_notifications;
create policy user_notifications_update on user_notifications for update using (workspace_id = current_workspace_id());

create or replace function create_system_alert(p_workspace_id uuid, p_severity text, p_title text, p_agent_id uuid default null)
returns uuid
language sql as $$
    insert into system_alerts (workspace_id, severity, title, agent_id)
    values (p_workspace_id, p_severity, p_title, p_agent_id)
    returning id
$$;

create or replace function send_user_notification(p_user_id uuid, p_alert_id uuid) returns uuid
language sql as $$
    insert into user_notifications (workspace_id, user_id, alert_id, title)
    select a.workspace_id, p_user_id, a.id, a.title from system_alerts a where a.id = p_alert_id
    returning id
$$;

create or replace function acknowledge_alert(p_alert_id uuid, p_user_id uuid) returns boolean
language plpgsql as $$
begin
    update system_alerts a
    set status = 'acknowledged', acknowledged_by = p_user_id, acknowledged_at = now()
    where a.id = p_alert_id and a.status = 'open';
    return found;
end
$$;

create or replace function mark_notification_as_read(p_notification_id uuid) returns boolean
language plpgsql as $$
begin
    update user_notifications n set read_at = now() where n.id = p_notification_id and n.read_at is null;
    return found;
end
$$;

create or replace function get_user_unread_notifications(p_user_id uuid)
returns table (notification_id uuid, notification_title text, sent_at timestamptz)
language sql stable as $$
    select n.id, n.title, n.created_at
    from user_notifications n
    where n.user_id = p_user_id and n.read_at is null
    order by n.created_at desc
$$;
