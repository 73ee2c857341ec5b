create table public.user_profiles (
    id uuid primary key,
    full_name text,
    role text not null default 'editor' check (role in ('editor', 'reviewer', 'admin')),
    created_at timestamptz not null default now()
);

alter table public.user_profiles enable row level security;
create policy "own profile" on public.user_profiles using (id = auth.uid());
