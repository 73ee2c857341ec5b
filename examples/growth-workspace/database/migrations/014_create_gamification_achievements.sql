-- Week 2, 014: achievements, who has them, and what a user has done.

create table if not exists achievements (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    code text not null,
    title text not null,
    points integer not null default 10 check (points > 0),
    is_active boolean not null default true
);

create table if not exists user_achievements (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    achievement_id uuid not null references achievements (id) on delete cascade,
    unlocked_at timestamptz not null default now(),
    unique (user_id, achievement_id)
);

create table if not exists user_stats (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references workspaces (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    experience integer not null default 0 check (experience >= 0),
    level text not null default 'novice' check (level in ('novice', 'practitioner', 'expert')),
    moves_done integer not null default 0,
    unique (workspace_id, user_id)
);

create index if not exists idx_achievements_workspace on achievements (workspace_id);
create index if not exists idx_achievements_code on achievements (code);
create index if not exists idx_achievements_active on achievements (workspace_id) where is_active;
create index if not exists idx_user_achievements_workspace on user_achievements (workspace_id);
create index if not exists idx_user_achievements_user on user_achievements (user_id);
create index if not exists idx_user_achievements_achievement on user_achievements (achievement_id);
create index if not exists idx_user_achievements_unlocked_at on user_achievements (unlocked_at desc);
create index if not exists idx_user_stats_workspace on user_stats (workspace_id);
create index if not exists idx_user_stats_user on user_stats (user_id);
create index if not exists idx_user_stats_experience on user_stats (workspace_id, experience desc);

alter table achievements enable row level security;
alter table user_achievements enable row level security;
alter table user_stats enable row level security;

drop policy if exists achievements_read on achievements;
create policy achievements_read on achievements for select using (workspace_id = current_workspace_id());
drop policy if exists achievements_write on achievements;
create policy achievements_write on achievements for insert with check (workspace_id = current_workspace_id());
drop policy if exists user_achievements_read on user_achievements;
create policy user_achievements_read on user_achievements for select using (workspace_id = current_workspace_id());
drop policy if exists user_achievements_write on user_achievements;
create policy user_achievements_write on user_achievements for insert with check (workspace_id = current_workspace_id());
drop policy if exists user_stats_workspace on user_stats;
create policy user_stats_workspace on user_stats using (workspace_id = current_workspace_id());

-- The share of a workspace's finished moves that succeeded, in percent; null without any.
create or replace function calculate_move_success_rate(p_workspace_id uuid) returns numeric
language sql stable as $$
    select round(100.0 * count(*) filter (where r.succeeded) / nullif(count(*), 0), 1)
    from moves m
    join move_results r on r.move_id = m.id
    where m.workspace_id = p_workspace_id
$$;

create or replace function update_experience_level(p_workspace_id uuid, p_user_id uuid) returns text
language plpgsql as $$
declare
    v_level text;
begin
    update user_stats s
    set level = case when s.experience >= 1000 then 'expert' when s.experience >= 200 then 'practitioner' else 'novice' end
    where s.workspace_id = p_workspace_id and s.user_id = p_user_id
    returning s.level into v_level;
    return v_level;
end
$$;

create or replace function unlock_achievement(p_user_id uuid, p_achievement_id uuid) returns boolean
language plpgsql as $$
declare
    v_achievement achievements%rowtype;
begin
    select * into v_achievement from achievements a where a.id = p_achievement_id and a.is_active;
    if not found then
        raise exception 'there is no active achievement %', p_achievement_id;
    end if;
    insert into user_achievements (workspace_id, user_id, achievement_id)
    values (v_achievement.workspace_id, p_user_id, p_achievement_id)
    on conflict (user_id, achievement_id) do nothing;
    if not found then
        return false;
    end if;
    insert into user_stats (workspace_id, user_id, experience)
    values (v_achievement.workspace_id, p_user_id, v_achievement.points)
    on conflict (workspace_id, user_id) do update set experience = user_stats.experience + excluded.experience;
    perform update_experience_level(v_achievement.workspace_id, p_user_id);
    return true;
end
$$;
